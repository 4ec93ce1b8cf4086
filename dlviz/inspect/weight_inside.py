"""One number of a weight in a recorded update, in plain numbers: its uses, the chain to the loss, the optimizer's step.

Module and tensors stay here; what is followed comes from `probes.chain` and `probes.uses`.
"""
from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from torch import nn

from dlviz import layers
from dlviz.optimizers import Optimizer
from dlviz.optimizers.arithmetic import OptimizerStep
from dlviz.probes import chain, uses
from dlviz.probes.chain import Link, RemainderLink, WeightGradient
from dlviz.probes.update import ParameterUpdate, Update

Place = tuple[int, ...]


@dataclass(frozen=True)
class WeightUses:
    """Every use of one number of a weight in the batch; their products add up to its gradient.

    Attributes:
        form: the arithmetic of the layer that has the weight.
        delta: dL/dz of the unit that the weight feeds, float32 `(B, *places)`; places are time steps or pixels.
        carried: the number that the weight was multiplied with, same shape.
    """

    form: str
    delta: np.ndarray
    carried: np.ndarray

    @cached_property
    def products(self) -> np.ndarray:
        """What each use gives to the gradient, float32 `(B, *places)`."""
        return self.delta * self.carried

    @property
    def gradient(self) -> float:
        """dL/dw of the number: the sum of all products, in float64."""
        return float(self.products.sum(dtype=np.float64))

    def largest(self, sample: int | None) -> tuple[int, Place]:
        """The use with the largest product, of all samples or of one: sample and place."""
        products = np.abs(self.products) if sample is None else np.abs(self.products[sample:sample + 1])
        first, *place = (int(at) for at in np.unravel_index(int(products.argmax()), products.shape))
        return first if sample is None else sample, tuple(place)


@dataclass(frozen=True)
class NumberUpdate:
    """The optimizer's step of one number: before, after, the gradient as it was, and as it was given, its lines."""

    before: float
    after: float
    gradient: float
    clipped: float
    step: OptimizerStep
    fresh: bool  # the optimizer remembers nothing of it yet


class WeightInside:
    """A weight of a layer in a recorded update.

    Attributes:
        form, axes: the arithmetic of its layer, and what that layer calls the weight's axes.
        inner: whether the weight works inside its layer, where no formula can be written for it.
        gradient: of the loss, float32 of the weight's shape.
    """

    def __init__(self, update: Update, wiring: chain.Wiring, name: str, parameter: str, moved: ParameterUpdate) -> None:
        module: nn.Module = wiring.modules[name]
        self._update, self._wiring, self._module, self._moved = update, wiring, module, moved
        self._name, self._parameter = name, parameter
        self.form, self.axes = layers.of(module).arithmetic, layers.of(module).weight_axes
        self.inner, self.gradient = uses.inner(module, parameter), moved.gradient.numpy()

    def uses(self, index: Place) -> WeightUses:
        """Every use of the number at `index` of the weight."""
        found: WeightGradient = uses.shares(self._update, self._module, self._name, self._parameter, index)
        return WeightUses(self.form, found.delta.detach().numpy(), found.carried.detach().numpy())

    def links(self, index: Place, found: WeightUses, sample: int, place: Place) -> list[Link]:
        """The derivatives from the unit that the weight feeds to the loss."""
        if self.inner:
            return [RemainderLink((self._name,), float(found.delta[(sample, *place)]))]
        return chain.trace(self._update, self._wiring, self._name, sample, self._unit(index, place))

    def _unit(self, index: Place, place: Place) -> Place:
        """Where in the layer's output the unit stands that the weight feeds at `place`."""
        if self.form == "linear":
            return (*place, index[0])
        return (index[0], *place) if self.form == "sliding" else place

    def updated(self, index: Place, optimizer: Optimizer) -> NumberUpdate:
        """The optimizer's step of the number at `index`, with its arithmetic line by line."""
        moved = self._moved
        state = {key: float(value if value.ndim == 0 else value[index]) for key, value in moved.state.items()}
        before, clipped = float(moved.before[index]), float(moved.clipped[index])
        return NumberUpdate(before, float(moved.after[index]), float(moved.gradient[index]), clipped,
                            optimizer.arithmetic(before, clipped, self._update.group, state), not any(state.values()))
