"""Looking back: what a moment shows is what the network was then, worked out by training anew just that far."""
from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from dlviz import presets, tasks
from dlviz.errors import RunError
from dlviz.runs.scrubbing import SAMPLES, Scrubber
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training import keyframes
from dlviz.training.loop import train


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    list(train(EXPERIMENT, checkpoint=folder / "weights"))
    return folder


def _short():
    experiment = presets.get("lenet").experiment
    training = experiment.training.model_copy(update={"train_fraction": 0.02, "epochs": 1})
    return experiment.model_copy(update={"training": training})


EXPERIMENT = _short()


@pytest.fixture
def scrub(run_folder) -> Scrubber:
    return Scrubber(lambda run: run_folder, lambda run, step: EXPERIMENT)


def test_a_moment_shows_what_was_seen_live_at_that_step(scrub):
    names = EXPERIMENT.network.names()[:2]
    watch = ctl.Watch(3, outputs=names, weights=names[:1])
    step = scrub.keyframes("run")[1]
    control = ctl.Control()
    control.post(watch)
    control.post(ctl.Advance("batch"))
    live = {}
    for event in train(EXPERIMENT, control):
        if isinstance(event, ev.Paused):
            if event.step == step:
                control.post(watch)  # captures at once, with the weights of this step
            control.post(ctl.Advance("batch") if event.step < step else ctl.Stop())
        if isinstance(event, ev.Captured):
            live[event.step] = event
    moment = scrub.capture("run", step, watch)
    assert moment.step == live[step].step == step
    for name in names:
        assert np.allclose(moment.outputs[name], live[step].outputs[name], atol=1e-5)
    assert np.array_equal(moment.weights[names[0]], live[step].weights[names[0]])
    assert np.allclose(moment.probabilities, live[step].probabilities, atol=1e-5)


def test_a_moment_is_judged_on_validation_samples(scrub, run_folder):
    last = scrub.keyframes("run")[-1]
    found = scrub.evaluate("run", last)
    split = tasks.get("mnist").data().val.first(SAMPLES)
    from dlviz.training.checkpoint import load_network
    network, _ = load_network(EXPERIMENT, keyframes.path(run_folder / keyframes.FOLDER, last))
    with torch.no_grad():
        right = (network(split.inputs[0]).argmax(1) == split.targets).float().mean().item()
    assert found.val_accuracy == pytest.approx(right) and found.samples == SAMPLES and found.step == last
    assert found.confusion.sum() == SAMPLES
    assert scrub.evaluate("run", last) is found, "once for each moment"


def test_a_moment_answers(scrub):
    picture = tasks.get("mnist").sample("test", 0)[0]
    first, last = scrub.keyframes("run")[0], scrub.keyframes("run")[-1]
    untrained, trained = (scrub.query("run", step, picture, ("conv1",)) for step in (first, last))
    assert untrained.step == 0 and trained.step == last and trained.outputs["conv1"].ndim == 3
    assert trained.probabilities.max() > untrained.probabilities.max()


def test_a_moment_that_is_not_kept_is_one_sentence(scrub):
    with pytest.raises(RunError, match=r"The moment after step 999,999 .* not kept"):
        scrub.capture("run", 999_999, ctl.Watch(0, outputs=("conv1",)))


def test_a_run_without_moments_has_none(tmp_path):
    assert Scrubber(lambda run: tmp_path / run, lambda run, step: EXPERIMENT).keyframes("none") == ()
