"""Surveys: a run retraced step for step, a survey against the run's own weights, processes and files."""
from __future__ import annotations

import os
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
import torch

from dlviz import network as net
from dlviz import presets, tasks
from dlviz.errors import RunError
from dlviz.runs import retrace, survey
from dlviz.runs.survey import Said, Survey, Wish
from dlviz.runs.surveys import Progress, Surveys
from dlviz.schedules import Constant, Cosine
from dlviz.spec import Experiment, LayerSpec, NetworkSpec
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training import loop
from dlviz.training.checkpoint import load_network


def short(**training) -> Experiment:
    """18 updates of the classic MLP, with dropout: chance must fall the same way."""
    base = presets.get("mlp").experiment
    layers = list(base.network.layers)
    layers.insert(3, LayerSpec(name="drop", kind="Dropout", fields={"p": 0.2}))
    fast = base.training.model_copy(update={"epochs": 1, "share": 0.02, **training})
    return base.model_copy(update={"network": NetworkSpec(layers=tuple(layers)), "training": fast})


def network_of(experiment: Experiment):
    return net.build(experiment.network, tasks.get("mnist").signature(), experiment.seed)


def trained(experiment: Experiment, path, changes=(), stop: int | None = None) -> list[ev.Event]:
    """Train as a worker does, changing settings by hand on the way."""
    control, seen = ctl.Control(), []
    for event in loop.train(experiment, control, checkpoint=path, device="cpu"):
        seen.append(event)
        if isinstance(event, ev.Step):
            for step, setting, value in changes:
                if event.step == step - 1:
                    control.post(ctl.Set(setting, Constant() if setting == "schedule" else value))
            if event.step == stop:
                control.post(ctl.Stop())
    return seen


@pytest.fixture
def wish(tmp_path) -> Wish:
    experiment = short()
    path = tmp_path / "weights.safetensors"
    steps = [event.step for event in trained(experiment, path) if isinstance(event, ev.Step)]
    return Wish(experiment.to_json(None), steps[-1], points=5, weights=str(path))


def make(wish: Wish, folder) -> Survey:
    return survey.make(wish, folder, folder / "trace.safetensors", Said())


# the path

def test_moments_are_dense_at_the_start_and_few_for_large_networks():
    steps = retrace.moments(4_220, 110_000)
    assert steps[0] == 0 and steps[-1] == 4_220 and len(steps) == 41
    assert steps == sorted(set(steps)) and steps[1] - steps[0] < steps[-1] - steps[-2]
    assert len(retrace.moments(4_220, 20_000_000)) == 13
    assert retrace.moments(2, 100) == [0, 1, 2]


@pytest.mark.parametrize("stop", [None, 11], ids=["to the end", "stopped"])
def test_a_retraced_run_is_the_run_itself(tmp_path, stop):
    experiment = short(schedule=Cosine())
    constant = Constant().model_dump_json()
    changes = ((5, "learning_rate", 0.01), (9, "momentum", 0.5), (10, "schedule", constant))
    events = trained(experiment, tmp_path / "own.safetensors", changes, stop)
    last = max(event.step for event in events if isinstance(event, ev.Step))
    assert last == (stop or 18)
    own, step = load_network(experiment, tmp_path / "own.safetensors")
    trace = retrace.retrace(experiment, last, network_of(experiment), changes, tmp_path)
    assert trace.steps.tolist() == retrace.moments(last, trace.path.shape[1]) and step == last
    assert torch.equal(trace.path[0], retrace.arrow(network_of(experiment)))
    assert torch.equal(trace.path[-1], retrace.arrow(own))
    other = retrace.retrace(experiment, last, network_of(experiment), (), tmp_path)
    assert not torch.equal(other.path[-1], trace.path[-1]) and torch.equal(other.path[1], trace.path[1])
    unscheduled = retrace.retrace(experiment, last, network_of(experiment), changes[:2], tmp_path)
    assert not torch.equal(unscheduled.path[-1], trace.path[-1])


