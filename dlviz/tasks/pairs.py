"""Translation from pairs of sentences: a small set of English and German, or a file of one's own."""
from __future__ import annotations

from collections import Counter
from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from dlviz.memoize import memoize
from dlviz.tasks import corpora, pairs_file, tokenizers
from dlviz.tasks.base import Data
from dlviz.tasks.pairs_file import Pair
from dlviz.tasks.presentation import IGNORE, Material
from dlviz.tasks.sequence import SampleBatch
from dlviz.tasks.stepwise import NOTHING, Translating
from dlviz.translation import _, _n

SHIPPED, OWN = "English to German", "own pairs"
END = "■"  # behind the last word of an answer
Words = tuple[str, ...]
NOUN, STORED = _("pairs"), _n("{count:,} own pair.", "{count:,} own pairs.")
RULES = _("A sentence and its translation in each line, with a tab, a semicolon or a comma between; {least} to "
          "{most:,} lines, 2 MB at most.")


class Pairs(Translating):
    """A sentence in one language goes in, the same sentence in another comes out, word by word."""

    corpus: Literal["English to German", "own pairs"] = Field(
        default=SHIPPED, description="4,000 short sentences of 40 words, or pairs of your own.")
    longest: int = Field(default=10, ge=3, le=24, description="Pairs with a longer sentence are left out.")
    vocabulary: int = Field(default=1_000, ge=20, le=2_000,
                            description="How many different words each side has at most.")
    own: str = Field(default="", max_length=16, description="The key of the own pairs.")
    name: ClassVar[str] = "pairs"
    title: ClassVar[str] = "Translate sentences"
    stands_for: ClassVar[str] = ("Machine translation: words change their order and their form, and one word may need "
                                 "several.")
    limits: ClassVar[str] = ("A real translator reads millions of pairs and knows many right answers; here there is "
                             "one for each sentence, and a word that was never met is unknown.")
    metric: ClassVar[str] = "translations without a mistake"
    held_out: ClassVar[int] = 400
    end: ClassVar[int | None] = 0

    @model_validator(mode="after")
    def _there(self) -> Self:
        if self.corpus == OWN and not corpora.KEY.fullmatch(self.own):
            raise ValueError("own pairs are chosen, and none have been pasted or uploaded yet")
        return self

    def ready(self) -> bool:
        return self.corpus != OWN or corpora.stored(self.own)

    def require(self) -> None:
        if not self.ready():
            raise corpora.missing()

    @property
    def symbols(self) -> tuple[str, ...]:
        return (NOTHING, *self._words()[0])

    @property
    def classes(self) -> tuple[str, ...]:
        return (END, *self._words()[1])

    def _words(self) -> tuple[Words, Words]:
        """The words of each side; of pairs that are not on this computer, none that is known."""
        return _words(self) if self.ready() else ((tokenizers.UNKNOWN,), (tokenizers.UNKNOWN,))

    def data(self) -> Data:
        self.require()
        return super().data()

    @property
    def source_length(self) -> int:
        return self.longest

    @property
    def answer_length(self) -> int:
        return self.longest + 1

    @property
    def example(self) -> str:
        return " ".join(_fitting(self)[0][0]) if self.ready() and _fitting(self) else "we see the dog"

    def same(self, drawn: SampleBatch) -> tuple[np.ndarray, ...]:
        return drawn.inputs[:1]

    def draw(self, random: np.random.Generator, count: int) -> SampleBatch:
        source, answer = _table(self)
        rows = random.permutation(len(source))[:count]
        batch = self.teacher_forcing(source[rows], answer[rows])
        behind = np.cumsum(answer[rows] == self.end, axis=1) > 1
        return SampleBatch(batch.inputs, np.where(behind, IGNORE, batch.targets))

    # typed

    def parse(self, text: str) -> tuple[np.ndarray, ...]:
        words = tokenizers.words_of(text.lower())
        if not 1 <= len(words) <= self.longest:
            raise self.refuse(_("takes a sentence of {longest} words at most", longest=self.longest),
                              _("{count} were typed", count=len(words)))
        known = set(self.symbols)
        unknown = [word for word in words if word not in known and tokenizers.UNKNOWN not in known]
        if unknown:
            raise self.refuse(_("knows the words of its sentences"),
                              _("{unknown!r} is none of them", unknown=unknown[0][:30]))
        return self.free_running(_rows((words,), self.symbols, self.longest)[0])

    def solve(self, inputs: tuple[np.ndarray, ...]) -> np.ndarray | None:
        source, answer = _table(self)
        found = np.flatnonzero((source == inputs[0]).all(1))
        if not found.size:
            return None
        target = answer[found[0]]
        return np.where(np.cumsum(target == self.end) > 1, IGNORE, target)

    def to_text(self, inputs: tuple[np.ndarray, ...], answer: np.ndarray) -> str:
        return " ".join(word for word in self.to_words(answer) if word != END)

    # pairs of one's own

    @property
    def material(self) -> Material:
        stored = STORED(len(_pairs(self))) if self.corpus == OWN and self.ready() else ""
        return Material("own", str(NOUN), str(RULES).format(least=pairs_file.LEAST, most=pairs_file.MOST),
                        "the dog;der Hund", ("csv", "tsv", "txt"), corpora.MOST_BYTES, stored)

    def store_material(self, content: bytes) -> dict[str, str]:
        with corpora.on_trial(pairs_file.read(content)) as key:
            fields = {"corpus": OWN, "own": key}
            different = len(np.unique(_table(self.model_copy(update=fields))[0], axis=0))
            if different < pairs_file.LEAST:
                raise self.refuse(_("needs first sentences that differ, in {least} pairs or more of {longest} words at "
                                    "most", least=pairs_file.LEAST, longest=self.longest),
                                  _n("there is {count}", "there are {count}", count=different),
                                  _("Take a larger file, or raise longest or vocabulary."))
            return fields

    def delete_material(self) -> dict[str, str]:
        corpora.delete(self.own)
        return {"corpus": SHIPPED, "own": ""}


