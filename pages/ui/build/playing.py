"""What Play means on the build page: go on with the run in focus, or start a new one of the design in hand.

A run that trains the design in hand goes on; for any other design a new run starts, and the one in focus is paused.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from dlviz.runs.info import RunInfo
from dlviz.training.control import Advance, Pause, Resume
from pages.ui.build import editors
from pages.ui.shared import first_weights, forms, run_actions, state
from pages.ui.shared.design import Design

Press = Literal["play", "batch"]
GO_ON = ("paused", "stopped", "failed")
UNDER_WAY = ("queued", "starting", "training")


@dataclass(frozen=True)
class Playing:
    """The run in focus beside the design in hand.

    Attributes:
        info: the run in focus, if there is one.
        mine: whether it is this visitor's.
        same: whether it trains the design in hand.
        reason: why the design in hand cannot be trained now; None where it can.
    """

    info: RunInfo | None
    mine: bool
    same: bool
    reason: str | None

    @property
    def steered(self) -> RunInfo | None:
        """The run in focus where the buttons are for it, and not for one to come."""
        return self.info if self.mine and self.same else None

    @property
    def goes_on(self) -> bool:
        """Whether Play goes on with the run in focus."""
        return self.steered is not None and self.steered.state in GO_ON


def now(design: Design, reason: str | None = None) -> Playing:
    """How the run in focus and the design in hand stand. RunError where the runs cannot be read."""
    info = state.focus()
    if info is None:
        return Playing(None, False, False, reason)
    return Playing(info, info.owner == state.visitor(), design.experiment.trains_as(info.experiment), reason)


def press(what: Press) -> None:
    """Note that a button was pressed; `take_press` does it before the page is drawn anew."""
    _presses().append(what)


def _presses() -> list[Press]:
    return state.session_value("build.play", list)


def take_press(design: Design) -> None:
    """Do what was pressed. Edits that came with it count first: then the page is run once more, and this called again.
    """
    if not _presses() or editors.coming():
        return
    with design.lock:  # a newer run of this page waits until the press is done, and shows what came of it
        presses = _presses().copy()
        _presses().clear()
        for what in presses[-1:]:
            _play(design, what)


@run_actions.with_refusals
def _play(design: Design, what: Press) -> None:
    found = now(design)
    by = Advance("batch") if what == "batch" else None
    if found.steered and (found.goes_on or (by and not found.steered.over)):
        state.service().post(found.steered.id, by or Resume(), state.visitor())
        return
    if found.info and found.mine and found.info.state in UNDER_WAY:
        state.service().post(found.info.id, Pause(), state.visitor())
    run_actions.start(design.experiment, by=by, weights_from=first_weights.chosen(design))


@run_actions.with_refusals
def set_rate(key: str, design: str) -> None:
    """The learning rate that the next run of the `design` of this name starts with.

    A browser that still draws an earlier design's widget sends its value along with the next click: it is no wish.
    """
    training = state.design().experiment.training
    if st.session_state[key] and state.design().experiment.name == design:
        optimizer = forms.changed(training.optimizer, "learning_rate", st.session_state[key])
        state.design().set_training(training.model_copy(update={"optimizer": optimizer}))
