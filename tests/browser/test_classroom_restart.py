"""A server that is killed in the middle of a lesson: everybody is back where they were, and their training went on."""
from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.browser.serving import ROOT, _wait_for, free_port

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect
WAIT = 60_000  # ms; a busy machine may take its time, a right page never needs it


class Server:
    """A served app that can be killed and started again at the same address."""

    def __init__(self, home: Path) -> None:
        self._home, self._port = home, free_port()
        self.address = f"http://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self._port),
                   "--server.address", "127.0.0.1"]
        env = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "DLVIZ_HOME": str(self._home)}
        self._process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL)
        _wait_for(self.address, self._process, ())

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(30)

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(30)


@pytest.fixture
def server(tmp_path):
    made = Server(tmp_path)
    yield made
    made.end()


def test_a_killed_server_loses_nobody(server, browser, tmp_path):
    def window():
        page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
        page.set_default_timeout(WAIT)
        return page

    teacher, learner = window(), window()
    teacher.goto(server.address)
    expect(teacher.locator(".stack .card").first).to_be_visible(timeout=WAIT)
    teacher.goto(f"{server.address}/classroom?teacher={(tmp_path / 'teacher.key').read_text()}")
    teacher.get_by_role("button", name="Open a class").click()
    heading = teacher.get_by_role("heading", name=re.compile("Class [A-Z]{5}"))
    expect(heading).to_be_visible(timeout=WAIT)
    learner.goto(f"{server.address}/classroom?code={heading.inner_text().split()[-1]}")
    learner.get_by_role("button", name="Join", exact=True).click()
    expect(learner.locator(".seat .name")).to_be_visible(timeout=WAIT)
    name = learner.locator(".seat .name").inner_text()
    learner.get_by_role("link", name="Build and train a network").click()
    learner.get_by_role("button", name=re.compile("^Play$|^Train$")).first.click()
    learner.wait_for_url(re.compile("run="))
    run = re.search(r"run=(\w+)", learner.url)[1]
    expect(teacher.locator(".tile polyline")).to_have_attribute("points", re.compile(r"\d"), timeout=WAIT)
    server.kill()
    expect(learner.locator(".seat .note")).to_contain_text("No connection", timeout=WAIT)
    expect(learner.get_by_test_id("stApp")).not_to_have_attribute("data-test-connection-state", "CONNECTED")
    started = time.monotonic()
    server.start()
    up = time.monotonic()
    expect(learner.locator(".seat .note")).to_have_text("", timeout=WAIT)
    expect(learner.get_by_test_id("stApp")).to_have_attribute("data-test-connection-state", "CONNECTED", timeout=WAIT)
    back = time.monotonic()
    learner.get_by_role("link", name="Runs", exact=True).click()
    expect(learner.locator(f"a[href*='run={run}']").first).to_be_visible(timeout=WAIT)
    expect(learner.locator(".seat .name")).to_have_count(1, timeout=WAIT)
    assert learner.locator(".seat .name").inner_text() == name
    expect(teacher.locator(".tile")).to_have_count(1, timeout=WAIT)
    print(f"the server was up after {up - started:.1f} s, its learner back {back - up:.1f} s later")
    for page in (teacher, learner):
        page.context.close()
