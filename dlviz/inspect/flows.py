"""What flows through a recorded update, in plain numbers: outputs, gradients, how far the weights move."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dlviz.probes.update import LayerRecord, ParameterUpdate, norm


@dataclass(frozen=True)
class LayerFlow:
    """What comes out of a layer and what gradient comes back, float32 `(B, ...)`."""

    output: np.ndarray
    gradient: np.ndarray


@dataclass(frozen=True)
class Movement:
    """How some parameters take part in an update, all of them seen as one arrow.

    Attributes:
        count: how many numbers they have.
        before, gradient, clipped, moved: the arrow's length: weights, gradient before and after the clip, the step.
        largest: the largest number of the gradient in size; `beyond` says how many are above a line.
        sizes: the size of each number of the gradient, float32 `(count,)`.
    """

    count: int
    before: float
    gradient: float
    clipped: float
    moved: float
    largest: float
    sizes: np.ndarray

    def beyond(self, line: float) -> int:
        """How many numbers of the gradient are larger in size than `line`."""
        return int((self.sizes > line).sum())


def flow(record: LayerRecord) -> LayerFlow:
    """What a recorded layer `(B, ...)` gave and got back, as NumPy arrays of the same shape."""
    return LayerFlow(record.output.float().numpy(), record.gradient.numpy())


def movement(parameters: Sequence[ParameterUpdate]) -> Movement:
    """The parameters of an update, each of a shape of its own, laid end to end; zeros where there are none."""
    sizes = np.concatenate([np.zeros(0, np.float32), *(np.abs(m.gradient.numpy()).ravel() for m in parameters)])
    return Movement(len(sizes), norm(m.before for m in parameters), norm(m.gradient for m in parameters),
                    norm(m.clipped for m in parameters), norm(m.after - m.before for m in parameters),
                    float(sizes.max(initial=0.0)), sizes)
