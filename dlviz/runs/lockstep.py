"""Runs in lock-step: all meet at the same step, and none goes on before the last has come. Knows no page.

A pack meets every `lead` steps. Each of its runs is told up to which step it may train (`HoldAt`); the next
meeting is called when all have said that they are there, so at no moment is one more than `lead` ahead. Steps
of runs with unequal batches are compared by the samples that they have seen.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dlviz.runs.info import OVER
from dlviz.runs.process.engine import Engine
from dlviz.runs.run import Run
from dlviz.training.control import HoldAt

CAPTURE_INTERVAL = 0.4  # seconds at least between two meetings at which pictures are taken: all runs at the same step


def meeting(steps: Mapping[str, int], batches: Mapping[str, int], lead: int) -> int:
    """Number, from 1, of the next meeting of runs that have made so many `steps`."""
    samples = lead * max(batches.values())
    return min((step + 1) * batches[run] - 1 for run, step in steps.items()) // samples + 1


def limit(number: int, batch: int, batches: Mapping[str, int], lead: int) -> int:
    """The step where a run of this batch size comes to that meeting: `number * lead` with the largest."""
    return number * lead * max(batches.values()) // batch


@dataclass(eq=False)
class _LockstepGroup:
    batches: dict[str, int]  # run -> its batch size
    lead: int
    number: int = 0  # of the next meeting
    captured_at: float = 0.0
    capture: bool = False

    def order(self, run: str) -> HoldAt:
        return HoldAt(limit(self.number, self.batches[run], self.batches, self.lead), self.capture)


class LockstepGroups:
    """All packs of this server. Whoever calls holds the service's lock."""

    def __init__(self, engine: Engine, runs: Mapping[str, Run]) -> None:
        self._engine, self._runs = engine, runs
        self._group_of: dict[str, _LockstepGroup] = {}

    def form(self, runs: Sequence[str], lead: int | None, now: float) -> None:
        """These runs belong together from now on, and to no other pack; without a lead to none."""
        self.release(runs)
        if lead is None:
            return
        found = [self._runs[run] for run in runs if run in self._runs]
        if len(found) > 1:
            group = _LockstepGroup({run.id: run.experiment.training.batch_size for run in found}, lead)
            self._group_of |= dict.fromkeys(group.batches, group)
            self._meet(group, now)

    def release(self, runs: Sequence[str]) -> None:
        """Let each train as fast as it can."""
        for run in runs:
            group = self._group_of.pop(run, None)
            if group is not None:
                del group.batches[run]
                self._post(run, HoldAt(None))

    def together(self, run: str, other: str) -> bool:
        """Whether these two are in one pack."""
        return run in self._group_of and self._group_of[run] is self._group_of.get(other)

    def orders(self, run: str) -> tuple[HoldAt, ...]:
        """What a new process of the run is told before its first batch."""
        return (self._group_of[run].order(run),) if run in self._group_of else ()

    def update(self, run: str, now: float) -> None:
        """The run may have come further, or have ended: see whether its pack can go on."""
        if run in self._group_of:
            self._meet(self._group_of[run], now)

    def tick(self, now: float) -> None:
        for group in set(self._group_of.values()):
            self._meet(group, now)

    def _meet(self, group: _LockstepGroup, now: float) -> None:
        steps = {run: self._runs[run].row.step for run in group.batches if self._takes_part(run)}
        number = meeting(steps, group.batches, group.lead) if steps else group.number
        if number == group.number:
            return
        group.number, group.capture = number, now - group.captured_at >= CAPTURE_INTERVAL
        if group.capture:
            group.captured_at = now
        for run in group.batches:
            self._post(run, group.order(run))

    def _takes_part(self, run: str) -> bool:
        """Not those that are over, nor those that wait for a place: the others may be holding it."""
        found = self._runs.get(run)
        return found is not None and not found.gone and found.row.state not in (*OVER, "queued")

    def _post(self, run: str, order: HoldAt) -> None:
        if run in self._runs and self._runs[run].worker is not None:
            self._engine.post(run, order)
