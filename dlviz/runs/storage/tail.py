"""The last half minute of a run's events, on disk as soon as they happen: a server may die before it hears them.

Without them the curve would have a gap between what the store had written and where the checkpoint goes on, and
nobody would know how many threads the updates used that are made again. Two files take turns, so that what is
appended stays small. Plain JSON lines and arrays, never pickle. Knows no process and no store.
"""
from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path
from typing import BinaryIO

import numpy as np

from dlviz.training import events as ev
from dlviz.training import packing
from dlviz.training.history import GAME_COLUMNS, TRAIN_COLUMNS

NAMES = ("tail.0", "tail.1")
SECONDS = 15.0  # after which the files take turns: one of them and a part, far more than a store lags behind
MOST_UNREAD = 1_000_000  # the same where a server may be away for long
MOST = 100_000  # steps that are read, 2 MB: a run whose processes die one after the other keeps no more
STEP_BYTES = sum(np.dtype(kind).itemsize for kind in TRAIN_COLUMNS.values())
OTHERS = (ev.ThreadsChanged, ev.Evaluated, ev.FreeRunning, ev.Changed)
Event = ev.Steps | ev.GamesPlayed | ev.Evaluated | ev.FreeRunning | ev.Changed | ev.ThreadsChanged


class Tail:
    """Appends events to the files in a folder; `read` gives them back. One writer a folder.

    Args:
        recent: what an earlier process of this run left, kept on.
        unread: seconds for which no server may come to read, where that is long.
    """

    def __init__(self, folder: Path, recent: Sequence[Event] = (), unread: float = 0.0) -> None:
        self._folder, self._unread = folder, unread
        self._number = max((number for number, _ in _files(folder)), default=0)
        self._file: BinaryIO | None = None
        self._begun = 0.0
        self._recent = list(recent)  # a record of its own: what is made anew replaces a part of it
        self._waiting: list[Event] = []  # not yet written
        self._threads: ev.ThreadsChanged | None = None

    def add(self, packed: Sequence[object]) -> None:
        """Write what is to be kept of these events: 60 us. What a full disk does not take is tried again with the
        next events."""
        self._waiting += [event for event in packed if isinstance(event, Event)]
        if not self._waiting:
            return
        with suppress(OSError):  # the checkpoint beside it finds the same disk full, and training waits
            file = self._file
            if file is None or time.monotonic() - self._begun > (self._unread or SECONDS):
                file = self._turn()
            if self._recent:
                _append(file, _packed(self._recent))
                self._recent = []
            _append(file, _packed(self._waiting))
            self._threads = next((e for e in reversed(self._waiting) if isinstance(e, ev.ThreadsChanged)),
                                 self._threads)
            self._waiting = []

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _turn(self) -> BinaryIO:
        """Go on in the older file, from its beginning; returns it."""
        self.close()
        self._folder.mkdir(parents=True, exist_ok=True)
        number = self._number + 1
        file = (self._folder / NAMES[number % 2]).open("wb", buffering=0)
        try:
            _append(file, json.dumps({"number": number}).encode() + b"\n")
        except OSError:
            file.close()
            raise
        self._file, self._number, self._begun = file, number, time.monotonic()
        if self._threads is not None:
            self._waiting.insert(0, self._threads)
        return file


def _append(file: BinaryIO, data: bytes) -> None:
    at = file.tell()
    if file.write(data) != len(data):
        file.truncate(at)
        file.seek(at)
        raise OSError("the disk took only a part")


