"""The look page: what a network that reads sequences does inside, on one sample or on what the user types.

While the run trains it is asked again and again, so that attention and memory can be seen as they form.
"""
from __future__ import annotations

import numpy as np
import streamlit as st

from dlviz.runs.info import RunInfo
from dlviz.tasks import Task
from dlviz.training.events import QueryResult
from dlviz.views import answers
from dlviz.views.base import CaptureRequest
from dlviz.views.question import SequenceInput
from pages.ui.look import lost, reply, views
from pages.ui.look.texts import texts
from pages.ui.shared import (
    lesson,
    offers,
    places,
    run_actions,
    run_picker,
    scrubber,
    sequence_question,
    shell,
    state,
    view_host,
)
from pages.ui.shared.run_picker import when

TICKS = {"training": 0.5, "starting": 0.5, "queued": 1.0, "paused": 1.0}  # seconds between two questions


def page() -> None:
    state.require_frame()
    run_actions.show_refusals()
    st.title(texts.LOOK, width="content")
    run = state.focus()
    if run is None:
        offers.empty(texts.NO_NETWORK_SEQUENCES_YET, texts.TRAIN_ONE_HERE, places.asked)
    elif not places.asked(task := offers.task_of(run.experiment)):
        offers.empty(texts.RUN_READS_IMAGES, texts.TRAIN_ONE_HERE, places.asked)
    elif run.step == 0 and run.state not in TICKS:
        shell.empty(texts.RUN_HAS_NO_TRAINED, texts.ENDED_BEFORE_FIRST_STEP, "pages/train.py", texts.GO_TO_TRAIN)
    else:
        pace = pace_of(run)
        st.fragment(look, run_every=pace)(run, task, pace)


def pace_of(run: RunInfo) -> float | None:
    """Seconds between two questions to what is on screen; None when nothing there changes any more."""
    return min((TICKS[one.state] for one in views.watched(run) if one.state in TICKS), default=None)


def look(run: RunInfo, task: Task, pace: float | None) -> None:
    """Everything that answers to a tick, a sample, a word. A fragment has to catch for itself."""
    with shell.show_errors():
        _look(run, task, pace)


def _look(run: RunInfo, task: Task, pace: float | None) -> None:
    now = state.service().get(run.id)
    if run_picker.another(run):
        state.draw_page()  # a button of this fragment has opened another run
    scrubber.bar(now, "look.moments")
    question = sequence_question.choose(task)
    if question is not None:
        show(now, task, question)
    if pace_of(now) != pace:
        state.draw_page()  # it ticks at another pace from now on, or not at all


def show(run: RunInfo, task: Task, question: SequenceInput) -> None:
    """The answer, and below it the view that is chosen; one question to the run brings both."""
    lost.show(run, task)
    above = st.container()
    view = views.choose(run, question)
    answered, note = reply.reply(run, question, view.request if view else CaptureRequest())
    if answered is not None:
        _note(run, task, question, answered)
    with above:
        moment = when(run, answered.step if answered else run.step)
        view_host.script("look.answer", answers.SCRIPT,
                         answers.payload(task, question, answered) | {"when": moment, "note": note})
    if view and answered is not None:
        views.show(view, answered)


def _note(run: RunInfo, task: Task, question: SequenceInput, answered: QueryResult) -> None:
    """Tell an open lesson what was answered."""
    facts = {"typed": question.target is None}
    if answered.probabilities.ndim == 1 and len(task.classes) == len(answered.probabilities):
        best = int(answered.probabilities.argmax())
        facts |= {"prediction": task.classes[best], "confidence": float(answered.probabilities[best])}
    if question.target is not None and np.ndim(question.target) == 0 and "prediction" in facts:
        facts["correct"] = facts["prediction"] == task.classes[int(question.target)]
    lesson.note("asked", run.id, answered.step, question.key, **facts)


with shell.show_errors():
    page()
shell.dress("look")
