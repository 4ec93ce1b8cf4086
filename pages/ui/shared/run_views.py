"""What is seen inside a run: which of the views that suit it is chosen, what it asks for, and its drawing.

The registry (`dlviz.views`) knows the views; only the one on screen is asked for.
"""
from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import Literal

import streamlit as st

from dlviz import views
from dlviz.runs.info import Snapshot
from dlviz.tasks import Task
from dlviz.training.control import Watch
from dlviz.views import Subject, View
from dlviz.views.base import CaptureRequest, Choices, Observation, Widget
from pages.ui.shared import health, state, view_host, weight_edits
from pages.ui.shared.plot import PACE
from pages.ui.shared.texts import texts

VIEW = "run.view"


@dataclass(frozen=True)
class RunFacts:
    """What does not change while a run trains, gathered once a page and not at each tick."""

    run: str
    subject: Subject
    views: tuple[str, ...]  # the keys of those that there are of this network on this task
    held: int | None = None  # a guest's: the sample that the owner had chosen, which a guest must not change

    @property
    def task(self) -> Task:
        return self.subject.task


@dataclass
class PinnedSample:
    """The test sample that this session looks at.

    `turn` counts how often the page chose another one. It is in the widget's key: a number that the page sets
    anew would be set back by a tick that was on its way.
    """

    index: int = 0
    turn: int = 0


def pinned_sample() -> PinnedSample:
    return state.session_value("pinned", PinnedSample)


def facts(snapshot: Snapshot, mine: bool) -> RunFacts:
    subject = views.subject(snapshot.info.experiment)
    held = None if mine else snapshot.captured.sample if snapshot.captured else 0
    return RunFacts(snapshot.info.id, subject, views.offered("train", subject.report, subject.task), held)


def viewer() -> str:
    """This session's name among those that look at runs."""
    return state.session_value("viewer", lambda: secrets.token_hex(8))


def watch(facts: RunFacts) -> None:
    """Tell the service what this session looks at."""
    state.service().watch(facts.run, viewer(), watch_for(facts))


def watch_for(facts: RunFacts) -> Watch:
    """What must be captured for what is on screen; nothing for views that come from evaluations."""
    return _request(facts).watch(_sample(facts))


def needs_evaluation(facts: RunFacts) -> bool:
    """Whether what is on screen comes from judging the network, not from one sample."""
    return _request(facts).evaluation


def _request(facts: RunFacts) -> CaptureRequest:
    return _view(facts).request(facts.subject, _choices(facts))


def _view(facts: RunFacts) -> View:
    chosen = st.session_state.get(VIEW)
    return views.get(chosen if chosen in facts.views else facts.views[0])


def _choices(facts: RunFacts) -> Choices:
    view = _view(facts)
    chosen = view_host.chosen(view.choices(facts.subject), lambda choice: _choice_key(facts, choice))
    return chosen | view_host.answers(view, _key(view))


def _choice_key(facts: RunFacts, choice: Widget) -> str:
    return f"run.{choice.key}.{facts.run}"


def _key(view: View) -> str:
    return f"run.{view.key}"


def _sample(facts: RunFacts) -> int:
    chosen = pinned_sample().index if facts.held is None else facts.held
    return _there_is(chosen, facts.task)


def pinned_of(task: Task) -> int:
    """The number of the pinned test sample of this task: the last one where there are fewer."""
    return _there_is(pinned_sample().index, task)


def _there_is(index: int, task: Task) -> int:
    return min(index, task.size("test") - 1)


def show(snapshot: Snapshot, facts: RunFacts) -> None:
    """The view that is chosen, as it is now: call it at each tick."""
    view = _view(facts)
    editable = facts.held is None and not snapshot.info.over and snapshot.at is None
    if view.edits and editable:
        weight_edits.take(facts.run, view_host.answers(view, _key(view)).get(view.edits))
    if view.diagnosed and not health.show(snapshot, facts.subject.report):
        return
    live = not snapshot.info.over and snapshot.at is None
    observation = replace(_observation(snapshot, facts), editable=editable)
    view_host.show(_key(view), view, view.draw(facts.subject, observation, _choices(facts)), every=PACE if live else 0)


def _observation(snapshot: Snapshot, facts: RunFacts) -> Observation:
    return Observation(snapshot.step, snapshot.info.over, _sample(facts), snapshot.captured, snapshot.evaluations,
                       snapshot.confusion, snapshot.mistakes, snapshot.health, _dark(snapshot), facts.run)


def _dark(snapshot: Snapshot) -> bool | None:
    """The page's theme, which each tick knows; at rest there are none, so both are drawn."""
    return None if snapshot.info.over else st.context.theme.type == "dark"


def choose(facts: RunFacts) -> None:
    """What there is to see, and of which layer and sample."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="run.looking"):
        st.segmented_control(texts.VIEW, facts.views, key=VIEW, default=facts.views[0], required=True,
                             format_func=lambda key: str(views.get(key).title), label_visibility="collapsed",
                             persist_state="session")
        view_host.choose(_view(facts).choices(facts.subject), lambda choice: _choice_key(facts, choice))
        if _request(facts).outputs or _request(facts).parameters:
            _choose_sample(facts)


def _choose_sample(facts: RunFacts) -> None:
    if facts.held is not None:
        return
    size, key = facts.task.size("test"), f"run.sample.{pinned_sample().turn}"
    st.number_input(texts.TEST_SAMPLE_2, 0, size - 1, _sample(facts), key=key, step=1, label_visibility="collapsed",
                    width=140, help=texts.NUMBER_TEST_SAMPLE, on_change=_pin, args=(key,))
    another_sample(facts.task, "run.random", texts.ANOTHER)


def another_sample(task: Task, key: str, label: str, style: Literal["secondary", "tertiary"] = "secondary") -> None:
    """A button that pins any other test sample."""
    st.button(label, key=key, icon=":material/casino:", on_click=_any_sample, args=(task.size("test"),), type=style,
              help=texts.ANY_OTHER_TEST_SAMPLE)


def _pin(key: str) -> None:
    pinned_sample().index = st.session_state[key] or 0


def _any_sample(size: int) -> None:
    pinned_sample().index, pinned_sample().turn = secrets.randbelow(size), pinned_sample().turn + 1
