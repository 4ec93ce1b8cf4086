"""The train page: the run in focus as it moves, or the design in hand with its settings and the button."""
from __future__ import annotations

import streamlit as st

from dlviz.errors import DlvizError
from pages.ui.shared import run_actions, shell, state
from pages.ui.train import focus, run, setup
from pages.ui.train.texts import texts

state.require_frame()
run_actions.show_refusals()
try:
    info = focus.chosen()
    if info is None:
        setup.show(focus.latest())
    else:
        run.show(info)
except DlvizError as error:
    st.error(shell.plain(error.sentence), icon=":material/error:")
    with st.container(horizontal=True):
        st.page_link("pages/runs.py", label=texts.ALL_RUNS, icon=":material/history:")
        st.button(texts.NEW_RUN, on_click=run_actions.new, icon=":material/add:")
