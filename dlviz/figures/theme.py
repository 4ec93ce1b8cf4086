"""How every Plotly figure of dlviz looks, light and dark: one template, its colours by name. Knows no page.

A figure for a page names its colours as tokens, `var(--dlviz-text)`, which the browser replaces by those of the theme;
a figure for a notebook or a file has them replaced here.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, wraps
from typing import Any, Literal, ParamSpec, Protocol, overload

import plotly.graph_objects as go

from dlviz.translation import numeral

Theme = Literal["light", "dark", "page"]
Arguments = ParamSpec("Arguments")

RUN_COLORS = (("#3F5BD9", "#8B9DFF"), ("#C2571A", "#F2A066"), ("#0E8A7A", "#4FD1BD"), ("#A8318F", "#EE8FD9"),
              ("#7A6A00", "#DCC84A"), ("#2B8CC4", "#7CCBF7"), ("#5A6070", "#B4BAC8"), ("#B3363F", "#FF8E94"))
RAMP = (("#2B8CC4", "#7CCBF7"), ("#5B45D0", "#A79BFF"), ("#A8318F", "#EE8FD9"), ("#C2571A", "#F2A066"),
        ("#8A7600", "#DCC84A"))  # for more runs than there are hues: neighbours far enough apart that they can be told
INK = (("#FDFDFB", "#14171E"), ("#DCE3F7", "#232B4F"), ("#A9B8EC", "#3A4B99"), ("#6678D2", "#6578D0"),
       ("#2C3A8C", "#A9B6F0"))  # one hue, ordered by lightness: from paper to ink
PAPER, TEXT = ("#FBFBF9", "#15171C"), ("#1F2430", "#E9E9E4")
PATH = ("#D9480F", "#FFB067")  # what runs over a map
BAD, GOOD = ("#B3363F", "#FF8E94"), ("#0E8A7A", "#4FD1BD")
FADED = {"muted": 0.68, "mark": 0.42, "axis": 0.22, "grid": 0.09}  # how much of the text's colour over the paper
TOKEN = re.compile(r"var\(--dlviz-([a-z]+(?:-\d+)?)(?:-at-(\d+))?\)")


def color(name: str, percent: int | None = None) -> str:
    """The token of a colour: `text`, `muted`, `grid`, `ink-4`, `run-1`; see-through where `percent` is given."""
    return f"var(--dlviz-{name})" if percent is None else f"var(--dlviz-{name}-at-{percent})"


def ink_scale() -> list[list[Any]]:
    """The colour scale from paper (lowest) to ink (highest)."""
    return [[index / (len(INK) - 1), color(f"ink-{index}")] for index in range(len(INK))]


@cache
def palette(theme: Literal["light", "dark"]) -> Mapping[str, str]:
    """Every colour by its name, as #RRGGBB."""
    at = ("light", "dark").index(theme)
    named = {"text": TEXT[at], "paper": PAPER[at], "path": PATH[at], "bad": BAD[at], "good": GOOD[at]}
    named |= {name: _mix(TEXT[at], PAPER[at], amount) for name, amount in FADED.items()}
    named |= {f"ink-{index}": pair[at] for index, pair in enumerate(INK)}
    named |= {f"ramp-{index}": pair[at] for index, pair in enumerate(RAMP)}
    return named | {f"run-{index}": pair[at] for index, pair in enumerate(RUN_COLORS)}


