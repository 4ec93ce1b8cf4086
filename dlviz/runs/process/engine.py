"""The one seam between the service and whatever runs processes: what goes down, what comes up.

Local processes (`runs.process.local`) stand behind it, or a cluster (`runs.process.remote`). Knows neither of them.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from dlviz.spec import Experiment
from dlviz.training.control import Message
from dlviz.training.events import Event

WEIGHTS = "weights.safetensors"  # a run's checkpoint, inside its folder
FIRST_WEIGHTS = "first_weights.safetensors"  # what a run begins with that took them from another one
LOG = "log.txt"  # full tracebacks of a run, inside its folder


@dataclass(frozen=True)
class Need:
    """What a process needs to train a run.

    Args:
        folder: the run's own folder; a checkpoint in it is gone on from.
        messages: what the loop is told before its first batch.
        device: `cpu`, `cuda`, `mps`; None lets the loop choose.
        memory: bytes that the process may take; None for no limit.
        process: what tells this start from others of the run; `Adoption` has it.
        cores: processor cores that are reserved for it, where the engine reserves any.
        gpu: the fraction of a GPU that is.
        expected_memory: bytes that it is expected to take, of which the engine finds a place; less than `memory`.
    """

    folder: Path
    messages: tuple[Message, ...] = ()
    device: str | None = None
    memory: int | None = None
    process: str = ""
    cores: float = 1.0
    gpu: float = 0.0
    expected_memory: int = 0


@dataclass(frozen=True, slots=True)
class ClusterNode:
    """One computer of several behind an engine."""

    name: str
    cores: int
    memory: int  # bytes that all runs on it may take
    gpus: int = 0


@dataclass(frozen=True, slots=True)
class Adoption:
    """A run that outlived an earlier server, and where it is."""

    run: str
    process: str  # of its Need
    node: str = ""


@dataclass(frozen=True, slots=True)
class Start:
    """A process has taken the run, on the node of this name; on the server's own computer it has none."""

    pid: int
    node: str = ""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The process is alive, whatever its loop is doing."""


@dataclass(frozen=True)
class EventReplay:
    """What an earlier process kept beside its checkpoint, in case nobody had heard it. Before Started."""

    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class End:
    """No process has the run any more; nothing else comes up for it until the next start.

    `done`: the loop came to its end. `stopped`: it was told to. `failed`: an exception, see `sentence`.
    `killed`: by `Engine.kill` or `close`. `lost`: the process vanished.
    """

    reason: Literal["done", "stopped", "failed", "killed", "lost"]
    sentence: str = ""


EngineEvent = Event | Start | Heartbeat | EventReplay | End
OnEvent = Callable[[str, int, EngineEvent], None]  # run, number from 0 within one start, event


class Engine(Protocol):
    """Starts, steers and ends processes. Retries nothing: what follows an end, the service decides."""

    def listen(self, on_event: OnEvent) -> None:
        """Call `on_event` from now on: in order for one run, from any thread."""

    def start(self, run: str, experiment: Experiment, need: Need) -> None:
        """Give the run a process. Returns at once; Start and the events follow, End is always the last."""

    def post(self, run: str, message: Message) -> None:
        """Pass a message to the run's loop; kept until its process is there, dropped when it has none."""

    def kill(self, run: str) -> None:
        """End the run's process at once, without a checkpoint. End(`killed`) follows if it had one."""

    def capacity(self) -> int:
        """How many runs may train at once."""
        ...

    def nodes(self) -> tuple[ClusterNode, ...]:
        """The computers that there are now; empty where the server's own is the only one."""
        ...

    def adopt(self) -> tuple[Adoption, ...]:
        """Runs that outlived an earlier server; their events come up again from the first not acknowledged."""
        ...

    def acknowledge(self, run: str, seq: int) -> None:
        """The run's events up to this number are safe: no server needs them again."""

    def trouble(self) -> str:
        """A sentence while the processes cannot be reached, of which nothing is heard meanwhile; else empty."""
        ...

    def close(self) -> None:
        """Leave nothing behind that needs this server: local processes write a checkpoint and end, others go on."""
