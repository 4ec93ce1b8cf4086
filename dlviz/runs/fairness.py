"""Whose run comes next: one of each owner in turn, so that two hundred runs of one keep nobody else waiting.

Knows no engine and no clock.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from dlviz.runs.run import Run


def in_turn(queue: Sequence[Run], runs: Iterable[Run]) -> list[Run]:
    """The queue, round robin by owner: those with the fewest runs under way and before them come first.

    Args:
        queue: who waits, in the order of arrival or as this function gave it.
        runs: all runs, those under way among them.
    """
    ahead = Counter(run.row.owner for run in runs if run.working)
    turns = []
    for run in queue:
        turns.append(ahead[run.row.owner])
        ahead[run.row.owner] += 1
    return [queue[index] for index in sorted(range(len(queue)), key=turns.__getitem__)]
