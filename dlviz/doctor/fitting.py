"""What is learned: too much by heart, too little for lack of room, or something else than what was meant."""
from __future__ import annotations

import math

import numpy as np

from dlviz import layers
from dlviz.doctor import remedies, words
from dlviz.doctor.case import Case
from dlviz.doctor.findings import Finding
from dlviz.network import LayerReport

RISEN = 1.15  # times its lowest: a validation loss that has turned
APART = 0.75  # of the validation loss: a training loss that has left it behind
GAP = 0.04  # between the share right in training and in validation
PATIENCE = 120  # updates before a loss that stands still means something
JUDGED = 3  # validations before it can be told
KNOWN = 0.9  # share right: whoever knows so much of what it trains on is large enough
FLAT = 0.05  # of the loss: less change than that from one quarter of the run to the next
NEAR = 0.03  # shares right in training and validation that count as the same
ALWAYS = 0.9  # of the answers
LOWEST = {"Sigmoid": 1.0, "Softmax": 1.0, "Tanh": 2.0}  # how far apart two scores can be behind it


def overfitting(case: Case) -> Finding | str | None:
    """A validation loss that rises while the training loss falls."""
    judged = case.record.evaluations
    if len(judged) < JUDGED:
        return None
    losses = [each.val_loss for each in judged]
    best, now = min(losses), losses[-1]
    gap = case.accuracy - judged[-1].val_accuracy
    turned = now > RISEN * best and case.last_loss < APART * now and losses.index(best) < len(losses) - 1
    if not turned or gap < GAP:
        return (f"{words.share(case.accuracy)} right in training, {words.share(judged[-1].val_accuracy)} on "
                "samples that it has not learned from.")
    at = judged[losses.index(best)].step
    return Finding(
        "overfitting", "It learns by heart (overfitting)",
        "The network has enough weights to remember its training samples one by one. That helps there and "
        "harms everywhere else.",
        (f"The validation loss was lowest at step {at:,} ({best:.3g}) and is {now:.3g} now, while the "
         f"training loss is {case.last_loss:.3g}.",
         f"{words.share(case.accuracy)} of its answers are right in training, "
         f"{words.share(judged[-1].val_accuracy)} in validation.",
         f"It has {case.report.parameters:,} weights."),
        "Make learning by heart harder: Dropout, weight decay, more data, or a smaller network.", (),
        remedies.remedy("Dropout + weight decay", case.experiment, case.report,
                        remedies.dropout(case.report, 0.5), remedies.decay))


def squeezed(case: Case) -> Finding | str | None:
    """An activation behind the last layer of neurons keeps the scores from growing, so cross-entropy
    cannot fall."""
    if case.report.signature.loss != "cross_entropy":
        return "The loss (mean squared error) fits the numbers that are wanted."
    found = [layer for layer in _tail(case) if layers.get(layer.kind).family == "activation"]
    if not found:
        return "The loss (cross-entropy) gets raw scores, as it should."
    last = found[0]
    classes = case.report.signature.out.axes[-1]
    evidence = [f"{last.name} ({last.kind}) stands between the last weights and the loss.",
                f"The training loss is {case.last_loss:.3g}."]
    if last.kind in LOWEST:
        floor = math.log(1 + (classes - 1) * math.exp(-LOWEST[last.kind]))
        evidence.insert(1, f"With {classes} classes the loss cannot fall below {floor:.2f} behind it, however "
                        "good the network is.")
    return Finding(
        "squeezed", f"The answer is squeezed before it is judged ({last.kind} before cross-entropy)",
        f"Cross-entropy makes probabilities of the scores itself (softmax). {last.name} has bent them "
        "before, so the network can never be sure, and its gradients get small.",
        tuple(evidence), "Let the last layer give raw scores (logits).", tuple(layer.name for layer in found),
        remedies.remedy("raw scores", case.experiment, case.report,
                        remedies.without([layer.name for layer in found])))


def _tail(case: Case) -> list[LayerReport]:
    """Layers without weights at the very end, the last first."""
    tail = []
    for layer in reversed(case.report.layers):
        if layer.cost.parameters or len(layer.inputs) > 1:
            break
        tail.append(layer)
    return tail


def one_answer(case: Case) -> Finding | str | None:
    """The same class for nearly everything."""
    tables = [each.confusion for each in case.record.evaluations if each.confusion is not None]
    table = tables[-1] if tables else None
    if table is None:
        return None
    answers, truths = table.sum(0) / table.sum(), table.sum(1) / table.sum()
    most = int(np.argmax(answers))
    if answers[most] < ALWAYS or truths[most] > ALWAYS / 2:
        return f"It uses {int((answers > 0.01).sum())} of {len(table)} answers."
    normal = remedies.normalized(case.report, case.experiment.training.batch_size)
    return Finding(
        "one_answer", "It gives the same answer to everything",
        "Always saying one thing is the cheapest way to a somewhat lower loss, and the network does not get "
        "beyond it: what it sees does not reach its answer.",
        (f"{words.share(float(answers[most]))} of its answers are class number {most}, which is right for "
         f"{words.share(float(truths[most]))}.", f"The training loss is {case.last_loss:.3g}."),
        "Normalize between the layers, so that differences in the input are still there at the end.", (),
        remedies.remedy("BatchNorm", case.experiment, case.report, normal))


def too_small(case: Case) -> Finding | str | None:
    """A loss that has come to rest high up, the same in training and validation, with sound gradients."""
    judged, losses = case.record.evaluations, case.brisk_losses
    if case.report.signature.loss != "cross_entropy" or not judged or len(losses) < PATIENCE:
        return None
    part = len(losses) // 4
    before, now = float(np.mean(losses[-2 * part:-part])), float(np.mean(losses[-part:]))
    accuracy = case.accuracy
    validated = judged[-1].val_accuracy
    if accuracy >= KNOWN:
        return f"It knows {words.share(accuracy)} of what it trains on: it is large enough."
    if now < (1 - FLAT) * before or accuracy - validated > NEAR:
        return f"It knows {words.share(accuracy)} of what it trains on and still learns."
    return Finding(
        "small", "The network has too little room (underfitting)",
        "Gradients arrive and the steps are sound, but there are too few units to tell the samples apart, "
        "so the loss comes to rest high up.",
        (f"The training loss has gone from {before:.3g} to {now:.3g} from one quarter of the run to the "
         "next: it stands still.",
         f"{words.share(accuracy)} right in training, {words.share(validated)} in validation: it does not "
         "even know what it trains on.", f"It has {case.report.parameters:,} weights."),
        "Make its layers wider (or add layers). If that does not help, it lacks a part that the task needs.",
        (),
        remedies.remedy("four times as wide", case.experiment, case.report, remedies.wider(case.report, 4)))
