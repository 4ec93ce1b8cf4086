"""Schedules against torch's own schedulers; old files; changed while a run goes; stopped and gone on."""
from __future__ import annotations

import json
import math

import pytest
import torch
from torch.optim import lr_scheduler as ls

from dlviz import presets, schedules
from dlviz.errors import SpecError
from dlviz.optimizers import SGD
from dlviz.schedules import Constant, CosineAnnealingLR, ExponentialLR, OneCycleLR, Plan, ReduceLROnPlateau, StepLR
from dlviz.spec import Experiment, TrainingSpec, from_json, from_link, from_value
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training.loop import train
from dlviz.training.stopping import PlateauTracker

PLAN = Plan(steps=40, per_epoch=8)
TORCHS = {  # what torch calls the same
    "constant": (Constant(), lambda o: ls.ConstantLR(o, factor=1.0)),
    "step": (StepLR(step_size=2, gamma=0.3), lambda o: ls.StepLR(o, step_size=16, gamma=0.3)),
    "exponential": (ExponentialLR(end_factor=0.05), lambda o: ls.ExponentialLR(o, gamma=0.05 ** (1 / 40))),
    "cosine": (CosineAnnealingLR(end_factor=0.1), lambda o: ls.CosineAnnealingLR(o, T_max=40, eta_min=0.02)),
    "warm-up": (CosineAnnealingLR(warmup_ratio=0.2, end_factor=0.1), lambda o: ls.SequentialLR(
        o, [ls.LinearLR(o, start_factor=1 / 9, total_iters=8), ls.CosineAnnealingLR(o, T_max=32, eta_min=0.02)], [8])),
    "one_cycle": (OneCycleLR(pct_start=0.3, start_factor=0.04, end_factor=0.001), lambda o: ls.OneCycleLR(
        o, max_lr=0.2, total_steps=40, pct_start=0.3, div_factor=25, final_div_factor=40, cycle_momentum=False)),
}


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", TORCHS)
def test_a_schedule_is_torchs_own(name: str):
    schedule, theirs = TORCHS[name]
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.2)
    scheduler = theirs(optimizer)
    for step in range(40):
        assert 0.2 * schedule.at(step, PLAN) == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-6, abs=1e-9)
        optimizer.step()
        if step < 39:
            scheduler.step()


@pytest.mark.parametrize(("factor", "patience"), [(0.5, 0), (0.1, 1), (0.3, 3)])
def test_a_plateau_falls_when_torchs_does(factor: float, patience: int):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.2)
    theirs = ls.ReduceLROnPlateau(optimizer, factor=factor, patience=patience, eps=0)
    falls = PlateauTracker(ReduceLROnPlateau(factor=factor, patience=patience))
    losses = [1.0, 0.9, 0.95, 0.8999999, 0.92, 0.8, 0.81, 0.82, 0.83, 0.84, 0.7, 0.71, 0.72, 0.73, 0.74, 0.75]
    for loss in losses:
        theirs.step(loss)
        falls.update(loss)
        assert falls.reduce(0.2) == optimizer.param_groups[0]["lr"]
    assert falls.reductions > 1


@pytest.mark.parametrize("kind", schedules.SCHEDULES)
@pytest.mark.parametrize("steps", [1, 2, 3])
def test_the_shortest_run_has_a_rate(kind: str, steps: int):
    for step in range(steps + 1):  # one more: torch's LambdaLR asks for it at the end of exported scripts
        factor = schedules.get(kind).at(step, Plan(steps, 1))
        assert math.isfinite(factor) and 0 <= factor <= 1


def test_old_files_name_their_schedule():
    value = json.loads(presets.get("mlp").experiment.to_json())
    value["version"], value["training"]["schedule"] = 1, "cosine"
    for name in ("clip", "clip_threshold", "label_smoothing", "early_stopping", "augmentation"):
        del value["training"][name]
    assert from_value(value) == from_json(json.dumps(value)) == presets.get("mlp").experiment
    with pytest.raises(SpecError, match="a schedule is one of Constant, StepLR"):
        from_value(value | {"training": {"schedule": "sinus"}})
    with pytest.raises(SpecError, match=r"training\.schedule\.warmup_ratio"):
        from_value(value | {"training": {"schedule": {"kind": "cosine", "warmup": 2}}})


