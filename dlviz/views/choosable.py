"""Which layers of a network are worth choosing, and the one that is worth it first."""
from __future__ import annotations

from dlviz import layers
from dlviz.network import LayerReport, NetworkReport
from dlviz.views.texts import texts

QUIET = ("reshape", "regularization")  # families that only pass on, once training is over


def choosable(report: NetworkReport, last: bool = True) -> dict[str, LayerReport]:
    """The layers that do something by name; the `last` too, or without it."""
    found = report.layers if last else report.layers[:-1]
    return {layer.name: layer for layer in found if layers.get(layer.kind).family not in QUIET}


def first(found: dict[str, LayerReport]) -> str:
    """The layer that is worth it first: the last bend of pictures, the first other bend, attention, a memory."""
    def of(family: str, kind: str | None = None) -> list[str]:
        return [name for name, layer in found.items() if layers.get(layer.kind).family == family
                and kind in (None, layer.known_out_shape.kind)]

    for names in (of("activation", "image")[::-1], of("activation"), of("attention"), of("recurrent")):
        if names:
            return names[0]
    return next(iter(found))


def about(layer: LayerReport) -> str:
    return f"{layer.name}  ({layer.kind}, {layer.out_shape})"


def unit_word(layer: LayerReport) -> str:
    return texts.CHANNEL if layer.known_out_shape.kind == "image" else texts.UNIT
