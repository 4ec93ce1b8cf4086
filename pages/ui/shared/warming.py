"""What a server does before its first page and beside it: load what is slow to load, and tell Python what stays.

Python's collector now and then walks every object there is, and holds up all sessions meanwhile. With torch and
Streamlit loaded these are 300,000 objects and 0.2 s of a core, which a busy machine makes 0.7 s. What has been loaded
stays for good: frozen, it is never walked again. What thirty sessions hold takes 0.07 s still, so that full collections
come every few minutes instead of every few seconds; what dies young is collected as ever.
"""
from __future__ import annotations

import gc
import importlib
import threading
from collections.abc import Iterable
from pathlib import Path

from dlviz.runs.process import early_start

ROOT = Path(__file__).parents[3]
ENGINE = ("dlviz.runs.service", "dlviz.studies.studies")  # what the first page waits for; brings torch
THRESHOLDS = (2_000, 20, 25)  # a full collection after a million objects that stayed; Python's own: 70,000


def ahead() -> None:
    """Before the first visitor comes: what trains is loaded in its own process, what draws in this one."""
    early_start.begin()
    threading.Thread(target=_load, args=(ENGINE,), name="dlviz.ahead", daemon=True).start()


def begin() -> None:
    """Warm the rest in a thread of its own; the first page is drawn meanwhile."""
    threading.Thread(target=warm, name="dlviz.warming", daemon=True).start()


def warm() -> None:
    """Load what every page imports, then freeze what is loaded.

    Not before there is a session: components that are declared without a server are none of its own.
    """
    _load(".".join(path.relative_to(ROOT).with_suffix("").parts) for path in sorted((ROOT / "pages/ui").glob("*/*.py")))
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


def _load(modules: Iterable[str]) -> None:
    for module in modules:
        importlib.import_module(module)
