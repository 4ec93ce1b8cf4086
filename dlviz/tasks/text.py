"""A text, symbol by symbol: the task of a language model, on a book, a word list or a text of one's own."""
from __future__ import annotations

from typing import ClassVar, Literal, Self

import numpy as np
import torch
from pydantic import Field, model_validator

from dlviz.memoize import memoize
from dlviz.shapes import Shape, Signature, TeacherForcing
from dlviz.tasks import corpora, ngram_table, tokenizers
from dlviz.tasks.base import Baseline, Data, Split
from dlviz.tasks.presentation import SYMBOLS, Material
from dlviz.tasks.stepwise import Stepwise
from dlviz.tasks.tokenizers import Tokenizer
from dlviz.translation import _, _n

HELD_OUT = 0.05  # of the text, for each of validation and test: its last tenth
MOST_LOGITS = 20_000_000  # of a held-out part: 80 MB while it is evaluated
LEAST_WINDOWS = 3  # of a held-out part
ORDERS = {"characters": 8, "byte pairs": 5, "words": 4}  # the longest n-gram that a network is held against
FREE = 8  # symbols at the end of each window that free running goes on with
BLANK = "·"
NOUN, STORED = _("text"), _n("Own text of {count:,} character.", "Own text of {count:,} characters.")
RULES = _("Plain text in UTF-8, {least:,} characters to {most:.0f} MB. It stays on this server and can be deleted.")
NOUNS = {"characters": _("character"), "byte pairs": _("piece"), "words": _("word")}
FOLLOWED = {
    "characters": _n("which only counts what followed the last {count} character",
                     "which only counts what followed the last {count} characters"),
    "byte pairs": _n("which only counts what followed the last {count} piece",
                     "which only counts what followed the last {count} pieces"),
    "words": _n("which only counts what followed the last {count} word",
                "which only counts what followed the last {count} words")}


