"""The runs page: everything that the visitor has trained, and runs compared."""
from __future__ import annotations

import streamlit as st

from pages.ui import runs_compare, runs_list, shell, state, train_actions

state.require_frame()
shell.dress("runs")
train_actions.say_refusals()
compared = st.query_params.get("compare")
runs = state.service().list(state.visitor())
if compared:
    runs_compare.show(compared.split("."))
elif runs:
    runs_list.show(runs)
else:
    shell.empty("No runs yet", "Every training appears here, with its curves, its settings and its weights.",
                "pages/train.py", "Train the design in hand")
