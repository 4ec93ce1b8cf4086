"""Writes what a benchmark measured, with the machine that it ran on, to benchmarks/results/<name>.json."""
from __future__ import annotations

import json
import os
import platform
import sys
import time
from pathlib import Path
from typing import Any

import torch

RESULTS = Path(__file__).parent / "results"


def write(name: str, result: dict[str, Any]) -> None:
    """Print the result and keep it."""
    RESULTS.mkdir(exist_ok=True)
    document = {"measured": time.strftime("%Y-%m-%d %H:%M"), "machine": machine(), "result": result}
    text = json.dumps(document, indent=2)
    (RESULTS / f"{name}.json").write_text(text + "\n")
    print(text)


def earlier(name: str) -> dict[str, Any]:
    """What was measured before."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text())["result"] if path.exists() else {}


def machine() -> dict[str, Any]:
    load = round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
    return {"processor": _processor(), "cores": os.cpu_count(), "load_before": load,
            "system": platform.system(), "python": sys.version.split()[0], "torch": torch.__version__}


def _processor() -> str:
    """What the system calls it; a virtual machine may say little."""
    described = Path("/proc/cpuinfo")
    lines = described.read_text().splitlines() if described.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
