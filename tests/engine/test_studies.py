"""Studies: what differs and what stays the same, to the last tensor; values; searches from a seed."""
from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dlviz import network as net
from dlviz import presets, tasks
from dlviz.errors import DlvizError, SpecError
from dlviz.optimizers import OPTIMIZERS
from dlviz.presets.base import layers
from dlviz.runs.estimate import training_seconds
from dlviz.spec import Experiment, TrainingSpec
from dlviz.studies import adaptation, hyperparameters, mechanisms, plan, results, search, toggles
from dlviz.studies import presets as ready
from dlviz.studies.hyperparameters import Hyperparameter
from dlviz.studies.plan import Axis, variants
from dlviz.studies.search import TrialRecord
from dlviz.studies.study import Member, Search, Span, Study
from dlviz.training.state import LoopState

MLP = presets.get("mlp").experiment
RATE = Hyperparameter(path=("training", "optimizer", "learning_rate"))
BATCH = Hyperparameter(path=("training", "batch_size"))


def axis(*path: str, values: tuple) -> Axis:
    return Axis(hyperparameter=Hyperparameter(path=path), values=values)


def flat(value, path=()) -> dict[tuple, object]:
    """A decoded JSON value as {path: leaf}."""
    if not isinstance(value, (dict, list)):
        return {path: value}
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return {p: leaf for key, part in items for p, leaf in flat(part, (*path, key)).items()}


def differing(one: Experiment, other: Experiment) -> set[tuple]:
    """Where two experiments differ, their names left out."""
    a, b = (flat(json.loads(e.to_json())) for e in (one, other))
    return {path for path in a.keys() | b.keys() if a.get(path) != b.get(path)} - {("name",)}


# hyperparameters

def test_every_training_setting_is_a_hyperparameter_whatever_settings_there_will_be():
    found = {hyperparameter.path for hyperparameter in hyperparameters.available(MLP)}
    for name in set(TrainingSpec.model_fields) - {"algorithm"}:  # of games alone
        assert any(path[:2] == ("training", name) for path in found), name
    for field in ("learning_rate", "beta1", "weight_decay", "amsgrad"):
        assert ("training", "optimizer", field) in found
    assert {("seed",), ("layer", "hidden1", "out_features"), ("activations",), ("toggle", "dropout")} <= found
    assert ("layer", "output", "out_features") not in found, "the task decides that one"
    titles = [hyperparameter.title for hyperparameter in hyperparameters.available(MLP)]
    assert all(titles) and "learning rate" in titles and "hidden1: out features" in titles


@pytest.mark.parametrize("hyperparameter", hyperparameters.available(MLP),
                         ids=lambda hyperparameter: " ".join(hyperparameter.path))
def test_every_hyperparameter_turns_itself_and_nothing_else(hyperparameter):
    known = hyperparameters.domain(MLP, hyperparameter)
    values = [value for value in plan.usual(known) if value != known.now]
    assert values, "a hyperparameter has another value than the one in hand"
    for value in values:
        changed = differing(MLP, hyperparameters.set_value(MLP, hyperparameter, value))
        assert changed
        match hyperparameter.path:
            case ("training", *names):
                place = {path[:1 + len(names)] for path in changed}
                assert place == {("training", *names)}
            case ("seed",):
                assert changed == {("seed",)}
            case ("recipe",):
                assert {path[:2] for path in changed} == {("training", "optimizer")}
            case ("layer", name, field):
                index = MLP.network.index(name)
                assert changed == {("network", "layers", index, "fields", field)}
            case ("mechanism", "first_weights"):
                assert {path[3:] for path in changed} <= {("fields", "init"), ("fields", "init_std")}
            case ("mechanism", "augmentation" | "early_stopping" as name):
                assert {path[:2] for path in changed} == {("training", name)}
            case ("mechanism", "clipping"):
                assert changed <= {("training", "clip"), ("training", "clip_threshold")}
            case ("activations",):
                assert {path[3] for path in changed} == {"kind"}
            case _:
                assert {path[:2] for path in changed} == {("network", "layers")}


