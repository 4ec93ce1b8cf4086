"""Drawings become what MNIST would hold: held against MNIST's own digits and a slow, plain reference."""
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from dlviz import tasks
from dlviz.errors import TaskError
from dlviz.tasks.drawing import BOX, CENTRE, SIDE, prepare

CANVAS = 280


def centre_of_mass(picture: np.ndarray) -> tuple[float, float]:
    """Row and column, by plain loops."""
    total = down = across = 0.0
    for row in range(picture.shape[0]):
        for column in range(picture.shape[1]):
            value = float(picture[row, column])
            total += value
            down += value * row
            across += value * column
    return down / total, across / total


def best_place(ink: np.ndarray) -> float:
    """The smallest distance between centre of mass and centre over every place of `ink` inside 28 x 28."""
    height, width = ink.shape
    down, across = centre_of_mass(ink)
    return min(np.hypot(top + down - CENTRE, left + across - CENTRE)
               for top in range(SIDE - height + 1) for left in range(SIDE - width + 1))


def cut(picture: np.ndarray) -> np.ndarray:
    rows, columns = np.flatnonzero(picture.any(1)), np.flatnonzero(picture.any(0))
    return picture[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]


def strokes(points: list[tuple[int, int]], width: int = 22, side: int = CANVAS) -> np.ndarray:
    """White lines with round ends on black, as the canvas draws them, RGBA."""
    large = Image.new("L", (4 * side, 4 * side))
    pen = ImageDraw.Draw(large)
    far = [(4 * x, 4 * y) for x, y in points]
    pen.line(far, fill=255, width=4 * width, joint="curve")
    for x, y in far:
        pen.ellipse((x - 2 * width, y - 2 * width, x + 2 * width, y + 2 * width), fill=255)
    grey = np.asarray(large.resize((side, side), Image.Resampling.BOX))
    return np.dstack([grey, grey, grey, np.full_like(grey, 255)])


def placed(ink: np.ndarray, top: int, left: int) -> np.ndarray:
    canvas = np.zeros((CANVAS, CANVAS), np.uint8)
    canvas[top:top + ink.shape[0], left:left + ink.shape[1]] = ink
    return canvas


SEVEN = [(60, 60), (200, 70), (120, 230)]


@pytest.mark.parametrize("corner", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_real_digits_come_back(corner):
    """Digits of MNIST, ten times as large and pushed into a corner, are found again nearly pixel by pixel."""
    mnist = tasks.get("mnist")
    differences = []
    for index in range(0, 10_000, 67):
        digit = mnist.picture("test", index)
        ink = np.kron(cut(digit), np.ones((10, 10), np.uint8))
        room = CANVAS - ink.shape[0], CANVAS - ink.shape[1]
        again = prepare(placed(ink, room[0] * corner[0], room[1] * corner[1]))
        differences.append(np.abs(again.astype(float) - digit).mean())
        assert centre_of_mass(again) == pytest.approx((CENTRE, CENTRE), abs=0.5 + 1e-9)
    assert np.mean(differences) < 0.1
    assert max(differences) < 5  # of 255: a digit of 19 pixels is made 20 long


@settings(max_examples=40, deadline=None)
@given(points=st.lists(st.tuples(st.integers(30, 170), st.integers(30, 170)), min_size=1, max_size=6),
       width=st.integers(8, 40), down=st.integers(0, 80), across=st.integers(0, 80))
def test_where_it_is_drawn_does_not_matter(points, width, down, across):
    here = strokes(points, width)
    there = np.zeros_like(here)
    there[down:, across:] = here[:CANVAS - down, :CANVAS - across]
    np.testing.assert_array_equal(prepare(here), prepare(there))


@settings(max_examples=40, deadline=None)
@given(points=st.lists(st.tuples(st.integers(20, 260), st.integers(20, 260)), min_size=1, max_size=6),
       width=st.integers(10, 40))
def test_box_and_centre(points, width):
    """The ink is 20 long, whole, and no other place inside 28 x 28 has its mass nearer to the centre."""
    picture = prepare(strokes(points, width))
    assert picture.shape == (SIDE, SIDE) and picture.dtype == np.uint8
    ink = cut(picture)
    assert BOX - 1 <= max(ink.shape) <= BOX  # the outermost row may be too faint to count
    down, across = centre_of_mass(picture)
    assert np.hypot(down - CENTRE, across - CENTRE) == pytest.approx(best_place(ink), abs=1e-9)


def test_proportions_are_kept():
    ink = cut(prepare(placed(np.full((200, 50), 255, np.uint8), 7, 11)))
    assert ink.shape == (20, 5)
    assert (ink == 255).all()


def test_a_box_that_fills_the_picture():
    picture = prepare(placed(np.full((200, 50), 255, np.uint8), 7, 11), 28)
    assert cut(picture).shape == (28, 7)
    assert centre_of_mass(picture)[1] == pytest.approx(CENTRE, abs=0.5)


def test_a_mass_far_from_its_box_stays_inside():
    """A heavy foot under a long thin line: centring it would push the line out of the picture."""
    drawing = np.zeros((CANVAS, CANVAS), np.uint8)
    drawing[20:240, 100:104] = 255
    drawing[200:240, 20:240] = 255
    picture = prepare(drawing)
    assert max(cut(picture).shape) == BOX
    assert centre_of_mass(picture)[0] > CENTRE + 0.5
    assert picture[0].any()


@pytest.mark.parametrize("drawing", [
    strokes([(140, 140)], 6), strokes([(0, 0)], 30), strokes([(0, 0), (279, 279)]),
    strokes([(0, 140), (279, 140)], 10),
    placed(np.full((1, 1), 255, np.uint8), 279, 0), np.full((CANVAS, CANVAS), 255, np.uint8)],
    ids=["dot", "dot in the corner", "corner to corner", "edge to edge", "one pixel", "all white"])
def test_odd_drawings(drawing):
    picture = prepare(drawing)
    assert max(cut(picture).shape) in (BOX - 1, BOX)
    assert picture.max() > 60


@pytest.mark.parametrize("drawing", [
    np.zeros((CANVAS, CANVAS), np.uint8), np.zeros((CANVAS, CANVAS, 4), np.uint8),
    strokes([(100, 100)]) * np.array([0, 0, 0, 1], np.uint8), np.full((CANVAS, CANVAS), 10, np.uint8)],
    ids=["grey", "transparent", "black strokes", "a trace of an eraser"])
def test_nothing_is_drawn(drawing):
    assert prepare(drawing) is None


def test_erased_ink_is_gone():
    drawing = strokes(SEVEN)
    with_speck = drawing.copy()
    with_speck[250:270, 250:270] = 255
    with_speck[250:270, 250:270, :3] = 0  # the eraser draws in black
    np.testing.assert_array_equal(prepare(with_speck), prepare(drawing))


def test_transparent_ground_equals_black_ground():
    opaque = strokes(SEVEN)
    clear = np.dstack([np.full((CANVAS, CANVAS, 3), 255, np.uint8), opaque[:, :, 0]])
    assert np.abs(prepare(clear).astype(int) - prepare(opaque)).max() <= 1


@pytest.mark.parametrize("drawing", [np.zeros((28, 28)), np.zeros((28, 28, 3), np.uint8),
                                     np.zeros(28, np.uint8), np.zeros((0, 0), np.uint8)])
def test_no_picture(drawing):
    with pytest.raises(TaskError, match=r"A drawing must be a grey or RGBA picture .* Draw it again\."):
        prepare(drawing)
