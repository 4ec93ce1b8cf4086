"""Which state each run is in and why: queue, places, what may be asked when, what follows a lost process.

The only one that tells the engine what to do. Knows no page and no store; all of it happens under the service's lock.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from dlviz import settings
from dlviz.runs import places
from dlviz.runs.fairness import in_turn, next_of, nobody
from dlviz.runs.info import OVER
from dlviz.runs.lockstep import LockstepGroups
from dlviz.runs.naming import new_process
from dlviz.runs.process import limits
from dlviz.runs.process.engine import (
    Adoption,
    ClusterNode,
    End,
    Engine,
    EngineEvent,
    EventReplay,
    Heartbeat,
    Need,
    Start,
)
from dlviz.runs.refusals import lost_again, missing_weights
from dlviz.runs.run import Run, WorkerState
from dlviz.runs.steering import CHANGES, STOPPING, Steering
from dlviz.training import events as ev
from dlviz.training.control import Advance, Message, Resume, SetThreads

RETRIES = 3  # processes that a run may lose in a row without getting further
HUNG = 30.0  # seconds without a heartbeat
RELEASE = 300.0  # seconds of pause after which a run gives its process back
ASLEEP = 5.0  # seconds between two ticks that mean that the whole computer slept


class Lifecycle(Steering):
    """Runs by id, the queue, and the rules. `load(run)` makes sure that a run's history is in memory."""

    def __init__(self, engine: Engine, folder: Callable[[str], Path], load: Callable[[Run], None]) -> None:
        self._engine, self._folder, self._load = engine, folder, load
        self.runs: dict[str, Run] = {}
        self.queue: list[Run] = []
        self.lockstep_groups = LockstepGroups(engine, self.runs)
        self.goes_first: Callable[[str], bool] = nobody  # of owners
        self.closing = False
        self._ticked: float | None = None
        self._nodes: tuple[ClusterNode, ...] = ()

    # places

    def enqueue(self, run: Run, *go: Message) -> None:
        """Have the run train as soon as there is a place."""
        run.go = [message for message in run.go if isinstance(message, CHANGES)] + list(go)
        run.become("queued")
        self.queue.append(run)
        self.admit()

    def forget(self, run: Run) -> None:
        """It is deleted; its process, which nobody waits for, keeps its place until it has ended."""
        run.gone = True
        self.queue = [other for other in self.queue if other is not run]
        self._engine.kill(run.id)

    def admit(self) -> None:
        """Give free places to owners in turn, and share the cores among all that train."""
        limit = self.limit()
        nodes = self._nodes = self.nodes()
        self.queue = in_turn(self.queue, self.runs.values(), self.goes_first)
        while not self.closing and sum(run.working for run in self.runs.values()) < limit:
            ready = [run for run in self.queue if places.may_start(run, self.runs.values(), nodes)]
            run = next_of(ready, self.runs.values(), self.lockstep_groups.together)
            if run is None or run.leaving or not places.fits(run, self.runs.values(), nodes):
                break  # the end of its old process, or of another run's, calls us again
            self.queue.remove(run)
            if run.worker is None:
                self._launch(run)
            else:
                self._continue(run)
            self.queue = in_turn(self.queue, self.runs.values(), self.goes_first)
        self._divide_cores()

    def devices(self) -> tuple[str, ...]:
        """What runs have a choice between; empty where there is none."""
        return places.devices(self.nodes())

    def nodes(self) -> tuple[ClusterNode, ...]:
        """The computers of a cluster; empty without one."""
        return self._engine.nodes()

    def limit(self) -> int:
        """How many runs may train at once."""
        return min(settings.max_running(), self._engine.capacity())

    def _continue(self, run: Run) -> None:
        """Its loop waits in a pause."""
        for message in run.go:
            self._engine.post(run.id, message)
        run.steer = next((message for message in run.go if isinstance(message, Advance)), None)
        run.go = []
        run.become("training")

    def _launch(self, run: Run) -> None:
        """Give it a process, which goes on from the run's checkpoint when there is one."""
        self._load(run)
        if gone := missing_weights(run, self._folder(run.id)):
            run.steer, run.go, run.reason = None, [], ""
            run.become("failed", gone)
            return
        go = [message for message in run.go if not isinstance(message, Resume)]
        run.steer = next((message for message in go if isinstance(message, Advance)), run.steer)
        steer = [] if run.steer is None or run.steer in go else [run.steer]
        run.worker, run.go = WorkerState(), []
        run.become("starting", f"{run.reason}." if run.reason else "")
        run.worker.threads = places.threads(self.runs.values(), self._engine.nodes())
        run.row.process, run.row.seq, run.acknowledged = new_process(), -1, -1
        device, run.worker.gpu = places.device(run, self.runs.values(), self._nodes)
        watch = [run.watches.union] if run.watches.union.active else []
        messages = (SetThreads(run.worker.threads), *self.lockstep_groups.orders(run.id), *watch, *go, *steer)
        self._engine.start(run.id, run.experiment, Need(
            self._folder(run.id), messages, device, limits.allowance(run.memory), run.row.process,
            gpu=run.worker.gpu, expected_memory=run.memory))

    def _divide_cores(self) -> None:
        working = [run for run in self.runs.values() if run.working]
        nodes = self._engine.nodes()
        for run in working:
            if run.worker is not None:
                count = places.threads(working, nodes, run.worker.node)
                if run.worker.threads != count:
                    run.worker.threads = count
                    self._engine.post(run.id, SetThreads(count))

    # what comes up

    def on_event(self, run: Run, seq: int, event: EngineEvent, now: float) -> None:
        """One event from the engine; one that came before, or after the end, is dropped."""
        if run.worker is None or seq <= run.worker.seq:
            return
        run.worker.beat = now
        run.worker.seq = run.row.seq = seq
        match event:
            case Start():
                run.worker.node = event.node
                self._divide_cores()
                return
            case Heartbeat():
                return
            case EventReplay():
                for past_event in event.events:
                    run.replay(past_event, now)
            case End():
                self._end(run, event)
            case ev.QueryResult():
                asked = run.pending_queries.pop(event.ticket, None)
                if asked is not None and asked.set_running_or_notify_cancel():
                    asked.set_result(event)
            case _:
                run.apply(event, now)
                self._react(run, event, now)
        self.lockstep_groups.update(run.id, now)

    def _react(self, run: Run, event: ev.Event, now: float) -> None:
        match event:
            case ev.Started():
                run.become("training", run.went_on(event))
            case ev.Paused():
                run.without_room = bool(event.sentence)
                if not run.without_room:
                    run.steer = None
                run.paused_at = now
                run.become("paused", event.sentence)
                self.admit()
            case ev.Resumed():
                run.without_room = False
                run.become("training")
            case ev.Checkpointed():
                run.wake()
            case ev.Ended():
                run.steer = None
                if run.worker is not None:
                    run.worker.over = True
                run.become(event.reason, event.sentence)

    def _end(self, run: Run, end: End) -> None:
        worker, run.worker = run.worker, None
        run.cancel_queries()
        if run.gone or self.closing or run.row.state in (*OVER, "paused", "queued"):
            pass  # its state says already what it is
        elif end.reason == "failed":
            run.become("failed", end.sentence)
        elif worker is not None and worker.stop_by is not None:
            self._stopped(run)
        else:
            self._lost(run, "no longer answered" if worker is not None and worker.hung else "ended unexpectedly")
        self.admit()

    def take_over(self, adoptions: Iterable[Adoption], now: float) -> None:
        """What an earlier server left: its processes go on, and runs without one, in the order in which they came."""
        for adoption in adoptions:
            if adoption.run in self.runs:
                self._adopt(self.runs[adoption.run], adoption, now)
            else:
                self._engine.kill(adoption.run)  # nobody knows it any more
        without = [run for run in self.runs.values() if run.worker is None]
        for run in without:
            if run.row.state == "paused" and run.row.sentence:
                run.become("paused")  # it waited for room on the disk, in a process that is gone
        left = [run for run in without if run.row.state in ("starting", "training", "queued")]
        for run in sorted(left, key=lambda run: (run.row.state == "queued", run.row.updated)):
            self._take_up(run)

    def _take_up(self, run: Run) -> None:
        """An earlier server ended while the run trained or waited: queue it again."""
        trained = run.row.state != "queued"
        if not trained or self._may_retry(run):
            run.reason = "dlviz ended and was started again" if trained else ""
            self.enqueue(run)

    def _adopt(self, run: Run, adoption: Adoption, now: float) -> None:
        """Its process outlived an earlier server and goes on; what it tells begins behind what is stored of it."""
        self._load(run)
        row = run.row
        if row.process != adoption.process:
            row.process, row.seq = adoption.process, -1  # nothing of it is stored
        run.worker = WorkerState(beat=now, seq=row.seq, node=adoption.node, over=row.state in OVER)
        run.paused_at = now
        if row.state == "queued":
            run.become("starting")
        for message in (run.watches.union, *self.lockstep_groups.orders(run.id)):
            self._engine.post(run.id, message)

    def _lost(self, run: Run, how: str) -> None:
        """Its process has vanished: go on from the checkpoint, unless that has not helped several times."""
        if not self._may_retry(run):
            return
        run.reason = f"Its process {how}"
        if sum(other.working for other in self.runs.values()) < self.limit():
            self._launch(run)
        else:
            self.enqueue(run, *run.go)  # the computer that it was on is gone too

    def _may_retry(self, run: Run) -> bool:
        """Count the loss; False, and the run has failed, when too many came without progress between them."""
        row = run.row
        row.lost_processes = 1 if row.checkpoint_step > row.lost_at else row.lost_processes + 1
        row.lost_at, run.dirty = row.checkpoint_step, True
        if row.lost_processes <= RETRIES:
            return True
        run.steer = None
        run.become("failed", lost_again(row.lost_processes, row.checkpoint_step))
        return False

    # what time brings

    def tick(self, now: float) -> None:
        """Forget viewers that are gone, end what hangs or has rested long. Called some times a second."""
        slept = self._ticked is not None and now - self._ticked > ASLEEP
        silent = bool(self._engine.trouble())  # then it is nobody's fault that nothing is heard
        self._ticked = now
        self.lockstep_groups.tick(now)
        if self._engine.nodes() != self._nodes:
            self.admit()
        for run in self.runs.values():
            if run.worker is None:
                continue
            if (slept or silent) and run.worker.beat is not None:
                run.worker.beat = now
            if silent and run.worker.stop_by is not None:
                run.worker.stop_by = now + STOPPING
            if run.watches.expire(now):
                self._engine.post(run.id, run.watches.union)
            self._tend(run, run.worker, now)

    def _tend(self, run: Run, worker: WorkerState, now: float) -> None:
        rested = run.rested(now - RELEASE) and not worker.released
        hung = worker.beat is not None and now - worker.beat > HUNG and not worker.hung
        overdue = worker.stop_by is not None and now > worker.stop_by
        worker.released |= rested
        worker.hung |= hung
        if rested or hung or overdue:
            self._engine.kill(run.id)
