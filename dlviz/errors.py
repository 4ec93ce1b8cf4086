"""The exceptions that a user may see. Each names the object, what was expected, what came and what to do."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlviz.translation import Words, _

MAX_SENTENCE = 500  # characters of what an error says, whatever a user typed


class DlvizError(Exception):
    """An error written for a person, in the language of whoever reads it.

    Args:
        what: the object at fault, as the user knows it ("Layer conv1 (Conv2d)").
        expected: what it takes or needs.
        came: what it was given instead.
        fix: what to do about it.
    """

    def __init__(self, what: Words, expected: Words, came: Words, fix: Words):
        super().__init__(what, expected, came, fix)

    @property
    def what(self) -> str:
        return self._parts[0]

    @property
    def expected(self) -> str:
        return self._parts[1]

    @property
    def came(self) -> str:
        return self._parts[2]

    @property
    def fix(self) -> str:
        return self._parts[3]

    @property
    def sentence(self) -> str:
        what, expected, came, fix = self._parts
        return str(_("{what} {expected}, but {came}. {fix}", what=what, expected=expected, came=came, fix=fix))

    @property
    def _parts(self) -> list[str]:
        return _shortened([str(part) for part in self.args])

    def __str__(self) -> str:
        return self.sentence


def _shortened(parts: list[str]) -> list[str]:
    """The parts of a sentence that fits: the longest, which repeats what a user typed, loses its middle first."""
    fitting, room = list(parts), MAX_SENTENCE - len("  , but . ")
    while (excess := sum(map(len, fitting)) - room) > 0:
        longest = max(range(len(fitting)), key=lambda index: len(fitting[index]))
        others = sorted(map(len, fitting))[-2]
        keep = max(len(fitting[longest]) - excess, min(others, room // len(parts)))
        fitting[longest] = _without_middle(fitting[longest], keep)
    return fitting


def _without_middle(text: str, most: int) -> str:
    head = (most - 3) * 2 // 3
    return f"{text[:head]}...{text[len(text) - (most - 3 - head):]}"


class SpecError(DlvizError):
    """A design that cannot be built, or a file or link that does not hold one."""


class LayerError(SpecError):
    """One layer that cannot work where it stands.

    Args:
        change: new values for fields of this very layer that would mend it, where there are any.
    """

    def __init__(self, what: Words, expected: Words, came: Words, fix: Words, change: Mapping[str, Any] | None = None):
        super().__init__(what, expected, came, fix)
        self.change = dict(change or {})

    def __reduce__(self):
        return type(self), (*self.args, self.change)


class TooLargeError(LayerError):
    """A design beyond the caps of `settings`: right in itself, but not for this server."""


class TaskError(DlvizError):
    """Data that is missing, damaged or out of reach, or an input that a task does not understand."""


class RunError(DlvizError):
    """A run that does not exist, or cannot do what was asked of it now."""


class ViewError(DlvizError):
    """A view that does not exist."""


class LessonError(DlvizError):
    """A lesson's file that cannot be read, or a lesson that does not exist."""


class ClassError(DlvizError):
    """A class that is not open, or a wish that somebody in it has no right to."""
