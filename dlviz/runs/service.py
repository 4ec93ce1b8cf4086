"""The one door to training: pages create, steer and read runs here, from any thread.

One service a server. It applies every event to its run's history, writes it to the store twice a second, and
keeps runs alive through lost processes and restarts (`runs.lifecycle` holds the rules). Knows no page.
"""
from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from dlviz import clock, files
from dlviz.errors import DlvizError
from dlviz.runs import inheritance
from dlviz.runs.lifecycle import Lifecycle
from dlviz.runs.naming import checked_name, new_id
from dlviz.runs.process import choice
from dlviz.runs.process.engine import Engine, EngineEvent
from dlviz.runs.questions import Queries
from dlviz.runs.quota import Quota
from dlviz.runs.rate_search import RateSearch, RateSearches
from dlviz.runs.refusals import owned
from dlviz.runs.run import Run
from dlviz.runs.scrubbing import Scrubber
from dlviz.runs.sealing import Seals
from dlviz.runs.storage.store import RunRow, Store
from dlviz.runs.trained import TrainedRuns
from dlviz.runs.trials import Trials
from dlviz.spec import Experiment
from dlviz.training import trainable
from dlviz.training.control import Message, Watch
from dlviz.training.events import QueryResult

TICK = 0.25  # seconds between two looks at the clock
FLUSH = 0.5  # seconds between two writes to the store

log = logging.getLogger(__name__)


