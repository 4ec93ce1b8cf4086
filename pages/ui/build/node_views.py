"""The views of the selected layer: what the registry can draw of it while a run trains the design, in the inspector.

The inspector has the choice and a place; the dock's one fragment draws into it at each tick.
"""
from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dlviz import views
from dlviz.runs.info import Snapshot
from dlviz.training.control import Watch
from dlviz.views import Subject, View
from dlviz.views.base import Choice, Choices, Observation, Widget
from pages.ui.build.texts import texts
from pages.ui.shared import places, run_views, scrubber, state, view_host
from pages.ui.shared.plot import PACE

KEY = "node.view"
ELSEWHERE = ("look", "explain")  # pages that have further views of one layer


@dataclass(frozen=True)
class NodeViews:
    """Of one layer: the views there are of it here, and the place for the one that is chosen."""

    subject: Subject
    layer: str
    keys: tuple[str, ...]
    place: DeltaGenerator

    @property
    def view(self) -> View:
        chosen = st.session_state.get(KEY)
        return views.get(chosen if chosen in self.keys else self.keys[0])

    @property
    def choices(self) -> Choices:
        """What is chosen of the view; of which layer it is, the selection says."""
        widgets = self.view.choices(self.subject)
        fixed = {widget.key: self.layer for widget in widgets if _of_layers(widget, self.layer)}
        return view_host.chosen(widgets, self.key) | fixed | view_host.answers(self.view, f"node.{self.view.key}")

    def key(self, widget: Widget) -> str:
        return f"node.{self.view.key}.{widget.key}"


def _of_layers(widget: Widget, layer: str) -> bool:
    return isinstance(widget, Choice) and layer in widget.options


def of_layer(place: str, subject: Subject, layer: str) -> tuple[str, ...]:
    """The keys of the views that this place has of this layer."""
    found = {key: views.get(key).suits(subject.report, subject.task)
             for key in views.offered(place, subject.report, subject.task)}
    return tuple(key for key, suits in found.items() if not isinstance(suits, bool) and layer in suits)


def choose(subject: Subject, layer: str, run: str) -> NodeViews | None:
    """What can be chosen, and the place for it; links to the pages that have further views. None where there are none.
    """
    keys = of_layer("train", subject, layer)
    found = NodeViews(subject, layer, keys, st.container()) if keys else None
    if found:
        with found.place:
            st.divider()
            if len(keys) > 1:
                st.segmented_control(texts.VIEW_OF_LAYER, keys, key=KEY, default=keys[0], required=True,
                                     format_func=lambda key: str(views.get(key).title), label_visibility="collapsed",
                                     persist_state="session")
            free = tuple(one for one in found.view.choices(subject) if not _of_layers(one, layer))
            view_host.choose(free, found.key)
        found = NodeViews(subject, layer, keys, st.container(key="node_view"))
    _links(subject, layer, run)
    return found


def _links(subject: Subject, layer: str, run: str) -> None:
    for place in (one for one in places.OF_A_RUN if one.name in ELSEWHERE and one.suits(subject.task)):
        titles = [str(views.get(key).title) for key in of_layer(place.name, subject, layer)]
        if titles:
            st.page_link(place.file, label=texts.FURTHER_VIEWS.format(page=place.title, views=", ".join(titles)),
                         icon=place.icon, query_params={"run": run})


def viewer() -> str:
    """This session's name among those that look, for what the inspector shows."""
    return f"{run_views.viewer()}.node"


def request(shown: NodeViews, sample: int) -> Watch:
    """What must be captured for what is on screen."""
    return shown.view.request(shown.subject, shown.choices).watch(sample)


def watch(snapshot: Snapshot, shown: NodeViews, sample: int) -> None:
    state.service().watch(snapshot.info.id, viewer(), request(shown, sample))


def draw(snapshot: Snapshot, shown: NodeViews, sample: int, at: int | None) -> None:
    """The view as it is now, or as it was at the moment that is looked back at: call it at each tick."""
    if at is not None:
        snapshot = scrubber.at_keyframe(snapshot, at, request(shown, sample), judge=False)
    live = not snapshot.info.over and snapshot.at is None
    observation = Observation(snapshot.step, snapshot.info.over, sample, snapshot.captured, snapshot.evaluations,
                              snapshot.confusion, snapshot.mistakes, snapshot.health,
                              st.context.theme.type == "dark" if live else None, snapshot.info.id)
    with shown.place:
        view_host.show(f"node.{shown.view.key}", shown.view,
                       shown.view.draw(shown.subject, observation, shown.choices), every=PACE if live else 0)
