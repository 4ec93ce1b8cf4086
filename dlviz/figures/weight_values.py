"""How the weights of one layer are spread, and the gradient of one sample's loss beside them."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dlviz.figures.theme import color, themed

BINS = 60


@themed
def histograms(titles: Sequence[str], values: Sequence[np.ndarray]) -> go.Figure:
    """A histogram for each of one or two arrays `(N,)`, one below the other, as each has a scale of its own."""
    figure = go.Figure()
    for at, (title, numbers) in enumerate(zip(titles, values)):
        counts, edges = np.histogram(numbers[np.isfinite(numbers)], BINS)
        axis = "" if at == 0 else str(at + 1)
        figure.add_trace(go.Bar(x=(edges[:-1] + edges[1:]) / 2, y=counts, width=edges[1:] - edges[:-1], name=title,
                                xaxis=f"x{axis}", yaxis=f"y{axis}",
                                marker={"color": color(f"run-{at}"), "line": {"width": 0}},
                                hovertemplate=f"{title} %{{x:.3g}}: %{{y}}<extra></extra>"))
    room = [[0.0, 1.0]] if len(values) == 1 else [[0.6, 1.0], [0.0, 0.38]]
    for at, (title, domain) in enumerate(zip(titles, room)):
        axis = "" if at == 0 else str(at + 1)
        figure.update_layout({f"xaxis{axis}": {"title": {"text": title}, "anchor": f"y{axis}"},
                              f"yaxis{axis}": {"domain": domain, "anchor": f"x{axis}"}})
    return figure.update_layout(bargap=0, showlegend=False)
