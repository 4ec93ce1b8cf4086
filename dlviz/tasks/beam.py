"""Beam search: of all beginnings of an answer the few likeliest are followed at once. Knows no network.

Each step lengthens every beginning by every symbol and keeps the `width` likeliest of all; width 1 is greedy decoding.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dlviz.tasks.stepwise import Stepwise

Inputs = tuple[np.ndarray, ...]
BatchPredict = Callable[[Inputs], np.ndarray]  # inputs `(N, ...)` -> log probabilities `(N, T, V)`


@dataclass(frozen=True)
class BeamNode:
    """One symbol behind a beginning.

    Attributes:
        parent: the node before it; -1 for the first symbol.
        depth: how many symbols the answer has with it.
        token: the symbol.
        log_probability: of it, after what stands before it.
        total: of the answer up to it.
        followed: whether it was among the likeliest of its step; the others end here.
    """

    parent: int
    depth: int
    token: int
    log_probability: float
    total: float
    followed: bool


@dataclass(frozen=True)
class BeamTree:
    """All that was followed, and of each step the likeliest that were not.

    Attributes:
        best: nodes from the first to the last symbol of the likeliest answer that was found.
        greedy: log probability of the answer that always takes the likeliest symbol.
    """

    nodes: tuple[BeamNode, ...]
    best: tuple[int, ...]
    greedy: float


def search(task: Stepwise, inputs: Inputs, predict: BatchPredict, width: int, length: int) -> BeamTree:
    """The tree of a beam search from `inputs`, of `length` symbols at most; an answer is over at the end symbol."""
    nodes: list[BeamNode] = []
    single: list[BeamNode] = []
    best = _likeliest(nodes, _grown(task, inputs, predict, width, length, nodes))
    greedy = _likeliest(single, _grown(task, inputs, predict, 1, length, single))
    return BeamTree(tuple(nodes), _path(nodes, best), single[greedy].total)


def _likeliest(nodes: list[BeamNode], ends: list[int]) -> int:
    return max(ends, key=lambda node: nodes[node].total)


def _path(nodes: list[BeamNode], node: int) -> tuple[int, ...]:
    return (*_path(nodes, nodes[node].parent), node) if node >= 0 else ()


def _grown(task: Stepwise, inputs: Inputs, predict: BatchPredict, width: int, length: int,
           nodes: list[BeamNode]) -> list[int]:
    """Fill `nodes`; the ends of all answers that were followed to theirs."""
    blank, first = task.without_answer(inputs), task.first_row(inputs)
    steps = min(length, task.answer_length, len(blank[-1]) - first)
    beams: list[tuple[int, list[int]]] = [(-1, [])]
    ended: list[int] = []
    for depth in range(1, steps + 1):
        logs = predict(_written(blank, first, [tokens for _, tokens in beams]))[:, first + depth - 1]
        found = _lengthened(nodes, beams, logs, depth, width - len(ended))
        ended += [node for node, tokens in found if tokens[-1] == task.end]
        beams = [(node, tokens) for node, tokens in found if tokens[-1] != task.end]
        if not beams:
            break
    return [*ended, *(node for node, _ in beams)]


def _lengthened(nodes: list[BeamNode], beams: list[tuple[int, list[int]]], logs: np.ndarray, depth: int,
                width: int) -> list[tuple[int, list[int]]]:
    """The likeliest longer beginnings; they, and as many that miss the beam, become nodes."""
    before = np.array([nodes[node].total if node >= 0 else 0.0 for node, _ in beams])
    totals = before[:, None] + logs
    order = np.argsort(-totals, axis=None, kind="stable")[:2 * width]
    found: list[tuple[int, list[int]]] = []
    for rank, place in enumerate(order.tolist()):
        beam, token = divmod(place, logs.shape[1])
        parent, tokens = beams[beam]
        nodes.append(BeamNode(parent, depth, token, float(logs[beam, token]), float(totals[beam, token]), rank < width))
        if rank < width:
            found.append((len(nodes) - 1, [*tokens, token]))
    return found


def _written(blank: Inputs, first: int, answers: list[list[int]]) -> Inputs:
    """The inputs once for each answer so far, with it written into the last of them."""
    *others, growing = (np.repeat(x[None], len(answers), axis=0) for x in blank)
    for row, tokens in zip(growing, answers):
        row[first + 1:first + 1 + len(tokens)] = tokens[:len(row) - first - 1]
    return (*others, growing)
