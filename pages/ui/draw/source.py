"""What goes through the network: a drawing, or a test image. Knows no run and no answer."""
from __future__ import annotations

import numpy as np
import streamlit as st

from dlviz.tasks import Task
from dlviz.translation import _, translated
from pages.ui.draw.texts import texts
from pages.ui.shared import canvas, fetch, sample_picker
from pages.ui.shared.pixels import pixels

DRAW, TEST = _(":material/draw: Draw").source, _(":material/image: Test image").source
INPUT_WIDTH = 112  # four for each pixel of the picture that the network is given


def choose(task: Task) -> tuple[np.ndarray | None, int | None, str]:
    """A drawing, or a test image with its class; and what to say while there is neither."""
    chosen = st.segmented_control(texts.INPUT, (DRAW, TEST), default=DRAW, required=True, format_func=translated,
                                  key="draw.source", label_visibility="collapsed", width="stretch",
                                  persist_state="session")
    if chosen == DRAW:
        picture = canvas.canvas(task.box)
        network_input(task, picture)
        return picture, None, texts.DRAW_LEFT_PREDICTION_APPEARS
    if not fetch.offer_download(task):
        return None, None, texts.TEST_IMAGES_HAVE_DOWNLOADED
    index = sample_picker.sample(task)
    labels = task.labels("test")
    return task.picture("test", index), None if labels is None else int(labels[index]), ""


def network_input(task: Task, picture: np.ndarray | None) -> None:
    """The picture that the network really gets; before the first stroke, what to do instead of drawing."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        with st.container(width=INPUT_WIDTH):
            pixels("draw.network_input", np.zeros((28, 28), np.uint8) if picture is None else picture,
                               texts.NETWORK_INPUT, INPUT_WIDTH)
        with st.container(gap="small"):
            if picture is not None:
                st.caption(texts.NETWORK_INPUT_X_PIXELS.format(box=task.box) if task.box else texts.INPUT_AS_DRAWN)
            else:
                st.caption(texts.DRAW_MOUSE_OR_FINGER)
                st.button(texts.TRY_TEST_IMAGE, on_click=try_sample, args=(task,), key="draw.try")


def try_sample(task: Task) -> None:
    st.session_state["draw.source"] = TEST
    if task.ready():
        sample_picker.draw_lot(task)
