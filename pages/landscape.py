"""The landscape page: the loss around a run's path through its weights, and a hill of two weights."""
from __future__ import annotations

import streamlit as st

from dlviz.translation import _, translated
from pages.ui.landscape import play, run
from pages.ui.landscape.texts import texts
from pages.ui.shared import run_actions, shell, state

RUN, PLAY = _(":material/landscape: Around a run").source, _(":material/sports_soccer: A ball on a hill").source


def page() -> None:
    state.require_frame()
    run_actions.show_refusals()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.title(texts.LANDSCAPE, width="content", anchor=False)
        view = st.segmented_control(texts.WHAT_IS_SHOWN, (RUN, PLAY), default=RUN, required=True,
                                    key="landscape.view", label_visibility="collapsed", format_func=translated,
                                    persist_state="session")
    if view == RUN:
        run.show()
    else:
        play.show()


with shell.show_errors():
    page()
