"""On which kind of processor new runs of this session train, where there is a choice; else nothing is shown."""
from __future__ import annotations

import streamlit as st

from pages.ui.shared import state
from pages.ui.shared.texts import texts

KEY = "setup.device"
ANYWHERE = ""


def choose() -> None:
    """The choice, where there is one."""
    if not (devices := state.service().devices()):
        return
    titles = {ANYWHERE: texts.WHEREVER_THERE_IS_ROOM, "cpu": texts.CPU, "gpu": texts.GPU}
    st.segmented_control(texts.TRAIN_ON, (ANYWHERE, *devices), key=KEY, default=ANYWHERE, required=True,
                         format_func=titles.__getitem__, help=texts.TRAIN_ON_WHY, persist_state="session")


def chosen() -> str:
    """`cpu`, `gpu`, or empty for wherever there is room."""
    found = st.session_state.get(KEY, ANYWHERE)
    return found if found and found in state.service().devices() else ANYWHERE
