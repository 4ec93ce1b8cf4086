"""Ray, as far as it is used: processes with names, their places, the nodes. The only file that imports it.

Knows no run's life; nothing here is tried twice.
"""
from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import ray  # pyright: ignore[reportMissingImports]  # the extra `cluster`
import ray.exceptions  # pyright: ignore[reportMissingImports]
import ray.util  # pyright: ignore[reportMissingImports]
from ray.util.scheduling_strategies import (  # pyright: ignore[reportMissingImports]
    NodeAffinitySchedulingStrategy,
)

from dlviz.cluster.host import HostOptions, RunHost
from dlviz.runs.process.bridge_wire import Launch
from dlviz.runs.process.engine import ClusterNode

THREADS = {"take": 2, "post": 1, "status": 1}  # of a process, for calls of each kind


class RayCluster:
    """The cluster that this computer belongs to, joined as a driver. ConnectionError where there is none.

    Args:
        address: where its head is.
        namespace: of the names of its processes; one for each data folder.
    """

    silent = ray.exceptions.ActorUnavailableError  # a process that may answer again
    errors = ray.exceptions.RayError

    def __init__(self, address: str, namespace: str) -> None:
        ray.init(address=address, namespace=namespace, log_to_driver=False, logging_level=logging.WARNING)
        remote: Any = ray.remote  # its own types do not know the groups
        self._host = remote(concurrency_groups=THREADS)(RunHost)

    def create(self, name: str, options: HostOptions, launch: Launch | None, cores: float = 1.0, gpu: float = 0.0,
               memory: int = 0) -> Any:
        """A new process of this name, at once or when there is room; on another node than the last, if it can be."""
        make = self._host.options(
            name=name, lifetime="detached", max_restarts=0, max_task_retries=0, num_cpus=cores, num_gpus=gpu,
            memory=memory or None, scheduling_strategy="SPREAD")
        return make.remote(options, own_node, *((launch.begin, launch.process) if launch is not None else ()))

    def call(self, process: Any, name: str, *args: Any) -> Awaitable[Any]:
        """Call a method of a process; those called `post` come one after the other, in order."""
        group = name if name in THREADS else "post"
        return getattr(process, name).options(concurrency_group=group).remote(*args)

    def processes(self) -> Iterator[tuple[str, Any]]:
        """Those that are there, or wait for a place, by name."""
        for name in ray.util.list_named_actors():
            try:
                yield name, ray.get_actor(name)
            except ValueError:
                continue  # it has just ended

    def kill(self, process: Any) -> None:
        """End it without delay, or forget it where it waits for a place."""
        ray.kill(process, no_restart=True)

    def nodes(self) -> tuple[ClusterNode, ...]:
        """Those that can train, by name; one without a core is the bridge's own."""
        found = [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU", 0) >= 1]
        return tuple(sorted((ClusterNode(node["NodeName"], int(node["Resources"]["CPU"]),
                                  int(node["Resources"].get("memory", 0)), int(node["Resources"].get("GPU", 0)))
                             for node in found), key=lambda node: node.name))

    def on_each_node(self, function: Callable[..., Any], *args: Any) -> dict[str, Any]:
        """What a function gives on each node that can train, by the node's name."""
        call = ray.remote(num_cpus=0)(function)
        found = [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU", 0) >= 1]
        answers = [call.options(scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False))
                   .remote(*args) for node in found]
        return dict(zip((node["NodeName"] for node in found), ray.get(answers)))

    def free_cores(self) -> float:
        """Cores of all nodes that nobody has reserved."""
        return ray.available_resources().get("CPU", 0.0)

    def close(self) -> None:
        """Leave the cluster; its processes go on."""
        ray.shutdown()


def own_node() -> str:
    """The name of the node that the calling process is on."""
    own = ray.get_runtime_context().get_node_id()
    return next((node["NodeName"] for node in ray.nodes() if node["NodeID"] == own), "")
