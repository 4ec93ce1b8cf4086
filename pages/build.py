"""The build page: a network as a column of cards, the selected one beside it, ready networks, files, Train."""
from __future__ import annotations

import streamlit as st

from dlviz.errors import DlvizError, TaskError
from pages.ui.build import bar as build_bar
from pages.ui.build import cards, dock, files, inspector
from pages.ui.build import edits as build_edits
from pages.ui.build.stack import stack
from pages.ui.shared import shell, state

HEIGHT = 720  # px of the editor; build.css makes it as high as the window allows

state.require_frame()
shell.dress("build")
design = state.design()
dark = st.context.theme.type == "dark"
files.take_link(design)
build_bar.take_press(design)
dock.take_press(design)

bar = st.container()
try:
    view = cards.view(design.experiment, dark)
except TaskError as error:
    with bar:
        build_bar.show(design, None)
    st.error(shell.plain(error.sentence))
    st.stop()

left, right = st.container(key="build_split").columns([2, 1], gap="medium")
with left:
    edits = stack(build_bar.EDITOR, palette=cards.palette(), cards=view.cards, inputs=view.inputs, epoch=design.epoch,
                  selected=design.selected, can_undo=design.can_undo, can_redo=design.can_redo, height=HEIGHT)
refused = []
for edit in edits:  # before any other command of Streamlit, at which a run may be broken off
    try:
        build_edits.apply(design, edit)
    except DlvizError as error:
        refused.append(error)
for error in refused:
    shell.notice(error)
if edits:
    st.rerun()

with bar:
    build_bar.show(design, view)
with right:
    inspector.show(design, view, dark)
dock.show(design, view)
