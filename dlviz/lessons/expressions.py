"""The language of ticks: a closed list of words with operators, read into a tree. Never Python; knows no run.

    tick    = clause {"then" clause}                   in this order, by different runs or events
    clause  = either [","] ["twice" | NUMBER "times"]
    either  = both {"or" both};  both = fact {"and" fact}
    fact    = "not" fact | "(" either ")" | WORD | "same" "but" WORD ["lower" | "higher"] | sum OPERATOR sum
    sum     = product {("+" | "-") product};  product = value {("*" | "x" | "/") value}
    value   = NUMBER ["%"] | ["earlier"] WORD | "(" sum ")"
    OPERATOR is one of  =  !=  <  <=  >  >=

`dlviz.lessons.words` has the words and says what each means.
"""
from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Literal

from dlviz.errors import LessonError
from dlviz.lessons.trees import (
    Clause,
    Compared,
    Expression,
    Fact,
    Joined,
    Literally,
    Negated,
    Number,
    SameBut,
    Sum,
    Tick,
    Word,
)
from dlviz.translation import Words, _

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
MAX_TICK = 400  # characters
DEEPEST = 5  # brackets within brackets
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?|\.\d+)|([A-Za-z_][\w]*)|(<=|>=|!=|[=<>+\-*/%(),]))")


class Vocabulary:
    """The words that may be used: `numbers` and `texts` have values, `facts` are true or false, `parts` can differ."""

    def __init__(self, numbers: Iterable[str], texts: dict[str, tuple[str, ...]], facts: Iterable[str],
                 parts: Iterable[str]) -> None:
        self.numbers, self.texts, self.facts, self.parts = set(numbers), texts, set(facts), set(parts)

    @property
    def words(self) -> set[str]:
        return self.numbers | set(self.texts) | self.facts


def nearest(word: str, known: Iterable[str]) -> Words:
    """What to say of a word that is not known: the nearest that is, else all of them."""
    known = sorted(known)
    close = difflib.get_close_matches(word.lower(), known, 1, 0.5)
    return _("Did you mean {word}?", word=close[0]) if close else _("Choose one of: {words}.", words=", ".join(known))


def parse_tick(text: str, vocabulary: Vocabulary) -> Tick:
    """Read a tick. LessonError, with the nearest word that is known, for anything that is none."""
    return _Parser(text, vocabulary).tick()


def parse_sum(text: str, vocabulary: Vocabulary) -> Expression:
    """Read what gives a number. LessonError as above."""
    parser = _Parser(text, vocabulary)
    found = parser.sum()
    parser.finish()
    return found


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise LessonError(_("The tick {text!r}", text=text), _("must be made of words, numbers and operators"),
                              _("it has {strip!r}", strip=text[at:].strip()[0]), _("Take that sign out."))
        found.append(match.group(0).strip())
        at = match.end()
    return found


