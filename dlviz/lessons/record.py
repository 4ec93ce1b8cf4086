"""How far each learner is: where they stand, what they predicted, which ticks they earned, what they did on pages.

One SQLite file, `lessons.sqlite` in the data folder; the service's claim on the folder covers it too. Owners are those
of runs. Knows no page; never stores how long somebody took.
"""
from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from dlviz import database, once, settings
from dlviz.errors import RunError
from dlviz.lessons.moments import Evidence, PageEvent
from dlviz.translation import _

EVENTS = 400  # that are remembered of one owner; the oldest go
_TABLES = """
CREATE TABLE IF NOT EXISTS progress (owner TEXT, lesson TEXT, step TEXT, started REAL, done REAL,
                                     PRIMARY KEY (owner, lesson));
CREATE TABLE IF NOT EXISTS open (owner TEXT PRIMARY KEY, lesson TEXT);
CREATE TABLE IF NOT EXISTS answers (owner TEXT, lesson TEXT, step TEXT, value TEXT, PRIMARY KEY (owner, lesson, step));
CREATE TABLE IF NOT EXISTS ticks (owner TEXT, lesson TEXT, step TEXT, evidence TEXT,
                                  PRIMARY KEY (owner, lesson, step));
CREATE TABLE IF NOT EXISTS events (number INTEGER PRIMARY KEY, owner TEXT, kind TEXT, at REAL, run TEXT, step INTEGER,
                                   facts TEXT);
CREATE INDEX IF NOT EXISTS events_by_owner ON events (owner, at);
"""


@dataclass(frozen=True)
class Progress:
    """One learner in one lesson.

    Attributes:
        step: the id of the step where they stand; empty before the first.
        started: seconds since 1970; runs and events since then count.
        done: when they came to the end; None while they have not.
        answers: by the id of the step that asked.
        ticks: what each tick was earned by, by the id of its step.
    """

    owner: str
    lesson: str
    step: str = ""
    started: float = 0.0
    done: float | None = None
    answers: dict[str, Any] = field(default_factory=dict[str, Any])
    ticks: dict[str, tuple[Evidence, ...]] = field(default_factory=dict[str, tuple[Evidence, ...]])


