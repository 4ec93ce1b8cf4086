"""Whose run comes next: one of each owner in turn, so that two hundred runs of one keep nobody else waiting.

Knows no engine and no clock.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from dlviz.owners import is_seat_owner
from dlviz.runs.run import Run


def nobody(owner: str) -> bool:
    """Nobody goes before the others."""
    return False


def in_turn(queue: Sequence[Run], runs: Iterable[Run], first: Callable[[str], bool] = nobody) -> list[Run]:
    """The queue, round robin by owner: those with the fewest runs under way and before them come first.

    Args:
        queue: who waits, in the order of arrival or as this function gave it.
        runs: all runs, those under way among them.
        first: whether one run of this owner goes before all others, as a teacher's does while a class waits.
    """
    ahead = Counter(run.row.owner for run in runs if run.working)
    turns: list[tuple[bool, int]] = []
    for run in queue:
        turn = ahead[run.row.owner]
        turns.append((turn > 0 or not first(run.row.owner), turn))
        ahead[run.row.owner] += 1
    return [queue[index] for index in sorted(range(len(queue)), key=turns.__getitem__)]


def next_of(queue: Sequence[Run], runs: Iterable[Run], together: Callable[[str, str], bool]) -> Run | None:
    """Which of the queue may begin. In a class each seat trains one run at a time, but for those that are in lock-step.

    Args:
        queue: in the order of `in_turn`.
        runs: all runs, those under way among them.
        together: whether two runs, by their ids, are in lock-step.
    """
    working = [run for run in runs if run.working and is_seat_owner(run.row.owner)]
    return next((run for run in queue if all(other.row.owner != run.row.owner or together(run.id, other.id)
                                             for other in working)), None)
