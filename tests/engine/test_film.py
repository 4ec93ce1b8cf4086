"""A run as a film: what a frame shows, and that the files can be read by others."""
from __future__ import annotations

import base64
import io
import json
import re

import numpy as np
import pytest
from PIL import Image

from dlviz.figures import film

STEPS = np.arange(1, 201)
LOSSES = np.exp(-STEPS / 50.0)
SCENE = film.Scene("Classic <MLP>", STEPS, LOSSES, "relu1", tuple("0123456789"), np.full((28, 28), 200, np.uint8))


def moment(step: int, **more) -> film.FilmFrame:
    return film.FilmFrame(step, f"after step {step}", np.full((4, 5, 5), step / 200, np.float32), **more)


def colour(image: Image.Image, box: tuple[int, int, int, int], hex_: str) -> int:
    """How many pixels of a colour a box has."""
    color = np.frombuffer(bytes.fromhex(hex_[1:]), np.uint8)
    return int((np.asarray(image.crop(box)) == color).all(-1).sum())


def test_the_curve_is_clear_up_to_the_moment_and_no_further():
    left, top, right, bottom = film.CURVE
    middle = (left + right) // 2
    image = film.frame(SCENE, moment(100))
    assert colour(image, (left, top, middle - 8, bottom), film.BLUE) > 300
    assert colour(image, (middle + 8, top, right, bottom), film.BLUE) == 0
    assert colour(film.frame(SCENE, moment(200)), (middle + 8, top, right, bottom), film.BLUE) > 300


def test_the_bars_are_as_long_as_the_probabilities():
    shares = np.zeros(10)
    shares[7], shares[1] = 0.8, 0.2
    image = film.frame(SCENE, moment(10, probabilities=shares))
    box = (film.LEFT + 70, film.TOP + film.SIDE, film.LEFT + 221, film.HEIGHT)
    green, blue = colour(image, box, film.GREEN), colour(image, box, film.BLUE)
    assert green / blue == pytest.approx(4, rel=0.05)


@pytest.mark.parametrize("maps", [np.zeros(3), np.ones((6, 28, 28)), np.full((2, 3, 3), np.nan), np.ones((9, 16))])
def test_any_output_makes_a_frame(maps):
    image = film.frame(film.Scene("x", np.array([]), np.array([]), "m"), film.FilmFrame(0, "", maps))
    assert image.size == (film.WIDTH, film.HEIGHT)


def test_losses_that_are_no_numbers_leave_the_curve_standing():
    broken = film.Scene("x", STEPS, np.where(STEPS > 150, np.nan, LOSSES), "m")
    assert colour(film.frame(broken, moment(200)), film.CURVE, film.BLUE) > 100


def test_a_gif_has_every_moment_in_order():
    frames = [film.frame(SCENE, moment(step)) for step in (1, 50, 200)]
    read = Image.open(io.BytesIO(film.gif(frames)))
    assert (read.n_frames, read.size, read.info["loop"]) == (3, (film.WIDTH, film.HEIGHT), 0)
    read.seek(2)
    assert np.abs(np.asarray(read.convert("RGB"), int) - np.asarray(frames[2], int)).mean() < 3


def test_a_page_holds_its_pictures_and_asks_for_nothing_else():
    frames = [film.frame(SCENE, moment(step)) for step in (1, 200)]
    text = film.page(frames, (1, 200), SCENE.title).decode()
    assert "<title>Classic &lt;MLP&gt;</title>" in text and "<MLP>" not in text
    urls = json.loads(re.search(r"const frames = (\[.*?\]), steps", text)[1])
    first = Image.open(io.BytesIO(base64.b64decode(urls[0].partition(",")[2]))).convert("RGB")
    assert np.array_equal(np.asarray(first), np.asarray(frames[0]))
    assert "http" not in text and "steps = [1, 200]" in text
