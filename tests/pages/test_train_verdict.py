"""Green is for what is good against chance, nothing else."""
from __future__ import annotations

from types import SimpleNamespace

import pytest

from dlviz import presets
from pages.ui.train import verdict


def info(preset: str, accuracy: float | None) -> SimpleNamespace:
    return SimpleNamespace(experiment=presets.get(preset).experiment, test_accuracy=accuracy)


@pytest.mark.parametrize(("preset", "accuracy", "good"), [
    ("mlp", 0.11, False), ("mlp", 0.5, False), ("mlp", 0.9, True), ("mlp", None, False),
    ("reverse", 0.0, False), ("reverse", 0.6, True), ("order_lstm", 0.25, False), ("order_lstm", 0.9, True)])
def test_good_is_halfway_from_chance_to_perfect(preset, accuracy, good):
    assert verdict.is_good(info(preset, accuracy)) is good


def test_chance_is_one_of_the_classes():
    assert verdict.chance_of(info("mlp", 0.5)) == 0.1
