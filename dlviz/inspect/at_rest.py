"""Looking into runs that no process has: their checkpoints are loaded here, in the server. Knows no store."""
from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dlviz import tasks
from dlviz.network import Network
from dlviz.spec import Experiment
from dlviz.training import captures
from dlviz.training.checkpoint import load_network
from dlviz.training.control import Query, Watch
from dlviz.training.events import Captured, QueryResult

KEEP = 4  # networks; at the limit of parameters one takes 80 MB


@dataclass
class _CheckpointNetwork:
    network: Network
    step: int
    lock: threading.Lock = field(default_factory=threading.Lock)  # two at once would mix their captures


class CheckpointNetworks:
    """A few networks, loaded from checkpoints and kept as long as the files stay the same. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: OrderedDict[tuple[Path, int], _CheckpointNetwork] = OrderedDict()

    def answer(self, experiment: Experiment, path: Path, ask: Query) -> QueryResult:
        """The reply to `ask` with the weights in `path`. RunError when the file cannot be used."""
        task = tasks.get(experiment.task.name, experiment.task.fields)
        loaded = self._load(experiment, path)
        with loaded.lock:
            return captures.answer_query(loaded.network, task, ask, loaded.step)

    @contextmanager
    def network(self, experiment: Experiment, path: Path) -> Iterator[Network]:
        """The network with the weights in `path`, for the block alone. RunError when the file cannot be used."""
        loaded = self._load(experiment, path)
        with loaded.lock:
            yield loaded.network

    def capture(self, experiment: Experiment, path: Path, watch: Watch) -> Captured:
        """What `watch` wants to see with the weights in `path`. RunError when the file cannot be used."""
        task = tasks.get(experiment.task.name, experiment.task.fields)
        loaded = self._load(experiment, path)
        with loaded.lock:
            return captures.capture(loaded.network, task, watch, loaded.step)

    def _load(self, experiment: Experiment, path: Path) -> _CheckpointNetwork:
        key = (path, path.stat().st_mtime_ns)
        with self._lock:
            if key not in self._loaded:
                self._loaded[key] = _CheckpointNetwork(*load_network(experiment, path))
            self._loaded.move_to_end(key)
            while len(self._loaded) > KEEP:
                self._loaded.popitem(last=False)
            return self._loaded[key]
