"""Networks that come trained: the files are the presets' own, and open as a finished run that answers."""
from __future__ import annotations

import numpy as np
import pytest

from benchmarks.trained import SHIPPED
from dlviz import presets, tasks
from dlviz.errors import RunError
from dlviz.inspect.explanation import Explainer
from dlviz.runs import trained
from dlviz.runs.service import RunService
from dlviz.training.checkpoint import load_network
from tests.engine.test_runs_service import FakeEngine

REACHED = {"mlp": 0.97, "spiral": 0.99, "reverse": 0.99, "facts": 0.98, "brackets_lstm": 0.99, "names": 0.25}


def test_six_are_here_and_small():
    """A preset that was changed has to be trained anew: python -m benchmarks.trained KEY."""
    assert {preset.key for preset in trained.shipped()} == set(SHIPPED) == set(REACHED)
    assert sum(path.stat().st_size for path in trained.FOLDER.iterdir()) < 500_000


@pytest.mark.parametrize("preset", SHIPPED)
def test_it_opens_as_a_finished_run_with_what_it_reached(preset):
    service = RunService(FakeEngine())
    run = service.open_trained(preset, "v1-me")
    info, snapshot = service.get(run), service.snapshot(run)
    assert info.state == "done" and info.step == info.planned_steps == snapshot.step and info.owner == "v1-me"
    assert info.val_accuracy == info.best_val_accuracy or info.val_accuracy < info.best_val_accuracy
    assert info.val_accuracy >= REACHED[preset] and info.test_accuracy is not None
    assert 50 < len(snapshot.train["loss"]) <= trained.POINTS and snapshot.ended.test_accuracy == info.test_accuracy
    network, step = load_network(info.experiment, service.weights_path(run))
    measured = Explainer(info.experiment, network, step, ("x", 0)).outcome(())
    assert step == info.step and abs(measured.accuracy - info.test_accuracy) < 0.05
    service.close()
    again = RunService(FakeEngine())
    assert again.get(run) == info and np.array_equal(again.snapshot(run).train["loss"], snapshot.train["loss"])
    task = tasks.get(info.experiment.task.name, info.experiment.task.fields)
    answer = again.query(run, task.sample("test", 0)[0])
    assert answer.step == step and np.isfinite(answer.probabilities).all()
    again.close()


def test_what_is_not_here_is_a_sentence():
    service = RunService(FakeEngine())
    with pytest.raises(RunError, match="must come with weights"):
        service.open_trained("vgg", "v1-me")
    assert not service.list("v1-me") and "vgg" in presets.PRESETS
    service.close()
