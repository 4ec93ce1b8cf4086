"""A line of a lesson's file, for what is said of it."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from dlviz.errors import DlvizError, LessonError
from dlviz.lessons.expressions import nearest
from dlviz.translation import Words, _

Value = TypeVar("Value")


@dataclass(frozen=True)
class FilePlace:
    """Where something stands: the file's name and the line, from 1."""

    name: str
    line: int

    def at(self, line: int) -> FilePlace:
        """Another line of the same file."""
        return FilePlace(self.name, line)

    def wrong(self, what: Words, expected: Words, came: Words, fix: Words) -> LessonError:
        return LessonError(_("{name}, line {line}: {what}", name=self.name, line=self.line, what=what), expected, came,
                           fix)

    def checked(self, read: Callable[[], Value]) -> Value:
        """What `read` gives; what it raises says where."""
        try:
            return read()
        except DlvizError as error:
            raise self.wrong(error.what[:1].lower() + error.what[1:], error.expected, error.came, error.fix) from error

    def known(self, word: str, words: Iterable[str], noun: str) -> str:
        """The word, where it is one of these."""
        words = list(words)
        if word not in words:
            raise self.wrong(_("the {noun} {word!r}", noun=noun, word=word[:60]), _("is one that there is"),
                             _("it is none"), nearest(word, words))
        return word
