"""'Make a lesson of this': the design on the Workbench, some choices and texts, and out comes a lesson."""
from __future__ import annotations

import streamlit as st

from dlviz.errors import DlvizError
from dlviz.lessons.writing import RECIPES, LessonDraft, file_name, written
from pages.ui.learn import duplicating, giving
from pages.ui.learn.texts import texts
from pages.ui.shared import shell, state


def show() -> None:
    with st.expander(texts.MAKE_A_LESSON, icon=":material/edit_note:", key="learn.make"):
        design, copy = st.tabs([texts.OF_A_DESIGN, texts.OF_A_LESSON])
        with design:
            _of_design()
        with copy:
            duplicating.show()


def _of_design() -> None:
    design = state.design().experiment
    st.caption(texts.OF_THIS_DESIGN.format(name=shell.plain(design.name)))
    with st.container(horizontal=True):
        title = st.text_input(texts.TITLE, key="learn.make.title", max_chars=60, persist_state="session")
        idea = st.text_input(texts.IDEA, key="learn.make.idea", max_chars=120, persist_state="session")
    question = st.text_area(texts.QUESTION, key="learn.make.question", height=68, persist_state="session")
    answers = _lines(texts.ANSWERS, "learn.make.answers")
    task = st.text_area(texts.TASK, key="learn.make.task", height=68, persist_state="session")
    tick = _tick()
    why = st.text_area(texts.WHY, key="learn.make.why", height=68, persist_state="session")
    reasons = _lines(texts.REASONS, "learn.make.reasons", texts.REPLY_BEHIND)
    hides = st.pills(texts.HIDES, list(texts.HIDEABLE), selection_mode="multi", key="learn.make.hides",
                     persist_state="session", format_func=texts.HIDEABLE.__getitem__)
    notes = st.text_area(texts.NOTES, key="learn.make.notes", height=68, persist_state="session")
    _file(LessonDraft(title, idea, design, tick, question, answers, task, why, reasons, notes, hides=tuple(hides)))


def _lines(label: str, key: str, note: str | None = None) -> tuple[str, ...]:
    text = st.text_area(label, key=key, height=90, help=note, persist_state="session")
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _tick() -> str:
    """What has to have happened, with the numbers that it asks for."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(texts.TICK, list(RECIPES), key="learn.make.tick", format_func=texts.TICKS.__getitem__,
                            persist_state="session")
        recipe, number, parameters = RECIPES[kind], 95, 20_000
        if "{number" in recipe:
            number = st.number_input(texts.PERCENT, 1, 100, number, key="learn.make.number", width=120,
                                     persist_state="session")
        if "{parameters" in recipe:
            parameters = st.number_input(texts.PARAMETERS, 1, 1_000_000, parameters, step=1_000,
                                         key="learn.make.parameters", width=160, persist_state="session")
    return recipe.format(number=number, parameters=parameters)


def _file(draft: LessonDraft) -> None:
    """The file, or what is still missing."""
    needed = draft.title, draft.idea, draft.question, draft.task, draft.why
    if not all(text.strip() for text in needed):
        st.caption(texts.FILL_IN)
        return
    try:
        text = written(draft)
    except DlvizError as error:
        st.warning(shell.plain(error.sentence), icon=":material/warning:")
        return
    giving.show(text, file_name(draft), "learn.make")
