"""What is learned: too much by heart, too little for lack of room, or nothing of the input."""
from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from dlviz.doctor import design, remedies, words
from dlviz.doctor.evidence import PATIENCE, STEPS, RunEvidence, median
from dlviz.doctor.findings import Finding
from dlviz.training.events import Evaluated
from dlviz.translation import Words, _

RISEN = 0.15  # beyond its lowest: a validation loss that has turned
ERRORS = 3.0  # standard errors that it must have risen by where few samples are judged
APART = 0.75  # of the validation loss: a training loss that has left it behind
GAP = 0.04  # between the share right in training and in validation
WIDE = 0.12  # a gap that says it by itself, where the validation loss no longer falls
STILL = 0.97  # times its lowest before: a validation loss that has stopped falling
TURNED = 3  # evaluations in a row that must agree
NEAR = 0.03  # shares right in training and validation that count as the same
ALWAYS = 0.9  # of the answers
ROOMY = 8  # numbers: a network that is nowhere narrower rests for other reasons, such as targets left to chance


def overfitting(run: RunEvidence) -> Finding | Words | None:
    """A validation loss that rises, and stays up, while the training loss falls."""
    evaluations = [each for each in run.record.evaluations if each.step >= run.useful_from]
    if len(evaluations) < TURNED:
        return None  # a low loss before anything was learned is luck
    losses = [each.val_loss for each in evaluations]
    best, now = min(losses), _middle(losses[-TURNED:])
    gap = run.accuracy - evaluations[-1].val_accuracy
    if not (_turned(evaluations) or _parted(evaluations, gap)) or run.last_loss > APART * now or not _apart(run, gap):
        return (_("{percent} correct in training, {validated} in validation.", percent=words.percent(run.accuracy),
                  validated=words.percent(evaluations[-1].val_accuracy)))
    at = evaluations[losses.index(best)].step
    return Finding(
        "overfitting", _("It memorizes the training samples (overfitting)"),
        _("The network has enough weights to memorize its training samples one by one. That lowers the training loss "
          "and raises the validation loss."),
        (_("The validation loss was lowest at step {at:,} ({best:.3g}) and is {now:.3g} now, while the training loss "
           "is {last_loss:.3g}.", at=at, best=best, now=now, last_loss=run.last_loss),
         _("{percent} of its predictions are correct in training, {validated} in validation.",
           percent=words.percent(run.accuracy), validated=words.percent(evaluations[-1].val_accuracy)),
         _("It has {parameters:,} weights.", parameters=run.report.parameters)),
        _("Make memorizing harder: dropout, weight decay, more data, or a smaller network."), (),
        remedies.offered(run, (_("Dropout + weight decay"), remedies.dropout(run.report, 0.5), remedies.decay),
                         (_("weight decay"), remedies.decay)))


def _middle(losses: Sequence[float]) -> float:
    """The median of those that are numbers; NaN where none is, which is above and below nothing."""
    found = median(losses)
    return math.nan if found is None else found


