"""Live pictures as plain numbers: zero at 128, gaps at 0, small enough, in the geometry of the cards' own pictures."""
from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlviz.figures.tiles import levels, thumbnail
from dlviz.training.events import Captured
from pages.ui.build.cards import MAPS, PICTURE
from pages.ui.build.feed import ROOM, packed


def drawn(array: np.ndarray, room: int = ROOM) -> np.ndarray:
    return levels(np.asarray(array, np.float32), *PICTURE, room=room, most=MAPS)


def test_a_vector_keeps_its_order_with_zero_at_128_and_the_largest_at_the_end_of_the_scale():
    picture = drawn(np.array([0.0, 4.0, -4.0, 2.0, -1.0, 0.0, 0.0, 0.0]))
    assert picture.ravel()[:5].tolist() == [128, 255, 1, 192, 96] and picture.size == 8


def test_maps_have_one_scale_each_and_zeros_between_them():
    maps = np.stack([np.full((3, 3), value) for value in (1.0, -0.5, 0.0)])
    picture = drawn(maps)
    tall, wide = picture.shape
    columns = (wide + 1) // 4
    for index, level in enumerate((255, 1, 128)):
        row, column = divmod(index, columns)
        assert (picture[4 * row:4 * row + 3, 4 * column:4 * column + 3] == level).all()
    assert (picture[:, 3::4] == 0).all() and (picture[3::4] == 0).all() and (tall + 1) % 4 == 0


def test_what_is_no_number_is_nothing():
    assert drawn(np.array([np.nan, 1.0, np.inf])).ravel().tolist() == [0, 255, 0]


def test_large_maps_are_shrunk_to_the_means_of_their_blocks():
    maps = np.random.default_rng(0).normal(size=(8, 26, 26)).astype(np.float32)
    picture = drawn(maps)
    assert picture.shape == (2 * 13 + 1, 4 * 13 + 3)
    means = maps[0].reshape(13, 2, 13, 2).mean(axis=(1, 3))
    assert np.array_equal(picture[:13, :13], np.rint(means / np.abs(means).max() * 127) + 128)


def test_maps_of_bytes_are_shrunk_without_overflow():
    picture = thumbnail(np.full((1, 200, 200), 250, np.uint8), 50, 50, colors="grey", normalise="layer")
    assert (picture[5:-5, 5:-5] == picture[6, 6]).all()
    halves = np.concatenate([np.full((1, 200, 100), 250), np.full((1, 200, 100), 100)], axis=2).astype(np.uint8)
    picture = thumbnail(halves, 50, 50, colors="grey")
    assert picture[20, 10, 0] == 255 and picture[20, 40, 0] == 0


@given(st.lists(st.integers(1, 90), min_size=1, max_size=3), st.integers(64, 4_000))
def test_every_shape_fits_the_room(shape, room):
    picture = drawn(np.random.default_rng(1).normal(size=shape), room)
    assert picture.dtype == np.uint8 and 0 < picture.size <= max(room, 16) and (picture > 0).any()


@pytest.mark.parametrize("shape", [(10,), (128,), (784,), (4, 5, 5), (16, 13, 13)])
def test_a_live_picture_stands_in_the_grid_of_the_cards_own(shape):
    """The card's picture is an enlargement by a whole number, with a frame around and gaps of one pixel."""
    array = np.random.default_rng(2).normal(size=shape)
    own, live = thumbnail(array, *PICTURE, most=MAPS, normalise="unit"), drawn(array)
    ratio = [own.shape[side] / live.shape[side] for side in (0, 1)]
    assert abs(ratio[0] - ratio[1]) < 0.35 * ratio[0]


def test_the_pictures_of_one_tick_are_one_column_and_each_is_found_in_it():
    captured = Captured(7, 3, {"a": np.linspace(-1, 1, 12), "b": np.ones((2, 4, 4)), "c": np.zeros(0)})
    text, column = packed(captured, ("b", "a", "c", "gone"))
    message = json.loads(text)["json"]
    assert message["live"] and message["step"] == 7 and [frame["name"] for frame in message["pictures"]] == ["b", "a"]
    for frame in message["pictures"]:
        part = column[frame["offset"]:][:frame["width"] * frame["height"]].reshape(frame["height"], frame["width"])
        assert np.array_equal(part, drawn(captured.outputs[frame["name"]]))
    assert column.dtype == np.uint8 and len(column) == sum(f["width"] * f["height"] for f in message["pictures"])


def test_before_the_first_capture_there_are_no_pictures_but_they_are_to_come():
    text, column = packed(None, ("a",))
    assert json.loads(text)["json"]["live"] and not len(column)
