"""The loss around a run as figures: numbers against NumPy, the path on the surface, holes where there is none."""
from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from dlviz.figures import landscape
from dlviz.figures.theme import TOKEN
from dlviz.figures.ticks import log_ticks

TITLES = ("first", "second")


def survey(**values) -> SimpleNamespace:
    """A bowl on a grid of 5 x 7, and a path of three steps over it."""
    x, y = np.linspace(-1, 1, 5), np.linspace(-2, 4, 7)
    usual = {"x": x, "y": y, "loss": y[:, None] ** 2 + x ** 2 + 0.1, "steps": np.array([0, 5, 20]),
             "places": np.array([[-1.0, 3.5], [-0.25, 0.5], [0, 0]]), "losses": np.array([2.3, 1.0, 0.1]),
             "line_at": np.linspace(0, 1.25, 6), "line_loss": np.linspace(2.3, 0.1, 6), "along": np.array([0, 0.6, 1])}
    return SimpleNamespace(**usual | values)


@pytest.mark.parametrize("log", [True, False])
def test_heights_are_losses_or_their_logarithm(log: bool):
    found = survey()
    for figure in (landscape.contour(found, TITLES, log=log), landscape.surface(found, TITLES, log=log)):
        ground = figure.data[0]
        np.testing.assert_allclose(ground.z, np.log10(found.loss) if log else found.loss, rtol=1e-6)
        np.testing.assert_allclose(ground.customdata, found.loss, rtol=1e-6)  # what the pointer reads
    ticks = figure.layout.scene.zaxis
    assert (ticks.ticktext is not None) == log
    if log:
        np.testing.assert_allclose(10 ** np.array(ticks.tickvals), [float(text) for text in ticks.ticktext])


def test_the_path_lies_on_the_surface_and_says_its_own_loss():
    found = survey()
    np.testing.assert_allclose(landscape.below(found)[2], found.loss[2, 2])  # a point of the grid
    by_hand = np.mean([found.loss[row, column] for row in (2, 3) for column in (1, 2)])  # the middle of a square
    np.testing.assert_allclose(landscape.below(found)[1], by_hand)
    path = landscape.contour(found, TITLES).data[-1]
    np.testing.assert_allclose(path.customdata[:, :2], np.column_stack([found.steps, found.losses]))
    solid = landscape.surface(found, TITLES, log=False)
    lift = landscape.LIFT * (found.loss.max() - found.loss.min())
    np.testing.assert_allclose(solid.data[-1].z, landscape.below(found) + lift)


def test_outside_the_grid_there_is_no_surface_below_the_path():
    assert np.isnan(landscape.below(survey(places=np.array([[-1.1, 0], [0, 4.1], [0, 0]])))).tolist() == [True, True,
                                                                                                          False]


def test_what_is_no_number_is_a_hole():
    loss = survey().loss
    loss[0, 0], loss[1, 1] = np.nan, np.inf
    heights = landscape.contour(survey(loss=loss), TITLES).data[0].z
    assert np.isnan(heights[0, 0]) and np.isnan(heights[1, 1]) and np.isfinite(heights).sum() == loss.size - 2
    assert "between 0.1 and" in landscape.describe(survey(loss=loss))
    nowhere = survey(loss=np.full_like(loss, np.nan))
    assert "no number" in landscape.describe(nowhere) and landscape.contour(nowhere, TITLES).data


def test_a_run_with_its_end_alone_has_one_dot_and_one_at_its_start_none():
    one = {"losses": np.array([0.1]), "places": np.zeros((1, 2)), "along": np.zeros(1)}
    end = landscape.contour(survey(steps=np.array([20]), **one), TITLES)
    assert end.data[-1].marker.size == (13,) and end.data[-1].mode == "lines+markers"
    start = landscape.contour(survey(steps=np.array([0]), **one), TITLES)
    assert len(start.data) == 1
    assert landscape.describe(survey(steps=np.array([20]), **one)).endswith("0.1 at step 20")


def test_the_straight_line_stands_beside_the_run():
    found = survey()
    line, run = landscape.straight_line(found, log=False).data
    np.testing.assert_allclose(line.y, found.line_loss)
    np.testing.assert_allclose(np.column_stack([run.x, run.y, run.customdata]),
                               np.column_stack([found.along, found.losses, found.steps]))


@pytest.mark.parametrize("make", [landscape.contour, landscape.surface])
def test_only_the_page_gets_tokens(make):
    assert TOKEN.search(make(survey(), TITLES, theme="page").to_json()) and not TOKEN.search(make(survey(),
                                                                                                  TITLES).to_json())


@pytest.mark.parametrize(("low", "high", "texts"),
                         [(0.1, 10, ["0.1", "0.3", "1", "3", "10"]), (0.021, 0.029, ["0.021", "0.029"]),
                                                    (1e-6, 1, None)])
def test_ticks_of_logarithms_are_round_numbers(low: float, high: float, texts: list[str] | None):
    places, words = log_ticks(low, high)
    assert len(words) <= 6 and places == sorted(places)
    assert low <= 10 ** places[0] * 1.001 and 10 ** places[-1] <= high * 1.001
    assert texts is None or words == texts
