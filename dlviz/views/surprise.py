"""What each symbol of a text cost a language model: its loss, painted on the text."""
from __future__ import annotations

import math

import numpy as np

from dlviz.network import NetworkReport
from dlviz.tasks import Task
from dlviz.tasks.presentation import IGNORE
from dlviz.translation import _
from dlviz.views.base import CaptureRequest, Choices, Drawing, Json, Observation, Subject, View
from dlviz.views.question import SequenceInput, visible

NEXT = 4  # likeliest symbols that are named for a place
LEAST = 1e-12  # probability below which a loss is cut


class Surprise(View):
    key = "surprise"
    title = _("Loss on the text")
    sentence = _("How surprised the network is by each symbol of the text, given those before it.")
    words = _("""
The loss of a symbol is $-\\ln p$: the negative logarithm of the probability that the network gave it before it was
shown. A symbol that it was sure of costs next to nothing, one that it had ruled out costs much. The mean over a text
is the loss on the curve; two to the power of the mean in bits is the **perplexity**: among so many equally likely
symbols the network would be as unsure. Where words are written in several symbols, their beginnings cost most and their
ends least.
""")
    formula = r"\ell_t = -\log_2 p(x_t \mid x_1, \dots, x_{t-1})"
    icon = ":material/format_ink_highlighter:"
    places = ("look",)
    order = 113
    script = "language/surprise.js"

    def suits(self, report: NetworkReport, task: Task) -> bool:
        return task.stepwise is not None and not task.signature().exact_match

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest()

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing:
        return payload(subject.task, subject.asked, observation.answered.probabilities)


def payload(task: Task, question: SequenceInput, probabilities: np.ndarray) -> Json:
    """Each symbol of the text with its loss in bits and what the network held likelier; `(T, V)` probabilities."""
    places = _named(task, question)
    words = visible(task.classes)
    rows = [_row(words, probabilities[step], token) for step, token in places]
    mean = sum(row["bits"] for row in rows) / max(1, len(rows))
    characters = task.characters_per_symbol()
    return {"first": visible(question.words[-1][:1])[0], "rows": rows, "mean": round(mean, 3),
            "perplexity": round(2 ** min(mean, 60), 2), "symbol": task.symbol,
            "glued": all(len(word) == 1 for word in words),
            "per_character": round(mean / characters, 3) if characters else None}


def _row(words: list[str], chances: np.ndarray, token: int) -> Json:
    likeliest = np.argsort(-chances, kind="stable")[:NEXT]
    return {"word": words[token], "bits": round(-math.log2(max(float(chances[token]), LEAST)), 3),
            "probability": round(float(chances[token]), 5), "rank": int((chances > chances[token]).sum()) + 1,
            "next": [[words[other], round(float(chances[other]), 4)] for other in likeliest]}


def _named(task: Task, question: SequenceInput) -> list[tuple[int, int]]:
    """The steps of the output whose symbol is known, and that symbol: the targets, or what the text goes on with."""
    if isinstance(question.target, np.ndarray):
        return [(step, int(token)) for step, token in enumerate(question.target) if token != IGNORE]
    writer = task.stepwise
    assert writer is not None
    tokens, last = question.inputs[-1], writer.first_row(question.inputs)
    return [(step, int(tokens[step + 1])) for step in range(last)]