class RunService(TrainedRuns):
    """Every run of this server.

    Args:
        engine: what runs processes; when None the one that `DLVIZ_ENGINE` names, local processes as a rule.
        store: where runs are kept; the data folder when None.
        packs: runs that go on in lock-step, with their lead; see `together`.

    Raises:
        RunError: the store cannot be used, or another server has the same data folder.
    """

    def __init__(self, engine: Engine | None = None, store: Store | None = None,
                 lockstep_groups: Iterable[tuple[Sequence[str], int]] = ()) -> None:
        self._lock = threading.RLock()
        self._writing = threading.Lock()  # taken before _lock, never within it
        self._store = store or Store()
        self._engine = engine or choice.chosen()
        self._life = Lifecycle(self._engine, self._store.folder, self._load)
        self._runs = self._life.runs
        self.seals = Seals()
        self._runs |= {row.id: Run(row) for row in self._store.rows()}
        self.scrubber = Scrubber(self._store.folder, self._played)
        self._quota = Quota(self._store.folder)
        self._queries = Queries(self._lock, self._engine, self._store.folder, self._load)
        self._rate_searches = RateSearches(self._engine, self._store.folder("").parent / "finding")
        self.trials = Trials(self._engine, self._store.folder("").parent / "trials")
        self._closed = threading.Event()
        self._trouble = ""  # of the store
        self._engine.listen(self._on_event)
        for runs, lead in lockstep_groups:
            self._life.lockstep_groups.form(runs, lead, time.monotonic())
        self._take_up()
        self._ticker = threading.Thread(target=self._tick_on, daemon=True)
        self._ticker.start()
        atexit.register(self.close)

    def close(self) -> None:
        """End every process after a checkpoint and write everything. The runs go on with the next service."""
        with self._lock:
            if self._life.closing:
                return
            self._life.closing = True
        atexit.unregister(self.close)
        self._closed.set()
        self._ticker.join()
        self._engine.close()
        with self._lock:
            for run in self._runs.values():
                if run.row.state in ("starting", "training"):
                    run.row.lost_processes, run.row.lost_at, run.dirty = 0, -1, True  # ended in good order
        self._flush()
        self._store.close()

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    @property
    def trouble(self) -> str:
        """A sentence while the store cannot be written, or processes cannot be reached; nothing is lost meanwhile."""
        return self._trouble or self._engine.trouble()

    # making and keeping

    def create(self, experiment: Experiment, owner: str, *, name: str | None = None,
               parent: str | None = None, start: bool = True, weights_from: str | None = None, device: str = "") -> str:
        """A new run; returns its id. It trains at once or queues; with `start=False` it waits for Resume.

        Layers that fit begin with the weights of the owner's run `weights_from`; a run whose parent has the same
        Experiment begins as that did. `device` is `cpu`, `gpu`, or empty for wherever there is room. SpecError or
        TaskError for what cannot be trained, RunError for a name that is none, an owner who keeps too much already, or
        weights that are missing or damaged.
        """
        trainable.require(experiment)
        self.make_room(owner)
        with self._lock:
            now = clock.after(run.row.created for run in self._runs.values() if run.row.owner == owner)
        row = RunRow(new_id(), owner, checked_name(name or experiment.name), now, now, "paused",
                  experiment.to_json(None), parent=parent, device=device)
        row.origin = self._first_weights(row, experiment, weights_from)
        run = Run(row)
        run.experiment = experiment  # spares reading it back
        self._store.write([row])
        with self._lock:
            self._load(run)
            self._runs[row.id] = run
            if start:
                self._life.enqueue(run)
        return row.id

    def _first_weights(self, row: RunRow, experiment: Experiment, weights_from: str | None) -> str | None:
        """Write the first weights of a run that takes them over; the row's `origin`."""
        if weights_from is None:
            return inheritance.repeated(self._runs.get(row.parent or ""), row, experiment, self._store.folder)
        with self._lock:
            source = self._info(owned(self._find(weights_from), row.owner))
        return inheritance.inherit(source, self.weights_path(weights_from), experiment, self._store.folder(row.id))

    def make_room(self, owner: str, runs: int = 1) -> None:
        """See that the owner may have so many more runs. RunError, with what to delete, when there is no room."""
        with self._lock:
            mine = [run for run in self._runs.values() if run.row.owner == owner and not run.gone]
        self._quota.make_room(mine, runs)

    def rename(self, run: str, name: str, by: str) -> None:
        """RunError when the run is not of who asks (`by`), here and wherever a run is changed."""
        with self._changing(run, by) as found:
            found.row.name = checked_name(name)

    def set_note(self, run: str, note: str, by: str) -> None:
        with self._changing(run, by) as found:
            found.row.note = note[:10_000]

    def delete(self, run: str, by: str) -> None:
        """Forget the run, its files included, and end its process, for which nobody waits."""
        with self._writing, self._lock:
            found = owned(self._find(run), by)
            self._store.delete(run)
            self._life.forget(found)
            self._bury(found)

    # steering and looking

    def post(self, run: str, message: Message, by: str) -> None:
        """Pause, Resume, Advance, Stop, Save, or one of `steering.CHANGES`. RunError where state or owner forbids it.

        A run whose process is gone (paused for long, stopped, failed) gets a new one on Resume or Advance.
        """
        with self._lock:
            self._life.steer(owned(self._find(run), by), message, time.monotonic())

    def together(self, runs: Sequence[str], lead: int | None, by: str) -> None:
        """Have these runs train in lock-step: none gets more than `lead` steps ahead. None lets each go its way."""
        with self._lock:
            for run in set(runs) & set(self._runs):
                owned(self._runs[run], by)
            self._life.lockstep_groups.form(runs, lead, time.monotonic())
            self._life.admit()  # in a class those in lock-step may train beside each other

    def watch(self, run: str, viewer: str, watch: Watch) -> None:
        """What this viewer looks at; to be said again at least every 3 s. Shows in `Snapshot.captured`."""
        with self._lock:
            found = self._find(run)
            changed = found.watches.update(viewer, watch, time.monotonic())
            union = found.watches.union
            if found.worker is not None:
                if changed:
                    self._engine.post(run, union)
                return
        self._queries.capture(found, union)

    def query(self, run: str, inputs: tuple[np.ndarray, ...], outputs: tuple[str, ...] = (),
            timeout: float = 3.0, **options: Any) -> QueryResult:
        """Run one sample of the user's own, without batch axis, through the network as it is now.

        The answer brings the outputs of the layers named, and what else is `options`: the further fields of an
        `Query`, which says what each is.

        Raises:
            RunError: the inputs do not fit, there are no weights yet, or `timeout` seconds pass.
        """
        with self._lock:
            found = self._find(run)
        return self._queries.query(found, inputs, timeout, outputs=outputs, **options)

    def weights_path(self, run: str, timeout: float = 3.0) -> Path | None:
        """The run's checkpoint file, written anew just now if it trains; None when there is none yet."""
        with self._lock:
            found = self._find(run)
        return self._queries.weights(found, timeout)

    # before a run

    def find_rate(self, experiment: Experiment) -> str:
        """Begin a search for a learning rate; returns its ticket. SpecError or TaskError as `create` has them."""
        return self._rate_searches.start(experiment)

    def rate_search(self, ticket: str) -> RateSearch:
        """How far the search is, and what it has found."""
        return self._rate_searches.get(ticket)

    def stop_search(self, ticket: str) -> None:
        self._rate_searches.stop(ticket)

    # inside

    def _on_event(self, run: str, seq: int, event: EngineEvent) -> None:
        if self._rate_searches.on_event(run, event) or self.trials.on_event(run, event):
            self._engine.acknowledge(run, seq)
            return
        with self._lock:
            found = self._runs.get(run)
            if found is not None:
                self._life.on_event(found, seq, event, time.monotonic())
                self._bury(found)

    def _bury(self, run: Run) -> None:
        """A deleted run goes when no process has it any more, and what its last one has still written."""
        if run.gone and run.worker is None:
            self._runs.pop(run.id, None)
            files.remove(self._store.folder(run.id))

    @contextmanager
    def _changing(self, run: str, by: str) -> Iterator[Run]:
        with self._lock:
            found = owned(self._find(run), by)
            yield found
            found.dirty = True
        self._flush()

    def _take_up(self) -> None:
        """What an earlier server left: trained and waiting runs go on, in the order in which they came."""
        with self._lock:
            self._life.take_over(self._engine.adopt(), time.monotonic())

    def _tick_on(self) -> None:
        flushed = time.monotonic()
        while not self._closed.wait(TICK):
            now = time.monotonic()
            try:
                with self._lock:
                    self._life.tick(now)
                if now - flushed >= FLUSH:
                    self._flush()
                    flushed = now
            except Exception:  # the clock must go on whatever one tick meets
                log.exception("A tick of the run service failed")

    def _flush(self) -> None:
        """Write what is new, in one transaction; what cannot be written now is tried again."""
        with self._writing:
            with self._lock:
                runs = [run for run in self._runs.values() if (run.dirty or run.news) and not run.gone]
                taken = {run: run.take() for run in runs}
                safe = {run: run.row.seq for run in self._runs.values() if run.row.seq > run.acknowledged}
            try:
                rows = [row for row, _ in taken.values()]
                self._store.write(rows, {run.id: news for run, (_, news) in taken.items()})
                self._trouble = ""
                for run, seq in safe.items():
                    run.acknowledged = seq
                    self._engine.acknowledge(run.id, seq)
            except BaseException as error:
                with self._lock:
                    for run, (_, news) in taken.items():
                        run.put_back(news)
                if not isinstance(error, DlvizError):
                    raise
                log.error("%s", error.sentence)
                self._trouble = error.sentence
