"""Where one web process saturates when a cluster trains for it: students without browsers, processes without training.

    python -m benchmarks.cluster 30 100 300     # needs benchmarks/requirements.txt; so many students one after another

Each student watches a run of their own on the Train page. A bridge in a process of its own plays the cluster: each of
its runs tells ten times a second what a small network tells, and nothing is computed. So what is measured is the web
process (pages, histories, store) and the bridge, in seconds of processor time, which another load does not falsify;
the milliseconds it does.
"""
from __future__ import annotations

import asyncio
import itertools
import json
import os
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks import visitors
from benchmarks.report import machine
from dlviz import presets
from dlviz.cluster.host import HostOptions, HostStatus
from dlviz.cluster.outbox import Outbox
from dlviz.cluster.relay import Bridge
from dlviz.owners import owner_of
from dlviz.runs.naming import new_id
from dlviz.runs.process import bridge_wire as bw
from dlviz.runs.process.engine import ClusterNode, Heartbeat, Start
from dlviz.runs.storage.store import RunRow, Store
from dlviz.training import events as ev
from tests.browser.serving import free_port, serving

EVERY = 0.1  # seconds between two messages of a run
STEPS = 20  # in each: 200 steps a second
EVALUATE = 100  # messages between two evaluations
NODES = tuple(ClusterNode(f"node-{number}", 64, 2**40) for number in range(16))


class Recording:
    """A process that tells what one tells that trains, until it is ended."""

    def __init__(self, launch: bw.Launch | None, node: str) -> None:
        self.outbox, self.node, self.alive = Outbox(), node, True
        self.token = launch.process if launch else ""
        self.status = HostStatus(node, launch.begin.run if launch else "", self.token)
        self.outbox.add([Start(1, node), ev.Started(0, 10**6, 860, "cpu", 109_386)])

    async def tell(self) -> None:
        for count in itertools.count():
            step = np.arange(count * STEPS + 1, (count + 1) * STEPS + 1)
            column = np.full(STEPS, 0.1, np.float32)
            self.outbox.add([ev.Steps(step, (1 / step).astype(np.float32), column, column)])
            if count % 5 == 0:
                self.outbox.add([Heartbeat()])
            if count % EVALUATE == EVALUATE - 1:
                self.outbox.add([ev.Evaluated(int(step[-1]), 0.2, 0.9, 1000, np.eye(10, dtype=np.int32) * 100)])
            await asyncio.sleep(EVERY)
            if not self.alive:
                return


class RecordedCluster:
    """In place of a `RayCluster`, in the bridge's own loop."""

    errors, silent = ConnectionError, InterruptedError

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task] = []

    def create(self, name: str, options: HostOptions, launch: bw.Launch | None, *need: Any, **more: Any) -> Recording:
        made = Recording(launch, NODES[len(self._tasks) % len(NODES)].name)
        self._tasks.append(asyncio.get_running_loop().create_task(made.tell()))
        return made

    async def call(self, process: Recording, name: str, *args: Any) -> Any:
        if name != "take":
            return process.status
        if not process.alive:
            raise ConnectionError("it was ended")
        found = process.outbox.take(*args[:2], 0.0)
        while not found[1]:
            await asyncio.sleep(EVERY / 2)
            found = process.outbox.take(*args[:2], 0.0)
        first, events, over = found
        return bw.Batch(process.token, process.node, first, len(events), pickle.dumps(events), "", 0, over)

    def processes(self) -> list[tuple[str, Recording]]:
        return []

    def kill(self, process: Recording) -> None:
        process.alive = False

    def nodes(self) -> tuple[ClusterNode, ...]:
        return NODES

    def free_cores(self) -> float:
        return 0.0


def play(home: Path, port: int) -> None:
    """The bridge's process."""
    bridge = Bridge(RecordedCluster(), HostOptions("", str(home), 600.0), 0)
    asyncio.run(bridge.serve(("127.0.0.1", port), bw.key(home)))


def fill(home: Path, count: int) -> list[str]:
    """A data folder with so many runs that wait; a new server has them train."""
    store = Store(home)
    experiment = presets.get("mlp").experiment.to_json(None)
    now = time.time()
    rows = [RunRow(new_id(), owner_of(f"student {number}"), f"Run {number}", now, now + number / 1000, "queued",
                   experiment) for number in range(count)]
    store.write(rows)
    store.close()
    return [row.id for row in rows]


def measure(count: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        home, port = Path(folder) / "home", free_port()
        home.mkdir(mode=0o700)
        runs = fill(home, count)
        os.environ |= {"DLVIZ_ENGINE": "ray", "DLVIZ_CLUSTER": f"127.0.0.1:{port}", "DLVIZ_MAX_RUNNING": "1000"}
        bridge = subprocess.Popen([sys.executable, "-m", "benchmarks.cluster", "play", str(home), str(port)])
        try:
            with serving("app.py", home) as address:
                visitors.in_a_thread(first(address, runs[0]))
                before = sum(psutil.Process(bridge.pid).cpu_times()[:2])
                begun = time.monotonic()
                result = visitors.in_a_thread(visitors.attended(address, runs, count))
                spent = sum(psutil.Process(bridge.pid).cpu_times()[:2]) - before
                return {**result, "bridge_cpu": round(spent / (time.monotonic() - begun), 2),
                        "store_megabytes": round(sum(each.stat().st_size for each in home.glob("runs.sqlite*")) / 1e6)}
        finally:
            bridge.terminate()
            bridge.wait()


async def first(address: str, run: str) -> None:
    """Who comes first to a fresh server waits for it to load; not a part of what is measured."""
    now = time.perf_counter()
    await visitors.Visitor(address.replace("http", "ws"), "train", f"run={run}").attend(now, now + 1.0)


def measured(count: int) -> dict[str, Any]:
    try:
        return measure(count)
    except (statistics.StatisticsError, TimeoutError):
        return {"sessions": count, "saturated": "a phase passed, or a minute, in which no page had finished"}


def main() -> None:
    if sys.argv[1:2] == ["play"]:
        play(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        counts = [int(text) for text in sys.argv[1:]] or [30, 100, 300]
        print(json.dumps(machine()))
        for count in counts:
            print(json.dumps(measured(count), indent=2), flush=True)


if __name__ == "__main__":
    main()
