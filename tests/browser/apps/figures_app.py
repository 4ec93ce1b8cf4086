"""Every figure of `dlviz.figures` once on a page, on made-up numbers; `?narrow` leaves the columns out."""
from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import streamlit as st

from dlviz.figures import confusion, landscape, rates, study
from dlviz.figures.study import ValueAxis
from dlviz.schedules import CosineAnnealingLR, Plan
from dlviz.training.events import RateFound
from dlviz.training.finder import found as search_result
from pages.ui.shared import server
from pages.ui.shared.plot import plot

if __name__ != "__main__":
    app = st.App(__file__, routes=server.ROUTES)

RANDOM = np.random.default_rng(0)
RATE = ValueAxis("learning rate", 1e-4, 1.0, log=True)
ACTIVATION = ValueAxis("activation", -0.5, 2.5, words=("ReLU", "Tanh", "GELU"))
WIDTH = ValueAxis("out_features", 8, 128)
SCORE = ValueAxis("validation accuracy", 0.4, 1.0, percent=True)


def survey() -> SimpleNamespace:
    x, y = np.linspace(-4, 3, 31), np.linspace(-2, 2, 31)
    way = np.linspace(0, 1, 30)
    places = np.column_stack([-3 * (1 - way), 1.2 * np.sin(5 * way) * (1 - way)])
    loss = 0.08 + 0.2 * x ** 2 + 0.5 * y[:, None] ** 2 + 0.1 * np.cos(3 * x) * np.sin(3 * y[:, None])
    losses = 2.3 * np.exp(-4 * way) + 0.05
    return SimpleNamespace(x=x, y=y, loss=loss, steps=np.arange(0, 600, 20), places=places, losses=losses, along=way,
                           line_at=np.linspace(0, 1.25, 51),
                           line_loss=2.3 * np.exp(-3 * np.linspace(0, 1.25, 51)) + 0.08)


def search() -> RateFound:
    tried = 10.0 ** np.linspace(-6, 1, 100)
    losses = 0.5 + 1.8 / (1 + (tried / 3e-3) ** 1.5) + (tried / 0.3) ** 2
    return search_result(tried, losses + 0.05 * RANDOM.normal(size=100))


def trials() -> np.ndarray:
    values = np.column_stack([10 ** RANDOM.uniform(-4, 0, 30), RANDOM.integers(0, 3, 30), RANDOM.uniform(8, 128, 30)])
    return np.column_stack([values, np.clip(0.95 - 0.1 * (np.log10(values[:, 0]) + 2) ** 2, 0.42, 1)])


def draw() -> None:
    matrix = np.eye(10, dtype=int) * 90 + np.arange(100).reshape(10, 10) % 4
    names = [str(number) for number in range(10)]
    plot("all.confusion", confusion.heatmap(matrix, names, theme="page"), confusion.describe(matrix, names), height=390)
    found, titles = survey(), ("the path's first direction (80 % of its variance)", "its second (12 %)")
    plot("all.contour", landscape.contour(found, titles, theme="page"), landscape.describe(found), height=480)
    plot("all.surface", landscape.surface(found, ("first direction", "second"), theme="page"),
         landscape.describe(found), height=480,
         flat=landscape.contour(found, titles, theme="page"))
    plot("all.line", landscape.straight_line(found, theme="page"), "The straight line")
    rows = trials()
    axes, best = [RATE, ACTIVATION, WIDTH, SCORE], int(rows[:, -1].argmax())
    labels = [f"trial {number}" for number in range(len(rows))]
    plot("all.parallel", study.parallel(axes, rows, best, theme="page"), "Parallel coordinates", height=420)
    plot("all.lines", study.parallel_lines(axes, rows, labels, best, theme="page"), "The same without WebGL",
         height=420)
    plot("all.scores", study.scores(RATE, rows[:, 0], rows[:, -1], labels, best=best, theme="page"), "Scores")
    plot("all.words", study.scores(ACTIVATION, rows[:6, 1], rows[:6, -1], labels[:6], theme="page"), "Scores of words")
    steps = np.arange(1, 160)
    curves = 2.3 * np.exp(-steps / 40) + 0.1 * RANDOM.random((5, 159))
    plot("all.band", study.band("loss", steps, curves.mean(0), curves.min(0), curves.max(0), 5, theme="page"), "A band")
    schedule = rates.schedule_chart(CosineAnnealingLR(), 0.1, Plan(860, 86), theme="page")
    plot("all.schedule", schedule, "A schedule", height=180)
    plot("all.search", rates.search_chart(search(), theme="page"), rates.describe(search()))


if __name__ == "__main__":
    draw()
