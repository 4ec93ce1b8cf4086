"""A number that a learner has worked out by hand, held against the engine's; an open lesson is told of it."""
from __future__ import annotations

import streamlit as st

from dlviz.inspect.slow_motion import SlowMotion
from pages.ui.motion.texts import texts
from pages.ui.shared import lesson

CLOSE = 0.02  # of the number: what counts as the same
Place = tuple[int, ...]


def show(motion: SlowMotion, name: str, index: Place) -> None:
    """The box, for this weight of this layer."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="motion.answer"):
        what = st.segmented_control(texts.CHECK_YOUR_NUMBER, list(texts.QUANTITIES), default="gradient", required=True,
                                    key="motion.answer.what", format_func=texts.QUANTITIES.__getitem__)
        typed = st.number_input(texts.YOUR_NUMBER, value=None, step=None, format="%g", placeholder="",
                                key=f"motion.answer.{name}.{index}.{what}", width=170)
        if typed is not None:
            _judge(motion, name, index, str(what), typed)


def _judge(motion: SlowMotion, name: str, index: Place, what: str, typed: float) -> None:
    moved = motion.weight(name).updated(index, motion.experiment.training.optimizer)
    number = moved.gradient if what == "gradient" else moved.after
    if close(typed, number):
        st.markdown(f":green[:material/check: {texts.SAME_NUMBER}]")
        lesson.note_of_focus("computed", motion.step, (name, index, what), quantity=what)
    else:
        st.markdown(f":orange[{texts.OTHER_NUMBER.format(typed=typed)}]")


def close(typed: float, number: float) -> bool:
    """Whether a typed number is the engine's, but for rounding."""
    return abs(typed - number) <= CLOSE * abs(number) + 1e-9
