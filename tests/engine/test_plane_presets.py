"""What the presets over points in the plane say is what their runs reach."""
from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import pytest

from dlviz import presets
from dlviz.presets.plane import PLANE
from dlviz.tasks import get
from dlviz.training import events as ev
from dlviz.training.loop import train

SOLVED = {"spiral": 0.98, "spiral_sines": 0.98, "spiral_three": 0.9, "circles": 0.95, "circles_squares": 0.95,
          "xor": 0.93, "moons": 0.98, "gaussians": 0.97, "tilted_plane": 0.97, "own_points": 0.9}
FAILED = ("circles_linear", "circles_deep_linear", "xor_linear")
OTHERS = ("moons_few", "moons_few_l2", "hills")


@lru_cache
def run(key: str) -> tuple[tuple[ev.Evaluated, ...], ev.Ended, float]:
    """All evaluations, the end, and the mean loss of the last steps."""
    events = list(train(presets.get(key).experiment, device="cpu"))
    steps = [event.loss for event in events if isinstance(event, ev.Step)]
    return tuple(event for event in events if isinstance(event, ev.Evaluated)), events[-1], float(np.mean(steps[-20:]))


def test_every_preset_is_looked_at():
    assert {preset.key for preset in PLANE} == {*SOLVED, *FAILED, *OTHERS}
    assert all(get(preset.experiment.task.name, preset.experiment.task.fields).plane for preset in PLANE)


@pytest.mark.parametrize("key", SOLVED)
def test_what_is_to_be_solved_is_solved(key: str):
    _, end, _ = run(key)
    assert end.reason == "done" and end.test_accuracy >= SOLVED[key]


@pytest.mark.parametrize("key", FAILED)
def test_what_must_fail_stays_at_the_loss_of_guessing(key: str):
    _, end, loss = run(key)
    assert end.test_accuracy < 0.7
    assert end.test_loss == pytest.approx(math.log(2), abs=0.01) and loss > 0.66


def test_sines_separate_the_spiral_in_less_than_half_the_steps():
    first = {key: next(judged.step for judged in run(key)[0] if judged.val_accuracy >= 0.98)
             for key in ("spiral", "spiral_sines")}
    assert 2 * first["spiral_sines"] < first["spiral"]


def test_few_points_are_learned_by_heart_and_l2_helps():
    (judged, _, loss), (regularized, _, _) = run("moons_few"), run("moons_few_l2")
    assert loss < 0.05 and judged[-1].val_loss > 2 * min(one.val_loss for one in judged)
    assert regularized[-1].val_loss < judged[-1].val_loss / 2


def test_hills_are_found():
    task = get("hill", presets.get("hills").experiment.task.fields)
    _, end, _ = run("hills")
    assert end.test_loss < 0.15 * float(task.data().test.targets.var())
