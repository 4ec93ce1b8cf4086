"""The closed list of words that ticks are made of: each with its meaning, and how it is read at a moment.

`docs/lessons.md` is written from it. A word that cannot be read yet (no evaluation so far) is None, and no comparison
with None holds.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import get_args

import numpy as np

from dlviz import doctor, layers, tasks
from dlviz.doctor.evidence import AROUND
from dlviz.layers.traits import Traits
from dlviz.lessons.expressions import Vocabulary
from dlviz.lessons.moments import EVENTS, Moment, RunMoment
from dlviz.optimizers import OPTIMIZERS
from dlviz.runs.info import State
from dlviz.schedules import SCHEDULES
from dlviz.spec import LayerSpec

RISE, HELD = 0.05, 0.005  # of the validation loss and accuracy, for `loss_rose_accuracy_held`
SETTLING = 200  # steps before and after the learning rate was lowered


@dataclass(frozen=True)
class WordMeaning:
    """A word with a value: what it means in a sentence, and how it is read; None where nothing is known yet."""

    sentence: str
    read: Callable[[Moment], float | None]


def _info(name: str) -> Callable[[Moment], float | None]:
    return lambda moment: getattr(moment.run.info, name) if moment.run else None


def _of_run(read: Callable[[RunMoment], float | None]) -> Callable[[Moment], float | None]:
    return lambda moment: read(moment.run) if moment.run else None


def _training(name: str) -> Callable[[Moment], float | None]:
    return _of_run(lambda run: getattr(run.experiment.training, name))


def _fact(name: str) -> Callable[[Moment], float | None]:
    """What came of something that was done."""
    def read(moment: Moment) -> float | None:
        value = moment.event.facts.get(name) if moment.event else None
        return float(value) if isinstance(value, int | float) else None

    return read


def _measured(name: str) -> Callable[[Moment], float | None]:
    return _of_run(lambda run: run.measured(name))


def _count(fits: Callable[[Traits, type[layers.Layer]], bool]) -> Callable[[Moment], float | None]:
    """How many layers of the design fit."""
    def one(spec: LayerSpec) -> bool:
        return fits(layers.declare(spec.kind, spec.fields, spec.name).traits(), layers.get(spec.kind))

    return _of_run(lambda run: sum(map(one, run.experiment.network.layers)))


def _mean_loss(first: bool) -> Callable[[Moment], float | None]:
    def read(run: RunMoment) -> float | None:
        losses = run.snapshot.train["loss"]
        part = losses[:1] if first else losses[-AROUND:]
        return float(np.mean(part)) if len(part) else None

    return _of_run(read)


def _val_accuracy(moment: Moment) -> float | None:
    if moment.run is None:
        return None
    return moment.run.val_accuracy(moment.event.step if moment.event else None)


def _epoch(run: RunMoment) -> float | None:
    return float(run.snapshot.epoch) if run.snapshot.started else None


NUMBERS: dict[str, WordMeaning] = {
    "step": WordMeaning("Updates of the weights so far; of something done, those behind the network that it was done "
                        "with.", lambda moment: float(moment.step)),
    "epoch": WordMeaning("The epoch that it is in, from 1.", _of_run(_epoch)),
    "parameters": WordMeaning("Numbers that the network learns.", _of_run(lambda run: run.report.parameters)),
    "loss": WordMeaning(f"Training loss, mean of the last {AROUND} batches.", _mean_loss(first=False)),
    "first_loss": WordMeaning("Training loss of the first batch.", _mean_loss(first=True)),
    "accuracy": WordMeaning("Training accuracy of the last batch, 0 to 1.", _info("accuracy")),
    "val_loss": WordMeaning("Validation loss at the last evaluation.", _info("val_loss")),
    "val_accuracy": WordMeaning("Validation accuracy, 0 to 1; of something done, that of the network as it was then.",
                                _val_accuracy),
    "best_val_accuracy": WordMeaning("Highest validation accuracy so far.", _info("best_val_accuracy")),
    "test_accuracy": WordMeaning("Accuracy on the test split, of a finished run.", _info("test_accuracy")),
    "accuracy_now": WordMeaning("Accuracy on test samples with the weights as they are now, of a run that is paused or "
                                "finished; weights set by hand count.", _measured("accuracy_now")),
    "learning_rate": WordMeaning("Learning rate of the design.",
                                 _of_run(lambda run: run.experiment.training.optimizer.learning_rate)),
    "batch_size": WordMeaning("Samples in a batch.", _training("batch_size")),
    "epochs": WordMeaning("Epochs planned.", _training("epochs")),
    "train_fraction": WordMeaning("Fraction of the training data that is used, 0 to 1.", _training("train_fraction")),
    "label_smoothing": WordMeaning("Label smoothing, 0 for none.", _training("label_smoothing")),
    "weight_layers": WordMeaning("Layers with weights that multiply (Linear, Conv2d, ...).",
                                 _count(lambda traits, kind: kind.drawn)),
    "activations": WordMeaning("Layers that are an activation function.",
                               _count(lambda traits, kind: traits.pointwise)),
    "convolutions": WordMeaning("Layers that are convolutions.",
                                _count(lambda traits, kind: kind.family == "convolution")),
    "normalizations": WordMeaning("Layers that normalize.", _count(lambda traits, kind: traits.normalizes)),
    "weights_edited": WordMeaning("Weights set by hand in this run.",
                                  _of_run(lambda run: sum(mark.by_hand for mark in run.snapshot.marks))),
    "confidence": WordMeaning("Probability of the answer, 0 to 1, of something drawn or asked.", _fact("confidence")),
    "off_fraction": WordMeaning("Fraction of a layer's units that are switched off, 0 to 1.", _fact("off_fraction")),
    "accuracy_on": WordMeaning("Accuracy before parts were switched off, 0 to 1.", _fact("accuracy_on")),
    "accuracy_off": WordMeaning("Accuracy with parts switched off, 0 to 1.", _fact("accuracy_off")),
    "mirror_attention": WordMeaning("Fraction of places whose attention is highest at their mirror place, 0 to 1; of "
                                    "a finished run.", _measured("mirror_attention")),
    "attention_peak": WordMeaning("Mean of the largest attention that a place pays, 0 to 1: 1 where each looks at one "
                                  "place only; of a finished run.", _measured("attention_peak")),
    "best_unit": WordMeaning("How closely the best unit of the memory follows what it has to count (correlation, 0 to "
                             "1); of a finished run.", _measured("best_unit")),
}


def _fact_true(name: str) -> Callable[[Moment], bool]:
    return lambda moment: bool(moment.event and moment.event.facts.get(name))


def _loss_rose(moment: Moment) -> bool:
    """Whether two evaluations show it: the loss is higher later on, and as many answers are right."""
    past = moment.run.snapshot.evaluations if moment.run else ()
    return any(later.val_loss >= (1 + RISE) * one.val_loss and later.val_accuracy > one.val_accuracy - HELD
               for at, one in enumerate(past) for later in past[at + 1:])


def _rate_lowered(moment: Moment) -> bool:
    """Whether a mark lowers the learning rate to a third or less, and the loss was lower in the steps after it."""
    if moment.run is None:
        return False
    train = moment.run.snapshot.train
    for mark in moment.run.snapshot.marks:
        if mark.setting != "learning_rate" or float(mark.new) * 3 > float(mark.old):
            continue
        at = int(np.searchsorted(train["step"], mark.step))
        before, after = train["loss"][max(0, at - SETTLING):at], train["loss"][at:at + SETTLING]
        if len(after) >= min(SETTLING, 50) and len(before) and after.mean() < before.mean():
            return True
    return False


FACTS: dict[str, tuple[str, Callable[[Moment], bool]]] = {
    **{kind: (sentence, lambda moment, kind=kind: moment.event is not None and moment.event.kind == kind)
       for kind, sentence in EVENTS.items()},
    "typed": ("What was asked was typed by the learner, and is no sample.", _fact_true("typed")),
    "correct": ("The answer to what was asked was correct.", _fact_true("correct")),
    "loss_rose_accuracy_held": (f"Later in a run the validation loss was at least {RISE:.0%} higher, and the accuracy "
                                f"not lower by {HELD:.1%}.", _loss_rose),
    "rate_lowered_helped": ("The learning rate was lowered to a third or less while the run trained, and the mean loss "
                            f"of the next {SETTLING} steps was lower than before.", _rate_lowered),
}


@dataclass(frozen=True)
class TextMeaning:
    """A word that has texts: `=` holds where one of them is that text. `values`: those that there are; empty: any."""

    sentence: str
    values: tuple[str, ...]
    read: Callable[[Moment], frozenset[str]]


def _texts(read: Callable[[RunMoment], object]) -> Callable[[Moment], frozenset[str]]:
    def found(moment: Moment) -> frozenset[str]:
        value = read(moment.run) if moment.run else frozenset[str]()
        return value if isinstance(value, frozenset) else frozenset({str(value)})

    return found


def _fact_text(name: str) -> Callable[[Moment], frozenset[str]]:
    return lambda moment: frozenset({str(moment.event.facts[name])} if moment.event and name in moment.event.facts
                                    else ())


TEXTS: dict[str, TextMeaning] = {
    "state": TextMeaning("How a run stands.", get_args(State), _texts(lambda run: run.info.state)),
    "finding": TextMeaning("What the doctor finds in a run.", doctor.PROBLEMS, _texts(lambda run: run.findings)),
    "layer": TextMeaning("The network has a layer of this kind.", tuple(layers.CATALOGUE),
                         _texts(lambda run: frozenset(one.kind for one in run.experiment.network.layers))),
    "task": TextMeaning("What is learned.", tuple(tasks.TASKS), _texts(lambda run: run.experiment.task.name)),
    "optimizer": TextMeaning("The optimizer.", tuple(OPTIMIZERS),
                             _texts(lambda run: run.experiment.training.optimizer.kind)),
    "schedule": TextMeaning("The learning-rate schedule.", tuple(SCHEDULES),
                            _texts(lambda run: run.experiment.training.schedule.kind)),
    "prediction": TextMeaning("What the network answered to something drawn or asked.", (), _fact_text("prediction")),
    "view": TextMeaning("Which view was opened, by its key.", (), _fact_text("view")),
    "quantity": TextMeaning("What was computed in the answer box of Slow motion.", ("gradient", "new_weight"),
                            _fact_text("quantity")),
}
PARTS: Mapping[str, str] = {
    "learning_rate": "The learning rate of the optimizer.",
    "batch_size": "The batch size.",
    "epochs": "How many epochs are planned.",
    "train_fraction": "How much of the training data is used.",
    "label_smoothing": "Label smoothing.",
    "augmentation": "How pictures are changed while training.",
    "optimizer": "The optimizer and its settings.",
    "schedule": "The schedule of the learning rate.",
    "clip": "Gradient clipping.",
    "seed": "The seed.",
    "activation": "The kind of the activation functions.",
    "network": "The layers.",
}
OF_EVENTS = {"confidence", "off_fraction", "accuracy_on", "accuracy_off", "prediction", "view", "quantity", "correct",
             "typed"}
VOCABULARY = Vocabulary(NUMBERS, {name: word.values for name, word in TEXTS.items()}, FACTS, PARTS)
