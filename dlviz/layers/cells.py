"""The cells of recurrent layers in numbers: what torch's fused ones do in one step, with the gates in sight.

Held to torch's outputs in a test. Knows no layer.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch

Gates = dict[str, torch.Tensor]
Step = Callable[[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor], tuple[torch.Tensor, torch.Tensor, Gates]]


@dataclass(frozen=True)
class Cell:
    """One kind of cell.

    Attributes:
        step: from what enters, what recurs (the sums before the gates, in torch's order of rows), the hidden and the
            cell state: the new hidden state, the new cell state, and the gates by name.
        rows: how many sums each unit has.
        sigmoids: which of them a sigmoid squeezes.
        squeezed: what is stuck where the slope of its function is nearly zero; None where nothing is.
    """

    step: Step
    rows: int = 1
    sigmoids: tuple[int, ...] = ()
    squeezed: Literal["gates", "state"] | None = None


def _lstm(entering: torch.Tensor, recurrent: torch.Tensor, hidden: torch.Tensor,
          cell: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, Gates]:
    into, forget, candidate, output = (entering + recurrent).chunk(4)  # torch's order of the rows
    into, forget, output, candidate = into.sigmoid(), forget.sigmoid(), output.sigmoid(), candidate.tanh()
    cell = forget * cell + into * candidate
    return output * cell.tanh(), cell, {"input": into, "forget": forget, "output": output, "candidate": candidate,
                                        "cell": cell}


def _gru(entering: torch.Tensor, recurrent: torch.Tensor, hidden: torch.Tensor,
         cell: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, Gates]:
    reset_in, update_in, new_in = entering.chunk(3)
    reset_rec, update_rec, new_rec = recurrent.chunk(3)
    reset, update = (reset_in + reset_rec).sigmoid(), (update_in + update_rec).sigmoid()
    new = (new_in + reset * new_rec).tanh()
    return (1 - update) * new + update * hidden, cell, {"reset": reset, "update": update, "new": new}


def _tanh(entering: torch.Tensor, recurrent: torch.Tensor, hidden: torch.Tensor,
          cell: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, Gates]:
    return (entering + recurrent).tanh(), cell, {}


def _relu(entering: torch.Tensor, recurrent: torch.Tensor, hidden: torch.Tensor,
          cell: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, Gates]:
    return (entering + recurrent).relu(), cell, {}


LSTM_CELL = Cell(_lstm, 4, (0, 1, 3), "gates")
GRU_CELL = Cell(_gru, 3, (0, 1), "gates")
TANH_CELL = Cell(_tanh, squeezed="state")
RELU_CELL = Cell(_relu)
