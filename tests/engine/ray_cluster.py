"""A Ray cluster of several nodes on this computer, and a bridge, for tests: started and ended as processes of ours."""
from __future__ import annotations

import contextlib
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
MISSING = importlib.util.find_spec("ray") is None
PATIENCE = 120.0  # seconds until a test gives up; not a measurement
STORE = 80_000_000  # bytes of shared memory a node


def free_port() -> int:
    with socket.socket() as end:
        end.bind(("127.0.0.1", 0))
        return end.getsockname()[1]


class RayNodes:
    """Nodes `a`, `b`, ..., the first of which is the head, with so many cores each."""

    def __init__(self, cores: int = 3, names: str = "ab") -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="dlvz", dir="/tmp"))  # sockets' paths must be short
        self.environment = os.environ | {
            "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32), "RAY_USAGE_STATS_ENABLED": "0",
            "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        self.nodes: dict[str, subprocess.Popen] = {}
        for name in names:
            self.start_node(name, cores)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start_node(self, name: str, cores: int) -> None:
        """Start it and wait until it has joined."""
        place = ["--address", self.address] if self.nodes else [
            "--head", f"--port={self.port}", "--include-dashboard=false", f"--temp-dir={self.folder}"]
        command = [Path(sys.executable).with_name("ray"), "start", *place, f"--num-cpus={cores}",
                   f"--node-name={name}", "--node-ip-address=127.0.0.1", f"--object-store-memory={STORE}",
                   "--disable-usage-stats", "--block"]
        log = self.folder / f"{name}.log"
        with log.open("wb") as file:
            self.nodes[name] = subprocess.Popen(command, env=self.environment, stdout=file, stderr=file,
                                                start_new_session=True)
        wait(lambda: "Ray runtime started" in log.read_text(), self.nodes[name], log)

    def kill_node(self, name: str) -> None:
        """As if its plug were pulled: everything on it ends at once."""
        process = self.nodes.pop(name)
        for pid in [process.pid, *descendants(process.pid)]:
            kill(pid)
        process.wait()

    def raylet(self, name: str) -> int:
        """The process that manages a node."""
        return next(pid for pid in descendants(self.nodes[name].pid) if "raylet/raylet" in command_of(pid))

    def close(self) -> None:
        for name in list(self.nodes):
            self.kill_node(name)
        shutil.rmtree(self.folder, ignore_errors=True)


class BridgeProcess:
    """A bridge to these nodes for a data folder."""

    def __init__(self, nodes: RayNodes, home: Path, *options: str) -> None:
        self.port = free_port()
        home.mkdir(exist_ok=True)
        log = nodes.folder / f"bridge-{self.port}.log"
        with log.open("wb") as file:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "dlviz.cluster.bridge", "--address", nodes.address, "--port", str(self.port),
                 *options], env=nodes.environment | {"DLVIZ_HOME": str(home)}, stdout=file, stderr=file)
        wait(lambda: "listens" in log.read_text(), self._process, log)

    @property
    def pids(self) -> list[int]:
        """The bridge that serves, below the one that starts it again."""
        return children(self._process.pid)

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()


def wait(condition, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert process.poll() is None and time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def children(pid: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(path.parent.name))
        except (OSError, IndexError):
            continue  # it has just ended
    return found


def descendants(pid: int) -> list[int]:
    return [each for child in children(pid) for each in (child, *descendants(child))]


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
