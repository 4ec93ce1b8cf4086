"""The data folder is its user's alone, holds no visitor's secret, and an older one is brought up to date."""
from __future__ import annotations

import os
import sqlite3
import stat
import sys
from pathlib import Path

import pytest

from dlviz import presets, settings
from dlviz.errors import RunError
from dlviz.owners import is_owner, owner_of
from dlviz.runs.storage import migration
from dlviz.runs.storage import store as stores
from dlviz.runs.storage.store import RunRow, Store
from dlviz.studies.storage import StudyStore
from dlviz.studies.study import Study

SECRET = "tXk3Zr0_aVisitorsCookie"
OLD = Path(__file__).with_name("old_files") / "store_v2.sql"  # in version 1 only the owners were others
EXPERIMENT = presets.get("mlp").experiment


def old_folder(home) -> None:
    """A data folder as version 1 left it, with one run, one study and one draft."""
    with sqlite3.connect(home / "runs.sqlite") as db:
        db.executescript(OLD.read_text())
        db.execute("DELETE FROM runs")
        db.execute("PRAGMA user_version = 1")
        db.execute("INSERT INTO runs (id, owner, name, created, updated, state, experiment, note, sentence, step, "
                   "planned_steps, losses, lost_at, saved) VALUES ('r', ?, 'Mine', 1, 2, 'done', ?, '', '', 5, 5, 0, "
                   "-1, 5)",
                   (SECRET, EXPERIMENT.to_json(None)))
    db.close()
    (home / "drafts").mkdir()
    (home / "drafts" / f"{SECRET}.json").write_text(EXPERIMENT.to_json())
    (home / "studies").mkdir()
    StudyStore(home).write(Study(id="abc", owner=SECRET, name="Rates", created=1.0, base=EXPERIMENT))
    (home / "studies" / "broken.json").write_text("{")


def check(home) -> None:
    owner = owner_of(SECRET)
    store = Store(home)
    assert [(row.id, row.owner, row.step) for row in store.rows()] == [("r", owner, 5)]
    store.close()
    assert (home / "drafts" / f"{owner}.json").read_text() == EXPERIMENT.to_json()
    assert StudyStore(home).read()["abc"].owner == owner
    for path in home.rglob("*"):
        assert SECRET not in path.name and (path.is_dir() or SECRET.encode() not in path.read_bytes())


def test_secrets_of_an_old_folder_become_fingerprints(tmp_path):
    old_folder(tmp_path)
    check(tmp_path)
    check(tmp_path)  # the second time there is nothing to do


def test_a_migration_that_was_broken_off_is_finished(tmp_path, monkeypatch):
    old_folder(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(migration, "_study", lambda path: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(RunError, match="brought up to date"):
            Store(tmp_path)
    check(tmp_path)


def test_a_store_that_cannot_be_opened_gives_its_folder_free(tmp_path, monkeypatch):
    monkeypatch.setattr(stores, "CLAIM", 0.0)
    (tmp_path / "runs.sqlite").write_bytes(b"no database" * 100)
    for _ in range(2):
        with pytest.raises(RunError, match="it is damaged"):
            Store(tmp_path)


def test_a_fingerprint_says_nothing_and_is_no_key():
    owner = owner_of(SECRET)
    assert is_owner(owner) and not is_owner(SECRET) and SECRET not in owner
    assert owner == owner_of(SECRET) != owner_of(SECRET + "x") and owner_of(owner) != owner


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_data_folder_is_closed_to_others(tmp_path, monkeypatch):
    monkeypatch.setenv("DLVIZ_HOME", str(tmp_path / "a" / "new"))
    assert stat.S_IMODE(settings.home().stat().st_mode) == 0o700
    old = tmp_path / "old"
    old.mkdir(mode=0o755)
    monkeypatch.setenv("DLVIZ_HOME", str(old))
    assert stat.S_IMODE(settings.home().stat().st_mode) == 0o700
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    monkeypatch.setenv("DLVIZ_HOME", str(shared))
    assert stat.S_IMODE(settings.home().stat().st_mode) == 0o1777  # like /tmp: not dlviz's alone


def test_a_data_folder_that_cannot_be_is_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DLVIZ_HOME", str(tmp_path / "file" / "below"))
    with pytest.raises(RunError, match="DLVIZ_HOME"):
        settings.home()
    monkeypatch.setenv("DLVIZ_HOME", str(tmp_path))
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(RunError, match="permission denied"):
        settings.home()


def test_rows_keep_their_owner(tmp_path):
    store = Store(tmp_path)
    store.write([RunRow("r", owner_of(SECRET), "Mine", 1.0, 1.0, "done", EXPERIMENT.to_json(None))])
    store.close()
    store = Store(tmp_path)
    assert store.rows()[0].owner == owner_of(SECRET)
    store.close()
