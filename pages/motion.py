"""The slow motion page: one update of the weights in five steps, and the arithmetic inside layers."""
from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dlviz import tasks
from dlviz.translation import _, translated
from pages.ui.motion import layer, player, weight
from pages.ui.motion import source as motion_source
from pages.ui.motion.texts import texts
from pages.ui.shared import fetch, offers, places, run_actions, shell, state

UPDATE = _(":material/slow_motion_video: One update").source
LAYER = _(":material/calculate: Inside a layer").source


def page() -> None:
    state.require_frame()
    run_actions.show_refusals()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.title(texts.SLOW_MOTION, width="content", anchor=False)
        source = motion_source.choose()
    if not source.experiment.network.layers:
        offers.empty(texts.NO_NETWORK_YET, texts.ADD_SOME_LAYERS_YOUR)
        return
    task = tasks.get(source.experiment.task.name, source.experiment.task.fields)
    if not places.supervised(task):
        offers.empty(texts.LEARNT_FROM_GAMES, texts.SLOWS_BATCHES, places.supervised)
        return
    if not fetch.offer_download(task):
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        view = st.segmented_control(texts.WHAT_IS_SHOWN, (UPDATE, LAYER), default=UPDATE, required=True,
                                    key="motion.view", label_visibility="collapsed", format_func=translated,
                                    persist_state="session")
        motion = motion_source.take(source)
    if view == UPDATE:
        player.show(motion, task)
        st.fragment(inspect)(weight.show, motion)
    else:
        st.fragment(inspect)(layer.show, motion, task)


def inspect(show: Callable[..., None], *given: object) -> None:
    """A part with its own widgets: only it runs again when they change. A fragment catches for itself."""
    with shell.show_errors():
        show(*given)


with shell.show_errors():
    page()
shell.dress("look")
