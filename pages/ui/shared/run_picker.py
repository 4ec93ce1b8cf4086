"""The select of a run, for every page that shows one: which runs it offers, what they are called, where it starts."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

import streamlit as st

from dlviz import tasks
from dlviz.errors import RunError
from dlviz.runs.info import RunInfo
from dlviz.shapes import Shape
from dlviz.tasks import Modality, Task
from pages.ui.shared import scrubber, state
from pages.ui.shared.texts import texts

PICTURE = Shape("image", (1, 28, 28))
TICKS = {"training": 0.5, "starting": 0.5, "queued": 1.0, "paused": 1.0}  # seconds between two questions


def available(suits: Callable[[RunInfo], bool] = lambda run: True) -> dict[str, RunInfo]:
    """The visitor's runs that suit a page, by id, the newest first; before them another's that the address names."""
    runs = list(state.service().list(state.visitor()))
    addressed = in_address()
    if addressed and all(run.id != addressed.id for run in runs):
        runs.insert(0, addressed)
    return {run.id: run for run in runs if suits(run)}


def in_address() -> RunInfo | None:
    """The run that the page's address names; None for none, and for an old link to a run that is gone."""
    run = st.query_params.get("run")
    with suppress(RunError):
        return state.service().get(run) if run else None
    return None


def pick(key: str, runs: Mapping[str, RunInfo], start: Callable[[], str],
         labels: Mapping[str, str] | None = None) -> RunInfo:
    """The select over `runs`; `start()` is the id that it begins with. What is picked comes into focus."""
    labels = labels or titles(list(runs.values()))
    if st.session_state.get(key) not in runs:
        st.session_state[key] = start()
    picked = st.selectbox(texts.RUN, list(runs), format_func=labels.__getitem__, width=320, key=key,
                          on_change=lambda: state.set_focus(st.session_state[key]))
    return runs[picked]


def choose() -> RunInfo | None:
    """The run that answers on the Draw page; None where there are no runs."""
    runs = available()
    if not runs:
        return None
    addressed, focus = in_address(), state.focus()
    return pick("draw.run", runs, lambda: default(list(runs.values()), addressed and addressed.id,
                                                  focus and focus.id).id)


def default(runs: Sequence[RunInfo], addressed: str | None, focus: str | None) -> RunInfo:
    """The one in the address, else the training one, else the newest with weights, else the newest.

    Of equals the one in focus is taken. `runs` are the newest first.
    """
    def rank(run: RunInfo) -> tuple[bool, ...]:
        weights = has_weights(run)
        return run.id == addressed, run.state == "training", run.id == focus and weights, weights

    return max(runs, key=rank)  # the first of equals, so the newest


def has_weights(run: RunInfo) -> bool:
    return run.step > 0


def titles(runs: Sequence[RunInfo]) -> dict[str, str]:
    """A label for each run's id: its name, and a number where a name comes more than once, 1 the oldest."""
    names = [run.name for run in runs]
    return {run.id: name if names.count(name) == 1 else f"{name} ({names[index:].count(name)})"
            for index, (run, name) in enumerate(zip(runs, names))}


def task_of(run: RunInfo) -> Task | None:
    """The run's task, if it is one of pictures of 28 x 28 that somebody could draw."""
    task = tasks.get(run.experiment.task.name, run.experiment.task.fields)
    drawable = task.modality is Modality.IMAGE and task.signature().inputs[0][1] == PICTURE
    return task if drawable else None


def when(run: RunInfo, step: int) -> str:
    """Of which moment the answer is."""
    after = texts.BEFORE_FIRST_STEP if step == 0 else texts.AFTER(step)
    if scrubber.scrubbed_step(run.id) is not None:
        return texts.KEYFRAME.format(after=_of_planned(run, step))
    match run.state:
        case "training" | "starting":
            return texts.TRAINING.format(after=_of_planned(run, step))
        case "paused":
            return texts.PAUSED.format(after=after)
        case "done":
            return texts.FINISHED.format(after=after)
    return texts.ENDED.format(after=after)


def _of_planned(run: RunInfo, step: int) -> str:
    if step == 0:
        return texts.BEFORE_FIRST_STEP
    return texts.AFTER_OF(step, planned=run.planned_steps) if run.planned_steps else texts.AFTER(step)
