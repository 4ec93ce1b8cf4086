"""The learning rate over a run that is planned, and loss against rate of a search, as Plotly figures. Knows no page."""
from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dlviz.figures.texts import BARE, texts
from dlviz.figures.theme import color, themed
from dlviz.schedules import Plan, Schedule
from dlviz.training.events import RateFound, Suggestion
from dlviz.translation import in_a_row

POINTS = 240
ROW = 17  # px between the labels of two suggestions
SHOWN = 1.15  # times the highest loss before the lowest: what explodes behind it is cut off
TICKS = 10  # epochs with a number, at most
EVERY = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)  # epochs between two of them


def planned(schedule: Schedule, rate: float, plan: Plan) -> tuple[np.ndarray, np.ndarray]:
    """Steps `(n,)` and the learning rate of the update after each, `(n,)`; at most POINTS of them."""
    steps = np.unique(np.linspace(0, plan.steps - 1, min(POINTS, plan.steps)).round().astype(np.int64))
    return steps, np.array([rate * schedule.at(int(step), plan) for step in steps])


@themed
def schedule_chart(schedule: Schedule, rate: float, plan: Plan) -> go.Figure:
    """The learning rate over the planned epochs."""
    steps, rates = planned(schedule, rate, plan)
    steps, rates = np.append(steps, plan.steps), np.append(rates, rates[-1])
    epochs = plan.steps / plan.per_epoch
    every = next((count for count in EVERY if epochs / count <= TICKS), EVERY[-1])
    ticks = np.arange(0, round(epochs) + 1, every)
    figure = go.Figure(go.Scatter(x=steps, y=rates, mode="lines", line={"color": color("run-0"), "width": 2},
                                  hovertemplate=texts.RATE_AT_STEP + BARE))
    figure.update_xaxes(title_text=texts.EPOCH, tickvals=ticks * plan.per_epoch,
                        ticktext=[str(epoch) for epoch in ticks],
                        range=[0, plan.steps])
    figure.update_yaxes(title_text=texts.LEARNING_RATE, rangemode="tozero", nticks=4, tickformat=".3~g")
    return figure.update_layout(margin={"t": 12}, showlegend=False)


@themed
def search_chart(found: RateFound) -> go.Figure:
    """The loss against the learning rate, faintly each and clearly the average, and a marked point for each suggestion.

    The labels stand above the chart in rows, so that no line runs through any. ValueError without two points.
    """
    if len(found.rates) < 2:
        raise ValueError(f"A search is drawn from two rates on; this one has {len(found.rates)}.")
    low, high = visible_losses(found)
    figure = go.Figure()
    for losses, name, look in ((found.losses, texts.EACH_BATCH, {"width": 1, "color": color("run-0", 35)}),
                               (found.smoothed, texts.AVERAGE, {"width": 2.5, "color": color("run-0")})):
        inside = _before_exploding(losses, high)
        figure.add_scatter(x=found.rates[:inside], y=losses[:inside], name=name, mode="lines", line=look,
                           hovertemplate=texts.LOSS_AT_RATE + BARE)
    _mark(figure, found, low, high)
    figure.update_xaxes(title_text=texts.LEARNING_RATE, type="log", dtick=1, exponentformat="power",
                        tickfont={"size": 10},
                        range=np.log10(found.rates[[0, -1]].astype(float)))
    figure.update_yaxes(title_text=texts.LOSS, range=[low - 0.05 * (high - low), high])
    return figure.update_layout(showlegend=False, margin={"t": 14 + ROW * len(found.suggestions)})


def describe(found: RateFound) -> str:
    """One sentence for those who cannot see the search."""
    low = int(found.smoothed.argmin())
    ways = str(in_a_row([f"{way.title} {way.rate:g}" for way in found.suggestions]))
    first, last, best = (f"{found.rates[at]:.3g}" for at in (0, -1, low))
    if not ways:
        return texts.SEARCH.format(first=first, last=last, best=best)
    return texts.SEARCH_WITH.format(first=first, last=last, best=best, suggestions=ways)


def visible_losses(found: RateFound) -> tuple[float, float]:
    """The lowest and the highest loss that the chart shows."""
    ordered = np.sort(found.smoothed.astype(float))
    low = float(ordered[0])
    return low, max(float(found.smoothed[:len(ordered) // 2 + 1].max()), low * 1.05) * SHOWN


def label_rows(found: RateFound) -> list[tuple[Suggestion, int]]:
    """Each suggestion with the row of its label, 0 the lowest.

    Labels lead to the right where the suggestions lie at the left, and the other way round. The one that leads over all
    others stands highest: so the line from a label down to its point crosses no other label.
    """
    ordered = sorted(found.suggestions, key=lambda way: way.rate, reverse=not to_the_left(found))
    return [(way, row) for row, way in enumerate(ordered)]


def to_the_left(found: RateFound) -> bool:
    """Whether the suggestions lie in the right half of the chart, on its logarithmic axis."""
    first, last = np.log10(found.rates[[0, -1]].astype(float))
    return float(np.mean([np.log10(way.rate) for way in found.suggestions] or [first])) > (first + last) / 2


def _mark(figure: go.Figure, found: RateFound, low: float, high: float) -> None:
    """A point on the average, a label above the chart, a thin line between them; the best one's are stronger."""
    left = to_the_left(found)
    for way, row in label_rows(found):
        best = way.rate == found.suggestion
        at = float(np.interp(np.log10(way.rate), np.log10(found.rates), found.smoothed))
        label = f"{way.title}: {way.rate:g}"
        figure.add_scatter(x=[way.rate, way.rate], y=[at, high], mode="lines", hoverinfo="skip",
                           line={"width": 1, "color": color("mark"), "dash": "solid" if best else "dot"})
        figure.add_scatter(x=[way.rate], y=[at], mode="markers", name=label,
                           hovertemplate=texts.LABEL_LOSS.format(label=label) + BARE,
                           marker={"size": 13 if best else 9, "opacity": 1, "color": color("path" if best else "paper"),
                                   "line": {"width": 2, "color": color("path")}})
        figure.add_shape(type="line", x0=way.rate, x1=way.rate, y0=0, y1=ROW * (row + 1), yref="paper",
                         ysizemode="pixel", yanchor=1,
                         line={"width": 1, "color": color("mark"), "dash": "solid" if best else "dot"})
        figure.add_annotation(x=np.log10(way.rate), y=1, yref="paper", yshift=ROW * row + 1, yanchor="bottom",
                              showarrow=False,
                              text=f"<b>{label}</b>" if best else label, xanchor="right" if left else "left",
                              xshift=-5 if left else 5,
                              font={"size": 12.5, "color": color("text" if best else "muted")})


def _before_exploding(losses: np.ndarray, high: float) -> int:
    """How many losses there are before the line leaves the chart for good."""
    inside = np.flatnonzero(losses <= high)
    return int(inside[-1]) + 1 if len(inside) else len(losses)
