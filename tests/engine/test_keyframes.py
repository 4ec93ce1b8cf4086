"""The moments of a training that are kept: which, how many bytes, and that they are what the network was."""
from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from dlviz import presets, settings
from dlviz.training import checkpoint, keyframes, retention, tensorfile
from dlviz.training import events as ev
from dlviz.training.loop import train


def short(epochs: int = 1):
    experiment = presets.get("mlp").experiment
    training = experiment.training.model_copy(update={"train_fraction": 0.02, "epochs": epochs})
    return experiment.model_copy(update={"training": training})


@pytest.mark.parametrize(("planned", "most"), [(1, 2), (1, 80), (7, 4), (40, 80), (4_300, 80), (10**6, 80)])
def test_the_first_and_last_step_are_planned_and_never_too_many(planned, most):
    steps = keyframes.planned_steps(planned, most)
    assert steps[0] == 0 and steps[-1] == planned and len(steps) <= most
    assert steps == sorted(set(steps))


def test_half_of_the_moments_come_early():
    steps = keyframes.planned_steps(10_000, 80)
    assert sum(step < 500 for step in steps) >= 25
    assert max(b - a for a, b in pairwise(steps)) <= 10_000 / 39 + 1, "and no long gap later"


def test_nothing_is_planned_where_not_even_two_fit():
    assert keyframes.planned_steps(100, 0) == keyframes.planned_steps(100, 1) == []


def test_each_moment_is_the_network_as_it_was(tmp_path):
    experiment = short()
    weights = tmp_path / "weights.safetensors"
    events = list(train(experiment, checkpoint=weights))
    last = [event for event in events if isinstance(event, ev.Step)][-1].step
    stored = keyframes.steps(tmp_path / keyframes.FOLDER)
    assert stored[0] == 0 and stored[-1] == last
    final = load_file(weights)
    assert all(torch.equal(value, final[key])
               for key, value in load_file(keyframes.path(tmp_path / keyframes.FOLDER, last)).items())
    untrained, step = checkpoint.load_network(experiment, keyframes.path(tmp_path / keyframes.FOLDER, 0))
    torch.manual_seed(experiment.seed)
    assert step == 0
    from dlviz import network, tasks
    fresh = network.build(experiment.network, tasks.get("mnist").signature(), experiment.seed)
    assert all(torch.equal(a, b) for a, b in zip(untrained.parameters(), fresh.parameters()))


def test_keeping_moments_changes_no_curve(tmp_path):
    with_them = [event for event in train(short(), checkpoint=tmp_path / "w") if isinstance(event, ev.Step)]
    assert with_them == [event for event in train(short()) if isinstance(event, ev.Step)]


def test_going_on_from_a_checkpoint_forgets_what_came_after_it(tmp_path):
    folder = tmp_path / keyframes.FOLDER
    list(train(short(), checkpoint=tmp_path / "w"))
    last = keyframes.steps(folder)[-1]
    keyframes.path(folder, last + 5).write_bytes(b"of a process that was killed")
    list(train(short(epochs=2), checkpoint=tmp_path / "w", resume=True))
    stored = keyframes.steps(folder)
    assert last in stored and last + 5 not in stored and stored[-1] == 2 * last


def test_a_new_training_in_the_same_folder_keeps_nothing_of_the_old(tmp_path):
    folder = tmp_path / keyframes.FOLDER
    folder.mkdir()
    keyframes.path(folder, 3).write_bytes(b"old")
    stale = keyframes.path(folder, 10**6)
    stale.write_bytes(b"old")
    list(train(short(), checkpoint=tmp_path / "w"))
    assert not stale.exists() and all(file.read_bytes() != b"old" for file in folder.iterdir())


def test_a_run_stays_within_its_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "MAX_KEYFRAME_BYTES", 2_000_000)
    list(train(short(), checkpoint=tmp_path / "w"))
    files = list((tmp_path / keyframes.FOLDER).iterdir())
    assert 3 <= len(files) <= 4 and sum(file.stat().st_size for file in files) <= 2_000_000


class Slow:
    """A clock on which whatever happens between two looks at it takes half a second."""

    now = 0.0

    def __call__(self) -> float:
        self.now += 0.5
        return self.now


def _filmed(folder: Path, **clock) -> tuple[tuple[int, ...], float]:
    """The moments that are kept of a small network in 1,000 steps, and the seconds that they cost."""
    from dlviz import network, tasks

    net = network.build(short().network, tasks.get("mnist").signature())
    film = keyframes.Keyframes(folder, net, 1_000, 0, **clock)
    for step in range(1_001):
        film.write_if_due(step)
    return keyframes.steps(folder), film._spent


def test_where_writing_is_dear_the_ladder_stays_and_the_even_distances_go(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "MAX_KEYFRAME_BYTES", 10**9)
    stored, _ = _filmed(tmp_path, clock=Slow())
    assert {0, 1_000, *retention.geometric_steps(1_000, keyframes.MOST // 2)} <= set(stored)
    assert len(stored) < 60, "the others would slow the training"
    assert max(b / a for a, b in pairwise(stored[1:])) <= 2, "no gap where a network learns"


def test_a_thread_that_waits_for_a_processor_pays_nothing(tmp_path, monkeypatch):
    write = tensorfile.write
    monkeypatch.setattr(tensorfile, "write", lambda *args: (time.sleep(0.02), write(*args)))
    stored, spent = _filmed(tmp_path)
    assert spent < 0.5 * 0.02 * len(stored)
