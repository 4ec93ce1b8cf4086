"""The curve that a learner expects, drawn on the axes; later the run's own laid over it."""
from __future__ import annotations

from typing import Any

import streamlit as st

from dlviz import lessons
from dlviz.errors import DlvizError, RunError
from dlviz.lessons import LessonStep, Question, curves, questions
from pages.ui.lesson.texts import texts
from pages.ui.shared import state
from pages.ui.shared.component import static_component
from pages.ui.shared.lesson import OpenLesson

_MOUNT = static_component("dlviz_sketch", "sketch")


def show(opened: OpenLesson, question: Question, key: str, sketch: dict[str, Any],
         measured: dict[str, list[float | None]], locked: bool) -> None:
    """The axes with the sketch; what is drawn is stored."""
    shown = [{"name": name, "label": curves.label(name), "top": curves.top(question, name)} for name in question.curves]
    _MOUNT(key=key, height="content", on_sketch_change=lambda: _store(opened, key),
           data={"of": key, "curves": shown, "points": questions.POINTS, "sketch": sketch, "measured": measured,
                 "locked": locked})


def under(opened: OpenLesson, asked: LessonStep, sketch: dict[str, Any]) -> None:
    """The sketch under the curve of the run that earned this step's tick."""
    evidence = opened.progress.ticks.get(opened.step.id)
    if asked.question is None or not evidence:
        return
    try:
        snapshot = state.service().snapshot(evidence[-1].run)
    except RunError:
        st.caption(texts.RUN_GONE)
        return
    show(opened, asked.question, f"lesson.under.{opened.lesson.id}.{opened.step.id}", sketch,
         curves.heights(snapshot, asked.question), locked=True)


def _store(opened: OpenLesson, key: str) -> None:
    """A browser can send anything: what is no sketch is passed over."""
    sent = (st.session_state.get(key) or {}).get("sketch")
    if not isinstance(sent, dict) or sent.get("of") != key:
        return
    try:
        lessons.answer(lessons.record(), opened.progress, opened.step, sent.get("curves"))
    except DlvizError:
        return
