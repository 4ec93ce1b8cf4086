"""The learn page: all lessons by unit, and how far the visitor is in each."""
from __future__ import annotations

import streamlit as st

from pages.ui.learn import making, path
from pages.ui.learn.texts import texts
from pages.ui.shared import run_actions, shell, state, welcome

state.require_frame()
shell.dress("learn")
run_actions.show_refusals()
with shell.show_errors():
    path.take_address()
    if welcome.due():
        welcome.hero()
    st.title(texts.LEARN, anchor=False)
    st.caption(texts.EACH_LESSON_CHECKS)
    path.show()
    making.show()
