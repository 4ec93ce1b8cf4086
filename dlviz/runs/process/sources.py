"""Where warmed workers come from: forked by a fork server, or spawned one by one where a fork is not safe.

Knows how processes are born and ended; what they train and whether they ever connect, `runs.local` knows.
"""
from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Container
from pathlib import Path
from typing import IO, Protocol, TypedDict

from dlviz.runs.process import early_start
from dlviz.runs.process.wire import Address


class WorkerSource(Protocol):
    """Gives birth to workers that connect to an address by themselves."""

    at_once: int  # births under way that make sense at a time

    def request(self) -> None:
        """Have one more worker connect, soon."""

    def tend(self, connected: Container[int]) -> int:
        """Notice what died; how many requested workers will never connect. `connected`: pids that have."""
        ...

    def close(self, timeout: float) -> None:
        """End everything that was born here. Their connections have been closed before."""


class ForkSource:
    """One fork server process that has everything loaded: a birth takes some milliseconds."""

    at_once = 8

    def __init__(self, address: Address, log: Path) -> None:
        self._address, self._log = address, log
        self._process: subprocess.Popen[bytes] | None = None
        self._revive()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def _revive(self) -> None:
        if self._process is None:
            self._process = early_start.take() or early_start.start_fork_server(self._log)
            _tell(self._process, self._address.to_line())

    def request(self) -> None:
        self._revive()
        assert self._process is not None
        _tell(self._process, b"fork\n")

    def tend(self, connected: Container[int]) -> int:
        if self._process is None or self._process.poll() is None:
            return 0
        self._process = None
        return self.at_once

    def close(self, timeout: float) -> None:
        if self._process is None:
            return
        _pipe(self._process).close()
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


class SpawnSource:
    """A fresh Python for each worker, 2 to 4 s of import: keep spares."""

    at_once = 2  # more at a time only slow each other down

    def __init__(self, address: Address, log: Path) -> None:
        self._address, self._log = address, log
        self._children: list[subprocess.Popen[bytes]] = []
        if unused := early_start.take():
            _pipe(unused).close()  # it ends

    def request(self) -> None:
        child = early_start.start("dlviz.runs.process.worker", self._log, **_own_group())
        _tell(child, self._address.to_line())
        self._children.append(child)

    def tend(self, connected: Container[int]) -> int:
        dead = [child for child in self._children if child.poll() is not None]
        self._children = [child for child in self._children if child not in dead]
        return sum(child.pid not in connected for child in dead)

    def close(self, timeout: float) -> None:
        for child in self._children:
            try:
                child.wait(timeout)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def fork_is_safe() -> bool:
    """Linux without a GPU: macOS's libraries do not survive a fork, nor does a GPU's driver once touched.

    torch's backward pass counts the GPUs, so that a warm fork server would have touched it.
    """
    import torch

    return sys.platform == "linux" and not torch.cuda.is_available()


def _tell(process: subprocess.Popen[bytes], line: bytes) -> None:
    try:
        _pipe(process).write(line)
        _pipe(process).flush()
    except OSError:
        pass  # it has just died; `tend` notices


def _pipe(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdin is not None
    return process.stdin


class Group(TypedDict, total=False):
    """Options of `subprocess.Popen` that give a process a group of its own."""

    process_group: int
    creationflags: int


def _own_group() -> Group:
    if sys.platform == "win32":
        flags = (subprocess.BELOW_NORMAL_PRIORITY_CLASS | subprocess.CREATE_NEW_PROCESS_GROUP
                 | subprocess.CREATE_NO_WINDOW)
        return {"creationflags": flags}
    return {"process_group": 0}
