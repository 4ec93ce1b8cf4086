"""The one training loop: a generator of events. Knows no process, no store and no page.

Everything that decides a curve is in the Experiment: the first weights come from torch's generator set to its seed,
the order of epoch e from a generator of its own set to seed + e, dropout from torch's generator as it goes on,
changes to training pictures from one more of their own.
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
from dlviz.schedules import Plan, Plateau, Schedule
from dlviz.spec import Experiment
from dlviz.tasks import Split
from dlviz.training import checkpoint as ckpt
from dlviz.training import control as ctl
from dlviz.training import device as devices
from dlviz.training import events as ev
from dlviz.training import checkup, clipping, finder, keyframes, looking, optimizers, scoring
from dlviz.training.augmenting import Augmenting
from dlviz.training.judging import Best, Falls

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
        spec.require(self.task.signature())
        self.loss = scoring.minimised(self.task.signature(), spec.label_smoothing)
        data = self.task.data()
        kept = max(1, round(spec.share * len(data.train)))
        self.train = _to(data.train.first(kept), self.device)
        self.val, self.test = data.val, data.test
        self.steps_per_epoch = math.ceil(kept / spec.batch_size)
        self.planned = self.steps_per_epoch * spec.epochs
        self.plan = Plan(self.planned, self.steps_per_epoch)
        self.make_learner()
        self.follow(schedules.get(spec.schedule))
        self.best = Best(spec.early_stopping) if spec.early_stopping else None
        self.watch = ctl.Watch()
        self.checkups = checkup.Checkups(self.network, self.planned)
        self.next_capture = 0.0
        self.pause_after: int | None = None  # the step after which to pause
        self.until = ctl.Until(None)
        self.keyframes: keyframes.Keyframes | None = None

    def make_learner(self) -> None:
        """A network with its first weights, its optimizer, and what acts at each of their steps."""
        spec, signature = self.experiment.training, self.task.signature()
        self.step = 0
        self.network = net.build(self.experiment.network, signature, self.experiment.seed)
        self.network.to(self.device)
        if any(p.ndim == 4 for p in self.network.parameters()):
            self.network.to(memory_format=torch.channels_last)  # 1.2 times as fast for small convolutions
        self.network.train()
        self.optimizer = optimizers.build(spec.optimizer, self.network)
        self.clip = None if spec.clip == "off" else clipping.Clipping(
            spec.clip, spec.clip_at, self.network.parameters(), clipping.every(self.planned))
        self.augment = Augmenting(spec.augmentation, signature, self.experiment.seed) \
            if spec.augmentation.wanted else None

    def batches(self, epoch: int, done: int) -> Iterator[torch.Tensor]:
        """Indices of each batch of an epoch, leaving out the first `done` batches."""
        order = torch.randperm(len(self.train), generator=torch.Generator().manual_seed(self.experiment.seed + epoch))
        return iter(order.to(self.device).split(self.experiment.training.batch_size)[done:])

    @property
    def held(self) -> bool:
        """Whether the next update must wait for others."""
        return self.until.step is not None and self.step >= self.until.step

    def due(self) -> bool:
        """Whether a capture is: by time, or in lock-step where all runs look at the same step."""
        if self.until.step is None:
            return time.monotonic() >= self.next_capture
        return self.until.look and self.step == self.until.step

    def follow(self, schedule: Schedule) -> None:
        """Have the learning rate follow this schedule from the next update on."""
        self.schedule = schedule
        self.falls = Falls(schedule) if isinstance(schedule, Plateau) else None

    def rate(self) -> float:
        """The learning rate of the next update: the optimizer's own, times what the schedule makes of it."""
        rate = self.optimizer.param_groups[0]["initial_lr"] * self.schedule.at(self.step, self.plan)
        return self.falls.lowered(rate) if self.falls else rate

    def update(self, indices: torch.Tensor) -> ev.Step:
        """One forward, backward and update. The loss is that of before the update."""
        targets = self.train.targets.index_select(0, indices)  # a third of the time of x[indices]
        self.optimizer.param_groups[0]["lr"] = self.rate()
        inputs = [x.index_select(0, indices) for x in self.train.inputs]
        scores = self.network(*(self.augment(inputs) if self.augment else inputs))
        loss = self.loss(scores, targets)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if self.clip:
            self.clip()
        self.optimizer.step()
        self.step += 1
        right = scoring.right(scores.detach(), targets, self.network.signature).mean().item()
        return ev.Step(self.step, loss.item(), right, self.optimizer.param_groups[0]["lr"])

    def save(self) -> Iterator[ev.Event]:
        if self.path is not None:
            ckpt.save(self.path, self.network, self.optimizer, self.step, self.kept())
            yield ev.Checkpointed(self.step, str(self.path))

    def kept(self) -> ckpt.Kept:
        """What the mechanisms must remember for going on to equal never having stopped."""
        tensors = {f"best.{name}": value for name, value in self.best.weights.items()} if self.best else {}
        if self.augment:
            tensors["augment"] = self.augment.generator.get_state()
        return ckpt.Kept(tensors, {"schedule": self.schedule.model_dump(),
                                   "falls": self.falls.values() if self.falls else None,
                                   "best": self.best.values() if self.best else None})

    def load(self, path: Path) -> None:
        """Go on from where a checkpoint was written."""
        self.step = ckpt.load(path, self.network, self.optimizer)
        kept = ckpt.recall(path)
        if schedule := kept.values.get("schedule"):  # it may have been changed while the run went
            self.follow(schedules.SCHEDULES[schedule["kind"]](**schedule))
        if self.falls and kept.values.get("falls"):
            self.falls.recall(kept.values["falls"])
        if self.best and kept.values.get("best"):
            self.best.recall(kept.values["best"], {name.removeprefix("best."): value for name, value
                                                   in kept.tensors.items() if name.startswith("best.")})
        if self.augment and "augment" in kept.tensors:
            self.augment.generator.set_state(kept.tensors["augment"])

    def judged(self, loss: float) -> Iterator[ev.Event]:
        """What follows from the loss of the whole validation split."""
        if self.best:
            self.best.hear(loss, self.step, self.network)
        if self.falls:
            before = self.rate()
            if self.falls.hear(loss):
                yield ev.Changed(self.step + 1, "plateau", before, self.rate())

    def capture(self) -> ev.Captured:
        self.next_capture = time.monotonic() + self.watch.every
        return looking.capture(self.network, self.task, self.watch, self.step)


