"""What the canvas does with groups that a visitor keeps: a block is saved, put into the design again, or removed.

Knows nothing of Streamlit: a Design and what an edit says go in.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dlviz import groups, settings
from dlviz.errors import SpecError
from dlviz.groups import LayerGroup
from dlviz.layers import CATALOGUE
from dlviz.layout import Layout
from dlviz.network import wiring
from dlviz.network.wiring import Edge
from dlviz.spec import LayerSpec
from dlviz.translation import _
from pages.ui.build import edits
from pages.ui.build.texts import texts
from pages.ui.shared.design import Design

Values = Mapping[str, Any]
KINDS = 4  # of a group, that the palette names


def shown(owner: str) -> list[dict[str, str]]:
    """The groups as the palette of the canvas has them."""
    return [{"title": group.title, "sentence": _sentence(group)} for group in groups.of(owner)]


def _sentence(group: LayerGroup) -> str:
    kinds = list(dict.fromkeys(layer.kind for layer in group.layers))
    names = ", ".join(kinds[:KINDS]) + (", …" if len(kinds) > KINDS else "")
    return texts.GROUP_HOLDS(len(group.layers), kinds=names)


def _inputs(design: Design) -> list[str]:
    return [name for name, _shape in edits.signature(design).inputs]


def _save(design: Design, values: Values) -> None:
    layout = design.experiment.layout
    block = next((block for block in layout.blocks if block.title == values["title"]), None)
    if block is None:
        raise SpecError(_("What is saved"), _("must be a block of this network"),
                        _("none is called {title!r}", title=values["title"][:60]),
                        _("Choose some layers and make a block of them first."))
    taken: dict[str, list[str]] = {name: [] for name in design.network.names()}
    for edge in wiring.edges(design.network, _inputs(design)):
        taken[edge.target].append(edge.source)
    layers = tuple(design.network.layer(name).model_copy(update={"inputs": tuple(taken[name])})
                   for name in design.network.names() if name in block.layers)
    groups.save(design.owner, LayerGroup(block=block, layers=layers, places=_places(layout, layers)))


def _places(layout: Layout, layers: tuple[LayerSpec, ...]) -> dict[str, tuple[float, float]]:
    """To the corner of them all."""
    found = {layer.name: layout.positions[layer.name] for layer in layers if layer.name in layout.positions}
    left, top = (min((place[axis] for place in found.values()), default=0.0) for axis in (0, 1))
    return {name: (x - left, y - top) for name, (x, y) in found.items()}


def _add(design: Design, values: Values) -> None:
    """Behind a layer, in a wire, or at the end; whoever took from there takes the group's output then."""
    group, inputs = groups.get(design.owner, values["title"]), _inputs(design)
    edge = values["onto"] or _below(design, inputs, values["after"])
    source = edge.source if edge else next(reversed(design.network.names()), inputs[0])
    names = wiring.fresh_names(design.network, inputs, group.layers)
    longer, _same = wiring.paste(design.network, inputs, group.behind(source, names))
    if edge:
        kind = longer.layer(edge.target).kind
        most = CATALOGUE[kind].arity[1] if kind in CATALOGUE else None
        longer = wiring.reconnect(longer, inputs, edge, names[group.output], edge.target, edge.slot, most)
    layout = design.experiment.layout.grouped(_free(group.title, design), names.values())
    if group.block.folded:
        layout = layout.folded(layout.blocks[-1].title, True)
    if values["x"] is not None and values["y"] is not None:
        layout = layout.placed({names[name]: (values["x"] + x, values["y"] + y)
                                for name, (x, y) in group.places.items()})
    design.set_network(longer, layout)
    design.selection = tuple(name for name in longer.names() if name in names.values())


def _below(design: Design, inputs: list[str], after: str | None) -> Edge | None:
    """The first wire that leads on from there; None at the end."""
    if after is None:
        return None
    if after not in [*design.network.names(), *inputs]:
        raise SpecError(_("This edit"), _("must be of a layer of this network"),
                        _("no layer is called {name!r}", name=after),
                        _("Another edit came first; look at the network and try again."))
    return next((edge for edge in wiring.edges(design.network, inputs) if edge.source == after), None)


def _free(title: str, design: Design) -> str:
    """The title, numbered where another block has it."""
    taken = {block.title for block in design.experiment.layout.blocks}
    ends = ("", *(f" ({number})" for number in range(2, settings.MAX_LAYERS + 2)))
    return next(one for one in (title[:settings.MAX_NAME - len(end)] + end for end in ends) if one not in taken)


DO: dict[str, Callable[[Design, Values], None]] = {
    "save_group": _save, "add_group": _add,
    "remove_group": lambda design, values: groups.remove(design.owner, values["title"])}
