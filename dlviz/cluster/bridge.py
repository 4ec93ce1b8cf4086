"""The command that runs a bridge on a node of the cluster: `python -m dlviz.cluster.bridge`.

It starts the bridge in a process of its own, and again whenever that ends: Ray ends a driver whose head node is gone,
without a word. Knows no server and no run.
"""
from __future__ import annotations

import argparse
import asyncio
import hashlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

from dlviz import settings
from dlviz.cluster.host import HostOptions
from dlviz.cluster.relay import Bridge
from dlviz.runs.process import bridge_wire as bw
from dlviz.runs.process import early_start

RETRY = 2.0  # seconds before a bridge that has ended is started again
UNREAD = 600.0  # seconds without a server, after which runs write a checkpoint and end

log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    given = sys.argv[1:] if arguments is None else list(arguments)
    return _serve(options) if options.parent else _supervise(given)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m dlviz.cluster.bridge", description=(
        "Connects a dlviz server to the Ray cluster that this computer belongs to. Both have the same DLVIZ_HOME."))
    parser.add_argument("--address", default="auto", help="of the cluster; the one that runs here, unless said")
    parser.add_argument("--host", default="127.0.0.1", help="where to listen for the server (%(default)s)")
    parser.add_argument("--port", type=int, default=bw.PORT, help="(%(default)s)")
    parser.add_argument("--spares", type=int, default=2, help="warm processes that wait for a run (%(default)s)")
    parser.add_argument("--unread", type=float, default=UNREAD, metavar="SECONDS", help=(
        "without a server, after which runs write a checkpoint and end (%(default)g)"))
    parser.add_argument("--program", default=early_start.PROGRAM, help=argparse.SUPPRESS)  # another loop, for tests
    parser.add_argument("--parent", type=int, help=argparse.SUPPRESS)  # who starts it again; it ends with that one
    return parser


def _serve(options: argparse.Namespace) -> int:
    from dlviz.cluster.ray_cluster import RayCluster

    home = settings.home().resolve()
    try:
        cluster = RayCluster(options.address, f"dlviz-{hashlib.sha256(bytes(home)).hexdigest()[:16]}")
    except ConnectionError as error:
        log.error("There is no cluster here: %s", str(error).splitlines()[0])
        return 1
    hosts = HostOptions(options.program, str(home), options.unread)
    threading.Thread(target=_end_with, args=(options.parent,), daemon=True).start()
    try:
        asyncio.run(_until_told(Bridge(cluster, hosts, options.spares), (options.host, options.port), bw.key(home)))
    except asyncio.CancelledError:
        cluster.close()
    return 0


async def _until_told(bridge: Bridge, place: tuple[str, int], key: bytes) -> None:
    serving = asyncio.ensure_future(bridge.serve(place, key))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, serving.cancel)
    await serving


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)  # or the next one would find the port in use


def _supervise(arguments: Sequence[str]) -> int:
    command = [sys.executable, "-m", "dlviz.cluster.bridge", *arguments, "--parent", str(os.getpid())]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    while True:
        child = subprocess.Popen(command, env=os.environ | early_start.child_environment())
        try:
            code = child.wait()
        except KeyboardInterrupt:
            child.terminate()
            child.wait()
            return 0
        if code in (0, 2):
            return code  # it was told to end, or cannot understand its arguments
        log.error("The bridge has ended (code %d) and is started again.", code)
        time.sleep(RETRY)


if __name__ == "__main__":
    sys.exit(main())
