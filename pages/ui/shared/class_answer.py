"""A network's answer to one picture, drawn in place: a bar for each class, and the maps of every layer.

Turns arrays into the component's plain data; knows no run and asks for nothing itself.
"""
from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st

from dlviz import layers
from dlviz import network as net
from dlviz.figures import tiles
from dlviz.layers import Family
from dlviz.shapes import Signature
from dlviz.spec import NetworkSpec
from pages.ui.shared.component import static_component

LINE = 12  # maps of a closed layer, as many as fit beside the bars on a usual screen
NONE: frozenset[str] = frozenset()
MOST_MAPS, MOST_NUMBERS = 128, 2048  # of one layer, so that a message stays small
SHARES = 4  # digits of a probability that are sent

_ANSWER = static_component("dlviz_answer", "answer")
_PIXELS = static_component("dlviz_pixels", "pixels")


@dataclass(frozen=True)
class AnswerRow:
    """A layer as a row shows it: `count` maps of `height` x `width`; of 1 x 1 for the numbers of a vector."""

    name: str
    kind: str
    family: Family
    shape: str
    count: int
    height: int
    width: int

    @property
    def vector(self) -> bool:
        return self.height == self.width == 1


def pixels(key: str, picture: np.ndarray, alt: str, size: int) -> None:
    """A grey uint8 picture `(28, 28)`, `size` CSS pixels wide, every pixel a sharp square."""
    _PIXELS(key=key, data={"url": tiles.data_url(picture), "alt": alt, "size": size})


def answer(key: str, *, rows: Sequence[AnswerRow], classes: Sequence[str], probabilities: np.ndarray | None = None,
           outputs: Mapping[str, np.ndarray] | None = None, truth: int | None = None, when: str = "",
           note: str = "", hint: str = "") -> None:
    """Draw the answer and keep it drawn: call it again with the same key. 1 to 5 ms and 5 to 250 KB.

    Without `probabilities` the same place is taken, with `hint` in it. `truth` is the right class, if known.
    """
    data = payload(rows, classes, probabilities, outputs or {}, opened(st.session_state.get(key)))
    _ANSWER(key=key, data={**data, "truth": truth, "when": when, "note": note, "hint": hint},
            on_open_change=lambda: None)


def payload(rows: Sequence[AnswerRow], classes: Sequence[str], probabilities: np.ndarray | None,
            outputs: Mapping[str, np.ndarray], opened: frozenset[str]) -> dict[str, Any]:
    """What is sent, as plain JSON: no NaN in it, whatever the network says."""
    shares = None
    if probabilities is not None and np.isfinite(probabilities).all():
        shares = [round(float(share), SHARES) for share in probabilities]
    return {"classes": list(classes), "probabilities": shares,
            "palettes": [_palette(dark=False), _palette(dark=True)],
            "layers": [_layer(row, outputs.get(row.name), row.name in opened) for row in rows]}


def opened(state: Any) -> frozenset[str]:
    """The layers that the browser says are open."""
    names = (state or {}).get("open")
    return frozenset(name for name in names if isinstance(name, str)) if isinstance(names, list) else NONE


def rows(network: NetworkSpec, signature: Signature) -> tuple[AnswerRow, ...]:
    """The layers of a network that can be built, in order. Remembered: the check costs some milliseconds."""
    return _rows(network.model_dump_json(), signature)


@lru_cache(maxsize=128)
def _rows(network: str, signature: Signature) -> tuple[AnswerRow, ...]:
    checked = net.check(NetworkSpec.model_validate_json(network), signature)
    return tuple(_row(layer.name, layer.kind, layer.out_shape.axes)
                 for layer in checked.layers if layer.out_shape)


def _row(name: str, kind: str, axes: tuple[int, ...]) -> AnswerRow:
    count, height, width = (1, *axes) if len(axes) == 2 else axes if len(axes) == 3 else (axes[0], 1, 1)
    family = layers.FAMILIES[layers.get(kind).family]
    return AnswerRow(name, kind, family, " × ".join(f"{axis:,}" for axis in axes), count, height, width)


def _layer(row: AnswerRow, output: np.ndarray | None, open_: bool) -> dict[str, Any]:
    limit = MOST_NUMBERS if row.vector else MOST_MAPS
    line = limit if row.vector else LINE
    sent = min(row.count, limit if open_ else line)
    return {"name": row.name, "kind": row.kind, "colors": [row.family.light, row.family.dark],
            "shape": row.shape, "count": row.count, "height": row.height, "width": row.width,
            "vector": row.vector, "limit": limit, "line": line, "open": open_,
            "levels": None if output is None else _levels(output, sent)}


def _levels(output: np.ndarray, sent: int) -> str:
    """The first `sent` maps as base64 bytes, places in the palette: 128 is zero, 0 is no number.

    One scale for all maps of the layer, those that are not sent included. 15 times as fast as PNG files.
    """
    span = np.abs(output, where=np.isfinite(output), out=np.zeros_like(output)).max()
    with np.errstate(invalid="ignore", over="ignore"):
        places = output[:sent] / (span or 1) * 127
    levels = np.where(np.isfinite(places), np.rint(places) + 128, 0).astype(np.uint8)
    return base64.b64encode(levels.tobytes()).decode()


@lru_cache(maxsize=2)
def _palette(*, dark: bool) -> str:
    """The 256 colours of every other picture of maps, as base64 of red, green, blue, red, ..."""
    numbers = np.concatenate([[np.nan], np.arange(-127, 128)])
    return base64.b64encode(tiles.tile(numbers, gap=0, columns=256, dark=dark)[0].tobytes()).decode()
