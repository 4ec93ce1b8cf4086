"""A store of version 2, as an older dlviz left it, opens with everything that was in it."""
from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from dlviz.runs.storage import tail
from dlviz.runs.storage.migration import VERSION
from dlviz.runs.storage.store import Store
from dlviz.training import events as ev

OLD = Path(__file__).with_name("old_files") / "store_v2.sql"  # written by version 2 itself, `iterdump` of its file
RUN = "oldrun22"


@pytest.fixture
def home(tmp_path):
    with sqlite3.connect(tmp_path / "runs.sqlite") as db:
        db.executescript(OLD.read_text())
    db.close()
    return tmp_path


def columns(home: Path, table: str) -> list[str]:
    with sqlite3.connect(home / "runs.sqlite") as db:
        return [row[1] for row in db.execute(f"PRAGMA table_info({table})")]


def test_the_run_of_an_old_store_is_the_run_that_it_was(home):
    assert "share" in columns(home, "clipped") and "losses" in columns(home, "runs")
    for _ in range(2):  # the second time there is nothing to do
        store = Store(home)
        (row,) = store.rows()
        assert (row.id, row.state, row.step, row.note, row.test_accuracy) == (RUN, "done", 8, "kept", 0.79)
        assert (row.lost_processes, row.lost_at, row.checkpoint_step) == (1, 3, 8)
        history = store.history(RUN)
        store.close()
        assert history.train["step"].values.tolist() == list(range(1, 9))
        assert history.train["loss"].values[[0, -1]].tolist() == pytest.approx([2.3, 0.5])
        assert history.clipped == [ev.Clipped(8, 0.9, 2.5, 0.5, 0.75)]
        assert history.free_running == [ev.FreeRunning(8, 0.6, 0.8, 500, "val")]
        (evaluation,) = history.evaluations
        assert (evaluation.step, evaluation.val_loss, evaluation.val_accuracy) == (8, 0.4, 0.8)
        np.testing.assert_array_equal(evaluation.confusion, np.eye(3) * 5)
        assert evaluation.mistakes == (ev.Mistake(17, 3, 8, 0.9),) and history.ended.test_accuracy == 0.79
        (health,) = history.health
        layer = health.layers["hidden1"]
        assert layer.update_ratio == 0.5 and layer.weights.counts == (1, 2, 3, 4)
        assert (True, False, False, True) in vars(layer).values(), "which units dropout had switched off"
        assert [(mark.step, mark.setting) for mark in history.marks] == [(3, "learning_rate"), (5, "schedule")]


def test_its_columns_have_the_names_of_today(home, tmp_path_factory):
    Store(home).close()
    fresh = tmp_path_factory.mktemp("fresh")
    Store(fresh).close()
    with sqlite3.connect(home / "runs.sqlite") as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == VERSION
    for table in ("runs", "clipped", "free_running", "evaluations", "marks", "latest", "health", "chunks"):
        assert columns(home, table) == columns(fresh, table)


def test_the_tail_of_a_process_that_an_older_server_ended_is_read(tmp_path):
    head = '{"steps": 0, "judged": [[4, 0.5, 0.75, 1000]], "free_running": [], "changed": [], "threads": [[0, 2]]}'
    (tmp_path / tail.NAMES[1]).write_text('{"number": 1}\n' + head + "\n")
    assert ev.Evaluated(4, 0.5, 0.75, 1000) in tail.read(tmp_path)
