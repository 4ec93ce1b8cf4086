"""The games of a run, in the store: columns one after the other, one chunk for each time that there was news.

Knows no more of the database.
"""
from __future__ import annotations

import sqlite3

import numpy as np

from dlviz.training.events import GamesPlayed
from dlviz.training.history import GAME_COLUMNS, History

SCHEMA = ("CREATE TABLE IF NOT EXISTS games (run TEXT, first INTEGER, last INTEGER, data BLOB); "
          "CREATE INDEX IF NOT EXISTS games_by_run ON games (run, first);")


def write(db: sqlite3.Connection, run: str, event: GamesPlayed) -> None:
    if len(event.step):
        data = b"".join(getattr(event, name).astype(kind).tobytes() for name, kind in GAME_COLUMNS.items())
        db.execute("INSERT INTO games VALUES (?, ?, ?, ?)", (run, int(event.step[0]), int(event.step[-1]), data))


def cut(db: sqlite3.Connection, run: str, step: int) -> None:
    """Forget what ended after `step`."""
    straddling = db.execute("SELECT data FROM games WHERE run = ? AND first <= ? AND last > ?",
                            (run, step, step)).fetchall()
    db.execute("DELETE FROM games WHERE run = ? AND last > ?", (run, step))
    for (data,) in straddling:
        write(db, run, _until(_unpacked(data), step))


def add(db: sqlite3.Connection, run: str, history: History) -> None:
    for data, in db.execute("SELECT data FROM games WHERE run = ? ORDER BY first, rowid", (run,)):
        history.apply(_unpacked(data))


def _until(event: GamesPlayed, step: int) -> GamesPlayed:
    keep = event.step <= step
    return GamesPlayed(*(getattr(event, name)[keep] for name in GAME_COLUMNS))


def _unpacked(data: bytes) -> GamesPlayed:
    count = len(data) // sum(np.dtype(kind).itemsize for kind in GAME_COLUMNS.values())
    columns, at = [], 0
    for kind in GAME_COLUMNS.values():
        columns.append(np.frombuffer(data, kind, count, at))
        at += columns[-1].nbytes
    return GamesPlayed(*columns)
