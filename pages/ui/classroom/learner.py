"""A learner's own place in the class: the name, the words that carry the seat, and where work begins."""
from __future__ import annotations

import streamlit as st

from dlviz.classroom import teaching
from dlviz.classroom.model import Seat
from dlviz.errors import ClassError
from pages.ui.classroom import assignments
from pages.ui.classroom.texts import texts
from pages.ui.shared import registry, seat, shell, state


def show(own: Seat) -> None:
    room = registry.classroom().room_of(own)
    with st.container(key="class.narrow"):
        st.title(texts.YOU_ARE.format(name=seat.name(own)))
        st.caption(texts.IN_CLASS.format(code=room.code))
        if not own.admitted:
            st.info(texts.WAITING, icon=":material/hourglass:")
        with st.container(horizontal=True):
            lesson = teaching.lesson_of(room) if own.admitted else None
            label = texts.OPEN_LESSON.format(title=shell.plain(lesson.title)) if lesson else texts.BUILD
            st.page_link("pages/build.py", label=label, icon=":material/arrow_forward:")
        if own.admitted:
            assignments.show(room, own)
        if own.rerolls:
            st.button(texts.OTHER_NAME(own.rerolls), icon=":material/casino:", on_click=_reroll, key="class.reroll")
        with st.container(border=True):
            st.markdown(f"**{texts.SEAT_WORDS_ARE}**")
            st.markdown(f"### {own.words}")
            st.caption(texts.SEAT_WORDS_WHY)
        st.button(texts.SOMEBODY_ELSE, icon=":material/logout:", on_click=_leave, help=texts.SOMEBODY_ELSE_WHY,
                  key="class.leave")


def _reroll() -> None:
    try:
        registry.classroom().reroll(state.device())
    except ClassError as error:
        shell.notice(error)


def _leave() -> None:
    registry.classroom().leave(state.device())
