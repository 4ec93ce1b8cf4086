"""Classes on disk: one SQLite file in the data folder, made when the first class is opened. Knows no rule of a class.

What is deleted is overwritten. Writes are few and small; the server's claim on the data folder covers this file too.
"""
from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from dlviz import database, settings
from dlviz.classroom.model import Card, Room, Seat
from dlviz.errors import ClassError
from dlviz.translation import _

VERSION = 1
SCHEMA = f"""
BEGIN;
CREATE TABLE rooms (id TEXT PRIMARY KEY, data TEXT);
CREATE TABLE seats (id TEXT PRIMARY KEY, room TEXT, data TEXT);
CREATE TABLE devices (device TEXT PRIMARY KEY, seat TEXT);
CREATE TABLE teachers (device TEXT PRIMARY KEY, since REAL);
CREATE TABLE cards (id TEXT PRIMARY KEY, room TEXT, seat TEXT, data TEXT);
PRAGMA user_version = {VERSION};
COMMIT;
"""


class ClassroomStore:
    """The file `classes.sqlite` in a data folder (`settings.home()` when None). ClassError where it cannot be used."""

    def __init__(self, home: Path | None = None) -> None:
        self.home = home or settings.home()
        self._path = self.home / "classes.sqlite"
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = self._opened() if self._path.exists() else None

    def rooms(self) -> list[Room]:
        return [Room.model_validate_json(data) for data, in self._rows("SELECT data FROM rooms")]

    def seats(self) -> list[Seat]:
        return [Seat.model_validate_json(data) for data, in self._rows("SELECT data FROM seats ORDER BY rowid")]

    def cards(self) -> list[Card]:
        return [Card.model_validate_json(data) for data, in self._rows("SELECT data FROM cards ORDER BY rowid")]

    def devices(self) -> dict[str, str]:
        """Seats by the devices that sit on them."""
        return dict(self._rows("SELECT device, seat FROM devices"))

    def teachers(self) -> dict[str, float]:
        """Since when, in seconds since 1970, by device."""
        return dict(self._rows("SELECT device, since FROM teachers"))

    def put_room(self, room: Room) -> None:
        self._write(("INSERT OR REPLACE INTO rooms VALUES (?, ?)", (room.id, room.model_dump_json())))

    def put_seat(self, seat: Seat) -> None:
        self._write(("INSERT INTO seats VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data",
                     (seat.id, seat.room, seat.model_dump_json())))

    def put_card(self, card: Card) -> None:
        self._write(("INSERT OR REPLACE INTO cards VALUES (?, ?, ?, ?)",
                     (card.id, card.room, card.seat, card.model_dump_json())))

    def put_device(self, device: str, seat: str | None) -> None:
        """Where this device sits from now on; None for nowhere."""
        if seat is None:
            self._write(("DELETE FROM devices WHERE device = ?", (device,)))
        else:
            self._write(("INSERT OR REPLACE INTO devices VALUES (?, ?)", (device, seat)))

    def put_teacher(self, device: str, since: float | None) -> None:
        """Whether this device is a teacher's from now on; None for not any more."""
        if since is None:
            self._write(("DELETE FROM teachers WHERE device = ?", (device,)))
        else:
            self._write(("INSERT OR REPLACE INTO teachers VALUES (?, ?)", (device, since)))

    def delete_card(self, card: str) -> None:
        self._write(("DELETE FROM cards WHERE id = ?", (card,)))

    def delete_seat(self, seat: str) -> None:
        """With its cards."""
        self._write(("DELETE FROM devices WHERE seat = ?", (seat,)), ("DELETE FROM cards WHERE seat = ?", (seat,)),
                    ("DELETE FROM seats WHERE id = ?", (seat,)))

    def delete_room(self, room: str) -> None:
        """With all its seats and cards."""
        mine = "(SELECT id FROM seats WHERE room = ?)"
        self._write((f"DELETE FROM devices WHERE seat IN {mine}", (room,)),
                    ("DELETE FROM cards WHERE room = ?", (room,)),
                    ("DELETE FROM seats WHERE room = ?", (room,)), ("DELETE FROM rooms WHERE id = ?", (room,)))
        with self._using() as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what was deleted stands in no log either

    def close(self) -> None:
        with self._lock:
            if self._db is not None:
                self._db.close()
            self._db = None

    def _opened(self) -> sqlite3.Connection:
        with self._sentences():
            db = database.connect(self._path, "secure_delete = ON")
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version > VERSION:
                raise ClassError(_("The file {name}", name=self._path.name),
                                 _("must have version {newest} or older", newest=VERSION),
                                 _("this one has version {version}", version=version),
                                 _("Start the newer dlviz that wrote it, or set DLVIZ_HOME to another folder."))
            if version == 0:
                db.executescript(SCHEMA)
            return db

    def _rows(self, query: str) -> list[tuple]:
        if self._db is None:
            return []
        with self._using() as db:
            return db.execute(query).fetchall()

    def _write(self, *statements: tuple[str, Iterable[object]]) -> None:
        """All of them or none."""
        with self._using() as db, database.transaction(db):
            for query, values in statements:
                db.execute(query, tuple(values))

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._sentences():
            if self._db is None:
                self._db = self._opened()
            yield self._db

    def _sentences(self) -> AbstractContextManager[None]:
        return database.sentences(self._explained)

    def _explained(self, error: sqlite3.DatabaseError, damaged: bool) -> ClassError:
        return ClassError(_("The file {name}", name=self._path.name), _("must be read and written"),
                          _("it is damaged ({reason})", reason=error) if damaged
                          else _("that failed ({reason})", reason=error),
                          _("See whether the disk is full, or move the file away from {home}: the classes in it are "
                            "then gone.", home=self.home))
