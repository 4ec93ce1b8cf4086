"""Contract of an optimizer: one class, and files, training, export, Slow motion, the Lab and the doctor have it."""
from __future__ import annotations

import math

import pytest
import torch

from dlviz import optimizers, presets, tasks
from dlviz.doctor import remedies
from dlviz.errors import RunError
from dlviz.export.script import script
from dlviz.inspect.slow_motion import record_update
from dlviz.optimizers import OPTIMIZERS
from dlviz.spec import Experiment, TrainingSpec, from_json, from_link
from dlviz.studies import hyperparameters
from dlviz.studies.hyperparameters import Hyperparameter
from dlviz.studies.presets import STUDY_PRESETS
from dlviz.training import checkpoint as ckpt
from dlviz.training import control as ctl
from dlviz.training import optimizers as torchs
from dlviz.training.events import Step
from dlviz.training.learner import Learner
from dlviz.training.loop import train
from tests.toys import Adamax

MNIST = tasks.get("mnist")


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setitem(OPTIMIZERS, "Adamax", Adamax)


@pytest.fixture
def experiment() -> Experiment:
    training = TrainingSpec(optimizer=Adamax(weight_decay=0.01), train_fraction=0.01, batch_size=64, epochs=1)
    return presets.get("mlp").experiment.model_copy(update={"training": training})


def test_a_design_with_it_survives_files_and_links(experiment):
    assert from_json(experiment.to_json()) == experiment == from_link(experiment.to_link())
    assert type(from_json(experiment.to_json()).training.optimizer) is Adamax
    with pytest.raises(ValueError, match=f"an optimizer is one of {', '.join(OPTIMIZERS)}"):
        optimizers.get("Newton")


def test_it_trains_as_torchs_own_does(experiment):
    losses = [event.loss for event in train(experiment, device="cpu") if isinstance(event, Step)]
    learner = Learner(experiment, "cpu")
    by_hand = torch.optim.Adamax(learner.network.parameters(), lr=2e-3, weight_decay=0.01)
    learner.optimizer, by_hand.param_groups[0]["initial_lr"] = by_hand, 2e-3
    expected = [learner.update(batch).loss for batch in learner.batches(0, 0)]
    assert losses == expected and len(losses) == math.ceil(550 / 64)


def test_the_exported_script_makes_the_same_optimizer(experiment):
    assert "torch.optim.Adamax(model.parameters(), weight_decay=0.01, lr=0.002)" in script(experiment, MNIST)


def test_slow_motions_lines_end_where_torch_does(experiment, tmp_path):
    learner = Learner(experiment, "cpu")
    for batch in learner.batches(0, 0):
        learner.update(batch)
    ckpt.save(tmp_path / "weights.safetensors", learner.network, learner.optimizer, learner.step, learner.state_dict())
    motion = record_update(experiment, tmp_path / "weights.safetensors")
    moved, at = motion.parameter("hidden1"), (5, 300)
    state = {key: float(value if value.ndim == 0 else value[at]) for key, value in moved.state.items()}
    lines = Adamax.arithmetic(float(moved.before[at]), float(moved.clipped[at]), motion.update.group, state)
    assert state["step"] == 9 and lines.lines[0].symbol == "g", "weight decay joins the gradient first"
    assert lines.after == pytest.approx(float(moved.after[at]), abs=1e-7)


def test_its_momentum_is_changed_while_it_trains(experiment):
    learner = Learner(experiment, "cpu")
    assert torchs.change(experiment.training.optimizer, learner.optimizer, ctl.Set("momentum", 0.5)) == (0.9, 0.5)
    assert learner.optimizer.param_groups[0]["betas"] == (0.5, 0.999)
    with pytest.raises(RunError, match="must lie between 0 and 10"):
        torchs.change(experiment.training.optimizer, learner.optimizer, ctl.Set("weight_decay", 99.0))


def test_the_lab_races_it_and_varies_its_fields(experiment):
    recipe = Hyperparameter(path=("recipe",))
    assert "Adamax" in hyperparameters.domain(experiment, recipe).choices
    assert hyperparameters.set_value(experiment, recipe, "Adamax").training.optimizer == Adamax()
    field = Hyperparameter(path=("training", "optimizer", "beta2"))
    assert field in hyperparameters.available(experiment)
    assert hyperparameters.set_value(experiment, field, 0.5).training.optimizer.beta2 == 0.5
    race = STUDY_PRESETS["race"]
    assert "Adamax" in race.axes(race.base)[0].values


def test_the_doctor_changes_its_rate_and_its_decay(experiment):
    assert remedies.rate(0.1)(experiment).training.optimizer == Adamax(learning_rate=2e-4, weight_decay=0.01)
    assert remedies.decay(experiment).training.optimizer.weight_decay == pytest.approx(0.03)
    assert remedies.undecayed(0.1)(experiment).training.optimizer.weight_decay == pytest.approx(0.001)
