"""When a run writes its next checkpoint. Knows no loop and no file.

A process that is killed costs what was trained since its last checkpoint: half a second, and the update or
evaluation under way. Only where writing is dear does it cost more, since at most a tenth of a run's processor time
and of its wall time may go into it. Measured: 100,000 parameters under Adam take 2 ms of processor time, so 0.4 %;
19 million (228 MB) take 65 to 90 ms in the room of an older checkpoint, so that a lost process costs a second of
training there, and 360 to 470 ms in a new file. The new files are three, once in a run, so they are not counted:
else three times ten seconds would pass before there is an older one to write over. A run that gets little of a busy
computer counts its own processor time, so half a second may be some seconds on the clock.
"""
from __future__ import annotations

import time
from collections.abc import Callable

from dlviz.training.events import Checkpointed

EVERY = 0.5  # seconds between two checkpoints
WORKED = 0.1  # share of the training thread's processor time
ELAPSED = 0.1  # share of wall time, where a slow disk lets training stand still
NEW_FILES = 3  # the newest, the one before it, and the room for the next


class CheckpointSchedule:
    """Asked after each update, on the thread that trains.

    Args:
        clock: seconds that pass.
        worked: seconds that this thread has computed.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic,
                 worked: Callable[[], float] = time.thread_time) -> None:
        self._clock, self._worked = clock, worked
        self._next, self._next_worked = clock() + EVERY, 0.0
        self._new_files = 0

    def due(self) -> bool:
        """Whether a checkpoint is to be written now; then not again before `saved` or as long once more."""
        if self._clock() < self._next or self._worked() < self._next_worked:
            return False
        self._next = self._clock() + EVERY
        return True

    def on_checkpoint(self, event: Checkpointed) -> None:
        if event.new_room and self._new_files < NEW_FILES:
            self._new_files += 1
            self._next = self._clock() + EVERY
            return
        self._next = self._clock() + max(EVERY, event.wall_seconds / ELAPSED)
        self._next_worked = self._worked() + event.cpu_seconds / WORKED
