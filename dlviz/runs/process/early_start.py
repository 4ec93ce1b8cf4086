"""Starts the fork server before the server itself has loaded torch, so that both load side by side.

On a server that was just started the first click on Train would wait for it otherwise. Imports nothing that is slow to
load, knows no run; `runs.sources` takes the process over.
"""
from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path

from dlviz import settings
from dlviz.errors import RunError

PROGRAM = "dlviz.training.loop:train"  # what workers run, unless a test has them run another
LOG = "workers.log"  # in the data folder: what workers say before they are connected

_lock = threading.Lock()
_processes: list[subprocess.Popen[bytes]] = []
_request = threading.Event()


def begin() -> None:
    """Start it, once a process, where the fork server is how workers are born."""
    with _lock:
        if sys.platform != "linux" or _request.is_set():
            return
        _request.set()
        with contextlib.suppress(OSError, RunError):  # a data folder that cannot be written is the service's to tell
            _processes.append(start_fork_server(settings.home() / LOG, PROGRAM))


def take() -> subprocess.Popen[bytes] | None:
    """The process that was started here, for whoever asks first; None when there is none that lives."""
    _request.set()
    with _lock:
        process = _processes.pop() if _processes else None
    return process if process is not None and process.poll() is None else None


def start_fork_server(log: Path, *programs: str) -> subprocess.Popen[bytes]:
    """A fork server that waits for its address, in a process group of its own: Ctrl-C must not reach the workers.

    Not in a session of its own: between sessions Linux shares the cores evenly, whatever their niceness.

    `programs` are loaded before the address has come.
    """
    return start("dlviz.runs.process.fork_server", log, *programs, process_group=0)


def start(module: str, log: Path, *arguments: str, process_group: int | None = None,
          creationflags: int = 0) -> subprocess.Popen[bytes]:
    """A Python process that is told through its stdin what to do."""
    with log.open("ab") as file:
        return subprocess.Popen([sys.executable, "-m", module, *arguments], env=child_environment(),
                                stdin=subprocess.PIPE, stdout=file, stderr=file,
                                process_group=process_group, creationflags=creationflags)


def child_environment() -> dict[str, str]:
    """The environment of a child that imports dlviz and stays single-threaded until it is told otherwise."""
    root = str(Path(__file__).resolve().parents[3])
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    return os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
