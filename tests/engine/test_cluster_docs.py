"""Every command of docs/cluster.md, run on one computer as it stands there, but for addresses, ports and folders, and
that pip only finds what it would install."""
from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from dlviz.cluster import check as checks
from tests.engine import ray_cluster

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "cluster.md").read_text()
COMMANDS = re.findall(r"```bash\n(.*?)```", TEXT, re.S)
PATIENCE = 180.0


class Terminals:
    """Runs commands of the page, each behind the lines that belong into every terminal."""

    def __init__(self, folder: Path) -> None:
        self.ports = {port: str(ray_cluster.free_port()) for port in ("6379", "8655", "8501")}
        self.folder = folder
        self.opened: list[subprocess.Popen] = []
        self._before = ""

    def here(self, command: str) -> str:
        """The command with this computer's addresses, free ports, and folders of the test."""
        command = re.sub(r"192\.168\.1\.1\d", "127.0.0.1", command)
        for port, other in self.ports.items():
            command = re.sub(rf"\b{port}\b", other, command)
        command = command.replace("pip install", "pip install --dry-run --quiet")
        return command.replace("/srv/", f"{self.folder}/").replace("/tmp/dlviz-ray", f"{self.folder}/ray")

    def always(self, command: str) -> None:
        self._before += self.here(command)

    def run(self, command: str) -> str:
        done = subprocess.run(["bash", "-ec", self._before + self.here(command)], cwd=ROOT, capture_output=True,
                              text=True, timeout=PATIENCE, env=self.environment())
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def begin(self, command: str, expected: str) -> None:
        """Start what stays, and wait until it says so."""
        log = self.folder / f"{len(self.opened)}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(["bash", "-ec", self._before + self.here(command)], cwd=ROOT, stdout=file,
                                       stderr=file, start_new_session=True, env=self.environment())
        self.opened.append(process)
        deadline = time.monotonic() + PATIENCE
        while expected not in log.read_text():
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)

    def environment(self) -> dict[str, str]:
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        return os.environ | {"PATH": path, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1",
                             "STREAMLIT_SERVER_PORT": self.ports["8501"], "STREAMLIT_SERVER_HEADLESS": "true"}

    def close(self) -> None:
        for process in reversed(self.opened):
            for pid in [process.pid, *ray_cluster.descendants(process.pid)]:
                ray_cluster.kill(pid)
            process.wait()


@pytest.fixture
def terminals() -> Iterator[Terminals]:
    made = Terminals(Path(tempfile.mkdtemp(prefix="dlvz", dir="/tmp")))  # sockets' paths must be short
    yield made
    made.close()
    shutil.rmtree(made.folder, ignore_errors=True)


CLASS = """
import time
from dlviz import presets
from dlviz.runs.service import RunService
experiment = presets.get("mlp").experiment
experiment = experiment.model_copy(update={"training": experiment.training.model_copy(update={"epochs": 2})})
service = RunService()
runs = [service.create(experiment, "me") for _ in range(2)]
nodes = {}
while not all(service.get(run).over for run in runs):
    nodes |= {run: service.get(run).node for run in runs if service.get(run).node}
    time.sleep(0.05)
print(*sorted(nodes.values()), *(service.get(run).state for run in runs))
service.close()
"""


@pytest.mark.skipif(ray_cluster.MISSING, reason="Ray is not installed: pip install dlviz[cluster]")
@pytest.mark.skipif(os.environ.get("DLVIZ_CLUSTER_TESTS") == "core", reason="left out by DLVIZ_CLUSTER_TESTS=core")
def test_a_class_begins_as_the_page_says(terminals):
    install, key, always, head, second, check, bridge, server = COMMANDS
    venv, *rest = install.splitlines()
    terminals.run(venv)
    borrow(terminals.folder / "dlviz-env")
    terminals.run("\n".join(rest))
    terminals.run(key)
    assert (terminals.folder / "dlviz" / "ray.token").stat().st_mode & 0o077 == 0
    terminals.always(always)
    terminals.begin(head, "Ray runtime started")
    terminals.begin(second, "Ray runtime started")
    lines = terminals.run(check).splitlines()
    assert sorted(line.partition(":")[0] for line in lines) == ["head", "second"]
    terminals.begin(bridge, "listens")
    environment = server.partition("streamlit")[0]
    assert terminals.run(f"{environment} python -c '{CLASS}'").split() == ["head", "second", "done", "done"]
    terminals.begin(server, "URL")
    with urllib.request.urlopen(f"http://127.0.0.1:{terminals.ports['8501']}/_stcore/health") as answer:
        assert answer.status == 200


def borrow(environment: Path) -> None:
    """What was to be installed there is what this test runs with."""
    (folder,) = environment.glob("lib/python*/site-packages")
    (folder / "borrowed.pth").write_text("\n".join(path for path in sys.path if "site-packages" in path))
    for name in ("ray", "streamlit"):
        (environment / "bin" / name).symlink_to(Path(sys.executable).with_name(name))


def test_a_node_that_is_not_like_the_others_is_named():
    own = {"Python": "3.11.7", "Ray": "2.60.0", "torch": "2.13.0", "dlviz": "0.9.0", "data folder": "seen"}
    lines, complaints = checks.compared(own, {"a": own, "b": own | {"Ray": "2.59.0", "data folder": "not seen"}})
    assert [line.partition(":")[0] for line in lines] == ["a", "b"]
    assert complaints == ["b has Ray 2.59.0, but here it is 2.60.0. Make them equal.",
                          "b has data folder not seen, but here it is seen. Make them equal."]
