"""Each diagnosis on a run that was made to have the illness and on one that is well; each remedy is tried."""
from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import pytest

from dlviz import doctor, network, presets, tasks
from dlviz.doctor import words
from dlviz.optimizers import SGD, Adam, Optimizer
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, from_json
from dlviz.training import checkup
from dlviz.training import events as ev
from dlviz.training.history import History
from dlviz.training.loop import train


def _chain(*rows: tuple) -> NetworkSpec:
    return NetworkSpec(layers=tuple(LayerSpec(name=row[0], kind=row[1], fields=row[2] if len(row) > 2 else {},
                                              inputs=row[3] if len(row) > 3 else None) for row in rows))


def _neurons(count: int) -> dict[str, int]:
    return {"out_features": count}


def _doubling() -> NetworkSpec:
    """Each Add doubles what comes in, and the gradient that comes back: 4,096 times after twelve."""
    rows: list[tuple] = [("flat", "Flatten"), ("add0", "Linear", _neurons(32))]
    for n in range(12):
        rows += [(f"relu{n}", "ReLU"), (f"add{n + 1}", "Add", {}, (f"relu{n}", f"relu{n}"))]
    return _chain(*rows, ("out", "Linear", _neurons(10)))


MLP = presets.get("mlp").experiment.network
SQUEEZED = _chain(("flat", "Flatten"), ("a", "Linear", _neurons(64)), ("relu", "ReLU"),
                  ("out", "Linear", _neurons(10)), ("squeeze", "Sigmoid"))
NARROW = _chain(("flat", "Flatten"), ("a", "Linear", _neurons(2)), ("tanh", "Tanh"),
                ("out", "Linear", _neurons(10)))


def _ill(network: NetworkSpec = MLP, optimizer: Optimizer = Adam(learning_rate=2e-3), share: float = 0.1,
         epochs: int = 2, schedule: str = "constant") -> Experiment:
    made = presets.get("mlp").experiment
    training = made.training.model_copy(update={"optimizer": optimizer, "share": share, "epochs": epochs})
    made = made.model_copy(update={"network": network, "training": training})
    return Experiment.model_validate({**made.model_dump(), "training": {**training.model_dump(),
                                                                        "schedule": schedule}})


MOMENTS = checkup.MOMENTS  # as it is in real life
RUNS = {
    "well": _ill(epochs=3, share=0.08),
    "vanishing": _ill(presets.get("sigmoid").experiment.network, SGD(learning_rate=0.05), epochs=1),
    "exploding": _ill(_doubling(), SGD(learning_rate=0.05), share=0.05),
    "dead": _ill(optimizer=Adam(learning_rate=0.05), epochs=1),
    "rate_high": _ill(optimizer=SGD(learning_rate=20.0, momentum=0.0)),
    "rate_low": _ill(optimizer=SGD(learning_rate=1e-5), epochs=1),
    "overfitting": _ill(share=0.01, epochs=24),
    "squeezed": _ill(SQUEEZED, epochs=1),
    "small": _ill(NARROW, Adam(learning_rate=1e-2), share=0.04, epochs=10),
}


@pytest.fixture(autouse=True)
def looked_at_often(monkeypatch):
    """However busy the machine is, a run has all its moments."""
    monkeypatch.setattr(checkup, "CREDIT", math.inf)
    monkeypatch.setattr(checkup, "MOMENTS", 20)


def _past(experiment: Experiment) -> History:
    return _trained(experiment.to_json())


@lru_cache(maxsize=None)
def _trained(text: str) -> History:
    history = History()
    for event in train(from_json(text), device="cpu"):
        history.apply(event)
    return history


def _report(experiment: Experiment) -> network.NetworkReport:
    signature = tasks.get(experiment.task.name, experiment.task.fields).signature()
    return network.check(experiment.network, signature, experiment.training.batch_size)


def _diagnosis(experiment: Experiment) -> doctor.Checkup:
    return doctor.diagnose(experiment, _report(experiment), doctor.Record.of(_past(experiment)))


@pytest.mark.parametrize("illness", [name for name in RUNS if name != "well"])
def test_an_ill_run_gets_its_diagnosis_first_and_no_other_main_one(illness):
    checkup = _diagnosis(RUNS[illness])
    first = checkup.findings[0]
    assert first.illness == illness in doctor.ILLNESSES
    assert first.cause and first.advice
    assert any(any(map(str.isdigit, said)) for said in first.evidence)
    assert first.remedy is not None and first.remedy.experiment != RUNS[illness]
    assert _report(first.remedy.experiment).ok


def test_a_run_that_is_well_gets_no_finding_and_hears_what_was_looked_at():
    checkup = _diagnosis(RUNS["well"])
    assert checkup.findings == () and not checkup.early
    assert len(checkup.checked) == len(doctor.ILLNESSES)
    said = {each.what: each.said for each in checkup.checked}
    assert "10 of 10 answers" in said["Always the same answer"]


