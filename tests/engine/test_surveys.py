"""Surveys: the weights that a run has kept, a survey against the run's own weights, processes and files."""
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
from dlviz.landscape import survey
from dlviz.landscape.survey import ProgressReporter, Survey, SurveyRequest
from dlviz.landscape.surveys import SurveyProgress, Surveys
from dlviz.probes.surface import FlatWeights
from dlviz.runs import trajectory
from dlviz.schedules import Constant, CosineAnnealingLR
from dlviz.spec import Experiment, LayerSpec, NetworkSpec
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training import keyframes, loop, metrics
from dlviz.training.checkpoint import load_network


def short(**training) -> Experiment:
    """18 updates of the classic MLP, with dropout: chance must fall the same way."""
    base = presets.get("mlp").experiment
    layers = list(base.network.layers)
    layers.insert(3, LayerSpec(name="drop", kind="Dropout", fields={"p": 0.2}))
    fast = base.training.model_copy(update={"epochs": 1, "train_fraction": 0.02, **training})
    return base.model_copy(update={"network": NetworkSpec(layers=tuple(layers)), "training": fast})


def network_of(experiment: Experiment):
    return net.build(experiment.network, tasks.get("mnist").signature(), experiment.seed)


def trained(experiment: Experiment, path, changes=(), stop: int | None = None) -> list[ev.Event]:
    """Train as a worker does, changing settings by hand on the way."""
    control, events = ctl.Control(), []
    for event in loop.train(experiment, control, checkpoint=path, device="cpu"):
        events.append(event)
        if isinstance(event, ev.Step):
            for step, setting, value in changes:
                if event.step == step - 1:
                    control.post(ctl.Set(setting, Constant() if setting == "schedule" else value))
            if event.step == stop:
                control.post(ctl.Stop())
    return events


@pytest.fixture
def survey_request(tmp_path) -> SurveyRequest:
    return wish_of(short(), tmp_path / "run" / "weights.safetensors")


def wish_of(experiment: Experiment, path, changes=(), stop: int | None = None, **values) -> SurveyRequest:
    """Of a run that is trained in a folder of its own."""
    path.parent.mkdir(exist_ok=True)
    trained(experiment, path, changes, stop)
    return SurveyRequest(experiment.to_json(None), "r", trajectory.files(path.parent / keyframes.FOLDER, path),
                **{"points": 5, **values})


def make(survey_request: SurveyRequest) -> Survey:
    return survey.make(survey_request, ProgressReporter())


# the trajectory

def test_the_trajectory_is_what_the_run_has_kept(tmp_path):
    changes = ((5, "learning_rate", 0.01), (9, "momentum", 0.5), (10, "schedule", None))
    path = tmp_path / "run" / "weights.safetensors"
    survey_request = wish_of(short(schedule=CosineAnnealingLR()), path, changes, stop=11)
    assert [step for step,
            _ in survey_request.weights] == sorted({*keyframes.steps(path.parent / keyframes.FOLDER), 11})
    network = network_of(short())
    first = {name: value.clone() for name, value in network.state_dict().items()}
    weights = FlatWeights(network)
    way = trajectory.read(weights, network, survey_request.weights)
    assert way.steps.tolist() == [step for step, _ in survey_request.weights] and survey_request.step == 11
    own, _ = load_network(short(), path)
    for theta, state in ((way.path[0], first), (way.path[-1], own.state_dict())):
        weights.flat.copy_(theta)
        assert all(torch.equal(p, state[name]) for name, p in network.named_parameters())


def test_which_files_a_trajectory_has(tmp_path):
    survey_request = wish_of(short(), tmp_path / "run" / "weights.safetensors")
    folder, checkpoint = tmp_path / "run" / keyframes.FOLDER, tmp_path / "run" / "weights.safetensors"
    steps = keyframes.steps(folder)
    assert survey_request.weights[-1] == (18, str(checkpoint)) and steps[0] == 0 and steps[-1] == 18
    going = trajectory.files(folder, None, until=9)
    assert [step for step, _ in going] == [step for step in steps if step <= 9]
    restored = trajectory.files(folder, checkpoint, best=7)
    assert restored[-1] == (7, str(checkpoint)) and [step for step, _ in restored[:-1]] == [s for s in steps if s < 7]
    assert trajectory.files(tmp_path / "none", checkpoint) == ((18, str(checkpoint)),)
    assert trajectory.files(tmp_path / "none", None) == ()


def test_a_run_that_diverges_has_the_path_before_that(tmp_path):
    experiment = short(epochs=3)
    wild = experiment.training.optimizer.model_copy(update={"learning_rate": 1e9})
    wild = experiment.model_copy(update={"training": experiment.training.model_copy(update={"optimizer": wild})})
    trained(wild, tmp_path / "weights.safetensors")
    network = network_of(wild)
    way = trajectory.read(FlatWeights(network), network, trajectory.files(tmp_path / keyframes.FOLDER, None))
    assert torch.isfinite(way.path).all() and way.steps[0] == 0


# the survey

