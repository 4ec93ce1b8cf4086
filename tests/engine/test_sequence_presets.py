"""Ready networks for sequences: each is right and survives JSON; the quick ones are trained to a score."""
from __future__ import annotations

import pytest

from dlviz import network as net
from dlviz import presets, tasks
from dlviz.spec import from_json
from dlviz.training import events as ev
from dlviz.training.loop import train

SEQUENCE_PRESETS = [key for key, preset in presets.PRESETS.items()
                    if preset.experiment.task.name not in ("mnist", "fashion_mnist")]


@pytest.mark.parametrize("key", SEQUENCE_PRESETS)
def test_a_preset_is_right_and_survives_json(key: str):
    preset = presets.get(key)
    experiment = preset.experiment
    task = tasks.get(experiment.task.name, experiment.task.fields)
    assert net.check(experiment.network, task.signature(), experiment.training.batch_size).ok
    assert from_json(experiment.to_json()) == experiment
    assert preset.sentence.endswith(".") and preset.group in presets.GROUPS


LEARNED = {"reverse": 0.99, "facts": 0.97, "brackets_rnn": 0.99,
           "order_lstm": 0.99}  # test accuracy that the quick ones reach at the end, with their own seed


@pytest.mark.parametrize(("key", "goal"), LEARNED.items())
def test_a_quick_preset_learns(key: str, goal: float):
    *_, end = train(presets.get(key).experiment, device="cpu")
    assert isinstance(end, ev.Ended) and end.reason == "done" and end.test_accuracy >= goal


def test_without_positions_nothing_is_learned():
    experiment = presets.get("reverse_lost").experiment
    short = experiment.training.model_copy(update={"epochs": 2})
    *_, end = train(experiment.model_copy(update={"training": short}), device="cpu")
    assert end.test_accuracy < 0.05


@pytest.mark.parametrize(("key", "low", "high"), [("airline", 0.85, 1.1), ("airline_linear", 0.4, 0.65)])
def test_the_airline_networks_beat_the_naive_forecast_by_as_much_as_they_say(key: str, low: float, high: float):
    experiment = presets.get(key).experiment
    *_, end = train(experiment, device="cpu")
    naive = tasks.get("airline").baseline()
    assert low < end.test_loss / naive.test_loss < high
