"""static/canvas is what web/canvas builds: the same bytes where npm's packages are installed, else the same sources."""
from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUNDLE = ROOT / "static" / "canvas"
SPEC = importlib.util.spec_from_file_location("web_check", ROOT / "web" / "check.py")
assert SPEC is not None and SPEC.loader is not None
check = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(check)


def _fresh() -> bool:
    lock = ROOT / "web" / "package-lock.json"
    return check.INSTALLED.exists() and check.INSTALLED.stat().st_mtime >= lock.stat().st_mtime


def test_the_bundle_is_of_these_sources():
    written = json.loads((BUNDLE / "bundle.json").read_text())["sources"]
    assert written == check.source_hash(), "run `python web/check.py canvas` and commit static/canvas"


@pytest.mark.skipif(not _fresh(), reason="npm's packages are not installed as the lock file says")
def test_the_sources_build_the_bundle(tmp_path: Path):
    done = subprocess.run([sys.executable, "web/check.py", "canvas", str(tmp_path)], cwd=ROOT, capture_output=True,
                          text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {path.name for path in BUNDLE.iterdir()} == {"main.js", "main.css", "bundle.json"}
    differ = [name for name in names if (tmp_path / name).read_bytes() != (BUNDLE / name).read_bytes()]
    assert not differ, "run `python web/check.py canvas` and commit static/canvas"


def test_the_bundle_names_no_path_of_the_machine_that_built_it():
    program = (BUNDLE / "main.js").read_text()
    assert str(ROOT) not in program and "sourceMappingURL" not in program
    assert "../shared/" in program, "what all components share is loaded, not built in"
