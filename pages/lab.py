"""The lab page: studies, several runs that differ in one thing, side by side; ready ones and one's own."""
from __future__ import annotations

import streamlit as st

from dlviz.errors import DlvizError
from pages.ui import lab_actions, lab_form, lab_gallery, lab_list, lab_search, lab_study, shell, state
from pages.ui.train_actions import say_refusals


def _home() -> None:
    st.title("Lab")
    st.caption("Train a network several times with one thing changed, from the same first weights and with the "
               "same batches, and see what that one thing does.")
    lab_gallery.show()
    with st.expander("A study of your own", icon=":material/tune:", key="lab.own"):
        compare, search = st.tabs(["Compare values", "Search for the best"])
        with compare:
            lab_form.show()
        with search:
            lab_search.show()
    lab_list.show(lab_actions.studies().list(state.visitor()))


state.require_frame()
shell.dress("lab")
say_refusals()
chosen = st.query_params.get("study")
try:
    if chosen:
        lab_study.show(lab_actions.studies().get(chosen))
    else:
        _home()
except DlvizError as error:
    st.error(shell.plain(error.sentence), icon=":material/error:")
    st.button("All studies", on_click=lab_actions.leave, icon=":material/arrow_back:")
