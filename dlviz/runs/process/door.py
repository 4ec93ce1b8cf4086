"""Where workers come in: each who knocks proves the key in a thread of its own, and has a few seconds for that.

So whoever connects and stays silent keeps nobody out but itself. Knows no run and no process's birth.
"""
from __future__ import annotations

import contextlib
import logging
import os
import secrets
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener, answer_challenge, deliver_challenge

from dlviz.runs.process.wire import Hello

PATIENCE = 5.0  # seconds that a worker has for key and first word
AT_ONCE = 64  # who are being asked at a time; a further one is sent away, and a worker's birth is tried again

log = logging.getLogger(__name__)


class ConnectionListener:
    """Listens until `close`.

    Args:
        welcome: called with the connection of each worker that knows the key, from any thread.
        port: host and port, for those who come from other computers.
        key: what they have to know; a fresh one when None.

    Attributes:
        place, key: what a worker needs to come in.
    """

    def __init__(self, welcome: Callable[[Connection, Hello], None], port: tuple[str, int] | None = None,
                 key: bytes | None = None) -> None:
        self._welcome, self._local = welcome, port is None
        if port is None:
            place = f"\0dlviz-{secrets.token_hex(8)}" if sys.platform == "linux" else None  # abstract: no file
            family = "AF_PIPE" if sys.platform == "win32" else "AF_UNIX"
            self._listener = Listener(place, family, backlog=AT_ONCE)
        else:
            place = None
            self._listener = Listener(port, "AF_INET", backlog=AT_ONCE)
        self.place, self.key = place or self._listener.address, key or secrets.token_bytes(32)
        self._asking = threading.BoundedSemaphore(AT_ONCE)
        self._closing = False
        self._thread = threading.Thread(target=self._open, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closing = True
        threading.Thread(target=self._knock, daemon=True).start()
        self._thread.join(1.0)
        self._listener.close()

    def _knock(self) -> None:
        with contextlib.suppress(OSError):  # it was not waiting
            Client(self.place).close()

    def _open(self) -> None:
        while not self._closing:
            try:
                connection = self._listener.accept()
            except OSError:
                time.sleep(0.01)  # a worker died on its way, or no file is left to open
                continue
            if self._closing or not self._asking.acquire(blocking=False):
                connection.close()
            else:
                threading.Thread(target=self._ask, args=(connection,), daemon=True).start()

    def _ask(self, connection: Connection) -> None:
        hurry = threading.Timer(PATIENCE, hang_up, [connection])
        hurry.daemon = True
        hurry.start()
        try:
            hello = self._first_word(connection)
        except (OSError, EOFError, AuthenticationError) as error:
            log.debug("A connection was no worker's: %s", error)
            hello = None
        finally:
            hurry.cancel()
            self._asking.release()
        if isinstance(hello, Hello):
            self._welcome(connection, hello)
        else:
            connection.close()

    def _first_word(self, connection: Connection) -> object:
        if self._local and not _ours(connection):
            raise AuthenticationError("another user of this computer")
        deliver_challenge(connection, self.key)
        answer_challenge(connection, self.key)
        return connection.recv()  # pickled, so not before the key is proved


def _ours(connection: Connection) -> bool:
    """Whether the other end belongs to the same user; where that cannot be told, the key alone decides."""
    if sys.platform != "linux":
        return True
    with socket.socket(fileno=os.dup(connection.fileno())) as end:
        credentials = end.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return struct.unpack("3i", credentials)[1] == os.getuid()


def hang_up(connection: Connection) -> None:
    """End a read that waits in another thread; closing the file alone would not. Not for Windows' pipes."""
    if sys.platform == "win32":
        return
    try:
        with socket.socket(fileno=os.dup(connection.fileno())) as end:
            end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it is gone already