LEARNED = {"vanishing": 0.75, "exploding": 0.7, "dead": 0.8, "rate_high": 0.8, "rate_low": 0.7, "squeezed": 0.8,
           "small": 0.6}


@pytest.mark.parametrize("illness", LEARNED)
def test_the_copy_with_the_remedy_learns(illness):
    """What the ill one did not: the last validation, against that of the remedy."""
    remedy = _diagnosis(RUNS[illness]).findings[0].remedy
    cured = _past(remedy.experiment).evaluations[-1].val_accuracy
    ill = _past(RUNS[illness]).evaluations
    assert cured > LEARNED[illness]
    assert not ill or cured > ill[-1].val_accuracy + (0.1 if illness != "squeezed" else -0.05)


def test_the_remedy_for_learning_by_heart_narrows_the_gap():
    remedy = _diagnosis(RUNS["overfitting"]).findings[0].remedy
    losses = [_past(each).evaluations[-1].val_loss for each in (RUNS["overfitting"], remedy.experiment)]
    assert losses[1] < losses[0]
    assert [layer.kind for layer in remedy.experiment.network.layers].count("Dropout") == 2
    assert remedy.experiment.training.optimizer.kind == "AdamW"


def test_the_preset_that_fails_on_purpose_is_diagnosed_within_its_first_steps(monkeypatch):
    monkeypatch.setattr(checkup, "MOMENTS", MOMENTS)
    history, experiment = History(), presets.get("sigmoid").experiment
    for event in train(experiment, device="cpu"):
        history.apply(event)
        if history.step == 60:
            break
    findings = doctor.diagnose(experiment, _report(experiment), doctor.Record.of(history)).findings
    assert [finding.illness for finding in findings] == ["vanishing"]
    kinds = [layer.kind for layer in findings[0].remedy.experiment.network.layers]
    assert kinds.count("ReLU") == kinds.count("BatchNorm1d") == 10 and "Sigmoid" not in kinds


def test_the_numbers_of_the_evidence_are_those_of_the_run():
    past = _past(RUNS["vanishing"])
    finding = _diagnosis(RUNS["vanishing"]).findings[0]
    looks = past.health[-max(3, len(past.health) // 3):]
    first, last = (float(np.median([look.layers[name].gradient_norm for look in looks]))
                   for name in ("hidden1", "output"))
    assert words.number(first) in finding.evidence[0] and words.number(last) in finding.evidence[0]
    assert last / first > 1e6


def test_one_answer_to_everything_is_told_from_the_table_alone():
    experiment = RUNS["well"]
    past = _past(experiment)
    table = np.zeros((10, 10), np.int32)
    table[:, 3] = 100
    judged = [*past.evaluations[:-1], ev.Evaluated(past.step, 2.2, 0.1, 1000, table)]
    record = doctor.Record({name: column.values for name, column in past.train.items()}, judged, past.health)
    found = doctor.diagnose(experiment, _report(experiment), record).findings
    assert [finding.illness for finding in found if finding.illness == "one_answer"]
    assert "100 %" in found[-1].evidence[0] and "class number 3" in found[-1].evidence[0]


def test_a_run_that_has_just_begun_gets_a_first_word_only():
    experiment = RUNS["well"]
    checkup = doctor.diagnose(experiment, _report(experiment), doctor.Record.of(History()))
    assert checkup.early and not checkup.findings


def test_what_a_design_says_by_itself_is_said_at_once():
    history = History()
    for event in train(RUNS["squeezed"], device="cpu"):
        history.apply(event)
        if history.step == 2:
            break
    checkup = doctor.diagnose(RUNS["squeezed"], _report(RUNS["squeezed"]), doctor.Record.of(history))
    assert [finding.illness for finding in checkup.findings] == ["squeezed"]
    floor = -math.log(math.e / (math.e + 9))
    assert f"{floor:.2f}" in checkup.findings[0].evidence[1]


@pytest.mark.parametrize("value, text", [(0.0031, "0.0031"), (3.2, "3.2"), (1.1e-8, "1.1·10⁻⁸"), (0.0, "0"),
                                         (914.0, "914"), (2.5e7, "2.5·10⁷"), (math.inf, "no number")])
def test_numbers_are_said_as_people_read_them(value, text):
    assert words.number(value) == text


@pytest.mark.parametrize("value, text", [(2.5, "2.5"), (3.0, "3"), (43.0, "40"), (2_200.0, "2,000"),
                                         (19e6, "20 million"), (math.inf, "countless")])
def test_times_are_rounded(value, text):
    assert words.times(value) == text
