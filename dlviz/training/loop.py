"""The one training loop: a generator of events. Knows no process, no store and no page.

What one update is, and what must be kept of it, is in `learner`; what lies between two of them in `state`.
"""
from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from pathlib import Path

import torch

from dlviz.errors import DlvizError, RunError
from dlviz.spec import Experiment, from_json
from dlviz.training import (
    captures,
    finder,
    free_running,
    keyframes,
    optimizers,
    recovery,
    trials,
    weights,
)
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training.playing.state import begin
from dlviz.training.state import LoopState
from dlviz.translation import _

PEEK = 1_000  # validation samples judged at those within an epoch; all of them at its end
ROOM = 1.0  # seconds between two looks at whether a full disk has room again


def train(experiment: Experiment, control: ctl.Control | None = None, *, checkpoint: Path | None = None,
          resume: bool = False, device: str | None = None, scrub: bool = True,
          first_weights: Path | None = None) -> Generator[ev.Event]:
    """Train an experiment; `list(train(experiment))` is a whole training.

    Args:
        experiment: what to train. SpecError or TaskError before the first event when it cannot be.
        control: messages to it are read between two batches; a paused loop waits in it.
        checkpoint: a safetensors file, written on `Save`, on pausing and at the end; the one before stays beside
            it. While the disk does not take it, training waits and says so. Chosen moments are kept there too
            (`training.keyframes`).
        resume: go on from `checkpoint` when that file exists; the curve is that of a run never interrupted, to
            the bit where the threads are the same (`control.ReplayThreads`). See `training.recovery` for damaged files.
        scrub: whether the chosen moments are kept.
        first_weights: a file of `checkpoint.write_weights`: layers in it begin with these. RunError for a damaged one,
            unless there is a checkpoint to go on from.
        device: `cpu`, `cuda`, `mps`; the best that there is when None.

    Yields:
        Frozen events of plain numbers (`training.events`): losses in the unit of the task's loss, accuracies 0 to 1.
    """
    control = control or ctl.Control()
    going_on = resume and checkpoint is not None and recovery.present(checkpoint)
    state = begin(experiment, checkpoint, device, None if going_on else first_weights)
    sentence = recovery.go_on(state, checkpoint) if resume and checkpoint is not None else ""
    if checkpoint is not None and scrub:
        state.keyframes = keyframes.Keyframes(checkpoint.parent / keyframes.FOLDER, state.network, state.planned_steps,
                                              state.step)
        state.save_keyframe()
    yield ev.Started(state.step, state.planned_steps, state.steps_per_epoch, str(state.device),
                     sum(p.numel() for p in state.network.parameters()), sentence,
                     *state.baselines())
    for epoch in range(state.step // state.steps_per_epoch, experiment.training.epochs):
        if state.early_stopping and state.early_stopping.should_stop:
            break
        reason = yield from _run_epoch(state, control, epoch)
        if reason:
            yield from _end(state, control, *reason)
            return
    yield from _end(state, control, "done", "")


def _run_epoch(state: LoopState, control: ctl.Control, epoch: int,
               ) -> Generator[ev.Event, None, tuple[ev.Ending, str] | None]:
    """Train for one epoch, or what is left of it; returns reason and sentence when the run is over early."""
    done = state.step - epoch * state.steps_per_epoch
    for indices in state.batches(epoch, done):
        stopped = yield from _steer(state, control)
        if stopped:
            return "stopped", ""
        if state.threads.replaying:
            yield from state.threads.turn(state.step)
        with state.health_schedule.around(state.step + 1, state.watch.health):
            step = state.update(indices)
        yield step
        yield from state.news()
        if state.health_schedule.latest is not None:
            yield state.health_schedule.latest
        if not math.isfinite(step.loss):
            return "diverged", _diverged(step)
        yield from _look(state)
    return None


def _look(state: LoopState) -> Iterator[ev.Event]:
    """What is due after an update: a moment kept and an evaluation by step, a capture by time."""
    state.save_keyframe()
    within = (state.step - 1) % state.steps_per_epoch + 1
    every = state.spacing
    if within == state.steps_per_epoch:
        evaluated = state.evaluate("val")
        yield evaluated
        last = max(0, state.steps_per_epoch // every - 1) * every  # the epoch's last evaluation before its end
        yield from _by_itself(state, state.step - state.steps_per_epoch + last)
        yield from state.on_evaluation(evaluated.val_loss)
    elif within % every == 0 and state.steps_per_epoch - within >= every:
        yield state.evaluate("val", PEEK)
        yield from _by_itself(state, state.step - every)
    if state.clip and (record := state.clip.record(state.step)):
        yield record
    if state.watch.needs_sample and state.due():
        yield state.capture()


def _by_itself(state: LoopState, before: int) -> Iterator[ev.Event]:
    """What the network answers without the true symbols, at some evaluations; `before` is the step of the last one."""
    if state.network.signature.teacher_forcing and free_running.point(state.step, before, state.planned_steps):
        count = free_running.FINAL_SAMPLES if state.step == state.planned_steps else free_running.SAMPLES
        yield free_running.evaluate(state.network, state.val.first(count), state.device, state.step)


def _steer(state: LoopState, control: ctl.Control) -> Generator[ev.Event, None, bool]:
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
            case ctl.Save():
                yield from state.save(control)
                if state.disk_error and (yield from _without_room(state, control)):
                    return True
            case _:
                yield from _obey(state, message)
    return False


def _paused(state: LoopState, control: ctl.Control) -> Generator[ev.Event, None, bool]:
    """Wait until told to go on. Returns True when told to stop."""
    state.pause_after = None
    yield from state.save(control)
    yield ev.Paused(state.step, state.disk_error and f"{state.disk_error} Make room before you resume.")
    while True:
        match message := control.wait():
            case ctl.Stop():
                return True
            case ctl.Resume() | ctl.Advance():
                state.pause_after = _pause_step(state, message)
                yield ev.Resumed(state.step)
                return False
            case ctl.Save():
                yield from state.save(control)
            case _:
                yield from _obey(state, message)


def _without_room(state: LoopState, control: ctl.Control) -> Generator[ev.Event, None, bool]:
    """Wait until the disk takes the checkpoint, then go on. Returns True when told to stop."""
    yield _waiting(state)
    while True:
        match message := control.wait(ROOM):
            case ctl.Stop():
                return True
            case ctl.Pause():
                return (yield from _paused(state, control))
            case None | ctl.Save() | ctl.Resume() | ctl.Advance():
                if isinstance(message, ctl.Advance):
                    state.pause_after = _pause_step(state, message)
                yield from state.save(control)
                if not state.disk_error:
                    yield ev.Resumed(state.step)
                    return False
                if isinstance(message, (ctl.Resume, ctl.Advance)):
                    yield _waiting(state)
            case _:
                yield from _obey(state, message)


def _waiting(state: LoopState) -> ev.Paused:
    return ev.Paused(state.step,
                     f"{state.disk_error} Training waits, nothing is lost, and it goes on by itself as soon "
                                 "as they can be saved.")


def _pause_step(state: LoopState, message: ctl.Resume | ctl.Advance) -> int | None:
    if isinstance(message, ctl.Resume):
        return None
    if message.by == "batch":
        return state.step + 1
    return (state.step // state.steps_per_epoch + 1) * state.steps_per_epoch


def _obey(state: LoopState, message: ctl.Message | None) -> Iterator[ev.Event]:
    """Everything that can be done in the same way whether paused or not."""
    match message:
        case ctl.Set("schedule"):
            if message.schedule != state.schedule:
                old = state.schedule.model_dump_json()
                state.set_schedule(message.schedule)
                yield ev.Changed(state.step + 1, "schedule", old, message.schedule.model_dump_json())
        case ctl.Set():
            try:
                old, new = optimizers.change(state.experiment.training.optimizer, state.optimizer, message)
            except RunError:
                return  # the service refused it before; a stale page's wish changes nothing
            if old != new:
                yield ev.Changed(state.step + 1, message.setting, old, new)
        case ctl.SetWeight() | ctl.SetReward():
            yield from _edit(state, message)
        case ctl.Watch():
            state.watch = message
            if message.needs_sample:
                yield state.capture()
        case ctl.Query():
            yield captures.answer_query(state.network, state.task, message, state.step)
        case ctl.FindRate():
            yield from finder.search(state)
        case ctl.TryChanges():
            yield from trials.compare(state.experiment, tuple(map(from_json, message.changed)), str(state.device))
        case ctl.SetThreads():
            yield from state.threads.ask(message.count, state.step)
        case ctl.ReplayThreads():
            yield from state.threads.replay(message, state.step)
        case ctl.HoldAt():
            state.until = message
        case ctl.Advance() | ctl.Resume():
            state.pause_after = _pause_step(state, message)
        case ctl.Pause() | ctl.Stop() | ctl.Save() | None:
            pass  # those who wait for messages see to them


def _edit(state: LoopState, message: ctl.SetWeight | ctl.SetReward) -> Iterator[ev.Event]:
    try:
        by_weight = isinstance(message, ctl.SetWeight)
        old, new = weights.change(state.network, message) if by_weight else state.set_reward(message)
    except RunError:
        return  # the service refused it before
    if old != new:
        yield ev.Changed(state.step + 1, message.setting, old, new)
        if state.watch.needs_sample:
            yield state.capture()


def _end(state: LoopState, control: ctl.Control, reason: ev.Ending, sentence: str) -> Iterator[ev.Event]:
    if state.early_stopping and reason == "done":
        sentence = state.early_stopping.restore_best_weights(state.network, state.step)
    if reason != "diverged":  # the last good checkpoint is worth more than weights that are not numbers
        yield from state.save(control)
        if state.disk_error and (reason == "stopped" or (yield from _without_room(state, control))):
            sentence = f"{sentence} {state.disk_error} What is kept is older.".strip()
    state.forget_spare()
    if reason != "done":
        yield ev.Ended(state.step, reason, sentence)
        return
    result = state.evaluate("test", details=False)
    if state.network.signature.teacher_forcing:
        yield free_running.evaluate(state.network, state.test.first(free_running.FINAL_SAMPLES), state.device,
                                    state.step,
                                    "test")
    best = state.early_stopping.best_step if state.early_stopping else None
    yield ev.Ended(state.step, "done", sentence, result.val_loss, result.val_accuracy, best)


def _diverged(step: ev.Step) -> str:
    return (f"At step {step.step:,} the loss was no longer a number ({step.loss}), so training stopped: the updates "
            f"were so large that the weights overflowed. Try a learning rate ten times smaller than "
            f"{float(f'{step.learning_rate:.2g}'):g}, or put normalization layers between the others.")


def warm() -> None:
    """Load what every run needs: torch's kernels, the default task's data. One thread, and CUDA is not touched."""
    from dlviz import presets

    torch.set_num_threads(1)
    experiment = presets.get("mlp").experiment
    short = experiment.model_copy(update={"training": experiment.training.model_copy(update={"train_fraction": 0.002,
                                                                                             "epochs": 1})})
    events = train(short, device="cpu")
    for event in events:
        if isinstance(event, ev.Step):
            events.close()
            return
    raise DlvizError(_("The warm-up"), _("must make one step"), _("it made none"), _("Report this."))
