"""What the network is asked: a sample that it never learned from, or what the user types. Knows no run."""
from __future__ import annotations

import secrets
from dataclasses import replace

import numpy as np
import streamlit as st

from dlviz.errors import TaskError
from dlviz.tasks import Task
from dlviz.tasks.decoding import GREEDY, Decoding
from dlviz.tasks.forecast import ForecastWindow
from dlviz.translation import _, translated
from dlviz.views.question import SequenceInput, question_of
from pages.ui.shared import forms, shell
from pages.ui.shared.texts import texts

SAMPLE, OWN = _(":material/list_alt: Test sample").source, _(":material/keyboard: My own").source
SOURCE, TEXT, HEAT, FEW, SEED = "look.source", "look.text", "look.temperature", "look.top_k", "look.seed"
NUCLEUS = "look.top_p"


def choose(task: Task) -> SequenceInput | None:
    """The widgets, and the question that they say; None while what is typed cannot be read."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="look.question"):
        source = st.segmented_control(texts.INPUT, (SAMPLE, OWN), default=SAMPLE, required=True, format_func=translated,
                                      key=SOURCE, label_visibility="collapsed", persist_state="session")
        if source == SAMPLE:
            return _sample(task)
        text = st.text_input(texts.YOUR_OWN, key=f"{TEXT}.{task.name}", placeholder=task.example, max_chars=2_000,
                             label_visibility="collapsed", width=560, persist_state="session")
    return _own(task, text)


def _sample(task: Task) -> SequenceInput:
    key, size = f"look.index.{task.name}", task.size("test")
    now = forms.option(key, range(size), min(task.pinned, size - 1))
    index = st.number_input(texts.NUMBER_TEST_SAMPLE_2.format(last=size - 1), 0, size - 1, now, key=key, step=1,
                            width=150, label_visibility="collapsed", persist_state="session",
                            help=texts.NUMBER_SAMPLE_NONE_THESE.format(last=size - 1))
    st.button(texts.ANOTHER, icon=":material/casino:", key="look.another", on_click=_draw_lot, args=(key, size),
              help=texts.ANY_OTHER_TEST_SAMPLE)
    question = question_of(task, *task.sample("test", index))
    if task.forecast:
        return replace(question, forecast_window=task.forecast.forecast_window("test", index),
                       moments=task.forecast.time_labels("test", index))
    if task.stepwise and task.signature().exact_match:
        return replace(question, decoding=GREEDY)
    if task.stepwise:
        st.caption(texts.STEP_BY_STEP)
        return replace(question, seed=st.session_state.get(SEED, 0))
    return question


def _draw_lot(key: str, size: int) -> None:
    st.session_state[key] = secrets.randbelow(size)


def _own(task: Task, text: str) -> SequenceInput | None:
    """What is typed; while nothing is, the example that stands in the box."""
    try:
        inputs = task.parse(text.strip() or task.example)
    except TaskError as error:
        st.error(shell.plain(error.sentence), icon=":material/error:")
        return None
    if not text.strip():
        st.caption(texts.EXAMPLE_BOX_SHOWN_TYPE)
    question = question_of(task, inputs, task.solve(inputs))
    if task.forecast:
        past, horizon = task.forecast.numbers(text.strip() or task.example), task.forecast.horizon
        ahead = tuple(f"+{step}" for step in range(1, horizon + 1))
        return replace(question, forecast_window=ForecastWindow(past, np.zeros(0), horizon),
                       moments=(*question.words[0], *ahead))
    if not task.stepwise:
        return question
    free = not task.signature().exact_match
    return replace(question, decoding=_choice(len(task.classes)) if free else GREEDY,
                   seed=st.session_state.get(SEED, 0) if free else 0)


def _choice(symbols: int) -> Decoding:
    """How boldly a network goes on writing where many things can come next."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="look.choice"):
        temperature = st.slider(texts.TEMPERATURE, 0.0, 2.0, 0.0, 0.1, key=HEAT, width=220,
                                persist_state="session", help=texts.GREEDY_DECODING_SAMPLES_FROM)
        few = st.slider(texts.TOP_K, 1, symbols, symbols, key=FEW, width=220,
                        disabled=not temperature, persist_state="session",
                        help=texts.SAMPLES_ONLY_FROM_K)
        nucleus = st.slider(texts.TOP_P, 0.05, 1.0, 1.0, 0.05, key=NUCLEUS, width=220, disabled=not temperature,
                            persist_state="session", help=texts.SAMPLES_ONLY_FROM_P)
        st.button(texts.SAMPLE_AGAIN, icon=":material/casino:", key="look.draw", disabled=not temperature,
                  on_click=reseed)
    return Decoding(temperature, few, nucleus) if temperature else GREEDY


def reseed() -> None:
    """What is drawn from now on is drawn anew."""
    st.session_state[SEED] = secrets.randbelow(2**31)
