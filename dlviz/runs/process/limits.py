"""The memory that a worker may take, and what follows when it takes more. Linux only; elsewhere nothing is limited.

A limit lies on data segments (RLIMIT_DATA), not on addresses: libraries and what a fork shares count for nothing.
"""
from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from dlviz import network as net
from dlviz import tasks
from dlviz.spec import Experiment

BASE = 2**30  # bytes beside the network: the task's data, pictures of samples, kept moments, a search's second network
A_THREAD = 16 * 2**20  # its stack, and what its heap reserves
ROOM = 2.0  # times the estimate
OVERHEAD = 150e6  # bytes of a process that trains next to nothing
NO_MEMORY = ("out of memory", "allocate memory", "could not create a memory")  # torch on a GPU, the CPU, and oneDNN


def need(experiment: Experiment) -> int:
    """About how many bytes a process takes that trains this."""
    training = experiment.training
    signature = tasks.get(experiment.task.name, experiment.task.fields).signature()
    report = net.check(experiment.network, signature, training.batch_size, training.optimizer.moments)
    return round(report.step_bytes + OVERHEAD)


def allowance(needed: int) -> int:
    """How many bytes a worker may take beyond those it was born with; no sound run comes near."""
    return round(BASE + ROOM * needed) + A_THREAD * (os.cpu_count() or 1)


def confine(allowed: int) -> int | None:
    """From now on this process gets no more than so many bytes; torch raises at the first that it does not get.

    Gives the limit, or None where none can be set.
    """
    if sys.platform != "linux":
        return None
    _limit(_data_bytes() + allowed)
    return allowed


def release() -> None:
    """Room for the last words of a process that has reached its limit."""
    if sys.platform == "linux":
        import resource

        _limit(resource.getrlimit(resource.RLIMIT_DATA)[1])


def _limit(size: int) -> None:
    import resource

    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    soft = size if hard == resource.RLIM_INFINITY else min(size, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _data_bytes() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmData"))


def is_short_of_memory(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or any(words in str(error) for words in NO_MEMORY)


def too_much(allowed: int | None) -> str:
    """What the owner of a run is told that has reached its limit, or that found no memory free."""
    most = "this computer has free" if allowed is None else f"the {allowed / 1e9:.1f} GB that it may take"
    return f"This run needed more memory than {most}. Make the batches or the network smaller, or stop other runs."


def ended_for_memory() -> int:
    """How many processes the kernel has ended for want of memory since it started; 0 where nobody counts."""
    with contextlib.suppress(OSError, ValueError, StopIteration):
        lines = Path("/proc/vmstat").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))
    return 0


def fits(needed: int, taken: int, memory: int) -> bool:
    """Whether a run may start beside runs that take so much of the memory. One alone always may: its design was
    accepted."""
    return not taken or taken + needed <= memory
