"""Looking back at a run: any moment that is kept answers, shows and is judged as the network was then.

Nothing but weights is stored (`training.keyframes`); every figure of a moment is computed when it is asked for.
Thread-safe. Knows no store and no process.
"""
from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from dlviz import tasks
from dlviz.errors import RunError
from dlviz.inspect.at_rest import CheckpointNetworks
from dlviz.runs import quota, trajectory
from dlviz.runs.listings import KeyframeListings
from dlviz.runs.questions import fitting
from dlviz.runs.trajectory import Files
from dlviz.spec import Experiment
from dlviz.training import evaluation, keyframes
from dlviz.training.control import Query, Watch
from dlviz.training.events import Captured, Evaluated, QueryResult
from dlviz.translation import _

SAMPLES = 1_000  # of the validation split, judged for one moment; the loop's own peeks are at as many
KEEP = 512  # judgements; 6 KB each


class Scrubber:
    """The moments of all runs.

    Args:
        folder: a run's own folder.
        experiment: a run's experiment as it was after so many updates; RunError when there is no such run.
    """

    def __init__(self, folder: Callable[[str], Path], experiment: Callable[[str, int], Experiment]) -> None:
        self._folder, self._experiment = folder, experiment
        self._networks = CheckpointNetworks()
        self._listings = KeyframeListings()
        self._lock = Lock()
        self._evaluations: OrderedDict[tuple[str, int], Evaluated] = OrderedDict()

    def keyframes(self, run: str) -> tuple[int, ...]:
        """The steps of a run that can be looked back at, in order; 0 is before the first update."""
        return self._listings.steps(self._folder(run) / keyframes.FOLDER)

    def trajectory(self, run: str, checkpoint: Path | None, until: int | None = None, best: int | None = None) -> Files:
        """The files with a run's weights, from its first moment to its last; see `trajectory.files`."""
        return trajectory.files(self._folder(run) / keyframes.FOLDER, checkpoint, until, best)

    def capture(self, run: str, step: int, watch: Watch) -> Captured:
        """What `watch` wants to see, with the weights after `step` updates. RunError for a moment not kept."""
        return self._networks.capture(self._experiment(run, step), self._path(run, step), watch)

    def query(self, run: str, step: int, inputs: tuple[np.ndarray, ...], outputs: Sequence[str] = (),
            **options: Any) -> QueryResult:
        """As `RunService.query`, with the weights after `step` updates. RunError for a moment not kept."""
        experiment = self._experiment(run, step)
        given = fitting(experiment.name, experiment, inputs)
        query = Query(secrets.token_hex(8), given, outputs=tuple(outputs), **options)
        return self._networks.answer(experiment, self._path(run, step), query)

    def evaluate(self, run: str, step: int) -> Evaluated:
        """The network of that moment judged on the first validation samples. RunError for a moment not kept."""
        key = (run, step)
        with self._lock:
            found = self._evaluations.get(key)
        if found is None:
            experiment = self._experiment(run, step)
            task = tasks.get(experiment.task.name, experiment.task.fields)
            with self._networks.network(experiment, self._path(run, step)) as network:
                found = evaluation.evaluate(network, task, "val", step, SAMPLES)
        with self._lock:
            self._evaluations[key] = found
            self._evaluations.move_to_end(key)
            while len(self._evaluations) > KEEP:
                self._evaluations.popitem(last=False)
        return found

    def thinned(self, run: str) -> bool:
        """Whether moments of this run were removed to make room."""
        return quota.thinned(self._folder(run))

    def _path(self, run: str, step: int) -> Path:
        path = keyframes.path(self._folder(run) / keyframes.FOLDER, step)
        if not path.exists():
            raise RunError(_("The moment after step {step:,}", step=step), _("is one that this run keeps"),
                           _("it is not kept"), _("Choose another moment on the slider."))
        return path
