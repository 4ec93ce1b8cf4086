"""What buttons of the Lab do, as callbacks: a refusal is kept and said at the page's top."""
from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dlviz.spec import Experiment
from dlviz.studies import presets
from dlviz.studies import studies as keeping
from dlviz.studies.plan import MOST, Axis
from dlviz.studies.studies import Studies
from dlviz.studies.study import Search
from pages.ui.shared import shell, state
from pages.ui.shared.run_actions import with_refusals


def studies() -> Studies:
    """This server's studies."""
    return keeping.of(state.service())


def most_at_once() -> int:
    """How many runs of a study may train at once here."""
    return min(MOST, state.service().capacity())


def at_once(usual: int) -> int:
    """How many do unless somebody says otherwise: so many on each computer, so that a cluster's nodes share them."""
    return min(most_at_once(), usual * state.service().nodes())


def leave() -> None:
    """Back to the gallery and the list."""
    st.query_params.pop("study", None)


def go_to(study: str) -> None:
    st.query_params["study"] = study


@with_refusals
def begin_preset(key: str, mine: bool) -> None:
    """Start a ready study, on its own network or on the design in hand."""
    chosen = presets.get(key)
    own = state.design().experiment if mine else None
    base = presets.adapt(chosen, own) if own else chosen.base
    st.session_state["lab.kind"] = "val" if chosen.on_validation else "train"
    go_to(studies().compare(chosen.title, state.visitor(), base, chosen.axes(base), lead=chosen.lead,
                            observation=chosen.question if mine else chosen.observation, design=own))


@with_refusals
def begin(name: str, base: Experiment, axes: Sequence[Axis], lead: int | None, at_once: int) -> None:
    go_to(studies().compare(name, state.visitor(), base, axes, lead=lead, at_once=at_once))


@with_refusals
def begin_search(name: str, base: Experiment, search: Search, at_once: int) -> None:
    go_to(studies().search(name, state.visitor(), base, search, at_once=at_once))


@with_refusals
def pause(study: str) -> None:
    studies().pause(study, state.visitor())


@with_refusals
def resume(study: str) -> None:
    studies().resume(study, state.visitor())


@with_refusals
def stop(study: str) -> None:
    studies().stop(study, state.visitor())


@with_refusals
def delete(study: str, runs: bool) -> None:
    studies().delete(study, runs, state.visitor())
    if st.query_params.get("study") == study:
        leave()


@with_refusals
def lock(study: str, key: str) -> None:
    """Lock-step as the widget `key` says: a number of steps, 0 for off."""
    studies().together(study, st.session_state[key] or None, state.visitor())


@with_refusals
def take_over(experiment: Experiment, name: str) -> None:
    """Make these values those of the design in hand; one undo brings back what was there."""
    state.design().open(experiment.model_copy(update={"name": name}))
    shell.opened(name)
