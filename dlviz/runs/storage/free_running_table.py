"""How well a run's network answered by itself, in the store: one small row an evaluation.

Knows no more of the database.
"""
from __future__ import annotations

import sqlite3
from dataclasses import astuple

from dlviz.training.events import FreeRunning

SCHEMA = ("CREATE TABLE IF NOT EXISTS free_running (run TEXT, step INTEGER, accuracy REAL, teacher_forced REAL, "
          "samples INTEGER, split TEXT); CREATE INDEX IF NOT EXISTS free_running_by_run ON free_running (run, step);")


def write(db: sqlite3.Connection, run: str, event: FreeRunning) -> None:
    db.execute("INSERT INTO free_running VALUES (?, ?, ?, ?, ?, ?)", (run, *astuple(event)))


def cut(db: sqlite3.Connection, run: str, step: int) -> None:
    """Forget what came after `step`, and the verdict of an end that was none."""
    db.execute("DELETE FROM free_running WHERE run = ? AND (step > ? OR split = 'test')", (run, step))


def read(db: sqlite3.Connection, run: str) -> list[FreeRunning]:
    rows = db.execute("SELECT step, accuracy, teacher_forced, samples, split FROM free_running WHERE run = ? "
                      "ORDER BY rowid", (run,))
    return [FreeRunning(step, _number(accuracy), _number(forced), samples, split)
            for step, accuracy, forced, samples, split in rows]


def _number(value: float | None) -> float:
    """SQLite keeps no NaN."""
    return float("nan") if value is None else value
