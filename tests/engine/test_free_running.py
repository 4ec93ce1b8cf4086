"""What a network answers by itself is scored beside teacher forcing: rightly, seldom, and without touching the curve.
"""
from __future__ import annotations

import numpy as np
import pytest
import torch

from dlviz import network as net
from dlviz import presets, tasks
from dlviz.network import editing
from dlviz.runs.storage.store import RunRow, Store
from dlviz.spec import Experiment
from dlviz.tasks import decoding
from dlviz.training import events as ev
from dlviz.training import free_running, metrics
from dlviz.training.history import History
from dlviz.training.loop import train

CPU = torch.device("cpu")


def short(key: str, **training) -> Experiment:
    ready = presets.get(key).experiment
    return ready.model_copy(update={"training": ready.training.model_copy(update=training)})


def blind(experiment: Experiment) -> Experiment:
    """The same network without its causal masks."""
    network = experiment.network
    for layer in network.layers:
        if "causal" in layer.fields:
            network = editing.set_fields(network, layer.name, {"causal": False})
    return experiment.model_copy(update={"network": network})


def with_signature(task: tasks.Task, **changes):
    """An untrained network on a task of another signature than its own."""
    return task.signature().__class__(**{**vars(task.signature()), **changes})


@pytest.mark.parametrize("key", ["sort", "addition", "dates", "dates_transformer", "names"])
def test_answers_all_at_once_are_those_given_one_by_one(key: str):
    experiment = presets.get(key).experiment
    task = tasks.get(experiment.task.name, experiment.task.fields)
    patient = with_signature(task, exact_match=False)  # no answer is given up at its first mistake
    network = net.build(experiment.network, patient, seed=1).eval()
    split, first = task.data().val.first(6), patient.teacher_forcing.first_row + patient.teacher_forcing.prompt_length
    generated = free_running.generate_freely(network, split, CPU)

    def ask(inputs):
        with torch.no_grad():
            return network(*(torch.from_numpy(x)[None] for x in inputs))[0].numpy()

    for row in range(len(split)):
        inputs = [x[row].numpy().copy() for x in split.inputs]
        inputs[-1][first + 1:] = patient.teacher_forcing.blank_token
        expected = decoding.tokens(decoding.generate(task, tuple(inputs), ask))
        judged = split.targets[row, first:] != metrics.IGNORE
        count = min(len(expected), int(judged.sum()))
        np.testing.assert_array_equal(generated[row, first:first + count].numpy(), expected[:count])


def test_giving_up_at_the_first_mistake_changes_no_score():
    experiment = short("sort", epochs=12)
    task = tasks.get("sort")
    network = net.build(experiment.network, task.signature(), seed=1)
    patient = net.build(experiment.network, with_signature(task, exact_match=False), seed=1)
    val = task.data().val
    quick, slow = (free_running.generate_freely(one, val, CPU) for one in (network, patient))
    judged = val.targets != metrics.IGNORE
    right = [(((generated == val.targets) | ~judged).all(-1)) for generated in (quick, slow)]
    assert torch.equal(*right) and int((quick[:, task.question_length - 1:] == -1).sum()) > 0


def test_a_network_that_peeks_is_given_away():
    events = list(train(blind(short("sort", epochs=12)), device="cpu"))
    *_, test = [event for event in events if isinstance(event, ev.FreeRunning)]
    assert test.split == "test" and test.teacher_forced > 0.9 and test.accuracy < 0.3
    assert events[-1].test_accuracy > 0.9


def test_one_that_looks_back_answers_as_well_by_itself():
    *_, test = [event for event in train(short("sort", epochs=12), device="cpu") if isinstance(event, ev.FreeRunning)]
    assert test.teacher_forced > 0.4 and test.accuracy > test.teacher_forced - 0.1


def test_the_curve_is_the_same_without_it(monkeypatch: pytest.MonkeyPatch):
    experiment = short("names_transformer", epochs=2, train_fraction=0.05)  # its dropout would show a stray draw
    curve = [event for event in train(experiment, device="cpu") if isinstance(event, ev.Step)]
    monkeypatch.setattr(free_running, "point", lambda *where: False)
    assert [event for event in train(experiment, device="cpu") if isinstance(event, ev.Step)] == curve


@pytest.mark.parametrize(("epochs", "train_fraction"), [(1, 0.3), (3, 0.1), (15, 0.02)])
def test_it_is_done_seldom(epochs: int, train_fraction: float):
    events = list(train(short("names", epochs=epochs, train_fraction=train_fraction), device="cpu"))
    free = [event for event in events if isinstance(event, ev.FreeRunning) and event.split == "val"]
    judged = [event.step for event in events if isinstance(event, ev.Evaluated)]
    assert 1 <= len(free) <= free_running.EVALUATIONS and {event.step for event in free} <= set(judged)
    assert free[-1].step == judged[-1]
    assert all(event.samples <= free_running.SAMPLES for event in free[:-1])


def test_a_network_that_is_told_nothing_of_its_answer_has_no_such_score():
    events = train(short("reverse", epochs=1, train_fraction=0.1), device="cpu")
    assert not any(isinstance(event, ev.FreeRunning) for event in events)


def test_the_store_keeps_it_and_forgets_what_came_after_a_checkpoint(tmp_path):
    store = Store(tmp_path)
    events = [ev.Started(0, 100, 10, "cpu", 7), ev.FreeRunning(10, 0.1, 0.9, 64), ev.FreeRunning(20, 0.2, 0.95, 64),
              ev.FreeRunning(20, 0.3, 0.96, 200, "test"), ev.Started(10, 100, 10, "cpu", 7),
              ev.FreeRunning(20, 0.25, 0.97, 64)]
    live = History()
    for event in events:
        live.apply(event)
    store.write([RunRow("run1", "me", "A run", 1.0, 2.0, "training", "{}")], {"run1": events})
    assert live.free_running == store.history("run1").free_running == [events[1], events[5]]
    store.close()
