"""Who is a teacher: the browsers that have opened the server's secret link. Knows no class."""
from __future__ import annotations

import threading
import time

from dlviz.classroom import refusals, teacher_key
from dlviz.classroom.storage import ClassroomStore
from dlviz.classroom.tries import Tries

DAY = 86_400.0  # seconds
LASTS = 365 * DAY  # as long as the browser's cookie


class Teachers:
    """The teachers of a data folder. `Classroom` is one of these."""

    def __init__(self, store: ClassroomStore) -> None:
        self._store = store
        self._lock = threading.RLock()
        self._teachers = store.teachers()
        self._tries = Tries()

    def teach(self, secret: str, device: str) -> None:
        """Make this device a teacher's. ClassError for a wrong secret."""
        self._tries.require(device)
        if not teacher_key.opens(secret, self._store.home):
            self._tries.wrong(device)
            raise refusals.wrong_secret()
        with self._lock:
            self._store.put_teacher(device, time.time())
            self._teachers[device] = time.time()

    def teaches(self, device: str) -> bool:
        """Whether it is a teacher's; for a year at most."""
        return time.time() - self._teachers.get(device, 0.0) < LASTS

    def stop_teaching(self, device: str) -> None:
        with self._lock:
            self._store.put_teacher(device, None)
            self._teachers.pop(device, None)

    def require_teacher(self, device: str) -> None:
        """ClassError for who is none."""
        if not self.teaches(device):
            raise refusals.not_the_teacher()
