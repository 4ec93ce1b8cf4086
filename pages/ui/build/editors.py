"""The two editors of the build page, stack and canvas: two views of one design, of which one is shown."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from dlviz.errors import DlvizError
from dlviz.spec import Experiment
from pages.ui.build import canvas, canvas_edits, cards, graph, group_edits, stack
from pages.ui.build import edits as stack_edits
from pages.ui.build.cards import DesignView
from pages.ui.build.texts import texts
from pages.ui.shared.design import Design

VIEW = "build.view"  # the session's key, and without its first part the name in the address
STACK, CANVAS = "stack", "canvas"


@dataclass(frozen=True)
class Applied:
    """What the editor's edits came to: whether there were any, and the errors of those that could not be."""

    changed: bool = False
    refused: tuple[DlvizError, ...] = ()


def view() -> str:
    """Which of the two is shown."""
    return st.session_state.get(VIEW) or STACK


def take_address() -> None:
    """Show the editor that the address asks for, once."""
    asked = st.query_params.get("view")
    if asked in (STACK, CANVAS):
        del st.query_params["view"]
        st.session_state[VIEW] = asked


def switch() -> None:
    """The control that changes between the two, for the rest of the session."""
    st.session_state.setdefault(VIEW, STACK)
    words = {STACK: texts.STACK, CANVAS: texts.CANVAS}
    st.segmented_control(texts.VIEW_OF_DESIGN, list(words), default=view(), key=VIEW, required=True,
                         label_visibility="collapsed", persist_state="session", format_func=words.__getitem__)


def take_canvas(design: Design) -> tuple[DlvizError, ...]:
    """Apply what came from the canvas; the errors of those edits that could not be.

    A newer run of this page begins while an older one still works: it must not find edits taken and not yet applied.
    """
    box, message, refused = canvas.inbox(), canvas.sent("edits"), []
    with design.lock:
        for edit in box.take(message):
            try:
                canvas_edits.apply(design, edit)
            except DlvizError as error:
                box.refuse(edit, error.sentence)
                refused.append(error)
    if canvas.narrow():
        st.session_state[VIEW] = STACK
        st.toast(texts.CANVAS_NEEDS_WIDTH, icon=":material/width_wide:")
    return tuple(refused)


def show(design: Design, experiment: Experiment, shown: DesignView, height: int) -> Applied:
    """The editor with this experiment, of which `shown` is; edits of the canvas have been applied before."""
    if view() == CANVAS:
        canvas.canvas(canvas.inbox(), graph=graph.graph(experiment, shown), palette=cards.palette(),
                      groups=group_edits.shown(design.owner), selected=design.selection,
                      can_undo=design.can_undo, can_redo=design.can_redo, height=height)
        return Applied()
    with design.lock:  # taken and applied at once, as in `take_canvas`
        return _take_stack(design, stack.stack(
            STACK, palette=cards.palette(), cards=shown.pictured, inputs=shown.inputs, epoch=design.epoch,
            selected=design.selected, can_undo=design.can_undo, can_redo=design.can_redo, height=height))


def _take_stack(design: Design, edits: Sequence[stack.Edit]) -> Applied:
    """Apply them, before any other command of Streamlit, at which a run may be broken off."""
    refused = []
    for edit in edits:
        try:
            stack_edits.apply(design, edit)
        except DlvizError as error:
            refused.append(error)
    return Applied(bool(edits), tuple(refused))


def coming() -> bool:
    """Whether the browser has sent edits that were not yet applied; those of the canvas are, before a press is."""
    return stack.coming(STACK)
