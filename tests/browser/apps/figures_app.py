"""Every figure of `dlviz.figures` once on a page, on made-up numbers; `?narrow` leaves the columns out."""
from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import streamlit as st
import torch

from dlviz.figures import (
    anomalies,
    calibration,
    confusion,
    elbo,
    embedding,
    histograms,
    landscape,
    lengths,
    normalization,
    projector,
    rates,
    run_curves,
    study,
    weight_values,
    word_lines,
)
from dlviz.figures.histograms import Spread
from dlviz.figures.study import ValueAxis
from dlviz.figures.word_lines import WordLine
from dlviz.probes.health import BatchNormHealth
from dlviz.probes.histogram import histogram
from dlviz.schedules import CosineAnnealingLR, Plan
from dlviz.training.calibration import calibration as calibrated
from dlviz.training.events import Evaluated, RateFound, Step
from dlviz.training.finder import found as search_result
from dlviz.training.history import History
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


def histories() -> list[History]:
    made = []
    for run in range(6):
        history = History()
        for step in range(1, 301):
            history.apply(Step(step, 2.3 * np.exp(-step / (40 + 30 * run)) + 0.1, 1 - np.exp(-step / 60), 0.1))
            if step % 60 == 0:
                history.apply(Evaluated(step, 2.3 * np.exp(-step / (50 + 30 * run)) + 0.15, 0.9 - 0.02 * run, 1_000))
        made.append(history)
    return made


def spreads() -> tuple[Spread, Spread]:
    steps = (1, 2, 4, 8, 15, 30, 60, 90, 120)
    weights = tuple(histogram(torch.randn(2_000) * (0.2 + step / 200)) for step in steps)
    gradients = tuple(histogram(torch.randn(2_000) / step) for step in steps)
    return Spread("weights", steps, weights), Spread("gradients", steps, gradients)


def normalized() -> BatchNormHealth:
    entering, leaving = histogram(torch.randn(4_000) * 3 + 2), histogram(torch.randn(4_000))
    means, deviations = RANDOM.normal(2, 1, 16), 3 + RANDOM.normal(0, 0.3, 16)
    return BatchNormHealth(entering, leaving, histogram(torch.randn(4_000) * 1.1 + 0.2), tuple(means),
                           tuple(means * 0.8), tuple(deviations), tuple(deviations * 0.9))


def draw_patterns() -> None:
    new = RANDOM.random(400) < 0.1
    off, points = RANDOM.gamma(4, 0.01, 400) + 0.04 * new, RANDOM.normal(size=(60, 2))
    plot("all.anomalies", anomalies.histograms(off, new, 0.07, "digit 2", theme="page"), "Errors, usual and new")
    plot("all.roc", anomalies.roc(off, new, 0.07, theme="page"), "False and true alarms")
    plot("all.series", anomalies.series(np.sin(np.arange(400) / 9), off, new, 0.07, "wrong beats", theme="page"),
         "A series with what is strange in it")
    scores, trained = RANDOM.random(400), np.repeat(np.arange(1, 17), 25)
    plot("all.lengths", lengths.accuracy_by_length(scores, trained, 8, theme="page"), "Accuracy by length")
    plot("all.elbo", elbo.parts(0.047, 0.008, RANDOM.gamma(2, 0.5, 8), theme="page"), "The two parts of the loss")
    plot("all.projector", projector.scatter(points, np.arange(60) % 10, list("0123456789"), [3, 8], theme="page"),
         "Outputs on a plane")


def draw_rest() -> None:
    sure = torch.rand(5_000) ** 0.3
    found, runs = calibrated(sure, torch.rand(5_000) < sure - 0.1), histories()
    plot("all.calibration", calibration.reliability_diagram(found, theme="page"), calibration.describe(found),
         height=360)
    values = weight_values.histograms(("weights", "gradient"), tuple(RANDOM.normal(size=(2, 300))), theme="page")
    plot("all.weights", values, "Weights and gradient of a layer")
    plot("all.histograms", histograms.heat_maps(spreads(), theme="page"), histograms.describe("conv1", spreads()),
         height=380)
    plot("all.normalization", normalization.batch_norm(normalized(), theme="page"),
         normalization.describe("norm1", normalized()))
    plot("all.curves", run_curves.curves(runs[0], theme="page"), "The curves of a run", height=420)
    columns = [run_curves.columns({name: column.values for name, column in run.train.items()}, run.evaluations)
               for run in runs]
    names = [f"run {number}" for number in range(len(runs))]
    plot("all.compared", run_curves.compared(names, columns, theme="page"),
         run_curves.describe_compared(names, columns), height=480)
    words, vectors = list("abcdefghij"), RANDOM.normal(size=(10, 5))
    used = [True] * 3 + [False] * 7
    flat, solid = embedding.project(vectors), embedding.project(vectors, dimensions=3)
    plot("all.embedding", embedding.scatter(flat, words, used, theme="page"), "Symbols on a plane")
    plot("all.embedding.solid", embedding.scatter(solid, words, used, theme="page"), "Symbols in space",
         flat=embedding.scatter(flat, words, used, theme="page"))
    line = WordLine("one step ahead", np.cumsum(RANDOM.normal(size=10)), "run-0")
    plot("all.words.lines", word_lines.word_lines("A forecast", words, [line], start=4.5, theme="page"), "A forecast")


def draw() -> None:
    draw_rest()
    draw_patterns()
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
