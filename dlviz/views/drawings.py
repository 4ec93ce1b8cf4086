"""What a view gives a browser to draw."""
from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

Json = dict[str, Any]


@dataclass(frozen=True)
class Plot:
    """A Plotly figure, made only when what it shows has changed.

    Attributes:
        of: what it shows; the same for the same figure.
        make: makes it, with `theme="page"`.
        label: one sentence for those who cannot see it.
        height: px.
        flat: makes what is drawn instead where a browser has no WebGL.
        table: heads and rows of the numbers behind it.
        name: where a view has one figure of many things, of which it is: each keeps its own zoom.
    """

    of: Hashable
    make: Callable[[], go.Figure]
    label: str
    height: int = 320
    flat: Callable[[], go.Figure] | None = None
    table: tuple[Sequence[str], Sequence[Sequence[Any]]] | None = None
    name: str = ""


@dataclass(frozen=True)
class Notice:
    """A sentence that stands out: why nothing is drawn here; it `warns` where something is wrong."""

    text: str
    warns: bool = False


@dataclass(frozen=True)
class Numbered:
    """A heading and a numbered list, in plain text."""

    title: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
    """Two parts side by side, the left one wider."""

    left: tuple[Drawing, ...]
    right: tuple[Drawing, ...]


# Data of the view's own script (which may hold plots, for static/plot/figure.js), a figure (with the view's title as
# its label, or with more said of it), or plain text.
Drawing = Json | go.Figure | Plot | Notice | Numbered | Beside | str
