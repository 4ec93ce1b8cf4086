"""A server that strangers send messages to: it goes on serving, loses no run, and shows no traceback."""
from __future__ import annotations

from contextlib import contextmanager

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.browser.serving import serving
from tests.browser.visitor import Visitor

OWN, OTHER = "owner-of-these-runs", "somebody-else-entirely"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with serving(home=tmp_path_factory.mktemp("hostile")) as found:
        yield found


@contextmanager
def visiting(address: str, page: str = "", query: str = "", cookie: str = OWN):
    with Visitor(address, page, query, cookie) as visitor:
        yield visitor.open()


def test_a_cleared_cache_takes_nothing_from_the_server(address):
    with visiting(address) as before:
        assert "Train" in before.text and not before.exceptions
        message = BackMsg(clear_cache=True)
        before.send(message)
        before.open()
        assert not before.exceptions
    with visiting(address, "runs") as after:
        assert "No runs yet" in after.text and not after.exceptions
