"""What the network is asked on the Explain page: a test picture, a drawing, or a test sample of a sequence task."""
from __future__ import annotations

import secrets

import numpy as np
import streamlit as st

from dlviz.tasks import Modality, Task
from dlviz.translation import _, numeral, translated
from dlviz.views.question import ExplainedInput, picture_of, visible
from pages.ui.explain.texts import texts
from pages.ui.shared import canvas, forms, sample_picker

TEST, DRAW = _(":material/image: Test image").source, _(":material/draw: Draw").source
LEFT = canvas.SIDE
SOURCE = "explain.source"


def choose(task: Task) -> ExplainedInput | None:
    """The widgets, and what they say; None while nothing is drawn."""
    return _picture(task) if task.modality is Modality.IMAGE else _sequence(task)


def _picture(task: Task) -> ExplainedInput | None:
    source = st.segmented_control(texts.INPUT, (TEST, DRAW), default=TEST, required=True, key=SOURCE,
                                  label_visibility="collapsed", width="stretch", format_func=translated,
                                  persist_state="session")
    if source == TEST:
        index = sample_picker.sample(task)
        inputs, target = task.sample("test", index)
        return ExplainedInput(inputs, task.picture("test", index), target)
    picture = canvas.canvas(task.box)
    return None if picture is None else ExplainedInput(task.from_picture(picture), picture)


def _sequence(task: Task) -> ExplainedInput:
    key, size = f"explain.index.{task.name}", task.size("test")
    now = forms.option(key, range(size), min(task.pinned, size - 1))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        index = st.number_input(texts.NUMBER_TEST_SET.format(last=size - 1), 0, size - 1, now, key=key,
                                width=240, persist_state="session")
        st.button(texts.ANOTHER, icon=":material/casino:", key="explain.another", on_click=_draw_lot, args=(key, size))
    inputs, target = task.sample("test", index)
    shown = task.view(inputs, target)
    words = tuple(tuple(visible(row)) for row in _words(inputs, shown.inputs))
    return ExplainedInput(inputs, picture_of(inputs), target, words, shown.steps)


def _words(inputs: tuple[np.ndarray, ...], given: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """Symbols by their names, steps of few numbers by these numbers."""
    return tuple(words if values.ndim == 1 else tuple(" ".join(numeral(f"{n:.2g}") for n in row) for row in values)
                 for words, values in zip(given, inputs))


def _draw_lot(key: str, size: int) -> None:
    st.session_state[key] = secrets.randbelow(size)
