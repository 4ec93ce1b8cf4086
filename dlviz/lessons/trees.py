"""What a tick says, as a tree: clauses of facts, facts of expressions. Plain frozen values, read by `expressions`."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Operator = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True)
class Number:
    value: float


@dataclass(frozen=True)
class Word:
    """A word of the list, of the run or event that is looked at, or of one `earlier`."""

    name: str
    earlier: bool = False


@dataclass(frozen=True)
class Literally:
    """A value that is a text: `done` in `state = done`."""

    text: str


@dataclass(frozen=True)
class Sum:
    operator: Literal["+", "-", "*", "/"]
    left: Expression
    right: Expression


Expression = Number | Word | Literally | Sum


@dataclass(frozen=True)
class Compared:
    operator: Operator
    left: Expression
    right: Expression


@dataclass(frozen=True)
class SameBut:
    """An earlier run differs in this one thing, which is now lower or higher, where that is said."""

    part: str
    direction: Literal["", "lower", "higher"] = ""


@dataclass(frozen=True)
class Joined:
    operator: Literal["and", "or"]
    parts: tuple[Fact, ...]


@dataclass(frozen=True)
class Negated:
    fact: Fact


Fact = Word | Compared | SameBut | Joined | Negated


@dataclass(frozen=True)
class Clause:
    fact: Fact
    times: int = 1


@dataclass(frozen=True)
class Tick:
    """What has to have happened. `text` is as the lesson has it."""

    text: str
    clauses: tuple[Clause, ...]
