"""A run as it moves: progress, curves and what is seen inside, in one fragment that ticks while it lives.

A tick asks the service for what is new since the last one and for nothing that is not on screen. A change of
the run's state or settings is drawn by the whole page.
"""
from __future__ import annotations

import time
from dataclasses import dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dlviz.errors import RunError
from dlviz.figures import table
from dlviz.runs.info import Snapshot
from dlviz.runs.reading import NEAR, reading
from dlviz.training.history import TRAIN_COLUMNS, Column
from pages.ui.shared import (
    crowd,
    curves,
    mechanism_panels,
    run_views,
    run_words,
    shell,
    state,
)
from pages.ui.shared import (
    scores as train_scores,
)
from pages.ui.shared import (
    scrubber as moments,
)
from pages.ui.shared.texts import texts
from pages.ui.shared.ticks import placed, retime

EVERY = {"queued": 0.5, "starting": 0.1, "training": 0.25, "paused": 0.25}  # seconds; else no ticks
PATIENCE = 0.25  # seconds that a page waits for a run's first step, rather than show an empty one and draw again


class RunCurves:
    """The curve of one run as far as this session has it; grows by what each snapshot brings."""

    def __init__(self, run: str):
        self.run = run
        self._restart(0)

    def _restart(self, revision: int) -> None:
        self._revision, self._step = revision, 0
        self._columns = {name: Column(kind) for name, kind in TRAIN_COLUMNS.items()}

    def catch_up(self) -> Snapshot:
        """The run as it is now, with its whole curve. RunError when it is gone."""
        snapshot = state.service().snapshot(self.run, self._step)
        if snapshot.revision != self._revision:
            self._restart(snapshot.revision)
            return self.catch_up()
        for name, column in self._columns.items():
            column.extend(snapshot.train[name])
        self._step = snapshot.step
        return replace(snapshot, train={name: column.values for name, column in self._columns.items()})


def follow(run: str) -> Snapshot:
    """The run as it is now, with its whole curve; costs what is new since this session last asked."""
    curves_so_far: list[RunCurves] = state.session_value("run.curves", list)
    if not curves_so_far or curves_so_far[0].run != run:
        curves_so_far[:] = [RunCurves(run)]
    return curves_so_far[0].catch_up()


def first(run: str) -> Snapshot:
    """The run as `follow` gives it, a moment later where that is enough for its first step."""
    until = time.monotonic() + PATIENCE
    while (snapshot := follow(run)).info.state in ("starting", "training") and not snapshot.step:
        if time.monotonic() > until:
            break
        time.sleep(0.01)
    return snapshot


@dataclass
class Pace:
    """How often the fragment of a page ticks now; grows and shrinks with the class that looks."""

    seconds: float | None  # None where nothing moves any more

    def fit(self, usual: float | None) -> None:
        """Take up another pace where the class has outgrown this one; for the fragment that runs."""
        if crowd.outgrown(self.seconds, usual, run_views.viewer()):
            self.seconds = crowd.pace(usual, run_views.viewer())
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
        snapshot = follow(facts.run)
    except RunError:
        st.rerun()  # it was deleted in another tab; the page says so
    bar.progress(*run_words.progress(snapshot))
    with scrubber:
        at = moments.bar(snapshot.info, "run.moments")
    with charts:
        _curves(snapshot, at)
    with pictures, shell.show_errors():
        run_views.show(_at_step(snapshot, facts, at), facts)
    if _drawn(snapshot) != drawn:
        st.rerun()
    pace.fit(EVERY.get(snapshot.info.state))


def _at_step(snapshot: Snapshot, facts: run_views.RunFacts, at: int | None) -> Snapshot:
    """The run as it is now, or as it was at the moment that is chosen."""
    if at is None:
        return snapshot
    return moments.at_keyframe(snapshot, at, run_views.watch_for(facts), run_views.needs_evaluation(facts))


def _reads(history: curves.History, at: int | None) -> dict[str, float | None] | None:
    """The legend's numbers of the moment that is looked back at; training curves are means of a few steps."""
    if at is None:
        return None
    return {name: reading(*curve, at, NEAR if name.startswith("train") else 1) for name, curve in history.items()}


def _curves(snapshot: Snapshot, at: int | None) -> None:
    info = snapshot.info
    history = (table.curves(snapshot.train, snapshot.evaluations) | train_scores.columns(snapshot)
               | mechanism_panels.columns(snapshot))
    curves.curves("run.curves", (*train_scores.panels(info), *mechanism_panels.panels(snapshot)), history,
                  planned_steps=info.planned_steps, steps_per_epoch=run_words.steps_per_epoch(info),
                  marks=[run_words.mark(change) for change in snapshot.marks],
                  x_axis=st.session_state.get("run.axis") or "step",
                  log_y=bool(st.session_state.get("run.log")), run=info.id,
                  empty=texts.NOTHING if info.over else texts.SOON, moment=at, reads=_reads(history, at))
    if scores := train_scores.summary(snapshot):
        st.caption(shell.plain(scores))
    if bites := mechanism_panels.clipping_note(snapshot):
        st.caption(bites)
