"""The class's question on every page of its learners: one tap is a vote, another tap another one, until it is closed.

Draws nothing for who sits in no class, and shows nobody how others voted.
"""
from __future__ import annotations

import streamlit as st

from dlviz.classroom import polls
from dlviz.errors import ClassError
from pages.ui.shared import registry, shell, state
from pages.ui.shared.texts import texts


def draw() -> None:
    """Called by app.py, above each page."""
    own = state.seat()
    room = registry.classroom().room_of(own) if own and own.admitted else None
    if own is None or room is None or room.poll is None:
        return
    poll, chosen = room.poll, polls.own_vote(room, own)
    with st.container(border=True, key="class.poll"):
        st.markdown(f"**{shell.plain(poll.question)}**")
        with st.container(horizontal=True):
            for at, option in enumerate(poll.options):
                st.button(shell.plain(option), key=f"class.poll.{poll.id}.{at}", disabled=poll.closed,
                          type="primary" if at == chosen else "secondary", on_click=_vote, args=(poll.id, at),
                          icon=":material/check:" if at == chosen else None)
        st.caption(texts.VOTE_CLOSED if poll.closed else texts.VOTE_CHANGE if chosen is not None else texts.VOTE_ONCE)


def _vote(poll: str, option: int) -> None:
    try:
        registry.classroom().vote(state.device(), poll, option)
    except ClassError as error:
        shell.notice(error)
