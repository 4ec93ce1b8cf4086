"""The runs page: everything that the visitor has trained, and runs compared."""
from __future__ import annotations

import streamlit as st

from pages.ui.runs import compare
from pages.ui.shared import run_actions, run_list, shell, state

state.require_frame()
shell.dress("runs")
run_actions.say_refusals()
compared = st.query_params.get("compare")
runs = state.service().list(state.visitor())
if compared:
    compare.show(compared.split("."))
elif runs:
    run_list.show(runs)
else:
    shell.empty("No runs yet", "Every training appears here, with its curves, its settings and its weights.",
                "pages/train.py", "Train the design in hand")
