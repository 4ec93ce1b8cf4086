"""What a viewer can choose in a view, as plain data; a page makes widgets of it."""
from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Choice:
    """Something that a viewer can choose in a view; a page makes a widget of it.

    Attributes:
        key: what `choices` calls it.
        options: the values; where there is only one, nothing is asked.
        words: what each option is called.
        default: an option, the first where it is None.
    """

    key: str
    label: str
    options: tuple[Hashable, ...]
    words: tuple[str, ...]
    default: Hashable = None
    kind: Literal["select", "segments"] = "select"
    width: int = 280  # px

    def value(self, chosen: Any) -> Any:
        """`chosen` where it is an option, else the default."""
        if chosen in self.options:
            return chosen
        return self.options[0] if self.default is None else self.default

    def word(self, option: Hashable) -> str:
        return self.words[self.options.index(option)]


@dataclass(frozen=True)
class Range:
    """A number that a viewer can choose in a view: a slider."""

    key: str
    label: str
    low: float
    high: float
    step: float
    default: float
    help: str = ""
    form: str | None = None  # how its value is written, as `%d pixels`

    def value(self, chosen: Any) -> float:
        """`chosen` where it is a number in the range, else the default."""
        return chosen if isinstance(chosen, (int, float)) and self.low <= chosen <= self.high else self.default


@dataclass(frozen=True)
class Reseed:
    """A button that draws anew what is drawn by lot."""

    key: str
    label: str
    help: str

    def value(self, chosen: Any) -> None:
        """A button has none."""


Widget = Choice | Range | Reseed
