"""Each diagnosis on a run that was made to have the illness and on one that is well; each remedy is tried."""
from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
import torch

from dlviz import doctor, network, presets, tasks
from dlviz.doctor import words
from dlviz.optimizers import SGD, Adam, Optimizer
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, from_json
from dlviz.training import baselines, health_schedule, metrics
from dlviz.training import events as ev
from dlviz.training.history import History
from dlviz.training.loop import train
from tests.wide import english, spoken


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


def _mlp(activation: str | None, *widths: int, **fields) -> NetworkSpec:
    rows: list[tuple] = [("flat", "Flatten")]
    for n, width in enumerate(widths, start=1):
        rows.append((f"hidden{n}", "Linear", {"out_features": width, **fields}))
        rows += [(f"bend{n}", activation)] if activation else []
    return _chain(*rows, ("out", "Linear", {"out_features": 10, **fields}))


MLP = presets.get("mlp").experiment.network
SQUEEZED = _chain(("flat", "Flatten"), ("a", "Linear", _neurons(64)), ("relu", "ReLU"),
                  ("out", "Linear", _neurons(10)), ("squeeze", "Sigmoid"))
DROPPED = _chain(("flat", "Flatten"), ("a", "Linear", _neurons(64)), ("relu", "ReLU"), ("drop", "Dropout", {"p": 0.9}),
                 ("b", "Linear", _neurons(32)), ("relu2", "ReLU"), ("drop2", "Dropout", {"p": 0.9}),
                 ("out", "Linear", _neurons(10)))


def _ill(network: NetworkSpec = MLP, optimizer: Optimizer = Adam(learning_rate=2e-3), train_fraction: float = 0.1,
         epochs: int = 2, **training) -> Experiment:
    made = presets.get("mlp").experiment
    spec = {**made.training.model_dump(), "schedule": {"kind": "Constant"}, "optimizer": optimizer.model_dump(),
            "train_fraction": train_fraction, "epochs": epochs, **training}
    return Experiment.model_validate({**made.model_dump(), "network": network.model_dump(), "training": spec})


def _short(key: str, **training) -> Experiment:
    made = presets.get(key).experiment
    return made.model_copy(update={"training": made.training.model_copy(update=training)})


MOMENTS = health_schedule.MOMENTS  # as it is in real life
RUNS = {
    "well": _ill(epochs=3, train_fraction=0.08),
    "vanishing": _ill(presets.get("sigmoid").experiment.network, SGD(learning_rate=0.05), epochs=1),
    "exploding": _ill(_doubling(), SGD(learning_rate=0.05), train_fraction=0.05),
    "dead": _ill(optimizer=Adam(learning_rate=0.05), epochs=1),
    "rate_high": _ill(optimizer=SGD(learning_rate=20.0, momentum=0.0)),
    "rate_low": _ill(optimizer=SGD(learning_rate=1e-5), epochs=1),
    "overfitting": _ill(train_fraction=0.01, epochs=24),
    "squeezed": _ill(SQUEEZED, epochs=1),
    "small": _ill(_mlp("Tanh", 3), Adam(learning_rate=2e-2), train_fraction=0.4, epochs=2),
    "bottleneck": _ill(_mlp("Tanh", 2), Adam(learning_rate=1e-2), train_fraction=0.04, epochs=6),
    "symmetry": _ill(_mlp("ReLU", 64, 32, init="zeros"), train_fraction=0.2, epochs=1),
    "linear": _ill(_mlp(None, 64, 32), epochs=1),
    "dropout": _ill(DROPPED, epochs=2),
    "decay": _ill(optimizer=Adam(learning_rate=2e-3, weight_decay=1.0), epochs=1),
    "saturated": _ill(_mlp("Tanh", 64, 64, init="normal", init_std=1.0), epochs=1),
    "bad_start": _ill(_mlp("ReLU", 64, 64, init="normal", init_std=1.0), epochs=1),
    "clipped": _ill(optimizer=SGD(), epochs=1, clip="norm", clip_threshold=1e-4),
    "positions": _short("reverse_lost", train_fraction=0.6, epochs=1),
    "constant": _short("order_rnn", train_fraction=0.5, epochs=2),
}


@pytest.fixture(autouse=True)
def looked_at_often(monkeypatch):
    """However busy the machine is, a run has all its moments."""
    monkeypatch.setattr(health_schedule, "CREDIT", math.inf)
    monkeypatch.setattr(health_schedule, "MOMENTS", 20)