def test_a_path_is_read_as_it_was_written(tmp_path):
    trace = retrace.Trace(torch.tensor([0, 4]), torch.randn(2, 9), {"norm.running_mean": torch.randn(3)})
    retrace.write(trace, tmp_path / "t.safetensors")
    found = retrace.read(tmp_path / "t.safetensors")
    assert torch.equal(found.path, trace.path) and torch.equal(found.steps, trace.steps)
    assert torch.equal(found.buffers["norm.running_mean"], trace.buffers["norm.running_mean"])


# the survey

def loss_of(experiment: Experiment, path, count: int) -> float:
    """The run's loss on the survey's samples, from its checkpoint."""
    network, _ = load_network(experiment, path)
    train = tasks.get("mnist").data().train
    kept = round(experiment.training.share * len(train))
    chosen = torch.randperm(kept, generator=torch.Generator().manual_seed(0))[:count]
    with torch.no_grad():
        scores = network(train.inputs[0][chosen]).double()
    picked = torch.log_softmax(scores, 1)[torch.arange(len(chosen)), train.targets[chosen]]
    return -picked.mean().item()


def test_a_survey_in_random_directions_has_the_runs_loss_in_its_middle(wish, tmp_path):
    found = make(replace(wish, directions="random"), tmp_path)
    own = loss_of(survey.from_json(wish.experiment), wish.weights, found.samples)
    assert found.loss[2, 2] == pytest.approx(own, rel=1e-5) == found.losses[-1]
    assert found.apart == 0 and found.shares is None and found.inside < 0.01
    assert found.x.tolist() == [-1, -0.5, 0, 0.5, 1] and found.loss.shape == (5, 5)
    assert not np.allclose(found.loss, make(replace(wish, directions="random", draw=1), tmp_path).loss)


def test_a_survey_along_the_path(wish, tmp_path):
    found = make(wish, tmp_path)
    assert found.places[-1].tolist() == [0, 0] and found.steps[0] == 0 and found.steps[-1] == wish.step
    low, high = found.places.min(0), found.places.max(0)
    assert found.x[0] < low[0] and found.x[-1] > high[0] and found.y[0] < low[1] and found.y[-1] > high[1]
    assert 1 >= found.shares.sum() > found.shares[0] > found.shares[1] > 0
    assert found.line_loss[0] == pytest.approx(found.losses[0], rel=1e-6)
    one = int(np.argmin(abs(found.line_at - 1)))
    assert found.line_at[one] == pytest.approx(1)
    assert found.line_loss[one] == pytest.approx(found.losses[-1], rel=1e-4)
    path = retrace.read(tmp_path / "trace.safetensors").path
    distance = (path[0] - path[-1]).norm().item()
    assert 0.5 * distance < np.linalg.norm(found.places[0]) <= distance * 1.0001
    assert found.losses[-1] < found.losses[0]


def test_without_retracing_the_runs_own_weights_are_the_middle(wish, tmp_path):
    found = make(replace(wish, directions="random", retraced=False), tmp_path)
    own = loss_of(survey.from_json(wish.experiment), wish.weights, found.samples)
    assert found.steps.tolist() == [0, wish.step] and found.loss[2, 2] == pytest.approx(own, rel=1e-5)
    with pytest.raises(RunError, match="there are none yet"):
        make(replace(wish, directions="random", retraced=False, weights=None), tmp_path)


def test_one_update_is_no_path(wish, tmp_path):
    with pytest.raises(RunError, match="need at least two updates, but this run made 1"):
        make(replace(wish, step=1), tmp_path)


def test_a_run_that_diverges_has_the_path_before_that(tmp_path):
    experiment = short()
    wild = experiment.training.optimizer.model_copy(update={"learning_rate": 100.0})
    wild = experiment.model_copy(update={"training": experiment.training.model_copy(
        update={"optimizer": wild, "epochs": 3})})
    trace = retrace.retrace(wild, 30, network_of(wild), (), tmp_path)
    assert torch.isfinite(trace.path).all() and trace.steps[0] == 0


def test_a_survey_is_read_as_it_was_packed(tmp_path):
    values = {name: np.arange(3.0) for name in Survey.__dataclass_fields__}
    values |= {"shares": None, "inside": 0.5, "samples": 7, "apart": float("nan"), "seconds": 1.5}
    (tmp_path / "s.npz").write_bytes(Survey(**values).pack())
    found = Survey.read(tmp_path / "s.npz")
    assert found.shares is None and found.inside == 0.5 and found.samples == 7 and np.isnan(found.apart)
    np.testing.assert_array_equal(found.line_loss, values["line_loss"])


