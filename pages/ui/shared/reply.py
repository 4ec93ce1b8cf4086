"""Asks a run with its newest weights, once for each thing that can change its answer. Draws nothing."""
from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlviz.errors import RunError
from dlviz.runs.info import RunInfo
from dlviz.training.events import QueryResult
from dlviz.views.base import CaptureRequest
from pages.ui.shared import scrubber, state
from pages.ui.shared.texts import texts

PATIENCE = 1.5  # seconds; a run that takes longer is in the middle of a long step
Inputs = tuple[np.ndarray, ...]


@dataclass
class _ReplyCache:
    of: Hashable = None  # the run, the question, what is asked, the step that is looked back at
    answered: QueryResult | None = None
    updated: float = 0.0  # when the run had last changed then: a weight edited in a pause makes no step


def reply(run: RunInfo, question: Hashable, inputs: Inputs, request: CaptureRequest, place: str,
          **options: Any) -> tuple[QueryResult | None, str]:
    """What the run answers to `inputs`, with what is requested, or None and a sentence why not.

    The step that is looked back at answers, else the newest weights. A run that rests is asked once. One that is
    too busy leaves its last answer to the same question standing. 2 to 20 ms where it is free.

    Args:
        question: the same for the same question.
        place: tells apart what is asked in several places.
        options: further fields of the `Query`.
    """
    last, step = state.session_value(f"reply.{place}", _ReplyCache), scrubber.scrubbed_step(run.id)
    if last.of != (run.id, question, request, step):
        last.of, last.answered = (run.id, question, request, step), None
    resting = run.over or run.state == "paused"
    if last.answered is not None and (step is not None or (
            resting and last.answered.step == run.step and last.updated == run.updated)):
        return last.answered, ""
    try:
        answered = _ask(run, inputs, request.outputs, step, options)
    except RunError as error:
        return last.answered, "" if last.answered else error.sentence
    if answered.error:
        return None, answered.error
    if not np.isfinite(answered.probabilities).all():
        return None, texts.OVERFLOWN
    last.answered, last.updated = answered, run.updated
    return answered, ""


def _ask(run: RunInfo, inputs: Inputs, outputs: tuple[str, ...], step: int | None,
         options: dict[str, Any]) -> QueryResult:
    if step is None:
        return state.service().query(run.id, inputs, outputs, PATIENCE, **options)
    return state.service().scrubber.query(run.id, step, inputs, outputs, **options)
