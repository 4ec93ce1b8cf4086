"""A run's temporal-difference errors, in the store: one small row a record. Knows no more of the database."""
from __future__ import annotations

import sqlite3
from dataclasses import astuple

from dlviz.training.events import TDErrors

SCHEMA = ("CREATE TABLE IF NOT EXISTS td_errors (run TEXT, step INTEGER, mean REAL); "
          "CREATE INDEX IF NOT EXISTS td_errors_by_run ON td_errors (run, step);")


def write(db: sqlite3.Connection, run: str, event: TDErrors) -> None:
    db.execute("INSERT INTO td_errors VALUES (?, ?, ?)", (run, *astuple(event)))


def cut(db: sqlite3.Connection, run: str, step: int) -> None:
    """Forget what came after `step`."""
    db.execute("DELETE FROM td_errors WHERE run = ? AND step > ?", (run, step))


def read(db: sqlite3.Connection, run: str) -> list[TDErrors]:
    rows = db.execute("SELECT step, mean FROM td_errors WHERE run = ? ORDER BY step", (run,))
    return [TDErrors(step, float("nan") if mean is None else mean) for step, mean in rows]
