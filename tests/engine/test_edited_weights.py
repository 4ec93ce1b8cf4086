"""Weights that are changed by hand while a run trains, rests or waits: obeyed, marked, bounded, not forgotten."""
from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
import torch

from dlviz import presets
from dlviz.errors import RunError
from dlviz.runs.run import Run
from dlviz.runs.storage.store import RunRow, Store
from dlviz.spec import Experiment, TrainingSpec
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training import weights
from dlviz.training.control import Advance, Pause, Resume, Save, SetWeight, Stop
from dlviz.training.learner import Learner
from dlviz.training.loop import train
from tests.engine import runs_programs
from tests.engine.test_runs_service import FakeEngine, _in_state, clock, engine, service  # noqa: F401
from tests.engine.test_runs_worker import begin, talk  # noqa: F401

EDIT = SetWeight("hidden1.weight", (3, 400), 1.5)


def small() -> Experiment:
    base = presets.get("mlp").experiment
    return base.model_copy(update={"training": TrainingSpec(**dict(base.training) | {
        "train_fraction": 0.01, "batch_size": 32, "epochs": 1})})


def by_hand(experiment: Experiment, edits: dict[int, SetWeight]) -> list[float]:
    """The losses where the numbers are written into the tensors after so many updates."""
    learner = Learner(experiment, "cpu")
    losses = []
    for batch in learner.batches(0, 0):
        if edit := edits.get(learner.step):
            learner.network.state_dict()[edit.name][edit.index] = edit.value
        losses.append(learner.update(batch).loss)
    return losses


def run(events: Iterator[ev.Event], control: ctl.Control, then: dict[int, tuple[ctl.Message, ...]]) -> list[ev.Event]:
    """All events; after the update of each key the messages are posted."""
    found = []
    for event in events:
        found.append(event)
        for message in then.get(event.step, ()) if isinstance(event, ev.Step) else ():
            control.post(message)
    return found


def losses(events: list[ev.Event]) -> list[float]:
    return [event.loss for event in events if isinstance(event, ev.Step)]


def marks(events: list[ev.Event]) -> list[ev.Changed]:
    return [event for event in events if isinstance(event, ev.Changed)]


def test_one_number_is_changed_and_no_other():
    network = torch.nn.Sequential(torch.nn.Linear(5, 3))
    before = {name: value.clone() for name, value in network.state_dict().items()}
    old, new = weights.change(network, SetWeight("0.weight", (2, 1), 0.1))
    after = network.state_dict()
    assert old == before["0.weight"][2, 1].item() and new == torch.tensor(0.1).item() == after["0.weight"][2, 1].item()
    assert (after["0.weight"] != before["0.weight"]).sum() == 1 and torch.equal(after["0.bias"], before["0.bias"])


@pytest.mark.parametrize("wrong", [
    SetWeight("gone.weight", (0, 0), 1.0), SetWeight("hidden1.weight", (0,), 1.0),
    SetWeight("hidden1.weight", (0, 784), 1.0),
    SetWeight("hidden1.weight", (-1, 0), 1.0), SetWeight("hidden1.weight", (0, 0), math.nan),
    SetWeight("hidden1.weight", (0, 0), math.inf), SetWeight("hidden1.bias", (0,), 1.1e6), SetWeight("", (), 0.0)])
def test_what_cannot_be_is_a_sentence(wrong):
    with pytest.raises(RunError) as error:
        weights.require(weights.shapes(small()), wrong)
    assert error.value.sentence.count(".") >= 1


@pytest.mark.parametrize("at", [0, 5])
def test_an_edit_is_felt_by_the_next_update_and_marked(at):
    control = ctl.Control()
    if not at:
        control.post(EDIT)
    events = run(train(small(), control, device="cpu"), control, {at: (EDIT,)} if at else {})
    assert losses(events) == by_hand(small(), {at: EDIT})
    mark, = marks(events)
    assert (mark.step, mark.setting, mark.new, mark.by_hand) == (at + 1, "hidden1.weight[3, 400]", 1.5, True)
    assert not ev.Changed(1, "learning_rate", 0.1, 0.2).by_hand


def test_the_opposite_message_undoes_it():
    control = ctl.Control()
    control.post(EDIT)
    events = iter(train(small(), control, device="cpu"))
    found = [next(events), next(events)]
    mark, = marks(found)
    assert mark.old != 1.5
    control.post(SetWeight(EDIT.name, EDIT.index, mark.old))
    found += list(events)
    assert [(each.old, each.new) for each in marks(found)] == [(mark.old, 1.5), (1.5, mark.old)]
    assert losses(found) == losses(list(train(small(), device="cpu")))


def test_what_changes_nothing_and_what_cannot_be_are_no_marks():
    control = ctl.Control()
    control.post(SetWeight("hidden1.weight", (0, 10**6), 1.0))
    control.post(SetWeight("gone.weight", (0, 0), 1.0))
    events = list(train(small(), control, device="cpu"))
    assert marks(events) == [] and losses(events) == losses(list(train(small(), device="cpu")))


