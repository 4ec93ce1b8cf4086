"""What a user gives a task to learn from: pasted or uploaded. Reads nothing itself; the task has the last word."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dlviz.tasks import Task
from pages.ui.shared import shell
from pages.ui.shared.run_actions import with_refusals
from pages.ui.train.texts import texts

PASTED, FILE = "settings.material.pasted", "settings.material.file"
HEIGHT = 120  # px of the box to paste into

OnChange = Callable[[Mapping[str, Any]], None]


def show(task: Task, on_change: OnChange) -> None:
    """Nothing for a task that learns from what there is."""
    material = task.material
    if material is None:
        return
    noun = material.noun
    with st.container(border=True):
        st.markdown(f"**{texts.OWN_MATERIAL.format(noun=noun)}**  \n:small[{shell.plain(material.rules)}]")
        if material.stored:
            _stored(task, material.stored, on_change)
        st.text_area(texts.PASTE_MATERIAL.format(noun=noun), key=PASTED, height=HEIGHT,
                     placeholder=material.example or None, max_chars=material.most_bytes)
        st.button(texts.USE_MATERIAL.format(noun=noun), key="settings.material.use", icon=":material/check:",
                  on_click=_from_paste, args=(task, on_change))
        st.file_uploader(texts.UPLOAD_MATERIAL, material.types, key=FILE,
                         max_upload_size=-(-material.most_bytes // 2**20), on_change=_from_file, args=(task, on_change))


def _stored(task: Task, words: str, on_change: OnChange) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(shell.plain(words))
        st.button(texts.DELETE_MATERIAL, key="settings.material.delete", icon=":material/delete:", type="tertiary",
                  help=texts.DELETE_MATERIAL_HELP, on_click=_delete, args=(task, on_change))


@with_refusals
def _from_paste(task: Task, on_change: OnChange) -> None:
    on_change(task.store_material(st.session_state[PASTED].encode("utf-8", "replace")))


@with_refusals
def _from_file(task: Task, on_change: OnChange) -> None:
    file = st.session_state[FILE]
    if file is not None:
        on_change(task.store_material(file.getvalue()))


@with_refusals
def _delete(task: Task, on_change: OnChange) -> None:
    on_change(task.delete_material())