@pytest.mark.parametrize(("hyperparameter", "value", "sentence"), [
    (RATE, -1.0, "The learning rate must lie between 0 and 100, but -1 was given."),
    (BATCH, 2.5, "The batch size must be a whole number, but 2.5 was given."),
    (BATCH, "many", "The batch size must be a whole number, but many was given."),
    (RATE, 0.0, "The learning rate must stay within its bounds, but 0 was given"),
    (Hyperparameter(path=("training", "optimizer")), "Newton", "The optimizer must be one of SGD, Adam"),
    (Hyperparameter(path=("training", "patience_of_angels")), 1, "must be one that this experiment has"),
    (Hyperparameter(path=("layer", "nowhere", "p")), 1, "must be one that this experiment has"),
])
def test_a_value_that_a_hyperparameter_does_not_take_is_said(hyperparameter, value, sentence):
    with pytest.raises(SpecError) as caught:
        hyperparameters.set_value(MLP, hyperparameter, value)
    assert sentence in caught.value.sentence


def test_another_optimizer_comes_with_its_usual_settings_and_the_one_in_hand_keeps_its_own():
    optimizer = Hyperparameter(path=("training", "optimizer"))
    assert hyperparameters.set_value(MLP, optimizer, "SGD").training.optimizer == OPTIMIZERS["SGD"]()
    assert hyperparameters.set_value(MLP, optimizer, "Adam").training.optimizer.learning_rate == 2e-3


# with and without

def test_batch_norm_goes_in_behind_every_hidden_layer_and_comes_out_again():
    made = toggles.add_norms(presets.get("cnn").experiment.network)
    kinds = [layer.kind for layer in made.layers]
    assert [kinds[i - 1] for i, kind in enumerate(kinds) if kind.startswith("BatchNorm")] == \
        ["Conv2d", "Conv2d", "Linear"]
    assert net.check(made, tasks.get("mnist").signature()).ok
    assert toggles.apply(made, "batch_norm", False) == presets.get("cnn").experiment.network


def test_dropout_goes_in_behind_the_activations_of_hidden_layers():
    made = toggles.apply(MLP.network, "dropout", True)
    kinds = [layer.kind for layer in made.layers]
    assert kinds == ["Flatten", "Linear", "ReLU", "Dropout", "Linear", "ReLU", "Dropout", "Linear"]
    assert toggles.apply(made, "dropout", False) == MLP.network


def test_without_skips_a_residual_network_is_a_plain_one():
    plain = toggles.drop_skips(presets.get("resnet").experiment.network)
    assert net.check(plain, tasks.get("mnist").signature()).ok
    kinds = [layer.kind for layer in plain.layers]
    assert "Add" not in kinds
    assert kinds.count("Conv2d") == 7, "the 1 x 1 convolutions of the skips are gone too"


def test_what_cannot_be_put_in_is_said():
    with pytest.raises(SpecError, match="Put them in by hand"):
        toggles.apply(MLP.network, "skips", True)


# mechanisms

def test_first_weights_are_those_that_the_choice_names():
    hyperparameter = Hyperparameter(path=("mechanism", "first_weights"))

    def weight(value: str) -> torch.Tensor:
        spec = hyperparameters.set_value(MLP, hyperparameter, value).network
        return net.build(spec, tasks.get("mnist").signature(), 1).state_dict()["hidden1.weight"]

    assert weight("all zero").abs().max() == 0
    assert weight("Kaiming").std() == pytest.approx((2 / 784) ** 0.5, rel=0.02)
    assert weight("too large").std() == pytest.approx(1, rel=0.02)
    assert weight("torch's own").std() == pytest.approx((1 / 784 / 3) ** 0.5, rel=0.02)


def test_a_choice_knows_whether_it_is_the_one_in_hand():
    for name, made in mechanisms.MECHANISMS.items():
        for value, change in made.choices.items():
            assert hyperparameters.domain(change(MLP), Hyperparameter(path=("mechanism", name))).now == value
    odd = MLP.model_copy(update={"training": MLP.training.model_copy(update={"clip": "value"})})
    assert hyperparameters.domain(odd, Hyperparameter(path=("mechanism", "clipping"))).now is None


@pytest.mark.parametrize(("preset", "key", "sentence"), [
    ("airline_linear", "augmentation", "this task has none"),
    ("airline_linear", "label_smoothing", "this task is answered with numbers"),
    ("order_rnn", "activations", "this one has none as a layer of its own"),
    ("order_rnn", "batch_norm", "none was found"), ("mlp", "skips", "none was found")])
def test_a_study_that_a_design_cannot_have_says_why(preset, key, sentence):
    with pytest.raises(SpecError, match=sentence):
        ready.adapt(ready.get(key), presets.get(preset).experiment)


