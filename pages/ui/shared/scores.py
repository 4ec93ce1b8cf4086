"""How well a run does, in the task's own words: accuracy, what it answers by itself, and a simple method to beat.

Hands panels and columns to the live curves, and sentences; what a task counts and is held against, the task says.
"""
from __future__ import annotations

import math

import numpy as np

from dlviz import english, tasks
from dlviz.figures.table import Curve
from dlviz.network import causality
from dlviz.runs.info import RunInfo, Snapshot
from dlviz.runs.reading import reading
from dlviz.tasks import Task
from dlviz.tasks.base import Baseline
from dlviz.translation import listing, numeral
from pages.ui.shared import game_scores
from pages.ui.shared.curves import ACCURACY, LOSS, RUN_COLORS, Panel, Series, averaged
from pages.ui.shared.texts import texts

BASELINE = "baseline"


def task_of(info: RunInfo) -> Task:
    return tasks.get(info.experiment.task.name, info.experiment.task.fields)


def title(task: Task) -> str:
    """What the second curve is called: accuracy, where right answers are counted."""
    return task.score_title or str(ACCURACY.title)


def in_short(snapshot: Snapshot) -> dict[str, str]:
    """Its newest score on each split that it has one of (`train`, `val`, `test`), in a word and a number."""
    info = snapshot.info
    words = texts.GAME_SCORES if task_of(info).game else texts.SCORES
    scores = {"train": _train_score(snapshot), "val": info.val_accuracy, "test": info.test_accuracy}
    return {split: words[split].format(accuracy=english.percent(score, 1))
            for split, score in scores.items() if score is not None}


def _train_score(snapshot: Snapshot) -> float | None:
    """As the clear line of its curve has it: that of one batch alone says little."""
    if task_of(snapshot.info).game or not snapshot.step:
        return snapshot.info.accuracy
    steps, values = snapshot.train["step"], snapshot.train["accuracy"]
    return reading(steps, values, snapshot.step, averaged(len(steps)))


def panels(info: RunInfo) -> tuple[Panel, ...]:
    """Loss and accuracy; a baseline beside the loss, and the two ways to answer beside each other."""
    task = task_of(info)
    if task.game:
        return game_scores.panels(task.game, info.experiment.training.algorithm)
    baseline, loss, accuracy = task.baseline(), LOSS.series, ACCURACY.series
    if baseline:
        loss = (*loss, Series(BASELINE, texts.BASELINE_VALIDATION.format(name=baseline.name), *RUN_COLORS[6], "dashed"))
    if task.signature().teacher_forcing:
        train, val = accuracy
        accuracy = (Series(train.name, texts.TRAINING_3.format(forcing=texts.FORCED), train.color_light,
                           train.color_dark, train.style),
                    Series(val.name, texts.VALIDATION_2.format(forcing=texts.FORCED), val.color_light, val.color_dark,
                           val.style),
                    Series("free_accuracy", texts.VALIDATION_3.format(decoding=texts.FREE), *RUN_COLORS[2], "points"))
    return Panel(LOSS.title, loss), Panel(title(task), accuracy, percent=True)


def columns(snapshot: Snapshot) -> dict[str, Curve]:
    """Steps and values of what `panels` adds."""
    if game := task_of(snapshot.info).game:
        return game_scores.columns(snapshot, game)
    found: dict[str, Curve] = {}
    free = [one for one in snapshot.free_running if one.split == "val"]
    if free:
        found["free_accuracy"] = (np.array([one.step for one in free]), np.array([one.accuracy for one in free]))
    baseline = task_of(snapshot.info).baseline()
    if baseline and snapshot.step:
        found[BASELINE] = (np.array([1, max(2, snapshot.step)]), np.full(2, baseline.val_loss))
    return found


def room(info: RunInfo) -> str:
    """Which place the curves and what is said below them need while it trains: a word for the page's CSS."""
    if task_of(info).game:
        return "games"
    forced, simple = task_of(info).signature().teacher_forcing is not None, task_of(info).baseline() is not None
    return "both" if forced and simple else "forced" if forced else "baseline" if simple else "plain"


