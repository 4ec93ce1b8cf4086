"""A trained network answers alone, symbol by symbol, each fed back to it. Knows no network and no truth.

What the network is comes as a function from inputs to scores; it may be called in another process.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from dlviz.tasks.stepwise import Stepwise

Inputs = tuple[np.ndarray, ...]
Ask = Callable[[Inputs], np.ndarray]  # inputs without batch axis -> logits or log probabilities `(T, V)`


@dataclass(frozen=True)
class Choice:
    """How one symbol is chosen from the scores.

    Args:
        temperature: 0 takes the likeliest; 1 draws as the network says; more is bolder, less is safer.
        top_k: draw among the k likeliest only; None among all.
    """

    temperature: float = 0.0
    top_k: int | None = None


GREEDY = Choice()


@dataclass(frozen=True)
class Said:
    """One step of an answer.

    Attributes:
        inputs: what the network saw when it chose.
        row: the row of its scores that it was chosen from.
        probabilities: of each symbol `(V,)`, after temperature and top-k.
        token, word: the symbol chosen.
    """

    inputs: Inputs
    row: int
    probabilities: np.ndarray
    token: int
    word: str


def answer(task: Stepwise, inputs: Inputs, ask: Ask, choice: Choice = GREEDY,
           random: np.random.Generator | None = None) -> Iterator[Said]:
    """The answer, one `Said` for each symbol, ended by the task's end symbol or its full length.

    What there is of a true answer in `inputs` is wiped first. `random` is needed unless temperature is 0.
    """
    seen = task.asked(inputs)
    last = min(task.first_row(inputs) + task.answer_length, len(seen[-1]))
    for row in range(task.first_row(inputs), last):
        chances = probabilities(ask(seen)[row], choice)
        token = int(chances.argmax() if choice.temperature == 0 else random.choice(len(chances), p=chances))
        yield Said(seen, row, chances, token, task.answers[token])
        if token == task.end:
            return
        seen = _written(seen, row + 1, token)


def tokens(said: Iterator[Said]) -> np.ndarray:
    """A whole answer as tokens `(A,)` int64."""
    return np.array([step.token for step in said], np.int64)


def sample(task: Stepwise, inputs: Inputs, ask: Ask, choice: Choice, random: np.random.Generator) -> str:
    """One answer as text; what was typed comes first where the answer goes on from it."""
    said = [step.token for step in answer(task, inputs, ask, choice, random)]
    return task.written(inputs, np.array([token for token in said if token != task.end], np.int64))


def many(task: Stepwise, inputs: Inputs, ask: Ask, choice: Choice, random: np.random.Generator,
         count: int) -> tuple[str, ...]:
    """`count` answers as text, all drawn at once; `ask` takes and gives a batch, `(N, T)` to `(N, T, V)`."""
    seen = tuple(np.repeat(x[None], count, axis=0) for x in task.asked(inputs))
    first = task.first_row(inputs)
    said: list[list[int]] = [[] for _ in range(count)]
    going = set(range(count))
    for row in range(first, min(first + task.answer_length, seen[-1].shape[1])):
        scores = ask(seen)[:, row]
        for at in sorted(going):
            token = int(random.choice(scores.shape[-1], p=probabilities(scores[at], choice)))
            if token == task.end:
                going.discard(at)
                continue
            said[at].append(token)
            seen[-1][at, row + 1:row + 2] = token
        if not going:
            break
    return tuple(task.written(inputs, np.array(tokens, np.int64)) for tokens in said)


def probabilities(scores: np.ndarray, choice: Choice) -> np.ndarray:
    """Scores `(V,)` as chances, float64, after temperature and top-k; temperature 0 changes nothing."""
    scores = np.asarray(scores, np.float64)
    if choice.temperature > 0:
        scores = scores / choice.temperature
    if choice.top_k is not None and choice.top_k < len(scores):
        kept = np.argsort(-scores, kind="stable")[:max(1, choice.top_k)]
        scores = np.where(np.isin(np.arange(len(scores)), kept), scores, -np.inf)
    weights = np.exp(scores - scores.max())
    return weights / weights.sum()


def _written(inputs: Inputs, place: int, token: int) -> Inputs:
    """The same inputs with one more symbol of the answer; the last symbol has no place, it is never read."""
    *others, growing = inputs
    grown = growing.copy()
    grown[place:place + 1] = token
    return (*others, grown)
