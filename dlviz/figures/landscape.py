"""The loss around a run's weights as Plotly figures: a map, a surface, the straight line from start to end.

They take a survey's arrays and know neither runs nor pages.
"""
from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import plotly.graph_objects as go

from dlviz.figures.texts import BARE, texts
from dlviz.figures.theme import color, ink_scale, themed
from dlviz.figures.ticks import log_ticks

LOWEST = 1e-9  # a loss below it is drawn there on a logarithmic scale
LIFT = 0.012  # of the surface's height by which the path lies above it, so that it does not sink in
TALL = 0.6  # height of a surface, in widths
EYE = {"x": 1.05, "y": -1.25, "z": 1.3}  # from above, for the run ends in a valley
Titles = tuple[str, str]


class SurveyArrays(Protocol):
    """What a survey of the loss must have to be drawn.

    Attributes:
        x, y: coordinates of the grid, `(n,)` each, rising evenly.
        loss: `(n, n)`, one row a y.
        steps, places, losses: the run's path, `(m,)`, `(m, 2)` and each step's own loss `(m,)`.
        line_at, line_loss: the straight line from the first weights to the last; empty where there is but one.
        along: how far each step is along that line, `(m,)`.
    """

    @property
    def x(self) -> np.ndarray: ...
    @property
    def y(self) -> np.ndarray: ...
    @property
    def loss(self) -> np.ndarray: ...
    @property
    def steps(self) -> np.ndarray: ...
    @property
    def places(self) -> np.ndarray: ...
    @property
    def losses(self) -> np.ndarray: ...
    @property
    def line_at(self) -> np.ndarray: ...
    @property
    def line_loss(self) -> np.ndarray: ...
    @property
    def along(self) -> np.ndarray: ...


@themed
def contour(survey: SurveyArrays, titles: Titles, *, log: bool = True) -> go.Figure:
    """The loss seen from above with its contour lines, and the run's path over it. `titles` name the two directions."""
    heights = height(survey.loss, log)
    figure = go.Figure(go.Contour(x=_single(survey.x), y=_single(survey.y), z=_single(heights),
                                  customdata=_single(survey.loss),
                                  colorscale=ink_scale(), colorbar=_bar(survey.loss, log),
                                  hovertemplate=texts.LOSS_HERE + BARE))
    if has_path(survey):
        halo = {"width": 5, "color": color("paper", 85)}
        figure.add_scatter(x=survey.places[:, 0], y=survey.places[:, 1], mode="lines", line=halo, hoverinfo="skip",
                           showlegend=False)
        figure.add_scatter(x=survey.places[:, 0], y=survey.places[:, 1], **_path(survey, start=12, dot=5, end=13))
    figure.update_xaxes(title_text=titles[0], range=_ends(survey.x))
    figure.update_yaxes(title_text=titles[1], range=_ends(survey.y), showgrid=False)
    return figure.update_layout(margin={"t": 12}, showlegend=False)


@themed
def surface(survey: SurveyArrays, titles: Titles, *, log: bool = True) -> go.Figure:
    """The loss as a hill that can be turned, and the run's path on it."""
    heights = height(survey.loss, log)
    figure = go.Figure(go.Surface(x=_single(survey.x), y=_single(survey.y), z=_single(heights),
                                  customdata=_single(survey.loss),
                                  colorscale=ink_scale(), colorbar=_bar(survey.loss, log),
                                  hovertemplate=texts.LOSS_HERE + BARE))
    if has_path(survey):
        lift = LIFT * float(np.nanmax(heights) - np.nanmin(heights))
        above = height(below(survey), log) + lift
        figure.add_scatter3d(x=survey.places[:, 0], y=survey.places[:, 1], z=above,
                             **_path(survey, start=7, dot=3, end=8, width=5))
    upright = _bar(survey.loss, log)
    upright["title"] = {"text": upright["title"]["text"]}
    figure.update_scenes(camera={"eye": EYE}, xaxis_title_text=titles[0], yaxis_title_text=titles[1], zaxis=upright,
                         aspectmode="manual", aspectratio={"x": 1, "y": 1, "z": TALL})
    return figure.update_layout(margin={"t": 0, "b": 0}, showlegend=False)


