"""Whose update is slowed down: the design in hand or a run with its newest weights; on which small batch.

Keeps the record that is on screen, so that a run that goes on learning does not change it under the reader.
"""
from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from dlviz import once
from dlviz.errors import RunError
from dlviz.inspect.slow_motion import SlowMotion, SlowMotions
from dlviz.runs.info import RunInfo
from dlviz.spec import Experiment
from dlviz.translation import _
from pages.ui.motion.texts import texts
from pages.ui.shared import shell, state
from pages.ui.shared.run_picker import has_weights

KEY, RUN, DESIGN = "motion.source", "run", "design"
LAST = "motion.last"  # which run was in focus at the last visit
TICK = 1.0  # seconds between two looks at how far a training run is


@dataclass(frozen=True)
class MotionSource:
    """What is slowed down; `run` is None for the design in hand, which has its first weights."""

    experiment: Experiment
    run: RunInfo | None = None


@dataclass
class _MotionCache:
    of: Hashable = None
    motion: SlowMotion | None = None
    batch: int = 0
    fresh: int = 0  # how often newer weights were asked for


def _motions() -> SlowMotions:
    return once.get("motions", SlowMotions)


def choose() -> MotionSource:
    """The run in focus, once it has learned, or the design in hand; a switch where there are both."""
    focus, design = state.focus(), state.design().experiment
    run = focus if focus and has_weights(focus) else None
    last = state.session_value(LAST, dict)
    if last.get("focus") != (run and run.id):
        st.session_state[KEY] = RUN if run else DESIGN  # a training since the last visit is what one comes to see
    last["focus"] = run and run.id
    if run is None:
        st.caption(texts.DESIGN_UNTRAINED.format(name=shell.plain(design.name)), width="content")
        return MotionSource(design)
    labels = {RUN: shell.plain(run.name), DESIGN: texts.DESIGN_UNTRAINED.format(name=shell.plain(design.name))}
    picked = st.segmented_control(texts.WEIGHTS_OF, (RUN, DESIGN), key=KEY, required=True, default=RUN,
                                  format_func=labels.__getitem__, label_visibility="collapsed", width="content",
                                  persist_state="session")
    return MotionSource(run.experiment, run) if picked == RUN else MotionSource(design)


def take(source: MotionSource) -> SlowMotion:
    """The record on screen, with the buttons that ask for another. The engine's RunError, SpecError."""
    held = state.session_value("motion.held", _MotionCache)
    st.button(texts.ANOTHER_BATCH, icon=":material/casino:", key="motion.another", on_click=_next, args=(held,),
              help=texts.FOUR_OTHER_TRAINING_SAMPLES)
    run = source.run
    of = (source.experiment.without_layout().to_json(None), run and run.id, held.batch, held.fresh)
    if held.of != of or held.motion is None:
        held.of, held.motion = None, None
        held.motion = _motions().get(source.experiment, _weights(run), held.batch)
        held.of = of
    if run is not None:
        st.fragment(_offer, run_every=None if run.over else TICK)(run, held)
    return held.motion


def _offer(run: RunInfo, held: _MotionCache) -> None:
    """Where the run has learned on: a button that takes its newest weights. A fragment catches for itself."""
    with shell.show_errors():
        now = state.service().get(run.id)
        if held.motion is None or now.step <= held.motion.step:
            return
        if st.button(texts.NEWEST_WEIGHTS_STEP.format(step=now.step), icon=":material/refresh:", key="motion.fresh"):
            held.fresh += 1
            state.draw_page()


def _next(held: _MotionCache) -> None:
    held.batch += 1


def _weights(run: RunInfo | None) -> Path | None:
    if run is None:
        return None
    path = state.service().weights_path(run.id)
    if path is None:
        raise RunError(_("The run {name!r}", name=run.name), _("has weights to look at"), _("it has not saved any yet"),
                       _("Wait a moment, or choose another network above."))
    return path
