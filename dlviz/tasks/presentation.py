"""How a task's samples, targets and predictions are shown, and how an input is typed or drawn.

Whoever shows a task asks it here and never for its class; each default fits most tasks. Knows no data and no network.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from dlviz import translation
from dlviz.errors import TaskError
from dlviz.tasks.modality import Modality
from dlviz.tasks.tokenizers import Tokenizer
from dlviz.translation import Words, _, _n

PRESENTED = ("title", "sample_noun", "metric", "score_title", "symbol", "unit", "stands_for", "limits", "counts",
             "points", "naive_words", "rule")  # words in a language
CLASSES = _n("{count} class", "{count} classes")
SYMBOLS = _n("{count} symbol at each step", "{count} symbols at each step")
IGNORE = -100  # a target that is not judged, as torch has it


@dataclass(frozen=True)
class SampleView:
    """One sample in words, for the axes of pictures.

    Attributes:
        inputs: for each input, a word for each of its steps.
        target: the true answer, one word for each judged step (or the only one).
        steps: the steps of the output that the words of `target` stand at; empty where it is no sequence.
    """

    inputs: tuple[tuple[str, ...], ...]
    target: tuple[str, ...]
    steps: tuple[int, ...] = ()


@dataclass(frozen=True)
class Material:
    """What a user may give a task to learn from, in place of what comes with dlviz.

    Attributes:
        field: the field of the task that holds its key; no widget shows it.
        noun: what it is called.
        rules: what it must be, in a sentence.
        example: what one could paste.
        types: endings of files.
        most_bytes: of such a file.
        stored: what lies on this computer now, in a sentence; empty where the task learns from something else.
    """

    field: str
    noun: str
    rules: str
    example: str
    types: tuple[str, ...]
    most_bytes: int
    stored: str = ""


class Presentation:
    """What a task says about how it looks to people."""

    title: ClassVar[str]
    modality: ClassVar[Modality]
    sample_noun: ClassVar[str] = "samples"  # what its samples are called
    metric: ClassVar[str] = "its answers were right"  # what accuracy counts, in words that go on from "of"
    score_title: ClassVar[str] = ""  # what stands for accuracy where no right answers are counted
    symbol: ClassVar[str] = ""  # of a language model: what it names one after the other, one of them in a word
    unit: ClassVar[str] = ""  # of the numbers that come out
    decimals: ClassVar[int] = 2  # of such a number, where it is written
    stands_for: ClassVar[str] = ""  # the large problem that this is the small sister of
    limits: ClassVar[str] = ""  # where the toy ends: what the large problem has and this has not
    pinned: ClassVar[int] = 0  # the test sample that is worth watching first
    counts: ClassVar[str] = ""  # what `running` says after each step, in words

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes or symbols that come out; the index is the class. Empty where numbers come out."""
        return ()

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols of the tokens that go in; the index is the token."""
        return ()

    @property
    def groups(self) -> tuple[str, ...]:
        """What its samples can be sorted by for people: the classes; another list where answers are no classes."""
        return self.classes

    @property
    def unusual(self) -> int | None:
        """The group of test samples that is nothing of what there is to learn from; None where there is none."""
        return None

    averaged: ClassVar[int] = 1  # samples in a row whose mean error tells what is strange, where they lie in time

    @property
    def mask_token(self) -> int | None:
        """The token of a hidden place, where what stood in such places is to come out; else None."""
        return None

    # shown

    @property
    def downwards(self) -> bool:
        """Whether a picture of what goes in shows time from top to bottom, not from left to right."""
        return False

    def input_words(self, inputs: tuple[np.ndarray, ...]) -> tuple[tuple[str, ...], ...]:
        """A word for each step of each input: its symbol, or its number from 1 where numbers flow; none for images."""
        return tuple(self._step_words(x) for x in inputs)

    def _step_words(self, x: np.ndarray) -> tuple[str, ...]:
        if x.ndim == 1 and self.symbols:
            return tuple(self.symbols[token] for token in x)
        return () if self.modality is Modality.IMAGE else tuple(str(step + 1) for step in range(len(x)))

    def view(self, inputs: tuple[np.ndarray, ...], target: np.ndarray | int) -> SampleView:
        """A sample in words."""
        target = np.asarray(target)
        judged = target.ndim and target.dtype.kind == "i"
        steps = np.flatnonzero(target != IGNORE).tolist() if judged else ()
        return SampleView(self.input_words(inputs), self.to_words(target), tuple(steps))

    def to_words(self, answer: np.ndarray | int) -> tuple[str, ...]:
        """Tokens or classes of an answer in words, numbers rounded; without steps that are not judged."""
        answer = np.atleast_1d(answer)
        if answer.dtype.kind == "f":
            return tuple(f"{value:.2f}" for value in answer)
        return tuple(self.classes[t] for t in answer if t != IGNORE)

    # typed and drawn

    @property
    def example(self) -> str:
        """What a user could type."""
        raise NotImplementedError

    def parse(self, text: str) -> tuple[np.ndarray, ...]:
        """What a user typed, as inputs without batch axis. TaskError names what does not fit."""
        raise NotImplementedError

    @property
    def tokenizer(self) -> Tokenizer | None:
        """What cuts a text into its symbols, where that was learned from the text."""
        return None

    @property
    def material(self) -> Material | None:
        """What a user may give it to learn from; None where it learns from what there is."""
        return None

    def store_material(self, content: bytes) -> dict[str, str]:
        """Keep what a user gave; the fields with which this task learns from it. TaskError for what does not fit."""
        raise NotImplementedError

    def delete_material(self) -> dict[str, str]:
        """Remove it from this computer; the fields with which this task learns from what comes with dlviz."""
        raise NotImplementedError

    box: ClassVar[int] = 20  # of the ink's longer side in its pictures, of 28 pixels; 0: a drawing stays as it is

    def from_picture(self, picture: np.ndarray) -> tuple[np.ndarray, ...]:
        """A uint8 picture `(H, W)`, bright ink on dark, as the network's inputs."""
        raise NotImplementedError

    def to_picture(self, values: np.ndarray) -> np.ndarray:
        """A picture in the network's numbers `(1, H, W)` as people see it, uint8 `(H, W)`; where pictures come out."""
        raise NotImplementedError

    def solve(self, inputs: tuple[np.ndarray, ...]) -> np.ndarray | int | None:
        """The target of inputs without batch axis that somebody typed; None where there is no telling."""
        return None

    def running(self, inputs: tuple[np.ndarray, ...]) -> np.ndarray | None:
        """What `counts` names after each step of the inputs `(T,)`, which a memory may carry.

        None where nothing counts.
        """
        return None

    def is_known(self, text: str) -> bool:
        """Whether an answer, as a person writes it, is one that could have been learned by heart."""
        return False

    def refuse(self, expected: Words, came: Words, fix: Words = "") -> TaskError:
        """A TaskError about something typed, with an example that fits; or about something else, with what to do."""
        return TaskError(_("The task {title}", title=self.title), expected, came,
                         fix or _("Type for instance {example!r}.", example=self.example))


translation.declares(Presentation, *PRESENTED)  # the defaults; `Task` does it for what a task says instead
