"""What version 1 has written still opens: experiments, a link, a checkpoint, a data folder with runs and studies.

The files beside it were written by that version; `curve.json` and `home.json` hold what it measured.
"""
from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from dlviz import network, schedules, tasks
from dlviz.errors import SpecError
from dlviz.runs.process.engine import WEIGHTS
from dlviz.runs.storage import migration
from dlviz.runs.storage.store import Store
from dlviz.schedules import CosineAnnealingLR, ExponentialLR, OneCycleLR, ReduceLROnPlateau, StepLR
from dlviz.spec import VERSION, Experiment, from_json, from_link, from_value
from dlviz.studies.storage import StudyStore
from dlviz.training import events as ev
from dlviz.training.loop import train

OLD = Path(__file__).parent / "old_files"
EXPECTED = json.loads((OLD / "home.json").read_text())
SCHEDULES = {
    "mlp": CosineAnnealingLR(warmup_ratio=0.1, end_factor=0.05),
    "cnn": OneCycleLR(pct_start=0.2, start_factor=0.1, end_factor=0.01),
    "names_transformer": ExponentialLR(end_factor=0.2),
    "order_rnn": StepLR(step_size=3, gamma=0.4),
    "sine": ReduceLROnPlateau(factor=0.2, patience=2),
}


def experiment(name: str) -> Experiment:
    return from_json((OLD / "experiments" / f"{name}.json").read_bytes())


@pytest.mark.parametrize("name", SCHEDULES)
def test_an_experiment_is_what_it_was(name: str):
    found, old = experiment(name), json.loads((OLD / "experiments" / f"{name}.json").read_bytes())
    assert old["version"] == 1 and found.version == VERSION and from_json(found.to_json()) == found
    assert found.training.schedule == SCHEDULES[name]
    assert (found.training.train_fraction, found.training.clip_threshold) == (old["training"]["share"],
                                                                             old["training"]["clip_at"])
    old_layers = [layer | {"trainable": True} for layer in old["network"]["layers"]]
    assert found.network.model_dump(mode="json") == {"layers": old_layers} and found.task.model_dump() == old["task"]
    signature = tasks.get(found.task.name, found.task.fields).signature()
    assert network.check(found.network, signature).ok


def test_a_link_opens():
    assert from_link((OLD / "link.txt").read_text().strip()) == experiment("mlp")


def test_an_experiment_of_early_days_opens():
    value = {"version": 1, "training": {"schedule": "cosine", "share": 0.5},
             "task": {"name": "keep", "fields": {"kept": 3}}}
    found = from_value(value)
    assert found.training.schedule == CosineAnnealingLR() and found.training.train_fraction == 0.5
    assert found.task.fields == {"keywords": 3} and tasks.get("keep", found.task.fields).answer_length == 3


def test_an_experiment_of_version_2_opens():
    value = {"version": 2, "training": {"train_fraction": 0.5}}
    found = from_value(value)
    assert found.training.train_fraction == 0.5 and found.version == VERSION


def test_the_names_of_one_version_are_no_names_of_the_other():
    for value in ({"version": 2, "training": {"share": 0.5}}, {"version": 2, "training": {"schedule": "cosine"}}):
        with pytest.raises(SpecError):
            from_value(value)


def test_training_goes_on_from_a_checkpoint(tmp_path):
    """Plateau, early stopping and augmentation remember what they knew: the curve is that of a run never stopped."""
    shutil.copytree(OLD / "checkpoint", tmp_path, dirs_exist_ok=True)
    expected = json.loads((tmp_path / "curve.json").read_text())
    found = from_json((tmp_path / "experiment.json").read_bytes())
    events = list(train(found, checkpoint=tmp_path / WEIGHTS, resume=True, device="cpu"))
    steps = [event for event in events if isinstance(event, ev.Step)]
    assert steps[0].step == 28
    np.testing.assert_allclose([step.loss for step in steps], expected["loss"][27:], rtol=1e-4)
    assert [step.learning_rate for step in steps] == expected["learning_rate"][27:]
    assert events[-1].best_step == expected["best_step"]


