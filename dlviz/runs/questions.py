"""Questions to a run's network: its process answers if it has one, else its checkpoint does. Thread-safe.

Knows no queue and no store; it waits outside the service's lock.
"""
from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any

import numpy as np

from dlviz import tasks
from dlviz.errors import RunError
from dlviz.inspect.at_rest import CheckpointNetworks
from dlviz.runs.process.engine import WEIGHTS, Engine
from dlviz.runs.run import Run
from dlviz.spec import Experiment
from dlviz.training import rewards
from dlviz.training.control import Query, Save, Watch
from dlviz.training.events import QueryResult
from dlviz.translation import _, series


class Queries:
    """Holds the service's lock only for short. `load(run)` brings a run's history into memory."""

    def __init__(self, lock: threading.RLock, engine: Engine, folder: Callable[[str], Path],
                 load: Callable[[Run], None]) -> None:
        self._lock, self._engine, self._folder, self._load = lock, engine, folder, load
        self._networks = CheckpointNetworks()

    def query(self, run: Run, inputs: tuple[np.ndarray, ...], timeout: float, **options: Any) -> QueryResult:
        """See `RunService.query`; `options` are the further fields of an Ask."""
        query = Query(secrets.token_hex(8), fitting(run.row.name, run.experiment, inputs), **options)
        return self._query_process(run, query, timeout) or self._query_checkpoint(run, query)

    def capture(self, run: Run, watch: Watch) -> None:
        """No process has the run: capture what `watch` wants from its checkpoint, once for each wish."""
        path = self._folder(run.id) / WEIGHTS
        if not watch.needs_sample or not path.exists():
            return
        shown = (watch, path.stat().st_mtime_ns)
        if run.shown == shown:
            return
        captured = self._networks.capture(self._played(run), path, watch)
        with self._lock:
            if run.worker is None:
                self._load(run)
                run.past.apply(captured)
                run.shown = shown

    def weights(self, run: Run, timeout: float) -> Path | None:
        """See `RunService.weights_path`."""
        with self._lock:
            before, training = run.saves, run.worker is not None and run.row.state == "training"
            if training:
                self._engine.post(run.id, Save())
        if training:
            with run.checkpoint_condition:
                run.checkpoint_condition.wait_for(lambda: run.saves > before or run.worker is None, timeout)
        path = self._folder(run.id) / WEIGHTS
        return path if path.exists() else None

    def _query_process(self, run: Run, query: Query, timeout: float) -> QueryResult | None:
        """None when no process has the run, or it ends before it answers."""
        future: Future[QueryResult] = Future()
        with self._lock:
            if not self._answers(run):
                return None
            run.pending_queries[query.ticket] = future
            self._engine.post(run.id, query)
        try:
            return future.result(timeout)
        except CancelledError:
            return None
        except TimeoutError as error:
            raise RunError(_("The run {name!r}", name=run.row.name),
                           _("should answer within {timeout:g} s", timeout=timeout),
                           _("this computer is too busy for that"), _("Try again in a moment.")) from error
        finally:
            with self._lock:
                run.pending_queries.pop(query.ticket, None)

    def _answers(self, run: Run) -> bool:
        """Whether its process does; one that is just starting does when there is no checkpoint to ask."""
        if run.worker is None or run.worker.released:
            return False
        fresh = run.row.state == "starting" and not (self._folder(run.id) / WEIGHTS).exists()
        return fresh or run.row.state in ("training", "paused")

    def _query_checkpoint(self, run: Run, query: Query) -> QueryResult:
        path = self._folder(run.id) / WEIGHTS
        if not path.exists():
            raise RunError(_("The run {name!r}", name=run.row.name), _("answers with what it has learned"),
                           _("it has not begun to learn"), _("Start it, or choose another run."))
        return self._networks.answer(self._played(run), path, query)

    def _played(self, run: Run) -> Experiment:
        """Its experiment, with the rewards as they are now."""
        with self._lock:
            self._load(run)
            marks = tuple(run.past.marks)
        return rewards.after(run.experiment, marks)


def fitting(name: str, experiment: Experiment, inputs: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
    """The inputs in the types that the network takes. RunError when their number or shapes are others."""
    task = experiment.task
    input_shapes = tasks.get(task.name, task.fields).signature().inputs
    given = tuple(np.asarray(value) for value in inputs)
    if [value.shape for value in given] != [shape.axes for _, shape in input_shapes]:
        shapes = [" x ".join(map(str, value.shape)) or _("a single number") for value in given]
        came = series(shapes) or _("nothing")
        raise RunError(_("The run {name!r}", name=name),
                       _("takes {inputs}", inputs=series([f"{name} ({shape})" for name, shape in input_shapes])),
                       _("it was given {came}", came=came), _("Prepare the input as the task does."))
    return tuple(value.astype(np.int64 if shape.kind == "tokens" else np.float32)
                 for value, (_, shape) in zip(given, input_shapes))
