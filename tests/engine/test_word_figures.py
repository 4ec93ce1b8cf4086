"""Lines over words and points of symbols, as figures: their numbers are those that came in."""
from __future__ import annotations

import numpy as np
import pytest

from dlviz.figures import embedding
from dlviz.figures.word_lines import DECADES, WordLine, word_lines


def test_lines_keep_their_values_and_their_gaps():
    values = np.array([np.nan, 1.0, 2.0])
    figure = word_lines("Forecasts", ["<a>", "b", "c"],
                        [WordLine("known", values, "text"), WordLine("ahead", values + 1, "path", "dash")], start=1.5)
    np.testing.assert_array_equal(figure.data[0].y, values)
    assert figure.data[1].line.dash == "dash" and list(figure.layout.xaxis.ticktext) == ["&lt;a&gt;", "b", "c"]
    assert figure.layout.shapes[0].x0 == 1.5


def test_many_words_are_thinned_and_tiny_numbers_cut_off():
    figure = word_lines("Gradient", [str(step) for step in range(100)],
                        [WordLine("RNN", np.logspace(-30, 0, 100), "run-0")], log=True)
    assert len(figure.layout.xaxis.ticktext) <= 24
    low, high = figure.layout.yaxis.range
    assert high == pytest.approx(0.2) and high - low == pytest.approx(DECADES + 0.4)


def test_a_logarithmic_axis_within_one_power_of_ten_still_says_several_numbers():
    axis = word_lines("Gradient", list("abc"), [WordLine("LSTM", np.array([0.6, 1.3, 1.0]), "run-0")],
                      log=True).layout.yaxis
    low, high = (10.0 ** end for end in axis.range)
    assert len([place for place in axis.tickvals if low <= place <= high]) >= 3
    assert [float(number) for number in axis.ticktext] == pytest.approx(list(axis.tickvals))


@pytest.mark.parametrize("dimensions", [2, 3])
def test_symbols_are_where_their_principal_components_are(dimensions: int):
    vectors = np.random.default_rng(0).normal(size=(9, 6)) * [5, 3, 2, 1, 0.1, 0.1]
    found = embedding.project(vectors, dimensions=dimensions)
    centred = vectors - vectors.mean(0)
    sizes, axes = np.linalg.eigh(centred.T @ centred)
    np.testing.assert_allclose(np.abs(found.points), np.abs(centred @ axes[:, ::-1][:, :dimensions]), atol=1e-9)
    assert found.explained_variance == pytest.approx(sizes[::-1][:dimensions].sum() / sizes.sum())
    figure = embedding.scatter(found, list("abcdefghi"), [letter in "ab" for letter in "abcdefghi"])
    rest, used = figure.data
    assert list(used.hovertext) == ["a", "b"] and rest.type == ("scatter3d" if dimensions == 3 else "scatter")
    np.testing.assert_allclose(np.column_stack([used[name] for name in "xyz"[:dimensions]]), found.points[:2])


def test_of_many_symbols_only_those_in_the_question_have_a_word():
    found = embedding.project(np.random.default_rng(0).normal(size=(80, 4)))
    rest, used = embedding.scatter(found, [str(number) for number in range(80)],
                                   [number < 3 for number in range(80)]).data
    assert rest.mode == "markers" and used.mode == "markers+text"
