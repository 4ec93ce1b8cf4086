"""How far a run's probabilities can be believed, in the store: of its last evaluation. Knows no more of it."""
from __future__ import annotations

import sqlite3
from dataclasses import replace

import numpy as np

from dlviz.training.calibration import Calibration
from dlviz.training.events import Evaluated

SCHEMA = "CREATE TABLE IF NOT EXISTS calibration (run TEXT PRIMARY KEY, step INTEGER, bins BLOB);"


def write(db: sqlite3.Connection, run: str, step: int, found: Calibration | None) -> None:
    """Three rows of float64: counts, sums of confidences, numbers of correct ones. None forgets the last."""
    if found is None:
        db.execute("DELETE FROM calibration WHERE run = ?", (run,))
        return
    bins = np.stack([found.counts, found.confidence, found.correct]).astype("<f8").tobytes()
    db.execute("INSERT OR REPLACE INTO calibration VALUES (?, ?, ?)", (run, step, bins))


def cut(db: sqlite3.Connection, run: str, step: int) -> None:
    """Forget what came after `step`."""
    db.execute("DELETE FROM calibration WHERE run = ? AND step > ?", (run, step))


def add(db: sqlite3.Connection, run: str, evaluations: list[Evaluated]) -> None:
    """Give the last evaluation its calibration, where it has one: what older versions wrote has none."""
    found = db.execute("SELECT step, bins FROM calibration WHERE run = ?", (run,)).fetchone()
    if found and evaluations and evaluations[-1].step == found[0]:
        counts, confidence, correct = np.frombuffer(found[1], "<f8").reshape(3, -1)
        known = Calibration(counts.astype(np.int64), confidence.copy(), correct.astype(np.int64))
        evaluations[-1] = replace(evaluations[-1], calibration=known)
