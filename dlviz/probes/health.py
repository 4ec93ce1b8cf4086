"""Takes the pulse of each layer during one update: activity, gradients, how far the weights move.

Knows of a module what its layer declares, and nothing else: no spec, no loop, no page. What it says are numbers; what
they mean, the doctor says. Changes nothing: the curve of a watched run is that of an unwatched one.
"""
from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

import torch
from torch import nn
from torch.utils.hooks import RemovableHandle

from dlviz import layers
from dlviz.layers import Layer
from dlviz.probes import dropout_masks, gates
from dlviz.probes.histogram import Histogram, histogram, sampled

SATURATED_SLOPE = 0.05  # an output is saturated where the slope is less than this fraction of the steepest
DEAD_AFTER = 5  # measurements in a row after which a silent unit counts as dead
CHANNELS = 64  # of a batch normalization that are recorded one by one
SAMPLES = 16  # of the batch whose numbers stand for all in its histograms


@dataclass(frozen=True)
class BatchNormHealth:
    """What a batch normalization does now.

    Attributes:
        entering, training, evaluation: what comes in, what goes out with the batch's own mean and spread, and what
            would go out with the running ones.
        batch_mean, running_mean, batch_std, running_std: of each channel, the first `CHANNELS`; the running ones
            are empty where there are none.
    """

    entering: Histogram
    training: Histogram
    evaluation: Histogram | None
    batch_mean: tuple[float, ...]
    running_mean: tuple[float, ...]
    batch_std: tuple[float, ...]
    running_std: tuple[float, ...]


@dataclass(frozen=True)
class LayerHealth:
    """One layer in one update; None where a number makes no sense for it.

    Attributes:
        density: fraction of outputs above zero, 0 to 1.
        saturated: fraction of outputs (of a recurrent layer: of its gates) where the function is nearly flat, 0 to 1.
        silent: fraction of units that were zero over the whole batch; a unit is a neuron, a feature map, a feature.
        dead: fraction of units that were so in each of the last `DEAD_AFTER` measurements.
        gradient_norm: L2 norm of the gradient of all its weights, as it comes from the loss, before any clipping. A
            frozen layer has none, and no update.
        weight_norm: L2 norm of its weights, biases left out.
        update_ratio: L2 norm of the update over that of the weights, biases left out.
        weights, gradients: histograms of them, biases left out; normalized: of a batch normalization only.
        dropped: which units a dropout switched off for the first sample of the batch, the first `dropout_masks.MOST`.
        dropped_fraction: fraction of all that it switched off, 0 to 1.
    """

    density: float | None = None
    saturated: float | None = None
    silent: float | None = None
    dead: float | None = None
    gradient_norm: float | None = None
    weight_norm: float | None = None
    update_ratio: float | None = None
    weights: Histogram | None = None
    gradients: Histogram | None = None
    normalized: BatchNormHealth | None = None
    dropped: tuple[bool, ...] | None = None
    dropped_fraction: float | None = None


@dataclass
class _LayerStatistics:
    """What one layer has shown so far within an update; tensors stay on their device until the end."""

    values: dict[str, torch.Tensor] = field(default_factory=dict)
    silent: torch.Tensor | None = None  # bool (units,)
    normalized: BatchNormHealth | None = None
    dropped: torch.Tensor | None = None  # bool, the first sample's units
    parameters: dict[str, nn.Parameter] = field(default_factory=dict)
    before: dict[str, torch.Tensor] = field(default_factory=dict)  # parameter -> its value before the update
    gradients: dict[str, tuple[torch.Tensor, torch.Tensor]] = field(default_factory=dict)  # norm, some


class Memory:
    """Remembers over several measurements which units were silent. One for each training."""

    def __init__(self) -> None:
        self._silent: dict[str, deque[torch.Tensor]] = {}

    def dead(self, name: str, silent: torch.Tensor) -> float | None:
        """Fraction of units (`silent` `(units,)`, bool) silent in each of the last measurements; None before enough."""
        past = self._silent.setdefault(name, deque(maxlen=DEAD_AFTER))
        past.append(silent)
        return torch.stack(tuple(past)).all(0).float().mean().item() if len(past) == DEAD_AFTER else None


