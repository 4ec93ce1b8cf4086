"""What the training loop knows between two batches, and what it does with it on disk. Knows no message's meaning."""
from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from safetensors import SafetensorError

from dlviz import files
from dlviz.spec import Experiment
from dlviz.training import captures, health_schedule, keyframes
from dlviz.training import checkpoint as ckpt
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training.learner import Learner
from dlviz.training.threads import ThreadCount

CAPTURES = 0.1  # of the processor's time that what viewers watch may take


class LoopState(Learner):
    """The live state between two batches. Everything public about it goes out as events."""

    def __init__(self, experiment: Experiment, path: Path | None, device: str | None,
                 first_weights: Path | None = None):
        super().__init__(experiment, device, first_weights)
        self.path = path
        self.watch = ctl.Watch()
        self.health_schedule = health_schedule.HealthSchedule(self.network, self.planned_steps)
        self.next_capture = 0.0
        self.pause_after: int | None = None  # the step after which to pause
        self.until = ctl.HoldAt(None)
        self.keyframes: keyframes.Keyframes | None = None
        self.threads = ThreadCount()
        self.disk_error = ""  # a sentence while the disk does not take the checkpoint

    @property
    def held(self) -> bool:
        """Whether the next update must wait for others."""
        return self.until.step is not None and self.step >= self.until.step

    def due(self) -> bool:
        """Whether a capture is: by time, or in lock-step where all runs look at the same step."""
        if self.until.step is None:
            return time.monotonic() >= self.next_capture
        return self.until.capture and self.step == self.until.step

    def save(self, control: ctl.Control) -> Iterator[ev.Event]:
        """Write a checkpoint; what the disk says against it is then in `disk_error`."""
        if self.path is None:
            return
        control.before_saving()
        began, cpu = time.perf_counter(), time.thread_time()
        try:
            new_room = ckpt.save(self.path, self.network, self.optimizer, self.step, self.state_dict())
        except OSError as error:
            self.disk_error = f"The weights of step {self.step:,} cannot be saved: {files.reason(error)}."
            return
        self.disk_error = ""
        cpu, wall = time.thread_time() - cpu, time.perf_counter() - began
        yield ev.Checkpointed(self.step, str(self.path), cpu, wall, new_room)

    def forget_spare(self) -> None:
        """No further checkpoint will need room."""
        if self.path is not None:
            with suppress(OSError):
                ckpt.spare(self.path).unlink(missing_ok=True)

    def save_keyframe(self) -> None:
        """Keep the weights of this step where they are due."""
        if self.keyframes is not None:
            with suppress(OSError, SafetensorError):  # the checkpoint finds the same disk full, and training waits
                self.keyframes.write_if_due(self.step)

    def capture(self) -> ev.Captured:
        """What is watched, as it is now; the next one is put off until this one is a tenth of the time at most."""
        cpu = time.thread_time()
        captured = captures.capture(self.network, self.task, self.watch, self.step)
        cpu = time.thread_time() - cpu
        self.next_capture = time.monotonic() + max(self.watch.every, cpu * (1 / CAPTURES - 1))
        return captured
