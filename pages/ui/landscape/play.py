"""The playground of two weights: everything happens in the browser, nothing is asked for again."""
from __future__ import annotations

import streamlit as st

from pages.ui.landscape.texts import texts
from pages.ui.shared.component import static_component

KEY = "landscape.play"
LANDSCAPE = static_component("dlviz_landscape", "landscape")


def show() -> None:
    st.caption(texts.NETWORK_HAS_THOUSANDS_WEIGHTS)
    LANDSCAPE(key=KEY, data={})
