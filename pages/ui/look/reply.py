"""Asks a run about a sequence. Draws nothing."""
from __future__ import annotations

from dlviz.runs.info import RunInfo
from dlviz.training.events import QueryResult
from dlviz.views.base import CaptureRequest
from dlviz.views.question import SequenceInput
from pages.ui.shared import reply as shared
from pages.ui.shared import state


def reply(run: RunInfo, question: SequenceInput, request: CaptureRequest,
          place: str = "look") -> tuple[QueryResult | None, str]:
    """What the run answers, with the insides that are requested, or None and a sentence why not."""
    return shared.reply(run, question.key, question.inputs, request, place, **request.query(question))


def earlier(run: RunInfo, question: SequenceInput, request: CaptureRequest, step: int) -> QueryResult:
    """What the run would have answered after this step, whose weights it has stored. RunError when it has not."""
    return state.service().scrubber.query(run.id, step, question.inputs, request.outputs, **request.query(question))
