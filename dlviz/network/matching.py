"""For branches of unequal shape before a layer that joins them: the designs that make them equal. Knows no page.

Nothing here is certain: who offers one of these has tried it on the meta device before (see `repairs`).
"""
from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from dlviz import layers
from dlviz.english import an
from dlviz.layers import CATALOGUE, Layer
from dlviz.network import LayerReport, NetworkReport, editing
from dlviz.shapes import Shape
from dlviz.spec import LayerSpec, NetworkSpec

PROJECTIONS = {"image": ("Conv2d", "out_channels"), "vector": ("Linear", "out_features"),
               "sequence": ("Linear", "out_features")}
STRIDED = {"image": ("Conv2d", "out_channels"), "sequence": ("Conv1d", "out_channels")}


def matches(network: NetworkSpec, report: NetworkReport, card: LayerReport) -> Iterator[tuple[str, NetworkSpec]]:
    """What a button may say and the design after it: padding first, then strides, then projections."""
    shapes = card.in_shapes or ()
    if CATALOGUE[card.kind].arity[0] < 2 or len(shapes) < 2:
        return
    if len({shape.kind for shape in shapes}) == 1:
        yield from _padded(network, report, card)
        yield from _same_strides(network, report, card)
        yield from _projected(network, card)
    else:
        yield from _flat(network, card)


def _padded(network: NetworkSpec, report: NetworkReport, card: LayerReport) -> Iterator[tuple[str, NetworkSpec]]:
    """The layers of one branch keep height and width (or length): one of them alone, or all."""
    for branch in _branches(report, card):
        padding = {name: target for name in branch if (target := _keeping(_declared(network, name))) is not None}
        for name, target in padding.items():
            yield f"Set padding of {name} to {target}", editing.set_fields(network, name, {"padding": target})
        if len(padding) > 1:
            mended = network
            for name, target in padding.items():
                mended = editing.set_fields(mended, name, {"padding": target})
            yield f"Set padding of {_and(list(padding)[::-1])} so that sizes stay", mended


def _keeping(layer: Layer) -> int | None:
    """The padding with which a window that moves by one keeps the size; None where none does or it has it."""
    if not {"kernel_size", "padding", "stride"} <= set(type(layer).model_fields) or layer.stride != 1:
        return None
    reach = getattr(layer, "dilation", 1) * (layer.kernel_size - 1)
    return reach // 2 if reach % 2 == 0 and layer.padding != reach // 2 else None


def _same_strides(network: NetworkSpec, report: NetworkReport, card: LayerReport) -> Iterator[tuple[str, NetworkSpec]]:
    """A window of one branch moves as far as those of another do, or by one."""
    branches = _branches(report, card)
    steps = {layer.stride for name in (name for branch in branches for name in branch)
             if "stride" in type(layer := _declared(network, name)).model_fields}
    for branch in branches:
        for name in branch:
            layer = _declared(network, name)
            for stride in sorted(steps | {1}) if "stride" in type(layer).model_fields else ():
                if stride != layer.stride:
                    yield f"Set stride of {name} to {stride}", editing.set_fields(network, name, {"stride": stride})


def _projected(network: NetworkSpec, card: LayerReport) -> Iterator[tuple[str, NetworkSpec]]:
    """Every other branch is brought to the shape of one by a 1 x 1 convolution or a Linear; the first goes first."""
    for target in sorted(range(len(card.in_shapes)), key=lambda at: math.prod(_extent(card.in_shapes[at]))):
        mended, inputs, words = network, list(card.inputs), []
        for at, shape in enumerate(card.in_shapes):
            if shape != card.in_shapes[target]:
                kind, fields = _projection(shape, card.in_shapes[target])
                name = editing.fresh_name(mended, "match")
                match = LayerSpec(name=name, kind=kind, fields=fields, inputs=(card.inputs[at],))
                mended, inputs[at] = editing.insert(mended, match, mended.index(card.name)), name
                words.append(f"{card.inputs[at]} to {card.in_shapes[target]} with {an(kind)}")
        yield f"Bring {_and(words)}", editing.set_inputs(mended, card.name, inputs)


def _extent(shape: Shape) -> tuple[int, ...]:
    """Height and width of an image, length of a sequence; what a projection can make smaller, never larger."""
    return {"image": shape.axes[1:], "sequence": shape.axes[:1]}.get(shape.kind, ())


def _projection(shape: Shape, target: Shape) -> tuple[str, dict[str, int]]:
    width = target.axes[0] if target.kind == "image" else target.axes[-1]
    if _extent(shape) == _extent(target) or shape.kind not in STRIDED:
        kind, field = PROJECTIONS[shape.kind]
        return kind, {field: width} | ({"kernel_size": 1} if shape.kind == "image" else {})
    kind, field = STRIDED[shape.kind]
    return kind, {field: width, "kernel_size": 1, "padding": 0,
                  "stride": math.ceil(_extent(shape)[0] / max(1, _extent(target)[0]))}


def _flat(network: NetworkSpec, card: LayerReport) -> Iterator[tuple[str, NetworkSpec]]:
    """Images beside vectors: the images are laid out as vectors; then, where they must be, made equally long."""
    width = next((shape.axes[0] for shape in card.in_shapes if shape.kind == "vector"), None)
    images = [at for at, shape in enumerate(card.in_shapes) if shape.kind == "image"]
    if width is None or not images:
        return
    for kinds in (["Flatten"], ["Flatten", "Linear"]):
        mended, inputs = network, list(card.inputs)
        for at in images:
            for kind in kinds:
                name = editing.fresh_name(mended, layers.get(kind).stem())
                fields = {"out_features": width} if kind == "Linear" else {}
                between = LayerSpec(name=name, kind=kind, fields=fields, inputs=(inputs[at],))
                mended, inputs[at] = editing.insert(mended, between, mended.index(card.name)), name
        yield f"Insert {_and(kinds)}", editing.set_inputs(mended, card.name, inputs)


def _branches(report: NetworkReport, card: LayerReport) -> list[list[str]]:
    """For each input the layers that only it goes through, from the join upwards."""
    above = [_above(report, name) for name in card.inputs]
    shared = set.intersection(*map(set, above))
    return [[name for name in branch if name not in shared] for branch in above]


def _above(report: NetworkReport, name: str) -> list[str]:
    """The layer and all that it hangs on, the nearest first; the task's inputs are none."""
    known, found, waiting = {layer.name: layer for layer in report.layers}, [], [name]
    while waiting:
        name = waiting.pop(0)
        if name in known and name not in found:
            found.append(name)
            waiting.extend(known[name].inputs)
    return found


def _declared(network: NetworkSpec, name: str) -> Layer:
    spec = network.layer(name)
    return layers.declare(spec.kind, spec.fields, spec.name)


def _and(words: Sequence[str]) -> str:
    return " and ".join(words)
