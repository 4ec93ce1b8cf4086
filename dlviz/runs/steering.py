"""What users ask of a run, in the state that it is in. Knows no queue's order and nothing that comes up.

All of it happens under the service's lock.
"""
from __future__ import annotations

from collections.abc import Callable

from dlviz.runs.info import OVER
from dlviz.runs.process.engine import Engine
from dlviz.runs.refusals import check_setting, refusal
from dlviz.runs.run import Run
from dlviz.training import events as ev
from dlviz.training.control import Advance, Message, Pause, Resume, Save, Set, SetReward, SetWeight, Stop
from dlviz.translation import _

EDITS = (SetWeight, SetReward)  # what is looked at as soon as it is done
CHANGES = (Set, *EDITS)
STOPPING = 10.0  # seconds that a loop has to obey Stop


class Steering:
    """Passes on what is asked; the lifecycle is one, and has the queue."""

    _engine: Engine
    _load: Callable[[Run], None]
    queue: list[Run]

    def enqueue(self, run: Run, *go: Message) -> None:
        """Have the run train as soon as there is a place."""
        raise NotImplementedError

    def steer(self, run: Run, message: Message, now: float) -> None:
        """Pass on what a user asks. RunError when the run's state does not allow it."""
        match message:
            case Pause():
                self._pause(run, now)
            case Resume() | Advance():
                self._go(run, message)
            case Stop():
                self._stop(run, now)
            case Set() | SetWeight() | SetReward():
                self._set(run, message, now)
            case Save():
                self._engine.post(run.id, message)
            case _:
                raise TypeError(f"{type(message).__name__} is not for post(): use watch() or query()")

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
                raise refusal(run, _("can only be paused while it trains"))

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
                raise refusal(run, _("can only go on when it was paused or stopped before its end"))

    def _stop(self, run: Run, now: float) -> None:
        if run.row.state == "stopped":
            return
        if run.row.state in OVER:
            raise refusal(run, _("can only be stopped before its end"))
        if run.row.state == "queued":
            self._rest(run, now)
        if run.worker is None:
            self._stopped(run)
        else:
            run.worker.stop_by = now + STOPPING
            self._engine.post(run.id, Stop())

    def _set(self, run: Run, message: Set | SetWeight | SetReward, now: float) -> None:
        self._load(run)
        check_setting(run, message)
        if run.worker is not None:
            run.paused_at = now  # not given back before a checkpoint with the new setting is written
            self._engine.post(run.id, message)
        else:
            sets = [m for m in run.go if isinstance(m, CHANGES)]
            run.go = [*sets, message, *run.go[len(sets):]]
            if isinstance(message, EDITS) and run.row.state == "paused":
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
