"""How often one browser, and all of them together, may guess at a code or at seat words. Knows neither."""
from __future__ import annotations

import threading
import time
from collections import defaultdict, deque

from dlviz.errors import ClassError
from dlviz.translation import _

WINDOW = 60.0  # seconds
EACH, ALL = 10, 200  # wrong ones within them; two hundred a minute find one class of 250,000 codes in ten hours


class Tries:
    """Wrong guesses of late."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wrong: defaultdict[str, deque[float]] = defaultdict(deque)

    def require(self, device: str) -> None:
        """ClassError for who has guessed wrong too often."""
        with self._lock:
            self._forget()
            if len(self._wrong.get(device, ())) >= EACH or sum(map(len, self._wrong.values())) >= ALL:
                raise ClassError(_("A code or seat words"), _("can only be tried {most} times a minute", most=EACH),
                                 _("there were more wrong ones"),
                                 _("Wait a minute, and ask your teacher for the right one."))

    def wrong(self, device: str) -> None:
        with self._lock:
            self._wrong[device].append(time.monotonic())

    def _forget(self) -> None:
        """What is older than the window."""
        before = time.monotonic() - WINDOW
        for device, times in list(self._wrong.items()):
            while times and times[0] < before:
                times.popleft()
            if not times:
                del self._wrong[device]
