"""The guesses of a masked language model: what it puts in each place that was hidden, and what else it held likely."""
from __future__ import annotations

import numpy as np

from dlviz.network import NetworkReport
from dlviz.tasks import Task
from dlviz.tasks.presentation import IGNORE
from dlviz.translation import _
from dlviz.views.base import CaptureRequest, Choices, Drawing, Json, Observation, Subject, View
from dlviz.views.question import SequenceInput, visible

LIKELIEST = 4  # symbols that are named for a place


class MaskedText(View):
    key = "masked"
    title = _("Masked text")
    sentence = _("What the network puts in each place that was hidden, and how sure it is.")
    words = _("""
Some characters of the text are hidden, and the network says what stands there from what it sees on both sides. It is
asked for some more that were not hidden, or were replaced by another character: so it can never be sure that what it
sees is right (Devlin et al. 2019). With nothing but text it learns spelling and, in large networks, much of what texts
say.
""")
    formula = r"\ell = -\frac{1}{|M|} \sum_{t \in M} \ln p(x_t \mid \tilde x)"
    icon = ":material/visibility_off:"
    places = ("look",)
    order = 112
    script = "language/masked.js"

    def suits(self, report: NetworkReport, task: Task) -> bool:
        return task.mask_token is not None

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest()

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing:
        return payload(subject.task, subject.asked, observation.answered.probabilities)


def payload(task: Task, question: SequenceInput, probabilities: np.ndarray) -> Json:
    """Each symbol of the text; where it is asked for, the guess, its probability, others, and whether it is right."""
    words, tokens = visible(task.classes), question.inputs[0]
    target = question.target if isinstance(question.target, np.ndarray) else np.full(len(tokens), IGNORE)
    rows: list[Json] = []
    for step, (token, expected) in enumerate(zip(tokens.tolist(), target.tolist())):
        hidden = token == task.mask_token
        row: Json = {"word": "" if hidden else words[token], "hidden": hidden}
        if hidden or expected != IGNORE:
            row |= _guess(words, probabilities[step], expected)
        rows.append(row)
    judged = [row["right"] for row in rows if row.get("right") is not None]
    return {"rows": rows, "right": sum(judged), "judged": len(judged)}


def _guess(words: list[str], chances: np.ndarray, expected: int) -> Json:
    likeliest = np.argsort(-chances, kind="stable")[:LIKELIEST]
    known = expected != IGNORE
    return {"guess": words[likeliest[0]], "probability": round(float(chances[likeliest[0]]), 4),
            "right": bool(likeliest[0] == expected) if known else None, "target": words[expected] if known else "",
            "next": [[words[other], round(float(chances[other]), 4)] for other in likeliest]}
