"""For branches of unequal shape before a layer that joins them: the designs that make them equal. Knows no page.

Nothing here is certain: who offers one of these has tried it on the meta device before (see `repairs`).
"""
from __future__ import annotations

import math
from collections.abc import Iterator

from dlviz import layers
from dlviz.english import an
from dlviz.layers import CATALOGUE, Layer
from dlviz.network import LayerReport, NetworkReport, editing
from dlviz.shapes import Shape
from dlviz.spec import LayerSpec, NetworkSpec
from dlviz.translation import Words, _, series

Offer = tuple[Words, NetworkSpec]


def matches(network: NetworkSpec, report: NetworkReport, card: LayerReport) -> Iterator[Offer]:
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


def _padded(network: NetworkSpec, report: NetworkReport, card: LayerReport) -> Iterator[Offer]:
    """The layers of one branch keep height and width (or length): one of them alone, or all."""
    for branch in _branches(report, card):
        padding = {name: target for name in branch if (target := keeping(_declared(network, name))) is not None}
        for name, target in padding.items():
            yield (_("Set padding of {layer} to {padding}", layer=name, padding=target),
                   editing.set_fields(network, name, {"padding": target}))
        if len(padding) > 1:
            mended = network
            for name, target in padding.items():
                mended = editing.set_fields(mended, name, {"padding": target})
            yield _("Set padding of {layers} so that sizes stay", layers=series(list(padding)[::-1])), mended


def keeping(layer: Layer) -> int | None:
    """The padding with which a window that moves by one keeps the size; None where none does or it has it."""
    fields = layer.model_dump()
    if not {"kernel_size", "padding", "stride"} <= set(fields) or fields["stride"] != 1:
        return None
    reach = fields.get("dilation", 1) * (fields["kernel_size"] - 1)
    return reach // 2 if reach % 2 == 0 and fields["padding"] != reach // 2 else None


def _same_strides(network: NetworkSpec, report: NetworkReport, card: LayerReport) -> Iterator[Offer]:
    """A window of one branch moves as far as those of another do, or by one."""
    strides: dict[str, int] = {name: fields["stride"] for branch in _branches(report, card) for name in branch
                               if "stride" in (fields := _declared(network, name).model_dump())}
    for name, own in strides.items():
        for stride in sorted({*strides.values(), 1} - {own}):
            yield (_("Set stride of {layer} to {stride}", layer=name, stride=stride),
                   editing.set_fields(network, name, {"stride": stride}))


def _projected(network: NetworkSpec, card: LayerReport) -> Iterator[Offer]:
    """Every other branch is brought to the shape of one by a 1 x 1 convolution or a Linear; the first goes first."""
    shapes = card.in_shapes or ()
    for target in sorted(shapes, key=lambda shape: math.prod(_extent(shape))):
        mended, inputs, words = network, list(card.inputs), []
        for at, shape in enumerate(shapes):
            if shape != target:
                found = layers.projection(shape, target)
                if found is None:
                    return
                kind, fields = found
                name = editing.fresh_name(mended, "match")
                match = LayerSpec(name=name, kind=kind, fields=fields, inputs=(card.inputs[at],))
                mended, inputs[at] = editing.insert(mended, match, mended.index(card.name)), name
                words.append(_("{input} to {shape} with {layer}", input=card.inputs[at], shape=target, layer=an(kind)))
        yield _("Bring {inputs}", inputs=series(words)), editing.set_inputs(mended, card.name, inputs)


def _extent(shape: Shape) -> tuple[int, ...]:
    """Height and width of an image, length of a sequence; what a projection can make smaller, never larger."""
    return {"image": shape.axes[1:], "sequence": shape.axes[:1]}.get(shape.kind, ())


def _flat(network: NetworkSpec, card: LayerReport) -> Iterator[Offer]:
    """Images beside vectors: the images are laid out as vectors; then, where they must be, made equally long."""
    shapes = card.in_shapes or ()
    vector = next((shape for shape in shapes if shape.kind == "vector"), None)
    images = [at for at, shape in enumerate(shapes) if shape.kind == "image"]
    flatten = layers.converter("image", "vector")
    projection = vector and layers.projection(vector, vector)
    if projection is None or flatten is None or not images:
        return
    for added in ([(flatten, {})], [(flatten, {}), projection]):
        mended, inputs = network, list(card.inputs)
        for at in images:
            for kind, fields in added:
                name = editing.fresh_name(mended, layers.get(kind).stem())
                between = LayerSpec(name=name, kind=kind, fields=fields, inputs=(inputs[at],))
                mended, inputs[at] = editing.insert(mended, between, mended.index(card.name)), name
        kinds = series([kind for kind, _fields in added])
        yield _("Insert {kinds}", kinds=kinds), editing.set_inputs(mended, card.name, inputs)


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
