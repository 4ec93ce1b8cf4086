"""Dates as people write them, translated into the one form that computers like."""
from __future__ import annotations

import datetime
import re
from typing import ClassVar

import numpy as np
from pydantic import Field

from dlviz.tasks.sequence import SampleBatch
from dlviz.tasks.stepwise import Translating
from dlviz.translation import _, _n

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
          "november",
          "december")
SPACE, PAD = "_", "·"  # how a space and an empty place are shown
FORMS = ("{day} {month} {year}", "{month} {day}, {year}", "{day:02}.{number:02}.{year}",
         "{short} {day} {late:02}",
         "{year}/{number}/{day}")
FIRST, DAYS = datetime.date(1950, 1, 1), 36_525  # a hundred years, so that two digits name one year only


class Dates(Translating):
    """Dates written in five ways become YYYY-MM-DD, one character after the other."""

    forms: int = Field(default=len(FORMS), ge=1, le=len(FORMS), description="In how many ways the dates are written.")
    name: ClassVar[str] = "dates"
    classes: ClassVar[tuple[str, ...]] = tuple("0123456789-")
    title: ClassVar[str] = "Translate dates"
    stands_for: ClassVar[str] = ("Machine translation: the parts come in another order and other words, and "
                                 "every part counts.")
    limits: ClassVar[str] = ("A language has a million words and many right answers; a date has eleven "
                             "symbols and one.")
    metric: ClassVar[str] = "dates translated without a mistake"
    pinned: ClassVar[int] = 1  # 14 september 2011: a month that has to be translated

    @property
    def symbols(self) -> tuple[str, ...]:
        return (PAD, SPACE, *"0123456789,./", *sorted(set("".join(MONTHS))))

    @property
    def example(self) -> str:
        return written(datetime.date(1998, 3, 12), 0)

    @property
    def source_length(self) -> int:
        return len("september 30, 1998")

    @property
    def answer_length(self) -> int:
        return len("1998-09-30")

    def draw(self, random: np.random.Generator, count: int) -> SampleBatch:
        days, forms = random.integers(0, [[DAYS], [self.forms]], (2, count))
        dates = [FIRST + datetime.timedelta(days=int(day)) for day in days]
        sources = [self._padded(written(date, form)) for date, form in zip(dates, forms)]
        return self.teacher_forcing(_table(sources, self.symbols),
                           _table([date.isoformat() for date in dates], self.classes))

    def same(self, drawn: SampleBatch) -> tuple[np.ndarray, ...]:
        return (drawn.targets,)  # a date that is judged was never seen in any form

    def _padded(self, text: str) -> str:
        return text.replace(" ", SPACE).ljust(self.source_length, PAD)

    def parse(self, text: str) -> tuple[np.ndarray, ...]:
        text = " ".join(text.lower().split())
        self.tokens(text.replace(" ", SPACE))
        if not 6 <= len(text) <= self.source_length:
            raise self.refuse(_("takes dates of 6 to {source_length} characters", source_length=self.source_length),
                              _n("{count} was typed", "{count} were typed", count=len(text)))
        return self.free_running(self.tokens(self._padded(text)))

    def solve(self, inputs: tuple[np.ndarray, ...]) -> np.ndarray | None:
        text = "".join(self.symbols[token] for token in inputs[0]).rstrip(PAD).replace(SPACE, " ")
        date = next((date for form in range(len(FORMS)) if (date := meant(text, form))), None)
        return _table([date.isoformat()], self.classes)[0] if date else None


def written(date: datetime.date, form: int) -> str:
    """A date in one of the forms, in lower case."""
    month = MONTHS[date.month - 1]
    return FORMS[form].format(day=date.day, number=date.month, month=month, short=month[:3], year=date.year,
                              late=date.year % 100)


def meant(text: str, form: int) -> datetime.date | None:
    """The date that a text in this form means; None where it is none."""
    match = re.fullmatch(_PATTERNS[form], text)
    if not match:
        return None
    parts = match.groupdict()
    word = parts.get("month") or parts.get("short")
    named = [number for number, month in enumerate(MONTHS, 1) if word in (month, month[:3])]
    month = named[0] if named else int(parts.get("number", 0))
    year = int(parts["year"]) if "year" in parts else _century(int(parts["late"])) + int(parts["late"])
    try:
        return datetime.date(year, month, int(parts["day"]))
    except ValueError:
        return None


def _century(late: int) -> int:
    return 1900 if late >= FIRST.year % 100 else 2000


_PIECES = {"day": r"\d{1,2}", "day:02": r"\d{2}", "number": r"\d{1,2}", "number:02": r"\d{2}",
           "month": "[a-z]+",
           "short": "[a-z]{3}", "year": r"\d{4}", "late:02": r"\d{2}"}
_PATTERNS = [re.sub(r"\{(\w+)(:02)?\}", lambda piece: f"(?P<{piece[1]}>{_PIECES[piece[0][1:-1]]})",
                    form.replace(".", r"\."))
             for form in FORMS]


def _table(texts: list[str], symbols: tuple[str, ...]) -> np.ndarray:
    """Texts of one length as tokens `(N, T)` int64."""
    known = {symbol: token for token, symbol in enumerate(symbols)}
    return np.array([[known[symbol] for symbol in text] for text in texts], np.int64)
