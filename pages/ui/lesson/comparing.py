"""What was predicted, laid under what came: never marked, only shown."""
from __future__ import annotations

from typing import Any

import streamlit as st

from dlviz import lessons
from dlviz.lessons import Question
from dlviz.translation import numeral
from pages.ui.lesson import sketching
from pages.ui.lesson.texts import texts
from pages.ui.shared import shell, state
from pages.ui.shared.lesson import OpenLesson


def show(opened: OpenLesson) -> None:
    """The sentence, as soon as there is a result."""
    compares = opened.step.compares
    if compares is None or not opened.settled:
        return
    asked = opened.lesson.step(compares.step)
    expected = opened.progress.answers.get(asked.id)
    if asked.question is None:
        return
    with st.container(key="lesson.compared"):
        if expected is not None and asked.question.form == "sketch":
            sketching.under(opened, asked, expected)
        elif expected is None:
            st.caption(texts.NO_PREDICTION)
        else:
            st.markdown(_sentence(opened, asked.question, expected))


def _sentence(opened: OpenLesson, question: Question, expected: Any) -> str:
    if question.form == "number":
        return _numbers(opened, question, float(expected))
    names = [shell.plain(option.text) for option in question.options]
    if question.form == "ranking":
        return texts.EXPECTED_RANKING.format(expected=", ".join(names[at] for at in expected))
    return texts.EXPECTED_CHOICE.format(expected=names[expected])


def _numbers(opened: OpenLesson, question: Question, expected: float) -> str:
    found = _found(opened)
    if found is None:
        return texts.EXPECTED_CHOICE.format(expected=f"{_short(expected)} {question.unit}")
    if abs(found - expected) < 0.05:
        return texts.EXPECTED_EXACTLY.format(expected=_short(expected), unit=shell.plain(question.unit))
    return texts.EXPECTED_NUMBER.format(expected=_short(expected), found=_short(found),
                                        unit=shell.plain(question.unit))


def _found(opened: OpenLesson) -> float | None:
    """What was measured, or what the learner counted in this step."""
    if opened.step.compares is not None and opened.step.compares.measured is not None:
        return lessons.measured(state.service(), lessons.record(), opened.progress, opened.step)
    counted = opened.progress.answers.get(opened.step.id)
    return float(counted) if isinstance(counted, int | float) else None


def _short(number: float) -> str:
    return numeral(f"{number:.3g}" if abs(number) < 1000 else f"{number:,.0f}")
