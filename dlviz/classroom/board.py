"""The board: the best run of each learner within the budget, ranked, and why the others do not count. Plain values."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dlviz import network as net
from dlviz import tasks
from dlviz.classroom.model import Board, Seat
from dlviz.runs.info import RunInfo
from dlviz.studies.results import score

KNOWN = 2_000  # runs whose size is remembered
_sizes: dict[str, int] = {}


@dataclass(frozen=True)
class Standing:
    """A learner's best run.

    Attributes:
        accuracy: in validation, 0 to 1.
        test: on the test set, once the teacher has opened it.
        reason: why it does not count: "task", "parameters", "train_fraction", "seed", "late"; empty for who is ranked.
    """

    seat: Seat
    run: RunInfo
    parameters: int
    accuracy: float
    test: float | None
    reason: str = ""


def standings(board: Board, learners: Iterable[tuple[Seat, Sequence[RunInfo]]]) -> tuple[Standing, ...]:
    """The ranked first, the best of them on top; behind them those of whom no run counts."""
    found = [best for seat, runs in learners if (best := _best(board, seat, runs)) is not None]
    return tuple(sorted(found, key=lambda one: (bool(one.reason), -one.accuracy, one.run.created)))


def _best(board: Board, seat: Seat, runs: Sequence[RunInfo]) -> Standing | None:
    """The best run that counts, else the best that does not; the earlier one of two that are equally good."""
    scored = [(why_not(board, run), reached, run) for run in runs if (reached := score(run)) is not None]
    if not scored:
        return None
    reason, reached, run = max(scored, key=lambda one: (not one[0], one[1], -one[2].created))
    test = run.test_accuracy if board.opened and not reason else None
    return Standing(seat, run, size(run), reached, test, reason)


def why_not(board: Board, run: RunInfo) -> str:
    """What of the budget a run does not keep to; empty when it counts."""
    experiment = run.experiment
    if experiment.task.name != board.task:
        return "task"
    if board.parameters is not None and size(run) > board.parameters:
        return "parameters"
    if board.train_fraction is not None and experiment.training.train_fraction != board.train_fraction:
        return "train_fraction"
    if board.seed is not None and experiment.seed != board.seed:
        return "seed"
    return "late" if board.opened is not None and run.created > board.opened else ""


def size(run: RunInfo) -> int:
    """Parameters of the run's network."""
    if run.id not in _sizes:
        while len(_sizes) >= KNOWN:
            _sizes.pop(next(iter(_sizes)), None)
        task = tasks.get(run.experiment.task.name, run.experiment.task.fields)
        _sizes[run.id] = net.check(run.experiment.network, task.signature()).parameters
    return _sizes[run.id]
