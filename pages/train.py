"""The train page: the run in focus as it moves, or the design in hand with its settings and the button."""
from __future__ import annotations

import streamlit as st

from dlviz.errors import DlvizError
from pages.ui import shell, state, train_actions, train_focus, train_run, train_setup

state.require_frame()
train_actions.say_refusals()
try:
    info = train_focus.chosen()
    if info is None:
        train_setup.show(train_focus.latest())
    else:
        train_run.show(info)
except DlvizError as error:
    st.error(shell.plain(error.sentence), icon=":material/error:")
    with st.container(horizontal=True):
        st.page_link("pages/runs.py", label="All runs", icon=":material/history:")
        st.button("New run", on_click=train_actions.new, icon=":material/add:")
