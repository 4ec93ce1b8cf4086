"""The views of the Look page: which of them a network has, which is chosen, what is asked for it, its drawing."""
from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from dlviz import views
from dlviz.runs.info import RunInfo
from dlviz.training.events import QueryResult
from dlviz.views import Subject, View
from dlviz.views.base import CaptureRequest, Choices, Observation, Sibling, Widget
from dlviz.views.question import SequenceInput, with_generation
from pages.ui.look import trio
from pages.ui.look.reply import earlier, reply
from pages.ui.look.texts import texts
from pages.ui.shared import forms, lesson, sequence_question, state, view_host
from pages.ui.shared.plot import PACE
from pages.ui.shared.run_picker import when

KEY = "look.view"


@dataclass(frozen=True)
class LookView:
    """The view that is chosen, of this run and this question."""

    run: RunInfo
    subject: Subject
    view: View
    choices: Choices

    @property
    def request(self) -> CaptureRequest:
        """What the run is asked for beside its answer; of runs side by side each is asked by itself."""
        return CaptureRequest() if self.view.compares else self.view.request(self.subject, self.choices)


def offered(run: RunInfo) -> tuple[str, ...]:
    """The keys of the views that there are of this network on this task."""
    subject = views.subject(run.experiment)
    return views.offered("look", subject.report, subject.task)


def choose(run: RunInfo, question: SequenceInput) -> LookView | None:
    """The widgets, and the view that they say; None for a network without anything of the kind."""
    keys = offered(run)
    if not keys:
        st.caption(texts.NETWORK_HAS_NO_ATTENTION)
        return None
    now = forms.option(KEY, keys, keys[0])
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="look.views"):
        st.segmented_control(texts.VIEW, keys, default=now, key=KEY, required=True,
                             label_visibility="collapsed",
                             format_func=lambda key: f"{views.get(key).icon} {views.get(key).title}".strip(),
                             persist_state="session")
        view = views.get(st.session_state[KEY])
        subject = replace(views.subject(run.experiment), question=question)
        view_host.choose(view.choices(subject), _widget_key, sequence_question.reseed)
        chosen = view_host.chosen(view.choices(subject), _widget_key)
    lesson.note("viewed", run.id, run.step, view.key, view=view.key)
    return LookView(run, subject, view, chosen | view_host.answers(view, _key(view)))


def watched(run: RunInfo) -> tuple[RunInfo, ...]:
    """The runs that are on screen with this one: its siblings where they stand side by side."""
    key = st.session_state.get(KEY)
    together = key in offered(run) and views.get(key).compares
    return tuple(trio.found(run).values()) if together else (run,)


def show(look: LookView, answered: QueryResult) -> None:
    """Draw it, and say what it is."""
    question = with_generation(look.subject.task, look.subject.asked, answered.generation)
    subject, view = replace(look.subject, question=question), look.view
    siblings = _siblings(look) if view.compares else {}
    over = look.run.over and all(sibling.over for sibling in siblings.values())
    observation = Observation(answered.step, over, run=look.run.id, result=answered, siblings=siblings)
    choices = {**look.choices, **_refine(subject, observation, look)}
    observation = _with_past(subject, observation, look, choices)
    view_host.show(_key(view), view, view.draw(subject, observation, choices), 0.0 if over else PACE)
    if view.words:
        with st.expander(texts.WHAT_DOES_SHOW, icon=":material/help:"):
            st.markdown(str(view.words))
            st.latex(view.equation(subject, choices))


def _key(view: View) -> str:
    return f"look.{view.key}"


def _widget_key(widget: Widget) -> str:
    return f"look.{widget.key}"


def _refine(subject: Subject, observation: Observation, look: LookView) -> dict[str, Any]:
    """What can be chosen of what was captured."""
    made = view_host.refined(look.view, subject, observation, look.choices, _widget_key)
    if not made:
        return {}
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="look.reading.bar"):
        view_host.choose(made, _widget_key)
    return view_host.chosen(made, _widget_key)


@dataclass
class _Past:
    """What a view remembers in this session: of one run, and of one way to look at it."""

    of: Hashable = None
    value: Any = None


def _with_past(subject: Subject, observation: Observation, look: LookView, choices: Choices) -> Observation:
    widgets = {name: value for name, value in choices.items() if name not in look.view.answers}
    past, of = state.session_value(f"{_key(look.view)}.past", _Past), (look.run.id, tuple(sorted(widgets.items())))
    if past.of != of:
        past.of, past.value = of, None
    steps = look.view.earlier(past.value, subject, observation, choices,
                              state.service().scrubber.keyframes(look.run.id))
    found = tuple(earlier(look.run, look.subject.asked, look.request, step) for step in steps)
    observation = replace(observation, earlier=found)
    past.value = look.view.remember(past.value, subject, observation, choices)
    return replace(observation, past=past.value)


def _siblings(look: LookView) -> dict[str, Sibling]:
    return {kind: _sibling(kind, run, look) for kind, run in trio.choose(look.run).items()}


def _sibling(kind: str, run: RunInfo, look: LookView) -> Sibling:
    question, subject = look.subject.asked, views.subject(run.experiment)
    result, note = None, texts.RUN_QUEUED
    if run.step or run.state != "queued":
        result, note = reply(run, question, look.view.request(subject, look.choices), f"look.{kind}")
    return Sibling(run.name, subject, when(run, result.step if result else run.step), run.over, result, note,
                   run.val_accuracy)
