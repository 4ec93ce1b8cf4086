"""The chain rule in real numbers: how one weight's gradient is made (Rumelhart, Hinton, Williams 1986).

Everywhere: gradient = sum over the batch of delta (the loss's derivative for the unit that the weight feeds)
times what the weight carried. Through Linear, activations and pooling a delta is followed up to the loss.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from dlviz import layers
from dlviz.probes.update import Update

IGNORE = -100  # a target that is not judged, as torch has it


@dataclass(frozen=True)
class WeightGradient:
    """Every use of one weight in the batch. Their products add up to its gradient.

    Attributes:
        delta: dL/dz of the unit that the weight feeds, `(B, *places)`; places are time steps or pixels.
        carried: the number that the weight was multiplied with, same shape.
    """

    delta: torch.Tensor
    carried: torch.Tensor

    @property
    def products(self) -> torch.Tensor:
        """What each use adds to the gradient, `(B, *places)`."""
        return self.delta * self.carried

    @property
    def gradient(self) -> float:
        """dL/dw: the sum of all products."""
        return float(self.products.double().sum())


@dataclass(frozen=True)
class LossLink:
    """A delta at the very end: what the loss says. `prediction` and `target` are p and y: probabilities, or numbers.

    `form`: `cross_entropy`, (p - y) / count; `mse`, 2 (p - y) / count; `ignored`, a step that does not count.
    """

    form: str
    unit: int
    prediction: float
    target: float
    count: int  # numbers that the loss is averaged over
    delta: float


@dataclass(frozen=True)
class WeightedSumLink:
    """A delta before a Linear: each unit behind it sends its own delta back through its weight.

    `deltas` and `weights` are of all units behind, `(K,)`; `strongest` is the one that sends most.
    """

    layer: str
    deltas: np.ndarray
    weights: np.ndarray
    strongest: int
    delta: float


@dataclass(frozen=True)
class ActivationLink:
    """A delta before an activation, dropout or pooling: what comes back times the slope at `z`."""

    layer: str
    z: float
    slope: float
    back: float
    delta: float


@dataclass(frozen=True)
class RemainderLink:
    """A delta that arrives through layers that are not written out here, as autograd measured it."""

    layers: tuple[str, ...]
    delta: float


Link = LossLink | WeightedSumLink | ActivationLink | RemainderLink


@dataclass(frozen=True)
class ChainPath:
    """One path from the loss to a weight, along the strongest sender at each layer; its part of one delta."""

    factors: tuple[tuple[str, float], ...]  # what each is, and its value
    count: int  # of all such paths of this sample

    @property
    def product(self) -> float:
        """All factors multiplied: what this path adds to the gradient."""
        value = 1.0
        for _, factor in self.factors:
            value *= factor
        return value


@dataclass(frozen=True)
class Wiring:
    """How the modules of an Update stand to each other: names in order, and who takes whose output."""

    modules: Mapping[str, nn.Module]
    takers: Mapping[str, Sequence[str]]
    last: str
    loss: str
    targets: torch.Tensor
    smoothing: float = 0.0  # fraction of the target that is spread over all classes (Szegedy et al. 2016)

    def count(self) -> int:
        """How many numbers (answers, or steps that are judged) the loss is averaged over."""
        return self.targets.numel() if self.loss == "mse" else int((self.targets != IGNORE).sum())


def shares(update: Update, module: nn.Module, name: str, index: Sequence[int]) -> WeightGradient:
    """Every use of the weight `index` of a Linear `(out, in)` or a Conv2d `(out, in, row, column)`.

    Both arrays are `(B,)` or `(B, T)` of a Linear, `(B, H', W')` of a Conv2d.
    """
    record = update.records[name]
    if layers.of(module).arithmetic == "linear":
        row, column = index
        return WeightGradient(record.gradient[..., row], record.inputs[0][..., column])
    return _conv_shares(record.inputs[0], record.gradient, cast(nn.Conv2d, module), index)


def _conv_shares(x: torch.Tensor, gradient: torch.Tensor, conv: nn.Conv2d, index: Sequence[int]) -> WeightGradient:
    out, channel, down, across = index
    source = out // (conv.out_channels // conv.groups) * (conv.in_channels // conv.groups) + channel
    (pad_down, pad_across), stride = cast(tuple[int, int], conv.padding), conv.stride
    padded = F.pad(x[:, source], (pad_across, pad_across, pad_down, pad_down))
    top, left = down * conv.dilation[0], across * conv.dilation[1]
    height, width = gradient.shape[-2:]
    carried = padded[:, top:top + stride[0] * height:stride[0], left:left + stride[1] * width:stride[1]]
    return WeightGradient(gradient[:, out], carried[:, :height, :width])


def trace(update: Update, wiring: Wiring, name: str, sample: int, place: tuple[int, ...]) -> list[Link]:
    """From the output `place` of layer `name` (without batch axis) up to the loss, link by link.

    The first link explains that output's own delta; after a Sum the strongest unit is followed.
    """
    links: list[Link] = []
    while True:
        delta = float(update.records[name].gradient[(sample, *place)])
        takers = wiring.takers.get(name, ())
        if name == wiring.last and not takers:
            return [*links, _loss(update, wiring, sample, place, delta)]
        taker = takers[0] if len(takers) == 1 else ""
        link, place = _through(update, wiring.modules.get(taker), taker, sample, place, delta)
        if link is None:
            return [*links, RemainderLink(_behind(wiring, name), delta)]
        if not (isinstance(link, ActivationLink) and link.layer == ""):
            links.append(link)
        name = taker


def _through(update: Update, module: nn.Module | None, name: str, sample: int, place: tuple[int, ...],
             delta: float) -> tuple[Link | None, tuple[int, ...]]:
    """One layer further: the link, and where in that layer's output the way goes on. None: not known."""
    if module is None:
        return None, place
    declared = layers.of(module)
    if declared.arithmetic == "linear":
        deltas = update.records[name].gradient[(sample, *place[:-1])]
        weights = cast(nn.Linear, module).weight.detach()[:, place[-1]]
        strongest = int((deltas * weights).abs().argmax())
        return WeightedSumLink(name, deltas.numpy(), weights.numpy(), strongest, delta), (*place[:-1], strongest)
    if declared.arithmetic == "curve":
        return _bend(update, module, name, sample, place, delta), place
    if declared.passes and declared.drop_field:
        back = float(update.records[name].gradient[(sample, *place)])
        z = float(update.records[name].inputs[0][(sample, *place)])
        return ActivationLink(name, z, delta / back if back else 0.0, back, delta), place
    if declared.window in ("max", "mean"):
        return _pooled(update, cast(nn.MaxPool2d | nn.AvgPool2d, module), name, sample, place, delta)
    if declared.passes and declared.converts:  # the same numbers in another form
        record = update.records[name]
        flat = np.ravel_multi_index(place, tuple(record.inputs[0].shape[1:]))
        return ActivationLink("", 0.0, 1.0, delta, delta), tuple(
            int(at) for at in np.unravel_index(flat, tuple(record.output.shape[1:])))
    if declared.passes:
        return ActivationLink("", 0.0, 1.0, delta, delta), place
    return None, place


