"""The place to draw on: a canvas with pen, eraser, undo and clear; its drawing outlives a change of the page.

Hands back what the network gets to see; knows no run and no task.
"""
from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image

from dlviz.errors import TaskError
from dlviz.tasks.drawing import prepare
from dlviz.translation import Words, _
from pages.ui.shared import state
from pages.ui.shared.texts import texts

SIDE = 280  # CSS pixels: ten for each pixel of the prepared picture
PEN, ERASER = ":material/edit: Pen", ":material/ink_eraser: Eraser"
MOST = 8 * SIDE  # pixels of a side: screens have up to four for each CSS pixel, and browsers zoom
GROUND, INK = "#000000", "#ffffff"
WIDTHS = (8, 40, 22)  # least, most, and what gives strokes as wide as MNIST's
_CANVAS = "draw.canvas"

# The canvas's own toolbar only shows while a mouse is over it, and knows nothing of the buttons below.
HIDE_TOOLBAR = "<style>.st-key-draw_canvas { clip-path: inset(0); width: fit-content; }</style>"


@dataclass
class Drawing:
    """What is on the canvas.

    Attributes:
        strokes: the canvas's own JSON.
        png: the same as a picture; None before the first stroke.
        start: what the canvas is told to begin with; another value than before makes it begin again.
    """

    strokes: dict[str, Any] | None = None
    png: bytes | None = None
    start: dict[str, Any] | None = None
    turn: int = 0

    @property
    def empty(self) -> bool:
        return not (self.strokes or {}).get("objects")

    def begin(self, objects: list[dict[str, Any]]) -> None:
        """Have the canvas show these strokes instead."""
        self.turn += 1
        self.start = {"objects": objects, "turn": self.turn}

    def undo(self) -> None:
        self.begin((self.strokes or {}).get("objects", [])[:-1])

    def clear(self) -> None:
        self.begin([])


def drawing() -> Drawing:
    """What this session has drawn."""
    return state.session_value("drawing", Drawing)


def canvas(box: int) -> np.ndarray | None:
    """Show the canvas with its tools; what is drawn on it as the network gets it, uint8 `(28, 28)`, or None.

    `box` is how long the ink becomes, see `prepare`.
    """
    drawn = drawing()
    _check(st.session_state.get(_CANVAS) or {})
    if _CANVAS not in st.session_state and drawn.strokes:
        drawn.begin(drawn.strokes["objects"])  # back from another page: the canvas is a new one
    tool, width = _tool_in_hand()
    st.html(HIDE_TOOLBAR)
    with st.container(key="draw_canvas"):
        result = _mount(stroke_width=width, stroke_color=GROUND if tool == ERASER else INK, key=_CANVAS,
                        background_color=GROUND, height=SIDE, width=SIDE, initial_drawing=drawn.start,
                        return_image_data=True)
    if (png := _png(result)) is not None:
        drawn.strokes, drawn.png = result.json_data, png
    _tools(drawn)
    return None if drawn.png is None else _prepared(drawn.png, box)


def _mount(**options: Any) -> Any:
    from streamlit_drawable_canvas import st_canvas  # imported, it registers itself with the server

    return st_canvas(**options)


def _png(result: Any) -> bytes | None:
    try:
        return result.image_bytes
    except ValueError as error:  # no base64 behind its comma
        raise _no_drawing(_("something else was sent")) from error


def _check(message: Mapping[str, Any]) -> None:
    """The canvas's own code reads what a browser says without a look at it. TaskError for what was never drawn."""
    match message.get("drawing"), message.get("backgroundFit"):
        case None | {"raw": None | {"objects": [*_]}, "data": None | str()}, None:
            return
    raise _no_drawing(_("something else was sent"))


def _no_drawing(came: Words) -> TaskError:
    return TaskError(_("The canvas"), _("takes a drawing of its own size"), came, _("Reload the page."))


def _tool_in_hand() -> tuple[str, int]:
    """The widgets stand below the canvas, which has to know what they say."""
    return st.session_state.get("draw.tool") or PEN, st.session_state.get("draw.width", WIDTHS[2])


def _tools(drawn: Drawing) -> None:
    st.segmented_control(texts.TOOL, (PEN, ERASER), default=PEN, required=True, key="draw.tool", width="stretch",
                         label_visibility="collapsed", persist_state="session")
    with st.container(horizontal=True, gap="small"):
        st.button(texts.UNDO, icon=":material/undo:", key="draw.undo", on_click=drawn.undo, disabled=drawn.empty,
                  width="stretch")
        st.button(texts.CLEAR, icon=":material/delete:", key="draw.clear", on_click=drawn.clear,
                  disabled=drawn.empty, width="stretch")
    st.slider(texts.LINE_WIDTH, WIDTHS[0], WIDTHS[1], WIDTHS[2], key="draw.width", persist_state="session")


@lru_cache(maxsize=64)
def _prepared(png: bytes, box: int) -> np.ndarray | None:
    """3 ms; the same drawing is asked about again at every tick of a training run."""
    try:
        picture = Image.open(io.BytesIO(png), formats=("PNG",))  # reads its head alone
        if max(picture.size) > MOST:
            raise _no_drawing(_("one of {width:,} x {height:,} pixels was sent", width=picture.width,
                                height=picture.height))
        return prepare(np.asarray(picture.convert("RGBA")), box)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:  # as PIL says of a damaged file
        raise _no_drawing(_("a picture that cannot be read was sent")) from error
