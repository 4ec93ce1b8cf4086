"""The vote of a class, as its teacher leads it: ask, close, show the bars, take down."""
from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dlviz.classroom import polls, teaching
from dlviz.classroom.classroom import Classroom
from dlviz.classroom.model import Poll, Room
from dlviz.errors import DlvizError
from pages.ui.classroom.texts import texts
from pages.ui.shared import registry, shell, state

QUESTION, OPTIONS, OF_LESSON = "class.poll.question", "class.poll.options", "class.poll.lesson"


def show(room: Room) -> None:
    if room.poll:
        _asked(room, room.poll)
    else:
        _asking(room)


def _asking(room: Room) -> None:
    st.caption(texts.VOTE_WHY)
    _of_lesson(room)
    st.text_input(texts.VOTE_QUESTION, key=QUESTION, max_chars=polls.QUESTION)
    st.text_area(texts.VOTE_OPTIONS, key=OPTIONS, height=140, max_chars=polls.MOST * (polls.OPTION + 1))
    st.button(texts.VOTE_ASK, type="primary", icon=":material/how_to_vote:", key="class.poll.ask", on_click=_ask,
              args=(room.id,))


def _of_lesson(room: Room) -> None:
    """A question of the class's lesson, to be taken over."""
    lesson = teaching.lesson_of(room)
    steps = {step.id: step for step in polls.takeable(lesson)} if lesson else {}
    if not steps:
        return

    def take() -> None:
        step = steps.get(st.session_state[OF_LESSON])
        if step and step.question:
            st.session_state[QUESTION] = step.title
            st.session_state[OPTIONS] = "\n".join(option.text for option in step.question.options)

    st.selectbox(texts.VOTE_OF_LESSON, list(steps), index=None, key=OF_LESSON, width=360, on_change=take,
                 format_func=lambda step: steps[step].title, placeholder=texts.VOTE_NONE)


def _ask(room: str) -> None:
    options = st.session_state[OPTIONS].split("\n")
    _try(lambda by: polls.ask(registry.classroom(), room, by, st.session_state[QUESTION], options))


def _asked(room: Room, poll: Poll) -> None:
    votes = sum(polls.counts(room, registry.classroom().seats(room.id, state.device())))
    st.markdown(f"**{shell.plain(poll.question)}**")
    st.caption(" · ".join(map(shell.plain, poll.options)))
    st.write(texts.VOTED(votes))
    with st.container(horizontal=True):
        _toggle(room.id, polls.close, poll.closed, (texts.VOTE_CLOSE, texts.VOTE_REOPEN), ":material/lock:", "close")
        _toggle(room.id, polls.show, poll.shown, (texts.VOTE_SHOW, texts.VOTE_HIDE), ":material/bar_chart:", "show")
        st.button(texts.VOTE_DOWN, icon=":material/close:", key="class.poll.down",
                  on_click=lambda: _try(lambda by: polls.take_down(registry.classroom(), room.id, by)))


def _toggle(room: str, change: Callable[[Classroom, str, str, bool], None], now: bool, words: tuple[str, str],
            icon: str, name: str) -> None:
    st.button(words[now], icon=icon, key=f"class.poll.{name}",
              on_click=lambda: _try(lambda by: change(registry.classroom(), room, by, not now)))


def _try(wish: Callable[[str], None]) -> None:
    try:
        wish(state.device())
    except DlvizError as error:
        shell.notice(error)
