"""With and without: a design with all layers of one sort taken out, or put in where they belong.

Plain functions that know no run. Whether the result can be trained, `network.check` says.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dlviz import layers
from dlviz.errors import SpecError
from dlviz.layers import Layer
from dlviz.network import editing
from dlviz.spec import LayerSpec, NetworkSpec
from dlviz.translation import _, declared

Fits = Callable[[type[Layer]], bool]
SUMS = ("dense", "convolution")  # families of layers of neurons and of filters
SHARE = 0.3  # of the numbers that a dropout switches off which we put in


@declared("title")
@dataclass(frozen=True)
class LayerToggle:
    """One sort of layer that a design can be with or without; `add` is None where nobody can."""

    title: str
    present: Callable[[NetworkSpec], bool]
    remove: Callable[[NetworkSpec], NetworkSpec]
    add: Callable[[NetworkSpec], NetworkSpec] | None


def _all(fits: Fits) -> tuple[Callable[[NetworkSpec], bool], Callable[[NetworkSpec], NetworkSpec]]:
    def present(network: NetworkSpec) -> bool:
        return any(_is(layer, fits) for layer in network.layers)

    def remove(network: NetworkSpec) -> NetworkSpec:
        for layer in network.layers:
            if _is(layer, fits):
                network = remove_layer(network, layer.name)
        return network

    return present, remove


def _is(layer: LayerSpec, fits: Fits) -> bool:
    return layer.kind in layers.CATALOGUE and fits(layers.get(layer.kind))


def _drops(layer: type[Layer]) -> bool:
    """Whether it switches numbers off and does nothing else."""
    return layer.passes and layer.drop_field is not None


def remove_layer(network: NetworkSpec, name: str) -> NetworkSpec:
    """Without the layer; all who took its output, by name or by place, take what it took itself."""
    gone, after = network.layer(name), network.index(name) + 1
    if gone.inputs and after < len(network.layers) and network.layers[after].inputs is None:
        network = editing.set_inputs(network, network.layers[after].name, [name])
    return editing.delete(network, name)


def add_norms(network: NetworkSpec) -> NetworkSpec:
    """A batch norm right after each convolution and each hidden Linear, before whatever follows."""
    for layer in network.layers[:-1]:
        if _is(layer, lambda cls: cls.family in SUMS):
            norm = layers.norm(layers.get(layer.kind).takes[0])
            if norm.batch_statistics:
                network = insert_after(network, layer.name, norm.kind(), {}, "norm")
    return network


def add_dropout(network: NetworkSpec) -> NetworkSpec:
    """A Dropout after the activation of each hidden Linear (after the Linear itself where none follows)."""
    rows, dropout = network.layers, layers.dropout("vector")
    for index, layer in enumerate(rows[:-1]):
        if _is(layer, lambda cls: cls.family == "dense"):
            follows = rows[index + 1]
            sums = _is(follows, lambda cls: cls.family in SUMS)
            after = follows if index + 2 < len(rows) and not sums else layer
            network = insert_after(network, after.name, dropout.kind(), {str(dropout.drop_field): SHARE}, "dropout")
    return network


def insert_after(network: NetworkSpec, name: str, kind: str, fields: Mapping[str, float],
                 stem: str) -> NetworkSpec:
    """A new layer that takes the output of `name`; all who took that take the new one's instead."""
    new = LayerSpec(name=editing.fresh_name(network, stem), kind=kind, fields=dict(fields))
    at = network.index(name) + 1
    for layer in network.layers:
        if layer.inputs and name in layer.inputs:
            inputs = [new.name if source == name else source for source in layer.inputs]
            network = editing.set_inputs(network, layer.name, inputs)
    return editing.insert(network, new, at)


def _sums(layer: type[Layer]) -> bool:
    """Whether it adds its inputs: a skip ends there."""
    return layer.joins == "sum"


def drop_skips(network: NetworkSpec) -> NetworkSpec:
    """Each sum replaced by the longest of the ways into it, and what only the others used left out."""
    for add in [layer for layer in network.layers if _is(layer, _sums)]:
        keep = max(add.inputs or (), key=lambda source: _depth(network, source))
        network = editing.set_inputs(network, add.name, [keep])
        network = _without_unused(remove_layer(network, add.name))
    return network


def _depth(network: NetworkSpec, name: str) -> int:
    """Layers on the longest way from the task's input to the layer; 0 for an input itself."""
    if name not in network.names():
        return 0
    return 1 + max(_depth(network, source) for source in _sources(network, name))


def _sources(network: NetworkSpec, name: str) -> tuple[str, ...]:
    index = network.index(name)
    return network.layers[index].inputs or ((network.layers[index - 1].name,) if index else ("",))


def _without_unused(network: NetworkSpec) -> NetworkSpec:
    """Layers whose output nobody takes removed, and those that only fed them; the others stay as they are."""
    while len(network.layers) > 1:
        taken = {source for layer in network.layers for source in _sources(network, layer.name)}
        unused = next((layer.name for layer in network.layers[:-1] if layer.name not in taken), None)
        if unused is None:
            return network
        network = editing.without(network, unused)
    return network


TOGGLES: dict[str, LayerToggle] = {
    "batch_norm": LayerToggle("batch normalization", *_all(lambda cls: cls.batch_statistics), add_norms),
    "dropout": LayerToggle("dropout", *_all(_drops), add_dropout),
    "skips": LayerToggle("skip connections", _all(_sums)[0], drop_skips, None),
}


def apply(network: NetworkSpec, toggle: str, present: bool) -> NetworkSpec:
    """The network with, or without, all layers of that sort. SpecError where it cannot be."""
    found = TOGGLES[toggle]
    if found.present(network) == present:
        return network
    if not present:
        return found.remove(network)
    changed = found.add(network) if found.add else network
    if changed == network:
        raise SpecError(_("This network with {title}", title=found.title), _("needs a place where they could go"),
                        _("none was found"), _("Put them in by hand on the Workbench, then compare with and without."))
    return changed
