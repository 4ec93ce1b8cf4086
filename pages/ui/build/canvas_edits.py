"""What each edit of the canvas does to the design: wires, places and blocks. Each is one step of the undo.

Knows nothing of Streamlit: a Design and a CanvasEdit go in, the Design is changed.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from dlviz import layers, network
from dlviz.errors import LayerError, SpecError
from dlviz.layers import CATALOGUE
from dlviz.layout import FAR, Layout
from dlviz.network import editing, wiring
from dlviz.network.wiring import Edge
from dlviz.spec import LayerSpec, NetworkSpec, Scalar
from dlviz.translation import _
from pages.ui.build import edits, folds, group_edits
from pages.ui.build.canvas_messages import CanvasEdit
from pages.ui.shared.design import Design

Values = Mapping[str, Any]
Positions = Mapping[str, tuple[float, float]]


def apply(design: Design, edit: CanvasEdit) -> None:
    """Do what the user wished. SpecError, and nothing changed, where it cannot be."""
    _DO[edit.type](design, edit.values)


def _inputs(design: Design) -> list[str]:
    return [name for name, _ in edits.signature(design).inputs]


def _most(design: Design, target: str) -> int | None:
    """How many inputs the layer takes at most; any number where nobody knows its kind."""
    kind = design.network.layer(target).kind if target in design.network.names() else ""
    return CATALOGUE[kind].arity[1] if kind in CATALOGUE else None


def _require(design: Design, *names: str) -> None:
    for name in names:
        if name not in design.network.names():
            raise SpecError(_("This edit"), _("must be of a layer of this network"),
                            _("no layer is called {name!r}", name=name),
                            _("Another edit came first; look at the network and try again."))


def _here(design: Design, names: Iterable[str]) -> list[str]:
    """Those of the names that are layers, in their order."""
    wished = set(names)
    return [name for name in design.network.names() if name in wished]


def _placed(design: Design, layout: Layout, *more: Positions | None) -> Layout:
    """The layout with places of nodes that exist, or will."""
    found = {name: place for positions in more for name, place in (positions or {}).items()}
    room = {*design.network.names(), *_inputs(design), *(more[-1] or {})}
    return layout.placed({name: place for name, place in found.items() if name in room})


def _add(design: Design, values: Values) -> None:
    kind, before = values["kind"], design.network
    layers.get(kind)
    if values["onto"] is not None:
        longer, name = _into(design, kind, values["onto"])
    elif values["from"] is not None:
        longer, name = _branch(design, kind, values["from"])
    else:
        longer, name = edits.added(design, kind, _behind(design, values["after"]))
    own = {} if values["x"] is None or values["y"] is None else {name: (values["x"], values["y"])}
    layout = _placed(design, design.experiment.layout, values["positions"], own)
    neighbour = _neighbour(before, values)
    design.set_network(longer, layout.beside(neighbour, name) if neighbour else layout)
    design.selected = name


def _neighbour(before: NetworkSpec, values: Values) -> str | None:
    """The layer whose block a new one joins: the one that it is spliced behind, or the wire's end within a block."""
    if values["onto"] is not None and values["onto"].source in before.names():
        return values["onto"].target
    return values["after"] if values["after"] in before.names() else None


def _behind(design: Design, name: str | None) -> int:
    if name in _inputs(design):
        return 0
    if name is not None:
        _require(design, name)
        return design.network.index(name) + 1
    return len(design.network.layers)


def _into(design: Design, kind: str, edge: Edge) -> tuple[NetworkSpec, str]:
    layer = _joined(design, edits.new_layer(design, kind, last=False), edge.source)
    longer = wiring.insert_into(design.network, _inputs(design), layer, edge)
    return edits.fitted(longer, layer.name, edits.signature(design)), layer.name


def _branch(design: Design, kind: str, source: str) -> tuple[NetworkSpec, str]:
    last = source == next(reversed(design.network.names()), source)
    layer = _joined(design, edits.new_layer(design, kind, last), source)
    longer = wiring.branch(design.network, _inputs(design), layer, source)
    return edits.fitted(longer, layer.name, edits.signature(design)), layer.name


def _joined(design: Design, layer: LayerSpec, source: str) -> LayerSpec:
    """A new layer that joins gets a partner for `source`, if one fits."""
    report = network.check(design.network, edits.signature(design))
    if source not in [*design.network.names(), *_inputs(design)]:
        return layer
    return layer.model_copy(update={"inputs": edits.partnered(layer.kind, report, source)})


def _connect(design: Design, values: Values) -> None:
    source, target = values["source"], values["target"]
    design.set_network(wiring.connect(design.network, _inputs(design), source, target, values["slot"],
                                      _most(design, target)))


def _disconnect(design: Design, values: Values) -> None:
    edge = Edge(values["source"], values["target"], values["slot"])
    design.set_network(wiring.disconnect(design.network, _inputs(design), edge))


def _reconnect(design: Design, values: Values) -> None:
    source, target, slot = values["to"]
    design.set_network(wiring.reconnect(design.network, _inputs(design), values["from"], source, target, slot,
                                        _most(design, target)))


def _delete(design: Design, values: Values) -> None:
    design.set_network(wiring.delete(design.network, _inputs(design), _here(design, values["names"])))


