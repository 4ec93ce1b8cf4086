"""How often pages look at runs: four times a second, less often for those who join a whole class that does so.

One count for the whole server. Knows no run.
"""
from __future__ import annotations

import threading
import time

BUDGET = 40  # ticks a second for all sessions together; each takes some 7 ms of the one thread that serves
ROOM = 1.4  # so many times the sessions must fit a quicker pace before it is taken up again
PACES = (0.25, 0.5, 1.0, 2.0)  # seconds
GONE = 6.0  # seconds after which a session that has not looked is no longer counted

_lock = threading.Lock()
_last_look: dict[str, float] = {}  # session -> when it last looked


def looking(viewer: str) -> int:
    """Note that this session looks; how many do now."""
    now = time.monotonic()
    with _lock:
        _last_look[viewer] = now
        for other in [other for other, at in _last_look.items() if now - at > GONE]:
            del _last_look[other]
        return len(_last_look)


def pace(usual: float | None, viewer: str) -> float | None:
    """Seconds from tick to tick where there would usually be `usual`; None where there are none."""
    return None if usual is None else max(usual, fitting(looking(viewer)))


def outgrown(every: float | None, usual: float | None, viewer: str) -> bool:
    """Whether a session that was given `every` should be given another pace, as others came or left."""
    if every is None or usual is None:
        return False
    sessions = looking(viewer)
    return every < fitting(sessions) or every > max(usual, fitting(round(ROOM * sessions)))


def fitting(sessions: int) -> float:
    """The quickest pace at which so many sessions stay within the budget, or the slowest that there is."""
    return next((pace for pace in PACES if sessions / pace <= BUDGET), PACES[-1])
