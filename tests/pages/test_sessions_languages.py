"""Each session reads in its own language, whatever others read at the same time."""
from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
import streamlit as st

from dlviz import languages, translation
from pages.ui.shared import language
from pages.ui.shared.texts import texts
from tests.pages.test_server import _get

GERMAN, ENGLISH = "Rückgängig", "Undo"
HOME = "streamlit_script_run_ctx"  # of a thread, where Streamlit keeps the session that it runs for


@pytest.fixture(autouse=True)
def _followed() -> Iterator[None]:
    language.follow_sessions()
    yield
    translation.install()


@pytest.fixture
def browsers(monkeypatch: pytest.MonkeyPatch) -> dict[str, SimpleNamespace]:
    """What the browser of each session says of itself, by the session's id."""
    known: dict[str, SimpleNamespace] = {}
    monkeypatch.setattr(st, "context", _Context(known))
    return known


class _Context:
    """Stands for `st.context`: says of the session of this thread what its browser has sent."""

    def __init__(self, known: dict[str, SimpleNamespace]) -> None:
        self._known = known

    def __getattr__(self, name: str) -> object:
        return getattr(self._known[getattr(threading.current_thread(), HOME).session_id], name)


def browser(locale: str | None = None, **cookies: str) -> SimpleNamespace:
    return SimpleNamespace(locale=locale, cookies=cookies)


@contextmanager
def session(name: str) -> Iterator[None]:
    """This thread runs the script of a session."""
    thread = threading.current_thread()
    setattr(thread, HOME, SimpleNamespace(session_id=name))
    try:
        yield
    finally:
        delattr(thread, HOME)


def read_by(name: str) -> str:
    with session(name):
        return texts.UNDO


def test_what_was_chosen_counts_before_what_the_browser_speaks(browsers):
    browsers |= {"de": browser("de-CH"), "en": browser("en-GB"), "fr": browser("fr"), "none": browser(),
                 "chosen": browser("en-US", dlviz_language="de"), "back": browser("de-DE", dlviz_language="en"),
                 "odd": browser("de-DE", dlviz_language="../xx")}
    assert {name: read_by(name) == GERMAN for name in browsers} == {
        "de": True, "en": False, "fr": False, "none": False, "chosen": True, "back": False, "odd": True}
    assert texts.UNDO == ENGLISH, "outside of sessions texts are as in the source"


def test_sessions_at_the_same_time_each_read_their_own(browsers):
    browsers |= {f"{code}{at}": browser(code) for at in range(4) for code in ("de", "en")}
    start, wrong = threading.Barrier(len(browsers)), []

    def read(name: str) -> None:
        start.wait()
        with session(name):
            expected = GERMAN if name.startswith("de") else ENGLISH
            wrong.extend(found for _ in range(2_000) if (found := texts.UNDO) != expected)

    threads = [threading.Thread(target=read, args=(name,)) for name in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_thread_that_goes_on_with_another_session_changes_its_language(browsers):
    browsers |= {"a": browser("de"), "b": browser("en")}
    assert [read_by(name) for name in ("a", "b", "a")] == [GERMAN, ENGLISH, GERMAN]


def test_scripts_get_their_texts_from_the_server():
    status, headers, body = _get(f"/{language.address('de').partition('?')[0]}")
    assert status == 200 and headers["content-encoding"] == "gzip" and body == language._packed("de")
    assert language.address(languages.ENGLISH) == ""
    assert _get("/vendor/texts/en.json")[0] == _get("/vendor/texts/xx.json")[0] == 404
