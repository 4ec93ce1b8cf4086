"""When something was made, in an order that holds although a computer's clock may be set back. Knows nothing else."""
from __future__ import annotations

import time
from collections.abc import Iterable

LEAST = 0.001  # seconds between two things


def after(times: Iterable[float]) -> float:
    """Seconds since 1970, and later than all of these."""
    return max(time.time(), max(times, default=0.0) + LEAST)
