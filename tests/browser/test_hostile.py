"""A server that strangers send messages to: it goes on serving, loses no run, and shows no traceback."""
from __future__ import annotations

from contextlib import contextmanager

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.browser.serving import ROOT, serving
from tests.browser.visitor import Visitor

OWN, OTHER = "owner-of-these-runs", "somebody-else-entirely"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with serving(home=tmp_path_factory.mktemp("hostile")) as found:
        with visiting(found):
            pass  # a fresh server leads the first visit home
        yield found


@contextmanager
def visiting(address: str, page: str = "", query: str = "", cookie: str = OWN):
    with Visitor(address, page, query, cookie) as visitor:
        yield visitor.open()


def test_without_a_data_folder_every_page_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with serving("app.py", tmp_path, data=tmp_path / "file" / "below") as address:
        for page in ("", *(path.stem for path in (ROOT / "pages").glob("[!b]*.py"))):
            with visiting(address, page) as visitor:
                assert "set DLVIZ_HOME to another one" in visitor.text and not visitor.exceptions, page


def train(visitor: Visitor) -> str:
    """Start the design in hand; the run's id."""
    visitor.click("setup.train")
    return visitor.query["run"]


def test_a_tick_after_a_page_that_was_broken_off_draws_the_page_anew(address):
    with visiting(address, "train", "run=new") as visitor:
        train(visitor)
        visitor.open()
        fragment, = visitor.ticking
        for _ in range(5):
            visitor.break_off()
            visitor.tick(fragment)
            assert not visitor.exceptions


def test_a_cleared_cache_takes_nothing_from_the_server(address):
    with visiting(address, cookie=OTHER) as before:
        assert "Train" in before.text and not before.exceptions
        message = BackMsg(clear_cache=True)
        before.send(message)
        before.open()
        assert not before.exceptions
    with visiting(address, "runs", cookie=OTHER) as after:
        assert "No runs yet" in after.text and not after.exceptions
