"""For a network that does not end with what its task wants: the designs that do. Knows no page.

Nothing here is certain: who offers one of these has tried it on the meta device before (see `repairs`).
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dlviz import layers
from dlviz.layers import CATALOGUE
from dlviz.network import LayerReport, NetworkReport, editing
from dlviz.network.endings import Row, from_numbers, gives_steps, stepless
from dlviz.network.matching import keeping
from dlviz.shapes import Shape
from dlviz.spec import LayerSpec, NetworkSpec
from dlviz.translation import Words, _, in_a_row, series

Design = tuple[Words, NetworkSpec]  # what a button says, and the design after it


def completions(network: NetworkSpec, report: NetworkReport, card: LayerReport) -> Iterator[Design]:
    """Where the last layer gives something else than the task wants."""
    given, target = card.out_shape, report.signature.out_shape
    if given is None:
        if target.kind == "image" and card.in_shapes:
            yield from _laid_out(network, card, card.in_shapes[0], target)
        return
    taken = (card.in_shapes or (given,))[0]
    yield from _own_fields(network, card, taken, target)
    if target.kind == "image":
        yield from _pictures(network, card, given, target)
    if target.kind == "sequence":
        yield from _every_step(network, report, target)
    rows: list[Row] = []
    if between := layers.converter(given.kind, target.kind):
        rows.append((between, {}))
    if projection := layers.projection(target, target):
        yield _added(network, [*rows, projection])


def _every_step(network: NetworkSpec, report: NetworkReport, target: Shape) -> Iterator[Design]:
    """The layer behind which there are no steps any more gives them, or goes."""
    source = stepless(report.layers)
    if source is None:
        return
    spec = network.layer(source.name)
    made = layers.declare(spec.kind, spec.fields, spec.name).every_step()
    if gives_steps(source) and made is not None:
        label = _("Let {layer} give every step", layer=source.name)
        mended = editing.set_fields(network, source.name, made[1])
    else:
        label, mended = _("Remove {name}", name=source.name), editing.delete(network, source.name)
    yield label, mended
    if projection := layers.projection(target, target):
        yield _("{label}, add {kind} at the end", label=label, kind=projection[0]), _added(mended, [projection])[1]


def _own_fields(network: NetworkSpec, card: LayerReport, taken: Shape, target: Shape) -> Iterator[Design]:
    """The last layer itself gives as much as is wanted."""
    cls = CATALOGUE[card.kind]
    if card.out_shape is None or card.out_shape.kind != target.kind:
        return
    projection = cls.projection(taken, target)
    if target.kind == "image" and cls.width is not None:
        spec = network.layer(card.name)
        width, padding = {cls.width: target.axes[0]}, keeping(layers.declare(spec.kind, spec.fields, spec.name))
        for change in (width, width | {"padding": padding} if padding is not None else width, projection or width):
            yield from _changed(network, card, change)
    elif projection is not None:
        yield _("Make it {axes} wide", axes=target.axes[-1]), editing.set_fields(network, card.name, projection)


def _changed(network: NetworkSpec, card: LayerReport, change: dict[str, Any]) -> Iterator[Design]:
    """With those of these fields that the layer does not have yet."""
    spec = network.layer(card.name)
    had = layers.declare(spec.kind, spec.fields, spec.name).model_dump()
    new = {key: value for key, value in change.items() if had.get(key) != value}
    if new:
        label = in_a_row([_("Set {field} to {value}", field=key, value=value) for key, value in new.items()])
        yield label, editing.set_fields(network, card.name, new)


def _pictures(network: NetworkSpec, card: LayerReport, given: Shape, target: Shape) -> Iterator[Design]:
    """Numbers are laid out as the image that is wanted; an image of another size grows, or is laid out anew."""
    wide, lay_out = from_numbers(target)
    if given.kind == "image":
        yield from _laid_out(network, card, card.in_shapes[0] if card.in_shapes else given, target)
        if projection := layers.projection(given, target):
            yield _added(network, [projection])
        yield from _grown(network, given, target)
        flat = layers.converter("image", "vector")
        yield _added(network, [(str(flat), {}), wide, lay_out])
    elif given.kind == "vector":
        if given.numel == target.numel:
            yield _added(network, [lay_out])
        width = CATALOGUE[card.kind].width
        if width is not None:
            mended = editing.set_fields(network, card.name, {width: target.numel})
            label = _("Make it {size} wide and add {kind}", size=target.numel, kind=lay_out[0])
            yield label, _added(mended, [lay_out])[1]
        yield _added(network, [wide, lay_out])


def _laid_out(network: NetworkSpec, card: LayerReport, taken: Shape, target: Shape) -> Iterator[Design]:
    """A last layer that lays numbers out does it as the task wants, after a layer that gives so many, if it must be."""
    wide, (kind, fields) = from_numbers(target)
    if card.kind != kind:
        return
    if taken.numel == target.numel:
        yield from _changed(network, card, fields)
        return
    mended = editing.set_fields(network, card.name, fields)
    name = editing.fresh_name(mended, layers.get(wide[0]).stem())
    before = LayerSpec(name=name, kind=wide[0], fields=wide[1], inputs=card.inputs)
    mended = editing.insert(mended, before, mended.index(card.name))
    label = _("Insert {kind} of {size:,}", kind=wide[0], size=target.numel)
    yield label, editing.set_inputs(mended, card.name, None)


def _grown(network: NetworkSpec, given: Shape, target: Shape) -> Iterator[Design]:
    """A layer by which a small image becomes as large as is wanted."""
    for kind, cls in CATALOGUE.items():
        if (fields := cls.growing(given, target)) is not None:
            yield _added(network, [(kind, fields)])

def _added(network: NetworkSpec, rows: list[Row]) -> Design:
    for kind, fields in rows:
        name = editing.fresh_name(network, layers.get(kind).stem())
        network = editing.insert(network, LayerSpec(name=name, kind=kind, fields=fields), len(network.layers))
    return _("Add {kinds} at the end", kinds=series([kind for kind, _fields in rows])), network
