"""The widgets of a step's question. What is answered is stored at once."""
from __future__ import annotations

from typing import Any

import streamlit as st

from dlviz import lessons
from dlviz.lessons import questions
from pages.ui.lesson import sketching
from pages.ui.lesson.texts import texts
from pages.ui.shared import shell
from pages.ui.shared.lesson import OpenLesson
from pages.ui.shared.run_actions import with_refusals

FEW = 11  # numbers that stand side by side as buttons


def show(opened: OpenLesson) -> None:
    """The question, with the answer that is stored; a prediction stands once its result is there."""
    question = opened.step.question
    if question is None:
        return
    key = f"lesson.answer.{opened.lesson.id}.{opened.step.id}"
    stands = opened.step.kind == "predict" and opened.step.id in opened.progress.answers and opened.ticked_after()
    _WIDGETS[question.form](opened, key, opened.progress.answers.get(opened.step.id), stands)
    if stands:
        st.caption(texts.STANDS)
    elif opened.step.kind == "predict" and opened.step.id in opened.progress.answers:
        st.caption(f":green[:material/check:] {texts.STORED}")


@with_refusals
def _store(opened: OpenLesson, key: str, read: Any) -> None:
    value = read(st.session_state[key])
    if value is not None:
        lessons.answer(lessons.record(), opened.progress, opened.step, value)


def _number(opened: OpenLesson, key: str, answer: Any, stands: bool) -> None:
    question = opened.step.question
    assert question is not None
    label = question.unit or texts.YOUR_ANSWER
    integers = question.low.is_integer() and question.high.is_integer()
    if integers and question.high - question.low < FEW:
        st.segmented_control(label, range(int(question.low), int(question.high) + 1), key=key, default=answer,
                             disabled=stands, on_change=_store, args=(opened, key, lambda value: value))
    else:
        st.number_input(label, question.low, question.high, value=answer if answer is None else float(answer), key=key,
                        step=None, format="%g", disabled=stands, placeholder="", on_change=_store,
                        args=(opened, key, lambda value: value))


def _choice(opened: OpenLesson, key: str, answer: Any, stands: bool) -> None:
    question = opened.step.question
    assert question is not None
    names = [shell.plain(option.text) for option in question.options]
    st.radio(texts.YOUR_ANSWER, range(len(names)), index=answer, key=key, format_func=names.__getitem__,
             label_visibility="collapsed", disabled=stands, on_change=_store, args=(opened, key, lambda value: value))
    if answer is not None and (reply := question.options[answer].reply):
        with st.container(key="lesson.reply"):
            st.markdown(reply)


def _ranking(opened: OpenLesson, key: str, answer: Any, stands: bool) -> None:
    question = opened.step.question
    assert question is not None
    names = [shell.plain(option.text) for option in question.options]
    st.multiselect(texts.IN_ORDER, questions.shuffled(question), default=answer, key=key,
                   format_func=names.__getitem__, disabled=stands, placeholder="", on_change=_store,
                   args=(opened, key, lambda value: list(value) if len(value) == len(names) else None))


def _sketch(opened: OpenLesson, key: str, answer: Any, stands: bool) -> None:
    question = opened.step.question
    assert question is not None
    sketching.show(opened, question, key, answer or {}, {}, stands)


_WIDGETS = {"number": _number, "choice": _choice, "ranking": _ranking, "sketch": _sketch}
