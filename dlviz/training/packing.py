"""Many small events joined to a few large ones, as they travel between processes. Knows no process."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np

from dlviz.training.events import GamesPlayed, Step, Steps

Other = TypeVar("Other")


def pack(events: Iterable[Step | Other]) -> list[Steps | Other]:
    """Join neighbouring Step events into Steps, and what was played in them; the order of everything else stays."""
    packed: list[Steps | Other] = []
    run: list[Step] = []
    played: list[GamesPlayed] = []

    def close() -> None:
        packed.extend([columns(run)] if run else [])
        packed.extend([joined(played)] if played else [])  # pyright: ignore[reportArgumentType] - it is one of Other
        run.clear()
        played.clear()

    for event in events:
        if isinstance(event, Step):
            run.append(event)
        elif isinstance(event, GamesPlayed):
            played.append(event)
        else:
            close()
            packed.append(event)
    close()
    return packed


def joined(parts: Sequence[GamesPlayed]) -> GamesPlayed:
    """One event of all these games, in order."""
    return GamesPlayed(*(np.concatenate([getattr(part, name) for part in parts])
                         for name in ("step", "returns", "length", "exploration")))


def columns(run: Sequence[Step]) -> Steps:
    """The columns of Step events, one value an event."""
    return Steps(np.array([s.step for s in run], np.int64), np.array([s.loss for s in run], np.float32),
                 np.array([s.accuracy for s in run], np.float32),
                 np.array([s.learning_rate for s in run], np.float32))
