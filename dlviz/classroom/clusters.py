"""How runs went, in four groups that a teacher talks about: diverged, flat, overfit, good. Knows no class."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dlviz.runs.info import Snapshot

GROUPS = ("diverged", "flat", "overfit", "good")
FLAT = 0.9  # a loss that ends above this part of where it began has hardly fallen
RISEN = 1.1  # so many times its lowest value a validation loss has clearly risen again
EVALUATIONS = 3  # that show it


def group(snapshot: Snapshot) -> str:
    """The group of a run that is over; empty for one that is under way, or that has hardly begun."""
    if snapshot.info.state == "diverged":
        return "diverged"
    losses = snapshot.train["loss"]
    if not snapshot.info.over or len(losses) < 10:
        return ""
    tenth = max(1, len(losses) // 10)
    if float(np.mean(losses[-tenth:])) > FLAT * float(np.mean(losses[:tenth])):
        return "flat"
    return "overfit" if _risen([evaluation.val_loss for evaluation in snapshot.evaluations]) else "good"


def _risen(losses: Sequence[float]) -> bool:
    return len(losses) >= EVALUATIONS and losses[-1] > RISEN * min(losses)
