"""The envelope of a sealed test result: opened once, where a lesson seals it. What is sealed, the service says."""
from __future__ import annotations

import streamlit as st

from dlviz import lessons
from dlviz.errors import DlvizError
from dlviz.runs.info import RunInfo
from pages.ui.shared import shell, state
from pages.ui.shared.envelope_texts import texts


def show(info: RunInfo) -> None:
    """The button that opens it, for who may."""
    if info.sealed and info.owner == state.visitor() and lessons.sealing.can_open(lessons.record(), info):
        st.button(texts.OPEN, icon=":material/drafts:", key="run.envelope", help=texts.OPEN_WHY, on_click=_open,
                  args=(info.id,))


def _open(run: str) -> None:
    try:
        lessons.sealing.unseal(state.service(), lessons.record(), state.visitor(), run)
    except DlvizError as error:
        shell.notice(error)