def _packed(events: Sequence[Event]) -> bytes:
    """A JSON line that says what is in it, then the steps, column by column."""
    steps = [e for e in events if isinstance(e, ev.Steps)]
    columns = {name: np.concatenate([np.empty(0, kind), *(getattr(s, name) for s in steps)]).astype(kind)
               for name, kind in TRAIN_COLUMNS.items()}
    head = {"steps": len(columns["step"]),
            "evaluated": [(e.step, e.val_loss, e.val_accuracy, e.samples) for e in events
                          if isinstance(e, ev.Evaluated)],
            "free_running": [astuple(e) for e in events if isinstance(e, ev.FreeRunning)],
            "games": [[getattr(e, name).tolist() for name in GAME_COLUMNS] for e in events
                      if isinstance(e, ev.GamesPlayed)],
            "changed": [(e.step, e.setting, e.old, e.new) for e in events if isinstance(e, ev.Changed)],
            "threads": [(e.step, e.count) for e in events if isinstance(e, ev.ThreadsChanged)]}
    return json.dumps(head).encode() + b"\n" + b"".join(column.tobytes() for column in columns.values())


def read(folder: Path, most: int | None = None) -> tuple[Event, ...]:
    """The folder's tail without confusion tables: one Steps, then threads, evaluations, changes, each in order.

    Of steps the last `most`, `MOST` when None. Where a process went back to a checkpoint, what it made then counts.
    What is damaged ends a file.
    """
    parts: list[Event] = []
    last = 0
    for _, path in sorted(_files(folder)):
        for events in _records(path):
            steps = [event for event in events if isinstance(event, ev.Steps)]
            if steps and steps[0].step[0] <= last:
                parts = [cut for event in parts if (cut := _before(event, int(steps[0].step[0]))) is not None]
            last = int(steps[0].step[-1]) if steps else last
            parts += events
    steps = [event for event in parts if isinstance(event, ev.Steps)]
    newest = slice(-(most or MOST), None)
    joined = [ev.Steps(*(np.concatenate([getattr(s, name) for s in steps])[newest] for name in TRAIN_COLUMNS))] \
        if steps else []
    games = [event for event in parts if isinstance(event, ev.GamesPlayed)]
    others = dict.fromkeys(event for kind in OTHERS for event in parts if isinstance(event, kind))
    return *joined, *([packing.joined(games)] if games else []), *others


def _before(event: Event, step: int) -> Event | None:
    """What stays of it when `step` is made anew."""
    if isinstance(event, (ev.Steps, ev.GamesPlayed)):
        keep, names = event.step < step, TRAIN_COLUMNS if isinstance(event, ev.Steps) else GAME_COLUMNS
        return type(event)(*(getattr(event, name)[keep] for name in names)) if keep.any() else None
    return event if event.step < step + isinstance(event, ev.Changed) else None


def _files(folder: Path) -> Iterator[tuple[int, Path]]:
    for name in NAMES:
        with suppress(OSError, ValueError, KeyError, TypeError):
            with (folder / name).open("rb") as file:
                number = int(json.loads(file.readline())["number"])
            yield number, folder / name


def _records(path: Path) -> Iterator[list[Event]]:
    # a gap is better than a run that cannot go on
    with suppress(OSError, ValueError, KeyError, TypeError), path.open("rb") as file:
        file.readline()
        while line := file.readline():
            head = json.loads(line)
            data = file.read(head["steps"] * STEP_BYTES)
            if len(data) < head["steps"] * STEP_BYTES:
                return  # killed in the middle of it
            yield _unpacked(head, data)


def _unpacked(head: dict, data: bytes) -> list[Event]:
    found: list[Event] = [ev.ThreadsChanged(*values) for values in head["threads"]]
    if head["steps"]:
        columns, at = [], 0
        for kind in TRAIN_COLUMNS.values():
            columns.append(np.frombuffer(data, kind, head["steps"], at))
            at += columns[-1].nbytes
        found.append(ev.Steps(*columns))
    found += [ev.GamesPlayed(*(np.array(values, kind) for values, kind in zip(columns, GAME_COLUMNS.values())))
              for columns in head.get("games", ())]
    found += [ev.Evaluated(*values) for values in head.get("evaluated", head.get("judged", ()))]  # its old name
    found += [ev.FreeRunning(*values) for values in head.get("free_running", ())]
    return found + [ev.Changed(*values) for values in head["changed"]]
