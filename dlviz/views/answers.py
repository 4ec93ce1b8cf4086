"""The answer of a network beside the target, step by step, as data of the script `look/answer.js`. Knows no run."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dlviz.figures import packing
from dlviz.tasks import Stepwise, Task
from dlviz.training.events import QueryResult
from dlviz.translation import numeral
from dlviz.views.question import SequenceInput, visible

NEXT = 3  # likeliest symbols that are named for each step
CLASSES = 10  # likeliest classes that get a bar
PICTURE = 8  # numbers a step from which on an input is a picture

SCRIPT = "look/answer.js"
Json = dict[str, Any]


def payload(task: Task, question: SequenceInput, answered: QueryResult | None) -> Json:
    """What is sent: the words that go in, and the answer in the form that the task's answers have."""
    data: Json = {"form": "none", "inputs": _inputs(task, question)}
    if answered is None:
        return data
    if answered.generation and task.stepwise:
        return data | _generated(task.stepwise, question, answered)
    if task.signature().loss == "mse":
        return data | _numbers(task, question, answered.probabilities)
    if answered.probabilities.ndim == 2:
        return data | _steps(task, question, answered.probabilities)
    return data | _classes(task, question, answered.probabilities)


def _inputs(task: Task, question: SequenceInput) -> list[Json]:
    """What goes in, in words or as a picture; of a network that answers alone without room for its answer."""
    names = [name for name, _ in task.signature().inputs]
    arrays = question.inputs if question.forecast_window is None else (question.forecast_window.past[:, None],)
    lines = [{"name": name, "words": visible(words), "signal": signal(values, task.downwards)}
             for name, words, values in zip(names, question.words, arrays)]
    if task.stepwise and question.decoding:
        *others, growing = lines
        asked = growing["words"][:task.stepwise.first_row(question.inputs) + 1]
        return others or [{"name": "question", "words": asked, "signal": None}]
    return lines


def signal(values: np.ndarray, downwards: bool = False) -> Json | None:
    """An input `(T, D)` as a picture, time from left to right; None where words say it better."""
    if values.ndim != 2 or 1 < values.shape[1] < PICTURE:
        return None
    rows = values if downwards else values.T[::-1]
    return {"values": packing.floats(rows), "size": list(rows.shape),
            "low": float(np.nanmin(values)), "high": float(np.nanmax(values))}


def _steps(task: Task, question: SequenceInput, probabilities: np.ndarray) -> Json:
    """One entry for each judged step; for all of them where no target says which are judged."""
    judged = question.steps or tuple(range(len(probabilities)))
    aligned = len(question.words) == 1 and len(question.words[0]) == len(probabilities)
    truths = dict(zip(question.steps, visible(question.target_words)))
    steps = []
    for step in judged:
        token = int(probabilities[step].argmax())
        right = None if question.target is None else bool(token == np.asarray(question.target)[step])
        steps.append(_step(task, step + 1, token, probabilities[step], truths.get(step), right) |
                     {"entering": visible(question.words[0])[step] if aligned else None})
    return {"form": "steps", "steps": steps}


def _generated(task: Stepwise, question: SequenceInput, answered: QueryResult) -> Json:
    """One entry for each symbol that the network has said by itself."""
    truths, target = dict(zip(question.steps, visible(question.target_words))), question.target
    steps = []
    for number, each in enumerate(answered.generation, 1):
        right = None if target is None else bool(each.token == np.asarray(target)[each.row])
        steps.append(_step(task, number, each.token, each.probabilities, truths.get(each.row), right))
    tokens = np.array([each.token for each in answered.generation if each.token != task.end], np.int64)
    return {"form": "steps", "steps": steps, "written": task.to_text(question.inputs, tokens)}


def _step(task: Task, number: int, token: int, probabilities: np.ndarray, target: str | None,
          right: bool | None) -> Json:
    likely = np.argsort(-probabilities, kind="stable")[:NEXT]
    words = visible(task.to_words(likely))
    return {"number": number, "entering": None, "prediction": visible(task.to_words(token))[0], "target": target,
            "right": right, "probability": _rounded(probabilities[token]),
            "next": [[word, _rounded(probabilities[symbol])] for word, symbol in zip(words, likely)]}


def _classes(task: Task, question: SequenceInput, probabilities: np.ndarray) -> Json:
    likely = np.argsort(-probabilities, kind="stable")[:CLASSES]
    shown = likely if len(probabilities) > CLASSES else np.arange(len(probabilities))
    best, target = int(likely[0]), None if question.target is None else int(question.target)
    bars = [{"word": word, "probability": _rounded(probabilities[number]), "best": bool(number == best),
             "target": bool(number == target)} for word, number in zip(visible(task.to_words(shown)), shown)]
    return {"form": "classes", "bars": bars, "prediction": visible(task.to_words(likely[:1]))[0],
            "target": visible(question.target_words)[0] if question.target_words else None,
            "right": None if target is None else best == target}


def _numbers(task: Task, question: SequenceInput, values: np.ndarray) -> Json:
    """The numbers that the network predicts beside the target, in people's units."""
    values, target = np.ravel(values), question.target
    targets = None if target is None else np.ravel(target).astype(float)
    rows = [_number(task, question, at, value, None if targets is None else targets[at])
            for at, value in enumerate(values.tolist())]
    tolerance = task.signature().tolerance
    if targets is not None:
        meant = _meant(task, question)
        tolerance = abs(meant(targets[0] + tolerance) - meant(targets[0]))
    return {"form": "numbers", "steps": rows, "tolerance": numeral(f"{tolerance:.2g}"), "unit": task.unit}


def _number(task: Task, question: SequenceInput, at: int, value: float, target: float | None) -> Json:
    meant, digits = _meant(task, question), task.decimals
    row = {"number": at + 1, "prediction": f"{meant(value):.{digits}f}", "target": None, "off": None, "right": None}
    if target is None:
        return row
    return row | {"target": f"{meant(target):.{digits}f}", "off": f"{abs(meant(value) - meant(target)):.{digits}f}",
                  "right": bool(abs(value - target) <= task.signature().tolerance)}


def _meant(task: Task, question: SequenceInput) -> Callable[[float], float]:
    """From the network's number to the one that people know."""
    series, window = task.forecast, question.forecast_window
    return float if series is None or window is None else lambda value: series.value(window.past, value)


def _rounded(probability: float | np.ndarray) -> float:
    return round(float(probability), 4)
