"""The one training loop: a generator of events. Knows no process, no store and no page.

Everything that decides a curve is in the Experiment: the first weights come from torch's generator set to its seed,
the order of epoch e from a generator of its own set to seed + e, dropout from torch's generator as it goes on.
"""
from __future__ import annotations

import math
import time
from collections.abc import Iterator
from pathlib import Path

import torch

from dlviz import network as net
from dlviz import schedules, tasks
from dlviz.errors import DlvizError, RunError
from dlviz.spec import Experiment
from dlviz.tasks import Split
from dlviz.training import checkpoint as ckpt
from dlviz.training import control as ctl
from dlviz.training import device as devices
from dlviz.training import events as ev
from dlviz.training import looking, optimizers, scoring

EVALUATIONS = 5  # of the validation split in one epoch, the last at its end
SPACING = 100  # steps at least between two of them within an epoch, else judging would cost more than learning
PEEK = 1_000  # validation samples judged at those within an epoch; all of them at its end


class _Training:
    """The live state between two batches. Everything public about it goes out as events."""

    def __init__(self, experiment: Experiment, path: Path | None, device: str | None):
        self.experiment, self.path = experiment, path
        self.device = torch.device(device) if device else devices.pick()
        self.task = tasks.get(experiment.task.name, experiment.task.fields)
        spec = experiment.training
        self.network = net.build(experiment.network, self.task.signature(), experiment.seed)
        self.network.to(self.device)
        if any(p.ndim == 4 for p in self.network.parameters()):
            self.network.to(memory_format=torch.channels_last)  # 1.2 times as fast for small convolutions
        self.network.train()
        self.optimizer = optimizers.build(spec.optimizer, self.network)
        self.loss = scoring.LOSSES[self.network.signature.loss]
        data = self.task.data()
        kept = max(1, round(spec.share * len(data.train)))
        self.train = _to(data.train.first(kept), self.device)
        self.val, self.test = data.val, data.test
        self.steps_per_epoch = math.ceil(kept / spec.batch_size)
        self.planned = self.steps_per_epoch * spec.epochs
        self.step = 0
        self.watch = ctl.Watch()
        self.next_capture = 0.0
        self.pause_after: int | None = None  # the step after which to pause

    def batches(self, epoch: int, done: int) -> Iterator[torch.Tensor]:
        """Indices of each batch of an epoch, leaving out the first `done` batches."""
        order = torch.randperm(len(self.train), generator=torch.Generator().manual_seed(self.experiment.seed + epoch))
        return iter(order.to(self.device).split(self.experiment.training.batch_size)[done:])

    def rate(self) -> float:
        """The learning rate of the next update: the optimizer's own, times what the schedule makes of it."""
        own = self.optimizer.param_groups[0]["initial_lr"]
        return own * schedules.factor(self.experiment.training.schedule, self.step / self.planned)

    def update(self, indices: torch.Tensor) -> ev.Step:
        """One forward, backward and update. The loss is that of before the update."""
        targets = self.train.targets.index_select(0, indices)  # a third of the time of x[indices]
        self.optimizer.param_groups[0]["lr"] = self.rate()
        scores = self.network(*[x.index_select(0, indices) for x in self.train.inputs])
        loss = self.loss(scores, targets)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        self.step += 1
        right = scoring.right(scores.detach(), targets, self.network.signature).mean().item()
        return ev.Step(self.step, loss.item(), right, self.optimizer.param_groups[0]["lr"])

    def save(self) -> Iterator[ev.Event]:
        if self.path is not None:
            ckpt.save(self.path, self.network, self.optimizer, self.step)
            yield ev.Checkpointed(self.step, str(self.path))

    def capture(self) -> ev.Captured:
        self.next_capture = time.monotonic() + self.watch.every
        return looking.capture(self.network, self.task, self.watch, self.step)


