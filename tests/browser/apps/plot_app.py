"""Figures on a page whose data changes by itself where the address says so (`?tick`)."""
from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from dlviz.figures.confusion import heatmap
from dlviz.figures.theme import color, ink_scale, themed
from pages.ui.shared import server
from pages.ui.shared.plot import plot

if __name__ != "__main__":
    app = st.App(__file__, routes=server.ROUTES)


@themed
def hill(height: float) -> go.Figure:
    x = np.linspace(-1, 1, 21)
    return go.Figure(go.Surface(x=x, y=x, z=height * np.exp(-(x[:, None] ** 2 + x[None] ** 2) * 3),
                                colorscale=ink_scale()))


@themed
def flat(height: float) -> go.Figure:
    x = np.linspace(-1, 1, 21)
    return go.Figure(go.Contour(x=x, y=x, z=height * np.exp(-(x[:, None] ** 2 + x[None] ** 2) * 3),
                                colorscale=ink_scale()))


@themed
def line(count: int) -> go.Figure:
    x = np.arange(count + 20, dtype=np.float32)
    return go.Figure([go.Scatter(x=x, y=np.sin(x / 9), name="one", line={"color": color("run-0")}),
                      go.Scatter(x=x, y=np.cos(x / 9), name="two", line={"color": color("run-1")})])


@st.fragment(run_every=0.5 if "tick" in st.query_params else None)
def figures() -> None:
    st.session_state.count = count = st.session_state.get("count", 0) + 1
    st.caption(f"drawn {count}")
    plot("app.line", line(count, theme="page"), f"Two waves, drawn {count} times", table=(("x", "y"), [(1, 2)]))
    matrix = np.eye(10, dtype=int) * 90 + np.arange(100).reshape(10, 10) % 4
    plot("app.confusion", heatmap(matrix, [str(n) for n in range(10)], theme="page"), "A confusion matrix", height=420)
    plot("app.hill", hill(1 + count % 3, theme="page"), "A hill", flat=flat(1, theme="page"))


if __name__ == "__main__":
    figures()
