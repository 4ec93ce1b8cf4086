"""The views of the Look page: which of them a network has, what each asks for and draws."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dlviz import layers
from dlviz.runs.service import RunInfo
from dlviz.tasks import SequenceTask
from dlviz.training.events import Answered
from pages.ui import look_attention, look_guesses, look_states, look_tables
from pages.ui.look_question import Question
from pages.ui.look_reply import Wish
from pages.ui.look_sights import Sights, sights
from pages.ui.look_words import WORDS

KEY = "look.view"
TITLES = {"attention": "Attention", "states": "Hidden state", "guesses": "Guess over time",
          "positions": "Positions", "embeddings": "Embeddings"}
ICONS = {"attention": ":material/grid_on:", "states": ":material/memory:", "guesses": ":material/timeline:",
         "positions": ":material/pin:", "embeddings": ":material/bubble_chart:"}


@dataclass(frozen=True)
class View:
    """The view that is chosen.

    Attributes:
        wish: what a run must be asked for it.
        show: draws it and says what it is.
    """

    wish: Wish
    show: Callable[[RunInfo, SequenceTask, Question, Answered], None]


def choose(run: RunInfo, task: SequenceTask) -> View | None:
    """The widgets, and the view that they say; None for a network without anything of the kind."""
    found = sights(run.experiment.network, task.signature())
    names = [name for name in TITLES if getattr(found, name)]
    if not names:
        st.caption("This network has no attention, no memory, no positions and no embeddings, so there is "
                   "only its answer to look at.")
        return None
    if st.session_state.get(KEY) not in names:
        st.session_state[KEY] = names[0]
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="look.views"):
        name = st.segmented_control("Look at", names, key=KEY, required=True, label_visibility="collapsed",
                                    format_func=lambda name: f"{ICONS[name]} {TITLES[name]}",
                                    persist_state="session")
        return VIEWS[name](found)


def _attention(found: Sights) -> View:
    def show(run: RunInfo, task: SequenceTask, question: Question, answered: Answered) -> None:
        if answered.attention:
            look_attention.show(run.id, found.attention, question, answered)
        _explain("attention", layers.get("MultiheadAttention").formula)

    return View(Wish(attention=tuple(sight.name for sight in found.attention)), show)


def _states(found: Sights) -> View:
    sight = look_states.choose(found.states)

    def show(run: RunInfo, task: SequenceTask, question: Question, answered: Answered) -> None:
        look_states.show(task, sight, question, answered)
        _explain("states", layers.get(sight.kind).formula)

    return View(Wish(states=(sight.name,)), show)


def _guesses(found: Sights) -> View:
    def show(run: RunInfo, task: SequenceTask, question: Question, answered: Answered) -> None:
        look_guesses.show(task, found.guesses[-1], question, answered)
        _explain("guesses", r"\hat{y}_t = f(x_1, \dots, x_t)")

    return View(Wish(guesses=True), show)


def _positions(found: Sights) -> View:
    sight = look_tables.choose(found.positions)

    def show(run: RunInfo, task: SequenceTask, question: Question, answered: Answered) -> None:
        spec = run.experiment.network.layers[run.experiment.network.index(sight.name)]
        encoding = layers.declare(spec.kind, spec.fields).encoding
        look_tables.positions(sight, question, answered, encoding)
        waves = encoding == "sinusoidal"
        _explain("positions", layers.get(sight.kind).formula if waves else r"y_t = x_t + P_t")

    return View(Wish(weights=(sight.name,)), show)


def _embeddings(found: Sights) -> View:
    sight = look_tables.choose(found.embeddings)

    def show(run: RunInfo, task: SequenceTask, question: Question, answered: Answered) -> None:
        look_tables.embeddings(run.id, task, sight, question, answered)
        _explain("embeddings", layers.get(sight.kind).formula)

    return View(Wish(weights=(sight.name,)), show)


def _explain(name: str, formula: str) -> None:
    with st.expander("What am I looking at?", icon=":material/help:"):
        st.markdown(WORDS[name])
        st.latex(formula)


VIEWS: dict[str, Callable[[Sights], View]] = {"attention": _attention, "states": _states, "guesses": _guesses,
                                              "positions": _positions, "embeddings": _embeddings}
