"""The same sequence through an RNN, an LSTM and a GRU: their states, guesses and gradients side by side.

Asks each run, as the Look page asks its own, and turns the answers into plain data of the component `look`.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dlviz.figures import packing, states
from dlviz.presets.siblings import MEMORIES
from dlviz.runs.info import RunInfo
from dlviz.tasks import Task
from dlviz.tasks.presentation import IGNORE
from dlviz.training.events import QueryResult
from pages.ui.look import gradient, lines
from pages.ui.look import trio as look_trio
from pages.ui.look.attention import words
from pages.ui.look.layer_views import LayerView, LayerViews, layer_views
from pages.ui.look.lines import LineChart
from pages.ui.look.reply import QueryOptions, reply
from pages.ui.look.texts import texts
from pages.ui.shared import sequence_answer
from pages.ui.shared.plot import PACE
from pages.ui.shared.run_picker import when
from pages.ui.shared.sequence_question import SequenceInput

KEY = "look.compare"
COLORS = dict(zip(MEMORIES, ("run-1", "run-0", "run-2")))  # those of the columns
Json = dict[str, Any]


@dataclass(frozen=True)
class ComparisonColumn:
    """One of the runs side by side, and what it answered; `note` says why there is no answer."""

    kind: str
    run: RunInfo
    layer_view: LayerView
    answered: QueryResult | None
    note: str = ""


def options(found: LayerViews, task: Task) -> QueryOptions:
    names = tuple(layer_view.name for layer_view in found.states)
    guesses = bool(found.guesses) and task.forecast is None
    return QueryOptions(states=names, gradients=names, guesses=guesses)


def show(run: RunInfo, task: Task, question: SequenceInput) -> None:
    trio = look_trio.choose(run)
    columns = [ask(kind, one, task, question) for kind, one in trio.items()]
    sequence_answer.mount(KEY, payload(task, question, columns))
    if (chart := gradients(question, columns)) is not None:
        lines.show(f"{KEY}.gradients", chart, PACE if any(not one.over for one in trio.values()) else 0.0)


def ask(kind: str, run: RunInfo, task: Task, question: SequenceInput) -> ComparisonColumn:
    found = layer_views(run.experiment.network, task.signature())
    [layer_view] = found.states
    if run.step == 0 and run.state == "queued":
        return ComparisonColumn(kind, run, layer_view, None, texts.RUN_QUEUED)
    answered, note = reply(run, question, options(found, task), f".{kind}")
    return ComparisonColumn(kind, run, layer_view, answered, note)


def payload(task: Task, question: SequenceInput, columns: list[ComparisonColumn]) -> Json:
    """What is sent: a column for each kind of memory."""
    by_kind = {column.kind: column for column in columns}
    shown = [_column(task, question, by_kind[kind]) if kind in by_kind else {"kind": kind, "missing": True}
             for kind in MEMORIES]
    return {"view": "compare", "columns": shown}


def gradients(question: SequenceInput, columns: list[ComparisonColumn]) -> LineChart | None:
    """A line for each run whose gradient is known."""
    paths, named = [], []
    for column in columns:
        reach = next(iter(column.answered.gradients.get(column.layer_view.name, {}).values()), None) \
            if column.answered else None
        if reach is not None:
            paths.append(gradient.GradientCurve(column.kind, reach, COLORS[column.kind]))
            named = words(question, column.layer_view.steps[0], len(reach.sizes))
    return gradient.chart(paths, named) if paths else None


def _column(task: Task, question: SequenceInput, column: ComparisonColumn) -> Json:
    run, answered = column.run, column.answered
    data: Json = {"kind": column.kind, "missing": False, "name": run.name, "note": column.note,
                  "when": when(run, answered.step if answered else run.step), "score": score(task, run)}
    if answered is None:
        return data
    [reading, *_] = answered.states[column.layer_view.name].values()
    hidden = states.picture(reading.hidden)
    return data | {"verdict": verdict(task, question, answered), "guesses": _guesses(task, question, answered),
                   "words": words(question, column.layer_view.steps[0], len(reading.hidden)),
                   "units": len(hidden), "steps": hidden.shape[1], "hidden": packing.floats(hidden),
                   "span": states.span(reading.hidden, least=1.0)}


def score(task: Task, run: RunInfo) -> str:
    """How well it does on samples that it never saw, in the task's own measure."""
    return "" if run.val_accuracy is None else f"{100 * run.val_accuracy:.0f} %: {task.metric}"


def verdict(task: Task, question: SequenceInput, answered: QueryResult) -> Json:
    """What it says at the end and whether that is right, in a few words."""
    data = sequence_answer.payload(task, question, answered)
    if data["form"] == "steps":
        judged = [step["right"] for step in data["steps"] if step["right"] is not None]
        whole = task.signature().exact_match and bool(judged)  # who writes on is not wrong to write something else
        return {"text": texts.OF_CORRECT.format(correct=sum(judged), total=len(judged)) if judged else "",
                "right": all(judged) if whole else None}
    said = data if data["form"] == "classes" else data["steps"][0]
    end = {True: texts.CORRECT, False: texts.WRONG, None: ""}[said["right"]]
    return {"text": texts.PREDICTS.format(text=said["said"], end=end), "right": said["right"]}


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
        truth = None if question.target is None else float(np.ravel(question.target)[0])
        return data | {"form": "numbers", "truth": truth}
    names = sequence_answer.visible(task.to_words(np.arange(guesses.shape[1])))
    return data | {"form": "classes", "classes": names, "truth": truths(question, len(guesses))}


def judged(question: SequenceInput, steps: int) -> np.ndarray:
    """At which steps the network is taught an answer, bool `(steps,)`; all where nobody knows, or it answers once."""
    target = np.asarray(-1 if question.target is None else question.target)
    by_steps = target.ndim == 1 and len(target) == steps and target.dtype.kind == "i"
    return target != IGNORE if by_steps else np.ones(steps, bool)


def truths(question: SequenceInput, steps: int) -> list[int] | None:
    """The right class at each step, -1 where none is judged; None where nobody knows."""
    if question.target is None:
        return None
    target = np.asarray(question.target)
    return [int(target)] * steps if target.ndim == 0 else [max(-1, int(token)) for token in target]
