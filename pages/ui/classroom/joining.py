"""For who sits nowhere: the code of a class, or the words of a seat; and what a teacher has to do."""
from __future__ import annotations

import streamlit as st

from dlviz.classroom import teaching
from dlviz.errors import ClassError, DlvizError
from pages.ui.classroom.texts import texts
from pages.ui.shared import registry, shell, state


def show() -> None:
    """Two forms: Enter is enough in both."""
    with st.container(key="class.narrow"):
        st.title(texts.JOIN_A_CLASS)
        with st.form("class.join", border=True):
            st.text_input(texts.CODE, key="class.code", placeholder=texts.CODE_PLACEHOLDER, help=texts.TYPE_THE_CODE,
                          max_chars=20, value=st.query_params.get("code", "")[:20])
            st.form_submit_button(texts.JOIN, type="primary", on_click=_join, width="stretch")
            st.caption(texts.TEACHER_SEES)
        with st.expander(texts.SEAT_ON_ANOTHER), st.form("class.carry", border=False):
            st.text_input(texts.SEAT_WORDS, key="class.words", max_chars=80)
            st.form_submit_button(texts.CARRY, on_click=_carry)
        st.caption(texts.FOR_TEACHERS)


def _join() -> None:
    try:
        classroom = registry.classroom()
        seat = classroom.join(st.session_state["class.code"], state.device())
        room = classroom.room_of(seat)
        teaching.arrive(seat, room, [other for other in classroom.all_seats() if other.room == room.id])
        st.query_params.pop("code", None)
    except DlvizError as error:
        shell.notice(error)


def _carry() -> None:
    try:
        registry.classroom().carry(st.session_state["class.words"], state.device())
    except ClassError as error:
        shell.notice(error)
