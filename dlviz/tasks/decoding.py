"""A trained network generates its answer symbol by symbol, each fed back to it. Knows no network and no target.

What the network is comes as a function from inputs to logits; it may be called in another process.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from dlviz.tasks.stepwise import Stepwise

Inputs = tuple[np.ndarray, ...]
Predict = Callable[[Inputs], np.ndarray]  # inputs without batch axis -> logits or log probabilities `(T, V)`


@dataclass(frozen=True)
class Decoding:
    """How one symbol is chosen from the logits.

    Args:
        temperature: 0 is greedy: the likeliest symbol; 1 samples from the network's own probabilities; more makes
            them more even, less makes them sharper.
        top_k: sample from the k likeliest symbols only; None from all.
        top_p: sample from the fewest symbols only whose probabilities add up to p (nucleus sampling; Holtzman et al.
            2020); 1 from all.
    """

    temperature: float = 0.0
    top_k: int | None = None
    top_p: float = 1.0


GREEDY = Decoding()


@dataclass(frozen=True)
class Generation:
    """One step of an answer.

    Attributes:
        inputs: what the network saw when it chose.
        row: the row of its logits that it was chosen from.
        probabilities: of each symbol `(V,)`, after temperature, top-k and top-p.
        token, word: the symbol chosen.
    """

    inputs: Inputs
    row: int
    probabilities: np.ndarray
    token: int
    word: str


def _drawn(chances: np.ndarray, random: np.random.Generator | None) -> int:
    if random is None:
        raise ValueError("a generator is needed to draw from")
    return int(random.choice(len(chances), p=chances))


def generate(task: Stepwise, inputs: Inputs, predict: Predict, decoding: Decoding = GREEDY,
           random: np.random.Generator | None = None) -> Iterator[Generation]:
    """The answer, one `Generation` for each symbol, ended by the task's end symbol or its full length.

    What there is of the target in `inputs` is removed first. `random` is needed unless temperature is 0.
    """
    inputs_so_far = task.without_answer(inputs)
    last = min(task.first_row(inputs) + task.answer_length, len(inputs_so_far[-1]))
    for row in range(task.first_row(inputs), last):
        chances = probabilities(predict(inputs_so_far)[row], decoding)
        token = int(chances.argmax()) if decoding.temperature == 0 else _drawn(chances, random)
        yield Generation(inputs_so_far, row, chances, token, task.classes[token])
        if token == task.end:
            return
        inputs_so_far = _written(inputs_so_far, row + 1, token)


def tokens(generation: Iterator[Generation]) -> np.ndarray:
    """A whole answer as tokens `(A,)` int64."""
    return np.array([step.token for step in generation], np.int64)


def generate_text(task: Stepwise, inputs: Inputs, predict: Predict, decoding: Decoding,
                  random: np.random.Generator) -> str:
    """One answer as text; what was typed comes first where the answer goes on from it."""
    generation = [step.token for step in generate(task, inputs, predict, decoding, random)]
    return task.to_text(inputs, np.array([token for token in generation if token != task.end], np.int64))


def generate_batch(task: Stepwise, inputs: Inputs, predict: Predict, decoding: Decoding, random: np.random.Generator,
         count: int) -> tuple[str, ...]:
    """`count` answers as text, all drawn at once; `predict` takes and gives a batch, `(N, T)` to `(N, T, V)`."""
    inputs_so_far = tuple(np.repeat(x[None], count, axis=0) for x in task.without_answer(inputs))
    first = task.first_row(inputs)
    generation: list[list[int]] = [[] for _ in range(count)]
    going = set(range(count))
    for row in range(first, min(first + task.answer_length, inputs_so_far[-1].shape[1])):
        logits = predict(inputs_so_far)[:, row]
        for at in sorted(going):
            token = int(random.choice(logits.shape[-1], p=probabilities(logits[at], decoding)))
            if token == task.end:
                going.discard(at)
                continue
            generation[at].append(token)
            inputs_so_far[-1][at, row + 1:row + 2] = token
        if not going:
            break
    return tuple(task.to_text(inputs, np.array(tokens, np.int64)) for tokens in generation)


def probabilities(logits: np.ndarray, decoding: Decoding) -> np.ndarray:
    """Logits `(V,)` as probabilities, float64, after temperature, top-k and top-p; temperature 0 changes nothing."""
    logits = np.asarray(logits, np.float64)
    if decoding.temperature > 0:
        logits = logits / decoding.temperature
    if decoding.top_k is not None and decoding.top_k < len(logits):
        likeliest = np.argsort(-logits, kind="stable")[:max(1, decoding.top_k)]
        logits = np.where(np.isin(np.arange(len(logits)), likeliest), logits, -np.inf)
    weights = np.exp(logits - logits.max())
    return nucleus(weights / weights.sum(), decoding.top_p)


def nucleus(chances: np.ndarray, top_p: float) -> np.ndarray:
    """Probabilities `(V,)` of the fewest symbols that have `top_p` together, scaled to 1; 0 of the others."""
    if top_p >= 1:
        return chances
    order = np.argsort(-chances, kind="stable")
    count = 1 + int(np.searchsorted(np.cumsum(chances[order]), top_p - 1e-12))
    few = np.zeros_like(chances)
    few[order[:count]] = chances[order[:count]]
    return few / few.sum()


def _written(inputs: Inputs, place: int, token: int) -> Inputs:
    """The same inputs with one more symbol of the answer; the last symbol has no place, it is never read."""
    *others, growing = inputs
    grown = growing.copy()
    grown[place:place + 1] = token
    return (*others, grown)
