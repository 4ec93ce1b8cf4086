"""How a run's gradients were clipped, in the store: one small row a record. Knows no more of the database."""
from __future__ import annotations

import sqlite3
from dataclasses import astuple

from dlviz.training.events import Clipped

SCHEMA = ("CREATE TABLE IF NOT EXISTS clipped (run TEXT, step INTEGER, size REAL, largest REAL, after REAL, "
          "fraction REAL); CREATE INDEX IF NOT EXISTS clipped_by_run ON clipped (run, step);")


def write(db: sqlite3.Connection, run: str, event: Clipped) -> None:
    db.execute("INSERT INTO clipped VALUES (?, ?, ?, ?, ?, ?)", (run, *astuple(event)))


def cut(db: sqlite3.Connection, run: str, step: int) -> None:
    """Forget what came after `step`."""
    db.execute("DELETE FROM clipped WHERE run = ? AND step > ?", (run, step))


def read(db: sqlite3.Connection, run: str) -> list[Clipped]:
    rows = db.execute("SELECT step, size, largest, after, fraction FROM clipped WHERE run = ? ORDER BY step", (run,))
    return [Clipped(step, *(float("nan") if value is None else value for value in values))
            for step, *values in rows]
