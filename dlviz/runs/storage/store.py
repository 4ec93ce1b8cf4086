"""Runs on disk: one SQLite file (WAL) for what happened, one folder a run for its checkpoint.

One writer, the service of this server, which batches what it writes. Knows no process. Never pickles.
"""
from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path

import filelock
import numpy as np

from dlviz import database, files, settings, versions
from dlviz.errors import RunError
from dlviz.runs.info import State
from dlviz.runs.storage import calibration_table, migration, tables
from dlviz.training import events as ev
from dlviz.training import packing
from dlviz.training.history import TRAIN_COLUMNS, History
from dlviz.translation import _

TRASH = "trash"  # folders of deleted runs, until their files are removed
CLAIM = 10.0  # seconds that an earlier server has to end
TABLES = ("chunks", "evaluations", "marks", "latest", *tables.TABLES)  # all keyed by `run`


@dataclass
class RunRow:
    """One run as a list shows it."""

    id: str
    owner: str
    name: str
    created: float  # seconds since 1970
    updated: float
    state: State
    experiment: str  # JSON
    sentence: str = ""
    step: int = 0
    planned_steps: int = 0  # 0 until a process has counted them
    loss: float | None = None
    accuracy: float | None = None
    val_loss: float | None = None
    val_accuracy: float | None = None
    best_val_accuracy: float | None = None
    test_accuracy: float | None = None
    parent: str | None = None
    note: str = ""
    lost_processes: int = 0  # processes lost in a row without progress between them
    lost_at: int = -1  # the step to which the last lost process's successor went back
    checkpoint_step: int = 0  # the step of its checkpoint
    origin: str | None = None  # JSON of an Origin, of a run that began with another one's weights
    device: str = ""  # where it is to train: "cpu", "gpu", or wherever there is room
    process: str = ""  # its newest process, as `Need` names it
    seq: int = -1  # number of that one's last stored event


COLUMNS = tuple(field.name for field in fields(RunRow))


class Store:
    """The database `runs.sqlite` and the folders `runs/<id>/` in a data folder (`settings.home()` when None).

    Raises:
        RunError: another server has the folder, or the database is damaged, newer, or cannot be written.
    """

    def __init__(self, home: Path | None = None) -> None:
        self._home = home or settings.home()
        self._path = self._home / "runs.sqlite"
        self._lock = threading.Lock()
        self._claim = self._be_the_only_one()
        with ExitStack() as failing:  # or the next try would say that another server has the folder
            failing.callback(self._claim.release)
            with self._sentences():
                # NORMAL survives kills; a power cut costs a second
                self._db = database.connect(self._path, "synchronous = NORMAL")
                failing.callback(self._db.close)
                migration.upgrade(self._db, self._path)
            failing.pop_all()
        files.remove(self._home / TRASH)  # what an earlier server had no time for

    def folder(self, run: str) -> Path:
        """Where the run's checkpoint and log lie; not made here."""
        return self._home / "runs" / run

    def rows(self) -> list[RunRow]:
        """All runs, oldest first."""
        with self._reading() as db:
            found = db.execute(f"SELECT {', '.join(COLUMNS)} FROM runs ORDER BY created, rowid").fetchall()
        return [RunRow(**dict(zip(COLUMNS, values))) for values in found]

    def write(self, rows: Iterable[RunRow], events: Mapping[str, Iterable[ev.Event]] | None = None) -> None:
        """Put rows and, run by run, the events since the last call, in one transaction."""
        with self._writing() as db:
            for row in rows:
                db.execute(f"INSERT OR REPLACE INTO runs ({', '.join(COLUMNS)}) "
                           f"VALUES ({', '.join('?' * len(COLUMNS))})", astuple(row))
            for run, news in (events or {}).items():
                _write_events(db, run, list(news))

    def delete(self, run: str) -> None:
        """Forget the run. Its folder is out of the way at once; its files go in the background."""
        with self._writing() as db:
            db.execute("DELETE FROM runs WHERE id = ?", (run,))
            for table in TABLES:
                db.execute(f"DELETE FROM {table} WHERE run = ?", (run,))
        files.discard(self.folder(run), self._home / TRASH)

    def history(self, run: str) -> History:
        """Everything that was written about the run; equal to the live History but for its last capture."""
        with self._reading() as db:
            return _read_history(db, run)

    def close(self) -> None:
        with self._lock:
            self._db.close()
            self._claim.release()

    def _be_the_only_one(self) -> filelock.BaseFileLock:
        """Claim the data folder until `close` or this process's end."""
        lock = filelock.FileLock(self._home / "server.lock", thread_local=False)  # closed by any thread
        try:
            lock.acquire(CLAIM, poll_interval=0.1)
        except filelock.Timeout as error:
            raise RunError(_("The data folder {home}", home=self._home), _("may belong to one running dlviz at a time"),
                           _("another one uses it"),
                           _("Close that one, or set DLVIZ_HOME to another folder for this one.")) from error
        except OSError as error:
            raise RunError(_("The data folder {home}", home=self._home), _("must be claimed by this dlviz"),
                           _("it cannot ({reason})", reason=error.strerror or error),
                           _("See whether its disk is full or may not be written to.")) from error
        return lock

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._sentences(), self._lock:
            yield self._db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as db, database.transaction(db):
            yield db

    def _sentences(self) -> AbstractContextManager[None]:
        return database.sentences(self._explained)

    def _explained(self, error: sqlite3.DatabaseError, damaged: bool) -> RunError:
        if damaged:
            return RunError(_("The store {name}", name=self._path.name), _("must hold the runs"),
                            _("it is damaged ({reason})", reason=error),
                            _("Move it away from {home}; dlviz then begins a new one.", home=self._home))
        return RunError(_("The store {name}", name=self._path.name), _("must be read and written"),
                        _("that failed ({reason})", reason=error),
                        _("See whether the disk is full or the folder {home} is in use elsewhere.", home=self._home))


