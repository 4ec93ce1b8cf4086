"""One run in the server's memory: its row, its history, its viewers. Takes in events; decides nothing.

Knows no engine, no store and no lock: whoever holds it holds the service's lock.
"""
from __future__ import annotations

import json
import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from dlviz.runs.info import OVER, Origin, RunInfo, Snapshot, State
from dlviz.runs.process import limits
from dlviz.runs.storage.store import RunRow
from dlviz.runs.watches import WatchUnion
from dlviz.spec import Experiment, from_json
from dlviz.training import events as ev
from dlviz.training.control import Message
from dlviz.training.history import History

WINDOW = 3.0  # seconds over which speed is measured


class Speed:
    """Updates a second, from when their news came in."""

    def __init__(self) -> None:
        self._points: deque[tuple[float, int]] = deque()

    def add(self, now: float, step: int) -> None:
        self._points.append((now, step))
        while len(self._points) > 2 and self._points[0][0] < now - WINDOW:
            self._points.popleft()

    def clear(self) -> None:
        self._points.clear()

    @property
    def steps_per_second(self) -> float | None:
        if len(self._points) < 2 or self._points[-1][0] <= self._points[0][0]:
            return None
        (t0, s0), (t1, s1) = self._points[0], self._points[-1]
        return (s1 - s0) / (t1 - t0)


@dataclass
class WorkerState:
    """What is only true while a process has the run."""

    beat: float | None = None  # when it was last heard; None before its first word
    seq: int = -1  # number of its last event
    threads: int = 0
    node: str = ""  # the computer that it is on, if not the server's
    gpu: float = 0.0  # the part of one that is reserved for it
    released: bool = False  # we are ending it, since it was paused for long
    hung: bool = False  # we are ending it, since it no longer answers
    over: bool = False  # its loop has ended, so the process is about to
    stop_by: float | None = None  # when a run that was told to stop is ended by force


