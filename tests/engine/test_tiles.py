"""Pictures of arrays: size, colours, scales, and that what is too large or broken still gets one."""
from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dlviz.figures.tiles import data_url, png, thumbnail, tile

BLUE, WHITE, RED, AMBER = (29, 74, 150), (255, 255, 255), (166, 42, 30), (227, 176, 8)
GAP = (214, 214, 206)


def at(picture: np.ndarray, row: int, column: int) -> tuple[int, ...]:
    return tuple(int(channel) for channel in picture[row, column])


def test_maps_stand_in_a_grid_with_gaps_between_and_around():
    picture = tile(np.zeros((6, 3, 4)), scale=2, gap=1, columns=3)
    assert picture.shape == (2 * 6 + 3, 3 * 8 + 4, 3) and picture.dtype == np.uint8
    assert at(picture, 0, 5) == at(picture, 7, 5) == at(picture, 14, 5) == at(picture, 5, 9) == GAP
    assert at(picture, 1, 1) == at(picture, 13, 26) == WHITE


def test_a_place_without_a_map_is_gap():
    picture = tile(np.zeros((3, 2, 2)), columns=2)
    assert at(picture, 4, 1) == WHITE and at(picture, 4, 4) == GAP


def test_signed_colours_have_zero_in_the_middle():
    picture = tile(np.array([[-2.0, 0.0, 2.0]]), gap=0)
    assert [at(picture, 0, column) for column in range(3)] == [BLUE, WHITE, RED]


def test_a_positive_map_has_no_blue_and_zero_stays_white():
    picture = tile(np.array([[0.0, 5.0]]), gap=0)
    assert [at(picture, 0, 0), at(picture, 0, 1)] == [WHITE, RED]


def test_dark_pages_have_a_dark_zero():
    assert sum(at(tile(np.zeros((1, 1)), gap=0, dark=True), 0, 0)) < 100


def test_grey_runs_from_the_smallest_to_the_largest():
    picture = tile(np.array([[3, 7, 11]], np.uint8), gap=0, colors="grey")
    assert [at(picture, 0, column)[0] for column in (0, 2)] == [0, 255]
    assert 120 < at(picture, 0, 1)[0] < 136


def test_layer_shares_one_scale_and_unit_gives_each_map_its_own():
    maps = np.stack([np.full((2, 2), 1.0), np.full((2, 2), 100.0)])
    shared, own = tile(maps, columns=2, normalise="layer"), tile(maps, columns=2, normalise="unit")
    assert at(shared, 1, 4) == at(own, 1, 4) == at(own, 1, 1) == RED
    assert min(at(shared, 1, 1)) > 245


def test_what_is_no_number_is_amber_and_spoils_nothing_else():
    for colors in ("signed", "grey"):
        picture = tile(np.array([[np.nan, np.inf, -1.0, 1.0]]), gap=0, colors=colors)
        assert at(picture, 0, 0) == at(picture, 0, 1) == AMBER
        assert at(picture, 0, 2) != at(picture, 0, 3)


def test_a_vector_is_a_grid_of_squares_with_a_frame():
    picture = tile(np.arange(10.0), scale=5, gap=1, columns=10)
    assert picture.shape == (5 + 2, 50 + 2, 3)
    assert at(picture, 1, 1) == WHITE and at(picture, 5, 50) == RED and at(picture, 6, 30) == GAP
    assert tile(np.ones(7), gap=0).shape == (3, 3, 3)
    assert at(tile(np.ones(7), gap=0), 2, 2) == GAP


def test_most_leaves_further_maps_out():
    assert tile(np.zeros((64, 4, 4)), most=32, columns=8, gap=0).shape == (16, 32, 3)


@pytest.mark.parametrize("array", [np.zeros((0,)), np.zeros((2, 2, 2, 2)), np.float32(3.0)])
def test_what_cannot_be_drawn_is_refused(array):
    with pytest.raises(ValueError, match="1 to 3 axes"):
        tile(array)


@given(st.lists(st.integers(1, 70), min_size=1, max_size=3), st.integers(8, 120), st.integers(8, 120))
def test_a_thumbnail_never_leaves_its_box(shape, width, height):
    picture = thumbnail(np.ones(shape, np.float32), width, height)
    assert picture.shape[0] <= height and picture.shape[1] <= width and picture.size > 0


@pytest.mark.parametrize(("shape", "across", "side"), [((16, 13, 13), 4, 57), ((16, 28, 28), 2, 59),
                                                       ((16, 1, 1), 4, 57), ((3, 28, 28), 2, 59)])
def test_a_thumbnail_shows_as_many_maps_as_fit(shape, across, side):
    picture = thumbnail(np.zeros(shape), 60, 60)
    assert picture.shape == (side, side, 3)
    assert int((picture == GAP).all(axis=2)[1].sum()) == across + 1


def test_a_vector_has_whole_rows_where_they_are_nearly_as_large():
    for count, shape in ((10, (46, 112)), (784, (114, 114)), (128, (58, 114)), (64, (114, 114)), (7, (113, 113))):
        assert thumbnail(np.ones(count), 114, 114).shape[:2] == shape, count


def test_a_map_larger_than_the_box_is_shrunk_to_means():
    wide = np.zeros((1, 64, 64))
    wide[0, :, 32:] = 1
    picture = thumbnail(wide, 34, 34)
    assert picture.shape == (34, 34, 3)
    assert at(picture, 16, 4) == WHITE and at(picture, 16, 30) == RED


@pytest.mark.parametrize("picture", [
    tile(np.random.default_rng(0).normal(size=(4, 5, 6))), np.zeros((3, 2, 3), np.uint8),
    np.random.default_rng(1).integers(0, 256, (40, 50, 3), np.uint8),
    np.array([[[1, 0, 0], [0, 16, 0], [0, 0, 9]], [[0, 16, 0], [0, 0, 9], [1, 0, 0]]], np.uint8),
    np.random.default_rng(2).integers(0, 256, (5, 4), np.uint8)],
    ids=["tile", "one colour", "many colours", "colours with the same 16 bits", "grey"])
def test_png_and_data_url_hold_the_very_pixels(picture):
    with Image.open(io.BytesIO(png(picture))) as read:
        assert (np.asarray(read if picture.ndim == 2 else read.convert("RGB")) == picture).all()
    head, body = data_url(picture).split(",")
    assert head == "data:image/png;base64" and base64.b64decode(body) == png(picture)


def test_huge_numbers_do_not_overflow():
    top = np.finfo(np.float32).max
    for colors in ("signed", "grey"):
        picture = tile(np.array([[-top, top]], np.float32), gap=0, colors=colors)
        assert at(picture, 0, 0) != at(picture, 0, 1) and AMBER not in (at(picture, 0, 0), at(picture, 0, 1))