def _write_events(db: sqlite3.Connection, run: str, events: list[ev.Event]) -> None:
    """The same changes as History.apply makes; neighbouring Steps become one chunk."""
    db.execute("INSERT OR IGNORE INTO latest (run) VALUES (?)", (run,))
    steps: list[ev.Steps] = []
    for event in packing.pack(events):
        if isinstance(event, ev.Steps):
            steps.append(event)
        elif isinstance(event, ev.Started):
            _write_chunk(db, run, steps)
            steps = []
            _write_started(db, run, event)
        else:
            _write_other(db, run, event)
    _write_chunk(db, run, steps)
    if events and isinstance(events[-1], ev.Ended):
        _merge_chunks(db, run)


def _write_other(db: sqlite3.Connection, run: str, event: ev.Event) -> None:
    match event:
        case ev.Evaluated():
            db.execute("INSERT INTO evaluations VALUES (?, ?, ?, ?, ?)",
                       (run, event.step, event.val_loss, event.val_accuracy, event.samples))
            table = None if event.confusion is None else event.confusion.astype("<i4").tobytes()
            db.execute("UPDATE latest SET detail_step = ?, confusion = ?, mistakes = ? WHERE run = ?",
                       (event.step, table, json.dumps([astuple(m) for m in event.mistakes]), run))
            calibration_table.write(db, run, event.step, event.calibration)
        case ev.Health() | ev.Clipped() | ev.FreeRunning() | ev.GamesPlayed() | ev.TDErrors():
            tables.BY_EVENT[type(event)].write(db, run, event)
        case ev.Changed():
            change = (run, event.step, event.setting, event.old, event.new)
            db.execute("INSERT INTO marks VALUES (?, ?, ?, ?, ?)", change)
        case ev.Paused() | ev.Resumed():
            db.execute("UPDATE latest SET paused = ? WHERE run = ?", (isinstance(event, ev.Paused), run))
        case ev.Ended():
            db.execute("UPDATE latest SET ended = ?, paused = 0 WHERE run = ?", (json.dumps(asdict(event)), run))


