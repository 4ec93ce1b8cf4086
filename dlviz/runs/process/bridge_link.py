"""A server's connection to the bridge: opened again whenever it breaks. Knows no run.

Nothing is kept here while there is none: whoever uses it says anew what matters when the bridge's Welcome comes.
"""
from __future__ import annotations

import logging
import os
import queue
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection
from typing import cast

from dlviz.runs.process.wire import Hello

RETRY = 0.5  # seconds between two tries to reach it
SILENCE = 15.0  # seconds without a word after which a connection is taken for broken; one comes each second

log = logging.getLogger(__name__)


class BridgeLink:
    """Tries from the beginning, until `close`.

    Args:
        place: host and port of the bridge.
        key: gives what proves that we belong together; asked at each try.
        take: called with all that comes, one after the other.
    """

    def __init__(self, place: tuple[str, int], key: Callable[[], bytes], take: Callable[[object], None]) -> None:
        self._place, self._key, self._take = place, key, take
        self._connection: Connection | None = None
        self._outgoing: queue.SimpleQueue = queue.SimpleQueue()
        self._closing = threading.Event()
        self.refused = False  # it was there, and had another key
        self._thread = threading.Thread(target=self._stay_connected, daemon=True)
        self._thread.start()

    @property
    def connected(self) -> bool:
        return self._connection is not None

    def send(self, message: object) -> None:
        """Returns at once; without a connection nothing happens."""
        if self._connection is not None:
            self._outgoing.put(message)

    def close(self) -> None:
        """Give what was sent a moment to leave, and hang up."""
        self._closing.set()
        self._outgoing.put(None)
        self._thread.join(2 * RETRY)

    def _stay_connected(self) -> None:
        while not self._closing.is_set():
            try:
                with _opened(self._place, self._key()) as connection:
                    self.refused = False
                    self._converse(connection)
            except AuthenticationError:
                self.refused = True
            except (OSError, EOFError) as error:
                log.debug("No bridge: %s", error)
            self._closing.wait(RETRY)

    def _converse(self, connection: Connection) -> None:
        self._outgoing = queue.SimpleQueue()
        writer = threading.Thread(target=_write, args=(connection, self._outgoing), daemon=True)
        self._connection = connection
        writer.start()
        try:
            while not self._closing.is_set() and connection.poll(SILENCE):
                self._take(connection.recv())
        finally:
            self._connection = None
            self._outgoing.put(None)
            writer.join(RETRY)


def _opened(place: tuple[str, int], key: bytes) -> Connection:
    connection = cast(Connection, Client(place, authkey=key))  # never a pipe: it has a port
    at_once(connection)
    connection.send(Hello(os.getpid()))
    return connection


def at_once(connection: Connection) -> None:
    """Have small messages leave at once; those that belong together are one already."""
    with socket.socket(fileno=os.dup(connection.fileno())) as end:
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _write(connection: Connection, outgoing: queue.SimpleQueue) -> None:
    with suppress(OSError):  # who reads notices too
        while (message := outgoing.get()) is not None:
            connection.send(message)