def _past(experiment: Experiment) -> History:
    return _trained(experiment.to_json())


@cache
def _trained(text: str) -> History:
    history = History()
    for event in train(from_json(text), device="cpu"):
        history.apply(event)
    return history


def _report(experiment: Experiment) -> network.NetworkReport:
    signature = tasks.get(experiment.task.name, experiment.task.fields).signature()
    return network.check(experiment.network, signature, experiment.training.batch_size)


def _diagnosis(experiment: Experiment) -> doctor.Diagnosis:
    return doctor.diagnose(experiment, _report(experiment), doctor.RunRecord.of(_past(experiment)))


@pytest.mark.parametrize("problem", [name for name in RUNS if name != "well"])
def test_an_ill_run_gets_its_diagnosis_first_and_no_other_main_one(problem):
    diagnosis = _diagnosis(RUNS[problem])
    first = diagnosis.findings[0]
    assert first.problem == problem in doctor.PROBLEMS
    assert first.cause and first.advice
    assert any(any(map(str.isdigit, sentence)) for sentence in first.evidence)
    assert first.remedies and all(_report(each.experiment).ok for each in first.remedies)
    assert RUNS[problem] not in [each.experiment for each in first.remedies]


def test_a_run_that_is_well_gets_no_finding_and_hears_what_was_looked_at():
    diagnosis = _diagnosis(RUNS["well"])
    assert diagnosis.findings == () and not diagnosis.early
    assert len(diagnosis.results) == len(doctor.PROBLEMS)
    results = {each.title: each.sentence for each in diagnosis.results}
    assert "10 of 10 classes" in results["Constant predictions"]


@pytest.mark.parametrize("name", RUNS)
def test_all_that_is_said_of_a_run_is_said_in_the_language_of_who_reads_it(name):
    diagnosis = _diagnosis(RUNS[name])
    with spoken():
        lines = [line for finding in diagnosis.findings for line in
                 (finding.title, finding.cause, *finding.evidence, finding.advice,
                  *(remedy.label for remedy in finding.remedies))]
        lines += [line for result in diagnosis.results for line in (result.title, result.sentence)]
    assert lines and english("\n".join(lines)) == set()


def _peeking(bidirectional: bool) -> Experiment:
    rows = [("embed", "Embedding", {"embedding_dim": 8}),
            ("m", "LSTM", {"hidden_size": 8, "bidirectional": bidirectional}), ("out", "Linear", _neurons(27))]
    return _short("names", epochs=1).model_copy(update={"network": _chain(*rows)})


def test_a_network_that_sees_its_targets_is_told_so_before_everything_else():
    found = _diagnosis(_peeking(True)).findings
    assert found[0].problem == "peeking" and found[0].layers == ("m",)
    assert found[0].evidence[0] == "Layer m (LSTM) lets each step see later ones."
    assert "Set bidirectional to off." in found[0].advice
    assert "peeking" not in [finding.problem for finding in _diagnosis(_peeking(False)).findings]


def test_a_run_that_is_over_is_not_told_that_something_is_not_known_yet():
    """Nothing more will come; and whoever could not look at everything does not say that it did."""
    experiment = _peeking(False)
    results = _diagnosis(experiment).results
    assert not any("yet" in each.sentence for each in results)
    assert [each.title for each in results if not each.known] == ["Overfitting"]


def test_numbers_that_follow_their_input_are_no_constant_predictions():
    experiment = _short("airline", epochs=12)
    results = {each.title: each for each in _diagnosis(experiment).results}
    constant = results["Constant predictions"]
    assert constant.known and "best constant prediction" in constant.sentence
    assert results["Underfitting"].known


LEARNED = {"vanishing": 0.75, "exploding": 0.7, "dead": 0.8, "rate_high": 0.8, "rate_low": 0.7, "squeezed": 0.8,
           "small": 0.6, "bottleneck": 0.7, "symmetry": 0.8, "dropout": 0.8, "decay": 0.7, "bad_start": 0.75,
           "clipped": 0.8}


