"""Whether a run finds a place on this computer: its memory and its cores. Plain functions of the runs there are."""
from __future__ import annotations

from collections.abc import Iterable

from dlviz.runs.process import limits
from dlviz.runs.process.cores import cores
from dlviz.runs.run import Run


def fits(run: Run, runs: Iterable[Run]) -> bool:
    """Whether the computer has memory for it beside those that have a process, paused ones too."""
    return run.worker is not None or limits.fits(run.memory,
                                               sum(other.memory for other in runs if other.worker is not None))


def threads(runs: Iterable[Run]) -> int:
    """All cores for one alone; never more threads than cores, or all are ten times as slow."""
    return max(1, cores() // max(1, sum(run.working for run in runs)))
