"""How accurate a network is on test samples of each length, also on longer ones than it learned from."""
from __future__ import annotations

import numpy as np

from dlviz import english
from dlviz.figures.lengths import accuracy_by_length
from dlviz.network import NetworkReport
from dlviz.probes.patterns import PatternWatch
from dlviz.tasks import Task
from dlviz.translation import _
from dlviz.views.base import CaptureRequest, Choices, Drawing, Observation, Plot, Subject, View

SAMPLES = 2_000  # test samples that are answered, at most
TALL = 340  # px


class LengthPhrases:
    LABEL = _("Accuracy for each length of a row: {short} up to {trained}, {longer} above.")
    NOTE = _("Rows of up to {trained} letters, as in training: {short}. Longer ones: {longer}; those of {longest} "
             "letters: {last}. {count:,} test rows, after step {step:,}.")


phrases = LengthPhrases()


class Lengths(View):
    key = "lengths"
    title = _("Accuracy by length")
    sentence = _("How accurate the network is on test rows of each length, also on longer ones than it learned from.")
    words = _("""
Training rows are short; what stands behind their end is **padding**, whose places are in no loss and, with a causal
mask, in nobody's sight. Test rows are also longer: their last places are ones that no training row has reached. A
table of **learned** positions holds nothing there. **Sinusoidal** ones go on as a formula, but the network has never
met those sums. **Rotary** positions and **ALiBi** tell distances, not places.
""")
    icon = ":material/straighten:"
    places = ("train",)
    order = 2

    def suits(self, report: NetworkReport, task: Task) -> bool:
        return task.ready() and task.lengths("test") is not None

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(patterns=PatternWatch(scores=SAMPLES))

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing | tuple[Drawing, ...]:
        captured, lengths = observation.captured, subject.task.lengths("test")
        scores = captured.patterns.scores if captured and captured.patterns else None
        if captured is None or scores is None or lengths is None:
            return observation.nothing_yet
        lengths, trained = lengths[:len(scores)], subject.task.longest_trained
        parts = {"short": lengths <= trained, "longer": lengths > trained, "last": lengths == lengths.max()}
        means = {name: _percent(scores[which]) for name, which in parts.items()}
        plot = Plot((observation.run, captured.step, scores.tobytes()),
                    lambda: accuracy_by_length(scores, lengths, trained, theme="page"),
                    phrases.LABEL.format(trained=trained, short=means["short"], longer=means["longer"]), TALL)
        return plot, phrases.NOTE.format(trained=trained, longest=int(lengths.max()), count=len(scores),
                                         step=captured.step, **means)


def _percent(scores: np.ndarray) -> str:
    return english.percent(float(scores.mean()), 0) if len(scores) else "-"
