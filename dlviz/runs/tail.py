"""The last half minute of a run's events, kept beside its checkpoint: a server may die before it hears them.

Without it the curve would have a gap between what the store had written and where the checkpoint goes on.
Plain arrays in one .npz, never pickle. Knows no process and no store.
"""
from __future__ import annotations

import json
import os
import time
import zipfile
from collections import deque
from pathlib import Path

import numpy as np

from dlviz.training import events as ev
from dlviz.training.history import TRAIN_COLUMNS

NAME = "tail.npz"
SECONDS = 30.0  # far more than the second that a store lags behind; at most 1 MB


class Tail:
    """Remembers what happened during the last `SECONDS`."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, ev.Event]] = deque()

    def add(self, packed: list[ev.Event]) -> None:
        now = time.monotonic()
        self._recent.extend((now, event) for event in packed
                            if isinstance(event, (ev.Steps, ev.Evaluated, ev.Changed)))
        while self._recent and self._recent[0][0] < now - SECONDS:
            self._recent.popleft()

    def write(self, folder: Path) -> None:
        """Replace the folder's tail, atomically."""
        events = [event for _, event in self._recent]
        steps = [e for e in events if isinstance(e, ev.Steps)]
        arrays = {name: np.concatenate([np.empty(0, kind), *(getattr(s, name) for s in steps)])
                  for name, kind in TRAIN_COLUMNS.items()}
        judged = [(e.step, e.val_loss, e.val_accuracy, e.samples)
                  for e in events if isinstance(e, ev.Evaluated)]
        marks = [(str(e.step), e.setting, json.dumps(e.old), json.dumps(e.new))
                 for e in events if isinstance(e, ev.Changed)]
        part = folder / f"{NAME}.part"
        with part.open("wb") as file:
            np.savez(file, evaluations=np.array(judged, np.float64).reshape(-1, 4),
                     marks=np.array(marks, str).reshape(-1, 4), **arrays)
        os.replace(part, folder / NAME)


def read(folder: Path) -> tuple[ev.Event, ...]:
    """The events of the folder's tail, without confusion tables; none when it is missing or damaged."""
    try:
        with np.load(folder / NAME, allow_pickle=False) as file:
            return _events({name: file[name] for name in file.files})
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return ()  # a curve with a gap is better than a run that cannot go on


def _events(arrays: dict[str, np.ndarray]) -> tuple[ev.Event, ...]:
    steps = ev.Steps(**{name: arrays[name].astype(kind) for name, kind in TRAIN_COLUMNS.items()})
    judged = [ev.Evaluated(int(step), loss, accuracy, int(samples))
              for step, loss, accuracy, samples in arrays["evaluations"].tolist()]
    marks = [ev.Changed(int(step), setting, json.loads(old), json.loads(new))
             for step, setting, old, new in arrays["marks"].tolist()]
    return steps, *judged, *marks
