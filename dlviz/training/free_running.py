"""What a network answers by itself, where it is taught by teacher forcing: each symbol that it names is fed back to it.

Its accuracy beside the teacher-forced one shows exposure bias, and betrays a network that copies. Knows no particular
task: where the answer stands, the signature says.
"""
from __future__ import annotations

import torch

from dlviz.network import Network
from dlviz.shapes import Signature
from dlviz.tasks import Split
from dlviz.training.events import FreeRunning
from dlviz.training.metrics import IGNORE, logits

POINTS = 8  # evaluations of a run, spread over its steps; each costs a pass of `SAMPLES` for each symbol at most
SAMPLES = 64  # of the validation split
AT_END = 200  # of validation at the last point, and of test


def point(step: int, before: int, planned: int) -> bool:
    """Whether the network is to answer by itself at the evaluation at `step`, the one before it being at `before`."""
    return step * POINTS // planned > before * POINTS // planned


def evaluate(network: Network, split: Split, device: torch.device, step: int, of: str = "val") -> FreeRunning:
    """Greedy answers to the first inputs of a split, and teacher-forced ones to the same."""
    signature = network.signature
    said = free_answers(network, split, device)
    forced = logits(network, split, device).argmax(-1)
    return FreeRunning(step, _accuracy(said, split.targets, signature),
                       _accuracy(forced, split.targets, signature), len(split), of)


@torch.no_grad()
def free_answers(network: Network, split: Split, device: torch.device) -> torch.Tensor:
    """The token that the network names at each row `(N, T)`, fed its own; -1 where it names none.

    Where only a whole answer counts, a sample is given up at its first mistake: no later symbol makes it right.
    """
    signature, forcing = network.signature, network.signature.forcing
    inputs = [x.to(device) for x in split.inputs]
    growing = inputs[_place(signature)].clone()
    inputs[_place(signature)] = growing
    start = forcing.first + forcing.given
    growing[:, start + 1:] = forcing.blank
    said, targets = torch.full_like(growing, -1), split.targets.to(device)
    going = torch.arange(len(growing), device=device)
    was_training = network.training
    network.eval()
    for row in range(start, targets.shape[1]):
        going = going[_open(said, targets, going, row, signature)]
        if not len(going):
            break
        said[going, row] = network(*(x[going] for x in inputs))[:, row].argmax(-1)
        growing[going, row + 1:row + 2] = said[going, row, None]
    network.train(was_training)
    return said.cpu()


def _open(said: torch.Tensor, targets: torch.Tensor, going: torch.Tensor, row: int,
          signature: Signature) -> torch.Tensor:
    """Which of those that still go on have more to say that counts, bool `(going,)`."""
    last, wanted = said[going, row - 1], targets[going, row - 1]
    over = last == signature.forcing.end if signature.forcing.end is not None else torch.zeros_like(last,
                                                                                                    dtype=torch.bool)
    if signature.whole:
        over |= (last >= 0) & (wanted != IGNORE) & (last != wanted)
    return ~over & (targets[going, row:] != IGNORE).any(-1)


def _place(signature: Signature) -> int:
    """Which of the inputs the answer stands in."""
    return [name for name, _ in signature.inputs].index(signature.forcing.input)


def _accuracy(said: torch.Tensor, targets: torch.Tensor, signature: Signature) -> float:
    """Share of whole answers, or the mean share of symbols, behind what is given; as `scoring.right` counts."""
    start = signature.forcing.first + signature.forcing.given
    said, targets = said[:, start:], targets[:, start:]
    judged = targets != IGNORE
    hits = (said == targets) & judged
    rows = judged.any(-1)
    if not rows.any():
        return float("nan")
    right = (hits | ~judged).all(-1).float() if signature.whole else hits.sum(-1) / judged.sum(-1).clamp(min=1)
    return right[rows].mean().item()
