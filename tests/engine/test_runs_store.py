"""Runs on disk: what is written equals what happened, and nothing damaged passes for a store."""
from __future__ import annotations

import random
import sqlite3
import threading

import numpy as np
import pytest
import torch

from dlviz import presets
from dlviz.errors import RunError
from dlviz.runs.storage import store as stores
from dlviz.runs.storage.store import RunRow, Store
from dlviz.training import events as ev
from dlviz.training import packing
from dlviz.training.calibration import calibration
from dlviz.training.history import History


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path)
    yield store
    store.close()


def _row(run: str = "run1", **values) -> RunRow:
    return RunRow(**{"id": run, "owner": "me", "name": "A run", "created": 1.0, "updated": 2.0,
                  "state": "training", "experiment": presets.get("mlp").experiment.to_json(None), **values})


def _evaluated(step: int, rng: random.Random) -> ev.Evaluated:
    table = np.array([[rng.randrange(9) for _ in range(3)] for _ in range(3)], np.int32)
    mistakes = (ev.Mistake(rng.randrange(99), 1, 2, rng.random()),)
    found = calibration(torch.rand(9, generator=torch.Generator().manual_seed(step)), torch.arange(9) % 3 == 0)
    return ev.Evaluated(step, rng.random(), rng.random(), 1000, table, mistakes, found if step % 4 else None)


def _happenings(rng: random.Random, count: int) -> list[ev.Event]:
    """A run with changes, evaluations, pauses, and now and then a process that goes back to a checkpoint."""
    events: list[ev.Event] = [ev.Started(0, 1000, 100, "cpu", 7)]
    step = saved = 0
    for _ in range(count):
        match rng.choices(["step", "judge", "save", "change", "pause", "lose"], [60, 8, 5, 4, 4, 3])[0]:
            case "step":
                step += 1
                events.append(ev.Step(step, rng.random(), rng.random(), 0.1))
            case "judge":
                events.append(_evaluated(step, rng))
            case "save":
                saved = step
            case "change":
                events.append(ev.Changed(step + 1, "momentum", rng.random(), rng.random()))
            case "pause":
                events += [ev.Paused(step), ev.Resumed(step)]
            case "lose":
                step = saved
                events.append(ev.Started(step, 1000, 100, "cpu", 7))
    return events


def _same(one: History, other: History) -> None:
    for name, column in one.train.items():
        np.testing.assert_array_equal(column.values, other.train[name].values, name)
    assert [(e.step, repr(e.val_loss), e.val_accuracy, e.samples, e.mistakes) for e in one.evaluations] == \
        [(e.step, repr(e.val_loss), e.val_accuracy, e.samples, e.mistakes) for e in other.evaluations]
    for mine, yours in zip(one.evaluations, other.evaluations):
        np.testing.assert_array_equal(mine.confusion, yours.confusion)
        assert (mine.calibration is None) == (yours.calibration is None)
        for what in ("counts", "confidence", "correct") if mine.calibration else ():
            np.testing.assert_array_equal(getattr(mine.calibration, what), getattr(yours.calibration, what))
    for name in ("marks", "started", "ended", "paused"):
        assert getattr(one, name) == getattr(other, name)


@pytest.mark.parametrize("seed", range(12))
def test_a_stored_history_equals_the_live_one(store, seed):
    rng = random.Random(seed)
    events = _happenings(rng, 300)
    if seed % 2:
        events.append(ev.Ended(events[-1].step if hasattr(events[-1], "step") else 0, "done", "", 0.5, 0.9))
    live = History()
    while events:
        batch, events = events[:(cut := rng.randrange(1, 60))], events[cut:]
        batch = packing.pack(batch) if rng.random() < 0.5 else batch
        for event in batch:
            live.apply(event)
        store.write([_row()], {"run1": batch})
        if rng.random() < 0.2:
            _same(live, store.history("run1"))
    _same(live, store.history("run1"))


def test_a_finished_run_is_kept_in_one_piece(store, tmp_path):
    for step in range(1, 6):
        store.write([], {"run1": [ev.Step(step, 0.5, 0.5, 0.1)]})
    store.write([], {"run1": [ev.Ended(5, "done")]})
    with sqlite3.connect(tmp_path / "runs.sqlite") as db:
        assert db.execute("SELECT first, last FROM chunks").fetchall() == [(1, 5)]
    assert store.history("run1").train["step"].values.tolist() == [1, 2, 3, 4, 5]


