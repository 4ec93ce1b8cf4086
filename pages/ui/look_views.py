"""The views of the Look page: which of them a network has, what each asks for, draws, and says about itself."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dlviz import layers
from dlviz.runs.service import RunInfo
from dlviz.tasks import SequenceTask
from dlviz.training.events import Answered
from pages.ui import look_attention, look_states, look_tables
from pages.ui.look_question import Question
from pages.ui.look_reply import Wish
from pages.ui.look_sights import Sights, sights

KEY = "look.view"
TITLES = {"attention": "Attention", "states": "Hidden state", "positions": "Positions", "embeddings": "Embeddings"}
ICONS = {"attention": ":material/grid_on:", "states": ":material/memory:", "positions": ":material/pin:",
         "embeddings": ":material/bubble_chart:"}
WORDS = {
    "attention": "Every place of the row sends out a **query** (what am I looking for?) and a **key** (what do I have "
                 "to offer?). Where a query and a key fit, the one place takes from the other: their fit is a **score** "
                 "(dot product), and softmax turns a row of scores into shares that add up to 1, the **attention "
                 "weights**. Each **head** learns queries and keys of its own. A head is *sharp* when every place takes "
                 "from a single other one, and not from all alike (1 minus the entropy of its rows).\n\nAttention shows "
                 "where a head takes from. It is not by itself an explanation of the answer: what is taken, and what "
                 "the later layers make of it, is not seen here.",
    "states": "A recurrent layer reads a row from left to right and carries a list of numbers along, its **hidden "
              "state**. Each row of the picture is one of these numbers (a **unit**), each column one step: red is above "
              "zero, blue below. An LSTM and a GRU have **gates**, numbers from 0 to 1 that decide at each step how much "
              "is kept, let in and shown.\n\nClick a unit to see its curve. Drag over some steps to find the units that "
              "are on there and nowhere else.",
    "positions": "Attention by itself does not know the order of what it looks at. So a pattern is added to each symbol, "
                 "another one for each place (**positional encoding**). On the left, each row is the pattern of one "
                 "place. On the right, how alike the patterns of any two places are (their **dot product**): if "
                 "neighbours are more alike than others, the network can tell near from far.",
    "embeddings": "A network calculates with numbers, so each symbol gets a list of them, which is learned (its "
                  "**embedding**). These lists are long; here they are seen from their widest side (**PCA**, principal "
                  "component analysis). Symbols that the network has to treat alike often come to lie near each other; "
                  "those that it must tell apart move apart.",
}


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
        st.caption("This network has no attention, no memory, no positions and no embeddings, so there is only its "
                   "answer to look at.")
        return None
    if st.session_state.get(KEY) not in names:
        st.session_state[KEY] = names[0]
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="look.views"):
        name = st.segmented_control("Look at", names, key=KEY, required=True, label_visibility="collapsed",
                                    format_func=lambda name: f"{ICONS[name]} {TITLES[name]}", persist_state="session")
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


def _positions(found: Sights) -> View:
    sight = look_tables.choose(found.positions)

    def show(run: RunInfo, task: SequenceTask, question: Question, answered: Answered) -> None:
        spec = run.experiment.network.layers[run.experiment.network.index(sight.name)]
        encoding = layers.declare(spec.kind, spec.fields).encoding
        look_tables.positions(sight, question, answered, encoding)
        _explain("positions", layers.get(sight.kind).formula if encoding == "sinusoidal" else r"y_t = x_t + P_t")

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


VIEWS: dict[str, Callable[[Sights], View]] = {"attention": _attention, "states": _states, "positions": _positions,
                                              "embeddings": _embeddings}
