"""Whose answers are explained: a run, with the weights that it had when they were taken.

Keeps the weights that are on screen, so that a run that goes on learning does not change them under the reader.
"""
from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import streamlit as st

from dlviz import once
from dlviz.errors import RunError
from dlviz.inspect.explanation import Explainer, Explainers
from dlviz.runs.info import RunInfo
from dlviz.translation import _
from pages.ui.explain.texts import texts
from pages.ui.shared import state
from pages.ui.shared.run_words import state_words

PACE = 2.0  # seconds between two looks at how far a training run has come


@dataclass
class _SubjectCache:
    of: Hashable = None
    subject: Explainer | None = None
    fresh: int = 0  # how often newer weights were asked for


def _subjects() -> Explainers:
    return once.get("subjects", Explainers)


def take(run: RunInfo) -> Explainer:
    """The network on screen. RunError when there are no weights, or they cannot be used."""
    held = state.session_value("explain.held", _SubjectCache)
    live = not run.over
    of = run.id, None if live else run.step, held.fresh
    if held.of != of or held.subject is None:
        held.of, held.subject = None, None
        path = state.service().weights_path(run.id)
        if path is None:
            raise RunError(_("The run {name!r}", name=run.name), _("has weights to look at"),
                           _("it has not saved any yet"), _("Wait a moment, or choose another network above."))
        held.subject, held.of = _subjects().get(run.experiment, path), of
    return held.subject


def freshness(run: RunInfo, subject: Explainer) -> None:
    """Of which moment the weights are; for a run that learns on, how far it has come and how to follow it."""
    st.fragment(_freshness, run_every=None if run.over else PACE)(run.id, subject.step)


def _freshness(run: str, step: int) -> None:
    now, words = state.service().get(run), texts.WEIGHTS_AFTER_STEP(step)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
        if now.step <= step or now.over:
            st.caption(f"{words}, {state_words(now.state).word.lower()}", width="content")
        else:
            st.caption(texts.THE_RUN_CONTINUES.format(words=words), width="content")
        if now.step > step and st.button(texts.USE_STEP.format(step=now.step), icon=":material/refresh:",
                                         key="explain.fresh", type="tertiary"):
            state.session_value("explain.held", _SubjectCache).fresh += 1
            state.draw_page()