class OwnText(Stepwise):
    """A text, one symbol after the other: which one comes next?"""

    corpus: Literal["Pride and Prejudice", "English words", "own text"] = Field(
        default=corpora.BOOK, description="A novel of 1813, 63,737 words in no order, or a text of your own.")
    units: tokenizers.Unit = Field(
        default="characters", description="What a symbol is: a character, a word, or a piece of a word (byte pair "
                                          "encoding).")
    vocabulary: int = Field(default=512, ge=50, le=4_000,
                            description="How many different words or pieces there are at most.")
    length: int = Field(default=64, ge=8, le=256, description="How many symbols the network sees at once.")
    own: str = Field(default="", max_length=16, description="The key of the own text.")
    name: ClassVar[str] = "text"
    title: ClassVar[str] = "A text, symbol by symbol"
    stands_for: ClassVar[str] = "Language modelling: guess what comes next, again and again, and you can write."
    limits: ClassVar[str] = ("A large language model reads trillions of words, this one a single book, and it "
                             "looks back a few dozen symbols.")
    metric: ClassVar[str] = "next symbols guessed right"

    @model_validator(mode="after")
    def _there(self) -> Self:
        if self.corpus == corpora.OWN and not corpora.KEY.fullmatch(self.own):
            raise ValueError("own text is chosen, and none has been pasted or uploaded yet")
        return self

    # the text and its symbols

    def text(self) -> str:
        """All of it. TaskError for an own text that does not lie on this computer."""
        return corpora.own(self.own) if self.corpus == corpora.OWN else corpora.shipped(self.corpus)

    def ready(self) -> bool:
        return self.corpus != corpora.OWN or corpora.stored(self.own)

    def require(self) -> None:
        if not self.ready():
            raise corpora.missing()

    @property
    def tokenizer(self) -> Tokenizer:
        """What cuts it, learned from all of it; of a text that is not here, of one character."""
        if not self.ready():
            return Tokenizer(self.units, (tokenizers.UNKNOWN,))
        return _tokenizer(self.corpus, self.own, self.units, self.vocabulary)

    @property
    def classes(self) -> tuple[str, ...]:
        return self.tokenizer.shown

    @property
    def symbols(self) -> tuple[str, ...]:
        return *self.classes, BLANK

    def input_words(self, inputs: tuple[np.ndarray, ...]) -> tuple[tuple[str, ...], ...]:
        words = self.symbols
        return (tuple(words[token] for token in inputs[0]),)

    @property
    def symbol(self) -> str:
        return str(NOUNS[self.units])

    @property
    def blank_token(self) -> int:
        return len(self.tokenizer.symbols)

    @property
    def answer_length(self) -> int:
        return self.length

    def signature(self) -> Signature:
        count = len(self.tokenizer.symbols)
        return Signature((("text so far", Shape("tokens", (self.length,), count + 1)),),
                         Shape("sequence", (self.length, count)), "cross_entropy", SYMBOLS.filled(count=count),
                         exact_match=False,
                         teacher_forcing=TeacherForcing("text so far", prompt_length=max(1, self.length - FREE),
                                                        blank_token=count),
                         held_out=MOST_LOGITS // (self.length * count) + 1)

    def data(self) -> Data:
        self.require()
        return _tensors(self)

    def characters_per_symbol(self) -> float | None:
        return None if self.units == "characters" else _characters_per_symbol(self)

    def baseline(self) -> Baseline | None:
        return _counted(self) if self.ready() else None

    # a text of one's own

    @property
    def material(self) -> Material:
        stored = STORED(len(self.text())) if self.corpus == corpora.OWN and self.ready() else ""
        rules = str(RULES).format(least=corpora.LEAST_CHARACTERS, most=corpora.MOST_BYTES / 1e6)
        return Material("own", str(NOUN), rules, "", ("txt",), corpora.MOST_BYTES, stored)

    def store_material(self, content: bytes) -> dict[str, str]:
        with corpora.on_trial(corpora.clean(content)) as key:
            fields = {"corpus": corpora.OWN, "own": key}
            self.model_copy(update=fields).data()  # it may be too short for rows of this length
            return fields

    def delete_material(self) -> dict[str, str]:
        corpora.delete(self.own)
        return {"corpus": corpora.BOOK, "own": ""}

    # typed and shown

    @property
    def example(self) -> str:
        return {corpora.BOOK: "It is a truth", corpora.WORDS: "un"}.get(self.corpus, "The")

    def first_row(self, inputs: tuple[np.ndarray, ...]) -> int:
        return max(0, int((inputs[0] != self.blank_token).sum()) - 1)

    def beginning(self) -> tuple[np.ndarray, ...]:
        return self._begun(np.array([self._line_end()]))

    def _line_end(self) -> int:
        symbols = self.tokenizer.symbols
        return symbols.index("\n") if "\n" in symbols else 0

    def _begun(self, tokens: np.ndarray) -> tuple[np.ndarray, ...]:
        inputs = np.full(self.length, self.blank_token, np.int64)
        inputs[:len(tokens)] = tokens
        return (inputs,)

    def parse(self, text: str) -> tuple[np.ndarray, ...]:
        """The beginning of a text, behind the end of a line; of a long one, the last symbols that leave room."""
        tokens = np.concatenate([[self._line_end()], self._known(text)]).astype(np.int64)
        return self._begun(tokens[-(self.length - 1):])

    def _known(self, text: str) -> np.ndarray:
        tokenizer = self.tokenizer
        strange = () if tokenizers.UNKNOWN in tokenizer.symbols else tokenizer.strange(text)
        if strange:
            raise self.refuse(_("knows the symbols of its text"),
                              _("{strange!r} is none of them", strange=strange[0][:30]))
        return tokenizer.encode(text)

    def to_text(self, inputs: tuple[np.ndarray, ...], answer: np.ndarray) -> str:
        begun = inputs[0][inputs[0] != self.blank_token]
        return self.tokenizer.decode([*begun.tolist(), *answer.tolist()]).strip("\n")


@memoize(maxsize=8)
def _tokenizer(source: str, own: str, units: tokenizers.Unit, vocabulary: int) -> Tokenizer:
    text = corpora.own(own) if source == corpora.OWN else corpora.shipped(source)
    return tokenizers.learn(text, units, vocabulary)


@memoize(maxsize=8)
def _stream(task: OwnText) -> np.ndarray:
    return task.tokenizer.encode(task.text())


def _parts(task: OwnText) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Training, validation and test as rows of `length` + 1 symbols, each row beginning with the last of the one
    before it. Rows that training has too are left out of the others."""
    stream, size = _stream(task), task.length
    held = max(LEAST_WINDOWS * size + 1, int(len(stream) * HELD_OUT))
    held = min(held, max(LEAST_WINDOWS * size + 1, MOST_LOGITS // len(task.tokenizer.symbols)))
    train, val, test = (_rows(part, size) for part in (stream[:-2 * held], stream[-2 * held:-held], stream[-held:]))
    return train, _without(val, train), _without(test, train, val)


def _rows(stream: np.ndarray, size: int) -> np.ndarray:
    count = max(0, len(stream) - 1) // size
    return np.lib.stride_tricks.sliding_window_view(stream, size + 1)[::size][:count] if count else \
        np.zeros((0, size + 1), np.int64)


def _without(rows: np.ndarray, *others: np.ndarray) -> np.ndarray:
    known = {row[:-1].tobytes() for other in others for row in other}
    return rows[[row[:-1].tobytes() not in known for row in rows]]


@memoize(maxsize=4)
def _tensors(task: OwnText) -> Data:
    parts = _parts(task)
    if not all(map(len, parts)) or len(parts[0]) < sum(map(len, parts[1:])):
        raise task.refuse(_("needs a text of many different rows of {length} symbols", length=task.length),
                          _("its own text is too short or repeats itself"),
                          _("Take a longer text, or a smaller length."))
    train, val, test = (Split((torch.from_numpy(part[:, :-1].copy()),), torch.from_numpy(part[:, 1:].copy()))
                        for part in parts)
    return Data(train, val, test)


@memoize(maxsize=8)
def _characters_per_symbol(task: OwnText) -> float:
    rows = _parts(task)[1]
    return len(task.tokenizer.decode(rows[:, 1:].ravel())) / rows[:, 1:].size


@memoize(maxsize=8)
def _counted(task: OwnText) -> Baseline:
    """The n-gram of the training part whose n is best on the validation part."""
    train, val, test = _parts(task)
    stream = np.concatenate([train[:, :-1].ravel(), train[-1, -1:]])
    table = ngram_table.fit(stream, len(task.tokenizer.symbols), ORDERS[task.units])
    found = {order: table.evaluate(val, order) for order in range(2, table.order + 1)}
    best = min(found, key=lambda order: found[order])
    (val_loss, val_accuracy), (test_loss, test_accuracy) = found[best], table.evaluate(test, best)
    followed = FOLLOWED[task.units].filled(count=best - 1)
    return Baseline(_("{order}-gram", order=best), followed, val_loss, test_loss, val_accuracy, test_accuracy)
