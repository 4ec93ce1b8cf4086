"""What a network must end with where it does not give what its task wants: in a sentence, and as layers."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dlviz import layers
from dlviz.english import an
from dlviz.network.report import LayerReport
from dlviz.shapes import Shape
from dlviz.translation import Words, _, _n, series

Row = tuple[str, dict[str, Any]]  # kind and fields of a layer


def advice(reports: Sequence[LayerReport], target: Shape) -> Words:
    """What to do where a network, whose layers are all in order, gives something else than `target`."""
    given = reports[-1].out_shape
    if target.kind == "image" and given is not None:
        return _picture_advice(reports[-1].kind, given, target)
    projection, _fields = layers.projection(target, target) or ("layer", {})
    neurons = _neurons(projection, target.axes[-1])
    if target.kind == "sequence" and given != target:
        if source := stepless(reports):
            text = LET if gives_steps(source) else REMOVE
            return text.filled(layer=source.name, neurons=neurons)
        if given is not None and given.kind == "sequence" and given.axes[0] != target.axes[0]:
            return _n("Choose padding and strides so that {count:,} step remains, and end with {neurons}.",
                      "Choose padding and strides so that {count:,} steps remain, and end with {neurons}.",
                      count=target.axes[0], neurons=neurons)
    return _("End with {neurons}.", neurons=neurons)


LET = _("Let {layer} give every step, and end with {neurons}.")
REMOVE = _("Remove {layer}, and end with {neurons}.")


def _neurons(kind: str, count: int) -> Words:
    return _n("{layer} of {count:,} neuron", "{layer} of {count:,} neurons", count=count, layer=an(kind))


def stepless(reports: Sequence[LayerReport]) -> LayerReport | None:
    """The last layer that is given steps and gives none."""
    return next((report for report in reversed(reports) if report.in_shapes and report.out_shape is not None
                 and report.in_shapes[0].kind == "sequence" and report.out_shape.kind == "vector"), None)


def gives_steps(report: LayerReport) -> bool:
    """Whether a layer that gives none could give every step."""
    return layers.get(report.kind).converts is None


def _picture_advice(kind: str, given: Shape, target: Shape) -> Words:
    [(wide, _wide), (lay_out, fields)] = from_numbers(target)
    numbers = _neurons(wide, target.numel)
    rows = _n("{layer} of {count:,} row", "{layer} of {count:,} rows", count=fields["height"], layer=an(lay_out))
    if given.kind != "image":
        return _("End with {numbers} and {rows}.", numbers=numbers, rows=rows)
    if kind == lay_out:
        settings = series([_("{field} to {value}", field=name, value=value) for name, value in fields.items()])
        return _("Set {settings}.", settings=settings) if given.numel == target.numel else \
            _("Put {numbers} before it and set {settings}.", numbers=numbers, settings=settings)
    if given.axes[1:] == target.axes[1:]:
        projection, _projection = layers.projection(given, target) or ("layer", {})
        return _n("End with {layer} of {count:,} channel.", "End with {layer} of {count:,} channels.",
                  count=target.axes[0], layer=an(projection))
    flat, height, width = layers.converter("image", "vector") or "layer", *target.axes[1:]
    return _("Choose padding and strides so that the image becomes {height} x {width}, or add {flat}, {numbers} and "
             "{rows}.", height=height, width=width, flat=an(flat), numbers=numbers, rows=rows)


def from_numbers(target: Shape) -> tuple[Row, Row]:
    """The layers that make the image `target` of any numbers."""
    numbers = Shape("vector", (target.numel,))
    wide, lay_out = layers.projection(numbers, numbers), layers.converter("vector", "image")
    assert wide is not None and lay_out is not None
    return wide, (lay_out, layers.get(lay_out).conversion(target))

