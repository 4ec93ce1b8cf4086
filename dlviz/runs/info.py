"""What pages are told about a run: frozen values, safe to keep. Knows no process and no store."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from dlviz.spec import Experiment
from dlviz.training import events as ev
from dlviz.training.history import GAME_COLUMNS

State = Literal["queued", "starting", "training", "paused", "done", "stopped", "diverged", "failed"]
OVER = ("done", "stopped", "diverged", "failed")  # nothing happens any more by itself


@dataclass(frozen=True)
class Origin:
    """Where the first weights of a run come from; see `network.transfer.Transfer` for the layers."""

    run: str  # its id; it may have been deleted since
    name: str  # as it was called then
    step: int  # how many updates were behind the weights
    taken: tuple[str, ...]
    changed: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunInfo:
    """One run as a list shows it. Metrics are None until there are some."""

    id: str
    owner: str
    name: str
    created: float  # seconds since 1970
    updated: float
    state: State
    sentence: str  # why it is in this state, where that needs saying; else empty
    experiment: Experiment
    step: int
    planned_steps: int  # 0 until a process has counted them
    position: int | None  # in the queue, from 1
    loss: float | None  # of the last batch
    accuracy: float | None
    val_loss: float | None
    val_accuracy: float | None
    best_val_accuracy: float | None
    test_accuracy: float | None
    parent: str | None  # the run that this one was made from
    note: str
    origin: Origin | None = None  # of a run that began with another one's weights
    sealed: bool = False  # whether its test result may not be read yet; see `runs.sealing`
    node: str = ""  # the computer that trains it, where there are several

    @property
    def over(self) -> bool:
        return self.state in OVER


@dataclass(frozen=True)
class Snapshot:
    """A run as it is now, with the curve after a step that the caller has already.

    Args:
        train: columns `step`, `loss`, `accuracy`, `learning_rate` after step `since`; the caller's own.
        revision: grows when the end of the curve was taken back (a lost process goes on from its checkpoint);
            a caller whose revision is older asks again with `since=0`.
        samples_per_second, seconds_left: measured over the last seconds; None unless training.
        games: columns of the games that ended after step `since`; see `events.GamesPlayed`.
        epoch: that of the last step, from 1; 0 before a process has begun.
        health: each layer's, at moments spread over the run so far.
    """

    info: RunInfo
    step: int
    revision: int
    train: Mapping[str, np.ndarray]
    evaluations: tuple[ev.Evaluated, ...]
    marks: tuple[ev.Changed, ...]
    captured: ev.Captured | None
    confusion: np.ndarray | None  # int32 (classes, classes), rows are the truth
    mistakes: tuple[ev.Mistake, ...]
    samples_per_second: float | None
    seconds_left: float | None
    paused: bool
    ended: ev.Ended | None
    epoch: int
    health: tuple[ev.Health, ...] = ()
    clipped: tuple[ev.Clipped, ...] = ()
    td_errors: tuple[ev.TDErrors, ...] = ()
    free_running: tuple[ev.FreeRunning, ...] = ()  # on validation; the last of a finished run on test
    started: ev.Started | None = None  # of its newest process; None until one has begun
    games: Mapping[str, np.ndarray] = field(default_factory=lambda: {name: np.empty(0, kind)
                                                                     for name, kind in GAME_COLUMNS.items()})
    at: int | None = None  # the step that it is looked back at; None for now
