"""Which layers of a network can take the weights of another one's: those with the same name, kind and shapes.

Pure functions of designs and of plain tensors. Knows no file, no run and no training.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch

from dlviz import layers
from dlviz.network.checks import check
from dlviz.network.module import attributes
from dlviz.shapes import Signature
from dlviz.spec import NetworkSpec


@dataclass(frozen=True)
class Transfer:
    """What becomes of the layers with weights when a network takes over those of another one.

    Attributes:
        taken: layers whose name, kind and shapes are those of a layer of the other network.
        changed: layers whose name is known there, but with another kind or other shapes; they start anew.
        new: layers of a name that is not known there; they start anew too.
    """

    taken: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


def match(source: NetworkSpec, source_signature: Signature, network: NetworkSpec, signature: Signature) -> Transfer:
    """What of `source`'s weights fits into `network`. Nothing where one of the two cannot be built."""
    theirs, ours = shapes(source, source_signature), shapes(network, signature)
    kinds = {layer.name: layer.kind for layer in source.layers}
    same = {name for name, found in ours.items()
            if theirs.get(name) == found and kinds[name] == network.layer(name).kind}
    return Transfer(tuple(name for name in ours if name in same),
                    tuple(name for name in ours if name in theirs and name not in same),
                    tuple(name for name in ours if name not in theirs))


def shapes(network: NetworkSpec, signature: Signature) -> dict[str, dict[str, tuple[int, ...]]]:
    """For each layer with weights: the shape of each tensor in its state. Empty for a design with an error."""
    report = check(network, signature, batch_size=1)
    if report.errors:
        return {}
    found: dict[str, dict[str, tuple[int, ...]]] = {}
    with torch.device("meta"):
        for spec, layer in zip(network.layers, report.layers):
            if layer.cost.parameters:
                state = layers.declare(spec.kind, spec.fields, spec.name).build(*layer.known_in_shapes).state_dict()
                found[spec.name] = {key: tuple(value.shape) for key, value in state.items()}
    return found


def carried(weights: Mapping[str, torch.Tensor], source: NetworkSpec, network: NetworkSpec,
            taken: tuple[str, ...]) -> dict[str, torch.Tensor]:
    """The state of the layers `taken`, of `source`'s whole state, by the keys that `network` has for them."""
    theirs, ours = attributes(source.names()), attributes(network.names())
    prefixes = {f"{theirs[name]}.": f"{ours[name]}." for name in taken}
    return {new + key.removeprefix(old): value for old, new in prefixes.items()
            for key, value in weights.items() if key.startswith(old)}
