"""What a server and its workers say to each other besides events and messages. Knows no process.

Plain dataclasses, in a file of their own: pickled under one name whichever way a worker is born.
"""
from __future__ import annotations

import contextlib
import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from dlviz.training.control import Message


@dataclass(frozen=True)
class Address:
    """Where a worker finds its server; travels as a line through the child's stdin, not in its arguments."""

    place: str  # a Unix socket or a Windows pipe
    key: str  # hex; proves to both ends that they belong together
    program: str  # "module:function" of the training loop

    def to_line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Address:
        return cls(**json.loads(line))


@dataclass(frozen=True, slots=True)
class Hello:
    """A worker's first word."""

    pid: int


@dataclass(frozen=True)
class Begin:
    """Train this run. The experiment travels as JSON, like everywhere else."""

    run: str
    experiment: str
    folder: Path
    messages: tuple[Message, ...]
    device: str | None
    memory: int | None = None
    node: str = ""  # where the process is, if not on the server's computer
    unread: float = 0.0  # seconds for which nobody may hear what happens; then it is on disk for so long


@dataclass(frozen=True, slots=True)
class Quit:
    """Write a checkpoint and end."""


def be_modest() -> None:
    """Give way to the server, on Linux and macOS; on Windows it creates its children with a lower priority instead."""
    if hasattr(os, "nice"):
        os.nice(15)


def be_first_to_go() -> None:
    """Be ended before the server when memory runs out; a worker's first act."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # some containers forbid it; then all are equal
            Path("/proc/self/oom_score_adj").write_text("500")
