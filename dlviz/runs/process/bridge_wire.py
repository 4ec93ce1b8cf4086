"""What a server and the bridge to a cluster say to each other. Plain dataclasses; knows neither of them.

A process is named by the token of its `Need`: a run has one after another.
"""
from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dlviz.runs.process.engine import Adoption, ClusterNode
from dlviz.runs.process.wire import Begin
from dlviz.training.control import Message

PORT = 8655  # where a bridge listens unless it is told otherwise
KEY = "bridge.key"  # in the data folder, which servers, bridge and workers all have

# down


@dataclass(frozen=True)
class Launch:
    """Find a place for this run and train it there."""

    begin: Begin
    process: str
    cores: float
    gpu: float
    memory: int  # bytes that it is expected to take


@dataclass(frozen=True, slots=True)
class Follow:
    """Tell what happens in a process that is there already, after this number; None: from what nobody has safe."""

    process: str
    after: int | None


@dataclass(frozen=True, slots=True)
class Forward:
    """A message for a run's loop. One with a number that the process has had from this session counts for nothing."""

    process: str
    session: str
    number: int
    message: Message


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Events up to this number are safe; when the end is among them, nobody needs the process any more."""

    process: str
    seq: int


@dataclass(frozen=True, slots=True)
class Terminate:
    """End a process at once."""

    process: str


# up


@dataclass(frozen=True)
class Welcome:
    """A bridge's first word: what it has."""

    adoptions: tuple[Adoption, ...]
    nodes: tuple[ClusterNode, ...]


@dataclass(frozen=True)
class Batch:
    """Events of a process, numbered from `first`, pickled: whoever carries them need not know what they are.

    Args:
        session, number: of the last message that the process has taken.
        over: whether the last of all is among them.
    """

    process: str
    node: str
    first: int
    count: int
    data: bytes
    session: str
    number: int
    over: bool


@dataclass(frozen=True, slots=True)
class Gone:
    """A process has ended and had no time to say so."""

    process: str
    reason: Literal["killed", "lost", "failed"]
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class NodeList:
    """The computers of the cluster; sent each second, so that silence has a meaning."""

    nodes: tuple[ClusterNode, ...]


def key(home: Path) -> bytes:
    """What proves to a server and a bridge that they belong together: a file of the data folder, made by the first.

    OSError where it can be neither read nor made.
    """
    path = home / KEY
    if not path.exists():
        partial = path.with_name(f"{KEY}.{secrets.token_hex(4)}.part")
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        with suppress(FileExistsError):  # the other one was faster
            os.link(partial, path)
        partial.unlink()
    return bytes.fromhex(path.read_text().strip())
