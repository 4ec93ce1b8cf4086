"""What each edit of the stack editor does to the design: layers arrive with fields and wires that fit their place.

Knows nothing of Streamlit: a Design and an Edit go in, the Design is changed.
"""
from __future__ import annotations

from collections.abc import Callable

from dlviz import layers, network, tasks
from dlviz.errors import SpecError
from dlviz.layers import CATALOGUE
from dlviz.network import NetworkReport, blocks, editing
from dlviz.shapes import Shape, Signature
from dlviz.spec import LayerSpec, NetworkSpec, Scalar
from dlviz.translation import _
from pages.ui.build import cards
from pages.ui.build.stack import Edit
from pages.ui.shared.design import Design


def apply(design: Design, edit: Edit) -> None:
    """Do what the user wished. SpecError where it cannot be; an edit that comes too late is let pass."""
    if edit.type in _OF_A_LAYER and edit.name not in design.network.names():
        return
    _DO[edit.type](design, edit)


def rename(design: Design, name: str, new: str) -> None:
    """Another name for a layer, which stays selected. SpecError for a name that cannot be."""
    if new.strip() in dict(signature(design).inputs):
        raise SpecError(_("A name"), _("belongs to one layer only"),
                        _("what flows in is already called {strip!r}", strip=new.strip()), _("Choose another name."))
    renamed = editing.rename(design.network, name, new)
    design.selection = tuple(new.strip() if one == name else one for one in design.selection)
    design.set_network(renamed, design.experiment.layout.renamed(name, new.strip()))


def open_block(design: Design, name: str) -> None:
    """A layer that is made of others becomes these, in its place: a block of its title, in which each can be changed.

    SpecError for a layer that is no block.
    """
    before = set(design.network.names()) - {name}
    opened = blocks.open_block(design.network, signature(design), name)
    parts = [part for part in opened.names() if part not in before]
    layout = design.experiment.layout.without([name])
    if all(block.title != name for block in layout.blocks):
        layout = layout.grouped(name, parts)
    design.set_network(opened, layout)


def splice(network: NetworkSpec, layer: LayerSpec, at: int) -> NetworkSpec:
    """Insert `layer` at `at` so that it is in the path: who took the one above by name now takes the new one.

    Only the nearest of them is rewired; a skip that starts above stays as it is.
    """
    longer = editing.insert(network, layer, at)
    at = longer.index(layer.name)
    below = longer.layers[at + 1:]
    if at == 0 or not below or below[0].inputs is None:
        return longer
    source = longer.layers[at - 1].name
    taker = next((other for other in below if source in (other.inputs or ())), None)
    if taker is None or (layer.inputs is not None and source not in layer.inputs):
        return longer
    inputs = tuple(layer.name if name == source else name for name in taker.inputs or ())
    return editing.set_inputs(longer, taker.name, inputs)


def _add(design: Design, edit: Edit) -> None:
    if edit.kind not in CATALOGUE or edit.at is None:
        return
    longer, name = added(design, edit.kind, edit.at)
    design.set_network(longer)
    design.selected = name


def added(design: Design, kind: str, at: int) -> tuple[NetworkSpec, str]:
    """The network with a new layer at `at`, in the path; and its name."""
    task_signature, old = signature(design), design.network
    at = min(at, len(old.layers))
    layer = new_layer(design, kind, at == len(old.layers))
    inputs = _branches(kind, network.check(old, task_signature), at)
    longer = splice(old, layer.model_copy(update={"inputs": inputs}), at)
    return fitted(longer, layer.name, task_signature), layer.name


def new_layer(design: Design, kind: str, last: bool) -> LayerSpec:
    """A layer with a name of its own. SpecError for a kind that does not exist."""
    task_signature = signature(design)
    name = _free(design.network, task_signature, layers.get(kind).stem())
    return LayerSpec(name=name, kind=kind, fields=output_fields(kind, last, task_signature))