def _move(design: Design, values: Values) -> None:
    design.set_layout(_placed(design, design.experiment.layout, values["positions"], None))


def _tidy(design: Design, values: Values) -> None:
    before = design.experiment.layout.model_copy(update={"positions": {}})
    layout = folds.folded(design.network, before)
    design.set_layout(_placed(design, layout, values["positions"], None) if layout == before else layout)


def _select(design: Design, values: Values) -> None:
    design.selection = tuple(_here(design, values["names"]))


def _rename(design: Design, values: Values) -> None:
    _require(design, values["name"])
    edits.rename(design, values["name"], values["to"])


def _duplicate(design: Design, values: Values) -> None:
    names = _here(design, values["names"])
    _require(design, *(names or values["names"][:1]))
    taken: dict[str, list[str]] = {name: [] for name in design.network.names()}
    for edge in wiring.edges(design.network, _inputs(design)):
        taken[edge.target].append(edge.source)
    copied = [design.network.layer(name).model_copy(update={"inputs": tuple(taken[name])}) for name in names]
    shift = (values["dx"] or 0.0, values["dy"] or 0.0)
    positions, moves = design.experiment.layout.positions, values["dx"] is not None or values["dy"] is not None
    places = [(positions[name][0] + shift[0], positions[name][1] + shift[1]) if moves and name in positions else None
              for name in names]
    _insert(design, copied, places, values["positions"])


def _paste(design: Design, values: Values) -> None:
    copied, offsets = _specs(values["layers"]), values["places"]
    places = [(values["x"] + offset[0], values["y"] + offset[1]) if offset else None for offset in offsets or ()]
    if not offsets and len(copied) == 1:
        places = [(values["x"], values["y"])]
    _insert(design, copied, places, values["positions"])


def _insert(design: Design, copied: Sequence[LayerSpec], places: Sequence[tuple[float, float] | None],
            positions: Positions | None) -> None:
    """Copies of layers, at these places, selected."""
    longer, names = wiring.paste(design.network, _inputs(design), copied)
    own = {names[layer.name]: (_near(place[0]), _near(place[1])) for layer, place in zip(copied, places) if place}
    design.set_network(longer, _placed(design, design.experiment.layout, positions, own))
    design.selection = tuple(_here(design, names.values()))


def _near(number: float) -> float:
    return max(-FAR, min(FAR, number))


def _specs(raw: Sequence[object]) -> list[LayerSpec]:
    """Layers as a canvas has copied them. SpecError for anything else."""
    try:
        return list(NetworkSpec.model_validate({"layers": [LayerSpec.model_validate(one) for one in raw]}).layers)
    except ValidationError as error:
        raise SpecError(_("What is pasted"), _("must be layers that were copied from a canvas"),
                        _("it holds something else ({errors})", errors=error.errors(include_url=False)[0]["msg"][:80]),
                        _("Copy the layers again.")) from error


def _replace(design: Design, values: Values) -> None:
    """Another kind in the same place; fields that both kinds have stay, where they are valid there too."""
    name, kind = values["name"], values["kind"]
    _require(design, name)
    cls, before = layers.get(kind), design.network.layer(name)
    fields = {key: value for key, value in before.fields.items() if key in cls.model_fields}
    fields |= edits.output_fields(kind, design.network.names()[-1] == name, edits.signature(design)) \
        if not fields else {}
    changed = editing.change_kind(design.network, name, kind, _valid(kind, fields))
    design.set_network(edits.fitted(changed, name, edits.signature(design)))


def _valid(kind: str, fields: Mapping[str, Scalar]) -> dict[str, Scalar]:
    valid: dict[str, Scalar] = {}
    for key, value in fields.items():
        try:
            layers.declare(kind, {**valid, key: value}, "")
        except LayerError:
            continue
        valid[key] = value
    return valid


def _group(design: Design, values: Values) -> None:
    names = _here(design, values["layers"])
    _require(design, *(names or values["layers"][:1]))
    if names:
        design.set_layout(design.experiment.layout.grouped(values["title"], names))


def _ungroup(design: Design, values: Values) -> None:
    design.set_layout(design.experiment.layout.ungrouped(values["title"]))


def _fold(design: Design, values: Values) -> None:
    layout = design.experiment.layout.folded(values["title"], values["folded"])
    design.set_layout(_placed(design, layout, values["positions"], None))


def _open(design: Design, values: Values) -> None:
    _require(design, values["name"])
    edits.open_block(design, values["name"])


def _repair(design: Design, values: Values) -> None:
    _require(design, values["name"])
    edits.repair(design, values["name"])


_DO: dict[str, Callable[[Design, Values], None]] = {
    "add": _add, "connect": _connect, "disconnect": _disconnect, "reconnect": _reconnect, "delete": _delete,
    "move": _move, "tidy": _tidy, "select": _select, "rename": _rename, "duplicate": _duplicate, "replace": _replace,
    "paste": _paste, "group": _group, "ungroup": _ungroup, "fold": _fold, "open": _open, "repair": _repair,
    "undo": lambda design, values: design.undo(), "redo": lambda design, values: design.redo(), **group_edits.DO}
