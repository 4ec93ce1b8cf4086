"""The weights of chosen moments of a training, kept in files, so that it can be looked back at. Knows no loop.

What a network saw, said and got wrong at a moment follows from its weights then; nothing else need be stored.
"""
from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from dlviz import files, settings
from dlviz.network import Network
from dlviz.training import retention, tensorfile

FOLDER = "keyframes"  # beside a run's checkpoint
MOST = 80  # moments of a run
SHARE = 0.008  # of the thread's CPU time, at most, may have gone into writing ...
CREDIT = 0.02  # ... but for these first seconds, so that a short run has its moments too


class Keyframes:
    """Writes weights when they are due: densely at first, where a network learns most, then evenly.

    Those of the dense beginning, a ladder of even ratios, are written whatever they cost; those in even
    distances are paid from a share of this thread's CPU time, and wait while it is used up.

    Args:
        folder: where the files go; made when missing. What an earlier training left behind `step` is removed.
        network: whose weights are kept.
        planned: steps of the whole training.
        step: where the training begins or goes on.
    """

    def __init__(self, folder: Path, network: Network, planned: int, step: int,
                 clock: Callable[[], float] = time.thread_time) -> None:
        self._folder, self._network, self._clock = folder, network, clock
        folder.mkdir(parents=True, exist_ok=True)
        for saved in steps(folder):
            if saved > step or not step:
                path(folder, saved).unlink()
        size = sum(value.nbytes for value in network.state_dict().values())
        most = min(MOST, settings.MAX_KEYFRAME_BYTES // max(1, size))
        self._due = [due for due in planned_steps(planned, most) if due > step or not step]
        self._sure = frozenset((0, *retention.geometric_steps(planned, most // 2), planned))
        self._began, self._spent = clock(), 0.0

    def write_if_due(self, step: int) -> None:
        """Write a keyframe when one is due. 0.1 us when none is, 1 ms for 100,000 parameters when one is."""
        if not self._due or step < self._due[0]:
            return
        began = self._clock()
        if step not in self._sure and self._spent > CREDIT + SHARE * (began - self._began):
            return  # the next update may, or the one after it
        with suppress(OSError):  # it stays due: the next checkpoint finds the disk full, and training waits for room
            self._write(step)
            while self._due and self._due[0] <= step:
                self._due.pop(0)
        self._spent += self._clock() - began

    def _write(self, step: int) -> None:
        tensors = {name: value.detach().cpu().contiguous() for name, value in self._network.state_dict().items()}
        files.replace(path(self._folder, step), lambda file: tensorfile.write(tensors, file, {"step": str(step)}))


def planned_steps(planned: int, most: int) -> list[int]:
    """At most so many steps from 0 to the last: half of them in even ratios, half in even distances."""
    if most < 2:
        return []
    even = np.linspace(0, planned, most - most // 2).round()
    return sorted({*retention.geometric_steps(planned, most // 2), *(int(step) for step in even)})


def steps(folder: Path) -> tuple[int, ...]:
    """The moments that are kept there, in order; none where there is no such folder."""
    if not folder.is_dir():
        return ()
    return tuple(sorted(int(file.stem) for file in folder.glob("*.safetensors")))


def path(folder: Path, step: int) -> Path:
    """The file of one moment: keys are the network's own, metadata `step`."""
    return folder / f"{step:09d}.safetensors"
