"""Which state each run is in and why: queue, places, what may be asked when, what follows a lost process.

The only one that tells the engine what to do. Knows no page and no store; all of it happens under the
service's lock.
"""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dlviz import settings
from dlviz.runs import places
from dlviz.runs.fairness import in_turn, next_of, nobody
from dlviz.runs.info import OVER
from dlviz.runs.lockstep import LockstepGroups
from dlviz.runs.process import limits
from dlviz.runs.process.engine import End, Engine, EngineEvent, EventReplay, Heartbeat, Need, Start
from dlviz.runs.refusals import check_setting, lost_again, missing_weights, refusal
from dlviz.runs.run import Run, WorkerState
from dlviz.training import events as ev
from dlviz.training.control import Advance, Message, Pause, Resume, Save, Set, SetThreads, SetWeight, Stop

CHANGES = (Set, SetWeight)
RETRIES = 3  # processes that a run may lose in a row without getting further
HUNG = 30.0  # seconds without a heartbeat
STOPPING = 10.0  # seconds that a loop has to obey Stop
RELEASE = 300.0  # seconds of pause after which a run gives its process back
ASLEEP = 5.0  # seconds between two ticks that mean that the whole computer slept


class Lifecycle:
    """Runs by id, the queue, and the rules. `load(run)` makes sure that a run's history is in memory."""

    def __init__(self, engine: Engine, folder: Callable[[str], Path], load: Callable[[Run], None]) -> None:
        self._engine, self._folder, self._load = engine, folder, load
        self.runs: dict[str, Run] = {}
        self.queue: list[Run] = []
        self.lockstep_groups = LockstepGroups(engine, self.runs)
        self.goes_first: Callable[[str], bool] = nobody  # of owners
        self.closing = False
        self._ticked: float | None = None

    # what users ask

    def steer(self, run: Run, message: Message, now: float) -> None:
        """Pass on what a user asks. RunError when the run's state does not allow it."""
        match message:
            case Pause():
                self._pause(run, now)
            case Resume() | Advance():
                self._go(run, message)
            case Stop():
                self._stop(run, now)
            case Set() | SetWeight():
                self._set(run, message, now)
            case Save():
                self._engine.post(run.id, message)
            case _:
                raise TypeError(f"{type(message).__name__} is not for post(): use watch() or query()")

    def enqueue(self, run: Run, *go: Message) -> None:
        """Have the run train as soon as there is a place."""
        run.go = [message for message in run.go if isinstance(message, CHANGES)] + list(go)
        run.become("queued")
        self.queue.append(run)
        self.admit()

    def _pause(self, run: Run, now: float) -> None:
        match run.row.state:
            case "starting" | "training":
                run.steer = Pause()
                self._engine.post(run.id, run.steer)
            case "queued":
                self._rest(run, now)
            case "paused":
                return
            case _:
                raise refusal(run, "can only be paused while it trains")

    def _go(self, run: Run, message: Resume | Advance) -> None:
        match run.row.state:
            case "starting" | "training":
                if isinstance(message, Advance) or run.steer is not None:
                    run.steer = message if isinstance(message, Advance) else None
                    self._engine.post(run.id, message)
            case "queued":
                run.go, run.steer = [*(m for m in run.go if isinstance(m, CHANGES)), message], None
            case "paused" | "stopped" | "failed":
                run.row.lost_processes, run.row.lost_at = 0, -1  # the user wants a new try
                self.enqueue(run, message)
            case _:
                raise refusal(run, "can only go on when it was paused or stopped before its end")

    def _stop(self, run: Run, now: float) -> None:
        if run.row.state == "stopped":
            return
        if run.row.state in OVER:
            raise refusal(run, "can only be stopped before its end")
        if run.row.state == "queued":
            self._rest(run, now)
        if run.worker is None:
            self._stopped(run)
        else:
            run.worker.stop_by = now + STOPPING
            self._engine.post(run.id, Stop())

    def _set(self, run: Run, message: Set | SetWeight, now: float) -> None:
        check_setting(run, message)
        if run.worker is not None:
            run.paused_at = now  # not given back before a checkpoint with the new setting is written
            self._engine.post(run.id, message)
        else:
            sets = [m for m in run.go if isinstance(m, CHANGES)]
            run.go = [*sets, message, *run.go[len(sets):]]
            if isinstance(message, SetWeight) and run.row.state == "paused":
                run.steer = Pause()  # a process changes it and pauses again, so that what it does is seen at once
                self.enqueue(run)

    def _rest(self, run: Run, now: float) -> None:
        """From the queue to a pause."""
        self.queue.remove(run)
        run.go = [message for message in run.go if isinstance(message, CHANGES)]
        run.paused_at = now
        run.become("paused")

    def _stopped(self, run: Run) -> None:
        self._load(run)
        run.apply(ev.Ended(run.past.step, "stopped"), 0.0)
        run.become("stopped")

    def forget(self, run: Run) -> None:
        """It is deleted; its process, which nobody waits for, keeps its place until it has ended."""
        run.gone = True
        self.queue = [other for other in self.queue if other is not run]
        self._engine.kill(run.id)

    # places

    def admit(self) -> None:
        """Give free places to owners in turn, and share the cores among all that train."""
        limit = min(settings.max_running(), self._engine.capacity())
        self.queue = in_turn(self.queue, self.runs.values(), self.goes_first)
        while not self.closing and sum(run.working for run in self.runs.values()) < limit:
            run = next_of(self.queue, self.runs.values(), self.lockstep_groups.together)
            if run is None or run.leaving or not places.fits(run, self.runs.values()):
                break  # the end of its old process, or of another run's, calls us again
            self.queue.remove(run)
            if run.worker is None:
                self._launch(run)
            else:
                self._continue(run)
            self.queue = in_turn(self.queue, self.runs.values(), self.goes_first)
        self._divide_cores()

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
        run.worker.threads = places.threads(self.runs.values())
        watch = [run.watches.union] if run.watches.union.active else []
        messages = (SetThreads(run.worker.threads), *self.lockstep_groups.orders(run.id), *watch, *go, *steer)
        self._engine.start(run.id, run.experiment, Need(self._folder(run.id), messages,
                                                               memory=limits.allowance(run.memory)))

    def _divide_cores(self) -> None:
        count = places.threads(self.runs.values())
        for run in self.runs.values():
            if run.working and run.worker is not None and run.worker.threads != count:
                run.worker.threads = count
                self._engine.post(run.id, SetThreads(count))

    # what comes up

    def on_event(self, run: Run, seq: int, event: EngineEvent, now: float) -> None:
        """One event from the engine; one that came before, or after the end, is dropped."""
        if run.worker is None or seq <= run.worker.seq:
            return
        run.worker.beat, run.worker.seq = now, seq
        match event:
            case Start() | Heartbeat():
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

    def take_up(self, run: Run) -> None:
        """An earlier server ended while the run trained or waited: queue it again."""
        trained = run.row.state != "queued"
        if not trained or self._may_retry(run):
            run.reason = "dlviz ended and was started again" if trained else ""
            self.enqueue(run)

    def adopt(self, run: Run) -> None:
        """Its process outlived an earlier server and goes on."""
        self._load(run)
        run.worker = WorkerState()

    def _lost(self, run: Run, how: str) -> None:
        """Its process has vanished: go on from the checkpoint, unless that has not helped several times."""
        if self._may_retry(run):
            run.reason = f"Its process {how}"
            self._launch(run)

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
        self._ticked = now
        self.lockstep_groups.tick(now)
        for run in self.runs.values():
            if run.worker is None:
                continue
            if slept and run.worker.beat is not None:
                run.worker.beat = now
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
