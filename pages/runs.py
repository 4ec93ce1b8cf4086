"""The runs page: everything that the visitor has trained, and runs compared."""
from __future__ import annotations

import streamlit as st

from pages.ui.runs import compare
from pages.ui.runs.texts import texts
from pages.ui.shared import offers, run_actions, run_list, shell, state


def page() -> None:
    state.require_frame()
    shell.dress("runs")
    run_actions.show_refusals()
    compared = st.query_params.get("compare")
    runs = state.service().list(state.visitor())
    if compared:
        compare.show(compared.split("."))
    elif runs:
        run_list.show(runs)
    else:
        shell.empty(texts.NO_RUNS_YET, texts.EVERY_RUN_APPEARS_HERE,
                    "pages/train.py", texts.TRAIN_CURRENT_DESIGN)
        offers.trained_networks()


with shell.show_errors():
    page()
