"""What buttons of the Train and Runs pages do, as callbacks: a refusal is kept and said at the page's top."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

import streamlit as st

from dlviz import settings
from dlviz.errors import DlvizError
from dlviz.runs.info import RunInfo
from dlviz.schedules import Schedule
from dlviz.spec import Experiment
from dlviz.training.control import Advance, Message, Set, Setting
from pages.ui.shared import device_choice, shell, state

NEW = state.NEW


@dataclass
class _Refusals:
    """What this session was refused: the sentences not said yet, and how many there ever were."""

    sentences: list[str] = field(default_factory=list)
    count: int = 0


def _refusals() -> _Refusals:
    return state.session_value("refusals", _Refusals)


def show_refusals() -> None:
    """Show what was refused since the last time, once."""
    for sentence in _refusals().sentences:
        st.error(shell.plain(sentence), icon=":material/error:")
    _refusals().sentences.clear()


def refusal_count() -> int:
    """How often this session was refused something; in a widget's key, it takes the refused value back."""
    return _refusals().count


def with_refusals(act: Callable[..., None]) -> Callable[..., None]:
    """A callback whose errors for users are kept until the page is drawn."""
    @wraps(act)
    def guarded(*args: Any, **kwargs: Any) -> None:
        try:
            act(*args, **kwargs)
        except DlvizError as error:
            _refusals().sentences.append(error.sentence)
            _refusals().count += 1

    return guarded


@with_refusals
def start(experiment: Experiment, parent: str | None = None, by: Advance | None = None,
          weights_from: str | None = None) -> None:
    """A new run of this experiment, in focus from now on; with `by` it trains just that far and pauses."""
    name = free_name(experiment.name, (run.name for run in state.service().list(state.visitor())))
    run = state.service().create(experiment, state.visitor(), name=name, parent=parent, weights_from=weights_from,
                                 device=device_choice.chosen())
    if by:
        state.service().post(run, by, state.visitor())
    state.set_focus(run)


@with_refusals
def open_trained(preset: str) -> None:
    """The finished run of a preset that comes trained, in focus from now on."""
    state.set_focus(state.service().open_trained(preset, state.visitor()))


@with_refusals
def post(run: str, message: Message) -> None:
    state.service().post(run, message, state.visitor())


@with_refusals
def change(run: str, setting: Setting, value: float | Schedule) -> None:
    """Ask for a setting's new value."""
    state.service().post(run, Set(setting, value), state.visitor())


@with_refusals
def rename(run: str, key: str) -> None:
    """Give the run the name that the widget `key` holds."""
    state.service().rename(run, st.session_state[key], state.visitor())


@with_refusals
def delete(run: str) -> None:
    state.service().delete(run, state.visitor())
    if st.query_params.get("run") == run:
        del st.query_params["run"]


def new() -> None:
    """Show the design in hand and its settings instead of a run."""
    st.query_params["run"] = NEW


def starting_point(info: RunInfo) -> None:
    """Take the run's experiment in hand and open it on the Workbench. Not for a callback: it leaves the page."""
    state.design().open(info.experiment)
    st.switch_page("pages/build.py")


def free_name(name: str, taken: Iterable[str]) -> str:
    """The name itself, or with the first number that makes it another than those taken."""
    used = set(taken)
    stem, number = name, 1
    while name in used:
        number += 1
        name = f"{stem[:settings.MAX_NAME - len(str(number)) - 1].rstrip()} {number}"
    return name
