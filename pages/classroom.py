"""The class page: join one, one's own seat in it, or, for a teacher, open and lead one."""
from __future__ import annotations

import streamlit as st

from pages.ui.classroom import joining, learner, projector, teacher
from pages.ui.shared import registry, shell, state


def page() -> None:
    state.require_frame()
    shell.dress("classroom")
    state.service()  # without runs there is nothing that a class could do
    with shell.show_errors():
        teacher.take_up_link()
    own = state.seat()
    if registry.classroom().teaches(state.device()):
        _lead()
    elif own:
        learner.show(own)
    else:
        joining.show()


def _lead() -> None:
    room = teacher.chosen_room()
    if room and st.query_params.get(teacher.SHOW) == "projector":
        projector.show(room)
    else:
        teacher.show()


with shell.show_errors():
    page()
