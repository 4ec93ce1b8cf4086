"""Which run answers on the Draw page, and how its state is said in words. Plain functions and one select."""
from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dlviz import tasks
from dlviz.errors import RunError
from dlviz.runs.info import RunInfo
from dlviz.shapes import Shape
from dlviz.tasks import ImageTask, Task
from pages.ui.shared import scrubber, state
from pages.ui.shared.texts import texts

PICTURE = Shape("image", (1, 28, 28))
TICKS = {"training": 0.5, "starting": 0.5, "queued": 1.0, "paused": 1.0}  # seconds between two questions


def choose() -> RunInfo | None:
    """The run that answers: a select of the visitor's runs, and the one in the address if it is another's."""
    runs = list(state.service().list(state.visitor()))
    asked = _asked()
    if asked and all(run.id != asked.id for run in runs):
        runs.insert(0, asked)
    if not runs:
        return None
    by_id = {run.id: run for run in runs}
    labels = titles(runs)
    if st.session_state.get("draw.run") not in by_id:
        st.session_state["draw.run"] = default(runs, asked.id if asked else None, state.focus().id).id
    picked = st.selectbox(texts.RUN, list(by_id), format_func=labels.__getitem__, width=320,
                          key="draw.run", on_change=lambda: state.set_focus(st.session_state["draw.run"]))
    return by_id[picked]


def default(runs: Sequence[RunInfo], asked: str | None, focus: str | None) -> RunInfo:
    """The one asked for in the address, else the training one, else the newest with weights, else the newest.

    Of equals the one in focus is taken. `runs` are the newest first.
    """
    def rank(run: RunInfo) -> tuple[bool, ...]:
        weights = has_weights(run)
        return run.id == asked, run.state == "training", run.id == focus and weights, weights

    return max(runs, key=rank)  # the first of equals, so the newest


def has_weights(run: RunInfo) -> bool:
    return run.step > 0


def titles(runs: Sequence[RunInfo]) -> dict[str, str]:
    """A label for each run's id: its name, and a number where a name comes more than once, 1 the oldest."""
    names = [run.name for run in runs]
    return {run.id: name if names.count(name) == 1 else f"{name} ({names[index:].count(name)})"
            for index, (run, name) in enumerate(zip(runs, names))}


def task_of(run: RunInfo) -> ImageTask | None:
    """The run's task, if it is one of pictures of 28 x 28 that somebody could draw."""
    task: Task = tasks.get(run.experiment.task.name, run.experiment.task.fields)
    drawable = isinstance(task, ImageTask) and task.signature().inputs[0][1] == PICTURE
    return task if drawable else None


def when(run: RunInfo, step: int) -> str:
    """Of which moment the answer is."""
    after = texts.BEFORE_FIRST_STEP if step == 0 else texts.AFTER.format(step=step,
                                                                         suffix="step" if step == 1 else "steps")
    if scrubber.scrubbed_step(run.id) is not None:
        return texts.KEYFRAME.format(after=after, suffix=f" of {run.planned_steps:,}" if run.planned_steps else "")
    match run.state:
        case "training" | "starting":
            return texts.TRAINING.format(after=after, suffix=f" of {run.planned_steps:,}" if run.planned_steps else "")
        case "paused":
            return texts.PAUSED.format(after=after)
        case "done":
            return texts.FINISHED.format(after=after)
    return texts.ENDED.format(after=after)


def _asked() -> RunInfo | None:
    run = st.query_params.get("run")
    try:
        return state.service().get(run) if run else None
    except RunError:
        return None
