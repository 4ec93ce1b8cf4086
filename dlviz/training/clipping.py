"""Gradients kept below a line before each update, and a record of how often that was needed. Knows no loop."""
from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import nn

from dlviz.training.events import Clipped

RECORDS = 500  # of one run, about


class Clipping:
    """Called between backward and update; a run without clipping has none of these.

    Args:
        mode: `norm` shortens all gradients together to the line (Pascanu et al. 2013), `value` cuts each number.
        at: the line.
        every: steps that one record sums up.
    """

    def __init__(self, mode: str, at: float, parameters: Iterable[nn.Parameter], every: int):
        self._mode, self._at, self._every = mode, at, every
        self._parameters = list(parameters)
        self._norms: list[float] = []

    def __call__(self) -> None:
        if self._mode == "norm":
            before = nn.utils.clip_grad_norm_(self._parameters, self._at)
        else:
            gradients = [p.grad for p in self._parameters if p.grad is not None]
            before = torch.stack([gradient.abs().amax() for gradient in gradients]).amax()
            nn.utils.clip_grad_value_(self._parameters, self._at)
        self._norms.append(before.item())

    def record(self, step: int) -> Clipped | None:
        """What the last steps were like, where a record is due after this one."""
        if step % self._every or not self._norms:
            return None
        norms, self._norms = self._norms, []
        above = sum(size > self._at for size in norms)
        after = sum(min(size, self._at) for size in norms)
        return Clipped(step, sum(norms) / len(norms), max(norms), after / len(norms), above / len(norms))


def every(planned: int) -> int:
    """How many steps one record sums up, so that a run has about RECORDS."""
    return max(1, planned // RECORDS)
