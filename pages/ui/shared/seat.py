"""A learner's seat on every page: the name in a corner, and "look up" over everything when the teacher asks for it.

The browser's part asks the server by itself how the class is, once a second, and comes back by itself when the network
or the server was gone. Draws nothing for who sits in no class.
"""
from __future__ import annotations

import streamlit as st

from dlviz.classroom.model import Seat
from dlviz.classroom.words import COLOURS
from pages.ui.shared import registry, state
from pages.ui.shared.component import callbacks, static_component
from pages.ui.shared.texts import texts

_MOUNT = static_component("dlviz_seat", "seat")


def draw() -> None:
    """Called by app.py, above each page."""
    found = state.seat()
    if found is None:
        return
    with st.container(key="seat"):
        _MOUNT(key="class.seat", height="content", **callbacks(["turn"]),
               data={"turn": registry.classroom().turn(found), "name": name(found), "color": COLOURS[found.colour],
                     "waiting": not found.admitted})


def name(found: Seat) -> str:
    """What a learner is called: 'Blue otter'."""
    return texts.FRIENDLY_NAME.format(colour=texts.COLOURS[found.colour], animal=texts.ANIMALS[found.animal])
