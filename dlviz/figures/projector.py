"""Many samples as points in the plane, coloured by their groups, some of them marked."""
from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dlviz.figures.texts import BARE, texts
from dlviz.figures.theme import RUN_COLORS, color, themed

FORMS = ("circle", "square", "triangle-up", "diamond", "cross")  # told apart by form too, where colours come again


@themed
def scatter(points: np.ndarray, groups: np.ndarray, names: Sequence[str], marked: Sequence[int]) -> go.Figure:
    """Points `(N, 2)`, of a group each `(N,)`; those that are `marked` are ringed."""
    figure = go.Figure()
    for group in np.unique(groups):
        these = np.flatnonzero(groups == group)
        figure.add_trace(go.Scatter(
            x=points[these, 0], y=points[these, 1], mode="markers", name=escape(names[int(group)], quote=False),
            text=[str(index) for index in these], marker=_mark(int(group)),
            hovertemplate=texts.SAMPLE_OF.format(group=escape(names[int(group)], quote=False)) + BARE))
    ringed = points[list(marked)]
    figure.add_trace(go.Scatter(x=ringed[:, 0], y=ringed[:, 1], mode="markers", name=texts.NEAREST, hoverinfo="skip",
                                marker={"size": 13, "symbol": "circle-open", "color": color("text"),
                                        "line": {"width": 2}}))
    figure.update_xaxes(showticklabels=False, zeroline=False)
    return figure.update_yaxes(showticklabels=False, zeroline=False)


def _mark(group: int) -> dict[str, Any]:
    return {"size": 6, "symbol": FORMS[group % len(FORMS)], "color": color(f"run-{group % len(RUN_COLORS)}")}
