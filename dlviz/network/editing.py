"""What a user does to a design: pure functions from one NetworkSpec to the next. Knows no torch and no page."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dlviz import settings
from dlviz.errors import SpecError
from dlviz.spec import LayerSpec, NetworkSpec, Scalar
from dlviz.translation import _


def fresh_name(network: NetworkSpec, stem: str) -> str:
    """`stem1`, or the first number that is free."""
    taken = set(network.names())
    number = 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def insert(network: NetworkSpec, layer: LayerSpec, at: int) -> NetworkSpec:
    """`layer` at position `at` (0 first, clipped to the ends). SpecError when the network is full."""
    if len(network.layers) >= settings.MAX_LAYERS:
        raise SpecError(_("A network"), _("may have {most} layers at most", most=settings.MAX_LAYERS),
                        _("this would be one more"), _("Delete a layer first."))
    at = max(0, min(at, len(network.layers)))
    return _with(network, (*network.layers[:at], layer, *network.layers[at:]))


def delete(network: NetworkSpec, name: str) -> NetworkSpec:
    """Without the layer; whoever took its output by name takes what it took itself."""
    gone = network.layer(name)
    index = network.index(name)
    heirs = gone.inputs or ((network.layers[index - 1].name,) if index else None)
    rest = [layer for layer in network.layers if layer.name != name]
    return _with(network, [_replace_input(layer, name, heirs) for layer in rest])


def without(network: NetworkSpec, name: str) -> NetworkSpec:
    """The layer gone and all others as they were, those too that took its output: something else takes its place."""
    return _with(network, [layer for layer in network.layers if layer.name != name])


def move(network: NetworkSpec, name: str, to: int) -> NetworkSpec:
    """The layer at position `to` of the result."""
    layer = network.layer(name)
    rest = [other for other in network.layers if other.name != name]
    to = max(0, min(to, len(rest)))
    return _with(network, (*rest[:to], layer, *rest[to:]))


def duplicate(network: NetworkSpec, name: str) -> tuple[NetworkSpec, str]:
    """A copy right after the layer, and the copy's name. It takes the original's output."""
    layer = network.layer(name)
    copy = layer.model_copy(update={"name": fresh_name(network, _stem(name))})
    return insert(network, copy, network.index(name) + 1), copy.name


def rename(network: NetworkSpec, name: str, new: str) -> NetworkSpec:
    """The layer under another name, followed by all who take its output. SpecError for a name that cannot be."""
    new = new.strip()
    if not new or len(new) > settings.MAX_NAME or not new.isprintable():
        raise SpecError(_("A name"), _("must have 1 to {most} printable characters", most=settings.MAX_NAME),
                        _("{new!r} was given", new=new[:60]), _("Choose another name."))
    if new != name and new in network.names():
        raise SpecError(_("A name"), _("may belong to one layer only"),
                        _("another layer is already called {new!r}", new=new), _("Choose another name."))
    layers = [layer.model_copy(update={"name": new}) if layer.name == name else layer for layer in network.layers]
    return _with(network, [_replace_input(layer, name, (new,)) for layer in layers])


def set_fields(network: NetworkSpec, name: str, changes: Mapping[str, Any]) -> NetworkSpec:
    """New values for some fields; None removes a field, so that its default holds."""
    fields = {**network.layer(name).fields, **changes}
    return _update(network, name, fields={k: v for k, v in fields.items() if v is not None})


def set_inputs(network: NetworkSpec, name: str, inputs: Sequence[str] | None) -> NetworkSpec:
    """Whose outputs the layer takes; None for the layer before."""
    return _update(network, name, inputs=tuple(inputs) if inputs else None)


def set_trainable(network: NetworkSpec, name: str, trainable: bool) -> NetworkSpec:
    """The layer learning, or frozen."""
    return _update(network, name, trainable=trainable)


def change_kind(network: NetworkSpec, name: str, kind: str, fields: Mapping[str, Scalar] | None = None) -> NetworkSpec:
    """Another kind of layer in the same place, with that kind's defaults where `fields` says nothing else."""
    return _update(network, name, kind=kind, fields=dict(fields or {}))


def _update(network: NetworkSpec, name: str, **changes: Any) -> NetworkSpec:
    return _with(network, [layer.model_copy(update=changes) if layer.name == name else layer
                           for layer in network.layers])


def _with(network: NetworkSpec, layers: Sequence[LayerSpec]) -> NetworkSpec:
    return network.model_copy(update={"layers": tuple(layers)})


def _replace_input(layer: LayerSpec, old: str, new: tuple[str, ...] | None) -> LayerSpec:
    if not layer.inputs or old not in layer.inputs:
        return layer
    inputs = tuple(n for name in layer.inputs for n in ((new or ()) if name == old else (name,)))
    return layer.model_copy(update={"inputs": inputs or None})


def _stem(name: str) -> str:
    return name.rstrip("0123456789") or name
