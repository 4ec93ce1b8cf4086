"""A Streamlit server of its own for a browser test, on a free port of this computer."""
from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@contextmanager
def serving(script: Path | str = "app.py", home: Path | None = None, *options: str,
            data: Path | None = None) -> Iterator[str]:
    """Serve a script (a path, or one relative to the project) with `home` as its data folder; gives the address.

    `data` is another data folder, where `home` shall hold nothing but the log.

    The server's log is `home/server.log`; a traceback in it fails the test that used the server.
    """
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port),
               "--server.address", "127.0.0.1", *options]
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    env = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
    env |= {"DLVIZ_HOME": str(data or home)} if home else {}
    if home:
        home.mkdir(exist_ok=True)
    log = (home / "server.log").open("w") if home else subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, process, options)
        yield address
    finally:
        process.terminate()
        process.wait(30)
    _, _, after = (home / "server.log").read_text().partition("Traceback") if home else ("", "", "")
    assert not after, after[:5_000]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait_for(address: str, process: subprocess.Popen, options: tuple[str, ...]) -> None:
    base = options[options.index("--server.baseUrlPath") + 1] + "/" if "--server.baseUrlPath" in options else ""
    for _ in range(900):
        assert process.poll() is None, "the app's server ended"
        try:
            urllib.request.urlopen(f"{address}/{base}_stcore/health", timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no answer from {address}")