@pytest.fixture
def home(tmp_path) -> Path:
    shutil.copytree(OLD / "home", tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_runs_are_read(home):
    for _ in range(2):  # the second time the folder is of this version
        store = Store(home)
        rows = {row.id: row for row in store.rows()}
        histories = {name: store.history(run["id"]) for name, run in EXPECTED.items()}
        store.close()
    with sqlite3.connect(home / "runs.sqlite") as db:
        assert db.execute("PRAGMA user_version").fetchone() == (migration.VERSION,)
    db.close()
    for name, expected in EXPECTED.items():
        row, past = rows[expected["id"]], histories[name]
        assert (row.state, row.step, past.step) == (expected["state"], expected["step"], expected["step"])
        assert from_json(row.experiment).version == VERSION
        assert past.train["loss"].values[-3:].tolist() == expected["loss"]
        assert [e.val_loss for e in past.evaluations] == expected["val_loss"] and len(past.health) == expected["health"]
        assert (past.started.chance_loss, past.started.constant_loss) == (expected["guess"], expected["constant"])
        assert [[c.step, c.mean_before, c.max_before, c.mean_after, c.fraction]
                for c in past.clipped] == expected["clipped"]
        assert [[f.step, f.accuracy, f.teacher_forced, f.samples, f.split] for f in past.free_running] == \
            expected["free_running"]
        dropped = [sum(health.layers["dropout"].dropped) for health in past.health if "dropout" in health.layers]
        assert dropped == expected["asleep"]
        assert (past.ended and past.ended.test_accuracy) == expected["test_accuracy"]
    assert EXPECTED["finished"]["free_running"] and EXPECTED["paused"]["clipped"] and EXPECTED["paused"]["asleep"]


def test_a_paused_run_goes_on_with_the_schedule_that_it_was_given(home):
    store = Store(home)
    row = next(row for row in store.rows() if row.id == EXPECTED["paused"]["id"])
    mark, = (mark for mark in store.history(row.id).marks if mark.setting == "schedule")
    store.close()
    assert schedules.load(json.loads(mark.old)) == from_json(row.experiment).training.schedule
    assert schedules.load(json.loads(mark.new)) == ExponentialLR(end_factor=0.1)
    events = train(from_json(row.experiment), checkpoint=home / "runs" / row.id / WEIGHTS, resume=True, device="cpu")
    first, second = [event for event in events if isinstance(event, ev.Step)][:2]
    assert first.step == row.step + 1 and second.learning_rate < first.learning_rate < 0.5


def test_studies_are_read(home):
    studies = StudyStore(home).read()
    paths = {key: [part.path for part in study.hyperparameters] for key, study in studies.items()}
    assert paths == {"abc": [("training", "schedule"), ("training", "train_fraction")],
                     "def": [("training", "schedule", "end_factor"), ("training", "schedule"),
                             ("training", "clip_threshold")]}
    axes, search = studies["abc"], studies["def"]
    assert [axis.values for axis in axes.axes] == [("CosineAnnealingLR", "OneCycleLR"), (0.5, 1.0)]
    assert axes.pending == (("OneCycleLR", 1.0),) and axes.members[0].values == ("CosineAnnealingLR", 0.5)
    assert search.search.spans[1].choices == ("CosineAnnealingLR", "ReduceLROnPlateau")
    assert search.members[0].values == (0.1, "ReduceLROnPlateau", 0.5)
    assert axes.design.training.schedule == ReduceLROnPlateau(factor=0.5, patience=0) and axes.base.version == VERSION


def test_a_damaged_study_is_left_where_it_lies(home):
    (home / "studies" / "bad.json").write_text('{"version": 1, "base": {"training": 3}}')
    assert set(StudyStore(home).read()) == {"abc", "def"}
