"""Workers come in although others stand at the door and say nothing, or the wrong thing."""
from __future__ import annotations

import os
import queue
from contextlib import ExitStack
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client

import pytest

from dlviz.runs.process import door as doors
from dlviz.runs.process.door import ConnectionListener
from dlviz.runs.process.wire import Hello

PATIENCE = 30.0  # seconds until a test gives up; not a measurement


@pytest.fixture
def welcomed():
    return queue.Queue()


@pytest.fixture
def door(welcomed):
    door = ConnectionListener(lambda connection, hello: welcomed.put((connection, hello)))
    yield door
    door.close()


def come_in(door: ConnectionListener, stack: ExitStack) -> None:
    worker = stack.enter_context(Client(door.place, authkey=door.key))
    worker.send(Hello(os.getpid()))


def test_silent_ones_keep_no_worker_out(door, welcomed):
    with ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(Client(door.place))
        come_in(door, stack)
        connection, hello = welcomed.get(timeout=PATIENCE)
        assert hello == Hello(os.getpid())
        connection.close()


def test_silent_ones_are_sent_away_after_a_while(door, monkeypatch):
    monkeypatch.setattr(doors, "PATIENCE", 0.05)
    with Client(door.place) as silent:
        silent.recv_bytes(256)  # the challenge
        with pytest.raises(EOFError):
            silent.recv_bytes(256)


def test_a_full_room_is_empty_again_after_a_while(door, welcomed, monkeypatch):
    monkeypatch.setattr(doors, "PATIENCE", 0.2)
    with ExitStack() as stack:
        for _ in range(doors.AT_ONCE):
            stack.enter_context(Client(door.place))
        while welcomed.empty():
            try:
                come_in(door, stack)
                connection, _ = welcomed.get(timeout=PATIENCE)
                break
            except (OSError, EOFError):
                continue  # sent away, as a birth is then tried again
        connection.close()


def test_without_the_key_nobody_comes_in(door, welcomed):
    with pytest.raises(AuthenticationError):
        Client(door.place, authkey=b"another key")
    with Client(door.place) as liar:
        liar.recv_bytes(256)
        liar.send_bytes(b"x" * 200)
        with pytest.raises((EOFError, OSError)):
            all(liar.recv_bytes(256) is not None for _ in iter(int, 1))
    assert welcomed.empty()