def test_what_names_a_survey_and_its_path(wish):
    other = replace(wish, directions="random", draw=3)
    assert survey.key(wish) == survey.key(replace(wish, weights=None)) != survey.key(other)
    assert survey.trace_key(wish) == survey.trace_key(other) != survey.trace_key(replace(wish, step=2))
    assert survey.trace_key(wish) != survey.trace_key(replace(wish, changes=((3, "momentum", 0.1),)))


# processes and files

def until(what, seconds: float = 120.0):
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def test_a_process_makes_it_once_and_the_disk_keeps_it(wish, tmp_path):
    surveys = Surveys(tmp_path / "kept")
    assert surveys.find(wish) is None and surveys.progress(wish) is None
    surveys.ask(wish)
    surveys.ask(wish)
    assert isinstance(surveys.progress(wish), Progress)
    found = until(lambda: surveys.find(wish))
    np.testing.assert_allclose(found.loss, make(wish, tmp_path).loss, rtol=1e-4)
    surveys.close()
    again = Surveys(tmp_path / "kept")
    np.testing.assert_array_equal(again.find(wish).loss, found.loss)
    (tmp_path / "kept" / survey.key(wish) / survey.RESULT).write_bytes(b"torn")
    assert Surveys(tmp_path / "kept").find(wish) is None


def saying(program: str, folder) -> Surveys:
    """Surveys whose process is this little program."""
    return Surveys(folder, command=(sys.executable, "-c", program))


def test_what_goes_wrong_in_the_process_is_a_sentence(wish, tmp_path):
    told = "print('{\"doing\": \"\", \"share\": 1, \"error\": \"It is full.\"}')"
    for program, words in ((told, "It is full."), ("raise SystemExit(9)", "ended before it was done")):
        surveys = saying(program, tmp_path / "kept")
        surveys.ask(wish)
        assert words in until(lambda: surveys.progress(wish).error)
        surveys.cancel(wish)
        assert surveys.progress(wish) is None and surveys.find(wish) is None
        surveys.close()


def test_progress_is_heard_and_a_survey_can_be_left(wish, tmp_path):
    program = "import time; print('{\"doing\": \"Measuring\", \"share\": 0.25}', flush=True); time.sleep(600)"
    surveys = saying(program, tmp_path / "kept")
    surveys.ask(wish)
    until(lambda: surveys.progress(wish).share == 0.25)
    assert surveys.progress(wish).doing == "Measuring" and not surveys.progress(wish).error
    surveys.cancel(wish)
    surveys.ask(replace(wish, points=7))  # its turn comes only when the first process has ended
    until(lambda: surveys.progress(replace(wish, points=7)).share == 0.25)
    surveys.close()
    assert surveys.progress(replace(wish, points=7)) is None


def test_the_oldest_are_forgotten_first(tmp_path, monkeypatch):
    monkeypatch.setattr("dlviz.runs.surveys.KEPT_BYTES", 1_500)
    for age, name in enumerate(["new", "middle", "old"]):
        (tmp_path / name).mkdir()
        (tmp_path / name / "survey.npz").write_bytes(b"x" * 1_000)
        os.utime(tmp_path / name, (1e9 - age, 1e9 - age))
    Surveys(tmp_path)._prune()
    assert sorted(place.name for place in tmp_path.iterdir()) == ["new"]


def test_only_so_many_wait_and_the_next_is_told(wish, tmp_path, monkeypatch):
    monkeypatch.setattr("dlviz.runs.surveys.WAITING", 2)
    surveys = saying("import time; time.sleep(600)", tmp_path / "kept")
    asked = [replace(wish, draw=draw) for draw in range(4)]
    for one in asked:
        surveys.ask(one)
    errors = [progress.error if (progress := surveys.progress(one)) else "" for one in asked]
    assert errors[:2] == ["", ""] and "Try again in a minute" in errors[3] and len(surveys._jobs) == 3
    surveys.close()
