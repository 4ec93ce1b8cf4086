"""The strip below the navigation: the run in focus, how it goes, and the places at which it is opened large.

The one picker of a run that the app has. Drawn by app.py above every page. Knows no page's content.
"""
from __future__ import annotations

from typing import Any

import streamlit as st

from dlviz import tasks
from dlviz.errors import RunError
from dlviz.figures.sparkline import outline
from dlviz.runs.info import RunInfo, Snapshot
from pages.ui.shared import crowd, places, run_picker, run_views, scores, shell, state, welcome
from pages.ui.shared.component import static_component
from pages.ui.shared.following import follow
from pages.ui.shared.run_words import state_words
from pages.ui.shared.texts import texts

EVERY = {"queued": 2.0, "starting": 0.5, "training": 1.0, "paused": 2.0}  # seconds between two looks
LARGE = (places.WORKBENCH, "train")  # pages that show the run's curve and numbers, and draw themselves anew
SELDOM = 5.0  # seconds between two looks there: only the small curve moves

_SHOWN = "dlviz.strip.shown"  # the run, and the state that the strip says it is in

_MOUNT = static_component("dlviz_strip", "strip")


class Strip:
    """What app.py draws once a run of the script, as soon as there is a service to ask."""

    def __init__(self, address: str) -> None:
        self._here = address or places.WORKBENCH
        self._place = st.container(key="strip")
        self._drawn = self._welcomed = False
        st.session_state.pop(_SHOWN, None)

    def draw(self) -> None:
        """Does nothing once a run is drawn. Before the first one the Workbench says where to begin, once."""
        if self._drawn:
            return
        info = state.focus()
        if info is None:
            self._welcome()
            return
        if self._welcomed:
            state.draw_page()  # the page that was drawn meanwhile has started the first run, which takes the place
        self._drawn = True
        with self._place, st.container(horizontal=True, vertical_alignment="center", gap="small", key="strip.line"):
            _run(info, self._here)
            _places(info, self._here)

    def _welcome(self) -> None:
        if not self._welcomed and self._here == places.WORKBENCH and welcome.due():
            self._welcomed = True
            with self._place, st.container(key="strip.line"):
                welcome.line()


def _run(info: RunInfo, here: str) -> None:
    run_picker.show(info)
    large = here in LARGE
    usual = max(SELDOM, EVERY[info.state]) if large and not info.over else EVERY.get(info.state)
    every = crowd.pace(usual, run_views.viewer())
    snapshot = follow(info.id, every or SELDOM)
    if info.over and not snapshot.info.over:
        snapshot = follow(info.id)  # nothing ticks any more that would mend what another session has read before
    with st.container(key="strip.status"):
        st.fragment(_look, run_every=every, key="strip.look")(info.id, _stage(snapshot.info, large), every, large)


def _look(run: str, drawn: tuple[bool, bool], every: float | None, large: bool) -> None:
    """The moving part. A page that has nothing to show yet, or that waits for the end, is drawn anew by it."""
    try:
        snapshot = follow(run, every or SELDOM)
    except RunError:
        state.draw_page()  # deleted in another tab
    st.session_state[_SHOWN] = snapshot.info.id, snapshot.info.state
    _MOUNT(key="strip.figures", data=_payload(snapshot, large), height="content")
    if _stage(snapshot.info, large) != drawn:
        state.draw_page()


def behind(info: RunInfo) -> bool:
    """Whether the strip, which was drawn before the page and ticks less often, says another state of this run."""
    run, word = st.session_state.get(_SHOWN, (info.id, info.state))
    return run == info.id and word != info.state


def _stage(info: RunInfo, large: bool) -> tuple[bool, bool]:
    return info.over, large or run_picker.has_weights(info)


def _payload(snapshot: Snapshot, large: bool) -> dict[str, Any]:
    info, words = snapshot.info, state_words(snapshot.info.state)
    return {"word": words.word, "color": words.color, "figures": "" if large else figures(snapshot),
            "curve": outline(snapshot.train["step"], snapshot.train["loss"], info.step),
            "title": texts.TRAINING_LOSS_OF.format(name=info.name)}


def figures(snapshot: Snapshot) -> str:
    """How far it is, and its best known score: on the test set, else in validation, else in training."""
    info = snapshot.info
    step = texts.STEP_OF.format(step=info.step, total=info.planned_steps) if info.step and not info.over else ""
    score = next(reversed(scores.in_short(snapshot).values()), "")
    if not score and info.loss is not None:
        score = texts.LOSS_IS.format(loss=info.loss)
    return "  ·  ".join(filter(None, (step, score)))


def _places(info: RunInfo, here: str) -> None:
    """Where the run can be opened large, and from there the way back."""
    task = tasks.get(info.experiment.task.name, info.experiment.task.fields)
    with st.container(width="content", key="strip.back"):  # a place of its own: it comes and goes, and no link moves
        if any(place.name == here for place in places.OF_A_RUN):
            st.page_link(f"pages/{places.WORKBENCH}.py", label=texts.PLACES[places.WORKBENCH],
                         icon=":material/arrow_back:")
    with st.container(horizontal=True, vertical_alignment="center", width="content", gap="xxsmall",
                      key="strip.places"):
        for place in places.OF_A_RUN:
            if place.suits(task):
                st.page_link(place.file, label=shell.plain(place.title), icon=place.icon, query_params={"run": info.id})
