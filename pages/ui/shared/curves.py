"""Live curves: a run's loss and accuracy in the browser, several ticks a second, thinned so that peaks stay.

Each tick sends every series whole, as a few hundred points, so a message that is lost or merged on the way
costs nothing. The browser owns the zoom and the cursor; it tells Python the zoomed stretch only so that the
next tick has finer points there. Knows nothing of training: the page hands over plain columns.
"""
from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import streamlit as st

from dlviz.figures.thinning import short, smooth, thin
from dlviz.translation import Text, _
from pages.ui.shared.component import Json, static_component
from pages.ui.shared.texts import texts

Column = Sequence[float] | np.ndarray
History = Mapping[str, tuple[Column, Column]]  # a series' name -> its steps and its values, equally long

Reads = Mapping[str, float | None]  # a series' name -> what the legend says of it

HEIGHT = 260  # pixels of one chart
POINTS = 900  # points a tick, shared among its series, 100 to 300 each: their peaks
MEANS = 120  # points at most of the average drawn over a series that has more than twice as many of its own


@dataclass(frozen=True)
class Series:
    """One line: `name` finds its columns in the history, a person reads `label`, colours are "#rrggbb"."""

    name: str
    label: str | Text
    color_light: str
    color_dark: str
    style: Literal["line", "dashed", "points", "dots"] = "line"  # "points": a line with dots; "dots": dots, no line


@dataclass(frozen=True)
class Panel:
    """One small chart. A `percent` panel shows 0..1 as 0 % .. 100 % and never takes the log scale."""

    title: str | Text
    series: tuple[Series, ...]
    percent: bool = False


# Light and dark of eight hues, to be taken in this order for runs compared.
RUN_COLORS = (("#3F5BD9", "#8B9DFF"), ("#C2571A", "#F2A066"), ("#0E8A7A", "#4FD1BD"), ("#A8318F", "#EE8FD9"),
              ("#7A6A00", "#DCC84A"), ("#2B8CC4", "#7CCBF7"), ("#5A6070", "#B4BAC8"), ("#B3363F", "#FF8E94"))

_TRAIN, _VAL = RUN_COLORS[0], RUN_COLORS[1]
LOSS = Panel(_("Loss"), (Series("train_loss", _("training"), *_TRAIN),
                         Series("val_loss", _("validation"), *_VAL, "points")))
ACCURACY = Panel(_("Accuracy"), (Series("train_accuracy", _("training"), *_TRAIN),
                                 Series("val_accuracy", _("validation"), *_VAL, "points")), percent=True)

_MOUNT = static_component("dlviz_curves", "curves")


def curves(key: str, panels: Sequence[Panel], history: History, *, planned_steps: int, steps_per_epoch: int,
           marks: Sequence[tuple[int, str]] = (), x_axis: Literal["step", "epoch"] = "step",
           log_y: bool = False, height: int = HEIGHT, run: str = "", empty: str | None = None,
           stepless: bool = False, moment: int | None = None, reads: Reads | None = None,
           top: float | None = None) -> None:
    """Draw `panels` side by side and keep them drawn: call it again, with the same `key`, at each tick.

    A series that `history` does not name has no points yet. `marks` are (step, label), each a thin vertical
    line. `run` says whose curves these are: another one resets the zoom. `height` is a chart's, in pixels.
    A long series is drawn twice: faintly with all its peaks, and clearly as the average over nearby steps.
    Call it inside a fragment: a zoom reruns what called it, once, for finer points. `stepless` reads out
    epochs alone: steps of runs with unequal batches are scaled by the caller and mean nothing themselves.
    `moment` is a step that is looked back at: a clear vertical line. `reads` are the numbers of the legend, None
    where there is none; without it, the end of each line. `top` is where losses were cut: what is drawn there lies
    above it.
    Raises ValueError where a series has not as many steps as values.
    """
    show(key, payload(panels, history, planned_steps=planned_steps, steps_per_epoch=steps_per_epoch, marks=marks,
                      x_axis=x_axis, log_y=log_y, height=height, run=run,
                      empty=texts.EMPTY if empty is None else empty, stepless=stepless,
                      window=zoom(key, run), moment=moment, reads=reads, top=top))