@pytest.mark.parametrize("problem", LEARNED)
def test_the_copy_with_the_remedy_learns(problem):
    """What the ill one did not: the last validation, against that of the remedy."""
    remedy = _diagnosis(RUNS[problem]).findings[0].remedies[0]
    cured = _past(remedy.experiment).evaluations[-1].val_accuracy
    ill = _past(RUNS[problem]).evaluations
    assert cured > LEARNED[problem]
    assert not ill or cured > ill[-1].val_accuracy + (-0.05 if problem in ("squeezed", "bad_start") else 0.1)


def test_the_remedy_for_learning_by_heart_narrows_the_gap():
    remedy = _diagnosis(RUNS["overfitting"]).findings[0].remedies[0]
    losses = [_past(each).evaluations[-1].val_loss for each in (RUNS["overfitting"], remedy.experiment)]
    assert losses[1] < losses[0]
    assert [layer.kind for layer in remedy.experiment.network.layers].count("Dropout") == 2
    assert remedy.experiment.training.optimizer.kind == "AdamW"


def test_the_preset_that_fails_on_purpose_is_diagnosed_within_its_first_steps(monkeypatch):
    monkeypatch.setattr(health_schedule, "MOMENTS", MOMENTS)
    history, experiment = History(), presets.get("sigmoid").experiment
    for event in train(experiment, device="cpu"):
        history.apply(event)
        if history.step == 60:
            break
    findings = doctor.diagnose(experiment, _report(experiment), doctor.RunRecord.of(history)).findings
    assert [finding.problem for finding in findings] == ["vanishing"]
    kinds = [layer.kind for layer in findings[0].remedies[0].experiment.network.layers]
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
    record = doctor.RunRecord({name: column.values for name, column in past.train.items()}, judged, past.health)
    found = doctor.diagnose(experiment, _report(experiment), record).findings
    assert [finding.problem for finding in found if finding.problem == "constant"]
    assert "100 %" in found[-1].evidence[0] and "class number 3" in found[-1].evidence[0]


def test_a_run_that_has_just_begun_gets_a_first_word_only():
    experiment = RUNS["well"]
    diagnosis = doctor.diagnose(experiment, _report(experiment), doctor.RunRecord.of(History()))
    assert diagnosis.early and not diagnosis.findings and not diagnosis.brief


@pytest.mark.parametrize("steps", [1, 8])
def test_a_run_that_ended_early_is_not_told_to_wait(steps):
    """It needs no more steps: none will come. What its design says is said all the same."""
    experiment = _ill(_mlp(None, 16, 16), train_fraction=steps * 64 / 55_000, epochs=1)
    past = _past(experiment)
    assert past.step == steps and past.ended is not None
    diagnosis = _diagnosis(experiment)
    assert diagnosis.brief and not diagnosis.early
    assert [finding.problem for finding in diagnosis.findings] == ["linear"]


def test_a_run_without_any_look_at_its_layers_is_judged_by_design_and_curve():
    past = _past(RUNS["linear"])
    train = {name: column.values for name, column in past.train.items()}
    record = doctor.RunRecord(train, past.evaluations, (), past.ended, True)
    found = doctor.diagnose(RUNS["linear"], _report(RUNS["linear"]), record)
    assert [finding.problem for finding in found.findings] == ["linear"] and found.brief


def test_steps_that_are_too_small_are_not_blamed_on_the_design():
    """Facts need no positions; with updates this small nothing has been learned that could tell."""
    run = _short("facts", train_fraction=0.4, epochs=1, optimizer=SGD(learning_rate=1e-5))
    assert [finding.problem for finding in _diagnosis(run).findings] == ["rate_low"]


def test_letters_that_nobody_can_foretell_are_no_lack_of_room():
    """The loss of names rests high up since there are many names, not since 64 units are few."""
    run = _short("names", epochs=6)
    assert "small" not in [finding.problem for finding in _diagnosis(run.model_copy(update={"seed": 23})).findings]


def test_a_run_that_ended_far_above_its_beginning_is_named_however_short_it_was():
    run = _ill(_mlp("Tanh", 16), SGD(learning_rate=30.0), train_fraction=0.02, epochs=1)
    history = _past(run)
    assert len(history.train["loss"].values) < doctor.STEPS
    assert _diagnosis(run).findings[0].problem == "rate_high"


def test_three_units_are_too_few_even_where_the_loss_still_creeps_down():
    few = _chain(("memory", "GRU", {"hidden_size": 3}), ("last", "TimePool"), ("output", "Linear", _neurons(10)))
    run = presets.get("speech_gru").experiment.model_copy(update={"network": few, "seed": 23})
    assert [finding.problem for finding in _diagnosis(run).findings] == ["small"]


