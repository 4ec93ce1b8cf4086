"""Switch parts of a network off, lead the way around a layer, shake weights, on copies: the network stays whole.

Knows no task: it hands back a changed flow. Layers are named as the user named them.
"""
from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import nn

from dlviz.probes.attention import Watchable, attentions
from dlviz.probes.dataflow import Flow, Node

To = Literal["zero", "mean"]


@dataclass(frozen=True)
class UnitsOff:
    """Units of a layer say nothing any more: zero, or what they say on average. All units when None."""

    layer: str
    units: tuple[int, ...] | None = None
    to: To = "zero"


@dataclass(frozen=True)
class HeadsOff:
    """Heads of an attention module say nothing any more; `part` is the layer, or `block.self_attn` inside one."""

    part: str
    heads: tuple[int, ...]
    to: To = "zero"

    @property
    def layer(self) -> str:
        """The layer that the attention module is, or is in."""
        return self.part.split(".")[0]


@dataclass(frozen=True)
class LayerBypass:
    """The layer's first input goes straight on behind it."""

    layer: str


@dataclass(frozen=True)
class WeightNoise:
    """Noise on the weights: `amount` times their own spread, normally distributed. All layers when None."""

    layer: str | None
    amount: float
    seed: int = 0


Ablation = UnitsOff | HeadsOff | LayerBypass | WeightNoise


def ablate(flow: Flow, changes: Sequence[Ablation], means: Mapping[str, torch.Tensor]) -> Flow:
    """The flow with all these changes. `means` holds what `mean_activations` found for what is set to its mean."""
    return flow.replaced({node.name: apply for number, node in enumerate(flow.nodes)
                          if (apply := _changed(node, number, changes, means)) is not node.apply})


def mean_activations(flow: Flow, known: Mapping[str, torch.Tensor], changes: Sequence[Ablation]) -> dict[str,
                                                                                                         torch.Tensor]:
    """The mean of every unit that `changes` set to it, `(units,)`, over samples and places; of heads likewise."""
    layers = {change.layer for change in changes if isinstance(change, UnitsOff) and change.to == "mean"}
    parts = {change.part: change.layer for change in changes if isinstance(change, HeadsOff) and change.to == "mean"}
    with torch.no_grad():
        outputs = flow.collect(known, layers)
        found = {name: units_last(output).flatten(0, -2).mean(0) for name, output in outputs.items()}
        return found | {part: _head_mean(flow, known, layer, part) for part, layer in parts.items()}


@torch.no_grad()
def each_unit_ablated(flow: Flow, layer: str, known: Mapping[str, torch.Tensor], to: torch.Tensor | None = None,
                 ) -> Iterator[torch.Tensor]:
    """The answers without the first unit of `layer`, without the second, ...; `to` as from `mean_activations`.

    Only what stands behind the layer is run again.
    """
    values = flow.collect(known, flow.crossing(layer))
    output = units_last(values[layer].clone())
    values[layer] = output if output.ndim != 4 else output.movedim(-1, 1)
    for unit in range(output.shape[-1]):
        before = output[..., unit].clone()
        output[..., unit] = 0.0 if to is None else to[unit]
        yield flow.run(values)
        output[..., unit] = before


def units_last(output: torch.Tensor) -> torch.Tensor:
    """A view with the units as last axis: channels of images stand first otherwise."""
    return output.movedim(1, -1) if output.ndim == 4 else output


def _changed(node: Node, number: int, changes: Sequence[Ablation], means: Mapping[str, torch.Tensor],
             ) -> Callable[..., torch.Tensor]:
    apply, own = node.apply, [change for change in changes if change.layer in (node.name, None)]
    inside = [change for change in own if isinstance(change, WeightNoise | HeadsOff)]
    if inside and isinstance(apply, nn.Module):
        apply = copy.deepcopy(apply)
        for change in sorted(inside, key=lambda change: isinstance(change, HeadsOff)):
            if isinstance(change, WeightNoise):
                _shake(apply, change, number)
            else:
                _behead(attentions(node.name, apply)[change.part], change, means.get(change.part))
    if any(isinstance(change, LayerBypass) for change in own):
        apply = _first
    for change in own:
        if isinstance(change, UnitsOff):
            apply = _silenced(apply, change, means.get(node.name))
    return apply


def _needed(mean: torch.Tensor | None) -> torch.Tensor:
    if mean is None:
        raise ValueError("what is set to its mean needs one")
    return mean


def _first(*inputs: torch.Tensor) -> torch.Tensor:
    return inputs[0]


def _silenced(apply: Callable[..., torch.Tensor], off: UnitsOff, mean: torch.Tensor | None,
              ) -> Callable[..., torch.Tensor]:
    def without(*inputs: torch.Tensor) -> torch.Tensor:
        output = apply(*inputs).clone()
        units = slice(None) if off.units is None else list(off.units)
        units_last(output)[..., units] = 0.0 if off.to == "zero" else _needed(mean)[units]
        return output

    return without


@torch.no_grad()
def _shake(module: nn.Module, shaken: WeightNoise, number: int) -> None:
    """Matrices and kernels only: what has one axis (biases, scales) has no spread worth the name."""
    random = torch.Generator().manual_seed(1_000 * shaken.seed + number)
    for weight in module.parameters():
        if weight.ndim > 1:
            weight += shaken.amount * weight.std() * torch.randn(weight.shape, generator=random)


@torch.no_grad()
def _behead(attention: Watchable, off: HeadsOff, mean: torch.Tensor | None) -> None:
    """A head speaks through its columns of the projection behind it: these go, its mean goes into the bias."""
    projection, width = attention.out_proj, attention.embed_dim // attention.num_heads
    columns = [column for head in off.heads for column in range(head * width, (head + 1) * width)]
    if off.to == "mean":
        constant = projection.weight[:, columns] @ _needed(mean)[columns]
        projection.bias = nn.Parameter(constant if projection.bias is None else projection.bias + constant)
    projection.weight[:, columns] = 0.0


def _head_mean(flow: Flow, known: Mapping[str, torch.Tensor], layer: str, part: str) -> torch.Tensor:
    """The mean of what enters the projection behind the heads, `(D,)`."""
    node = next(node for node in flow.nodes if node.name == layer)
    if not isinstance(node.apply, nn.Module):
        raise TypeError(f"{layer} is no module, so it has no heads")
    module, means = copy.deepcopy(node.apply), []
    entering = attentions(layer, module)[part].out_proj
    entering.register_forward_pre_hook(lambda _, inputs: means.append(inputs[0].flatten(0, -2).mean(0)))
    flow.replaced({layer: module}).collect(known, (layer,))
    return means[0]
