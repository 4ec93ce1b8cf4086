"""What a run tells beside its curve, each kind in a table of its own. Knows no more of the database."""
from __future__ import annotations

import sqlite3
from typing import Any

from dlviz.runs.storage import (
    calibration_table,
    clip_table,
    free_running_table,
    games_table,
    health_table,
    td_table,
)
from dlviz.training import events as ev
from dlviz.training.history import History

TABLES: dict[str, Any] = {"health": health_table, "clipped": clip_table, "calibration": calibration_table,
                          "free_running": free_running_table, "games": games_table, "td_errors": td_table}
BY_EVENT: dict[type, Any] = {ev.Health: health_table, ev.Clipped: clip_table, ev.FreeRunning: free_running_table,
                             ev.GamesPlayed: games_table, ev.TDErrors: td_table}


def create(db: sqlite3.Connection) -> None:
    """Those that are not there yet."""
    for table in TABLES.values():
        db.executescript(table.SCHEMA)


def cut(db: sqlite3.Connection, run: str, step: int) -> None:
    """Forget what came after `step`."""
    for table in TABLES.values():
        table.cut(db, run, step)


def read(db: sqlite3.Connection, run: str, history: History) -> None:
    """Into the history, but for what hangs on its evaluations."""
    history.clipped = clip_table.read(db, run)
    history.td_errors = td_table.read(db, run)
    history.free_running = free_running_table.read(db, run)
    history.health = health_table.read(db, run)
    games_table.add(db, run, history)