def test_a_loss_that_is_no_number_comes_back_as_such(store):
    judged = ev.Evaluated(3, float("nan"), 0.1, 10)
    steps = [ev.Step(1, float("nan"), 0.0, 0.1), ev.Step(2, float("inf"), 0.0, 0.1)]
    store.write([], {"run1": [*steps, judged]})
    history = store.history("run1")
    assert np.isnan(history.train["loss"].values[0]) and np.isposinf(history.train["loss"].values[1])
    assert np.isnan(history.evaluations[0].val_loss)


def test_rows_come_back_and_change(store):
    first = _row("a", created=1.0)
    second = _row("b", created=2.0, parent="a", note="ä\n<b>", lost_processes=2, lost_at=7)
    store.write([second, first])
    assert store.rows() == [first, second]
    first.state, first.loss = "done", 0.25
    store.write([first])
    assert store.rows() == [first, second]


def test_a_deleted_run_leaves_nothing(store, tmp_path):
    news = {"a": _happenings(random.Random(1), 50), "b": [ev.Step(1, 1.0, 0.0, 0.1)]}
    store.write([_row("a"), _row("b")], news)
    store.folder("a").mkdir(parents=True)
    (store.folder("a") / "weights.safetensors").write_bytes(b"x")
    store.delete("a")
    assert [row.id for row in store.rows()] == ["b"]
    assert not store.folder("a").exists()
    with sqlite3.connect(tmp_path / "runs.sqlite") as db:
        for table in stores.TABLES:
            assert db.execute(f"SELECT count(*) FROM {table} WHERE run = 'a'").fetchone() == (0,)
    assert len(store.history("b").train["step"]) == 1


def test_a_failed_write_changes_nothing(store):
    broken = ev.Evaluated(1, "not a number", object(), 1)  # type: ignore[arg-type]
    with pytest.raises(sqlite3.Error):
        store.write([_row()], {"run1": [ev.Step(1, 1.0, 0.0, 0.1), broken]})
    assert store.rows() == []
    store.write([_row()])
    assert len(store.rows()) == 1


def test_what_was_written_is_there_after_closing(tmp_path):
    store = Store(tmp_path)
    store.write([_row()], {"run1": [ev.Step(1, 0.5, 0.25, 0.1)]})
    store.close()
    again = Store(tmp_path)
    assert again.rows() == [_row()]
    assert again.history("run1").train["accuracy"].values.tolist() == [0.25]
    again.close()


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "runs.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(RunError) as error:
        Store(tmp_path)
    assert str(error.value) == (
        f"The store runs.sqlite must hold the runs, but it is damaged (file is not a database). "
        f"Move it away from {tmp_path}; dlviz then begins a new one.")


def test_a_damaged_page_is_told_when_it_is_met(tmp_path):
    store = Store(tmp_path)
    store.write([_row()], {"run1": [ev.Steps(*(np.arange(9000, dtype=t) for t in "lfff"))]})
    store.close()
    file = tmp_path / "runs.sqlite"
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    file.write_bytes(data)
    with pytest.raises(RunError, match="it is damaged"):
        Store(tmp_path).rows()


def test_a_newer_store_is_left_alone(tmp_path):
    with sqlite3.connect(tmp_path / "runs.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(RunError) as error:
        Store(tmp_path)
    assert str(error.value) == ("The store runs.sqlite must have version 5 or older, but this one has version 99. "
                                "Start the newer dlviz that wrote it, or set DLVIZ_HOME to another folder.")


def test_a_data_folder_has_one_server(store, tmp_path, monkeypatch):
    monkeypatch.setattr(stores, "CLAIM", 0.05)
    with pytest.raises(RunError) as error:
        Store(tmp_path)
    assert str(error.value) == (f"The data folder {tmp_path} may belong to one running dlviz at a time, but "
                                "another one uses it. Close that one, or set DLVIZ_HOME to another folder for this "
                                "one.")


def test_a_store_that_another_thread_closes_gives_its_folder_free(tmp_path, monkeypatch):
    monkeypatch.setattr("dlviz.runs.storage.store.CLAIM", 0.0)
    first = Store(tmp_path)
    closing = threading.Thread(target=first.close)
    closing.start()
    closing.join()
    Store(tmp_path).close()
