"""Whether a run finds a place: its memory and its cores. Plain functions of the runs and computers that there are."""
from __future__ import annotations

from collections.abc import Iterable, Sequence

from dlviz import settings
from dlviz.runs.process import limits
from dlviz.runs.process.cores import cores
from dlviz.runs.process.engine import ClusterNode
from dlviz.runs.run import Run
from dlviz.training import device as device_type


def fits(run: Run, runs: Iterable[Run], nodes: Sequence[ClusterNode] = ()) -> bool:
    """Whether there is memory for it beside those that have a process, paused ones too."""
    memory = sum(node.memory for node in nodes) if nodes else settings.memory()
    taken = sum(other.memory for other in runs if other.worker is not None)
    return run.worker is not None or limits.fits(run.memory, taken, memory)


def devices(nodes: Sequence[ClusterNode]) -> tuple[str, ...]:
    """What a run has a choice between, `cpu` and `gpu`; empty where there is none."""
    if nodes:
        return ("cpu", "gpu") if any(node.gpus for node in nodes) else ()
    return ("cpu", "gpu") if device_type.pick().type != "cpu" else ()


def gpu_is_free(runs: Iterable[Run], nodes: Sequence[ClusterNode]) -> bool:
    """Whether there is a part of a GPU that no process has, paused ones counted."""
    taken = sum(run.worker.gpu for run in runs if run.worker is not None)
    return taken + settings.gpu_fraction() <= sum(node.gpus for node in nodes) + 1e-9


def may_start(run: Run, runs: Iterable[Run], nodes: Sequence[ClusterNode]) -> bool:
    """Whether there is what it insists on: a run that is to train on a GPU of a cluster waits for one."""
    return run.worker is not None or not nodes or run.row.device != "gpu" or gpu_is_free(runs, nodes)


def device(run: Run, runs: Iterable[Run], nodes: Sequence[ClusterNode]) -> tuple[str | None, float]:
    """Where its new process trains, None for what its loop finds best, and the part of a GPU that it takes."""
    if not nodes:
        return ("cpu" if run.row.device == "cpu" else None), 0.0
    if run.row.device != "cpu" and gpu_is_free(runs, nodes):
        return "cuda", settings.gpu_fraction()
    return "cpu", 0.0


def threads(runs: Iterable[Run], nodes: Sequence[ClusterNode] = (), node: str = "") -> int:
    """All cores of its computer for one alone; never more threads than cores, or all are ten times as slow.

    One, where there are several computers, for a run that is on none of them yet.
    """
    on_it = [run for run in runs if run.working and run.worker is not None and run.worker.node == node]
    if not nodes:
        return max(1, cores() // max(1, len(on_it)))
    there = next((each.cores for each in nodes if each.name == node), 1)
    return max(1, there // max(1, len(on_it)))
