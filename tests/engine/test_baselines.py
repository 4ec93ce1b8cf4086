"""Simple methods to beat: an n-gram that counts, and a forecast that needs no learning."""
from __future__ import annotations

import math

import numpy as np
import pytest

from dlviz import tasks
from dlviz.tasks import ngram

ROWS = [[0, 1, 2, 1, 0], [0, 1, 2, 2, 0], [0, 2, 1, 0]]


def test_counts_are_smoothed_as_witten_and_bell_say():
    model = ngram.fit(ROWS, 3, 2)
    first = np.array([3, 4, 4])  # of 11 symbols named, 3 kinds
    unigram = (first + 3 * np.full(3, 1 / 3)) / (11 + 3)
    after_one = np.array([2, 0, 2])  # what followed symbol 1: 2 kinds, 4 times
    np.testing.assert_allclose(model.probabilities([0, 1]), (after_one + 2 * unigram) / (4 + 2))


@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_chances_add_up_to_one_and_nothing_is_impossible(order: int):
    model = ngram.fit(ROWS, 4, order)
    for before in ([0], [0, 3], [2, 2, 2], [0, 1, 2]):
        chances = model.probabilities(before)
        assert chances.sum() == pytest.approx(1) and chances.min() > 0


def test_the_loss_is_the_mean_of_the_surprises():
    model = ngram.fit(ROWS, 3, 2)
    loss, accuracy = model.evaluate([[0, 1]])
    chances = model.probabilities([0])
    assert loss == pytest.approx(-math.log(chances[1])) and accuracy == float(chances.argmax() == 1)


def test_names_are_held_against_an_n_gram_of_the_training_names():
    task = tasks.get("names")
    found = task.baseline()
    assert found.name == "3-gram" and 2.4 < found.test_loss < 2.6 < math.log(27)
    assert 0.2 < found.test_accuracy < 0.3
    fewer = tasks.get("names", {"samples": 500}).baseline()
    assert fewer.val_loss > found.val_loss  # it is fitted on what there is to learn from


@pytest.mark.parametrize("name", ["airline", "sine"])
def test_a_naive_forecast_is_scored_as_a_network_is(name: str):
    task = tasks.get(name)
    data, found = task.data(), task.baseline()
    off = [(task.change(past, task.naive(past)) - target) ** 2 for past, target in
           ((task.past("test", at)[None], data.test.targets[at].numpy()) for at in range(task.size("test")))]
    assert found.test_loss == pytest.approx(float(np.mean(off)))


def test_the_airlines_naive_forecast_is_the_same_month_times_growth():
    task = tasks.get("airline")
    past = np.array(task.series()[:24])[None]
    assert task.naive(past)[0] == pytest.approx(115 * 140 / 118)  # January 1950, December's growth
    np.testing.assert_allclose(tasks.get("airline", {"window": 12}).naive(past[:, 12:]), [115])


def test_a_wave_longer_than_the_window_is_turned_round():
    task = tasks.get("sine", {"period": 40.0, "noise": 0.01})
    wave = np.sin(2 * np.pi * np.arange(200) / 40)[None]
    assert task.naive(wave[:, 50:74])[0] == pytest.approx(wave[0, 74])


def test_a_task_of_pictures_has_none():
    assert tasks.get("mnist").baseline() is None
