"""The train page."""
from __future__ import annotations

import streamlit as st

from pages.ui import state

state.require_frame()
st.title("Train")
