"""The learning rate over a run that is planned, and loss against rate of a search, as small charts. Knows no page."""
from __future__ import annotations

import math

import numpy as np

from dlviz.figures.plot import PlotAxis, PlotLine, plot, powers
from dlviz.schedules import Plan, Schedule
from dlviz.training.events import Found

POINTS = 240
COLORS = {False: "#3F5BD9", True: "#8B9DFF"}


def planned(schedule: Schedule, rate: float, plan: Plan) -> tuple[np.ndarray, np.ndarray]:
    """Steps `(n,)` and the learning rate of the update after each, `(n,)`; at most POINTS of them."""
    steps = np.unique(np.linspace(0, plan.steps - 1, min(POINTS, plan.steps)).round().astype(np.int64))
    return steps, np.array([rate * schedule.at(int(step), plan) for step in steps])


def schedule_chart(schedule: Schedule, rate: float, plan: Plan, dark: bool = False) -> str:
    """An SVG of the learning rate over the planned epochs."""
    steps, rates = planned(schedule, rate, plan)
    steps, rates = np.append(steps, plan.steps), np.append(rates, rates[-1])
    epochs = plan.steps / plan.per_epoch
    every = next(n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000) if epochs / n <= 10)
    ticks = [(epoch * plan.per_epoch, f"epoch {epoch}" if epoch == 0 else str(epoch))
             for epoch in range(0, round(epochs) + 1, every)]
    top = max(rate, float(rates.max()))
    return plot([PlotLine(steps, rates, COLORS[dark])], PlotAxis(0, plan.steps, ticks),
                PlotAxis(0.0, top, [(0.0, "0"), (top, f"{top:.3g}")]), dark=dark, height=140)


def search_chart(found: Found, dark: bool = False) -> str:
    """An SVG of the loss against the learning rate, faintly each and clearly the average, with the suggestions.

    The best has a whole line and the first word. Empty without two points.
    """
    if len(found.rates) < 2:
        return ""
    shown = np.sort(found.smoothed)
    low = float(shown[0])
    high = max(float(found.smoothed[:len(shown) // 2 + 1].max()), low * 1.05) * 1.15  # what explodes at the end is cut
    across = PlotAxis(float(found.rates[0]), float(found.rates[-1]), powers(found.rates[0], found.rates[-1]), log=True)
    step = 10.0 ** math.floor(math.log10(max(high - low, 1e-9)))
    step *= next(n for n in (0.2, 0.5, 1, 2, 5) if (high - low) / (n * step) <= 5)
    ticks = [(at, f"{at:.3g}") for at in np.arange(math.ceil(low / step) * step, high, step)]
    ways = sorted(found.suggestions, key=lambda way: (way.rate != found.suggestion, way.rate))
    marks = [(way.rate, f"{way.title}: {way.rate:g}") for way in ways]
    return plot([_below(PlotLine(found.rates, found.losses, COLORS[dark], faint=True), high),
                 _below(PlotLine(found.rates, found.smoothed, COLORS[dark]), high)], across,
                PlotAxis(low - 0.05 * (high - low), high, ticks), marks=marks, dark=dark, height=230)


def _below(line: PlotLine, high: float) -> PlotLine:
    """The line up to where it leaves the chart for good."""
    inside = np.flatnonzero(line.y <= high)
    end = inside[-1] + 1 if len(inside) else len(line.y)
    return PlotLine(line.x[:end], line.y[:end], line.color, line.faint)
