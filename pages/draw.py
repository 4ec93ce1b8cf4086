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
from pages.ui.draw import source
from pages.ui.draw.texts import texts
from pages.ui.shared import (
    canvas,
    lesson,
    offers,
    places,
    reply,
    run_actions,
    run_picker,
    scrubber,
    shell,
    state,
    view_host,
)

LEFT = canvas.SIDE
# What is drawn stays in sight while the maps scroll by.
STAY = """<style>@media (min-width: 700px) and (min-height: 700px) {
    div:has(> .st-key-draw_left) { position: sticky; top: 4.5rem; align-self: flex-start; } }</style>"""


def page() -> None:
    state.require_frame()
    run_actions.show_refusals()
    st.title(texts.DRAW, anchor=False)
    run = state.focus()
    if run is None:
        offers.empty(texts.NO_NETWORK_YET, texts.TRAIN_ONE_HERE, places.draws)
    elif not places.draws(task := offers.task_of(run.experiment)):
        offers.empty(texts.RUN_DOES_NOT_TAKE, texts.ONLY_NETWORK_TAKES_ONE, places.draws)
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
        state.draw_page()  # it ticks at another pace from now on, or not at all
    st.html(STAY)
    scrubber.bar(now, "draw.moments")
    if not places.drawable(task):
        show(now, task, None, None, "")
        return
    with st.container(horizontal=True, gap="large"):
        with st.container(width=LEFT, key="draw_left"):
            picture, target, hint = source.choose(task)
        with st.container(width="stretch", key="draw_right"):
            show(now, task, picture, target, hint)


def show(run: RunInfo, task: Task, picture: np.ndarray | None, target: int | None, hint: str) -> None:
    """What there is to see of the answer; the same places, empty, while there is none.

    A network that draws by itself is asked without a picture.
    """
    subject = views.subject(run.experiment)
    view = view_host.pick("draw", views.offered("draw", subject.report, task))
    view_host.choose(view.choices(subject), _widget_key)
    choices = view_host.chosen(view.choices(subject), _widget_key) | view_host.answers(view, f"draw.{view.key}")
    request, inputs = view.request(subject, choices), _inputs(task, picture)
    options = {"patterns": request.patterns} if request.patterns.active else {}
    answered, note = (None, "") if inputs is None else reply.reply(
        run, b"" if picture is None else picture.tobytes(), inputs, request, "draw", **options)
    if answered and target is None and picture is not None and task.classes:
        best = int(answered.probabilities.argmax())
        lesson.note("drawn", run.id, answered.step, picture.tobytes(), prediction=task.classes[best],
                    confidence=float(answered.probabilities[best]))
    when = run_picker.when(run, answered.step if answered else run.step)
    observation = Observation(run.step, run.over, run=run.id, result=answered, target=target, when=when, note=note,
                              hint=hint if picture is None else texts.NO_PREDICTION_YET, given=picture)
    view_host.show(f"draw.{view.key}", view, view.draw(subject, observation, choices))


def _inputs(task: Task, picture: np.ndarray | None) -> tuple[np.ndarray, ...] | None:
    """What the network is given; None while there is nothing to give it."""
    if not places.drawable(task):
        return task.blank_inputs()
    return None if picture is None else task.from_picture(picture)


def _widget_key(widget: Widget) -> str:
    return f"draw.{widget.key}"


with shell.show_errors():
    page()
