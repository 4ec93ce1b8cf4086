"""Test results that are sealed: whose, of which runs, as long as a rule says so. Knows no class and no lesson.

Whoever holds a reason to seal (a class's board, a lesson) adds a rule; the service asks all of them whenever it tells
of a run, so that no page can show what is sealed.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dlviz.runs.info import RunInfo, Snapshot

Sealed = Callable[[RunInfo], bool]
Rule = Callable[[str], Sealed | None]  # of an owner: which of their runs are sealed; None for none at all


class Seals:
    """The rules of one service. A sealed run has no test accuracy, and says so: `RunInfo.sealed`."""

    def __init__(self) -> None:
        self._rules: tuple[Rule, ...] = ()

    def add(self, rule: Rule) -> None:
        self._rules = (*self._rules, rule)

    def infos(self, owner: str, found: tuple[RunInfo, ...]) -> tuple[RunInfo, ...]:
        """Runs of one owner, without what is sealed of them."""
        hold = [sealed for rule in self._rules if (sealed := rule(owner)) is not None]
        if not hold:
            return found
        return tuple(replace(info, test_accuracy=None, sealed=True) if any(sealed(info) for sealed in hold) else info
                     for info in found)

    def info(self, found: RunInfo) -> RunInfo:
        return self.infos(found.owner, (found,))[0]

    def snapshot(self, found: Snapshot) -> Snapshot:
        """A run with its curve; none of what it reached on the test split where that is sealed."""
        info = self.info(found.info)
        if not info.sealed:
            return found
        ended = found.ended and replace(found.ended, test_loss=None, test_accuracy=None)
        return replace(found, info=info, ended=ended,
                       free_running=tuple(one for one in found.free_running if one.split != "test"))
