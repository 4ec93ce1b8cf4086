"""Cards: a run frozen at a step, for the projector or handed in. Knows no page."""
from __future__ import annotations

import math
import secrets
import time
from typing import Literal

from dlviz.classroom.model import Card, Line, Seat
from dlviz.errors import RunError
from dlviz.figures.thinning import smooth
from dlviz.runs.info import Snapshot
from dlviz.runs.service import RunService

POINTS = 80  # of a curve on the projector
SENTENCE = 300  # characters of the sentence that comes with what is handed in


def freeze(seat: Seat, kind: Literal["card", "hand_in"], snapshot: Snapshot, parameters: int,
           sentence: str = "") -> Card:
    """The run as it is now."""
    info = snapshot.info
    return Card(id=secrets.token_hex(8), room=seat.room, seat=seat.id, kind=kind, made=time.time(), run=info.id,
                name=info.name, state=info.state, step=snapshot.step, experiment=info.experiment.to_json(None),
                parameters=parameters, line=line(snapshot), val_accuracy=info.val_accuracy,
                test_accuracy=info.test_accuracy, sentence=" ".join(sentence.split())[:SENTENCE])


def with_test(card: Card, service: RunService) -> Card:
    """The card with its run's test accuracy, where that was sealed when the card was made and is open now."""
    if card.test_accuracy is not None or card.state != "done":
        return card
    try:
        info = service.get(card.run)
    except RunError:
        return card  # deleted since
    return card.model_copy(update={"test_accuracy": info.test_accuracy}) if info.step == card.step else card


def line(snapshot: Snapshot) -> Line:
    """The training loss of a whole snapshot, smoothed to some points."""
    steps, losses = smooth(snapshot.train["step"], snapshot.train["loss"], POINTS)
    return (tuple(int(step) for step in steps),
            tuple(round(float(loss), 5) if math.isfinite(loss) else None for loss in losses))
