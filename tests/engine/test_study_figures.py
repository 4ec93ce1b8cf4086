"""Figures of a study: every run where it belongs, the best one stands out, bands from the least to the greatest."""
from __future__ import annotations

import numpy as np
import pytest

from dlviz.figures import study
from dlviz.figures.study import ValueAxis

RATE = ValueAxis("learning rate", 1e-4, 1.0, log=True)
KIND = ValueAxis("activation", -0.5, 1.5, words=("ReLU", "<b>Tanh"))
WIDTH = ValueAxis("width", 8, 128)
SCORE = ValueAxis("validation accuracy", 0.4, 1.0, percent=True)
ROWS = np.array([[1e-3, 0, 64, 0.9], [1e-1, 1, 8, 0.5], [1e-2, 0, 128, 0.7]])


def test_parallel_coordinates_have_every_run_and_the_best_last():
    trace = study.parallel([RATE, KIND, WIDTH, SCORE], ROWS, best=0).data[0]
    rate, kind, _, score = trace.dimensions
    np.testing.assert_allclose(score["values"], [0.5, 0.7, 0.9])  # drawn on top of the others
    np.testing.assert_allclose(rate["values"], np.log10([1e-1, 1e-2, 1e-3]))
    np.testing.assert_allclose(rate.range, [-4, 0])
    assert list(kind.ticktext) == ["ReLU", "<b>Tanh"] and list(kind["values"]) == [1, 0, 0]
    strength = np.array(trace.line.color)
    assert strength[-1] == study.BEST and (strength[:-1] < study.STRONGEST).all() and strength[0] < strength[1]


def test_where_none_is_better_no_line_stands_out():
    trace = study.parallel([RATE, SCORE], ROWS[:, [0, 3]]).data[0]
    assert max(trace.line.color) < study.STRONGEST and len(trace.line.color) == 3


def test_the_twin_without_webgl_has_the_same_lines():
    figure = study.parallel_lines([RATE, KIND, SCORE], ROWS[:, [0, 1, 3]], ["a", "b", "<i>c"], best=0)
    np.testing.assert_allclose(figure.data[0].y, [0.25, 0.25, (0.9 - 0.4) / 0.6])
    assert figure.data[0].line.width > figure.data[1].line.width and figure.data[2].hovertext == "&lt;i&gt;c"
    assert {note.text for note in figure.layout.annotations} >= {"ReLU", "&lt;b&gt;Tanh", "40.0 %", "100.0 %", "0.0001",
                                                                 "1"}


def test_scores_stand_over_their_values():
    figure = study.scores(RATE, np.array([0.1, 0.001]), np.array([0.3, 0.95]), ["a", "b"], best=1, connected=True)
    thread, ring, dots = figure.data
    assert list(thread.x) == [0.001, 0.1] and list(thread.y) == [0.95, 0.3]
    assert (ring.x, ring.y) == ((0.001,), (0.95,)) and list(dots.hovertext) == ["a", "b"]
    assert figure.layout.xaxis.type == "log"
    words = study.scores(KIND, np.array([0.0, 1.0]), np.array([0.3, 0.4]), ["a", "b"])
    assert list(words.layout.xaxis.ticktext) == ["ReLU", "&lt;b&gt;Tanh"] and len(words.data) == 1


@pytest.mark.parametrize(("total", "kind"), [(8, str), (9, int)])
def test_runs_have_the_colours_of_their_curves(total: int, kind: type):
    dots = study.scores(WIDTH, np.arange(total), np.linspace(0, 1, total), [""] * total, theme="page").data[-1]
    assert all(isinstance(each, kind) for each in dots.marker.color)
    few = study.scores(WIDTH, np.array([8, 9]), np.array([0.1, 0.2]), ["", ""], runs=[3, 5], total=8,
                       theme="page").data[-1]
    assert list(few.marker.color) == ["var(--dlviz-run-3)", "var(--dlviz-run-5)"]


def test_a_band_reaches_from_the_least_to_the_greatest():
    curves = np.random.default_rng(0).random((4, 30))
    steps = np.arange(1, 31)
    mean, low, high = curves.mean(0), curves.min(0), curves.max(0)
    mean[4] = np.nan  # a run that was no number there
    reach, line = study.band("loss", steps, mean, low, high, 4).data
    known = np.arange(30) != 4
    np.testing.assert_allclose(line.y, mean[known])
    np.testing.assert_allclose(reach.y, np.concatenate([high[known], low[known][::-1]]))
    np.testing.assert_allclose(reach.x, np.concatenate([steps[known], steps[known][::-1]]))
    np.testing.assert_allclose(line.customdata, np.column_stack([low, high])[known])


def test_an_axis_without_extent_has_everything_in_its_middle():
    assert ValueAxis("width", 8, 8).fraction(np.array([8.0, 8.0])).tolist() == [0.5, 0.5]