def test_first_weights_of_a_network_without_weights():
    bare = MLP.model_copy(update={"network": layers(("flatten", "Flatten"))})
    with pytest.raises(SpecError, match="this network has none whose first weights can be chosen"):
        hyperparameters.domain(bare, Hyperparameter(path=("mechanism", "first_weights")))
    assert ("mechanism",
            "first_weights") not in {hyperparameter.path for hyperparameter in hyperparameters.available(bare)}


# a study on one's own design

@pytest.mark.parametrize("key", ready.STUDY_PRESETS)
def test_a_design_of_ones_own_is_given_less_to_learn_and_nothing_else(key):
    chosen = ready.get(key)
    for preset in ("mlp", "resnet"):
        own = presets.get(preset).experiment
        try:
            base = ready.adapt(chosen, own)
        except SpecError:
            assert key in ("skips", "dropout"), "the others go with any network for images"
            continue
        assert differing(own, base) <= {("training", "train_fraction"), ("training", "epochs")}
        runs = len(variants(base, chosen.axes(base)))
        steps = base.training.epochs * -(-base.training.train_fraction * 55_000 // base.training.batch_size)
        assert runs * training_seconds(base, steps) < 1.3 * adaptation.CORES * adaptation.ENOUGH
        assert base.training.train_fraction * 55_000 >= 1_000, "enough to learn from"


def test_a_study_that_is_quick_anyway_takes_the_design_as_it_is():
    assert adaptation.quick(MLP, 2) == MLP
    little = adaptation.little(MLP, 2).training
    assert (little.train_fraction, little.epochs) == (0.02, 40)


# variants

@pytest.mark.parametrize("key", ready.STUDY_PRESETS)
def test_every_ready_study_trains_and_its_runs_differ_in_its_hyperparameter_only(key):
    chosen = ready.get(key)
    axes = chosen.axes(chosen.base)
    made = variants(chosen.base, axes)
    assert 2 <= len(made) <= 8
    assert len({each.label for each in made}) == len(made)
    hyperparameter = axes[0].hyperparameter
    for each in made:
        again = hyperparameters.set_value(chosen.base, hyperparameter, each.values[0])
        assert not differing(each.experiment, again)
        assert each.experiment.task == chosen.base.task
        assert hyperparameter.path == ("seed",) or each.experiment.seed == chosen.base.seed


@pytest.mark.parametrize("key", [key for key in ready.STUDY_PRESETS
                                 if key not in ("seeds", "first_weights")])
def test_runs_of_a_study_start_from_the_same_weights_and_see_the_same_batches(key):
    chosen = ready.get(key)
    training = chosen.base.training.model_copy(update={"train_fraction": 0.02})
    small = chosen.base.model_copy(update={"training": training})
    one, *others = [LoopState(each.experiment, None, "cpu") for each in variants(small, chosen.axes(small))]
    mine = dict(one.network.state_dict())
    order = torch.cat(list(one.batches(1, 0)))
    for other in others:
        theirs = other.network.state_dict()
        shared = [name for name in mine if name in theirs and "norm" not in name]
        assert len([name for name in shared if name.endswith("weight")]) >= 3
        for name in shared:
            torch.testing.assert_close(mine[name], theirs[name], rtol=0, atol=0, msg=name)
        assert torch.equal(order, torch.cat(list(other.batches(1, 0))))
        assert all(torch.equal(a, b) for a, b in zip(one.train.inputs, other.train.inputs))


def test_two_hyperparameters_give_every_value_with_every_other():
    made = variants(MLP, [axis(*RATE.path, values=(0.1, 0.01)), axis(*BATCH.path, values=(16, 32, 64))])
    assert [each.values for each in made] == [(0.1, 16), (0.1, 32), (0.1, 64),
                                              (0.01, 16), (0.01, 32), (0.01, 64)]
    assert made[4].label == made[4].experiment.name == "learning rate 0.01, batch size 32"
    assert made[4].experiment.training.optimizer.learning_rate == 0.01
    assert made[4].experiment.training.batch_size == 32


@pytest.mark.parametrize(("axes", "sentence"), [
    ([], "A study needs two or more values, but none was given."),
    ([axis(*BATCH.path, values=(16, 16))], "A study needs two or more values, but 1 was given."),
    ([axis(*BATCH.path, values=tuple(range(1, 10))), axis("seed", values=tuple(range(9)))],
     "A study may have 60 runs at most, but this would be 81."),
    ([axis("present", "hidden1", values=(True, False)), axis("present", "flatten", values=(True, False))],
     "Leave this value out."),
])
def test_a_study_that_cannot_be_is_refused_in_a_sentence(axes, sentence):
    with pytest.raises(SpecError) as caught:
        variants(MLP, axes)
    assert sentence in caught.value.sentence


# values

@given(st.floats(1e-6, 1e3), st.floats(1.01, 1e4), st.integers(2, 60))
def test_a_range_by_factors_has_equal_factors(low, factor, count):
    values = plan.spread(low, low * factor, count, log=True, integer=False)
    steps = np.diff(np.log(values))
    assert values[0] == pytest.approx(low, rel=1e-3) and values[-1] == pytest.approx(low * factor, rel=1e-3)
    if len(values) == count:
        np.testing.assert_allclose(steps, np.log(factor) / (count - 1), atol=2e-3)


def test_ranges_worked_out_by_hand():
    assert plan.spread(0.001, 1, 4, log=True, integer=False) == (0.001, 0.01, 0.1, 1)
    assert plan.spread(0, 1, 5, log=False, integer=False) == (0, 0.25, 0.5, 0.75, 1)
    assert plan.spread(8, 128, 5, log=True, integer=True) == (8, 16, 32, 64, 128)
    assert plan.spread(1, 3, 5, log=False, integer=True) == (1, 2, 3), "no value comes twice"


@pytest.mark.parametrize(("low", "high", "count", "log", "sentence"), [
    (1, 0.1, 5, False, "A range must end above its start, but it goes from 1 to 0.1. Swap the two"),
    (1, 1, 5, False, "A range must end above its start"),
    (0, 1, 5, True, "A range by equal factors must start above zero, but it starts at 0."),
    (0, 1, 61, False, "A range must have 2 to 60 values, but 61 were asked for."),
    (float("nan"), 1, 5, False, "A range must end above its start"),
])
def test_a_range_that_is_none_is_refused(low, high, count, log, sentence):
    with pytest.raises(SpecError) as caught:
        plan.spread(low, high, count, log=log, integer=False)
    assert sentence in caught.value.sentence


def test_a_typed_list():
    rate, batch = hyperparameters.domain(MLP, RATE), hyperparameters.domain(MLP, BATCH)
    assert plan.parse("0.1, 0.01;1e-3 0.01", rate) == (0.1, 0.01, 0.001)
    assert plan.parse("16 32,64", batch) == (16, 32, 64)
    with pytest.raises(SpecError, match="'zwölf' is none"):
        plan.parse("1, zwölf", batch)


@pytest.mark.parametrize("hyperparameter", hyperparameters.available(MLP),
                         ids=lambda hyperparameter: " ".join(hyperparameter.path))
def test_the_usual_values_and_the_usual_range_can_be_had(hyperparameter):
    known = hyperparameters.domain(MLP, hyperparameter)
    for value in (*plan.usual(known), *(plan.reach(known) if known.kind != "choice" else ())):
        hyperparameters.set_value(MLP, hyperparameter, value)
    if known.kind != "choice":
        low, high = plan.reach(known)
        assert low < high


# searches

SEARCH = Search(spans=(Span(hyperparameter=RATE, low=1e-4, high=1.0, log=True),
                       Span(hyperparameter=BATCH, low=8, high=256, log=True, integer=True),
                       Span(hyperparameter=Hyperparameter(path=("activations",)), choices=("ReLU", "Tanh"))), trials=8,
                       seed=5)


def _score(values: tuple) -> float:
    """Best at a rate of 0.01."""
    return 1 - abs(np.log10(values[0]) + 2) / 4


def _searched(search_spec: Search, trials: int, past: tuple = ()) -> list[TrialRecord]:
    found = list(past)
    while len(found) < trials:
        values = search.propose(search_spec, found)
        found.append(TrialRecord(values, _score(values)))
    return found


def test_a_search_is_the_same_each_time_and_after_a_restart():
    pytest.importorskip("optuna")
    once = _searched(SEARCH, 8)
    assert once == _searched(SEARCH, 8)
    assert once == _searched(SEARCH, 8, tuple(once[:5])), "gone on with from what is stored"
    other = SEARCH.model_copy(update={"seed": 6})
    assert once != _searched(other, 8)
    assert len({trial.values for trial in once}) == 8
    for rate, batch, kind in (trial.values for trial in once):
        assert 1e-4 <= rate <= 1 and 8 <= batch <= 256 and isinstance(batch, int) and kind in ("ReLU", "Tanh")


def test_a_search_learns_where_to_look():
    pytest.importorskip("optuna")
    search_spec = Search(spans=SEARCH.spans[:1], trials=30, seed=1)
    found = [trial.score for trial in _searched(search_spec, 30)]
    assert np.mean(found[search.RANDOM:]) > 0.81, "by chance it would be 0.75, give or take 0.03"


def test_runs_still_under_way_do_not_stop_a_search():
    pytest.importorskip("optuna")
    first = search.propose(SEARCH, ())
    second = search.propose(SEARCH, [TrialRecord(first)])
    assert first != second


def test_only_a_run_below_the_median_is_hopeless():
    pytest.importorskip("optuna")
    others = [TrialRecord((), top, {1: top - 0.2, 2: top - 0.1}) for top in (0.5, 0.6, 0.7, 0.8, 0.9)]
    assert search.hopeless({1: 0.3, 2: 0.4}, others)
    assert not search.hopeless({1: 0.5, 2: 0.7}, others)
    assert not search.hopeless({1: 0.1}, others), "too early to say"
    assert not search.hopeless({1: 0.1, 2: 0.1}, others[:3]), "too few to compare with"


# results

def test_a_band_is_the_mean_and_the_reach_at_the_same_steps():
    steps = np.arange(1, 5)
    found = results.band([(steps, np.array([1.0, 2, 3, 4])), (steps, np.array([3.0, 2, 5, 0]))], 4)
    assert found.steps.tolist() == [1, 2, 3, 4]
    assert found.mean.tolist() == [2, 2, 4, 2] and found.low.tolist() == [1, 2, 3, 0]
    assert found.high.tolist() == [3, 2, 5, 4]


def test_what_lies_above_the_chart_is_drawn_at_its_edge_with_what_it_would_falsify():
    losses = np.full(100, 1.0)
    losses[60:] = np.tile([0.5, 40.0], 20)
    left = results.capped(losses, 5.0)
    assert (left[:50] == 1).all() and (left[61:] == 5).all(), "the mean there is 20"
    assert results.capped(np.array([]), 5.0).size == 0
    spike = np.full(100, 1.0)
    spike[50] = 30.0
    assert (results.capped(spike, 5.0) == 5).sum() == 1, "one spike is one point at the edge"
    assert np.isnan(results.capped(np.array([1.0, np.nan]), 5.0)).tolist() == [False, True]


def test_a_long_band_averages_over_the_steps_between_its_points():
    steps = np.arange(1, 1_601)
    found = results.band([(steps, steps.astype(float))], 1_600)
    assert len(found.steps) == 160 and found.steps[0] == 10
    assert found.mean[0] == 5.5 and found.mean[-1] == 1595.5


def test_axes_are_logarithmic_where_that_helps():
    assert results.is_log((0.001, 0.01, 0.1)) and not results.is_log((16, 32, 64))
    assert not results.is_log((0, 100)) and not results.is_log(("a", "b"))
    assert not results.is_log((True, False))
    assert results.position("b", ("a", "b")) == 1 and results.position(True, (True, False)) == 0
    assert results.position(0.5, (0.5,)) == 0.5


@pytest.mark.parametrize(("turned", "value", "sentence"), [
    (RATE, 0.01, "learning rate 0.002 to 0.01"), (RATE, 0.002, ""),
    (Hyperparameter(path=("recipe",)), "Adagrad", "optimizer to Adagrad"),
    (Hyperparameter(path=("toggle", "dropout")), True, "it to one with dropout"),
    (Hyperparameter(path=("mechanism", "first_weights")), "Kaiming", "first weights from “torch's own” to “Kaiming”")])
def test_what_taking_a_value_over_would_change(turned, value, sentence):
    study = Study(id="a", owner="me", name="A study", created=0.0, base=MLP,
                  axes=(Axis(hyperparameter=turned, values=(value,)),))
    assert results.change(study, Member(run="r", values=(value,))) == sentence


def test_an_unknown_ready_study_names_the_choices():
    with pytest.raises(DlvizError, match="rates, schedules, adam_sgd"):
        ready.get("free lunch")


def test_of_a_game_the_algorithm_can_be_varied_and_what_has_no_meaning_cannot():
    catch = presets.get("catch").experiment
    paths = {hyperparameter.path for hyperparameter in hyperparameters.available(catch)}
    assert {("training", "algorithm"), ("training", "algorithm", "discount"),
            ("training", "algorithm", "epsilon_end")} <= paths
    assert not [path for path in paths if path[1:] and path[1] in ("train_fraction", "augmentation", "label_smoothing")]
    changed = hyperparameters.set_value(catch, Hyperparameter(path=("training", "algorithm")), "REINFORCE")
    assert changed.training.algorithm.kind == "REINFORCE"
