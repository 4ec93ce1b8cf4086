"""Attributes of dataclasses that are written as words and read in the language of whoever reads them."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from dlviz.translation import Words

Kind = TypeVar("Kind")


class Worded:
    """An attribute of a dataclass that is written as words and read as a `str` in the current language."""

    def __init__(self, name: str):
        self._name = name

    def __get__(self, owner: object, kind: type | None = None) -> str:
        return str(vars(owner)[self._name])

    def __set__(self, owner: object, words: Words) -> None:
        vars(owner)[self._name] = words


class WordedLines:
    """Several of them in an attribute: a tuple."""

    def __init__(self, name: str):
        self._name = name

    def __get__(self, owner: object, kind: type | None = None) -> tuple[str, ...]:
        return tuple(map(str, vars(owner)[self._name]))

    def __set__(self, owner: object, lines: Sequence[Words]) -> None:
        vars(owner)[self._name] = tuple(lines)


def worded(kind: type[Kind]) -> type[Kind]:
    """Of a dataclass: its attributes that are annotated `Worded` or `WordedLines` are so from now on."""
    for name, annotation in kind.__annotations__.items():
        if descriptor := {"Worded": Worded, "WordedLines": WordedLines}.get(annotation):
            setattr(kind, name, descriptor(name))
    return kind
