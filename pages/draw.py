"""The draw page: a drawing or a test image goes through a run's network, and one sees what it makes of it.

While the run trains it is asked again and again, so that the answer changes as the network learns.
"""
from __future__ import annotations

import numpy as np
import streamlit as st

from dlviz import views
from dlviz.runs.info import RunInfo
from dlviz.tasks import Task
from dlviz.views.base import Observation, Widget
from pages.ui.draw.texts import texts
from pages.ui.shared import (
    canvas,
    fetch,
    offers,
    places,
    reply,
    run_actions,
    run_picker,
    sample_picker,
    scrubber,
    shell,
    state,
    view_host,
)
from pages.ui.shared.pixels import pixels

DRAW, TEST = ":material/draw: Draw", ":material/image: Test image"
LEFT = canvas.SIDE
INPUT_WIDTH = 112  # four for each pixel of the picture that the network is given
# What is drawn stays in sight while the maps scroll by.
STAY = """<style>@media (min-width: 700px) and (min-height: 700px) {
    div:has(> .st-key-draw_left) { position: sticky; top: 4.5rem; align-self: flex-start; } }</style>"""


def page() -> None:
    state.require_frame()
    run_actions.show_refusals()
    st.title(texts.DRAW, anchor=False)
    run = state.focus()
    if run is None:
        offers.empty(texts.NO_NETWORK_YET, texts.TRAIN_ONE_HERE, places.drawable)
    elif not places.drawable(task := offers.task_of(run.experiment)):
        offers.empty(texts.RUN_DOES_NOT_TAKE, texts.ONLY_NETWORK_TAKES_ONE, places.drawable)
    elif run.step == 0 and run.state not in run_picker.TICKS:
        shell.empty(texts.RUN_HAS_NO_TRAINED, texts.ENDED_BEFORE_FIRST_STEP, "pages/train.py", texts.GO_TO_TRAIN)
    else:
        st.fragment(look, run_every=run_picker.TICKS.get(run.state))(run, task)


def look(run: RunInfo, task: Task) -> None:
    """Everything that answers to a stroke or a tick. A fragment has to catch for itself."""
    with shell.show_errors():
        _look(run, task)


def _look(run: RunInfo, task: Task) -> None:
    now = state.service().get(run.id)
    if now.state != run.state:
        st.rerun()  # it ticks at another pace from now on, or not at all
    st.html(STAY)
    scrubber.bar(now, "draw.moments")
    with st.container(horizontal=True, gap="large"):
        with st.container(width=LEFT, key="draw_left"):
            picture, target, hint = choose(task)
        with st.container(width="stretch", key="draw_right"):
            show(now, task, picture, target, hint)


def choose(task: Task) -> tuple[np.ndarray | None, int | None, str]:
    """A drawing, or a test image with its class; and what to say while there is neither."""
    source = st.segmented_control(texts.INPUT, (DRAW, TEST), default=DRAW, required=True,
                                  key="draw.source", label_visibility="collapsed", width="stretch",
                                  persist_state="session")
    if source == DRAW:
        picture = canvas.canvas(task.box)
        network_input(task, picture)
        return picture, None, texts.DRAW_LEFT_PREDICTION_APPEARS
    if not fetch.offer_download(task):
        return None, None, texts.TEST_IMAGES_HAVE_DOWNLOADED
    index = sample_picker.sample(task)
    return task.picture("test", index), int(task.sample("test", index)[1]), ""


def network_input(task: Task, picture: np.ndarray | None) -> None:
    """The picture that the network really gets; before the first stroke, what to do instead of drawing."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        with st.container(width=INPUT_WIDTH):
            pixels("draw.network_input", np.zeros((28, 28), np.uint8) if picture is None else picture,
                               texts.NETWORK_INPUT, INPUT_WIDTH)
        with st.container(gap="small"):
            if picture is not None:
                st.caption(texts.NETWORK_INPUT_X_PIXELS.format(box=task.box))
            else:
                st.caption(texts.DRAW_MOUSE_OR_FINGER)
                st.button(texts.TRY_TEST_IMAGE, on_click=try_sample, args=(task,), key="draw.try")


def try_sample(task: Task) -> None:
    st.session_state["draw.source"] = TEST
    if task.ready():
        sample_picker.draw_lot(task)


def show(run: RunInfo, task: Task, picture: np.ndarray | None, target: int | None, hint: str) -> None:
    """What there is to see of the answer; the same places, empty, while there is none."""
    subject = views.subject(run.experiment)
    view = view_host.pick("draw", views.offered("draw", subject.report, task))
    view_host.choose(view.choices(subject), _widget_key)
    choices = view_host.chosen(view.choices(subject), _widget_key) | view_host.answers(view, f"draw.{view.key}")
    answered, note = (None, "") if picture is None else reply.reply(
        run, picture.tobytes(), task.from_picture(picture), view.request(subject, choices), "draw")
    when = run_picker.when(run, answered.step if answered else run.step)
    observation = Observation(run.step, run.over, run=run.id, result=answered, target=target, when=when, note=note,
                              hint=hint if picture is None else texts.NO_PREDICTION_YET)
    view_host.show(f"draw.{view.key}", view, view.draw(subject, observation, choices))


def _widget_key(widget: Widget) -> str:
    return f"draw.{widget.key}"


with shell.show_errors():
    page()