@themed
def straight_line(survey: SurveyArrays, *, log: bool = True) -> go.Figure:
    """The loss on the straight line from the run's first weights to its last, and the run's own beside it."""
    figure = go.Figure([
        go.Scatter(x=survey.line_at, y=survey.line_loss, name=texts.STRAIGHT_LINE, mode="lines",
                   line={"color": color("run-0"), "width": 2},
                   hovertemplate=texts.STRAIGHT_WAY + BARE),
        go.Scatter(x=survey.along, y=survey.losses, name=texts.RUN_ITSELF, mode="markers", customdata=survey.steps,
                   marker={"color": color("path"), "size": 7},
                   hovertemplate=texts.LOSS_AT_STEP + BARE)])
    figure.add_vline(x=1, line={"color": color("axis"), "dash": "dot", "width": 1})
    figure.update_xaxes(title_text=texts.WAY, tickformat=".0%")
    if log:
        ticks, labels = log_ticks(*_extent(np.concatenate([survey.line_loss, survey.losses])))
        figure.update_yaxes(type="log", tickvals=10 ** np.array(ticks), ticktext=labels)
    return figure.update_yaxes(title_text=texts.LOSS).update_layout(title_text=texts.STRAIGHT)


def height(loss: np.ndarray, log: bool) -> np.ndarray:
    """How high losses are drawn: log10 of them, or themselves; NaN, a hole, where there is no number."""
    finite = np.where(np.isfinite(loss), loss, np.nan).astype(np.float64)
    return np.log10(np.maximum(finite, LOWEST)) if log else finite


def below(survey: SurveyArrays) -> np.ndarray:
    """The surface's loss under each point of the path, `(m,)`: between the four nearest of the grid; NaN outside it."""
    column, row = (_between(survey.places[:, at], axis) for at, axis in enumerate((survey.x, survey.y)))
    inside = np.isfinite(column) & np.isfinite(row)
    left, down = (np.clip(np.nan_to_num(place).astype(int), 0, len(axis) - 2) for place,
                  axis in ((column, survey.x), (row, survey.y)))
    a, b = column - left, row - down
    loss = survey.loss
    found = (loss[down, left] * (1 - a) + loss[down, left + 1] * a) * (1 - b) \
        + (loss[down + 1, left] * (1 - a) + loss[down + 1, left + 1] * a) * b
    return np.where(inside, found, np.nan)


def describe(survey: SurveyArrays) -> str:
    """One sentence for those who cannot see the figure."""
    finite = survey.loss[np.isfinite(survey.loss)]
    where = texts.LIES_BETWEEN.format(low=finite.min(), high=finite.max()) if finite.size else texts.NO_NUMBER
    if len(survey.steps) < 2:
        return texts.AT_ONE_STEP.format(where=where, loss=survey.losses[-1], step=survey.steps[-1])
    return texts.WALKS.format(where=where, first=survey.losses[0], first_step=survey.steps[0], last=survey.losses[-1],
                              last_step=survey.steps[-1])


def has_path(survey: SurveyArrays) -> bool:
    """Whether there is more than the first weights to be marked."""
    return len(survey.steps) > 1 or bool(survey.steps[0] > 0)


def _path(survey: SurveyArrays, start: int, dot: int, end: int, width: float = 2) -> dict[str, Any]:
    """Line, dots, an open ring at the start and a large dot at the end; the last four are sizes in pixels."""
    count = len(survey.steps)
    sizes = [start if count > 1 else end, *[dot] * (count - 2), end][:count]
    fills = [color("paper") if count > 1 else color("path"), *[color("path")] * (count - 1)]
    edges = [color("path"), *[color("path")] * (count - 2), color("paper")][:count]
    return {"mode": "lines+markers", "line": {"width": width, "color": color("path")},
            "hovertemplate": texts.ON_THE_PATH + BARE, "name": texts.THE_RUN,
            "customdata": np.column_stack([survey.steps, survey.losses, below(survey)]),
            "marker": {"size": sizes, "color": fills, "opacity": 1, "line": {"width": 2, "color": edges}}}


def _bar(loss: np.ndarray, log: bool) -> dict[str, Any]:
    """Ticks and title of a scale of losses."""
    if not log:
        return {"title": {"text": texts.LOSS}}
    ticks, labels = log_ticks(*_extent(loss))
    return {"title": {"text": texts.LOSS_LOG}, "tickvals": ticks, "ticktext": labels}


def _extent(loss: np.ndarray) -> tuple[float, float]:
    """The lowest and the highest loss, positive both; some numbers where there is none."""
    finite = loss[np.isfinite(loss)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.1, 1.0)
    return max(low, LOWEST), max(high, LOWEST)


def _between(values: np.ndarray, axis: np.ndarray) -> np.ndarray:
    """Where values stand on a grid's axis, in steps of the grid; NaN outside."""
    place = (values - axis[0]) / (axis[-1] - axis[0]) * (len(axis) - 1)
    return np.where((place >= 0) & (place <= len(axis) - 1), place, np.nan)


def _ends(axis: np.ndarray) -> list[float]:
    return [float(axis[0]), float(axis[-1])]


def _single(values: np.ndarray) -> np.ndarray:
    return np.asarray(values, np.float32)
