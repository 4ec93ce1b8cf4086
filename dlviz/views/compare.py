"""The same sequence through an RNN, an LSTM and a GRU: their states, guesses and gradients side by side."""
from __future__ import annotations

import numpy as np

from dlviz.figures import packing, states
from dlviz.network import NetworkReport
from dlviz.presets.siblings import MEMORIES, memory_of
from dlviz.tasks import Task
from dlviz.tasks.presentation import IGNORE
from dlviz.training.events import QueryResult
from dlviz.translation import _
from dlviz.views import answers
from dlviz.views.base import CaptureRequest, Choices, Drawing, Json, Observation, Sibling, Subject, View
from dlviz.views.gradients import GradientCurve, Gradients, chart
from dlviz.views.layers import ShownLayer, shown_layers
from dlviz.views.lines import WordChart
from dlviz.views.question import SequenceInput, step_words, visible
from dlviz.views.texts import texts

COLORS: dict[str, str] = dict(zip(MEMORIES, ("run-1", "run-0", "run-2")))  # those of the columns


class Compare(View):
    key = "compare"
    title = _("Side by side")
    sentence = _("The same sequence in networks that differ only in their memory.")
    words = _("""
Three networks that differ only in their recurrent layer read the same sequence. A plain **RNN** computes its
complete hidden state anew at each step. An **LSTM** and a **GRU** have gates that can leave it unchanged. In
training the gradient of the loss flows back through all these steps (**backpropagation through time**) and is
multiplied at each: by factors below 1 it shrinks (**vanishing gradient**), so that nothing is learned from
early steps. Watch the lines from the first step of training: at first all three shrink. The gates of the LSTM
and the GRU learn to let the gradient through; the plain RNN takes far longer, if it succeeds at all.
""")
    formula = Gradients.formula
    icon = ":material/view_column:"
    places = ("look",)
    order = 150
    script = "look/compare.js"
    compares = True

    def suits(self, report: NetworkReport, task: Task) -> bool:
        return memory_of(report.network) is not None and bool(shown_layers(report).states)

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        shown = shown_layers(subject.report)
        names = tuple(layer.name for layer in shown.states)
        guesses = bool(shown.guesses) and subject.task.forecast is None
        return CaptureRequest(states=names, gradients=names, readouts=guesses)

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing | tuple[Drawing, ...]:
        drawn: tuple[Drawing, ...] = (payload(subject, observation),)
        found = gradient_chart(subject.asked, observation)
        return (*drawn, *found.drawing()) if found else drawn


def payload(subject: Subject, observation: Observation) -> Json:
    """What is sent: a column for each kind of memory."""
    columns = [_column(subject, kind, observation.siblings[kind]) if kind in observation.siblings
               else {"kind": kind, "missing": True} for kind in MEMORIES]
    return {"columns": columns}


def gradient_chart(question: SequenceInput, observation: Observation) -> WordChart | None:
    """A line for each run whose gradient is known."""
    paths, words = [], []
    for kind, sibling in observation.siblings.items():
        layer, result = _memory(sibling.subject), sibling.result
        reach = next(iter(result.gradients.get(layer.name, {}).values()), None) if result else None
        if reach is not None:
            paths.append(GradientCurve(kind, reach, COLORS[kind]))
            words = step_words(question, layer.steps[0], len(reach.sizes))
    return chart(paths, words) if paths else None


def _memory(subject: Subject) -> ShownLayer:
    [layer] = shown_layers(subject.report).states
    return layer


def _column(subject: Subject, kind: str, sibling: Sibling) -> Json:
    task, question, result, layer = subject.task, subject.asked, sibling.result, _memory(sibling.subject)
    data: Json = {"kind": kind, "missing": False, "name": sibling.name, "note": sibling.note, "when": sibling.when,
                  "score": score(task, sibling.accuracy)}
    if result is None:
        return data
    [reading, *_] = result.states[layer.name].values()
    hidden = states.picture(reading.hidden)
    return data | {"verdict": verdict(task, question, result), "guesses": _guesses(task, question, result),
                   "words": step_words(question, layer.steps[0], len(reading.hidden)),
                   "units": len(hidden), "steps": hidden.shape[1], "hidden": packing.floats(hidden),
                   "span": states.span(reading.hidden, least=1.0)}


def score(task: Task, accuracy: float | None) -> str:
    """How well it does on samples that it never learned from, in the task's own measure."""
    return "" if accuracy is None else f"{100 * accuracy:.0f} %: {task.metric}"


def verdict(task: Task, question: SequenceInput, answered: QueryResult) -> Json:
    """What it says at the end and whether that is right, in a few words."""
    data = answers.payload(task, question, answered)
    if data["form"] == "steps":
        judged = [step["right"] for step in data["steps"] if step["right"] is not None]
        exact = task.signature().exact_match and bool(judged)  # who writes on is not wrong to write something else
        return {"text": texts.OF_CORRECT.format(correct=sum(judged), total=len(judged)) if judged else "",
                "right": all(judged) if exact else None}
    answer = data if data["form"] == "classes" else data["steps"][0]
    text = {True: texts.PREDICTS_CORRECTLY, False: texts.PREDICTS_WRONGLY, None: texts.PREDICTS}[answer["right"]]
    return {"text": text.format(text=answer["prediction"]), "right": answer["right"]}


def _guesses(task: Task, question: SequenceInput, answered: QueryResult) -> Json | None:
    """What it would say after each step, as rows of classes or as numbers; None where it cannot be asked."""
    guesses = answered.readouts
    if guesses is None and answered.probabilities.ndim == 2:
        guesses = answered.probabilities
    if guesses is None or guesses.ndim != 2:
        return None
    guesses = np.where(judged(question, len(guesses))[:, None], guesses, 0)  # elsewhere it never learned what to say
    data: Json = {"values": packing.floats(guesses.T), "steps": len(guesses)}
    if task.signature().loss == "mse":
        target = None if question.target is None else float(np.ravel(question.target)[0])
        return data | {"form": "numbers", "target": target}
    names = visible(task.to_words(np.arange(guesses.shape[1])))
    return data | {"form": "classes", "classes": names, "target": targets(question, len(guesses))}


def judged(question: SequenceInput, steps: int) -> np.ndarray:
    """At which steps the network is taught an answer, bool `(steps,)`; all where nobody knows, or it answers once."""
    target = np.asarray(-1 if question.target is None else question.target)
    by_steps = target.ndim == 1 and len(target) == steps and target.dtype.kind == "i"
    return target != IGNORE if by_steps else np.ones(steps, bool)


def targets(question: SequenceInput, steps: int) -> list[int] | None:
    """The right class at each step, -1 where none is judged; None where nobody knows."""
    if question.target is None:
        return None
    target = np.asarray(question.target)
    return [int(target)] * steps if target.ndim == 0 else [max(-1, int(token)) for token in target]
