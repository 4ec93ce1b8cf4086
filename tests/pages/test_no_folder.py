"""A data folder that cannot be used, for whatever reason: every page says so in a sentence, and none breaks."""
from __future__ import annotations

from pathlib import Path

import filelock
import pytest
from streamlit.testing.v1 import AppTest

from dlviz import once, settings
from dlviz.runs.storage import store
from pages.ui.shared import warming

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))


@pytest.fixture(autouse=True)
def _no_service_yet(monkeypatch):
    monkeypatch.setattr(store, "CLAIM", 0.1)
    monkeypatch.setattr(warming, "begin", lambda: None)  # it sets the collector of this whole process
    once.forget("service")
    yield
    once.forget("service")


def opened(page: str) -> str:
    """What a page says to a visitor; it shows no traceback."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.session_state["dlviz.visitor"] = "a visitor"
    at.run()
    if page != "build":
        at.switch_page(f"pages/{page}.py").run()
    assert not at.exception
    return "\n".join(str(part.value) for part in at.error).replace("\\", "")


@pytest.mark.parametrize("page", PAGES)
def test_a_folder_that_another_server_has_is_a_sentence(page):
    with filelock.FileLock(settings.home() / "server.lock"):
        assert "another one uses it. Close that one, or set DLVIZ_HOME" in opened(page)


@pytest.mark.parametrize("page", PAGES)
def test_a_folder_that_cannot_be_made_is_a_sentence(page, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DLVIZ_HOME", str(tmp_path / "file" / "below"))
    assert "must be one that dlviz can make and write to" in opened(page)


@pytest.mark.parametrize("page", PAGES)
def test_a_folder_that_takes_no_file_is_a_sentence(page, monkeypatch):
    (settings.home() / "server.lock").mkdir()
    assert "must be claimed by this dlviz" in opened(page)


@pytest.mark.parametrize("page", PAGES)
def test_a_database_that_takes_no_row_is_a_sentence(page, monkeypatch):
    (settings.home() / "runs.sqlite").write_text("this is no database" * 1_000)
    assert "runs.sqlite" in opened(page)


def test_a_folder_that_is_free_again_is_taken_without_a_restart(monkeypatch):
    monkeypatch.setattr(once, "RETRY", 0.0)
    with filelock.FileLock(settings.home() / "server.lock"):
        assert "another one uses it" in opened("runs")
    assert not opened("runs")
    once.get("service", lambda: None).close()