def test_a_transformer_that_learns_a_little_in_spite_of_extreme_dropout_is_named():
    made = presets.get("names_transformer").experiment.network
    dropped = made.model_copy(update={"layers": tuple(
        layer.model_copy(update={"fields": layer.fields | ({"dropout": 0.9} if "dropout" in layer.fields else {})})
        for layer in made.layers)})
    run = _short("names_transformer", epochs=4).model_copy(update={"network": dropped})
    assert _diagnosis(run).findings[0].problem == "dropout"


def test_a_small_test_set_that_wavers_is_no_learning_by_heart():
    """24 months, of which two or three more or less decide by how much the loss seems to rise."""
    experiment = presets.get("airline").experiment
    noisy = [0.5, 0.3, 0.4, 0.38, 0.41, 0.37, 0.4]
    judged = [ev.Evaluated(5 * at, loss, 0.8, 24) for at, loss in enumerate(noisy, start=1)]
    train = {"loss": np.linspace(1.0, 0.1, 60), "accuracy": np.linspace(0.2, 0.95, 60),
             "learning_rate": np.full(60, 5e-3)}
    well = _past(RUNS["well"]).health[:1]
    record = doctor.RunRecord(train, judged, [ev.Health(at, {}) for at in (1, 2, 3, 4)] or well)
    assert doctor.diagnose(experiment, _report(experiment), record).findings == ()
    worse = [*judged[:2], *(ev.Evaluated(each.step, 3 * each.val_loss, 0.5, 24) for each in judged[2:])]
    record = doctor.RunRecord(train, worse, record.health)
    found = doctor.diagnose(experiment, _report(experiment), record).findings
    assert [finding.problem for finding in found] == ["overfitting"]


def test_the_last_layer_alone_may_start_at_zero():
    rows = [("flat", "Flatten"), ("a", "Linear", _neurons(32)), ("relu", "ReLU"),
            ("out", "Linear", {"out_features": 10, "init": "zeros"})]
    assert _diagnosis(_ill(_chain(*rows), epochs=1)).findings == ()


def test_a_first_loss_is_measured_by_what_a_guess_costs():
    signature = tasks.get("order").signature()
    targets = torch.tensor([0, 0, 0, 1, 2, 3])
    assert baselines.chance_loss(targets, signature) == pytest.approx(math.log(4))
    shares = np.array([1 / 2, 1 / 6, 1 / 6, 1 / 6])
    assert baselines.constant_loss(targets, signature) == pytest.approx(-(shares * np.log(shares)).sum())
    numbers, sums = torch.tensor([[1.0], [2.0], [6.0]]), tasks.get("adding").signature()
    assert baselines.chance_loss(numbers, sums) == pytest.approx(41 / 3)
    assert baselines.constant_loss(numbers, sums) == pytest.approx(14 / 3)
    judged = torch.tensor([[0, 1, metrics.IGNORE], [1, 0, metrics.IGNORE]])
    assert baselines.constant_loss(judged, tasks.get("sort").signature()) == pytest.approx(math.log(2))


def test_what_a_design_says_by_itself_is_said_at_once():
    history = History()
    for event in train(RUNS["squeezed"], device="cpu"):
        history.apply(event)
        if history.step == 2:
            break
    diagnosis = doctor.diagnose(RUNS["squeezed"], _report(RUNS["squeezed"]), doctor.RunRecord.of(history))
    assert [finding.problem for finding in diagnosis.findings] == ["squeezed"]
    floor = -math.log(math.e / (math.e + 9))
    assert f"{floor:.2f}" in diagnosis.findings[0].evidence[1]


@pytest.mark.parametrize(("value", "text"), [(0.0031, "0.0031"), (3.2, "3.2"), (1.1e-8, "1.1·10⁻⁸"), (0.0, "0"),
                                         (914.0, "914"), (2.5e7, "2.5·10⁷"), (math.inf, "no number")])
def test_numbers_are_said_as_people_read_them(value, text):
    assert str(words.number(value)) == text


@pytest.mark.parametrize(("value", "text"), [(2.5, "2.5"), (3.0, "3"), (43.0, "40"), (2_200.0, "2,000"),
                                         (19e6, "20 million"), (math.inf, "countless")])
def test_times_are_rounded(value, text):
    assert str(words.times(value)) == text
