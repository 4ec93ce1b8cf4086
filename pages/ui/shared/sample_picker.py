"""Any picture of the test set in place of a drawing: by number, by class, or drawn by lot. Knows no run."""
from __future__ import annotations

import numpy as np
import streamlit as st

from dlviz.tasks import Task
from pages.ui.shared.pixels import pixels
from pages.ui.shared.texts import texts

SIDE = 280  # as large as the canvas in whose place it stands


def sample(task: Task) -> int:
    """Show the picture that is chosen, with what chooses it; its index in the test split."""
    last = task.size("test") - 1
    index = min(st.session_state.get("draw.index") or 0, last)
    labels = task.group_labels("test")
    target = str(index) if labels is None else task.groups[int(labels[index])]
    pixels("draw.sample", task.picture("test", index), texts.TEST_IMAGE.format(index=index, target=target),
                        SIDE)
    st.markdown(texts.TARGET.format(target=target))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(texts.CLASS, (texts.ANY, *task.groups), key="draw.class", on_change=draw_lot, args=(task,),
                     persist_state="session")
        st.button(texts.ANOTHER, icon=":material/shuffle:", on_click=draw_lot, args=(task,), key="draw.another")
    st.number_input(texts.NUMBER_TEST_SET.format(last=last), 0, last, key="draw.index",
                    persist_state="session")
    return index


def draw_lot(task: Task) -> None:
    """Choose a picture by lot, of the class that is asked for. A callback: it sets the widget's own value."""
    labels, name = task.group_labels("test"), st.session_state.get("draw.class", texts.ANY)
    fits = np.ones(task.size("test"), bool)
    if labels is not None and name in task.groups:
        fits = labels == task.groups.index(name)
    st.session_state["draw.index"] = int(np.random.default_rng().choice(np.flatnonzero(fits)))
