"""A view of the registry on the Explain page: its widgets, what the engine finds for it, its drawing."""
from __future__ import annotations

import streamlit as st

from dlviz import views
from dlviz.inspect.explanation import Explainer
from dlviz.views import View
from dlviz.views.base import Observation, Widget
from pages.ui.explain import layers
from pages.ui.explain.texts import texts
from pages.ui.shared import shell, view_host


def show(view: View, explainer: Explainer) -> None:
    """A fragment has to catch for itself."""
    with shell.show_errors():
        _show(view, explainer)


def _show(view: View, explainer: Explainer) -> None:
    subject, key = views.subject(explainer.experiment), f"explain.{view.key}"

    def widget_key(widget: Widget) -> str:
        return f"{key}.{widget.key}"

    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    widgets = view.choices(subject)
    with row:
        view_host.choose(widgets, widget_key, labels=True)
    choices = view_host.chosen(widgets, widget_key) | view_host.answers(view, key)
    with layers.waiting(texts.RUNNING_TEST_SAMPLES) as report_progress:
        examined = view.examine(explainer, choices, report_progress)
    observation = Observation(explainer.step, True, examined=examined)
    further = view.refinements(subject, observation, choices)
    with row:
        view_host.choose(further, widget_key, labels=True)
    view_host.show(key, view, view.draw(subject, observation, choices | view_host.chosen(further, widget_key)))
