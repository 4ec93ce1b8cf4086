"""A run as it moves: progress, curves and what is seen inside, in one fragment that ticks while it lives.

A tick asks the service for what is new since the last one and for nothing that is not on screen. A change of
the run's state or settings is drawn by the whole page.
"""
from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dlviz.errors import RunError
from dlviz.figures import table
from dlviz.runs.info import Snapshot
from dlviz.runs.reading import reading
from dlviz.views.pictures import once
from pages.ui.shared import (
    crowd,
    curves,
    mechanism_panels,
    run_views,
    run_words,
    shell,
    state,
    strip,
)
from pages.ui.shared import (
    scores as train_scores,
)
from pages.ui.shared import (
    scrubber as moments,
)
from pages.ui.shared.component import Json, to_json
from pages.ui.shared.following import follow
from pages.ui.shared.texts import texts
from pages.ui.shared.ticks import placed, retime

EVERY = {"queued": 0.5, "starting": 0.1, "training": 0.25, "paused": 0.25}  # seconds; else no ticks
PATIENCE = 0.25  # seconds that a page waits for a run's first step, rather than show an empty one and draw again
LOOK = 0.005  # seconds between two looks meanwhile; each takes some 20 microseconds


def first(run: str) -> Snapshot:
    """The run as `follow` gives it, a moment later where that is enough for its first step."""
    service, until = state.service(), time.monotonic() + PATIENCE
    while (info := service.get(run)).state in ("starting", "training") and not info.step:
        if time.monotonic() > until:
            break
        time.sleep(LOOK)
    return follow(run)


@dataclass(frozen=True)
class CurvesWish:
    """How a session wants to see the curves of a run."""

    axis: str
    log: bool
    rates: bool  # with the learning rate's own panel
    window: tuple[float, float] | None  # the steps to which it has zoomed
    at: int | None  # the step that it looks back at
    empty: str  # what an empty chart says; in the session's language, as are the other words of the curves


@dataclass
class Pace:
    """How often the fragment of a page ticks now; grows and shrinks with the class that looks."""

    seconds: float | None  # None where nothing moves any more

    def fit(self, usual: float | None) -> None:
        """Take up another pace where the class has outgrown this one; for the fragment that runs."""
        if usual is not None and crowd.outgrown(self.seconds, usual, run_views.viewer()):
            self.seconds = max(usual, crowd.fitting(crowd.looking(run_views.viewer())))
            retime(self.seconds)


def show(snapshot: Snapshot, mine: bool) -> None:
    """Draw the run and keep drawing it while it lives.

    What can be chosen stands outside the fragment, which draws into places between: a tick costs less so.
    """
    facts = run_views.facts(snapshot, mine)
    places = _places(snapshot, facts)
    pace = Pace(crowd.pace(EVERY.get(snapshot.info.state), run_views.viewer()))
    ticking = st.fragment(_tick, run_every=pace.seconds, key="run.live")
    ticking(_drawn(snapshot), pace, facts, *places)


def _places(snapshot: Snapshot, facts: run_views.RunFacts) -> tuple[DeltaGenerator, ...]:
    """Places for bar, curves, scrubber and pictures, with what can be chosen beside and between them."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="run.progress"):
        bar = st.container()
        st.segmented_control(texts.HORIZONTAL_AXIS, ["step", "epoch"], key="run.axis", default="step",
                             required=True, format_func=str.capitalize, label_visibility="collapsed",
                             persist_state="session")
        st.toggle(texts.LOG_SCALE, key="run.log", persist_state="session",
                  help=texts.LOSS_LOGARITHMIC_SCALE)
        mechanism_panels.switch()
    room = "plain" if snapshot.info.over else train_scores.room(snapshot.info)
    charts = st.container(key=f"run.charts.{room}")  # style.css keeps these two as high as they will be
    scrubber = st.container(key="run.scrubber")
    run_views.choose(facts)
    return bar, charts, scrubber, st.container()


def _drawn(snapshot: Snapshot) -> tuple[str, str, int | None, int, bool]:
    """What the page outside the fragment shows of the run."""
    info = snapshot.info
    return info.state, info.sentence, info.position, len(snapshot.marks), info.step > 0


@placed
def _tick(drawn: tuple, pace: Pace, facts: run_views.RunFacts, bar: DeltaGenerator,
          charts: DeltaGenerator, scrubber: DeltaGenerator, pictures: DeltaGenerator) -> None:
    try:
        run_views.watch(facts)
        snapshot = follow(facts.run, pace.seconds)
    except RunError:
        state.draw_page()  # it was deleted in another tab; the page says so
    bar.progress(*run_words.progress(snapshot))
    with scrubber:
        at = moments.bar(snapshot.info, "run.moments")
    with charts:
        _curves(snapshot, at)
    with pictures, shell.show_errors():
        run_views.show(_at_step(snapshot, facts, at), facts)
    if _drawn(snapshot) != drawn or strip.behind(snapshot.info):
        state.draw_page()
    pace.fit(EVERY.get(snapshot.info.state))


def _at_step(snapshot: Snapshot, facts: run_views.RunFacts, at: int | None) -> Snapshot:
    """The run as it is now, or as it was at the moment that is chosen."""
    if at is None:
        return snapshot
    return moments.at_keyframe(snapshot, at, run_views.watch_for(facts), run_views.needs_evaluation(facts))


def _reads(history: Mapping[str, table.Curve], at: int | None) -> dict[str, float | None] | None:
    """The legend's numbers of the moment that is looked back at: what the drawn line shows there."""
    if at is None:
        return None
    return {name: reading(*curve, at, curves.averaged(len(curve[0])) if name.startswith("train") else 1)
            for name, curve in history.items()}


def _curves(snapshot: Snapshot, at: int | None) -> None:
    info = snapshot.info
    wish = CurvesWish(st.session_state.get("run.axis") or "step", bool(st.session_state.get("run.log")),
                      mechanism_panels.shown(), curves.zoom("run.curves", info.id), at,
                      texts.NOTHING if info.over else texts.SOON)
    curves.show("run.curves", once(snapshot, wish, None, _drawn_curves))
    if scores := train_scores.summary(snapshot):
        st.caption(shell.plain(scores))
    if bites := mechanism_panels.clipping_note(snapshot):
        st.caption(bites)


def _drawn_curves(snapshot: Snapshot, wish: CurvesWish, _: None) -> Json:
    """What the browser is sent of the curves; the same for all sessions with the same wish."""
    info = snapshot.info
    history = (table.curves(snapshot.train, snapshot.evaluations) | train_scores.columns(snapshot)
               | mechanism_panels.columns(snapshot))
    panels = (*train_scores.panels(info), *mechanism_panels.panels(info, wish.rates))
    return to_json(curves.payload(
        panels, history, planned_steps=info.planned_steps, steps_per_epoch=run_words.steps_per_epoch(info),
        marks=[run_words.mark(change) for change in snapshot.marks], x_axis=wish.axis, log_y=wish.log,
        height=curves.HEIGHT, run=info.id, empty=wish.empty, window=wish.window, moment=wish.at,
        reads=_reads(history, wish.at)))
