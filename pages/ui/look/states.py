"""Hidden state and gates over time: which are shown, the unit that follows what is known, units on only here.

Turns what a run answered into the plain data of the component `look`; asks for nothing itself.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from dlviz.figures import packing, states
from dlviz.probes import recurrent
from dlviz.probes.recurrent import RecurrentStates
from dlviz.tasks import Task
from dlviz.training.events import QueryResult
from pages.ui.look.attention import words
from pages.ui.look.layer_views import LayerView
from pages.ui.look.texts import texts
from pages.ui.shared import sequence_answer
from pages.ui.shared.sequence_question import SequenceInput

KEY = "look.states"
LAYER, READING, WHAT = "look.layer", "look.reading", "look.what"


@dataclass(frozen=True)
class StateView:
    """One thing that a recurrent layer tells of each step.

    Attributes:
        signed: below and above zero, and not a share from 0 to 1.
    """

    title: str
    sentence: str
    signed: bool = True


def shown_states() -> dict[str, StateView]:
    """What a state or a gate is called, by its key."""
    return {
        "hidden": StateView(texts.HIDDEN_STATE, texts.WHAT_LAYER_CARRIES_FROM),
        "cell": StateView(texts.CELL, texts.CELL_STATE_LSTM_CHANGES),
        "input": StateView(texts.INPUT_GATE, texts.HOW_MUCH_CANDIDATE_WRITTEN,
                       signed=False),
        "forget": StateView(texts.FORGET_GATE, texts.HOW_MUCH_OLD_CELL,
                        signed=False),
        "output": StateView(texts.OUTPUT_GATE, texts.HOW_MUCH_CELL_STATE,
                        signed=False),
        "candidate": StateView(texts.CANDIDATE, texts.NEW_VALUES_INPUT_GATE),
        "reset": StateView(texts.RESET_GATE, texts.HOW_MUCH_OLD_HIDDEN,
                       signed=False),
        "update": StateView(texts.UPDATE_GATE, texts.HOW_MUCH_OLD_HIDDEN_STATE, signed=False),
        "new": StateView(texts.NEW, texts.PROPOSED_HIDDEN_STATE_UPDATE),
    }


def choose(layer_views: tuple[LayerView, ...]) -> LayerView:
    """The recurrent layer that is looked into; a select where there are several."""
    by_name = {layer_view.name: layer_view for layer_view in layer_views}
    if len(layer_views) == 1:
        return layer_views[0]
    if st.session_state.get(LAYER) not in by_name:
        st.session_state[LAYER] = layer_views[0].name
    name = st.selectbox(texts.LAYER, list(by_name), key=LAYER, width=240, label_visibility="collapsed",
                        format_func=lambda name: f"{name} · {by_name[name].kind}", persist_state="session")
    return by_name[name]


def show(task: Task, layer_view: LayerView, question: SequenceInput, answered: QueryResult) -> None:
    readings = answered.states.get(layer_view.name)
    if not readings:
        st.caption(texts.APPEARS_FIRST_CAPTURE)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="look.reading.bar"):
        reading = readings[_choice(READING, list(readings), str.capitalize)]
        names = ["hidden", *sorted(reading.gates, key=list(shown_states()).index)]
        if st.session_state.get(WHAT) not in names:
            st.session_state[WHAT] = _closest(task, question, reading)
        what = _choice(WHAT, names, lambda name: shown_states()[name].title)
    st.caption(shown_states()[what].sentence)
    sequence_answer.mount(KEY, payload(task, layer_view, question, reading, what, brushed()), "brush")


def _choice(key: str, names: list[str], title: Any) -> str:
    if len(names) == 1:
        return names[0]
    if st.session_state.get(key) not in names:
        st.session_state[key] = names[0]
    return st.segmented_control(texts.VIEW, names, key=key, required=True, format_func=title,
                                label_visibility="collapsed", persist_state="session")


@dataclass(frozen=True)
class Brush:
    """Steps `start` to `stop` (not included), and the number above which a unit is on."""

    start: int
    stop: int
    threshold: float


def brushed() -> Brush | None:
    """The span that the browser says is marked."""
    match (st.session_state.get(KEY) or {}).get("brush"):
        case [int(start), int(stop), int() | float() as threshold] if 0 <= start < stop:
            return Brush(start, stop, float(threshold))
    return None


def payload(task: Task, layer_view: LayerView, question: SequenceInput, reading: RecurrentStates, what: str,
            brush: Brush | None) -> dict[str, Any]:
    """What is sent: the picture's numbers, the words of its steps, and what was found in it."""
    values = reading.hidden if what == "hidden" else reading.gates[what]
    shows, picture = shown_states()[what], states.picture(values)
    return {"view": "states", "what": what, "title": shows.title, "layer": layer_view.name,
            "values": packing.floats(picture), "units": len(picture), "of": values.shape[1],
            "steps": len(values), "signed": shows.signed,
            "span": states.span(values, least=1.0), "words": words(question, layer_view.steps[0], len(values)),
            "traced": _traced(task, question, values), "found": _found(values, brush)}


def _traced(task: Task, question: SequenceInput, values: np.ndarray) -> dict[str, Any] | None:
    """The unit that follows what the task counts; None where it counts nothing, or nothing is known."""
    truth = running(task, question, len(values))
    if truth is None or not np.isfinite(values).all():
        return None
    found = recurrent.most_correlated_unit(values, truth)
    return {"unit": found.unit, "correlation": round(found.correlation, 3), "name": task.counts,
            "truth": truth.tolist()}


def running(task: Task, question: SequenceInput, steps: int) -> np.ndarray | None:
    """What the task counts after each of so many steps; None where it counts nothing, or nothing that changes."""
    truth = task.running(question.inputs)
    return None if truth is None or len(truth) != steps or not np.ptp(truth) else truth.astype(float)


def _closest(task: Task, question: SequenceInput, reading: RecurrentStates) -> str:
    """Of the hidden state and the cell, the one with the unit that follows what the task counts more closely."""
    kinds = {"hidden": reading.hidden, **{name: reading.gates[name] for name in ("cell",) if name in reading.gates}}
    traced = {name: found for name, values in kinds.items() if (found := _traced(task, question, values))}
    return max(traced, key=lambda name: abs(traced[name]["correlation"]), default="hidden")


def _found(values: np.ndarray, brush: Brush | None) -> dict[str, Any] | None:
    if brush is None or brush.stop > len(values):
        return None
    units = recurrent.units_active_only_within(values, brush.start, brush.stop, brush.threshold)
    return {"start": brush.start, "stop": brush.stop, "threshold": brush.threshold, "units": units}
