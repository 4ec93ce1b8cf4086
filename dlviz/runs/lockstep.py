"""Runs in lock-step: all meet at the same step, and none goes on before the last has come. Knows no page.

A pack meets every `lead` steps. Each of its runs is told up to which step it may train (`Until`); the next
meeting is called when all have said that they are there, so at no moment is one more than `lead` ahead. Steps
of runs with unequal batches are compared by the samples that they have seen.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dlviz.runs.process.engine import Engine
from dlviz.runs.info import OVER
from dlviz.runs.run import Run
from dlviz.training.control import Until

LOOK = 0.4  # seconds at least between two meetings at which pictures are taken: all runs at the same step


def meeting(steps: Mapping[str, int], batches: Mapping[str, int], lead: int) -> int:
    """Number, from 1, of the next meeting of runs that have made so many `steps`."""
    samples = lead * max(batches.values())
    return min((step + 1) * batches[run] - 1 for run, step in steps.items()) // samples + 1


def limit(number: int, batch: int, batches: Mapping[str, int], lead: int) -> int:
    """The step where a run of this batch size comes to that meeting: `number * lead` with the largest."""
    return number * lead * max(batches.values()) // batch


@dataclass(eq=False)
class _Pack:
    batches: dict[str, int]  # run -> its batch size
    lead: int
    number: int = 0  # of the next meeting
    looked: float = 0.0
    look: bool = False

    def order(self, run: str) -> Until:
        return Until(limit(self.number, self.batches[run], self.batches, self.lead), self.look)


class Packs:
    """All packs of this server. Whoever calls holds the service's lock."""

    def __init__(self, engine: Engine, runs: Mapping[str, Run]) -> None:
        self._engine, self._runs = engine, runs
        self._of: dict[str, _Pack] = {}

    def form(self, runs: Sequence[str], lead: int, now: float) -> None:
        """These runs belong together from now on, and to no other pack."""
        self.release(runs)
        found = [self._runs[run] for run in runs if run in self._runs]
        if len(found) > 1:
            pack = _Pack({run.id: run.experiment.training.batch_size for run in found}, lead)
            self._of |= dict.fromkeys(pack.batches, pack)
            self._meet(pack, now)

    def release(self, runs: Sequence[str]) -> None:
        """Let each train as fast as it can."""
        for run in runs:
            pack = self._of.pop(run, None)
            if pack is not None:
                del pack.batches[run]
                self._post(run, Until(None))

    def orders(self, run: str) -> tuple[Until, ...]:
        """What a new process of the run is told before its first batch."""
        return (self._of[run].order(run),) if run in self._of else ()

    def heard(self, run: str, now: float) -> None:
        """The run may have come further, or have ended: see whether its pack can go on."""
        if run in self._of:
            self._meet(self._of[run], now)

    def tick(self, now: float) -> None:
        for pack in set(self._of.values()):
            self._meet(pack, now)

    def _meet(self, pack: _Pack, now: float) -> None:
        steps = {run: self._runs[run].row.step for run in pack.batches if self._waited_for(run)}
        number = meeting(steps, pack.batches, pack.lead) if steps else pack.number
        if number == pack.number:
            return
        pack.number, pack.look = number, now - pack.looked >= LOOK
        if pack.look:
            pack.looked = now
        for run in pack.batches:
            self._post(run, pack.order(run))

    def _waited_for(self, run: str) -> bool:
        """Not those that are over, nor those that wait for a place: the others may be holding it."""
        found = self._runs.get(run)
        return found is not None and found.gone is None and found.row.state not in (*OVER, "queued")

    def _post(self, run: str, order: Until) -> None:
        if run in self._runs and self._runs[run].live is not None:
            self._engine.post(run, order)
