"""What goes into a network of a task, as a person meets it: it decides how an input is shown, typed or drawn."""
from __future__ import annotations

from enum import StrEnum


class Modality(StrEnum):
    """The kind of a task's samples."""

    IMAGE = "image"  # pictures: shown as such, and drawn by hand
    TOKENS = "tokens"  # symbols in a row: shown and typed as words
    POINTS = "points"  # a few numbers of a point in the plane: shown as a place in it
    SERIES = "series"  # numbers step by step: typed as numbers, shown as a line, or as a picture where they are many

    GAME = "game"  # boards, or a few numbers, of a game on its way: shown as such, and played

    @property
    def over_time(self) -> bool:
        """Whether an input has steps, one after the other."""
        return self in (Modality.TOKENS, Modality.SERIES)
