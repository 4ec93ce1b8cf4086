"""What a network answers by itself, where it is taught by teacher forcing: each symbol that it names is fed back to it.

Its accuracy beside the teacher-forced one shows exposure bias, and betrays a network that copies. Knows no particular
task: where the answer stands, the signature says.
"""
from __future__ import annotations

from typing import Literal

import torch

from dlviz.network import Network
from dlviz.shapes import Signature
from dlviz.tasks import Split
from dlviz.training.events import FreeRunning
from dlviz.training.metrics import IGNORE, predict

EVALUATIONS = 8  # evaluations of a run, spread over its steps; each costs a pass of `SAMPLES` for each symbol at most
SAMPLES = 64  # of the validation split
FINAL_SAMPLES = 200  # of validation at the last point, and of test


def point(step: int, before: int, planned: int) -> bool:
    """Whether the network is to answer by itself at the evaluation at `step`, the one before it being at `before`."""
    return step * EVALUATIONS // planned > before * EVALUATIONS // planned


def evaluate(network: Network, split: Split, device: torch.device, step: int,
             of: Literal["val", "test"] = "val") -> FreeRunning:
    """Greedy answers to the first inputs of a split, and teacher-forced ones to the same."""
    signature = network.signature
    predictions = generate_freely(network, split, device)
    forced = predict(network, split, device).argmax(-1)
    return FreeRunning(step, _accuracy(predictions, split.targets, signature),
                       _accuracy(forced, split.targets, signature), len(split), of)


@torch.no_grad()
def generate_freely(network: Network, split: Split, device: torch.device) -> torch.Tensor:
    """The token that the network names at each row `(N, T)`, fed its own; -1 where it names none.

    Where only a whole answer counts, a sample is given up at its first mistake: no later symbol makes it correct.
    """
    signature, forcing = network.signature, network.signature.forcing
    inputs = [x.to(device) for x in split.inputs]
    tokens = inputs[_place(signature)].clone()
    inputs[_place(signature)] = tokens
    start = forcing.first_row + forcing.prompt_length
    tokens[:, start + 1:] = forcing.blank_token
    predictions, targets = torch.full_like(tokens, -1), split.targets.to(device)
    active = torch.arange(len(tokens), device=device)
    was_training = network.training
    network.eval()
    for row in range(start, targets.shape[1]):
        active = active[_still_active(predictions, targets, active, row, signature)]
        if not len(active):
            break
        predictions[active, row] = network(*(x[active] for x in inputs))[:, row].argmax(-1)
        tokens[active, row + 1:row + 2] = predictions[active, row, None]
    network.train(was_training)
    return predictions.cpu()


def _still_active(predictions: torch.Tensor, targets: torch.Tensor, active: torch.Tensor, row: int,
                  signature: Signature) -> torch.Tensor:
    """Which of those that still go on have more to say that counts, bool `(active,)`."""
    last, expected = predictions[active, row - 1], targets[active, row - 1]
    end = signature.forcing.end_token
    over = last == end if end is not None else torch.zeros_like(last, dtype=torch.bool)
    if signature.exact_match:
        over |= (last >= 0) & (expected != IGNORE) & (last != expected)
    return ~over & (targets[active, row:] != IGNORE).any(-1)


def _place(signature: Signature) -> int:
    """Which of the inputs the answer stands in."""
    return [name for name, _ in signature.inputs].index(signature.forcing.input)


def _accuracy(predictions: torch.Tensor, targets: torch.Tensor, signature: Signature) -> float:
    """Fraction of correct answers, or the mean fraction of correct symbols, behind the given ones."""
    start = signature.forcing.first_row + signature.forcing.prompt_length
    predictions, targets = predictions[:, start:], targets[:, start:]
    counted = targets != IGNORE
    matches = (predictions == targets) & counted
    rows = counted.any(-1)
    if not rows.any():
        return float("nan")
    if signature.exact_match:
        correct = (matches | ~counted).all(-1).float()
    else:
        correct = matches.sum(-1) / counted.sum(-1).clamp(min=1)
    return correct[rows].mean().item()