def _free(design: NetworkSpec, signature: Signature, stem: str) -> str:
    """A name that no layer and no input has."""
    name = editing.fresh_name(design, stem)
    return name if name not in dict(signature.inputs) else editing.fresh_name(design, f"{stem}_")


def output_fields(kind: str, last: bool, signature: Signature) -> dict[str, Scalar]:
    """A last layer of neurons gets as many as the task wants."""
    if last and "out_features" in CATALOGUE[kind].model_fields:
        return {"out_features": signature.out_shape.axes[-1]}
    return {}


def fitted(design: NetworkSpec, name: str, signature: Signature) -> NetworkSpec:
    """Other values for the fields of a new layer, where its defaults do not fit what flows in."""
    for _try in CATALOGUE[design.layer(name).kind].model_fields:
        error = network.check(design, signature).layer(name).error
        if error is None or not error.change:
            break
        design = editing.set_fields(design, name, error.change)
    return design


def _branches(kind: str, report: NetworkReport, at: int) -> tuple[str, str] | None:
    """What a layer that joins takes at `at`: the output above it and a partner."""
    return partnered(kind, report, report.layers[at - 1].name) if at else None


def partnered(kind: str, report: NetworkReport, source: str) -> tuple[str, str] | None:
    """For a layer that joins: `source` and an earlier output of its shape, past a layer that learns if there is one.

    None for a layer that joins nothing, and where no other output has this shape.
    """
    outputs: list[tuple[str, Shape | None, bool]] = [(name, shape, False) for name, shape in report.signature.inputs]
    outputs += [(layer.name, layer.out_shape, layer.cost.multiply_adds > 0) for layer in report.layers]
    at = [name for name, _, _ in outputs].index(source)
    if CATALOGUE[kind].arity[0] < 2 or outputs[at][1] is None:
        return None
    same = [place for place, (_, shape, _) in enumerate(outputs[:at]) if shape == outputs[at][1]]
    skips = [place for place in same if any(learns for _, _, learns in outputs[place + 1:at + 1])]
    best = max(skips or same, default=None)
    return None if best is None else (source, outputs[best][0])


def _duplicate(design: Design, edit: Edit) -> None:
    """The copy stands behind the layer and takes its output; other inputs (of a layer that joins) stay."""
    _, name = editing.duplicate(design.network, edit.layer)
    original = design.network.layer(edit.layer)
    inputs = (original.name, *original.inputs[1:]) if original.inputs and len(original.inputs) > 1 else None
    copy = original.model_copy(update={"name": name, "inputs": inputs})
    longer = splice(design.network, copy, design.network.index(edit.layer) + 1)
    design.set_network(longer, design.experiment.layout.beside(edit.layer, name))
    design.selected = name


def _move(design: Design, edit: Edit) -> None:
    if isinstance(edit.to, int):
        design.set_network(editing.move(design.network, edit.layer, edit.to))


def _delete(design: Design, edit: Edit) -> None:
    design.set_network(editing.delete(design.network, edit.layer))


def _rename(design: Design, edit: Edit) -> None:
    rename(design, edit.layer, str(edit.to))


def _select(design: Design, edit: Edit) -> None:
    design.selected = edit.name if edit.name in design.network.names() else None


def _repair(design: Design, edit: Edit) -> None:
    repair(design, edit.layer)


def repair(design: Design, name: str) -> None:
    """Press the button that the layer's card offers, if it offers one."""
    report = network.check(design.network, signature(design), design.experiment.training.batch_size)
    offer = cards.repair(design.network, report, name)
    if offer:
        design.set_network(offer.network)


def signature(design: Design) -> Signature:
    task = design.experiment.task
    return tasks.get(task.name, task.fields).signature()


_OF_A_LAYER = ("duplicate", "move", "delete", "rename", "repair")
_DO: dict[str, Callable[[Design, Edit], None]] = {
    "add": _add, "duplicate": _duplicate, "move": _move, "delete": _delete, "rename": _rename, "select": _select,
    "repair": _repair, "undo": lambda design, edit: design.undo(), "redo": lambda design, edit: design.redo()}
