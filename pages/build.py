"""The build page: a network as a stack of cards or on a canvas, the selected layer beside it, presets, files."""
from __future__ import annotations

import streamlit as st

from dlviz.errors import TaskError
from pages.ui.build import bar as build_bar
from pages.ui.build import cards, dock, editors, files, inspector, own_sample
from pages.ui.shared import run_views, shell, state

HEIGHT = 720  # px of the editor; build.css makes it as high as the window allows

state.require_frame()
shell.dress("build")
design = state.design()
dark = st.context.theme.type == "dark"
files.take_link(design)
editors.take_address()
refused = editors.take_canvas(design)
dock.take_press(design)

bar = st.container()
try:
    experiment = design.experiment
    task = cards.task_of(experiment)
    left, right = st.container(key="build_split").columns([2, 1], gap="medium")
    box = right.container(border=True, key="inspector")
    with box:
        own = own_sample.take(task)
    view = cards.view(experiment, dark, run_views.pinned_sample().index, own)
except TaskError as error:
    with bar:
        build_bar.show(design, None)
    st.error(shell.plain(error.sentence))
    st.stop()

with left:
    shown = editors.show(design, experiment, view, HEIGHT)
for error in (*refused, *shown.refused):
    shell.notice(error)
if shown.changed or design.experiment is not experiment:  # by this tab, or by another one of this visitor's
    st.rerun()

with bar:
    build_bar.show(design, view)
with box:
    of_layer = inspector.show(design, view, dark)
dock.show(design, view, of_layer, own)
