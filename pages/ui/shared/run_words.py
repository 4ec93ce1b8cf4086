"""What is shown of a run: its state, how far it is, what was changed. Plain functions, no widgets."""
from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dlviz import schedules, tasks
from dlviz.optimizers import LIVE
from dlviz.runs.info import RunInfo, Snapshot
from dlviz.schedules import Schedule
from dlviz.spec import Experiment, TrainingSpec
from dlviz.tasks import Task
from dlviz.training.events import Changed
from dlviz.translation import numeral
from pages.ui.shared import scores, shell
from pages.ui.shared.envelope_texts import texts as envelope_texts
from pages.ui.shared.texts import texts

STEPS_NAMED = 6
Color = Literal["gray", "blue", "orange", "red"]  # of a badge


@dataclass(frozen=True)
class StateWords:
    """A state as a person reads it: one word, what it means and what to do, and how its badge looks."""

    word: str
    sentence: str
    color: Color
    icon: str


def state_words(state: str) -> StateWords:
    """How a run's state is called and what it means."""
    return {
        "queued": StateWords(texts.QUEUED, texts.OTHER_RUNS_TRAINING_ONE, "gray", ":material/hourglass_empty:"),
        "starting": StateWords(texts.STARTING, texts.NETWORK_BEING_BUILT_DATA, "blue", ":material/hourglass_top:"),
        "training": StateWords(texts.TRAINING_2, "", "blue", ":material/play_arrow:"),
        "paused": StateWords(texts.PAUSED_2, texts.TRAINING_PAUSED_RESUME_OR,
                             "orange", ":material/pause:"),
        "done": StateWords(texts.FINISHED_2, "", "gray", ":material/check:"),
        "stopped": StateWords(texts.STOPPED, texts.WEIGHTS_STEP_SAVED_RUN, "gray", ":material/stop:"),
        "diverged": StateWords(texts.DIVERGED, "", "red", ":material/error:"),
        "failed": StateWords(texts.FAILED, "", "red", ":material/error:"),
    }[state]


def explanation(info: RunInfo) -> str:
    """One or two sentences on the run's state and what to do; empty while it simply trains."""
    if info.state == "queued" and info.position:
        return texts.NUMBER_QUEUE.format(sentence=state_words("queued").sentence, position=info.position)
    if info.state == "done" and info.test_accuracy is not None:
        words = _test_words(scores.task_of(info))
        result = words.format(samples=samples(info.experiment), accuracy=scores.accuracy_text(info, info.test_accuracy))
        return " ".join(filter(None, (result, info.sentence)))
    sealed = envelope_texts.SEALED if info.sealed and info.state == "done" else ""
    return " ".join(filter(None, (sealed, info.sentence, state_words(info.state).sentence)))


def _test_words(task: Task) -> str:
    if task.game:
        return texts.TEST_OF_GAMES
    return texts.TEST_SCORE_WERE_NOT if task.score_title else texts.TEST_ACCURACY_WERE_NOT


def progress(snapshot: Snapshot, brief: bool = False) -> tuple[float, str]:
    """How far the run is: a share from 0 to 1 and the line above the bar; without the speed where it is `brief`."""
    info, epochs = snapshot.info, snapshot.info.experiment.training.epochs
    if not info.planned_steps:
        return 0.0, texts.PLANNED(epochs)
    parts = [texts.STEP_OF.format(step=snapshot.step, total=info.planned_steps),
             texts.EPOCH_OF.format(number=max(1, snapshot.epoch), epochs=epochs)]
    if snapshot.samples_per_second and not brief:
        parts.append(texts.A_SECOND.format(rate_of_samples=snapshot.samples_per_second,
                                           samples=samples(info.experiment)))
    if snapshot.seconds_left is not None:
        parts.append(texts.LEFT.format(duration=shell.duration(snapshot.seconds_left)))
    if info.node and not brief:
        parts.append(texts.ON_NODE.format(node=info.node))
    return min(1.0, snapshot.step / info.planned_steps), "  ·  ".join(parts)


def samples(experiment: Experiment) -> str:
    """What the task's samples are called: images, or just samples."""
    task = tasks.TASKS.get(experiment.task.name, Task)
    return task.sample_noun if task.supervised else experiment.training.algorithm.samples


def steps_per_epoch(info: RunInfo) -> int:
    return max(1, info.planned_steps // info.experiment.training.epochs)


def mark(change: Changed) -> tuple[int, str]:
    """A change as a line on the curve: its step and its label."""
    if change.setting == "schedule":
        old, new = (schedule_of(str(value)).summary() for value in (change.old, change.new))
        return change.step, (texts.SCHEDULE.format(old=old, new=new) if old != new else
                             texts.SCHEDULE_OTHER_VALUES.format(new=new))
    if change.by_hand:
        return change.step, texts.WEIGHT_EDITED.format(weight=change.setting, old=change.old, new=change.new)
    if cell := change.cell:
        return change.step, texts.REWARD_CHANGED.format(row=cell[0] + 1, column=cell[1] + 1, old=change.old,
                                                        new=change.new)
    title = LIVE[change.setting].title if change.setting in LIVE else change.setting
    return change.step, numeral(f"{title} {change.old:g} → {change.new:g}")


def edited(snapshot: Snapshot) -> str:
    """That weights were edited by hand, and after which steps; empty where none was."""
    steps = sorted({change.step - 1 for change in snapshot.marks if change.by_hand})
    if not steps:
        return ""
    named = ", ".join(numeral(f"{step:,}") for step in steps[:STEPS_NAMED])
    if len(steps) > STEPS_NAMED:
        named = texts.AND_MORE.format(names=named, count=len(steps) - STEPS_NAMED)
    return texts.WEIGHTS_EDITED(len(steps), steps=named)


def schedule_of(text: str) -> Schedule:
    """The schedule in a mark."""
    return schedules.load(json.loads(text))


def schedule_in_force(training: TrainingSpec, marks: Sequence[Changed]) -> Schedule:
    """The schedule after all changes."""
    changes = [change.new for change in marks if change.setting == "schedule"]
    return schedule_of(str(changes[-1])) if changes else training.schedule


def planned(training: TrainingSpec) -> dict[str, float]:
    """The settings that can be changed while training, as the run starts with them."""
    return training.optimizer.live()


def in_force(training: TrainingSpec, marks: Sequence[Changed]) -> dict[str, float]:
    """The same settings after all changes."""
    found = planned(training)
    for change in marks:
        if change.setting in found:
            found[change.setting] = float(change.new)
    return found
