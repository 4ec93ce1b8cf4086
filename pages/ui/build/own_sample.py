"""A sample of the user's own in place of a test sample: drawn or typed beside the network through which it runs.

Knows no network. Each task says itself what can be drawn or typed of it.
"""
from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from dlviz.errors import TaskError
from dlviz.runs.info import RunInfo
from dlviz.tasks import Task
from dlviz.views.base import CaptureRequest
from pages.ui.build.texts import texts
from pages.ui.shared import canvas, places, reply, shell, state

TEXT = "build.own"  # the session's key of what is typed, by task


@dataclass(frozen=True)
class OwnSample:
    """Inputs without batch axis; two of the same digest are the same."""

    digest: str
    inputs: tuple[np.ndarray, ...] = field(compare=False, repr=False)


@dataclass
class _Pad:
    shown: bool = False


def _pad() -> _Pad:
    return state.session_value("build.pad", _Pad)


def possible(task: Task) -> bool:
    """Whether a sample can be drawn or typed."""
    return places.drawable(task) or places.asked(task)


def shown(task: Task) -> bool:
    """Whether the user wishes to give one."""
    return _pad().shown and possible(task)


def button(task: Task) -> None:
    """Opens the pad, or goes back to test samples."""
    if not possible(task):
        return
    label = texts.BACK_TO_TEST if _pad().shown else texts.DRAW_OWN if places.drawable(task) else texts.TYPE_OWN
    icon = ":material/undo:" if _pad().shown else ":material/draw:" if places.drawable(task) else ":material/keyboard:"
    st.button(label, key="dock.own", icon=icon, type="tertiary", on_click=_toggle, help=texts.OWN_RUNS_THROUGH)


def _toggle() -> None:
    _pad().shown = not _pad().shown


def take(task: Task) -> OwnSample | None:
    """The pad, where it is open; what was drawn or typed there, None while there is nothing."""
    if not shown(task):
        return None
    with st.container(key="own_sample"):
        inputs = _drawn(task) if places.drawable(task) else _typed(task)
        st.divider()
    if inputs is None:
        return None
    content = b"".join(np.ascontiguousarray(array).tobytes() for array in inputs)
    return OwnSample(hashlib.blake2s(content, digest_size=8).hexdigest(), inputs)


def _drawn(task: Task) -> tuple[np.ndarray, ...] | None:
    st.caption(texts.DRAW_IT_HERE)
    with shell.show_errors():
        picture = canvas.canvas(task.box)
        return None if picture is None else task.from_picture(picture)


def _typed(task: Task) -> tuple[np.ndarray, ...] | None:
    text = st.text_input(texts.TYPE_OWN, key=f"{TEXT}.{task.name}", placeholder=task.example, max_chars=2_000,
                         label_visibility="collapsed", persist_state="session")
    if not text.strip():
        st.caption(texts.TYPE_LIKE.format(example=shell.plain(task.example)))
        return None
    try:
        return task.parse(text.strip())
    except TaskError as error:
        st.error(shell.plain(error.sentence), icon=":material/error:")
        return None


def outputs(run: RunInfo, own: OwnSample, names: tuple[str, ...]) -> tuple[int, Mapping[str, np.ndarray]]:
    """What these layers of a run give for it now, or at the step that is looked back at; and after how many steps.

    Nothing while the run is too busy to answer.
    """
    answered, _why = reply.reply(run, own.digest, own.inputs, CaptureRequest(outputs=names), "own")
    return (answered.step, answered.outputs) if answered else (run.step, {})