@contextmanager
def measure(modules: Mapping[str, nn.Module], memory: Memory) -> Generator[dict[str, LayerHealth]]:
    """Within the block make one whole update; after it the dict holds each layer's health.

    Costs a copy of the weights and one pass over each output. Outside the block nothing is left of it.
    """
    statistics = {name: _LayerStatistics() for name in modules}
    handles = [handle for name, module in modules.items() for handle in _hook(module, statistics[name])]
    found: dict[str, LayerHealth] = {}
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()
    with torch.no_grad():
        found |= {name: _health(name, statistics[name], memory) for name in modules}


def _drops(declared: type[Layer]) -> bool:
    """Whether it switches units off and does nothing else."""
    return declared.passes and declared.drop_field is not None


def _hook(module: nn.Module, statistics: _LayerStatistics) -> list[RemovableHandle]:
    handles = [module.register_forward_hook(_forward(statistics))]
    if _drops(layers.of(module)):
        handles.append(module.register_forward_pre_hook(_before_dropout(statistics)))
    statistics.parameters = dict(module.named_parameters())
    for name, parameter in statistics.parameters.items():
        if parameter.requires_grad:
            if "bias" not in name:
                statistics.before[name] = parameter.detach().clone()
            handles.append(parameter.register_post_accumulate_grad_hook(_gradient(statistics, name)))
    return handles


def _gradient(statistics: _LayerStatistics, name: str) -> Callable[[torch.Tensor], None]:
    def hook(parameter: torch.Tensor) -> None:
        gradient = cast(torch.Tensor, parameter.grad).detach()  # the hook is called when it has been accumulated
        statistics.gradients[name] = torch.linalg.vector_norm(gradient), sampled(gradient).clone()

    return hook