@pytest.mark.parametrize("name", TORCHS)
def test_a_schedule_survives_file_and_link(name: str):
    experiment = Experiment(training=TrainingSpec(schedule=TORCHS[name][0]))
    assert from_json(experiment.to_json()) == from_link(experiment.to_link()) == experiment


def test_the_presets_curve_is_what_it_was():
    """The formula that was there before schedules had fields."""
    assert presets.get("mlp").experiment.training.schedule == CosineAnnealingLR()
    for step in range(430):
        assert CosineAnnealingLR().at(step, Plan(430, 86)) == (1 + math.cos(math.pi * (step / 430))) / 2


# in a run

def small(**training) -> Experiment:
    base = presets.get("mlp").experiment
    settings = {"train_fraction": 0.005, "epochs": 6, "batch_size": 32, "optimizer": SGD(learning_rate=0.2), **training}
    return base.model_copy(update={"training": TrainingSpec(**dict(base.training) | settings)})


def rates(events) -> list[float]:
    return [e.learning_rate for e in events if isinstance(e, ev.Step)]


def losses(events) -> list[float]:
    return [e.loss for e in events if isinstance(e, ev.Step)]


@pytest.mark.parametrize("schedule", [StepLR(step_size=1, gamma=0.5), CosineAnnealingLR(warmup_ratio=0.3), OneCycleLR(),
                                      ReduceLROnPlateau(factor=0.5, patience=0)], ids=lambda s: s.kind)
def test_going_on_keeps_the_rate(schedule, tmp_path):
    experiment = small(schedule=schedule)
    all_steps = list(train(experiment, device="cpu"))
    control, path = ctl.Control(), tmp_path / "weights.safetensors"
    first = []
    for event in train(experiment, control, checkpoint=path, device="cpu"):
        first.append(event)
        if isinstance(event, ev.Step) and event.step == 40:
            control.post(ctl.Stop())
    rest = list(train(experiment, checkpoint=path, resume=True, device="cpu"))
    assert rates(first) + rates(rest) == rates(all_steps)
    assert losses(first + rest) == losses(all_steps)


def test_a_plateau_lowers_the_rate_and_says_so():
    plateau = ReduceLROnPlateau(factor=0.1, patience=0)
    events = list(train(small(schedule=plateau, epochs=12, optimizer=SGD(learning_rate=0.3)), device="cpu"))
    falls = [e for e in events if isinstance(e, ev.Changed)]
    judged = [e.val_loss for e in events if isinstance(e, ev.Evaluated)]
    assert falls and falls[0].setting == "plateau" and falls[0].new == pytest.approx(falls[0].old / 10)
    at = (falls[0].step - 1) // 9  # 275 images: 9 steps an epoch
    assert judged[at - 1] >= min(judged[:at - 1]) and rates(events)[falls[0].step - 1] == falls[0].new


def test_another_schedule_while_it_trains_is_marked_and_kept(tmp_path):
    experiment = small(schedule="Constant")
    control, path, events = ctl.Control(), tmp_path / "weights.safetensors", []
    for event in train(experiment, control, checkpoint=path, device="cpu"):
        events.append(event)
        if isinstance(event, ev.Step) and event.step == 20:
            control.post(ctl.Set("schedule", ExponentialLR(end_factor=0.1)))
        if isinstance(event, ev.Step) and event.step == 30:
            control.post(ctl.Stop())
    change, = (e for e in events if isinstance(e, ev.Changed))
    assert (change.step, change.setting) == (21, "schedule")
    assert json.loads(change.new) == {"kind": "ExponentialLR", "end_factor": 0.1}
    rest = list(train(experiment, checkpoint=path, resume=True, device="cpu"))
    resumed = rates(events) + rates(rest)
    assert resumed[:20] == [0.2] * 20
    assert resumed[20:] == pytest.approx([0.2 * 0.1 ** (step / 54) for step in range(20, 54)])