def summary(snapshot: Snapshot) -> str:
    """Below the curves, while it trains: what validation says, as far as there is more to say than the curves do."""
    info, task = snapshot.info, task_of(snapshot.info)
    if not snapshot.evaluations or snapshot.ended is not None or task.game:
        return ""
    last = snapshot.evaluations[-1]
    parts = [free_running_text(snapshot, "val"), baseline_text(task, last.val_loss, "val")]
    if not any(parts):
        return ""
    head = texts.VALIDATION_AT_STEP.format(step=last.step, accuracy=accuracy_text(info, last.val_accuracy))
    return " ".join(filter(None, (head, *parts)))


def ended(snapshot: Snapshot) -> str:
    """What is to be added to the test accuracy of a finished run; empty for a run that has none."""
    end = snapshot.ended
    if end is None or end.test_loss is None:
        return ""
    if game := task_of(snapshot.info).game:
        return game_scores.ended(game, end.test_accuracy)
    return " ".join(filter(None,
                           (free_running_text(snapshot, "test"),
                            baseline_text(task_of(snapshot.info), end.test_loss, "test"),
                                  leakage_text(snapshot.info))))


def accuracy_text(info: RunInfo, accuracy: float) -> str:
    """An accuracy in the task's own words: '29.14 % of next letters guessed right, with teacher forcing'."""
    task = task_of(info)
    if task.signature().teacher_forcing:
        return texts.OF_WITH.format(number=100 * accuracy, metric=task.metric, forcing=texts.FORCED)
    return texts.OF.format(number=100 * accuracy, metric=task.metric)


def free_running_text(snapshot: Snapshot, split: str) -> str:
    """What it reaches fed its own symbols, beside the same with the true ones; empty where that is no question."""
    free = [one for one in snapshot.free_running if one.split == split]
    if not free or not math.isfinite(free[-1].accuracy):
        return ""
    last, task = free[-1], task_of(snapshot.info)
    given = task.signature().forcing.prompt_length
    own_accuracy, forced = 100 * last.accuracy, 100 * last.teacher_forced
    if not given:
        return texts.AGAINST_SAMPLES.format(decoding=texts.FREE, number=own_accuracy, other=forced,
                                            forcing=texts.FORCED, samples=last.samples)
    return texts.AGAINST_SAMPLES_GIVEN(given, decoding=texts.FREE, number=own_accuracy,
                                       other=forced, forcing=texts.FORCED, samples=last.samples)


def leakage_text(info: RunInfo) -> str:
    """Why the accuracy with teacher forcing is worth nothing; empty for a network that looks back only."""
    names = causality.peeking(info.experiment.network, task_of(info).signature())
    if not names:
        return ""
    return texts.NETWORK_SEES_TARGETS_HAS.format(forcing=texts.FORCED, layers=listing(list(names)))


def baseline_text(task: Task, loss: float, split: str) -> str:
    """The loss beside that of a simple method; of a language model as perplexity and bits."""
    baseline = task.baseline()
    if baseline is None or not math.isfinite(loss):
        return ""
    simple = getattr(baseline, f"{split}_loss")
    if not task.symbol:
        return _against(baseline, loss, simple)
    characters = task.characters_per_symbol()
    text = texts.PERPLEXITY_BITS_CHARACTER if characters else texts.PERPLEXITY_BITS
    return text.format(perplexity=math.exp(min(loss, 50)), bits=_bits(loss), symbol=task.symbol, name=baseline.name,
                       by_character=_bits(loss / (characters or 1)), sentence=baseline.sentence,
                       simple_perplexity=math.exp(simple), simple_bits=_bits(simple),
                       simple_by_character=_bits(simple / (characters or 1)))


def _against(baseline: Baseline, loss: float, simple: float) -> str:
    """How the simple method's loss compares with the network's."""
    percent = 100 * (simple - loss) / loss
    text = texts.LOSS_IS_LOWER if percent > 0 else texts.LOSS_IS_HIGHER
    return (texts.LOSS_IS_THE_SAME if abs(percent) < 0.5 else text).format(
        loss=loss, name=baseline.name, sentence=baseline.sentence, simple=simple, percent=abs(percent))


def _bits(nats: float) -> str:
    return numeral(f"{nats / math.log(2):.2f}")
