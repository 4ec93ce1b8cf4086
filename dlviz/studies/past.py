"""What a search has tried so far: the values of each run, and how well it did at each part of an epoch."""
from __future__ import annotations

from collections.abc import Sequence

from dlviz.runs.info import RunInfo
from dlviz.runs.service import RunService
from dlviz.spec import Scalar
from dlviz.studies import results
from dlviz.studies.search import TrialRecord
from dlviz.studies.study import Study

PARTS = 5  # of an epoch: evaluations of runs with unequal batches are compared at these


def past_of(runs: RunService, study: Study, infos: Sequence[RunInfo | None]) -> list[TrialRecord]:
    """One a run, in the study's order. `infos` are its runs as they are now, None for one that was deleted."""
    return [_trial(runs, member.values, info) for member, info in zip(study.members, infos)]


def _trial(runs: RunService, values: tuple[Scalar, ...], info: RunInfo | None) -> TrialRecord:
    if info is None:
        return TrialRecord(values, 0.0)
    if not info.planned_steps:
        return TrialRecord(values, 0.0 if info.over else None)
    each = max(1, info.planned_steps // info.experiment.training.epochs)
    judged = {round(PARTS * e.step / each): e.val_accuracy
              for e in runs.snapshot(info.id, info.step).evaluations}
    return TrialRecord(values, (results.score(info) or 0.0) if info.over else None, judged)
