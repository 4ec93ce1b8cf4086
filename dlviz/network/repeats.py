"""Where a network repeats itself: the same layers, wired the same way, several times one behind the other."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from dlviz.layers import CATALOGUE
from dlviz.spec import LayerSpec, NetworkSpec

TIMES, LAYERS = 3, 6  # that a repeat has at least: parts, and layers in all of them


@dataclass(frozen=True)
class Repeat:
    """`times` equal parts of `length` layers, from the layer at `start` on."""

    start: int
    length: int
    times: int

    @property
    def end(self) -> int:
        return self.start + self.length * self.times


def repeats(network: NetworkSpec) -> tuple[Repeat, ...]:
    """The repeats that hold most layers, none within another one, from the top down."""
    found: list[Repeat] = []
    for repeat in sorted(_candidates(network), key=lambda one: (-one.length * one.times, one.length)):
        if all(repeat.end <= other.start or other.end <= repeat.start for other in found):
            found.append(repeat)
    return tuple(sorted(found, key=lambda one: one.start))


Sign = tuple[str, tuple[int | str, ...]]  # what a layer is; whom it takes: how far above, or the name of an input


def _sign(network: NetworkSpec, at: int) -> Sign:
    layer: LayerSpec = network.layers[at]
    places = {name: place for place, name in enumerate(network.names())}
    taken = (-1,) if layer.inputs is None else tuple(places[name] - at if name in places else name
                                                     for name in layer.inputs)
    return layer.model_dump_json(include={"kind", "fields", "trainable"}), taken


def _candidates(network: NetworkSpec) -> Iterator[Repeat]:
    signs = [_sign(network, at) for at in range(len(network.layers))]
    for length in range(1, len(signs) // TIMES + 1):
        same = [(at, signs[at] == signs[at + length]) for at in range(len(signs) - length)]
        for equal, group in groupby(same, key=lambda one: one[1]):
            places = [at for at, _ in group]
            times = (len(places) + length) // length
            if equal and times >= TIMES and times * length >= LAYERS:
                starts = range(places[0], places[0] + len(places) + length - times * length + 1)
                yield Repeat(min(starts, key=lambda start: _cut(network, signs, start, length)), length, times)


def _cut(network: NetworkSpec, signs: list[Sign], start: int, length: int) -> tuple[int, bool]:
    """How badly a part would begin here: wires that come in from above it, and a layer without weights as the first."""
    inside = range(start + length, start + 2 * length)  # the second part; the first may take something else
    above = {at + by for at in inside for by in signs[at][1] if isinstance(by, int) and at + by < inside.start}
    kind = network.layers[start].kind
    return len(above), not (kind in CATALOGUE and CATALOGUE[kind].weight_axes)
