"""What a network must end with where it does not give what its task wants: in a sentence, and as layers."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dlviz import layers
from dlviz.english import an, count
from dlviz.network.report import LayerReport
from dlviz.shapes import Shape

Row = tuple[str, dict[str, Any]]  # kind and fields of a layer


def advice(reports: Sequence[LayerReport], target: Shape) -> str:
    """What to do where a network, whose layers are all in order, gives something else than `target`."""
    given = reports[-1].out_shape
    if target.kind == "image" and given is not None:
        return _picture_advice(reports[-1].kind, given, target)
    projection, _ = layers.projection(target, target) or ("layer", {})
    end = f"nd with {an(projection)} of {count(target.axes[-1], 'neuron')}."
    if target.kind == "sequence" and given != target:
        if source := stepless(reports):
            keep = f"Let {source.name} give every step" if gives_steps(source) else f"Remove {source.name}"
            return f"{keep}, and e{end}"
        if given is not None and given.kind == "sequence" and given.axes[0] != target.axes[0]:
            return f"Choose padding and strides so that {count(target.axes[0], 'step')} remain, and e{end}"
    return f"E{end}"


def stepless(reports: Sequence[LayerReport]) -> LayerReport | None:
    """The last layer that is given steps and gives none."""
    return next((report for report in reversed(reports) if report.in_shapes and report.out_shape is not None
                 and report.in_shapes[0].kind == "sequence" and report.out_shape.kind == "vector"), None)


def gives_steps(report: LayerReport) -> bool:
    """Whether a layer that gives none could give every step."""
    return layers.get(report.kind).converts is None


def _picture_advice(kind: str, given: Shape, target: Shape) -> str:
    [(wide, _), (lay_out, fields)] = from_numbers(target)
    numbers, rows = f"{an(wide)} of {count(target.numel, 'neuron')}", count(fields["height"], "row")
    if given.kind != "image":
        return f"End with {numbers} and {an(lay_out)} of {rows}."
    if kind == lay_out:
        setting = f"set {' and '.join(f'{name} to {value}' for name, value in fields.items())}"
        return f"{setting.capitalize()}." if given.numel == target.numel else f"Put {numbers} before it and {setting}."
    if given.axes[1:] == target.axes[1:]:
        projection, _ = layers.projection(given, target) or ("layer", {})
        return f"End with {an(projection)} of {count(target.axes[0], 'channel')}."
    flat, height, width = layers.converter("image", "vector") or "layer", *target.axes[1:]
    return (f"Choose padding and strides so that the image becomes {height} x {width}, or add {an(flat)}, {numbers} "
            f"and {an(lay_out)} of {rows}.")


def from_numbers(target: Shape) -> tuple[Row, Row]:
    """The layers that make the image `target` of any numbers."""
    numbers = Shape("vector", (target.numel,))
    wide, lay_out = layers.projection(numbers, numbers), layers.converter("vector", "image")
    assert wide is not None and lay_out is not None
    return wide, (lay_out, layers.get(lay_out).conversion(target))

