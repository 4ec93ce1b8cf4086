"""For an error on a card: the button that mends it, as the whole mended network. Knows no page.

A repair is only offered when `check` finds the mended card without error.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dlviz import layers
from dlviz import network as net
from dlviz.layers import CATALOGUE, Layer
from dlviz.network import LayerReport, NetworkReport, editing
from dlviz.network.completing import completions
from dlviz.network.matching import matches
from dlviz.shapes import Shape, Signature
from dlviz.spec import LayerSpec, NetworkSpec
from dlviz.translation import Words, _, in_a_row, series
from dlviz.worded import Worded, worded


@worded
@dataclass(frozen=True)
class Repair:
    """What the button says, and the network after it."""

    label: Worded
    network: NetworkSpec


def repair(network: NetworkSpec, report: NetworkReport, name: str) -> Repair | None:
    """The first repair that really mends the card of this layer; None when it has no error or none helps."""
    card = report.layer(name)
    if card.error is None:
        return None
    *tried, last = _candidates(network, report, card)
    return next((candidate for candidate in (*tried, *_followed(tried, report, name), last)
                 if _mends(candidate, report, name)), None)


def _mends(candidate: Repair, report: NetworkReport, name: str) -> bool:
    after = net.check(candidate.network, report.signature, batch_size=1)
    still = [layer for layer in after.layers if layer.name == name and layer.error]
    fewer = len(_broken(report)) - len(_broken(after))
    removed = name not in candidate.network.names()  # a layer less mends nothing by itself
    return bool(after.layers) and not still and fewer >= removed


def _followed(tried: list[Repair], report: NetworkReport, name: str) -> Iterator[Repair]:
    """Repairs after which the layer works, but is not yet what must stand at the end, each with one for that."""
    for first in tried:
        after = net.check(first.network, report.signature, batch_size=1)
        if after.layers and after.layers[-1].name == name and after.layers[-1].out_shape is not None:
            for second in _end(first.network, after, after.layers[-1]):
                yield Repair(f"{first.label}, {second.label[0].lower()}{second.label[1:]}", second.network)


def fitted(network: NetworkSpec, signature: Signature) -> NetworkSpec:
    """The network with its last layer as wide as the task wants, where that is all that is wrong with it."""
    report = net.check(network, signature, batch_size=1)
    broken = [layer for layer in report.layers if layer.error]
    if not broken or broken != [report.layers[-1]]:
        return network
    mended = repair(network, report, broken[0].name)
    same = mended is not None and mended.network.names() == network.names()
    return mended.network if mended is not None and same else network


def broken_inputs(card: LayerReport, report: NetworkReport) -> tuple[int, ...]:
    """Which inputs of a layer with an error are to blame, by their places: those of a kind that it does not take, and
    those that do not go with the first. None where its fields or its place at the end are."""
    shapes: dict[str, Shape | None] = dict(report.signature.inputs)
    shapes |= {layer.name: layer.out_shape for layer in report.layers}
    found = [shapes.get(name) for name in card.inputs]
    takes = CATALOGUE[card.kind].takes if card.kind in CATALOGUE else ()
    wrong = tuple(place for place, shape in enumerate(found) if shape is not None and takes and shape.kind not in takes)
    if wrong or card.out_shape is not None:
        return wrong
    return tuple(place for place, shape in enumerate(found) if place and shape is not None and shape != found[0])


def _broken(report: NetworkReport) -> list[LayerReport]:
    return [layer for layer in report.layers if layer.error or layer.out_shape is None]


def _candidates(network: NetworkSpec, report: NetworkReport, card: LayerReport) -> Iterator[Repair]:
    """From the most to the least respectful of what the user meant."""
    if card.kind not in CATALOGUE:
        yield _remove(network, card)
        return
    if card.error and card.error.change:
        yield _set_fields(network, report, card)
    yield from _inputs(network, report, card)
    if card.in_shapes:
        yield from _kinds(network, card)
        yield from (Repair(*match) for match in matches(network, report, card))
        yield from _before(network, card)
    yield from _end(network, report, card)
    yield _remove(network, card)


def _remove(network: NetworkSpec, card: LayerReport) -> Repair:
    return Repair(_("Remove {name}", name=card.name), editing.delete(network, card.name))


def _set_fields(network: NetworkSpec, report: NetworkReport, card: LayerReport) -> Repair:
    """What the error would change, and what is then found wrong beside it."""
    change: dict[str, object] = {}
    while card.error and card.error.change and not card.error.change.keys() <= change.keys():
        change |= card.error.change
        mended = editing.set_fields(network, card.name, change)
        card = net.check(mended, report.signature, batch_size=1).layer(card.name)
    return Repair(in_words(change), editing.set_fields(network, card.name, change))


def in_words(change: Mapping[str, object], within: bool = False) -> Words:
    """New values of fields, as a button says it: 'Set causal to on'; `within` a longer text 'set causal to on'."""
    return in_a_row([_in_words(field, value, within) for field, value in change.items()])


def _in_words(field: str, value: object, within: bool) -> Words:
    if value is None:
        return _("remove {field}", field=field) if within else _("Remove {field}", field=field)
    plain = _plain(value)
    return _("set {field} to {value}", field=field, value=plain) if within else \
        _("Set {field} to {value}", field=field, value=plain)


def _plain(value: object) -> Words:
    if isinstance(value, bool):
        return _("on") if value else _("off")
    return str(value)


def _inputs(network: NetworkSpec, report: NetworkReport, card: LayerReport) -> Iterator[Repair]:
    """Names that do not exist any more, too few inputs, too many."""
    low, high = CATALOGUE[card.kind].arity
    index = network.index(card.name)
    above = dict(report.signature.inputs)
    above |= {layer.name: layer.out_shape for layer in report.layers[:index]}
    known = tuple(dict.fromkeys(name for name in card.inputs if name in above))
    if high is not None and len(known) > high:
        yield Repair(_("Keep only {known}", known=known[0]), editing.set_inputs(network, card.name, known[:high]))
    if len(known) >= low and len(known) < len(card.inputs):
        yield Repair(_("Take {inputs}", inputs=series(known)), editing.set_inputs(network, card.name, known))
    if low == 1:
        if not known:
            yield Repair(_("Take the layer before"), editing.set_inputs(network, card.name, None))
        return
    first = known[0] if known else report.layers[index - 1].name if index else None
    partners = [name for name, shape in reversed(above.items())
                if name != first and shape is not None and first and shape == above[first]]
    if first and len(known) < low and partners:
        pair = (first, partners[0])
        yield Repair(_("Take {inputs}", inputs=series(pair)), editing.set_inputs(network, card.name, pair))


def _kinds(network: NetworkSpec, card: LayerReport) -> Iterator[Repair]:
    """The wrong kind of input: another layer of the same purpose, or a layer in between."""
    cls, shape = CATALOGUE[card.kind], card.known_in_shapes[0]
    if shape.kind in cls.takes:
        return
    if shape.kind in cls.instead:
        kind = cls.instead[shape.kind]
        yield Repair(_("Use {kind} instead", kind=kind), editing.change_kind(network, card.name, kind))
    for target in cls.takes:
        if between := layers.converter(shape.kind, target):
            yield _insert_before(network, card, between)


def _before(network: NetworkSpec, card: LayerReport) -> Iterator[Repair]:
    """The layer before it gives as many numbers as it can use."""
    target, [source, *_others] = CATALOGUE[card.kind].accepted_input(card.known_in_shapes[0]), card.inputs
    width = CATALOGUE[network.layer(source).kind].width if target and source in network.names() else None
    if target and width:
        mended = editing.set_fields(network, source, {width: target.axes[-1]})
        yield Repair(_("Make {layer} {size} wide", layer=source, size=target.axes[-1]), mended)


def _insert_before(network: NetworkSpec, card: LayerReport, kind: str) -> Repair:
    between = LayerSpec(name=editing.fresh_name(network, layers.get(kind).stem()), kind=kind, inputs=card.inputs)
    mended = editing.insert(network, between, network.index(card.name))
    return Repair(_("Insert {kind}", kind=kind), editing.set_inputs(mended, card.name, None))


def _end(network: NetworkSpec, report: NetworkReport, card: LayerReport) -> Iterator[Repair]:
    """The last layer gives something else than the task wants: only what ends as it should."""
    if card is not report.layers[-1]:
        return
    if card.out_shape is not None and _declared(network, card).traits().probabilities:
        yield _remove(network, card)
    for label, mended in completions(network, report, card):
        if net.check(mended, report.signature, batch_size=1).layers[-1].error is None:
            yield Repair(label, mended)


def _declared(network: NetworkSpec, card: LayerReport) -> Layer:
    spec = network.layer(card.name)
    return layers.declare(spec.kind, spec.fields, spec.name)
