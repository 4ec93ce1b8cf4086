"""Tasks that are answered symbol by symbol, each knowing those before it, in two forms.

Both are taught by teacher forcing: the network sees the true answer shifted by one, so that it has to name
the next symbol at every step. How it answers alone is in `decoding`.
"""
from __future__ import annotations

from typing import ClassVar

import numpy as np

from dlviz.shapes import Shape, Signature, TeacherForcing
from dlviz.tasks.presentation import IGNORE, SYMBOLS
from dlviz.tasks.sequence import SampleBatch, SequenceTask, SyntheticTask


class Stepwise(SequenceTask):
    """A task whose answer grows in the last input: row r of the logits names the symbol at place r + 1."""

    end: ClassVar[int | None] = None  # the symbol with which an answer is over before its full length

    @property
    def stepwise(self) -> Stepwise:
        return self

    @property
    def blank_token(self) -> int:
        """What stands where nothing has been said yet."""
        return 0

    @property
    def answer_length(self) -> int:
        """How many symbols an answer has at most."""
        raise NotImplementedError

    def first_row(self, inputs: tuple[np.ndarray, ...]) -> int:
        """The row of the logits that names the first symbol of the answer."""
        return 0

    def without_answer(self, inputs: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
        """The same inputs with nothing of the answer left in them."""
        *others, growing = inputs
        tokens = growing.copy()
        tokens[self.first_row(inputs) + 1:] = self.blank_token
        return (*others, tokens)

    def beginning(self) -> tuple[np.ndarray, ...]:
        """Inputs of which nothing is answered yet, for one that may go on in any way: zeros."""
        return tuple(np.zeros(shape.axes, np.int64) for _, shape in self.signature().inputs)

    def to_text(self, inputs: tuple[np.ndarray, ...], answer: np.ndarray) -> str:
        """An answer as a person writes it; words are set apart where the answer is made of words."""
        words = self.to_words(answer)
        return (" " if max(map(len, self.classes)) > 1 else "").join(words)


class Continuing(Stepwise, SyntheticTask):
    """Question and answer in one row of tokens, the answer behind the question; only the answer is judged."""

    @property
    def question_length(self) -> int:
        raise NotImplementedError

    def signature(self) -> Signature:
        count, length = len(self.symbols), self.question_length + self.answer_length - 1
        return Signature((("question and answer so far", Shape("tokens", (length,), count)),),
                         Shape("sequence", (length, count)), "cross_entropy", SYMBOLS.filled(count=count),
                         teacher_forcing=TeacherForcing("question and answer so far", self.question_length - 1,
                                                        blank_token=self.blank_token, end_token=self.end))

    def first_row(self, inputs: tuple[np.ndarray, ...]) -> int:
        return self.question_length - 1

    def teacher_forcing(self, question: np.ndarray, answer: np.ndarray) -> SampleBatch:
        """Questions `(N, Q)` and answers `(N, A)` as the network sees them; the last symbol is only named."""
        targets = np.concatenate([np.full_like(question[:, 1:], IGNORE), answer], axis=1)
        return SampleBatch((np.concatenate([question, answer[:, :-1]], axis=1),), targets)

    def free_running(self, question: np.ndarray) -> tuple[np.ndarray, ...]:
        """A typed question `(Q,)` with room for its answer."""
        return (np.concatenate([question, np.full(self.answer_length - 1, self.blank_token)]),)


NOTHING = "·"  # where nothing stands, or not yet


class Translating(Stepwise, SyntheticTask):
    """A source row, and the answer so far behind a start symbol; both have their own symbols."""

    start: ClassVar[str] = "start"

    @property
    def source_length(self) -> int:
        raise NotImplementedError

    @property
    def blank_token(self) -> int:
        return len(self.classes)  # the start symbol, behind all that can be answered

    def signature(self) -> Signature:
        count = len(self.classes)
        return Signature((("source", Shape("tokens", (self.source_length,), len(self.symbols))),
                          ("target so far", Shape("tokens", (self.answer_length,), count + 1))),
                         Shape("sequence", (self.answer_length, count)), "cross_entropy",
                         SYMBOLS.filled(count=count),
                         teacher_forcing=TeacherForcing("target so far", blank_token=self.blank_token,
                                                        end_token=self.end))

    def teacher_forcing(self, source: np.ndarray, answer: np.ndarray) -> SampleBatch:
        """Sources `(N, S)` and answers `(N, A)` as the network sees them."""
        starts = np.full_like(answer[:, :1], self.blank_token)
        return SampleBatch((source, np.concatenate([starts, answer[:, :-1]], axis=1)), answer)

    def free_running(self, source: np.ndarray) -> tuple[np.ndarray, ...]:
        """A typed source `(S,)` with room for its answer."""
        return source, np.full(self.answer_length, self.blank_token)

    def input_words(self, inputs: tuple[np.ndarray, ...]) -> tuple[tuple[str, ...], ...]:
        source, so_far = inputs
        names = (*self.classes, self.start)
        later = (*self.classes, NOTHING) if so_far[0] == self.blank_token else names  # a start fills what is to come
        return (tuple(self.symbols[t] for t in source),
                tuple((later if place else names)[t] for place, t in enumerate(so_far)))