def test_an_edit_in_a_pause_is_shown_and_survives_the_process(tmp_path):
    path, control = tmp_path / "weights.safetensors", ctl.Control()
    control.post(ctl.Watch(2, ("hidden1",), parameters=("hidden1",)))
    found: list[ev.Event] = []
    for event in train(small(), control, checkpoint=path, device="cpu"):
        found.append(event)
        if isinstance(event, ev.Step) and event.step == 5:
            control.post(Pause())
        if isinstance(event, ev.Paused):
            for message in (EDIT, Save(), Stop()):
                control.post(message)
    shown = [event for event in found if isinstance(event, ev.Captured)][-1]
    assert shown.step == 5 and shown.parameters["hidden1.weight"][EDIT.index] == 1.5
    rest = list(train(small(), checkpoint=path, resume=True, device="cpu"))
    assert losses(found) + losses(rest) == by_hand(small(), {5: EDIT})


def test_parameters_are_captured_with_the_gradient_of_the_samples_loss():
    control = ctl.Control()
    control.post(ctl.Watch(2, parameters=("hidden2", "relu1")))
    captured = next(event for event in train(small(), control, device="cpu") if isinstance(event, ev.Captured))
    learner = Learner(small(), "cpu")
    (image,), target = learner.task.sample("test", 2)
    loss = torch.nn.functional.cross_entropy(learner.network(torch.from_numpy(image)[None]), torch.tensor([target]))
    loss.backward()
    layer = learner.network.module_of("hidden2")
    assert set(captured.parameters) == set(captured.gradients) == {"hidden2.weight", "hidden2.bias"}
    assert captured.loss == pytest.approx(loss.item(), rel=1e-6)
    for key, parameter in layer.named_parameters():
        assert torch.allclose(torch.from_numpy(captured.gradients[f"hidden2.{key}"]), parameter.grad, atol=1e-7)


# processes and the service


def test_a_worker_saves_after_it(talk):
    server = talk(runs_programs.obedient, messages=(EDIT,))
    server.hear(ev.Checkpointed)
    server.connection.send(EDIT)
    server.hear(ev.Checkpointed)
    server.connection.send(Stop())
    server.hear(ev.Ended)


@pytest.mark.parametrize("state", ["starting", "training"])
def test_a_run_with_a_process_is_told_at_once(service, engine, state):
    found = _in_state(service, engine, small(), state)
    service.post(found, EDIT, "me")
    assert engine.messages(found, SetWeight) == [EDIT]


def test_a_resting_run_gets_a_process_that_changes_it_and_pauses_again(service, engine):
    found = service.create(small(), "me", start=False)
    service.post(found, EDIT, "me")
    assert [message for message in engine.needs[found] if isinstance(message, (SetWeight, Pause, Resume, Advance))] \
        == [EDIT, Pause()]
    engine.begin(found)
    mark = ev.Changed(1, EDIT.setting, 0.1, 1.5)
    engine.up(found, mark, ev.Checkpointed(0, ""), ev.Paused(0))
    assert service.get(found).state == "paused" and service.snapshot(found).marks == (mark,)


def test_a_queued_run_keeps_it_for_its_start(service, engine):
    found = _in_state(service, engine, small(), "queued")
    service.post(found, EDIT, "me")
    engine.places = 2
    other = service.create(small(), "me")
    assert other and EDIT in engine.needs[found] and Pause() not in engine.needs[found]


@pytest.mark.parametrize("state", ["done", "stopped", "diverged", "failed"])
def test_a_run_that_is_over_takes_no_edit(service, engine, state):
    found = _in_state(service, engine, small(), state)
    with pytest.raises(RunError):
        service.post(found, EDIT, "me")


def test_only_the_owner_may_and_only_what_there_is(service, engine):
    found = _in_state(service, engine, small(), "training")
    for by, message in (("you", EDIT), ("me", SetWeight("hidden1.weight", (0, 10**6), 1.0)),
                        ("me", SetWeight("hidden1.weight", (0, 0), math.nan))):
        with pytest.raises(RunError):
            service.post(found, message, by)
    assert engine.messages(found, SetWeight) == []


def test_the_mark_is_in_the_store(tmp_path):
    store = Store(tmp_path)
    mark = ev.Changed(1, EDIT.setting, 0.25, 1.5)
    store.write([RunRow("r", "me", "A run", 1.0, 1.0, "paused", small().to_json(None))],
                {"r": [ev.Started(0, 10, 5, "cpu", 1), mark]})
    assert store.history("r").marks == [mark] and store.history("r").marks[0].by_hand
    assert Run(RunRow("r", "me", "A run", 1.0, 1.0, "paused", small().to_json(None))).origin is None
    store.close()