@dataclass(eq=False)
class Run:
    """Everything about one run. `history` is None until somebody needs it."""

    row: RunRow
    history: History | None = None
    worker: WorkerState | None = None
    watches: WatchUnion = field(default_factory=WatchUnion)
    speed: Speed = field(default_factory=Speed)
    revision: int = 0
    news: list[ev.Event] = field(default_factory=list)  # not yet in the store
    dirty: bool = False  # the row has changed since it was stored
    reason: str = ""  # why it goes on from a checkpoint; becomes the sentence once it does
    without_room: bool = False  # it waits for the disk
    go: list[Message] = field(default_factory=list)  # what to tell the loop when the run gets its place
    steer: Message | None = None  # a Pause or Advance that the loop has not fulfilled yet
    paused_at: float = 0.0
    used: float = 0.0  # when its history was last looked at
    pending_queries: dict[str, Future] = field(default_factory=dict)
    acknowledged: int = -1  # number of the last event that the engine may forget
    saves: int = 0  # checkpoints that this server has heard of
    checkpoint_condition: threading.Condition = field(default_factory=threading.Condition)
    shown: tuple | None = None  # what its last capture without a process was made of
    gone: bool = False  # deleted; stays in memory until no process has it

    @property
    def id(self) -> str:
        return self.row.id

    @cached_property
    def memory(self) -> int:
        """About how many bytes its process takes."""
        return limits.need(self.experiment)

    @cached_property
    def experiment(self) -> Experiment:
        return from_json(self.row.experiment)

    @cached_property
    def origin(self) -> Origin | None:
        if not self.row.origin:
            return None
        value: dict[str, Any] = json.loads(self.row.origin)
        layers = (tuple(value[name]) for name in ("taken", "changed", "new"))
        return Origin(value["run"], value["name"], value["step"], *layers)

    @property
    def working(self) -> bool:
        """Whether it takes one of the places for training runs."""
        return self.worker is not None and self.row.state in ("starting", "training")

    @property
    def leaving(self) -> bool:
        """Whether it still has a process, but one that will do nothing more."""
        return self.worker is not None and (self.worker.over or self.worker.released)

    @property
    def idle(self) -> bool:
        """Whether its history could be read from the store again."""
        return self.history is not None and self.worker is None and not self.news

    @property
    def past(self) -> History:
        """Its history, which whoever calls has made sure is there."""
        assert self.history is not None
        return self.history

    def become(self, state: State, sentence: str = "") -> None:
        self.row.state, self.row.sentence = state, sentence
        self.row.updated, self.dirty = time.time(), True
        if state != "training":
            self.speed.clear()

    def went_on(self, started: ev.Started) -> str:
        """Why a process had to go on, from where, and what is different; empty for one that simply starts."""
        reason, self.reason = self.reason, ""
        if not reason:
            return started.sentence
        at = f"went on from step {started.step:,}" if started.step else "began anew"
        return f"{reason}, so training {at}. {started.sentence}".strip()

    def rested(self, since: float) -> bool:
        """Whether it has been paused since then, and everything that it knows is saved."""
        return self.row.state == "paused" and self.paused_at < since and not self.without_room

    def apply(self, event: ev.Event, now: float) -> None:
        """Take one event of training into history, row and news."""
        if isinstance(event, ev.Started):
            self.revision += self.past.step > event.step
        self.past.apply(event)
        if not isinstance(event, (ev.Captured, ev.Checkpointed, ev.ThreadsChanged)):
            self.news.append(event)
        self.row.updated, self.dirty = time.time(), True
        match event:
            case ev.Step() | ev.Steps():
                self.speed.add(now, self.past.step)
                self._metrics()
            case ev.Evaluated():
                self.row.val_loss, self.row.val_accuracy = event.val_loss, event.val_accuracy
                self.row.best_val_accuracy = max(self.row.best_val_accuracy or 0.0, event.val_accuracy)
            case ev.Started():
                self._started(event)
            case ev.Checkpointed():
                self.row.checkpoint_step, self.saves = event.step, self.saves + 1
            case ev.Ended():
                self.row.test_accuracy = event.test_accuracy

    def replay(self, event: ev.Event, now: float) -> None:
        """Take in an event that the run's last process kept for us, unless we have it."""
        match event:
            case ev.Steps():
                new = event.step > self.past.step
                if new.any():
                    self.apply(ev.Steps(event.step[new], event.loss[new], event.accuracy[new],
                                        event.learning_rate[new]), now)
            case ev.GamesPlayed():
                games = self.past.games["step"]
                new = event.step > (games.values[-1] if len(games) else 0)
                if new.any():
                    self.apply(ev.GamesPlayed(*(getattr(event, name)[new] for name in self.past.games)), now)
            case ev.Evaluated():
                if event.step > max((e.step for e in self.past.evaluations), default=0):
                    self.apply(event, now)
            case ev.FreeRunning():
                if event not in self.past.free_running:
                    self.apply(event, now)
            case ev.Changed():
                if event not in self.past.marks:
                    self.apply(event, now)

    def take(self) -> tuple[RunRow, list[ev.Event]]:
        """What the store has not got yet."""
        news, self.news, self.dirty = self.news, [], False
        return replace(self.row), news

    def put_back(self, news: list[ev.Event]) -> None:
        """The store could not be written."""
        self.news, self.dirty = news + self.news, True

    def wake(self) -> None:
        """A checkpoint was written, or none will be: tell who waits for it."""
        with self.checkpoint_condition:
            self.checkpoint_condition.notify_all()

    def cancel_queries(self) -> None:
        """No process will answer any more."""
        for asked in self.pending_queries.values():
            asked.cancel()
        self.pending_queries.clear()
        self.wake()

    def info(self, position: int | None) -> RunInfo:
        row = self.row
        return RunInfo(row.id, row.owner, row.name, row.created, row.updated, row.state, row.sentence,
                       self.experiment, row.step, row.planned_steps, position, row.loss, row.accuracy,
                       row.val_loss, row.val_accuracy, row.best_val_accuracy, row.test_accuracy, row.parent,
                       row.note, self.origin, node=self.worker.node if self.worker else "")

    def snapshot(self, since: int, position: int | None) -> Snapshot:
        """Costs some 10 microseconds and a copy of what is new."""
        past = self.past
        start = int(np.searchsorted(past.train["step"].values, since, side="right"))
        last = past.evaluations[-1] if past.evaluations else None
        rate = self.speed.steps_per_second if self.row.state == "training" else None
        return Snapshot(
            info=self.info(position), step=past.step, revision=self.revision,
            train={name: column.values[start:].copy() for name, column in past.train.items()},
            games=self._games(since),
            evaluations=tuple(past.evaluations), marks=tuple(past.marks), captured=past.captured,
            confusion=last.confusion if last else None, mistakes=last.mistakes if last else (),
            samples_per_second=rate * self.experiment.training.batch_size if rate else None,
            seconds_left=(self.row.planned_steps - past.step) / rate if rate else None,
            paused=self.row.state == "paused", ended=past.ended if self.row.state in OVER else None,
            epoch=self._epoch(), health=tuple(past.health),
            clipped=tuple(past.clipped), td_errors=tuple(past.td_errors), free_running=tuple(past.free_running),
            started=past.started)

    def _games(self, since: int) -> dict[str, np.ndarray]:
        columns = self.past.games
        start = int(np.searchsorted(columns["step"].values, since, side="right"))
        return {name: column.values[start:].copy() for name, column in columns.items()}

    def _epoch(self) -> int:
        if self.past.started is None:
            return 0
        return max(1, -(-self.past.step // self.past.started.steps_per_epoch))

    def _metrics(self) -> None:
        train = self.past.train
        if len(train["step"]):
            self.row.loss = float(train["loss"].values[-1])
            self.row.accuracy = float(train["accuracy"].values[-1])
        else:
            self.row.loss = self.row.accuracy = None
        self.row.step = self.past.step

    def _started(self, event: ev.Started) -> None:
        """The curve may have been cut: every number of the row is that of the cut curve."""
        self.row.planned_steps, self.row.checkpoint_step, self.row.test_accuracy = event.planned_steps, event.step, None
        self.speed.clear()
        self._metrics()
        evaluations = self.past.evaluations
        self.row.val_loss = evaluations[-1].val_loss if evaluations else None
        self.row.val_accuracy = evaluations[-1].val_accuracy if evaluations else None
        self.row.best_val_accuracy = max((e.val_accuracy for e in evaluations), default=None)
