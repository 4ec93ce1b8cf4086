"""Who is there, and who has done something of late. In memory only: nobody keeps a log of a learner's times."""
from __future__ import annotations

import threading
import time

AWAY = 12.0  # seconds without a word from the browser: the tab is closed, the screen locked, the network gone


class Presence:
    """When each seat was last heard, and when somebody at it last moved a hand. Times are seconds of a steady clock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last_word: dict[str, float] = {}
        self._last_action: dict[str, float] = {}

    def note(self, seat: str, idle: float = 0.0) -> None:
        """The browser speaks; it says how many seconds ago its user last pressed, typed or touched something."""
        now = time.monotonic()
        with self._lock:
            self._last_word[seat] = now
            self._last_action[seat] = max(self._last_action.get(seat, -float("inf")), now - max(0.0, idle))

    def idle(self, seat: str) -> float:
        """Seconds since the last action. Whoever was not heard since the server began, acted when they are first
        asked for."""
        now = time.monotonic()
        with self._lock:
            return now - self._last_action.setdefault(seat, now)

    def there(self, seat: str) -> bool:
        with self._lock:
            return time.monotonic() - self._last_word.get(seat, -float("inf")) < AWAY

    def forget(self, seat: str) -> None:
        with self._lock:
            self._last_word.pop(seat, None)
            self._last_action.pop(seat, None)
