"""A view of the registry on the Explain page: its widgets, what the engine finds for it, its drawing."""
from __future__ import annotations

import sys
from contextlib import nullcontext
from dataclasses import replace

import streamlit as st

from dlviz import views
from dlviz.inspect.explanation import Explainer
from dlviz.views import View
from dlviz.views.base import Observation, Widget
from dlviz.views.question import ExplainedInput
from pages.ui.explain import layers
from pages.ui.explain.texts import texts
from pages.ui.shared import lesson, shell, view_host


def show(view: View, explainer: Explainer, example: ExplainedInput | None = None) -> None:
    """A fragment has to catch for itself."""
    first = "captum.attr" not in sys.modules and view.asks  # it takes a moment to load, once a server
    with shell.show_errors(), st.spinner(texts.COMPUTING) if first else nullcontext():
        _show(view, explainer, example)


def _show(view: View, explainer: Explainer, example: ExplainedInput | None) -> None:
    subject, key = replace(views.subject(explainer.experiment), example=example), f"explain.{view.key}"

    def widget_key(widget: Widget) -> str:
        return f"{key}.{widget.key}"

    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    widgets = view.choices(subject)
    with row:
        view_host.choose(widgets, widget_key, labels=True)
    choices = view_host.chosen(widgets, widget_key) | view_host.answers(view, key)
    with layers.waiting(texts.RUNNING_TEST_SAMPLES) as report_progress:
        observation = Observation(explainer.step, True, examined=view.examine(explainer, subject, choices,
                                                                              report_progress))
        further = view_host.refined(view, subject, observation, choices, widget_key)
        with row:
            view_host.choose(further, widget_key, labels=True)
        if further:
            choices = choices | view_host.chosen(further, widget_key)
            observation = replace(observation, examined=view.examine(explainer, subject, choices, report_progress))
    lesson.note_of_focus("viewed", explainer.step, (view.key, example and example.key), view=view.key)
    view_host.show(key, view, view.draw(subject, observation, choices))
