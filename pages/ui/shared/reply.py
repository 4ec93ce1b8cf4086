"""Asks a run about a picture, once for each thing that can change its answer."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dlviz.errors import RunError
from dlviz.runs.info import RunInfo
from dlviz.tasks import Task
from dlviz.training.events import QueryResult
from pages.ui.shared import scrubber, state
from pages.ui.shared.texts import texts

PATIENCE = 1.5  # seconds; a run that takes longer is in the middle of a long step


@dataclass
class _ReplyCache:
    of: tuple[str, bytes, int | None] | None = None  # the run, the picture, the moment
    answered: QueryResult | None = None


def reply(run: RunInfo, task: Task, picture: np.ndarray) -> tuple[QueryResult | None, str]:
    """What the run says to a uint8 picture `(28, 28)` with its newest weights, or None and why not.

    With those of the moment that is looked back at, where one is. A run that is too busy leaves its last
    answer to the same picture standing. 2 to 20 ms where it is free.
    """
    last, moment = state.session_value("reply", _ReplyCache), scrubber.scrubbed_step(run.id)
    of = (run.id, picture.tobytes(), moment)
    if last.of != of:
        last.of, last.answered = of, None
    resting = run.over or run.state == "paused"
    if last.answered is not None and (moment is not None or (resting and last.answered.step == run.step)):
        return last.answered, ""
    try:
        names = run.experiment.network.names()
        inputs = task.from_picture(picture)
        answered = (state.service().query(run.id, inputs, names, PATIENCE) if moment is None
                    else state.service().scrubber.query(run.id, moment, inputs, names))
    except RunError as error:
        return last.answered, "" if last.answered else error.sentence
    if answered.error:
        return None, answered.error
    if not np.isfinite(answered.probabilities).all():
        return None, texts.OVERFLOWN
    last.answered = answered
    return answered, ""
