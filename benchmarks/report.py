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
    whole = {"measured": time.strftime("%Y-%m-%d %H:%M"), "machine": machine(), "result": result}
    text = json.dumps(whole, indent=2)
    (RESULTS / f"{name}.json").write_text(text + "\n")
    print(text)


def machine() -> dict[str, Any]:
    return {"cores": os.cpu_count(), "load_before": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
            "system": platform.system(), "python": sys.version.split()[0], "torch": torch.__version__}