def loss_of(experiment: Experiment, path) -> float:
    """The run's loss on the survey's samples, as its own evaluations measure one, from its checkpoint."""
    network, _ = load_network(experiment, path)
    survey_request = SurveyRequest(experiment.to_json(None), "r", ())
    return metrics.evaluate(network, survey.samples(survey_request, network), torch.device("cpu"), 0,
                            details=False).val_loss


def normalized() -> Experiment:
    """A convolution, which training computes channels last, and running statistics."""
    layers = (LayerSpec(name="conv", kind="Conv2d", fields={"out_channels": 2, "stride": 3}),
              LayerSpec(name="norm", kind="BatchNorm2d"), LayerSpec(name="act", kind="ReLU"),
              LayerSpec(name="flat", kind="Flatten"), LayerSpec(name="out", kind="Linear", fields={"out_features": 10}))
    return short().model_copy(update={"network": NetworkSpec(layers=layers)})


@pytest.mark.parametrize(("directions", "experiment", "threads"),
                         [("path", normalized, 1), ("random", normalized, 2), ("random", short, 1), ("path", short, 2)])
def test_the_centre_is_the_runs_loss_to_the_last_digit(tmp_path, monkeypatch, directions, experiment, threads):
    monkeypatch.setattr(survey, "SAMPLES", 300)
    monkeypatch.setattr(survey, "BEYOND", np.array([0.0, 1.0]))
    tiny = experiment()
    path = tmp_path / "run" / "weights.safetensors"
    torch.set_num_threads(threads)
    survey_request = wish_of(tiny, path, directions=directions, points=3)
    torch.set_num_threads(1)
    found = make(survey_request)
    row, column = int(np.flatnonzero(found.y == 0)[0]), int(np.flatnonzero(found.x == 0)[0])
    assert found.loss[row, column] == found.losses[-1] == found.line_loss[-1] == loss_of(tiny, path)
    assert found.places[-1].tolist() == [0, 0] and found.samples == 300


def test_the_end_is_held_against_the_runs_own_evaluation(tmp_path):
    path = tmp_path / "weights.safetensors"
    judged = [event for event in trained(short(), path) if isinstance(event, ev.Evaluated)][-1]
    found = make(SurveyRequest(short().to_json(None), "r", ((18, str(path)),), "random", points=3))
    assert found.val_loss == judged.val_loss and found.val_samples == judged.samples == 5_000
    assert len(found.line_loss) == len(found.line_at) == 0 and found.steps.tolist() == [18]


def test_random_directions(survey_request):
    found = make(replace(survey_request, directions="random"))
    assert found.explained_variance is None and found.explained_total < 0.01
    assert found.x.tolist() == [-1, -0.5, 0, 0.5, 1] and found.loss.shape == (5, 5)
    assert not np.allclose(found.loss, make(replace(survey_request, directions="random", draw=1)).loss)


def test_a_survey_along_the_path(survey_request):
    found = make(survey_request)
    assert found.places[-1].tolist() == [0, 0] and found.steps[0] == 0 and found.steps[-1] == survey_request.step
    low, high = found.places.min(0), found.places.max(0)
    assert found.x[0] < low[0] and found.x[-1] > high[0] and found.y[0] < low[1] and found.y[-1] > high[1]
    assert 1 >= found.explained_variance.sum() > found.explained_variance[0] > found.explained_variance[1] > 0
    assert found.line_loss[0] == found.losses[0] and found.losses[-1] < found.losses[0]
    assert found.line_loss[found.line_at == 1] == found.losses[-1]
    network = network_of(short())
    path = trajectory.read(FlatWeights(network), network, survey_request.weights).path
    distance = (path[0] - path[-1]).norm().item()
    assert 0.5 * distance < np.linalg.norm(found.places[0]) <= distance * 1.0001


def test_too_few_moments_are_no_path(survey_request):
    with pytest.raises(RunError, match="need the weights of three moments, but this run has kept those of 2"):
        make(replace(survey_request, weights=survey_request.weights[-2:]))


def test_a_survey_is_read_as_it_was_packed(tmp_path):
    values = {name: np.arange(3.0) for name in Survey.__dataclass_fields__}
    values |= {"explained_variance": None, "explained_total": 0.5, "samples": 7, "val_loss": 0.25, "val_samples": 9,
               "seconds": 1.5}
    (tmp_path / "s.npz").write_bytes(Survey(**values).pack())
    found = Survey.read(tmp_path / "s.npz")
    assert found.explained_variance is None and found.explained_total == 0.5 and found.samples == 7
    assert found.val_loss == 0.25
    np.testing.assert_array_equal(found.line_loss, values["line_loss"])


def test_what_names_a_survey(survey_request):
    other = replace(survey_request, directions="random", draw=3)
    moved = tuple((step, f"/elsewhere/{step}") for step, _ in survey_request.weights)
    assert survey.key(survey_request) == survey.key(replace(survey_request, weights=moved)) != survey.key(other)
    assert len({survey.key(one)
                for one in (survey_request, replace(survey_request, run="s"), replace(survey_request, points=7),
                                            replace(survey_request, weights=survey_request.weights[:-1]))}) == 4


# processes and files

