"""What is said about a run: its state, how far it is, what was changed. Plain functions, no widgets."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, TypeAdapter

from dlviz import tasks
from dlviz.english import count
from dlviz.runs.info import RunInfo, Snapshot
from dlviz.schedules import Schedule
from dlviz.spec import Experiment, TrainingSpec
from dlviz.tasks import ImageTask, Task
from dlviz.training.events import Changed
from pages.ui.shared import scores, shell

SETTINGS = ("learning_rate", "momentum", "weight_decay")


@dataclass(frozen=True)
class StateWords:
    """A state as a person reads it: one word, what it means and what to do, and how its badge looks."""

    word: str
    sentence: str
    color: str
    icon: str


STATES = {
    "queued": StateWords("Waiting", "Other runs train now. This one starts by itself as soon as there is a "
                         "place.", "gray", ":material/hourglass_empty:"),
    "starting": StateWords("Starting", "The network is built and the data is loaded. The first points come "
                           "in a moment.", "blue", ":material/hourglass_top:"),
    "training": StateWords("Training", "", "blue", ":material/play_arrow:"),
    "paused": StateWords("Paused", "Nothing is learned now. Resume it, or go on by one batch or one epoch.",
                         "orange", ":material/pause:"),
    "done": StateWords("Finished", "", "gray", ":material/check:"),
    "stopped": StateWords("Stopped", "Its weights are kept as they were at that step: draw with it, or "
                          "resume it.", "gray", ":material/stop:"),
    "diverged": StateWords("Diverged", "", "red", ":material/error:"),
    "failed": StateWords("Broke off", "", "red", ":material/error:"),
}


def explanation(info: RunInfo) -> str:
    """One or two sentences on the run's state and what to do; empty while it simply trains."""
    if info.state == "queued" and info.position:
        return f"{STATES['queued'].sentence} It is number {info.position} in the queue."
    if info.state == "done" and info.test_accuracy is not None:
        said = (f"On the test {samples(info.experiment)}, which it had never seen, "
                f"{scores.right(info, info.test_accuracy)} (test accuracy).")
        return " ".join(filter(None, (said, info.sentence)))
    return " ".join(filter(None, (info.sentence, STATES[info.state].sentence)))


def progress(snapshot: Snapshot) -> tuple[float, str]:
    """How far the run is: a share from 0 to 1 and the line above the bar."""
    info, epochs = snapshot.info, snapshot.info.experiment.training.epochs
    if not info.planned_steps:
        return 0.0, f"{count(epochs, 'epoch')} planned"
    parts = [f"Step {snapshot.step:,} of {info.planned_steps:,}",
             f"epoch {max(1, snapshot.epoch)} of {epochs}"]
    if snapshot.samples_per_second:
        parts.append(f"{snapshot.samples_per_second:,.0f} {samples(info.experiment)} a second")
    if snapshot.seconds_left is not None:
        parts.append(f"{shell.duration(snapshot.seconds_left)} left")
    return min(1.0, snapshot.step / info.planned_steps), "  ·  ".join(parts)


def samples(experiment: Experiment) -> str:
    """What the task's samples are called: images, or just samples."""
    return "images" if issubclass(tasks.TASKS.get(experiment.task.name, Task), ImageTask) else "samples"


def steps_per_epoch(info: RunInfo) -> int:
    return max(1, info.planned_steps // info.experiment.training.epochs)


def mark(change: Changed) -> tuple[int, str]:
    """A change as a line on the curve: its step and its label."""
    if change.setting == "schedule":
        old, new = (schedule_of(str(value)).summary() for value in (change.old, change.new))
        return change.step, f"schedule {old} → {new}" if old != new else f"schedule {new}, other values"
    return change.step, f"{change.setting.replace('_', ' ')} {change.old:g} → {change.new:g}"


def schedule_of(text: str) -> Schedule:
    """The schedule in a mark."""
    return TypeAdapter(Annotated[Schedule, Field(discriminator="kind")]).validate_json(text)


def schedule_in_force(training: TrainingSpec, marks: Sequence[Changed]) -> Schedule:
    """The schedule after all changes."""
    changes = [change.new for change in marks if change.setting == "schedule"]
    return schedule_of(str(changes[-1])) if changes else training.schedule


def planned(training: TrainingSpec) -> dict[str, float]:
    """The settings that can be changed while training, as the run starts with them."""
    optimizer = training.optimizer
    found = {"learning_rate": optimizer.learning_rate, "weight_decay": optimizer.weight_decay}
    if optimizer.momentum_field:
        found["momentum"] = getattr(optimizer, optimizer.momentum_field)
    return {name: found[name] for name in SETTINGS if name in found}


def in_force(training: TrainingSpec, marks: Sequence[Changed]) -> dict[str, float]:
    """The same settings after all changes."""
    found = planned(training)
    for change in marks:
        if change.setting in found:
            found[change.setting] = change.new
    return found