class ThemedFigure(Protocol[Arguments]):
    """A figure function with one keyword more; no ParamSpec can say that, so that calls with `theme` go unchecked."""

    @overload
    def __call__(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> go.Figure: ...

    @overload
    def __call__(self, *args: Any, theme: Theme, **kwargs: Any) -> go.Figure: ...


def themed(make: Callable[Arguments, go.Figure]) -> ThemedFigure[Arguments]:
    """Give a figure function the keyword `theme`: `light` (the default), `dark`, or `page` for the tokens."""
    @wraps(make)
    def figure(*args: Any, theme: Theme = "light", **kwargs: Any) -> go.Figure:
        made = make(*args, **kwargs)
        made.layout.template = template()
        return made if theme == "page" else resolved(made, theme)

    return figure


def resolved(figure: go.Figure, theme: Literal["light", "dark"]) -> go.Figure:
    """The figure with this theme's colours, on a ground of its own."""
    colors = palette(theme)
    named = {"data": [trace.to_plotly_json() for trace in figure.data], "layout": figure.layout.to_plotly_json()}
    plain = _replace(named, lambda match: _see_through(colors[match[1]], match[2]))
    return go.Figure(plain).update_layout(paper_bgcolor=colors["paper"], plot_bgcolor=colors["paper"])


def _replace(value: Any, by: Callable[[re.Match[str]], str]) -> Any:
    if isinstance(value, str):
        return TOKEN.sub(by, value) if "var(" in value else value
    if isinstance(value, dict):
        return {key: _replace(inner, by) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_replace(inner, by) for inner in value]
    return value


def _see_through(color_: str, percent: str | None) -> str:
    if percent is None:
        return color_
    red, green, blue = _channels(color_)
    return f"rgba({red}, {green}, {blue}, {int(percent) / 100:g})"


def _channels(color_: str) -> tuple[int, int, int]:
    return int(color_[1:3], 16), int(color_[3:5], 16), int(color_[5:7], 16)


def _mix(over: str, under: str, amount: float) -> str:
    pairs = zip(_channels(over), _channels(under), strict=True)
    return "#" + "".join(f"{round(top * amount + bottom * (1 - amount)):02X}" for top, bottom in pairs)


def template() -> go.layout.Template:
    """The one template, with the signs that numbers have in the current language."""
    return _template(numeral(".,"))


@cache
def _template(separators: str) -> go.layout.Template:
    """It takes 11 ms to make, so it is made once."""
    axis = {"gridcolor": color("grid"), "zeroline": False, "ticks": "", "nticks": 6, "automargin": True,
            "linecolor": color("axis"), "tickfont": {"color": color("muted"), "size": 12},
            "title": {"font": {"color": color("muted"), "size": 12}, "standoff": 8}, "hoverformat": ".4~g"}
    solid = {"showbackground": False, "showspikes": False, "nticks": 5, "gridcolor": color("grid"),
             "tickfont": {"color": color("muted"), "size": 11},
             "title": {"font": {"color": color("muted"), "size": 12}}}
    layout = {
        "font": {"family": "Source Sans, sans-serif", "size": 13, "color": color("text")},
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "separators": separators,
        "colorway": [color(f"run-{index}") for index in range(len(RUN_COLORS))],
        "margin": {"l": 8, "r": 8, "t": 36, "b": 8},
        "title": {"x": 0, "xref": "container", "y": 1, "yref": "container", "yanchor": "top",
                  "pad": {"t": 8, "l": 2}, "font": {"size": 16, "weight": 600}},
        "xaxis": {**axis, "showgrid": False, "showline": True}, "yaxis": axis,
        "legend": {"orientation": "h", "x": 1, "xanchor": "right", "y": 1.02, "yanchor": "bottom",
                   "font": {"size": 12.5, "color": color("muted")}},
        "hoverlabel": {"bgcolor": color("paper"), "bordercolor": color("axis"), "align": "left", "namelength": -1,
                       "font": {"size": 12.5, "color": color("text")}},
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": color("mark"), "activecolor": color("text")},
        "scene": {"xaxis": solid, "yaxis": solid, "zaxis": solid,
                  "camera": {"eye": {"x": 1.35, "y": -1.45, "z": 0.95}}},
    }
    return go.layout.Template(layout=layout, data=_traces())


def _traces() -> dict[str, list[dict[str, Any]]]:
    bar = {"outlinewidth": 0, "thickness": 10, "len": 0.6, "ticks": "", "nticks": 5,
           "tickfont": {"color": color("muted"), "size": 11},
           "title": {"side": "right", "font": {"color": color("muted"), "size": 12}}}
    halo = ", ".join(f"{x}px {y}px 2px {color('paper')}" for x in (-1, 1) for y in (-1, 1))  # for words over lines
    return {
        "contour": [{"contours": {"coloring": "heatmap"}, "ncontours": 16, "colorbar": bar,
                     "line": {"width": 0.7, "color": color("text", 20)}}],
        "surface": [{"lighting": {"ambient": 0.85, "diffuse": 0.4, "specular": 0.05, "roughness": 0.9, "fresnel": 0.05},
                     "contours": {"z": {"show": True, "color": color("text", 35), "width": 1},
                                  "x": {"highlight": False}, "y": {"highlight": False}}, "colorbar": bar}],
        "heatmap": [{"xgap": 1, "ygap": 1, "colorbar": bar}],
        "parcoords": [{"rangefont": {"size": 1, "color": "rgba(0,0,0,0)"},
                       "tickfont": {"color": color("text"), "size": 11, "shadow": halo},
                       "labelfont": {"color": color("text"), "size": 12.5, "shadow": "none"},
                       "unselected": {"line": {"color": color("text", 25), "opacity": 0.15}}}],
    }
