"""What a network that reads sequences is asked: a sample or what somebody types, with what is known of it."""
from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from dlviz.tasks import Task
from dlviz.tasks.decoding import Decoding, Generation
from dlviz.tasks.forecast import ForecastWindow


@dataclass(frozen=True)
class SequenceInput:
    """One sample and what is known of it.

    Attributes:
        inputs: as the network takes them, without batch axis.
        target: what should come out; None where nobody can tell.
        words: for each input, a word for each of its steps.
        target_words: the target in words, one for each judged step; empty when unknown.
        steps: the steps of the output that `target_words` stand at; empty where the answer is no sequence.
        decoding: how a network that answers symbol by symbol chooses each; None where it only guesses the next.
        seed: decides what is drawn.
        writes: step of the output -> the word that the network says there, once it has answered alone.
        forecast_window: of a series: the values that are known and those to come, in people's units.
        moments: a word for each value of it.
    """

    inputs: tuple[np.ndarray, ...]
    target: np.ndarray | int | None
    words: tuple[tuple[str, ...], ...]
    target_words: tuple[str, ...] = ()
    steps: tuple[int, ...] = ()
    decoding: Decoding | None = None
    seed: int = 0
    writes: tuple[tuple[int, str], ...] = ()
    forecast_window: ForecastWindow | None = None
    moments: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[bytes, Decoding | None, int]:
        """The same for the same question."""
        past = [] if self.forecast_window is None else [self.forecast_window.past]
        return b"|".join(x.tobytes() for x in (*self.inputs, *past)), self.decoding, self.seed


@dataclass(frozen=True)
class ExplainedInput:
    """One sample as the network gets it, without batch axis, and what people see of it.

    Attributes:
        picture: uint8 `(28, 28)` where there is one.
        target: the right class, or the right symbol at each judged step; None where nobody knows.
        words: for each input, a word for each step; empty for pictures.
        steps: the steps of the answer that are judged; empty where the answer is one class or number.
    """

    inputs: tuple[np.ndarray, ...]
    picture: np.ndarray | None = None
    target: int | np.ndarray | None = None
    words: tuple[tuple[str, ...], ...] = ()
    steps: tuple[int, ...] = ()

    @property
    def key(self) -> bytes:
        """The same for the same sample."""
        return b"|".join(value.tobytes() for value in self.inputs)


def question_of(task: Task, inputs: tuple[np.ndarray, ...], target: np.ndarray | int | None) -> SequenceInput:
    """The question that these inputs are."""
    if target is None:
        return SequenceInput(inputs, None, task.input_words(inputs))
    shown = task.view(inputs, target)
    return SequenceInput(inputs, target, shown.inputs, shown.target, shown.steps)


def with_generation(task: Task, question: SequenceInput, generation: tuple[Generation, ...]) -> SequenceInput:
    """The question as the network saw it at last, its own answer written into it."""
    if not generation:
        return question
    return replace(question, inputs=generation[-1].inputs, words=task.input_words(generation[-1].inputs),
                   writes=tuple((step.row, step.word) for step in generation))


def visible(words: tuple[str, ...]) -> list[str]:
    """Words as they are, and a sign where one would not be seen."""
    return [word if word.strip() else "␣" for word in words]


def step_words(question: SequenceInput, source: int | None, length: int) -> list[str]:
    """A word for each step: those of the input `source` where it has as many, else the steps' numbers."""
    if source is not None and len(question.words[source]) == length:
        return visible(question.words[source])
    return [str(step + 1) for step in range(length)]


def picture_of(inputs: tuple[np.ndarray, ...]) -> np.ndarray | None:
    """A sequence `(T, D)` of many numbers as a picture, uint8, a row for each step; None for all others."""
    values = inputs[0]
    if len(inputs) > 1 or values.ndim != 2 or values.shape[1] < 8:
        return None
    low, high = float(values.min()), float(values.max())
    return np.rint((values - low) / (high - low or 1) * 255).astype(np.uint8)
