"""Looks into recurrent layers: states and gates step by step, worked out anew from the layer's own weights.

torch's fused cells do not tell their gates; these formulas are held to torch's outputs in a test.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn


@dataclass(frozen=True)
class Reading:
    """One direction of one layer of a recurrent module over one sample; every array is `(T, H)`, in input order.

    Attributes:
        hidden: the state after each step.
        gates: by name: `input`, `forget`, `output`, `candidate`, `cell` (LSTM); `reset`, `update`, `new` (GRU).
    """

    hidden: np.ndarray
    gates: dict[str, np.ndarray]


@torch.no_grad()
def read(module: nn.RNNBase, x: torch.Tensor) -> dict[str, Reading]:
    """Every layer and direction of the module over one sample `(T, D)`: 'layer 1', 'layer 1, backwards', ..."""
    readings = {}
    for layer in range(module.num_layers):
        parts = []
        for backwards in (False, True)[: 1 + module.bidirectional]:
            reading = _run(module, layer, backwards, x)
            readings[f"layer {layer + 1}" + ", backwards" * backwards] = reading
            parts.append(torch.from_numpy(reading.hidden))
        x = torch.cat(parts, dim=-1)
    return readings


def _run(module: nn.RNNBase, layer: int, backwards: bool, x: torch.Tensor) -> Reading:
    suffix = f"_l{layer}" + "_reverse" * backwards
    weights = {name: getattr(module, name + suffix).cpu() for name in ("weight_ih", "weight_hh")}
    biases = {name: getattr(module, name + suffix).cpu() if module.bias else torch.zeros(1)
              for name in ("bias_ih", "bias_hh")}
    step = CELLS[module.mode]
    hidden = cell = torch.zeros(module.hidden_size)
    rows: list[dict[str, torch.Tensor]] = []
    for value in (x.flip(0) if backwards else x).cpu():
        entering = weights["weight_ih"] @ value + biases["bias_ih"]
        recurrent = weights["weight_hh"] @ hidden + biases["bias_hh"]
        hidden, cell, gates = step(entering, recurrent, hidden, cell)
        rows.append({"hidden": hidden, **gates})
    if backwards:
        rows.reverse()
    columns = {name: torch.stack([row[name] for row in rows]).numpy() for name in rows[0]}
    return Reading(columns.pop("hidden"), columns)


Cell = Callable[..., tuple[torch.Tensor, torch.Tensor, dict[str, torch.Tensor]]]


def _lstm(entering: torch.Tensor, recurrent: torch.Tensor, hidden: torch.Tensor, cell: torch.Tensor):
    into, forget, candidate, output = (entering + recurrent).chunk(4)  # torch's order of the rows
    into, forget, output, candidate = into.sigmoid(), forget.sigmoid(), output.sigmoid(), candidate.tanh()
    cell = forget * cell + into * candidate
    return output * cell.tanh(), cell, {"input": into, "forget": forget, "output": output, "candidate": candidate,
                                        "cell": cell}


def _gru(entering: torch.Tensor, recurrent: torch.Tensor, hidden: torch.Tensor, cell: torch.Tensor):
    reset_in, update_in, new_in = entering.chunk(3)
    reset_rec, update_rec, new_rec = recurrent.chunk(3)
    reset, update = (reset_in + reset_rec).sigmoid(), (update_in + update_rec).sigmoid()
    new = (new_in + reset * new_rec).tanh()
    return (1 - update) * new + update * hidden, cell, {"reset": reset, "update": update, "new": new}


def _tanh(entering: torch.Tensor, recurrent: torch.Tensor, hidden: torch.Tensor, cell: torch.Tensor):
    return (entering + recurrent).tanh(), cell, {}


def _relu(entering: torch.Tensor, recurrent: torch.Tensor, hidden: torch.Tensor, cell: torch.Tensor):
    return (entering + recurrent).relu(), cell, {}


CELLS: dict[str, Cell] = {"LSTM": _lstm, "GRU": _gru, "RNN_TANH": _tanh, "RNN_RELU": _relu}


@dataclass(frozen=True)
class Tracing:
    """A unit whose state follows something known, and how closely: Pearson's correlation, -1 to 1."""

    unit: int
    correlation: float


def tracing_unit(hidden: np.ndarray, values: np.ndarray) -> Tracing:
    """The unit whose state over time `(T, H)` follows `values` `(T,)` most closely, in either direction."""
    centred = hidden - hidden.mean(0)
    wanted = values - values.mean()
    size = np.sqrt((centred ** 2).sum(0) * (wanted ** 2).sum())
    found = np.divide(centred.T @ wanted, size, out=np.zeros(hidden.shape[1]), where=size > 1e-12)
    unit = int(np.abs(found).argmax())
    return Tracing(unit, float(found[unit]))


def units_on_only_here(hidden: np.ndarray, start: int, stop: int, threshold: float) -> list[int]:
    """Units above `threshold` at every step of `start:stop` and at no step outside it (after LSTMVis, 2016)."""
    inside = np.zeros(len(hidden), bool)
    inside[start:stop] = True
    on = hidden > threshold
    return np.flatnonzero(on[inside].all(0) & ~on[~inside].any(0)).tolist()


def gradient_through_time(network: nn.Module, layer: nn.Module, inputs: tuple[torch.Tensor, ...],
                          loss: Callable[[torch.Tensor], torch.Tensor]) -> np.ndarray:
    """Size of the loss's gradient at each time step of what goes into `layer`, `(T,)`: how far back learning reaches.

    `inputs` are one batch; the norm is over samples and features.
    """
    seen: list[torch.Tensor] = []

    def keep(module: nn.Module, entering: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
        first = entering[0].detach().requires_grad_()
        seen.append(first)
        return (first, *entering[1:])

    handle = layer.register_forward_pre_hook(keep)
    try:
        [gradient] = torch.autograd.grad(loss(network(*inputs)), seen)
    finally:
        handle.remove()
    return gradient.pow(2).sum((0, 2)).sqrt().cpu().numpy()
