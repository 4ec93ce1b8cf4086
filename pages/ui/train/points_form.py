"""Points that a user sets by hand or reads from a file. Reads strictly what a browser says; the task has the last word.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dlviz.errors import TaskError
from dlviz.tasks import PlaneTask
from dlviz.translation import _
from pages.ui.shared.component import static_component
from pages.ui.shared.run_actions import with_refusals
from pages.ui.train.texts import texts

KEY, FILE = "settings.points.editor", "settings.points.file"
_MOUNT = static_component("dlviz_points", "points")


def show(task: PlaneTask, on_change: Callable[[Mapping[str, Any]], None]) -> None:
    """Nothing for a task whose points nobody sets."""
    own = task.own_points
    if own is None:
        return
    board, file = st.columns(2, gap="large")
    with board:
        _MOUNT(key=KEY, data={"text": own.text, "least": own.least, "most": own.most, "extent": own.extent},
               on_points_change=lambda: _from_board(own.name, on_change))
    with file:
        st.file_uploader(texts.POINTS_FILE, ("csv", "tsv", "txt"), key=FILE, max_upload_size=1,
                         help=texts.POINTS_FILE_HELP, on_change=_from_file, args=(task, on_change))


def _from_board(field: str, on_change: Callable[[Mapping[str, Any]], None]) -> None:
    edit = (st.session_state.get(KEY) or {}).get("points")
    text = edit.get("text") if isinstance(edit, dict) else None
    if isinstance(text, str):
        on_change({field: text})


@with_refusals
def _from_file(task: PlaneTask, on_change: Callable[[Mapping[str, Any]], None]) -> None:
    file = st.session_state[FILE]
    if file is not None:
        on_change(task.read_points(_decoded(file.getvalue())))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TaskError(_("The file of points"), _("must be text in UTF-8"), _("it is not"),
                        _("Save it as CSV, UTF-8.")) from error
