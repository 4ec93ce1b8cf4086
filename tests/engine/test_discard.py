"""Deleted runs are gone at once, however many files they have; all of a study's are ended together."""
from __future__ import annotations

import threading
import time

from dlviz import files
from dlviz.runs.storage.store import TRASH, Store


def until_gone(folder) -> None:
    deadline = time.monotonic() + 60
    while folder.exists() and any(folder.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not folder.exists() or not any(folder.iterdir())


def test_a_folder_is_gone_before_its_files_are_removed(tmp_path, monkeypatch):
    folder = tmp_path / "runs" / "a"
    (folder / "keyframes").mkdir(parents=True)
    (folder / "keyframes" / "1").write_bytes(b"x")
    asked, go = threading.Event(), threading.Event()
    real = files.shutil.rmtree
    monkeypatch.setattr(files.shutil, "rmtree", lambda *args: (asked.set(), go.wait(30), real(*args)))
    files.discard(folder, tmp_path / TRASH)
    assert asked.wait(30) and not folder.exists() and len(list((tmp_path / TRASH).iterdir())) == 1
    go.set()
    until_gone(tmp_path / TRASH)


def test_what_an_earlier_server_left_in_the_trash_goes(tmp_path):
    (tmp_path / TRASH / "b-1").mkdir(parents=True)
    store = Store(tmp_path)
    until_gone(tmp_path / TRASH)
    store.delete("never there")
    store.close()


def test_a_disk_that_moves_nothing_loses_the_files_all_the_same(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    folder = tmp_path / "runs" / "a"
    folder.mkdir(parents=True)
    monkeypatch.setattr(files.os, "replace", refuse)
    files.discard(folder, tmp_path / TRASH)
    deadline = time.monotonic() + 60
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not folder.exists()
