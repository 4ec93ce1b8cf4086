"""A copy of a lesson as text to be edited: what is wrong in it is said with its line, as it is typed."""
from __future__ import annotations

import streamlit as st

from dlviz import lessons
from dlviz.errors import DlvizError
from pages.ui.learn import giving
from pages.ui.learn.texts import texts
from pages.ui.shared import shell

SOURCE, TEXT = "learn.copy.of", "learn.copy.text"


def show() -> None:
    titles = {lesson.id: lesson.title for lesson in lessons.every()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(texts.WHICH_LESSON, list(titles), key=SOURCE, format_func=titles.__getitem__, width=360)
        st.button(texts.DUPLICATE, icon=":material/content_copy:", key="learn.copy", on_click=_duplicate)
    if TEXT not in st.session_state:
        return
    st.text_area(texts.THE_FILE, key=TEXT, height=420, help=texts.HOW_TO_WRITE, persist_state="session")
    text = st.session_state[TEXT]
    try:
        made = lessons.read(text, texts.YOUR_LESSON, own=True)
    except DlvizError as error:
        st.warning(shell.plain(error.sentence), icon=":material/warning:")
        return
    giving.show(text, f"{made.id}.md", "learn.copy")


def _duplicate() -> None:
    try:
        st.session_state[TEXT] = lessons.sharing.copied(st.session_state[SOURCE])
    except DlvizError as error:
        shell.notice(error)