def _before_dropout(statistics: _LayerStatistics) -> Callable[[nn.Module, tuple[torch.Tensor, ...]], None]:
    def hook(module: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        statistics.values["random"] = dropout_masks.random_state(inputs[0].device)

    return hook


def _forward(statistics: _LayerStatistics) -> Callable[[nn.Module, tuple[torch.Tensor, ...], torch.Tensor], None]:
    @torch.no_grad()
    def hook(module: nn.Module, inputs: tuple[torch.Tensor, ...], output: torch.Tensor) -> None:
        declared = layers.of(module)
        if _drops(declared):
            mask = dropout_masks.dropped(module, inputs[0], statistics.values.pop("random"))
            statistics.values["dropped_fraction"], statistics.dropped = mask.float().mean(), dropout_masks.first(mask)
        elif not declared.passes and output.is_floating_point():
            _activity(module, inputs, output.detach(), statistics)
        if declared.batch_statistics:
            statistics.normalized = _normalized(cast(nn.BatchNorm2d, module), inputs[0].detach(), output.detach())

    return hook


def _activity(module: nn.Module, inputs: tuple[torch.Tensor, ...], output: torch.Tensor,
              statistics: _LayerStatistics) -> None:
    axes = _but_units(output)
    above = (output > 0).sum(axes)  # (units,)
    statistics.values["density"] = above.sum() / output.numel()
    if _can_die(layers.of(module)):
        statistics.silent = above == 0
    saturated = _saturated(module, inputs, output)
    if saturated is not None:
        statistics.values["saturated"] = saturated


def _but_units(output: torch.Tensor) -> tuple[int, ...]:
    """All axes but that of the units: the second of an image (B, C, H, W), else the last."""
    units = 1 if output.ndim == 4 else output.ndim - 1
    return tuple(axis for axis in range(output.ndim) if axis != units)


def _can_die(declared: type[Layer]) -> bool:
    """Whether a whole side of it is flat at zero, so that a unit can fall silent for good."""
    return declared.arithmetic == "curve" and declared().traits().off


def _saturated(module: nn.Module, inputs: tuple[torch.Tensor, ...], output: torch.Tensor) -> torch.Tensor | None:
    declared = layers.of(module)
    if declared.recurrent:
        return gates.saturated(cast(nn.RNNBase, module), inputs[0].detach(), SATURATED_SLOPE)
    if declared.family != "activation" or not declared().traits().squashes:
        return None
    slopes = declared.slopes(module, output)
    slopes = _measured_slopes(module, inputs[0]) if slopes is None else slopes
    return (slopes < SATURATED_SLOPE * declared().traits().slope).float().mean()


@torch.enable_grad()
def _measured_slopes(module: nn.Module, entering: torch.Tensor) -> torch.Tensor:
    """The slopes of a function of each number, by autograd."""
    x = entering.detach().requires_grad_()
    [slopes] = torch.autograd.grad(module.forward(x).sum(), x)
    return slopes


def _normalized(module: nn.BatchNorm2d, entering: torch.Tensor, leaving: torch.Tensor) -> BatchNormHealth:
    """`entering` and `leaving` are `(B, C)` or `(B, C, H, W)`."""
    axes = _but_units(entering)
    variance, mean = torch.var_mean(entering, axes, correction=0)
    evaluation, running = None, (mean[:0], mean[:0])
    if module.running_mean is not None and module.running_var is not None:
        scale = (module.running_var + module.eps).rsqrt() * (1.0 if module.weight is None else module.weight)
        shift = -module.running_mean * scale + (0.0 if module.bias is None else module.bias)
        evaluation = histogram(_spread(entering[:SAMPLES], scale, shift))
        running = module.running_mean, module.running_var.sqrt()
    first = [value[:CHANNELS].tolist() for value in (mean, running[0], variance.sqrt(), running[1])]
    training = histogram(leaving[:SAMPLES])
    return BatchNormHealth(histogram(entering[:SAMPLES]), training, evaluation, *map(tuple, first))


def _spread(entering: torch.Tensor, scale: torch.Tensor, shift: torch.Tensor) -> torch.Tensor:
    """Each channel scaled and shifted; `(C,)` to where the channels of `(B, C, ...)` are."""
    shape = (1, -1) + (1,) * (entering.ndim - 2)
    return entering * scale.view(shape) + shift.view(shape)


def _health(name: str, statistics: _LayerStatistics, memory: Memory) -> LayerHealth:
    fractions: dict[str, float | None] = {key: value.item() for key, value in statistics.values.items()}
    if statistics.silent is not None:
        fractions["silent"] = statistics.silent.float().mean().item()
        fractions["dead"] = memory.dead(name, statistics.silent.cpu())
    dropped = None if statistics.dropped is None else tuple(statistics.dropped.tolist())
    norms = [norm for norm, _ in statistics.gradients.values()]
    gradient = torch.linalg.vector_norm(torch.stack(norms)).item() if norms else None
    weight, ratio = _moved(statistics)
    values = [parts for key, (_, parts) in statistics.gradients.items() if key in statistics.before]
    weights = _but_biases(statistics)
    return LayerHealth(**fractions, gradient_norm=gradient, weight_norm=weight, update_ratio=ratio,
                       dropped=dropped, normalized=statistics.normalized,
                       weights=histogram(*weights.values()) if weights else None,
                       gradients=histogram(*values) if values else None)


def _moved(statistics: _LayerStatistics) -> tuple[float | None, float | None]:
    """Length of the weights before the update, and that of the update over it."""
    length = _length((_but_biases(statistics) | statistics.before).values())
    if not statistics.before:
        return length or None, None
    moved = _length(statistics.parameters[key] - value for key, value in statistics.before.items())
    return length, moved / length if length else None


def _but_biases(statistics: _LayerStatistics) -> dict[str, torch.Tensor]:
    return {key: value for key, value in statistics.parameters.items() if "bias" not in key}


def _length(parts: Iterable[torch.Tensor]) -> float:
    return math.hypot(*(torch.linalg.vector_norm(part).item() for part in parts))