def until(what, seconds: float = 120.0):
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def test_a_process_makes_it_once_and_the_disk_keeps_it(survey_request, tmp_path):
    surveys = Surveys(tmp_path / "kept")
    assert surveys.find(survey_request) is None and surveys.progress(survey_request) is None
    surveys.start(survey_request)
    surveys.start(survey_request)
    assert isinstance(surveys.progress(survey_request), SurveyProgress)
    found = until(lambda: surveys.find(survey_request))
    np.testing.assert_array_equal(found.loss, make(survey_request).loss)
    until(lambda: not list((tmp_path / "kept").glob("*/weights-*")))
    surveys.close()
    again = Surveys(tmp_path / "kept")
    np.testing.assert_array_equal(again.find(survey_request).loss, found.loss)
    (tmp_path / "kept" / survey.key(survey_request) / survey.RESULT).write_bytes(b"torn")
    assert Surveys(tmp_path / "kept").find(survey_request) is None


def saying(program: str, folder) -> Surveys:
    """Surveys whose process is this little program."""
    return Surveys(folder, command=(sys.executable, "-c", program))


def test_what_goes_wrong_in_the_process_is_a_sentence(survey_request, tmp_path):
    full = "print('{\"doing\": \"\", \"fraction\": 1, \"error\": \"It is full.\"}')"
    begun, killed = "print('{\"doing\": \"\", \"fraction\": 0}'); ", "import os; os.kill(os.getpid(), 9)"
    for program, words in ((full, "It is full."), (begun + "raise SystemExit(9)", "ended before it was done"),
                           (begun + "raise KeyError('x')", "ended before it was done (KeyError: 'x')"),
                           (killed, "ended by another program (signal 9)"),
                           ("import dlviz.no_such_module", "could not load dlviz (ModuleNotFoundError: No module"),
                           ("from dlviz.spec import gone", "Perhaps its files were changed since this server"),
                           ("raise MemoryError", "ended before it was done (MemoryError)")):
        surveys = saying(program, tmp_path / "kept")
        surveys.start(survey_request)
        assert words in until(lambda: surveys.progress(survey_request).error)
        surveys.cancel(survey_request)
        assert surveys.progress(survey_request) is None and surveys.find(survey_request) is None
        surveys.close()


def test_weights_that_change_while_a_survey_waits_are_those_that_it_was_asked_for(survey_request, tmp_path):
    path = tmp_path / "run" / "weights.safetensors"
    before = path.read_bytes()
    surveys = Surveys(tmp_path / "kept", at_once=1)
    with surveys._turn:
        surveys.start(survey_request)
        held, = until(lambda: list((tmp_path / "kept").glob("*/weights-*/000000018.safetensors")))
        trained(short(epochs=2), path, stop=20)
        assert held.read_bytes() == before != path.read_bytes()
        surveys.close()


def test_weights_that_are_gone_are_a_sentence(survey_request, tmp_path):
    surveys = Surveys(tmp_path / "kept")
    survey_request = replace(survey_request, weights=(*survey_request.weights[:-1], (18, str(tmp_path / "gone"))))
    surveys.start(survey_request)
    assert "no longer there" in until(lambda: surveys.progress(survey_request).error)
    surveys.close()


def test_progress_is_heard_and_a_survey_can_be_left(survey_request, tmp_path):
    program = "import time; print('{\"doing\": \"Measuring\", \"fraction\": 0.25}', flush=True); time.sleep(600)"
    surveys = saying(program, tmp_path / "kept")
    surveys.start(survey_request)
    until(lambda: surveys.progress(survey_request).fraction == 0.25)
    assert surveys.progress(survey_request).doing == "Measuring" and not surveys.progress(survey_request).error
    surveys.cancel(survey_request)
    surveys.start(replace(survey_request, points=7))  # its turn comes only when the first process has ended
    until(lambda: surveys.progress(replace(survey_request, points=7)).fraction == 0.25)
    surveys.close()
    assert surveys.progress(replace(survey_request, points=7)) is None


def test_the_oldest_are_forgotten_first(tmp_path, monkeypatch):
    monkeypatch.setattr("dlviz.landscape.surveys.KEPT_BYTES", 1_500)
    for age, name in enumerate(["new", "middle", "old"]):
        (tmp_path / name).mkdir()
        (tmp_path / name / "survey.npz").write_bytes(b"x" * 1_000)
        os.utime(tmp_path / name, (1e9 - age, 1e9 - age))
    Surveys(tmp_path)._prune()
    assert sorted(place.name for place in tmp_path.iterdir()) == ["new"]


def test_only_so_many_wait_and_the_next_is_told(survey_request, tmp_path, monkeypatch):
    monkeypatch.setattr("dlviz.landscape.surveys.WAITING", 2)
    surveys = saying("import time; time.sleep(600)", tmp_path / "kept")
    asked = [replace(survey_request, draw=draw) for draw in range(4)]
    for one in asked:
        surveys.start(one)
    errors = [progress.error if (progress := surveys.progress(one)) else "" for one in asked]
    assert errors[:2] == ["", ""] and "Try again in a minute" in errors[3] and len(surveys._jobs) == 3
    surveys.close()