def _write_started(db: sqlite3.Connection, run: str, event: ev.Started) -> None:
    """Forget what lies after the checkpoint; the chunk that straddles it is cut."""
    straddling = db.execute("SELECT data FROM chunks WHERE run = ? AND first <= ? AND last > ?",
                            (run, event.step, event.step)).fetchall()
    db.execute("DELETE FROM chunks WHERE run = ? AND last > ?", (run, event.step))
    for (data,) in straddling:
        steps = _unpack(data)
        keep = steps.step <= event.step
        _write_chunk(db, run, [ev.Steps(*(getattr(steps, name)[keep] for name in TRAIN_COLUMNS))])
    db.execute("DELETE FROM evaluations WHERE run = ? AND step > ?", (run, event.step))
    db.execute("DELETE FROM marks WHERE run = ? AND step > ?", (run, event.step + 1))
    tables.cut(db, run, event.step)
    db.execute("UPDATE latest SET confusion = NULL, mistakes = NULL WHERE run = ? AND detail_step > ?",
               (run, event.step))
    db.execute("UPDATE latest SET started = ?, ended = NULL, paused = 0 WHERE run = ?",
               (json.dumps(asdict(event)), run))


def _write_chunk(db: sqlite3.Connection, run: str, parts: list[ev.Steps]) -> None:
    """Columns one after the other, 20 bytes a step."""
    columns = {name: np.concatenate([np.empty(0, kind), *(getattr(part, name) for part in parts)])
               .astype(kind) for name, kind in TRAIN_COLUMNS.items()}
    if len(columns["step"]):
        data = b"".join(column.tobytes() for column in columns.values())
        first, last = int(columns["step"][0]), int(columns["step"][-1])
        db.execute("INSERT INTO chunks VALUES (?, ?, ?, ?)", (run, first, last, data))


def _merge_chunks(db: sqlite3.Connection, run: str) -> None:
    """A finished run is read as a whole: one chunk instead of one a second."""
    chunks = db.execute("SELECT data FROM chunks WHERE run = ? ORDER BY first", (run,))
    parts = [_unpack(data) for data, in chunks]
    db.execute("DELETE FROM chunks WHERE run = ?", (run,))
    _write_chunk(db, run, parts)


def _unpack(data: bytes) -> ev.Steps:
    count = len(data) // sum(np.dtype(kind).itemsize for kind in TRAIN_COLUMNS.values())
    columns, at = [], 0
    for kind in TRAIN_COLUMNS.values():
        columns.append(np.frombuffer(data, kind, count, at))
        at += columns[-1].nbytes
    return ev.Steps(*columns)


def _read_history(db: sqlite3.Connection, run: str) -> History:
    history = History()
    for data, in db.execute("SELECT data FROM chunks WHERE run = ? ORDER BY first", (run,)):
        history.apply(_unpack(data))
    evaluations = db.execute("SELECT step, val_loss, val_accuracy, samples FROM evaluations WHERE run = ? "
                        "ORDER BY rowid", (run,)).fetchall()
    history.evaluations = [ev.Evaluated(step, _number(loss), _number(accuracy), samples)
                           for step, loss, accuracy, samples in evaluations]
    history.marks = [ev.Changed(*mark) for mark in db.execute(
        "SELECT step, setting, old, new FROM marks WHERE run = ? ORDER BY rowid", (run,))]
    tables.read(db, run, history)
    latest = db.execute("SELECT started, ended, paused, confusion, mistakes FROM latest WHERE run = ?",
                        (run,)).fetchone()
    if latest:
        _read_latest(history, *latest)
    calibration_table.add(db, run, history.evaluations)
    return history


def _read_latest(history: History, started: str | None, ended: str | None, paused: int,
                 confusion: bytes | None, mistakes: str | None) -> None:
    history.started = ev.Started(**versions.rename(json.loads(started), versions.STARTED)) if started else None
    history.ended = ev.Ended(**json.loads(ended)) if ended else None
    history.paused = bool(paused)
    if history.evaluations and mistakes is not None:
        last = history.evaluations[-1]
        worst = tuple(ev.Mistake(*values) for values in json.loads(mistakes))
        history.evaluations[-1] = ev.Evaluated(last.step, last.val_loss, last.val_accuracy, last.samples,
                                               _square(confusion), worst)


def _square(data: bytes | None) -> np.ndarray | None:
    if data is None:
        return None
    flat = np.frombuffer(data, "<i4").astype(np.int32)
    return flat.reshape(round(len(flat) ** 0.5), -1)


def _number(value: float | None) -> float:
    return float("nan") if value is None else value  # SQLite keeps NaN as NULL
