"""Short copies that show whether a change helps: what they reach, what they may cost, whose turn it is."""
from __future__ import annotations

from pathlib import Path

import pytest

from dlviz.optimizers import SGD, Adam
from dlviz.runs.process.engine import End
from dlviz.runs.trials import Trial, Trials
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, TrainingSpec
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training import trials
from dlviz.training.loop import train

STEPS = 24


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(trials, "STEPS", STEPS)
    monkeypatch.setattr(trials, "BATCH_STEPS", 80)


def small(optimizer=Adam(learning_rate=1e-2), **fields) -> Experiment:
    rows = [("f", "Flatten", {}), ("h", "Linear", {"out_features": 16} | fields), ("r", "ReLU", {}),
            ("o", "Linear", {"out_features": 10} | fields)]
    network = NetworkSpec(layers=tuple(LayerSpec(name=n, kind=k, fields=f) for n, k, f in rows))
    return Experiment(network=network, training=TrainingSpec(optimizer=optimizer, batch_size=32, epochs=1,
                                                             train_fraction=32 * STEPS / 55_000))


def compared(experiment: Experiment, *changed: Experiment, **how) -> ev.TrialsCompared:
    return list(trials.compare(experiment, changed, "cpu", **how))[-1]


def test_copies_are_trained_until_one_is_better_and_each_as_a_run_would_be(monkeypatch):
    monkeypatch.setattr(trials, "SAMPLES", 10**6)
    timid, other, sound = small(SGD(learning_rate=1e-6)), small(SGD(learning_rate=2e-6)), small()
    found = compared(timid, other, sound, small(Adam(learning_rate=5e-3)))
    assert len(found.changed) == 2, "what comes after the one that helped is not tried"
    judged = next(event for event in train(sound, device="cpu") if isinstance(event, ev.Evaluated))
    assert found.changed[1] == ev.Outcome(STEPS, judged.val_loss, judged.val_accuracy)
    assert not trials.better(found.changed[0], found.unchanged) and trials.better(found.changed[1], found.unchanged)


def test_one_batch_is_learned_by_heart_where_gradients_arrive():
    sound, stuck = compared(small()), compared(small(init="zeros"))
    assert sound.batch_loss < 0.05 * sound.batch_first and sound.batch_accuracy == 1
    assert stuck.batch_loss > 0.5 * stuck.batch_first


def test_a_copy_that_costs_too_much_ends_early_and_the_others_with_it():
    ticks = iter(range(10**6))
    found = compared(small(), small(SGD(learning_rate=1e-6)), clock=lambda: 30.0 * next(ticks))
    assert found.unchanged.steps == found.changed[0].steps == trials.FEWEST < STEPS


@pytest.mark.parametrize(("outcome", "helps"), [((2.0, 0.3), False), ((1.7, 0.3), True), ((1.9, 0.4), True),
                                            ((2.1, 0.5), False), ((1.0, 0.1), False), ((float("nan"), 0.9), False)])
def test_what_counts_as_better(outcome, helps):
    assert trials.better(ev.Outcome(9, *outcome), ev.Outcome(9, 2.0, 0.3)) is helps
    assert trials.better(ev.Outcome(9, 2.3, 0.1), ev.Outcome(9, float("nan"), 0.1))


def test_the_loop_answers_when_it_is_asked_and_trains_on_as_if_nothing_had_been():
    control, changed = ctl.Control(), small(SGD(learning_rate=0.1))
    control.post(ctl.TryChanges((changed.to_json(),)))
    events = list(train(small(), control, device="cpu"))
    progress = [event for event in events if isinstance(event, (ev.Progressed, ev.TrialsCompared))]
    assert progress[-1] == compared(small(), changed) and {event.of for event in progress[:-1]} == {80 + 2 * STEPS}
    assert [event.done for event in progress[:-1]] == sorted(event.done for event in progress[:-1])
    steps = [event for event in events if isinstance(event, ev.Step)]
    assert steps == [event for event in train(small(), device="cpu") if isinstance(event, ev.Step)]


class Engine:
    def __init__(self) -> None:
        self.started: list[str] = []

    def start(self, run, experiment, need) -> None:
        need.folder.mkdir(parents=True)
        self.started.append(run)


BETTER = ev.TrialsCompared(ev.Outcome(9, 2.0, 0.1), (ev.Outcome(9, 2.0, 0.1), ev.Outcome(9, 0.5, 0.8)), 2.3, 0.1, 1.0)


def test_trials_take_turns_and_the_same_one_is_made_once(tmp_path: Path):
    engine = Engine()
    made = Trials(engine, tmp_path / "trials")
    first, second = (lambda: made.get(small(), [small(SGD())])), (lambda: made.get(small(), [small(SGD()), small()]))
    assert first().running and not second().running and first().helped is None
    made.on_event(engine.started[0], ev.Progressed(3, 12))
    assert first().fraction == 0.25 and len(engine.started) == 1
    made.on_event(engine.started[0], BETTER)
    assert first().over and first().helped == 1 and not second().running, "its process is still there"
    made.on_event(engine.started[0], End("stopped"))
    assert first() == Trial(1.0, compared=BETTER) and second().running and len(engine.started) == 2
    assert [place.name for place in (tmp_path / "trials").iterdir()] == engine.started[1:]
    made.on_event(engine.started[1], End("failed", "No memory."))
    assert second() == Trial(sentence="No memory.") and second().over and second().helped is None
    assert not made.on_event("r1", End("done"))