def _pooled(update: Update, pool: nn.MaxPool2d | nn.AvgPool2d, name: str, sample: int, place: tuple[int, ...],
            delta: float) -> tuple[Link | None, tuple[int, ...]]:
    """Back through a window: a winner passes all, a mean gives shares. None where windows overlap."""
    size, stride, padding = ((v, v) if isinstance(v, int) else v
                             for v in (pool.kernel_size, pool.stride, pool.padding))
    record, (channel, *pixel) = update.records[name], place
    window = tuple((at + pad) // step for at, pad, step in zip(pixel, padding, stride))
    inside = all((at + pad) % step < length for at, pad, step, length in zip(pixel, padding, stride, size))
    within = all(at < side for at, side in zip(window, record.output.shape[2:]))
    overlapping = min(s - k for s, k in zip(stride, size)) < 0 or getattr(pool, "dilation", 1) != 1
    if overlapping or not (inside and within):
        return None, place
    slope = 1 / (size[0] * size[1])
    if layers.of(pool).window == "max":
        _, winners = F.max_pool2d(record.inputs[0][sample], size, stride, padding, return_indices=True)
        slope = float(winners[(channel, *window)] == pixel[0] * record.inputs[0].shape[-1] + pixel[1])
    back = float(record.gradient[(sample, channel, *window)])
    return ActivationLink(name, float(record.inputs[0][(sample, *place)]), slope, back, delta), (channel, *window)


def _bend(update: Update, module: nn.Module, name: str, sample: int, place: tuple[int, ...],
          delta: float) -> ActivationLink:
    record = update.records[name]
    z = record.inputs[0][(sample, *place)].clone().requires_grad_()
    with torch.enable_grad():
        [slope] = torch.autograd.grad(module(z), z)
    return ActivationLink(name, float(z.detach()), float(slope), float(record.gradient[(sample, *place)]), delta)


def _loss(update: Update, wiring: Wiring, sample: int, place: tuple[int, ...], delta: float) -> LossLink:
    logits, unit, judged = update.outputs[(sample, *place[:-1])], place[-1], wiring.count()
    if wiring.loss == "mse":
        return LossLink("mse", unit, float(logits[unit]), float(wiring.targets[(sample, *place)]), judged, delta)
    label = int(wiring.targets[(sample, *place[:-1])])
    probability, spread = float(logits.softmax(-1)[unit]), wiring.smoothing
    target = (1 - spread) * (unit == label) + spread / len(logits)
    return LossLink("ignored" if label == IGNORE else "cross_entropy", unit, probability, target, judged, delta)


def _behind(wiring: Wiring, name: str) -> tuple[str, ...]:
    """The layers behind `name`, in order; those that a delta comes through."""
    found, queue = [], list(wiring.takers.get(name, ()))
    while queue:
        taker = queue.pop(0)
        if taker not in found:
            found.append(taker)
            queue += wiring.takers.get(taker, ())
    order = list(wiring.modules)
    return tuple(sorted(found, key=order.index))


def followed_path(links: Sequence[Link], carried: float) -> ChainPath:
    """The factors of one path from the loss (or from what arrives) down to the weight, `carried` last."""
    factors, count = [], 1
    for link in reversed(links):
        match link:
            case LossLink() | RemainderLink():
                factors.append(("arrives" if isinstance(link, RemainderLink) else "loss", link.delta))
            case WeightedSumLink():
                factors.append((link.layer, float(link.weights[link.strongest])))
                count *= len(link.weights)
            case ActivationLink():
                factors.append((link.layer, link.slope))
    return ChainPath((*factors, ("carried", carried)), count)
