"""The frame: page config, the visitor, the navigation. Every page draws itself inside it."""
from __future__ import annotations

import streamlit as st

st.set_page_config(page_title="dlviz", page_icon="static/icon.png", layout="wide")

from pages.ui import shell, state  # noqa: E402  (set_page_config must be the first command of a session)

PAGES = [
    st.Page("pages/build.py", title="Build", icon=":material/account_tree:", default=True),
    st.Page("pages/train.py", title="Train", icon=":material/show_chart:"),
    st.Page("pages/draw.py", title="Draw", icon=":material/draw:"),
    st.Page("pages/runs.py", title="Runs", icon=":material/history:"),
]

page = st.navigation(PAGES, position="top")
state.open_session()
shell.dress("frame")
page.run()
