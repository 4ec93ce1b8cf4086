"""A run's past as plain columns with one writer, `History.apply`. Knows no process, no store, no page."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dlviz.training import events as ev
from dlviz.training import packing, retention


class Column:
    """An array that grows at its end; appending a block costs amortised constant time a value."""

    def __init__(self, dtype: type[np.number[Any]]) -> None:
        self._data: np.ndarray = np.empty(1024, dtype)
        self._size = 0

    def extend(self, values: np.ndarray) -> None:
        need = self._size + len(values)
        if need > len(self._data):
            grown = np.empty(max(need, 2 * len(self._data)), self._data.dtype)
            grown[:self._size] = self._data[:self._size]
            self._data = grown
        self._data[self._size:need] = values
        self._size = need

    def cut(self, size: int) -> None:
        self._size = min(self._size, size)

    @property
    def values(self) -> np.ndarray:
        """A read-only view of what is there now; later growth does not change it."""
        view = self._data[:self._size]
        view.flags.writeable = False
        return view

    def __len__(self) -> int:
        return self._size


GAME_COLUMNS = {"step": np.int64, "returns": np.float32, "length": np.int32, "exploration": np.float32}
TRAIN_COLUMNS = {"step": np.int64, "loss": np.float32, "accuracy": np.float32, "learning_rate": np.float32}


@dataclass
class History:
    """Curves, marks and the latest pictures of one run.

    Columns: `train["step" | "loss" | "accuracy" | "learning_rate"]`, one value an update; `games` as in `GamesPlayed`,
    one value a game, of a run that learns from games.
    """

    train: dict[str, Column] = field(default_factory=lambda: {n: Column(t) for n, t in TRAIN_COLUMNS.items()})
    games: dict[str, Column] = field(default_factory=lambda: {n: Column(t) for n, t in GAME_COLUMNS.items()})
    evaluations: list[ev.Evaluated] = field(default_factory=list)  # only the last keeps its details
    marks: list[ev.Changed] = field(default_factory=list)
    clipped: list[ev.Clipped] = field(default_factory=list)
    td_errors: list[ev.TDErrors] = field(default_factory=list)
    free_running: list[ev.FreeRunning] = field(default_factory=list)
    started: ev.Started | None = None
    captured: ev.Captured | None = None
    health: list[ev.Health] = field(default_factory=list)  # by step; thinned, so that it stays small
    ended: ev.Ended | None = None
    paused: bool = False

    @property
    def step(self) -> int:
        steps = self.train["step"]
        return int(steps.values[-1]) if len(steps) else (self.started.step if self.started else 0)

    def apply(self, event: ev.Event) -> None:
        """Take in one event. The only writer."""
        match event:
            case ev.Step():
                self._extend(packing.columns([event]))
            case ev.Steps():
                self._extend(event)
            case ev.GamesPlayed():
                for name, column in self.games.items():
                    column.extend(getattr(event, name))
            case ev.Evaluated():
                self._evaluated(event)
            case ev.Changed():
                self.marks.append(event)
            case ev.Clipped():
                self.clipped.append(event)
            case ev.TDErrors():
                self.td_errors.append(event)
            case ev.FreeRunning():
                self.free_running.append(event)
            case ev.Captured():
                self.captured = event
            case ev.Health():
                self._looked(event)
            case ev.Paused() | ev.Resumed():
                self.paused = isinstance(event, ev.Paused)
            case ev.Started():
                self._started(event)
            case ev.Ended():
                self.ended, self.paused = event, False
            case (ev.Progressed() | ev.RateFound() | ev.TrialsCompared() | ev.ThreadsChanged() | ev.QueryResult()
                  | ev.Checkpointed()):
                pass  # no part of a run's past

    def _extend(self, steps: ev.Steps) -> None:
        for name, column in self.train.items():
            column.extend(getattr(steps, name))

    def _evaluated(self, event: ev.Evaluated) -> None:
        if self.evaluations:
            last = self.evaluations[-1]
            self.evaluations[-1] = ev.Evaluated(last.step, last.val_loss, last.val_accuracy, last.samples)
        self.evaluations.append(event)

    def _looked(self, event: ev.Health) -> None:
        self.health.append(event)
        if len(self.health) > retention.LIMIT:
            del self.health[retention.most_redundant([moment.step for moment in self.health])]

    def _started(self, event: ev.Started) -> None:
        """A process that goes on from a checkpoint repeats what came after it: forget that part."""
        for columns in (self.train, self.games):
            keep = int(np.searchsorted(columns["step"].values, event.step, side="right"))
            for column in columns.values():
                column.cut(keep)
        self.evaluations = [e for e in self.evaluations if e.step <= event.step]
        self.marks = [m for m in self.marks if m.step <= event.step + 1]
        self.health = [moment for moment in self.health if moment.step <= event.step]
        self.clipped = [c for c in self.clipped if c.step <= event.step]
        self.td_errors = [record for record in self.td_errors if record.step <= event.step]
        self.free_running = [f for f in self.free_running if f.step <= event.step and f.split == "val"]
        self.started, self.ended, self.paused = event, None, False
