"""What a hand does to the wires of a network: pure functions from one NetworkSpec to the next.

All wires are written out, changed, and the layers sorted so that each stands below whatever it takes; those that stood
right already stay in their order. A layer that was never wired by hand, and still takes the one before it, says nothing
of its inputs afterwards either. `inputs` are the names of what flows in: a first layer takes the first of them by
itself. Knows no kind of layer, no torch and no page.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dlviz import settings
from dlviz.errors import SpecError
from dlviz.network import editing
from dlviz.spec import LayerSpec, NetworkSpec
from dlviz.translation import _, _n


@dataclass(frozen=True)
class Edge:
    """The `slot`-th input (from 0) of the layer `target`, which is the output of `source`."""

    source: str
    target: str
    slot: int


def edges(network: NetworkSpec, inputs: Sequence[str]) -> tuple[Edge, ...]:
    """All wires, by target and slot."""
    return tuple(Edge(source, layer.name, slot) for layer in _written_out(network, inputs)
                 for slot, source in enumerate(layer.inputs or ()))


def connect(network: NetworkSpec, inputs: Sequence[str], source: str, target: str, slot: int | None,
            most: int | None) -> NetworkSpec:
    """`target` takes `source` too: in place of what it takes at `slot`, or at its first free place.

    Args:
        slot: None for the first free place; a layer that takes one input then takes this one.
        most: how many inputs it takes at most; None for any number.

    Raises:
        SpecError: one of the two is gone, the wire would close a circle, or there is no place left.
    """
    layers = _written_out(network, inputs)
    _require(network, inputs, source, target)
    _require_forward(layers, source, target)
    taken = network_inputs(layers, target)
    at = _place(target, taken, source, slot, most)
    return _rewired(network, inputs, layers, {target: (*taken[:at], source, *taken[at + 1:])})


def disconnect(network: NetworkSpec, inputs: Sequence[str], edge: Edge) -> NetworkSpec:
    """Without this wire; later inputs move up. SpecError where there is no such wire."""
    layers = _written_out(network, inputs)
    _require_wire(network, inputs, edge)
    taken = network_inputs(layers, edge.target)
    return _rewired(network, inputs, layers, {edge.target: (*taken[:edge.slot], *taken[edge.slot + 1:])})


def reconnect(network: NetworkSpec, inputs: Sequence[str], edge: Edge, source: str, target: str, slot: int | None,
              most: int | None) -> NetworkSpec:
    """One end of a wire at another place. SpecError as of `connect`, and where there is no such wire."""
    _require_wire(network, inputs, edge)
    if target == edge.target and slot in (None, edge.slot):
        return connect(network, inputs, source, target, edge.slot, most)
    return connect(disconnect(network, inputs, edge), inputs, source, target, slot, most)


def insert_into(network: NetworkSpec, inputs: Sequence[str], layer: LayerSpec, edge: Edge) -> NetworkSpec:
    """A new layer in the middle of this wire alone. SpecError where it is gone, or the network is full."""
    _require_wire(network, inputs, edge)
    layers = _written_out(network, inputs)
    at = network.index(edge.target)
    new = layer.model_copy(update={"inputs": (edge.source, *(layer.inputs or ())[1:])})
    layers = _written_out(editing.insert(_of(layers), new, at), inputs)
    taken = network_inputs(layers, edge.target)
    wired = {edge.target: (*taken[:edge.slot], layer.name, *taken[edge.slot + 1:])}
    return _rewired(network, inputs, layers, wired, loose=[*_loose(network), layer.name])


def branch(network: NetworkSpec, inputs: Sequence[str], layer: LayerSpec, source: str) -> NetworkSpec:
    """A new layer that takes `source`, right behind it; nobody else is rewired. SpecError as of `connect`."""
    _require(network, inputs, source)
    at = network.index(source) + 1 if source in network.names() else 0
    taken = (source, *(name for name in (layer.inputs or ())[1:]))
    longer = editing.insert(_of(_written_out(network, inputs)), layer.model_copy(update={"inputs": taken}), at)
    return _rewired(network, inputs, longer.layers, {}, loose=[*_loose(network), layer.name])


def delete(network: NetworkSpec, inputs: Sequence[str], names: Iterable[str]) -> NetworkSpec:
    """Without these layers. Who took a layer of one input takes that input; a wire from any other is gone."""
    layers, gone = _written_out(network, inputs), set(names).intersection(network.names())
    taken: dict[str, tuple[str, ...]] = {layer.name: layer.inputs or () for layer in layers}

    def heirs(name: str) -> tuple[str, ...]:
        for _layer in layers:  # no longer than that, should a file hold a circle
            if name not in gone:
                return (name,)
            if len(taken[name]) != 1:
                break
            name = taken[name][0]
        return () if name in gone else (name,)

    rest = [layer.model_copy(update={"inputs": tuple(heir for source in taken[layer.name] for heir in heirs(source))})
            for layer in layers if layer.name not in gone]
    return _rewired(network, inputs, rest, {})


def paste(network: NetworkSpec, inputs: Sequence[str],
          copied: Sequence[LayerSpec]) -> tuple[NetworkSpec, dict[str, str]]:
    """Copies of layers, and the name of each. Wires among them are theirs; others are taken over where their source is
    still there. They stand right behind the last of these sources, else at the end.

    SpecError when the network would be too long.
    """
    copied = _sorted(copied)  # or one without wires would take one that needs it
    names = fresh_names(network, inputs, copied)
    outer = {*network.names(), *inputs}
    last = max((network.index(source) for layer in copied for source in layer.inputs or ()
                if source not in names and source in network.names()), default=len(network.layers) - 1)
    longer = _of(_written_out(network, inputs))
    for offset, layer in enumerate(copied):
        taken = tuple(names.get(source, source) for source in layer.inputs or () if source in names or source in outer)
        before = longer.layers[last + offset].name if last + offset >= 0 else next(iter(inputs), "")
        longer = editing.insert(longer, layer.model_copy(update={"name": names[layer.name],
                                                                 "inputs": taken or (before,)}), last + 1 + offset)
    made = _rewired(network, inputs, longer.layers, {})
    if any(edge.source in made.names()[made.index(edge.target):] for edge in edges(made, inputs)):
        raise SpecError(_("What is pasted"), _("must lead forward only"), _("its wires close a circle"),
                        _("Copy it again."))
    return made, names


def network_inputs(layers: Sequence[LayerSpec], name: str) -> tuple[str, ...]:
    """What the layer takes, of layers whose wires are written out."""
    return next(layer.inputs for layer in layers if layer.name == name) or ()


def _written_out(network: NetworkSpec, inputs: Sequence[str]) -> tuple[LayerSpec, ...]:
    before = [*inputs[:1], *network.names()] if inputs else ["", *network.names()]
    return tuple(layer if layer.inputs is not None else layer.model_copy(update={"inputs": (name,)})
                 for layer, name in zip(network.layers, before))


def _loose(network: NetworkSpec) -> list[str]:
    """The layers that nobody has wired by hand."""
    return [layer.name for layer in network.layers if layer.inputs is None]


def _rewired(network: NetworkSpec, inputs: Sequence[str], layers: Sequence[LayerSpec],
             wired: Mapping[str, tuple[str, ...]], loose: Iterable[str] | None = None) -> NetworkSpec:
    """The layers with these inputs instead, sorted. `loose` may leave their inputs out; by default as before, but for
    those wired now."""
    free = set(_loose(network)).difference(wired) if loose is None else set(loose)
    ready = _sorted([layer.model_copy(update={"inputs": wired[layer.name]}) if layer.name in wired else layer
                     for layer in layers])
    before = [*inputs[:1], *(layer.name for layer in ready)]
    return _of([layer.model_copy(update={"inputs": None}) if layer.name in free and layer.inputs == (name,) else layer
                for layer, name in zip(ready, before)])


def _sorted(layers: Sequence[LayerSpec]) -> list[LayerSpec]:
    """Each below what it takes; of those that could be next, the one that stood first. What stands in a circle, in a
    file made by hand, stays where it is."""
    waiting, done = {layer.name: layer for layer in layers}, []
    while waiting:
        following = next((layer for layer in waiting.values() if not waiting.keys() & set(layer.inputs or ())),
                         next(iter(waiting.values())))
        done.append(waiting.pop(following.name))
    return done


def _of(layers: Iterable[LayerSpec]) -> NetworkSpec:
    return NetworkSpec(layers=tuple(layers))


def fresh_names(network: NetworkSpec, inputs: Sequence[str], copied: Sequence[LayerSpec]) -> dict[str, str]:
    """A free name for each: its own where nobody has it."""
    made, taken = {}, {*network.names(), *inputs}
    for layer in copied:
        name, number = layer.name, 1
        stem = layer.name.rstrip("0123456789") or layer.name
        while name in taken:
            name, number = f"{stem[:settings.MAX_NAME - len(str(number))]}{number}", number + 1
        made[layer.name] = name
        taken.add(name)
    return made


def _require(network: NetworkSpec, inputs: Sequence[str], source: str, target: str | None = None) -> None:
    gone = [source] if source not in (*network.names(), *inputs) else \
        [target] if target is not None and target not in network.names() else []
    if gone:
        raise SpecError(_("A wire"), _("must lead from an output to a layer of this network"),
                        _("no layer is called {gone!r}", gone=gone[0]), _("Draw it again."))


def _require_wire(network: NetworkSpec, inputs: Sequence[str], edge: Edge) -> None:
    if edge not in edges(network, inputs):
        raise SpecError(_("The wire from {source} to {target}", source=edge.source, target=edge.target),
                        _("must be there to be changed"), _("another edit has removed it"), _("Draw it anew."))


def _require_forward(layers: Sequence[LayerSpec], source: str, target: str) -> None:
    way = _way(layers, target, source)
    if way is not None:
        between = _(" through {names}", names=", ".join(way)) if way else ""
        came = _("both ends are one layer") if source == target else _("{target} leads to {source} already{between}",
                                                                       target=target, source=source, between=between)
        raise SpecError(_("A wire from {source} to {target}", source=source, target=target),
                        _("must not close a circle"), came,
                        _("Data flows forward only: start the wire above the layer where it ends."))


def _way(layers: Sequence[LayerSpec], start: str, end: str) -> list[str] | None:
    """The layers between two that lead into each other; None where they do not."""
    takers: dict[str, list[str]] = {}
    for layer in layers:
        for source in layer.inputs or ():
            takers.setdefault(source, []).append(layer.name)
    ways = {start: [start]}
    for name in (queue := [start]):
        if name == end:
            return ways[end][1:-1]
        for taker in takers.get(name, ()):
            if taker not in ways:
                ways[taker] = [*ways[name], taker]
                queue.append(taker)
    return None


def _place(target: str, taken: tuple[str, ...], source: str, slot: int | None, most: int | None) -> int:
    """Which input of `target` a new wire becomes."""
    if slot is None and most == 1:
        return 0
    if slot is None and source in taken:
        raise SpecError(_("Layer {target}", target=target), _("takes each output once"),
                        _("it takes that of {source} already", source=source),
                        _("Draw the wire to a port of its own if it shall take it twice."))
    limit = min(settings.MAX_INPUTS, most or settings.MAX_INPUTS)
    at = len(taken) if slot is None else min(slot, len(taken))
    if at >= limit:
        raise SpecError(_("Layer {target}", target=target),
                        _n("takes {count:,} input at most", "takes {count:,} inputs at most", count=limit),
                        _("all of them are wired"),
                        _("Disconnect one, or drop the wire on the port that it shall replace."))
    return at