def _turned(evaluations: Sequence[Evaluated]) -> bool:
    """Whether each of the last evaluations is above the lowest by more than chance explains, and none on its way down.

    Few samples have a lowest loss by luck, often before anything was learned.
    """
    losses, third = [each.val_loss for each in evaluations], max(1, len(evaluations) // 3)
    if _middle(losses[-third:]) < STILL * _middle(losses[-2 * third:-third]):
        return False
    best = losses.index(min(losses))
    line = losses[best] * (1 + max(RISEN, ERRORS / math.sqrt(evaluations[best].samples)))
    return best < len(losses) - TURNED and min(losses[-TURNED:]) > line


def _parted(evaluations: Sequence[Evaluated], gap: float) -> bool:
    """Whether far more is right in training, and the last third of the run has brought nothing beyond it."""
    losses, third = [each.val_loss for each in evaluations], len(evaluations) // 3
    sure = max(WIDE,
               ERRORS / 2 / math.sqrt(evaluations[-1].samples))  # a share's standard error is 0.5 / sqrt(n) at most
    return gap > sure and third >= TURNED and min(losses[-third:]) > STILL * min(losses[:-third])


def _apart(run: RunEvidence, gap: float) -> bool:
    """Whether more is right in training than in validation; where answers are numbers the losses say it."""
    return gap >= GAP or run.report.signature.loss == "mse"


def constant(run: RunEvidence) -> Finding | Words | None:
    """An answer that does not depend on the input: the same class for nearly everything, or no better than that."""
    table = next((each.confusion for each in reversed(run.record.evaluations) if each.confusion is not None), None)
    same = _always(table)
    if same is None and not (run.ignores and run.settled):
        return _varied(run, table)
    normal = remedies.normalized(run.report, run.experiment.training.batch_size)
    return Finding(
        "constant", _("It predicts the same for every input"),
        _("The easiest way to a somewhat lower loss is one prediction for all: the most common class, or the mean. The "
          "network has not learned more than that, so its output does not depend on its input."),
        tuple(filter(None, (same, _baseline(run)))), _beyond(run), (),
        remedies.offered(run, ("BatchNorm", normal), (_("ten times the learning rate"), remedies.rate(10)),
                         (_("a third of the learning rate"), remedies.rate(0.3))))


def _varied(run: RunEvidence, table: np.ndarray | None) -> Words | None:
    """That its answers differ: from the table, or from a loss below that of the best constant answer."""
    if table is not None:
        predicted = int((table.sum(0) > 0.01 * table.sum()).sum())
        return _("It predicts {predicted} of {classes} classes.", predicted=predicted, classes=len(table))
    known = run.record.constant_loss is not None and not run.ignores and run.steps >= STEPS
    return _baseline(run) if known else None


def _always(table: np.ndarray | None) -> Words | None:
    """The one class that nearly everything is taken for, in words."""
    if table is None:
        return None
    answers, targets = table.sum(0) / table.sum(), table.sum(1) / table.sum()
    most = int(np.argmax(answers))
    if answers[most] < ALWAYS or targets[most] > ALWAYS / 2:
        return None
    return (_("{percent} of its predictions are class number {most}, which is correct for {validated}.",
              percent=words.percent(float(answers[most])), most=most, validated=words.percent(float(targets[most]))))


def _baseline(run: RunEvidence) -> Words:
    if run.record.constant_loss is None:
        return _("The training loss is {last_loss:.3g}.", last_loss=run.last_loss)
    return (_("Its loss is {reached:.3g}; the best constant prediction has {constant_loss:.3g}.", reached=run.reached,
              constant_loss=run.record.constant_loss))


def _beyond(run: RunEvidence) -> Words:
    if any(traits.order == "tells" and traits.bounds for traits in run.traits.values()):
        return (_("Train longer, or use a layer with gates (LSTM, GRU): what counts may lie many steps back, and its "
                  "gradient vanishes on the way back through time."))
    return _("Normalize between the layers, so that differences between inputs reach the output, and train longer.")


def _levelled(run: RunEvidence) -> bool:
    """Whether the last third of a run that is over has brought its validation loss next to nothing."""
    losses = [each.val_loss for each in run.record.evaluations]
    before = len(losses) - 1 - math.ceil(len(losses) / 3)
    return run.over and before >= 0 and losses[-1] >= STILL * losses[before]


def too_small(run: RunEvidence) -> Finding | Words | None:
    """A loss that has come to rest high up, the same in training and validation, with sound gradients."""
    evaluations = run.record.evaluations
    if run.report.signature.loss != "cross_entropy":
        return _("This is judged only where targets are classes.")
    if not evaluations or len(run.brisk_losses) < PATIENCE:
        return None
    accuracy, validated = run.accuracy, evaluations[-1].val_accuracy
    if run.knows:
        return _("{percent} of its predictions are correct: it is large enough.",
                 percent=words.percent(max(accuracy, validated)))
    width = design.tightest(run)
    if width is None or width >= ROOMY:
        return _("No layer is so narrow that it limits the network.")
    if not (run.resting or _levelled(run)) or accuracy - validated > NEAR:
        return _("{percent} correct in training, and it is still learning.", percent=words.percent(accuracy))
    before, now = run.quarters
    return Finding(
        "small", _("The network is too small (underfitting)"),
        _("The gradients and the steps have the usual size, but there are too few units to tell the samples apart, so "
          "the loss stays high."),
        (_("The training loss has gone from {before:.3g} to {now:.3g} from one quarter of the run to the next: it no "
           "longer falls.", before=before, now=now),
         _("{percent} correct in training, {validated} in validation: it does not even fit its training samples.",
           percent=words.percent(accuracy), validated=words.percent(validated)),
         _("Everything must pass through {width} numbers.", width=width),
         _("It has {parameters:,} weights.", parameters=run.report.parameters)),
        _("Make its layers wider (or add layers). If that does not help, it lacks a layer that the task needs."),
        (),
        remedies.offered(run, (_("four times as wide"), remedies.wider(run.report, 4))))
