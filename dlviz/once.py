"""What a whole server has once, such as its service: made when first asked for, kept until the process ends.

A plain module on purpose: Streamlit's caches can be emptied by any visitor with one message. Knows nothing of what it
keeps, and no page.
"""
from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from dlviz.errors import DlvizError

RETRY = 5.0  # seconds for which a failure is told again instead of tried again: a try may wait long for a lock

Value = TypeVar("Value")
_making = threading.RLock()
_values: dict[str, Any] = {}
_failures: dict[str, tuple[float, DlvizError]] = {}


def made(name: str) -> bool:
    """Whether asking for it costs nothing."""
    return name in _values


def get(name: str, make: Callable[[], Value]) -> Value:
    """The value of this name; `make` is called by one thread, once. Raises what `make` raises, for each who asks."""
    if name not in _values:
        with _making:
            if name not in _values:
                _values[name] = _tried(name, make)
    return _values[name]


def forget(name: str) -> None:
    """Let the next who asks make it anew; closes nothing."""
    _values.pop(name, None)
    _failures.pop(name, None)


def _tried(name: str, make: Callable[[], Value]) -> Value:
    until, failure = _failures.get(name, (0.0, None))
    if failure is not None and time.monotonic() < until:
        raise copy.copy(failure)  # each thread hangs its own traceback on it
    try:
        return make()
    except DlvizError as error:
        _failures[name] = time.monotonic() + RETRY, error
        raise