class _Parser:
    """One pass from left to right, a method a rule."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        if len(text) > MAX_TICK:
            raise LessonError(_("A tick"), _("must have {most} characters at most", most=MAX_TICK),
                              _("this one has {count}", count=len(text)), _("Make two steps of it."))
        self._text, self._known = " ".join(text.split()), vocabulary
        self._tokens, self._at, self._depth = _tokens(text), 0, 0

    def tick(self) -> Tick:
        clauses = [self._clause()]
        while self._take("then"):
            clauses.append(self._clause())
        self.finish()
        return Tick(self._text, tuple(clauses))

    def finish(self) -> None:
        if self._at < len(self._tokens):
            raise self._unexpected("and, or, then, twice, or its end")

    def _clause(self) -> Clause:
        fact = self._either()
        self._take(",")
        if self._take("twice"):
            return Clause(fact, 2)
        if self._peek().isdigit() and self._peek(1) == "times":
            times = int(self._next())
            self._next()
            return Clause(fact, max(1, times))
        return Clause(fact)

    def _either(self) -> Fact:
        return self._joined("or", self._both)

    def _both(self) -> Fact:
        return self._joined("and", self._fact)

    def _joined(self, operator: Literal["and", "or"], part: Callable[[], Fact]) -> Fact:
        parts = [part()]
        while self._take(operator):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Joined(operator, tuple(parts))

    def _fact(self) -> Fact:
        if self._take("not"):
            return Negated(self._fact())
        if self._peek() == "same":
            return self._same_but()
        if self._peek() == "(" and (grouped := self._grouped()) is not None:
            return grouped
        if self._peek() in self._known.facts:
            return Word(self._next())
        return self._compared()

    def _grouped(self) -> Fact | None:
        """What stands in brackets, where it is a fact; they may hold a sum as well."""
        start = self._at
        try:
            with self._deeper():
                self._next()
                fact = self._either()
                self._expect(")")
        except LessonError:
            fact = None
        if fact is None or self._peek() in (*COMPARISONS, "+", "-", "*", "/", "x"):
            self._at = start
            return None
        return fact

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self._depth += 1
        if self._depth > DEEPEST:
            raise LessonError(_("The tick {text!r}", text=self._text),
                              _("must have brackets {most} deep at most", most=DEEPEST), _("it has more"),
                              _("Take some out."))
        yield
        self._depth -= 1

    def _same_but(self) -> Fact:
        self._next()
        self._expect("but")
        part = self._next()
        if part not in self._known.parts:
            raise self._unknown(part, self._known.parts, "says after 'same but' what may differ")
        direction = self._next() if self._peek() in ("lower", "higher") else ""
        return SameBut(part, direction)  # pyright: ignore[reportArgumentType]  # one of the three

    def _compared(self) -> Fact:
        left = self.sum()
        operator = self._peek()
        if operator not in COMPARISONS:
            raise self._unexpected("one of = != < <= > >=")
        self._next()
        if isinstance(left, Word) and left.name in self._known.texts:
            return Compared(operator, left, self._literal(left.name))  # pyright: ignore[reportArgumentType]
        return Compared(operator, left, self.sum())  # pyright: ignore[reportArgumentType]

    def _literal(self, word: str) -> Literally:
        values, text = self._known.texts[word], self._next()
        if values and text not in values:
            raise self._unknown(text, values, f"names a {word} that there is")
        return Literally(text)

    def sum(self) -> Expression:
        found = self._product()
        while self._peek() in ("+", "-"):
            operator = self._next()
            found = Sum(operator, found, self._product())  # pyright: ignore[reportArgumentType]
        return found

    def _product(self) -> Expression:
        found = self._value()
        while self._peek() in ("*", "x", "/"):
            operator = self._next().replace("x", "*")
            found = Sum(operator, found, self._value())  # pyright: ignore[reportArgumentType]
        return found

    def _value(self) -> Expression:
        if self._take("("):
            with self._deeper():
                found = self.sum()
                self._expect(")")
            return found
        token = self._next()
        if re.match(r"[\d.]", token):
            return Number(float(token) / (100 if self._take("%") else 1))
        earlier = token == "earlier"
        name = self._next() if earlier else token
        if name not in self._known.numbers | set(self._known.texts):
            raise self._unknown(name, self._known.words, "uses words of the list")
        return Word(name, earlier)

    # tokens

    def _peek(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        if not token:
            raise self._unexpected("a word or a number")
        self._at += 1
        return token

    def _take(self, token: str) -> bool:
        found = self._peek() == token
        self._at += found
        return found

    def _expect(self, token: str) -> None:
        if not self._take(token):
            raise self._unexpected(repr(token))

    def _unexpected(self, needed: str) -> LessonError:
        found = repr(self._peek()) if self._peek() else "its end"
        return LessonError(_("The tick {text!r}", text=self._text),
                           _("needs {needed} at its word {at}", needed=needed, at=self._at + 1),
                           _("there is {found}", found=found), _("Correct it there."))

    def _unknown(self, word: str, known: Iterable[str], expected: Words) -> LessonError:
        return LessonError(_("The tick {text!r}", text=self._text), expected, _("{word!r} is none", word=word),
                           nearest(word, known))
