"""What the Train page says of a run's scores: the task's own words, exact labels, the simple method beside."""
from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dlviz import presets
from dlviz.network import editing
from dlviz.runs.info import RunInfo, Snapshot
from dlviz.spec import Experiment
from dlviz.training import events as ev
from pages.ui.shared import run_words, scores


def snapshot(experiment: Experiment, free: tuple[ev.FreeRunning, ...] = (), test_loss: float | None = 2.3) -> Snapshot:
    info = RunInfo("run1", "me", "A run", 1.0, 2.0, "done", "", experiment, 810, 810, None, 2.2, 0.3, 2.2, 0.29, 0.29,
                   0.2914, None, "")
    ended = ev.Ended(810, "done", "", test_loss, 0.2914) if test_loss is not None else None
    train = {name: np.zeros(0) for name in ("step", "loss", "accuracy", "learning_rate")}
    return Snapshot(info, 810, 0, train, (ev.Evaluated(810, 2.28, 0.29, 300),), (), None, None, (), None, None, False,
                    ended, 15, free_running=free)


FREE = (ev.FreeRunning(405, 0.16, 0.3, 64), ev.FreeRunning(810, 0.17, 0.31, 200),
        ev.FreeRunning(810, 0.15, 0.32, 200, "test"))


def test_a_finished_run_says_what_it_counts_and_what_it_does_by_itself():
    past = snapshot(presets.get("names").experiment, FREE)
    assert "29.14 % of next letters guessed right, with teacher forcing" in \
        run_words.explanation(past.info)
    lines = scores.ended(past)
    assert "With free running after 2 given symbols: 15 %, against 32 % with teacher forcing, on 200 samples." in lines
    assert "Perplexity 10.0 (3.32 bits per letter); a 3-gram, which only counts what followed the last 2 letters, " \
        "reaches 12.0 (3.59 bits)." in lines


def test_both_ways_to_answer_are_curves_of_one_chart():
    past = snapshot(presets.get("names").experiment, FREE)
    loss, accuracy = scores.panels(past.info)
    assert [str(series.label) for series in accuracy.series] == [
        "training, teacher forcing", "validation, teacher forcing", "validation, free running"]
    assert [str(series.label) for series in loss.series] == ["training", "validation", "3-gram, validation"]
    columns = scores.columns(past)
    np.testing.assert_array_equal(columns["free_accuracy"][0], [405, 810])
    assert columns["free_accuracy"][1][-1] == 0.17


def test_a_run_that_peeks_is_not_praised():
    ready = presets.get("names").experiment
    peeking = ready.model_copy(update={"network": editing.set_fields(ready.network, "memory", {"bidirectional": True})})
    assert "that accuracy means nothing" in scores.ended(snapshot(peeking, FREE))
    assert "means nothing" not in scores.ended(snapshot(ready, FREE))


def test_while_it_trains_validation_is_told():
    past = replace(snapshot(presets.get("names").experiment, FREE, None), ended=None)
    assert scores.summary(past).startswith(
        "Validation at step 810: 29.00 % of next letters guessed right, with teacher forcing. With free running "
        "after 2 given symbols: 17 %")


@pytest.mark.parametrize(("loss", "words"),
                         [(0.1, "96 % more: the network is better"), (0.2, "2 % less: the network does"),
                                             (0.1965, "the same")])
def test_a_forecast_says_whether_it_beats_the_naive_one(loss: float, words: str):
    lines = scores.ended(snapshot(presets.get("airline").experiment, test_loss=loss))
    assert "naive forecast (same month last year × growth) reaches 0.196" in lines and words in lines


def test_pictures_are_told_of_as_before():
    past = snapshot(presets.get("mlp").experiment)
    assert scores.ended(past) == "" and scores.summary(past) == ""
    assert "29.14 % of its answers were right" in run_words.explanation(past.info)


def test_the_line_of_a_run_names_the_computer_that_it_is_on():
    past = snapshot(presets.get("mlp").experiment)
    assert run_words.progress(past)[1].endswith("s left") is False and "on " not in run_words.progress(past)[1]
    there = replace(past, info=replace(past.info, node="lab-3"))
    assert run_words.progress(there)[1].endswith("·  on lab-3")
