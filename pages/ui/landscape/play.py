"""The playground of two weights: everything happens in the browser, nothing is asked for again."""
from __future__ import annotations

import streamlit as st

from pages.ui.shared.component import static_component

KEY = "landscape.play"
LANDSCAPE = static_component("dlviz_landscape", "landscape")


def show() -> None:
    st.caption("A network has thousands of weights; this one has two, so that you can see every step. Each "
               "optimizer follows torch's own rule with the learning rate (the size of its steps) that "
               "you give it.")
    LANDSCAPE(key=KEY, data={"view": "play"})
