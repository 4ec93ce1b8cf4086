"""What the look page draws, as numbers: shades and habits of attention, states over time, symbols."""
from __future__ import annotations

import base64
import re
from pathlib import Path

import numpy as np
import pytest

from dlviz.figures import attention, embedding, packing, states, tiles

COLOURS = Path(__file__).parents[2] / "static" / "shared" / "colours.js"
FREE = np.zeros((6, 6))
CAUSAL = np.where(np.triu(np.ones((6, 6)), 1), -np.inf, 0)


def rows(*keys: int, size: int = 6, sure: float = 0.9) -> np.ndarray:
    """Attention that gives `sure` to one key in each row, the rest alike to the others."""
    weights = np.full((len(keys), size), (1 - sure) / (size - 1))
    weights[np.arange(len(keys)), keys] = sure
    return weights


# text for the browser

def test_numbers_survive_the_way_to_the_browser():
    numbers = np.array([[1.5, -np.inf], [np.nan, 1e-7]], np.float32)
    back = np.frombuffer(base64.b64decode(packing.floats(numbers.T)), "<f4")
    np.testing.assert_array_equal(back, numbers.T.ravel())
    assert base64.b64decode(packing.levels(np.array([[0, 255], [7, 1]]))) == bytes([0, 255, 7, 1])


def test_signed_colours_are_those_of_every_other_picture():
    signed = re.search(r"signed: \{(.*?)\},\n\};", COLOURS.read_text(), re.S)[1]
    for name, stops in (("light", tiles._LIGHT), ("dark", tiles._DARK)):
        line = re.search(rf"{name}: \[(.*?)\]", signed)[1]
        assert re.findall("#[0-9A-F]{6}", line) == [color for _, color in stops]


# attention

def test_a_shade_is_the_root_of_a_weight():
    weights = np.random.default_rng(0).random((3, 5, 7))
    back = (attention.shades(weights) / 255) ** 2
    assert back.shape == (3, 5, 7) and np.abs(back - weights).max() < 0.005


def test_broken_weights_have_no_shade():
    assert attention.shades(np.full((1, 2, 2), np.nan)).max() == 0


def test_a_large_map_keeps_its_peaks():
    weights = np.zeros((1, 100, 130))
    weights[0, 77, 129] = 1
    small = attention.shades(weights)
    assert small.shape == (1, 34, 44) and small[0, 77 // 3, 129 // 3] == 255 and (small > 0).sum() == 1


@pytest.mark.parametrize(("weights", "place", "key"), [
    (rows(0, 1, 2, 3, 4, 5), "itself", None),
    (rows(5, 0, 1, 2, 3, 4), "before", None),
    (rows(1, 2, 3, 4, 5, 0), "after", None),
    (rows(5, 4, 3, 2, 1, 0), "mirror", None),
    (rows(2, 2, 2, 2, 2, 2), "one", 2)], ids=lambda value: value if isinstance(value, str) else "")
def test_a_habit_has_a_name(weights, place, key):
    found = attention.pattern(weights, FREE)
    assert (found.place, found.key) == (place, key) and found.fraction == pytest.approx(0.9)


def test_a_blur_has_no_habit():
    assert attention.pattern(np.full((6, 6), 1 / 6), FREE) is None
    assert attention.pattern(rows(5, 0, 3, 3, 1, 4), FREE) is None
    assert attention.pattern(np.full((6, 6), np.nan), FREE) is None


def test_a_row_without_a_choice_says_nothing():
    weights = np.tril(np.full((6, 6), 0.01))
    weights[0] = np.eye(6)[0]
    weights[range(1, 6), range(5)] = 0.95
    found = attention.pattern(weights, CAUSAL)
    assert found.place == "before" and found.fraction == pytest.approx(0.95)
    assert attention.pattern(np.ones((1, 1)), np.zeros((1, 1))) is None


def test_between_two_rows_only_one_place_can_be_a_habit():
    assert attention.pattern(rows(0, 1, 2, 3), np.zeros((4, 6))) is None
    assert attention.pattern(rows(3, size=5), np.zeros((1, 5))) == attention.AttentionPattern("one",
                                                                                              pytest.approx(0.9), 3)


# states

def test_units_are_rows_and_at_most_so_many():
    values = np.random.default_rng(0).random((9, 300))
    picture = states.picture(values)
    assert picture.shape == (states.MOST, 9) and picture.flags.c_contiguous
    np.testing.assert_allclose(picture[5], values[:, 5], rtol=1e-6)


def test_the_end_of_the_scale():
    assert states.span(np.array([0.2, -0.7])) == pytest.approx(0.7)
    assert states.span(np.array([0.2, -0.7]), least=1.0) == 1.0
    assert states.span(np.array([0.2, -3.0]), least=1.0) == 3.0
    assert states.span(np.array([np.nan, np.inf, 0.5])) == 0.5
    assert states.span(np.zeros((0, 3))) == 1e-6


def test_a_guess_is_settled_when_it_stays():
    guesses = np.eye(3)[[0, 2, 1, 2, 2]]
    assert [states.stable_from(part) for part in (guesses, guesses[3:], guesses[:1])] == [3, 0, 0]



# embeddings and positions

def test_the_plane_is_that_of_principal_component_analysis():
    vectors = np.random.default_rng(0).normal(size=(20, 6)) * [5, 3, 1, 1, 0.5, 0.1]
    plane = embedding.project(vectors)
    variances = np.sort(np.linalg.eigvalsh(np.cov(vectors.T)))[::-1]
    np.testing.assert_allclose(plane.points.var(0, ddof=1), variances[:2])
    assert plane.explained_variance == pytest.approx(variances[:2].sum() / variances.sum())
    assert abs(np.corrcoef(plane.points.T)[0, 1]) < 1e-9


def test_a_picture_does_not_turn_by_itself():
    random = np.random.default_rng(1)
    vectors = random.normal(size=(12, 5))
    turned, _ = np.linalg.qr(random.normal(size=(5, 5)))  # the same vectors, seen from elsewhere
    before = embedding.project(vectors).points
    after = embedding.project(vectors @ turned, before).points
    np.testing.assert_allclose(after, before, atol=1e-9)
    np.testing.assert_allclose(embedding.project(-vectors, before).points, before, atol=1e-9)


@pytest.mark.parametrize("vectors", [np.ones((4, 3)), np.ones((1, 3)), np.arange(4.0)[:, None],
                                     np.full((3, 2), np.nan)])
def test_few_or_equal_vectors_have_a_plane_too(vectors):
    plane = embedding.project(vectors, np.zeros((len(vectors), 2)))
    assert plane.points.shape == (len(vectors), 2) and np.isfinite(plane.points).all()
    assert 0 <= plane.explained_variance <= 1


def test_likeness_is_the_dot_product():
    table = np.random.default_rng(2).normal(size=(5, 8)).astype(np.float32)
    slow = np.array([[sum(a * b for a, b in zip(one, two)) for two in table] for one in table])
    np.testing.assert_allclose(embedding.similarity(table), slow / np.abs(slow).max(), atol=1e-6)
    assert (embedding.similarity(np.zeros((3, 4))) == 0).all()
