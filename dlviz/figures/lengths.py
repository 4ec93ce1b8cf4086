"""How accurate a network is on samples of each length, shorter and longer than those that it learned from."""
from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dlviz.figures.texts import BARE, texts
from dlviz.figures.theme import color, themed


def by_length(scores: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each length that there is, `(K,)`, and the mean of the scores `(N,)` of its samples, `(K,)`."""
    found, where = np.unique(lengths, return_inverse=True)
    return found, np.bincount(where, scores) / np.bincount(where)


@themed
def accuracy_by_length(scores: np.ndarray, lengths: np.ndarray, trained: int) -> go.Figure:
    """A bar for each length; those longer than `trained` in another colour, behind a dashed line."""
    found, accuracy = by_length(scores, lengths)
    figure = go.Figure()
    for which, title, tone in ((found <= trained, texts.AS_LONG_AS_TRAINED, "run-0"),
                               (found > trained, texts.LONGER_THAN_TRAINED, "run-1")):
        figure.add_trace(go.Bar(x=found[which], y=accuracy[which], name=title, marker={"color": color(tone)},
                                hovertemplate=texts.LENGTH_ACCURACY + BARE))
    figure.add_vline(trained + 0.5, line={"color": color("text"), "dash": "dash", "width": 1.5})
    figure.update_xaxes(title_text=texts.LENGTH, dtick=1)
    figure.update_yaxes(title_text=texts.ACCURACY, range=[0, 1.02], tickformat=".0%")
    return figure.update_layout(bargap=0.25)
