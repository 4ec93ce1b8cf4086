"""Trials of changes to a run, on short copies, one process at a time. Thread-safe; knows no store and no page.

A trial is named by what is tried, so whoever asks again, in whatever session, gets the same one.
"""
from __future__ import annotations

import hashlib
import shutil
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dlviz.runs.process.engine import End, Engine, EngineEvent, Need
from dlviz.spec import Experiment
from dlviz.training.control import SetThreads, Stop, TryChanges
from dlviz.training.events import Progressed, TrialsCompared
from dlviz.training.trials import better

REMEMBERED = 128  # trials; the oldest that is over goes first
WAITING = 32  # that may wait for their turn
PREFIX = "trial-"


@dataclass(frozen=True)
class Trial:
    """How far a trial is; over when it has `compared`, or says why not in `sentence`."""

    fraction: float = 0.0
    running: bool = False
    compared: TrialsCompared | None = None
    sentence: str = ""

    @property
    def over(self) -> bool:
        """Whether it has said all that it will; its process may take a moment longer."""
        return self.compared is not None or bool(self.sentence)

    @property
    def helped(self) -> int | None:
        """Place of the change that helped; None where none did, or it is not over."""
        found = self.compared
        if found is None or not found.changed or not better(found.changed[-1], found.unchanged):
            return None
        return len(found.changed) - 1


class Trials:
    """`folder` is where the processes write; each folder in it goes with its trial."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine, self._folder = engine, folder
        self._lock = threading.Lock()
        self._trials: OrderedDict[str, Trial] = OrderedDict()
        self._waiting: OrderedDict[str, tuple[Experiment, tuple[str, ...]]] = OrderedDict()
        shutil.rmtree(folder, ignore_errors=True)  # of a server that was killed

    def get(self, experiment: Experiment, changed: Sequence[Experiment]) -> Trial:
        """How far the trial of these changes is; it begins, or waits for its turn, when it is new."""
        experiment, *changed = (each.without_layout() for each in (experiment, *changed))
        texts = tuple(each.to_json(None) for each in changed)
        name = PREFIX + hashlib.sha256("\n".join((experiment.to_json(None), *texts)).encode()).hexdigest()[:24]
        with self._lock:
            if name in self._trials:
                return self._trials[name]
            if len(self._waiting) >= WAITING:
                return Trial(sentence="Too many trials wait for their turn. Look again in a minute.")
            self._trials[name] = Trial()
            self._waiting[name] = experiment, texts
        self._next()
        return self._trials[name]

    def on_event(self, run: str, event: EngineEvent) -> bool:
        """Take in an event, if it is of a trial."""
        if not run.startswith(PREFIX):
            return False
        with self._lock:
            now = self._trials.get(run, Trial())
            match event:
                case Progressed():
                    self._trials[run] = replace(now, fraction=event.done / event.of)
                case TrialsCompared():
                    self._trials[run] = Trial(1.0, True, event)
                case End():
                    over = now if now.over else Trial(sentence=event.sentence or "The trial was ended.")
                    self._trials[run] = replace(over, running=False)
        if isinstance(event, End):
            shutil.rmtree(self._folder / run, ignore_errors=True)
            self._next()
        return True

    def _next(self) -> None:
        """Begin the trial that has waited longest, if none is under way."""
        with self._lock:
            if not self._waiting or any(trial.running for trial in self._trials.values()):
                return
            name, (experiment, texts) = self._waiting.popitem(last=False)
            self._trials[name] = Trial(running=True)
            self._forget()
        self._engine.start(name, experiment, Need(self._folder / name, (SetThreads(1), TryChanges(texts), Stop())))

    def _forget(self) -> None:
        over = [name for name, trial in self._trials.items() if trial.over and not trial.running]
        for name in over[:max(0, len(self._trials) - REMEMBERED)]:
            del self._trials[name]