@memoize(maxsize=8)
def _pairs(task: Pairs) -> tuple[Pair, ...]:
    """All pairs. TaskError for own ones that do not lie on this computer."""
    return pairs_file.from_text(corpora.own(task.own)) if task.corpus == OWN else pairs_file.from_grammar()


@memoize(maxsize=8)
def _fitting(task: Pairs) -> tuple[tuple[Words, Words], ...]:
    """Pairs as words, without those that are too long."""
    cut = ((tokenizers.words_of(first), tokenizers.words_of(second)) for first, second in _pairs(task))
    return tuple(pair for pair in cut if all(1 <= len(words) <= task.longest for words in pair))


@memoize(maxsize=8)
def _words(task: Pairs) -> tuple[Words, Words]:
    """The words of each side: the commonest, and one for all others where there are more."""
    sides = ([words for words, _ in _fitting(task)], [words for _, words in _fitting(task)])
    first, second = (tokenizers.commonest(Counter(word for words in side for word in words), task.vocabulary)
                     for side in sides)
    return first, second


@memoize(maxsize=8)
def _table(task: Pairs) -> tuple[np.ndarray, np.ndarray]:
    """Sources `(N, longest)` and answers `(N, longest + 1)` as tokens, each filled up with 0."""
    pairs = _fitting(task)
    return (_rows(tuple(first for first, _ in pairs), task.symbols, task.longest),
            _rows(tuple(second for _, second in pairs), task.classes, task.longest + 1))


def _rows(sentences: tuple[Words, ...], symbols: tuple[str, ...], length: int) -> np.ndarray:
    numbers = {word: number for number, word in enumerate(symbols)}
    other = numbers.get(tokenizers.UNKNOWN, 0)
    return np.array([[*(numbers.get(word, other) for word in words), *[0] * (length - len(words))]
                     for words in sentences], np.int64).reshape(len(sentences), length)
