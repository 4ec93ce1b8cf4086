"""What there is to look at in a network: its attention, its memories, its positions, its embeddings.

Reads declarations and shapes, never a module; knows no run and draws nothing.
"""
from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from torch import nn

from dlviz import layers
from dlviz import network as net
from dlviz.layers.attention import Attention
from dlviz.layers.sequence import PositionTable
from dlviz.network import LayerReport
from dlviz.shapes import Shape, Signature
from dlviz.spec import NetworkSpec


@dataclass(frozen=True)
class Sight:
    """A layer that can be looked into.

    Attributes:
        steps: for each of its inputs, which input of the task has the same steps (its index), or None.
        width: numbers in each step that goes in; 0 for tokens.
    """

    name: str
    kind: str
    steps: tuple[int | None, ...]
    width: int


@dataclass(frozen=True)
class Sights:
    """All of a network, each in the order of its layers."""

    attention: tuple[Sight, ...]
    states: tuple[Sight, ...]
    positions: tuple[Sight, ...]
    embeddings: tuple[Sight, ...]


def sights(network: NetworkSpec, signature: Signature) -> Sights:
    """Remembered: the check of a network costs some milliseconds."""
    return _sights(network.model_dump_json(), signature)


@lru_cache(maxsize=64)
def _sights(network: str, signature: Signature) -> Sights:
    report = net.check(NetworkSpec.model_validate_json(network), signature)
    origin: dict[str, int | None] = {name: index for index, (name, _) in enumerate(signature.inputs)}
    found: dict[str, list[Sight]] = {"attention": [], "states": [], "positions": [], "embeddings": []}
    for layer in report.layers:
        if layer.in_shapes and layer.out_shape:
            steps = tuple(origin.get(name) for name in layer.inputs)
            origin[layer.name] = steps[0] if _length(layer.in_shapes[0]) == _length(layer.out_shape) else None
            if kind := _what(layer):
                width = layer.in_shapes[0].axes[-1] if layer.in_shapes[0].kind == "sequence" else 0
                found[kind].append(Sight(layer.name, layer.kind, steps, width))
    return Sights(**{kind: tuple(of_kind) for kind, of_kind in found.items()})


def _length(shape: Shape) -> int | None:
    """How many steps flow; None where nothing flows in steps."""
    return shape.axes[0] if shape.kind in ("tokens", "sequence") else None


def _what(layer: LayerReport) -> str | None:
    declared = layers.get(layer.kind)
    if Attention in declared.own:
        return "attention"
    for parent, what in ((nn.RNNBase, "states"), (PositionTable, "positions"), (nn.Embedding, "embeddings")):
        if issubclass(declared.torch, parent):
            return what
    return None
