"""What a language model writes by itself while it learns, and what it holds for the next letter."""
from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np

from dlviz.network import NetworkReport
from dlviz.tasks import Task
from dlviz.tasks.decoding import Decoding, probabilities
from dlviz.training.events import QueryResult
from dlviz.translation import _
from dlviz.views.base import CaptureRequest, Choices, Drawing, Json, Observation, Range, Reseed, Subject, View, Widget
from dlviz.views.question import SequenceInput, visible
from dlviz.views.texts import texts

COUNT = 8  # answers at each moment
ROWS = 7  # moments that are shown
BEGUN = 2  # letters of a test sample after which the next is guessed


@dataclass
class SampleHistory:
    """What was written at the steps that a session has come by: of one run, drawn in one way."""

    of: Hashable = None
    steps: list[int] = field(default_factory=list)
    texts: list[tuple[str, ...]] = field(default_factory=list)

    def fits(self, of: Hashable, step: int) -> bool:
        """Whether this moment belongs behind those that are here."""
        return self.of == of and (not self.steps or step >= self.steps[-1])

    def begin(self, of: Hashable) -> None:
        self.of, self.steps, self.texts = of, [], []

    def see(self, step: int, texts: tuple[str, ...]) -> None:
        if not self.steps or step > self.steps[-1]:
            self.steps.append(step)
            self.texts.append(texts)

    def rows(self) -> list[tuple[int, tuple[str, ...]]]:
        """`ROWS` moments at most, the newest first, the older the wider apart: learning slows down."""
        return [(self.steps[at], self.texts[at]) for at in reversed(spaced(self.steps))]


def spaced(steps: Sequence[int]) -> list[int]:
    """The places of `ROWS` of these ascending steps at most, each gap about twice the one before it."""
    ideal = [steps[0] + (steps[-1] - steps[0]) * 0.5 ** back for back in range(ROWS - 1)] + [steps[0]]
    return sorted({int(np.argmin(np.abs(np.array(steps) - step))) for step in ideal})


class Samples(View):
    key = "samples"
    title = _("Samples")
    sentence = _("What the network generates at different steps of its training.")
    words = _("""
The network predicts the probabilities of the next letter, one letter is sampled from them, and so on until it
predicts the end of the name: large language models generate text in the same way. **Temperature** changes the
probabilities before sampling: a low one makes the most probable letters even more probable, a high one makes all
more alike. **Top-k** samples from the k most probable letters only, **top-p** from the fewest letters that have the
probability p together. Underlined names are in the training data;
the others are new.
""")
    formula = r"p_i = \frac{e^{s_i / T}}{\sum_j e^{s_j / T}}"
    icon = ":material/edit_note:"
    places = ("look",)
    order = 110
    script = "look/written.js"

    def suits(self, report: NetworkReport, task: Task) -> bool:
        return task.stepwise is not None and not task.signature().exact_match

    def choices(self, subject: Subject) -> tuple[Widget, ...]:
        """How boldly it draws: three sliders, unless those of an own beginning are there already."""
        if subject.asked.decoding is not None:
            return ()
        symbols = len(subject.task.classes)
        return (Range("samples.temperature", texts.TEMPERATURE, 0.1, 2.0, 0.1, 1.0, texts.SAMPLES_FROM_PREDICTED),
                Range("samples.top_k", texts.TOP_K, 1, symbols, 1, symbols, texts.SAMPLES_ONLY_FROM_K),
                Range("samples.top_p", texts.TOP_P, 0.05, 1.0, 0.05, 1.0, texts.SAMPLES_ONLY_FROM_P),
                Reseed("samples.again", texts.SAMPLE_AGAIN, texts.SAMPLE_OTHER_NAMES_SAME))

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(samples=COUNT, sample_decoding=_decoding(subject.asked, choices))

    def remember(self, past: SampleHistory | None, subject: Subject, observation: Observation,
                 choices: Choices) -> SampleHistory | None:
        result = observation.answered
        if not result.samples:
            return past
        of = _drawn_like(subject, observation, choices)
        found = past if past and past.fits(of, result.step) else SampleHistory(of)
        for each in (*observation.earlier, result):
            found.see(each.step, each.samples)
        return found

    def earlier(self, past: SampleHistory | None, subject: Subject, observation: Observation, choices: Choices,
                steps: tuple[int, ...]) -> tuple[int, ...]:
        """Once for each way of drawing; 10 to 40 ms a step."""
        result = observation.answered
        before = [step for step in steps if step < result.step]
        if past and past.fits(_drawn_like(subject, observation, choices), result.step):
            return ()
        return tuple(before[at] for at in spaced(before)) if before and result.samples else ()

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing:
        if not observation.answered.samples:
            return texts.APPEARS_FIRST_CAPTURE
        past = observation.past or self.remember(None, subject, observation, choices) or SampleHistory()
        return payload(subject.task, _decoding(subject.asked, choices), subject.asked, observation.answered, past)


def _decoding(question: SequenceInput, choices: Choices) -> Decoding:
    if question.decoding is not None:
        return question.decoding if question.decoding.temperature else Decoding(1.0)
    return Decoding(choices["samples.temperature"], int(choices["samples.top_k"]), choices["samples.top_p"])


def _drawn_like(subject: Subject, observation: Observation, choices: Choices) -> Hashable:
    """What must be the same for samples to stand in one list."""
    question = subject.asked
    begun = question.key if observation.answered.generation else None
    return observation.run, _decoding(question, choices), question.seed, begun


def payload(task: Task, sample_decoding: Decoding, question: SequenceInput, answered: QueryResult,
            past: SampleHistory) -> Json:
    rows = [{"step": step, "texts": [{"text": text, "known": task.is_known(text)}
                                     for text in names]} for step, names in past.rows()]
    after, chances = next_letter(task, sample_decoding, question, answered)
    bars = [{"word": word, "probability": round(float(chance), 4)}
            for word, chance in zip(visible(task.classes), chances)]
    return {"rows": rows, "after": after, "bars": bars}


def next_letter(task: Task, sample_decoding: Decoding, question: SequenceInput,
                answered: QueryResult) -> tuple[str, np.ndarray]:
    """A beginning, and the chance of each symbol to come next, after temperature and top-k."""
    row = answered.generation[0].row if answered.generation else BEGUN
    scores = np.log(np.maximum(answered.probabilities[row], 1e-30))
    return "".join(question.words[0][1:row + 1]), probabilities(scores, sample_decoding)