def train(experiment: Experiment, control: ctl.Control | None = None, *, checkpoint: Path | None = None,
          resume: bool = False, device: str | None = None) -> Iterator[ev.Event]:
    """Train an experiment; `list(train(experiment))` is a whole training.

    Args:
        experiment: what to train. SpecError or TaskError before the first event when it cannot be.
        control: messages to it are read between two batches; a paused loop waits in it.
        checkpoint: a safetensors file, written on `Save`, on pausing and at the end. Chosen moments are kept
            beside it (`training.keyframes`).
        resume: go on from `checkpoint` when that file exists; the curve is that of a run never interrupted.
        device: `cpu`, `cuda`, `mps`; the best that there is when None.
    """
    control = control or ctl.Control()
    state = _Training(experiment, checkpoint, device)
    if resume and checkpoint is not None and checkpoint.exists():
        state.load(checkpoint)
    if checkpoint is not None:
        state.keyframes = keyframes.Keyframes(checkpoint.parent / keyframes.FOLDER, state.network, state.planned,
                                              state.step)
        state.keyframes.look(state.step)
    yield ev.Started(state.step, state.planned, state.steps_per_epoch, str(state.device),
                     sum(p.numel() for p in state.network.parameters()))
    for epoch in range(state.step // state.steps_per_epoch, experiment.training.epochs):
        if state.best and state.best.over:
            break
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
        with state.checkups.around(state.step + 1, state.watch.health):
            step = state.update(indices)
        yield step
        if state.checkups.found is not None:
            yield state.checkups.found
        if not math.isfinite(step.loss):
            return "diverged", _diverged(step)
        yield from _look(state)
    return None


def _look(state: _Training) -> Iterator[ev.Event]:
    """What is due after an update: a moment kept and an evaluation by step, a capture by time."""
    if state.keyframes is not None:
        state.keyframes.look(state.step)
    within = (state.step - 1) % state.steps_per_epoch + 1
    every = max(SPACING, state.steps_per_epoch // EVALUATIONS)
    if within == state.steps_per_epoch:
        evaluated = scoring.evaluate(state.network, state.val, state.device, state.step, details=True)
        yield evaluated
        yield from state.judged(evaluated.val_loss)
    elif within % every == 0 and state.steps_per_epoch - within >= every:
        yield scoring.evaluate(state.network, state.val.first(PEEK), state.device, state.step, details=True)
    if state.clip and (record := state.clip.record(state.step)):
        yield record
    if state.watch.pictures and state.due():
        yield state.capture()


def _steer(state: _Training, control: ctl.Control) -> Iterator[ev.Event]:
    """Obey what was asked since the last batch; wait here while paused or held. Returns True when told to stop."""
    if state.pause_after is not None and state.step >= state.pause_after:
        stopped = yield from _paused(state, control)
        if stopped or not state.held:
            return stopped
    while (message := control.wait() if state.held else control.take()) is not None:
        match message:
            case ctl.Stop():
                return True
            case ctl.Pause():
                stopped = yield from _paused(state, control)
                if stopped or not state.held:
                    return stopped
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
        case ctl.Set("schedule", schedule):
            if schedule != state.schedule:
                old = state.schedule.model_dump_json()
                state.follow(schedule)
                yield ev.Changed(state.step + 1, "schedule", old, schedule.model_dump_json())
        case ctl.Set():
            try:
                old, new = optimizers.change(state.optimizer, message)
            except RunError:
                return  # the service refused it before; a stale page's wish changes nothing
            if old != new:
                yield ev.Changed(state.step + 1, message.setting, old, new)
        case ctl.Watch():
            state.watch = message
            if message.pictures:
                yield state.capture()
        case ctl.Ask():
            yield looking.answer(state.network, state.task, message, state.step)
        case ctl.Save():
            yield from state.save()
        case ctl.Find():
            yield from finder.search(state)
        case ctl.Threads():
            torch.set_num_threads(message.count)
        case ctl.Until():
            state.until = message
        case ctl.Advance() | ctl.Resume():
            state.pause_after = _pause_step(state, message)


def _end(state: _Training, reason: ev.Ending, sentence: str) -> Iterator[ev.Event]:
    if state.best and reason == "done":
        sentence = state.best.put_back(state.network, state.step)
    if reason != "diverged":  # the last good checkpoint is worth more than weights that are not numbers
        yield from state.save()
    if reason != "done":
        yield ev.Ended(state.step, reason, sentence)
        return
    result = scoring.evaluate(state.network, state.test, state.device, state.step, details=False)
    best = state.best.step if state.best else None
    yield ev.Ended(state.step, "done", sentence, result.val_loss, result.val_accuracy, best)


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
