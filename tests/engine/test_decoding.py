"""A network that answers alone: what it is shown, that it never sees the truth, how symbols are chosen."""
from __future__ import annotations

import numpy as np
import pytest

from dlviz import tasks
from dlviz.tasks import Stepwise, decoding

STEPWISE = [name for name, cls in tasks.TASKS.items() if issubclass(cls, Stepwise)]


def _ask(task: Stepwise, answers: list[int], calls: list) -> decoding.Predict:
    """A network that always knows: at each row it names the answer's symbol there, and notes what it saw."""
    def ask(inputs):
        calls.append(inputs)
        logits = np.zeros(task.signature().out_shape.axes, np.float32)
        first = task.first_row(inputs)
        for place, token in enumerate(answers):
            logits[first + place, token] = 5.0
        return logits
    return ask


@pytest.mark.parametrize("name", STEPWISE)
def test_what_is_said_is_fed_back_as_in_training(name: str):
    """A network that names the truth is shown, step by step, exactly the inputs that training showed."""
    task = tasks.get(name)
    for index in range(5):
        inputs, target = task.sample("test", index)
        first = task.first_row(inputs)
        symbols = [int(t) for t in target[first:] if t != -100]
        calls: list = []
        steps = list(decoding.generate(task, inputs, _ask(task, symbols, calls)))
        assert [step.token for step in steps] == symbols[:len(steps)] and len(steps) <= len(symbols)
        assert [step.word for step in steps] == list(task.to_words(np.array(symbols[:len(steps)])))
        for place, step in enumerate(steps):
            assert step.row == first + place and step.probabilities.argmax() == step.token
            for given, taught in zip(step.inputs, inputs, strict=True):
                if given is not step.inputs[-1]:
                    assert (given == taught).all()
            assert (step.inputs[-1][:step.row + 1] == inputs[-1][:step.row + 1]).all()
            assert (step.inputs[-1][step.row + 1:] == task.blank_token).all()


@pytest.mark.parametrize("name", [name for name in STEPWISE
                                  if name not in ("names", "text")])  # all of these is the question
def test_decoding_never_sees_the_truth(name: str):
    """Another answer in the same sample changes nothing, whatever the network does with its inputs."""
    task, random = tasks.get(name), np.random.default_rng(1)
    mix = [random.normal(size=(x.shape[0], *task.signature().out_shape.axes)) for x in task.sample("test", 0)[0]]

    def ask(inputs):
        return sum(np.tensordot(x.astype(float) ** 1.3, m, 1) for x, m in zip(inputs, mix)) % 7

    for index in range(10):
        inputs, _ = task.sample("test", index)
        changed = tuple(x.copy() for x in inputs)
        first = task.first_row(inputs)
        changed[-1][first + 1:] = random.integers(0, len(task.classes), len(inputs[-1]) - first - 1)
        assert not (changed[-1] == inputs[-1]).all()
        before = [x.copy() for x in changed]
        assert decoding.tokens(decoding.generate(task, inputs, ask)).tolist() == \
            decoding.tokens(decoding.generate(task, changed, ask)).tolist()
        assert all((x == y).all() for x, y in zip(before, changed))


def test_temperature_and_top_k_by_hand():
    logits = np.array([1.0, 3.0, 2.0, 2.0])
    by_hand = np.exp(logits) / np.exp(logits).sum()
    assert np.allclose(decoding.probabilities(logits, decoding.Decoding()), by_hand)
    assert np.allclose(decoding.probabilities(np.log(by_hand), decoding.Decoding(1.0)), by_hand)
    cool = by_hand ** 2 / (by_hand ** 2).sum()
    assert np.allclose(decoding.probabilities(logits, decoding.Decoding(0.5)), cool)
    two = np.array([0, by_hand[1], by_hand[2], 0]) / (by_hand[1] + by_hand[2])
    assert np.allclose(decoding.probabilities(logits, decoding.Decoding(1.0, 2)), two)
    assert np.allclose(decoding.probabilities(logits, decoding.Decoding(1.0, 9)), by_hand)


@pytest.mark.parametrize(("top_p", "expected"), [
    (1.0, [0.5, 0.3, 0.15, 0.05]), (0.9, [0.5 / 0.95, 0.3 / 0.95, 0.15 / 0.95, 0]), (0.8, [0.625, 0.375, 0, 0]),
    (0.5, [1, 0, 0, 0]), (0.01, [1, 0, 0, 0])])
def test_top_p_samples_from_the_fewest_symbols_that_have_p(top_p: float, expected: list[float]):
    logits = np.log([0.5, 0.3, 0.15, 0.05])
    assert np.allclose(decoding.probabilities(logits, decoding.Decoding(1.0, top_p=top_p)), expected)


def test_sampling_draws_as_often_as_the_network_says():
    task = tasks.get("sort")
    logits = np.tile(np.log([0.6, 0.3, 0.1]), (11, 1))
    random = np.random.default_rng(0)
    inputs, choice = task.parse("abcabc"), decoding.Decoding(1.0)
    generations = [decoding.generate(task, inputs, lambda given: logits, choice, random) for _ in range(300)]
    drawn = np.concatenate([decoding.tokens(steps) for steps in generations])
    assert len(drawn) == 1_800 and np.allclose(np.bincount(drawn) / 1_800, [0.6, 0.3, 0.1], atol=0.03)


def test_a_sampled_name_begins_as_typed_and_stops_at_the_end():
    task = tasks.get("names")
    successor = np.eye(27)[np.r_[1:27, 0]] * 99  # after each letter the next of the alphabet, after z the end

    def ask(inputs):
        return successor[inputs[0]]

    random = np.random.default_rng(0)
    assert decoding.generate_text(task, task.parse("xy"), ask, decoding.Decoding(1.0), random) == "xyz"
    assert decoding.generate_text(task, task.parse("c"), ask, decoding.Decoding(),
                           random) == "cdefghijklmn"  # no longer
    assert [step.row for step in decoding.generate(task, task.parse("xy"), ask)] == [2, 3]
