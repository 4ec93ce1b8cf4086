"""A text of which some characters are masked: what stands there? How BERT learns (Devlin et al. 2019)."""
from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
import torch
from pydantic import Field

from dlviz.corruption import Corruption, mask
from dlviz.memoize import memoize
from dlviz.shapes import Shape, Signature
from dlviz.tasks import corpora, tokenizers
from dlviz.tasks.base import Baseline, Data, Split
from dlviz.tasks.presentation import IGNORE, SYMBOLS
from dlviz.tasks.sequence import SequenceTask
from dlviz.tasks.tokenizers import Tokenizer
from dlviz.translation import _

HELD_OUT = 0.05  # of the text, for each of validation and test: its last tenth
MASK, TYPED = "▢", "_"  # what stands where a character is masked, as it is shown and as it is typed
PRIOR = 1.0  # how many characters of the text as a whole each pair of neighbours begins with


class Masked(SequenceTask):
    """Some characters of a text are hidden; what stands there follows from what comes before and behind."""

    corpus: Literal["Pride and Prejudice", "English words"] = Field(
        default=corpora.BOOK, description="A novel of 1813, or 63,737 words in no order.")
    length: int = Field(default=48, ge=16, le=128, description="How many characters the network sees at once.")
    fraction: float = Field(default=0.15, ge=0.02, le=0.6, description="Which fraction of them is masked, drawn anew "
                                                                       "each time; BERT has 0.15.")
    name: ClassVar[str] = "masked"
    title: ClassVar[str] = "Masked characters"
    stands_for: ClassVar[str] = ("Learning from text that nobody has labelled, in both directions: networks such as "
                                 "BERT begin so, and then learn to sort and to answer from few examples.")
    limits: ClassVar[str] = "BERT masks pieces of words in billions of sentences; this network masks letters of a book."
    metric: ClassVar[str] = "masked characters guessed right"
    symbol: ClassVar[str] = "character"

    @property
    def tokenizer(self) -> Tokenizer:
        return _tokenizer(self.corpus)

    @property
    def classes(self) -> tuple[str, ...]:
        return self.tokenizer.shown

    @property
    def symbols(self) -> tuple[str, ...]:
        return (*self.classes, MASK)

    @property
    def mask_token(self) -> int:
        return len(self.classes)

    @property
    def corruption(self) -> Corruption:
        return Corruption(mask, {"symbols": len(self.classes), "fraction": self.fraction})

    def signature(self) -> Signature:
        count = len(self.classes)
        return Signature((("text", Shape("tokens", (self.length,), count + 1)),),
                         Shape("sequence", (self.length, count)), "cross_entropy", SYMBOLS.filled(count=count),
                         exact_match=False)

    def data(self) -> Data:
        return _data(self)

    def baseline(self) -> Baseline:
        return _counted(self)

    @property
    def example(self) -> str:
        return {corpora.BOOK: "it is a tr_th univ_rsally a_knowledged"}.get(self.corpus, "un_appy")[:self.length]

    def parse(self, text: str) -> tuple[np.ndarray, ...]:
        """A text with a low line for each masked character; room that is left is filled with spaces."""
        hidden = np.array([letter in (TYPED, MASK) for letter in text], bool)
        blank = self.tokenizer.symbols[self._blank()]
        plain = "".join(blank if gone else letter for letter, gone in zip(text, hidden))
        if strange := self.tokenizer.strange(plain):
            raise self.refuse(_("knows the symbols of its text"), _("{strange!r} is none of them", strange=strange[0]))
        if len(text) > self.length or not hidden.any():
            raise self.refuse(_("takes up to {length} characters, one of them a low line (_) at least",
                                length=self.length), _("{count} were typed, {hidden} of them low lines",
                                                       count=len(text), hidden=int(hidden.sum())))
        row = np.where(hidden, self.mask_token, self.tokenizer.encode(plain))
        return (np.concatenate([row, np.full(self.length - len(row), self._blank())]).astype(np.int64),)

    def _blank(self) -> int:
        symbols = self.tokenizer.symbols
        return symbols.index(" ") if " " in symbols else symbols.index("\n")


@memoize(maxsize=4)
def _tokenizer(corpus: str) -> Tokenizer:
    return tokenizers.learn(corpora.shipped(corpus), "characters", tokenizers.MOST_CHARACTERS)


@memoize(maxsize=4)
def _rows(corpus: str, length: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of the text `(N, T)` for training, validation and test, none in two of them."""
    stream = _tokenizer(corpus).encode(corpora.shipped(corpus))
    rows = np.unique(stream[:len(stream) // length * length].reshape(-1, length), axis=0, return_index=True)[1]
    rows = stream[:len(stream) // length * length].reshape(-1, length)[np.sort(rows)].astype(np.int64)
    held = int(len(rows) * HELD_OUT)
    return rows[:-2 * held], rows[-2 * held:-held], rows[-held:]


@memoize(maxsize=4)
def _data(task: Masked) -> Data:
    return Data(*(_masked(task, rows, seed) for seed, rows in enumerate(_rows(task.corpus, task.length))))


def _masked(task: Masked, rows: np.ndarray, seed: int) -> Split:
    clean = (torch.from_numpy(rows),)
    inputs, targets = task.corruption(clean, torch.Generator().manual_seed(seed))
    return Split(tuple(inputs), targets, clean)


@memoize(maxsize=4)
def _counted(task: Masked) -> Baseline:
    """What stands between the same two neighbours, counted in the training text."""
    count, (train, _val, _test) = task.mask_token + 1, _rows(task.corpus, task.length)
    table = np.zeros((count, count, count - 1))
    np.add.at(table, (train[:, :-2].ravel(), train[:, 2:].ravel(), train[:, 1:-1].ravel()), 1)
    table += PRIOR * np.bincount(train.ravel(), minlength=count - 1) / train.size
    table /= table.sum(-1, keepdims=True)
    (val_loss, val_accuracy), (test_loss, test_accuracy) = (_evaluated(table, part)
                                                            for part in (task.data().val, task.data().test))
    return Baseline(_("neighbours"), _("which only counts what stood between the same two neighbours"), val_loss,
                    test_loss, val_accuracy, test_accuracy)


def _evaluated(table: np.ndarray, split: Split) -> tuple[float, float]:
    """Loss and accuracy of a table `(left, right, between)`; nothing stands beyond the ends of a row."""
    tokens, targets = split.inputs[0].numpy(), split.targets.numpy()
    edged = np.pad(tokens, ((0, 0), (1, 1)), constant_values=table.shape[0] - 1)
    rows, places = np.nonzero(targets != IGNORE)
    chances = table[edged[rows, places], edged[rows, places + 2]]
    expected = targets[rows, places]
    correct = np.bincount(rows, chances.argmax(1) == expected) / np.bincount(rows)
    return float(-np.log(chances[np.arange(len(rows)), expected]).mean()), float(correct.mean())
