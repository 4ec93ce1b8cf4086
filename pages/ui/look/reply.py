"""Asks a run with its newest weights, once for each thing that can change its answer. Draws nothing."""
from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlviz.errors import RunError
from dlviz.runs.info import RunInfo
from dlviz.tasks.decoding import Decoding
from dlviz.training.events import QueryResult
from pages.ui.shared import scrubber, state
from pages.ui.shared.reply import PATIENCE
from pages.ui.shared.sequence_question import SequenceInput
from pages.ui.shared.texts import texts


@dataclass(frozen=True)
class QueryOptions:
    """Names of the layers whose insides are on screen, and what else is to be seen there; see `Query`."""

    attention: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    weights: tuple[str, ...] = ()
    guesses: bool = False
    gradients: tuple[str, ...] = ()
    samples: int = 0
    sample_decoding: Decoding = Decoding(1.0)
    ahead: bool = False


@dataclass
class _LookReplyCache:
    of: tuple[str, Hashable, QueryOptions, int | None] | None = None
    answered: QueryResult | None = None


def reply(run: RunInfo, question: SequenceInput, options: QueryOptions, of: str = "") -> tuple[QueryResult | None, str]:
    """What the run answers, with the insides that are wished for, or None and a sentence why not.

    The moment that is looked back at answers, else the newest weights. A run that rests is asked once. One
    that is too busy leaves its last answer to the same question standing.
    `of` tells apart what is asked in several places of a page.
    """
    last, moment = state.session_value(f"look.reply{of}", _LookReplyCache), scrubber.scrubbed_step(run.id)
    wanted = (run.id, question.key, options, moment)
    if last.of != wanted:
        last.of, last.answered = wanted, None
    resting = run.over or run.state == "paused"
    if last.answered is not None and (moment is not None or (resting and last.answered.step == run.step)):
        return last.answered, ""
    further = _further(question, options)
    try:
        answered = (state.service().query(run.id, question.inputs, (), PATIENCE, **further) if moment is None
                    else state.service().scrubber.query(run.id, moment, question.inputs, **further))
    except RunError as error:
        return last.answered, "" if last.answered else error.sentence
    if answered.error:
        return None, answered.error
    if not np.isfinite(answered.probabilities).all():
        return None, texts.OVERFLOWN
    last.answered = answered
    return answered, ""


def _further(question: SequenceInput, options: QueryOptions) -> dict[str, Any]:
    """The further fields of the Ask that the wish is."""
    wanted = {"attention": options.attention, "states": options.states, "weights": options.weights,
              "readouts": options.guesses, "gradients": options.gradients, "samples": options.samples,
              "sample_decoding": options.sample_decoding, "decoding": question.decoding, "seed": question.seed}
    target = question.target if options.gradients else None
    return wanted | {"target": target, "forecast_window": question.forecast_window if options.ahead else None}