def show(key: str, data: dict[str, Any] | Json) -> None:
    """Draw what `payload` gave, as `curves` does."""
    _MOUNT(key=key, data=data, on_zoom_change=_nothing)


def zoom(key: str, run: str) -> tuple[float, float] | None:
    """The stretch of steps to which this session has zoomed in the curves `key`, if they are this run's."""
    return zoomed(st.session_state.get(key), run)


def payload(panels: Sequence[Panel], history: History, *, planned_steps: int, steps_per_epoch: int,
            marks: Sequence[tuple[int, str]], x_axis: str, log_y: bool, height: int, run: str, empty: str,
            window: tuple[float, float] | None, stepless: bool = False,
            moment: int | None = None, reads: Reads | None = None, top: float | None = None) -> dict[str, Any]:
    """What one tick sends to static/curves/main.js: plain JSON, whatever the history's numbers are."""
    count = sum(len(panel.series) for panel in panels)
    limit = max(100, min(300, POINTS // max(1, count)))
    return {"run": run, "axis": x_axis, "height": height, "empty": empty, "stepless": stepless,
            "moment": moment,
            "planned": int(planned_steps), "perEpoch": max(1, int(steps_per_epoch)),
            "marks": [[int(step), label] for step, label in marks],
            "panels": [{"title": str(panel.title), "percent": panel.percent, "log": log_y and not panel.percent,
                        "top": None if panel.percent else top,
                        "series": [_series(series, history, window, limit) | _read(series, reads)
                                   for series in panel.series]}
                       for panel in panels]}


def zoomed(state: Any, run: str) -> tuple[float, float] | None:
    """The stretch of steps that the browser last said it shows, if it said so of this run."""
    zoom = (state or {}).get("zoom")
    if not isinstance(zoom, dict) or zoom.get("run") != run:
        return None
    low, high = zoom.get("from"), zoom.get("to")
    plain = all(isinstance(end, int | float) and math.isfinite(end) for end in (low, high))
    return (low, high) if plain and low is not None and high is not None and low < high else None


def averaged(count: int) -> int:
    """How many steps each point of the clear line stands for, of a curve of so many; 1 where it shows every one."""
    return count // MEANS if count > 2 * MEANS else 1


def _series(series: Series, history: History, window: tuple[float, float] | None,
            limit: int) -> dict[str, Any]:
    steps, values = history.get(series.name, ((), ()))
    if len(steps) != len(values):
        raise ValueError(f"Series {series.name!r} needs as many steps as values, got {len(steps)} and "
                         f"{len(values)}.")
    noisy = series.style not in ("points", "dots") and averaged(len(steps)) > 1
    return {"name": series.name, "label": str(series.label), "style": series.style,
            "light": series.color_light, "dark": series.color_dark,
            "points": _wire(*thin(steps, values, limit, window), digits=4 if noisy else 5),
            "mean": _wire(*smooth(steps, values, MEANS, window), digits=5) if noisy else None}


def _read(series: Series, reads: Reads | None) -> dict[str, Any]:
    if reads is None:
        return {}
    value = reads.get(series.name)
    return {"read": [] if value is None else [_number(value, 5)]}


def _wire(steps: np.ndarray, values: np.ndarray, digits: int) -> dict[str, list]:
    """Steps as the first one and then the gaps from each to the next: half the bytes."""
    gaps = np.diff(steps.astype(np.int64), prepend=0)
    return {"gaps": gaps.tolist(), "values": short(values, digits)}


def _number(value: float, digits: int) -> float | None:
    return short(np.array([value]), digits)[0]


def _nothing() -> None:
    """A zoom needs no answer but the next run of the fragment, which comes of itself."""
