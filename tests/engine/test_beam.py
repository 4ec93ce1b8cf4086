"""Beam search: greedy when narrow, exact when as wide as all beginnings, and its tree as a viewer draws it."""
from __future__ import annotations

import itertools

import numpy as np
import pytest

from dlviz import tasks
from dlviz.tasks import beam, decoding
from dlviz.views import beams

SORT = tasks.get("sort", {"length": 5, "letters": 3})
INPUTS = SORT.parse("bacab")
FIRST = SORT.first_row(INPUTS)


def network(seed: int):
    """Random log probabilities of each symbol that hang on all symbols before it: `(N, T)` -> `(N, T, 3)`."""
    table = np.random.default_rng(seed).normal(0, 1.5, (4_000, 3))

    def predict(inputs):
        tokens = inputs[-1]
        codes = np.cumsum(tokens * 7 ** np.arange(tokens.shape[1])[None] % 3_989, axis=1) % 4_000
        logits = table[codes]
        return logits - np.log(np.exp(logits).sum(-1, keepdims=True))

    return predict


def log_probability(predict, answer) -> float:
    tokens = SORT.without_answer(INPUTS)[0].copy()
    total = 0.0
    for step, token in enumerate(answer):
        total += predict((tokens[None],))[0, FIRST + step, token]
        tokens[FIRST + step + 1:FIRST + step + 2] = token
    return total


def best(tree: beam.BeamTree) -> list[int]:
    return [tree.nodes[number].token for number in tree.best]


@pytest.mark.parametrize("seed", range(8))
def test_a_beam_as_wide_as_all_beginnings_finds_the_best_of_all(seed: int):
    predict = network(seed)
    answers = list(itertools.product(range(3), repeat=5))
    likeliest = max(answers, key=lambda answer: log_probability(predict, answer))
    tree = beam.search(SORT, INPUTS, predict, 3 ** 4, 5)
    assert best(tree) == list(likeliest)
    assert tree.nodes[tree.best[-1]].total == pytest.approx(log_probability(predict, likeliest))


@pytest.mark.parametrize("seed", range(8))
def test_a_beam_of_one_is_greedy(seed: int):
    predict = network(seed)
    greedy = decoding.tokens(decoding.generate(SORT, INPUTS, lambda inputs: predict(tuple(x[None] for x in inputs))[0]))
    tree = beam.search(SORT, INPUTS, predict, 1, 5)
    assert best(tree) == greedy.tolist() and tree.greedy == pytest.approx(log_probability(predict, greedy))
    assert tree.nodes[tree.best[-1]].total == pytest.approx(tree.greedy)


def test_a_wider_beam_finds_what_greedy_misses():
    found = [(tree.nodes[tree.best[-1]].total, tree.greedy) for tree in
             (beam.search(SORT, INPUTS, network(seed), 9, 5) for seed in range(12))]
    assert sum(wide > greedy + 1e-9 for wide, greedy in found) >= 4


def test_an_answer_is_over_at_the_end_symbol():
    task = tasks.get("names")
    chances = np.full((1, 12, 27), 0.2 / 26)
    chances[..., task.end] = 0.8
    tree = beam.search(task, task.parse("ma"), lambda inputs: np.log(chances.repeat(len(inputs[0]), 0)), 3, 8)
    assert best(tree) == [task.end] and tree.nodes[tree.best[-1]].total == pytest.approx(np.log(0.8))
    assert sum(node.followed for node in tree.nodes if node.depth == 1) == 3


def test_the_tree_is_drawn_without_crossings():
    tree = beam.search(SORT, INPUTS, network(3), 3, 5)
    data = beams.payload(SORT, tree)
    assert data["depth"] == 5 and data["best"] == pytest.approx(tree.nodes[tree.best[-1]].total, abs=1e-3)
    assert [node["word"] for node in data["nodes"] if node["best"]] == [SORT.classes[token] for token in best(tree)]
    leaves = [node["y"] for number, node in enumerate(data["nodes"])
              if number not in {other["parent"] for other in data["nodes"]}]
    assert sorted(leaves) == list(range(len(leaves))) and data["rows"] == len(leaves)
    for number, node in enumerate(data["nodes"]):
        below = [other["y"] for other in data["nodes"] if other["parent"] == number]
        assert not below or node["y"] == pytest.approx(np.mean(below), abs=1e-2)