class LessonRecord:
    """The record of all learners of this server. For any thread.

    Raises:
        RunError: its file cannot be used, here and in each method.
    """

    def __init__(self, home: Path | None = None) -> None:
        self._path = (home or settings.home()) / "lessons.sqlite"
        self._lock = threading.Lock()
        self._arrived: dict[str, tuple[str, str, float]] = {}  # in memory only: where each owner stands, since when
        self._began = time.time()
        with self._sentences():
            self._db = database.connect(self._path, "synchronous = NORMAL")
            self._db.executescript(_TABLES)

    # where somebody stands

    def begin(self, owner: str, lesson: str) -> None:
        """Open the lesson; at its beginning the first time, else where they were."""
        with self._writing() as db:
            db.execute("INSERT OR IGNORE INTO progress VALUES (?, ?, '', ?, NULL)", (owner, lesson, time.time()))
            db.execute("INSERT OR REPLACE INTO open VALUES (?, ?)", (owner, lesson))

    def restart(self, owner: str, lesson: str) -> None:
        """Forget how far they were in the lesson, and open it at its beginning."""
        with self._writing() as db:
            for table in ("progress", "answers", "ticks"):
                db.execute(f"DELETE FROM {table} WHERE owner = ? AND lesson = ?", (owner, lesson))
        self.begin(owner, lesson)

    def leave(self, owner: str) -> None:
        """Close the lesson that is open; everything stays."""
        with self._writing() as db:
            db.execute("DELETE FROM open WHERE owner = ?", (owner,))

    def opened(self, owner: str) -> str | None:
        """The lesson that is open."""
        with self._reading() as db:
            row = db.execute("SELECT lesson FROM open WHERE owner = ?", (owner,)).fetchone()
        return row[0] if row else None

    def go(self, owner: str, lesson: str, step: str, done: bool = False) -> None:
        """Stand at this step from now on; `done` where it is the end."""
        if self._arrived.get(owner, ())[:2] != (lesson, step):
            self._arrived[owner] = lesson, step, time.time()
        with self._writing() as db:
            db.execute("UPDATE progress SET step = ? WHERE owner = ? AND lesson = ?", (step, owner, lesson))
            if done:
                db.execute("UPDATE progress SET done = coalesce(done, ?) WHERE owner = ? AND lesson = ?",
                           (time.time(), owner, lesson))

    def arrived(self, owner: str, lesson: str, step: str) -> float:
        """When they came to this step, in seconds since 1970, as far as this server has seen it. On no disk."""
        known = self._arrived.get(owner)
        return known[2] if known and known[:2] == (lesson, step) else self._began

    # what they said and did

    def answer(self, owner: str, lesson: str, step: str, value: Any) -> None:
        """Store an answer, in place of an earlier one. The caller has checked it."""
        with self._writing() as db:
            db.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", (owner, lesson, step, json.dumps(value)))

    def tick(self, owner: str, lesson: str, step: str, evidence: Iterable[Evidence]) -> None:
        """Store what a tick was earned by; the first time counts."""
        text = json.dumps([asdict(one) for one in evidence])
        with self._writing() as db:
            db.execute("INSERT OR IGNORE INTO ticks VALUES (?, ?, ?, ?)", (owner, lesson, step, text))

    def note(self, owner: str, event: PageEvent) -> None:
        """Remember something done on a page."""
        row = owner, event.kind, event.at, event.run, event.step, json.dumps(dict(event.facts))
        with self._writing() as db:
            db.execute("INSERT INTO events (owner, kind, at, run, step, facts) VALUES (?, ?, ?, ?, ?, ?)", row)
            db.execute("DELETE FROM events WHERE owner = ? AND number <= (SELECT number FROM events WHERE owner = ? "
                       "ORDER BY number DESC LIMIT 1 OFFSET ?)", (owner, owner, EVENTS))

    def forget(self, owner: str) -> None:
        """Delete everything that is stored of an owner."""
        self._arrived.pop(owner, None)
        with self._writing() as db:
            for table in ("progress", "open", "answers", "ticks", "events"):
                db.execute(f"DELETE FROM {table} WHERE owner = ?", (owner,))

    # reading

    def events(self, owner: str, since: float = 0.0) -> tuple[PageEvent, ...]:
        """What they did since then, oldest first."""
        with self._reading() as db:
            rows = db.execute("SELECT kind, at, run, step, facts FROM events WHERE owner = ? AND at >= ? "
                              "ORDER BY number", (owner, since)).fetchall()
        return tuple(PageEvent(*row[:4], facts=json.loads(row[4])) for row in rows)

    def progress(self, owner: str, lesson: str) -> Progress:
        """How far they are in the lesson; nowhere, where they have not begun."""
        return self.all_progress(owner).get(lesson, Progress(owner, lesson))

    def all_progress(self, owner: str) -> dict[str, Progress]:
        """How far they are, by lesson."""
        with self._reading() as db:
            rows = db.execute("SELECT lesson, step, started, done FROM progress WHERE owner = ?", (owner,)).fetchall()
            answers = db.execute("SELECT lesson, step, value FROM answers WHERE owner = ?", (owner,)).fetchall()
            ticks = db.execute("SELECT lesson, step, evidence FROM ticks WHERE owner = ?", (owner,)).fetchall()
        found = {row[0]: Progress(owner, *row) for row in rows}
        for lesson, step, value in answers:
            if lesson in found:
                found[lesson].answers[step] = json.loads(value)
        for lesson, step, evidence in ticks:
            if lesson in found:
                found[lesson].ticks[step] = tuple(Evidence(**one) for one in json.loads(evidence))
        return found

    def close(self) -> None:
        with self._lock:
            self._db.close()

    # inside

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
        return RunError(_("The record of lessons {path}", path=self._path), _("must be open to reading and writing"),
                        _("it is damaged ({reason})", reason=error) if damaged
                        else _("it cannot ({reason})", reason=error),
                        _("See whether the disk is full, or move the file away to begin a new one."))


def record() -> LessonRecord:
    """The one record of this server: that of its data folder."""
    home = settings.home()
    return once.get(f"lessons of {home}", lambda: LessonRecord(home))