def train(experiment: Experiment, control: ctl.Control | None = None, *, checkpoint: Path | None = None,
          resume: bool = False, device: str | None = None) -> Iterator[ev.Event]:
    """Train an experiment; `list(train(experiment))` is a whole training.

    Args:
        experiment: what to train. SpecError or TaskError before the first event when it cannot be.
        control: messages to it are read between two batches; a paused loop waits in it.
        checkpoint: a safetensors file, written on `Save`, on pausing and at the end.
        resume: go on from `checkpoint` when that file exists; the curve is that of a run never interrupted.
        device: `cpu`, `cuda`, `mps`; the best that there is when None.
    """
    control = control or ctl.Control()
    state = _Training(experiment, checkpoint, device)
    if resume and checkpoint is not None and checkpoint.exists():
        state.step = ckpt.load(checkpoint, state.network, state.optimizer)
    yield ev.Started(state.step, state.planned, state.steps_per_epoch, str(state.device),
                     sum(p.numel() for p in state.network.parameters()))
    for epoch in range(state.step // state.steps_per_epoch, experiment.training.epochs):
        reason = yield from _run_epoch(state, control, epoch)
        if reason:
            yield from _end(state, *reason)
            return
    yield from _end(state, "done", "")


def _run_epoch(state: _Training, control: ctl.Control, epoch: int,
               ) -> Iterator[ev.Event]:  # returns (reason, sentence) when the run is over early, else None
    done = state.step - epoch * state.steps_per_epoch
    for indices in state.batches(epoch, done):
        stopped = yield from _steer(state, control)
        if stopped:
            return "stopped", ""
        step = state.update(indices)
        yield step
        if not math.isfinite(step.loss):
            return "diverged", _diverged(step)
        yield from _look(state)
    return None


def _look(state: _Training) -> Iterator[ev.Event]:
    """What is due after an update: an evaluation by step, a capture by time."""
    within = (state.step - 1) % state.steps_per_epoch + 1
    every = max(SPACING, state.steps_per_epoch // EVALUATIONS)
    if within == state.steps_per_epoch:
        yield scoring.evaluate(state.network, state.val, state.device, state.step, details=True)
    elif within % every == 0 and state.steps_per_epoch - within >= every:
        yield scoring.evaluate(state.network, state.val.first(PEEK), state.device, state.step, details=True)
    if state.watch.wants and time.monotonic() >= state.next_capture:
        yield state.capture()


def _steer(state: _Training, control: ctl.Control) -> Iterator[ev.Event]:
    """Obey what was asked since the last batch; wait here while paused. Returns True when told to stop."""
    if state.pause_after is not None and state.step >= state.pause_after:
        return (yield from _paused(state, control))
    while (message := control.take()) is not None:
        match message:
            case ctl.Stop():
                return True
            case ctl.Pause():
                return (yield from _paused(state, control))
            case _:
                yield from _obey(state, message)
    return False


def _paused(state: _Training, control: ctl.Control) -> Iterator[ev.Event]:
    """Wait until told to go on. Returns True when told to stop."""
    state.pause_after = None
    yield from state.save()
    yield ev.Paused(state.step)
    while True:
        match message := control.wait():
            case ctl.Stop():
                return True
            case ctl.Resume() | ctl.Advance():
                state.pause_after = _pause_step(state, message)
                yield ev.Resumed(state.step)
                return False
            case _:
                yield from _obey(state, message)


def _pause_step(state: _Training, message: ctl.Resume | ctl.Advance) -> int | None:
    if isinstance(message, ctl.Resume):
        return None
    if message.by == "batch":
        return state.step + 1
    return (state.step // state.steps_per_epoch + 1) * state.steps_per_epoch


def _obey(state: _Training, message: ctl.Message) -> Iterator[ev.Event]:
    """Everything that can be done in the same way whether paused or not."""
    match message:
        case ctl.Set():
            try:
                old, new = optimizers.change(state.optimizer, message)
            except RunError:
                return  # the service refused it before; a stale page's wish changes nothing
            if old != new:
                yield ev.Changed(state.step + 1, message.setting, old, new)
        case ctl.Watch():
            state.watch = message
            if message.wants:
                yield state.capture()
        case ctl.Ask():
            yield looking.answer(state.network, state.task, message, state.step)
        case ctl.Save():
            yield from state.save()
        case ctl.Threads():
            torch.set_num_threads(message.count)
        case ctl.Advance() | ctl.Resume():
            state.pause_after = _pause_step(state, message)


def _end(state: _Training, reason: ev.Ending, sentence: str) -> Iterator[ev.Event]:
    if reason != "diverged":  # the last good checkpoint is worth more than weights that are not numbers
        yield from state.save()
    if reason != "done":
        yield ev.Ended(state.step, reason, sentence)
        return
    result = scoring.evaluate(state.network, state.test, state.device, state.step, details=False)
    yield ev.Ended(state.step, "done", "", result.val_loss, result.val_accuracy)


def _diverged(step: ev.Step) -> str:
    return (f"At step {step.step:,} the loss was no longer a number ({step.loss}), so training stopped: the updates "
            f"were so large that the weights overflowed. Try a learning rate ten times smaller than "
            f"{step.learning_rate:g}, or put normalization layers between the others.")


def _to(split: Split, device: torch.device) -> Split:
    return Split(tuple(x.to(device) for x in split.inputs), split.targets.to(device))


def warm() -> None:
    """Load what every run needs: torch's kernels, the default task's data. One thread, and CUDA is not touched."""
    from dlviz import presets

    torch.set_num_threads(1)
    experiment = presets.get("mlp").experiment
    short = experiment.model_copy(update={"training": experiment.training.model_copy(update={"share": 0.002,
                                                                                             "epochs": 1})})
    events = train(short, device="cpu")
    for event in events:
        if isinstance(event, ev.Step):
            events.close()
            return
    raise DlvizError("The warm-up", "makes one step", "it made none", "Report this.")
