"""A study's numbers as blocks for its browser component: plain JSON, whatever the runs' numbers are."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dlviz.runs.reading import NEAR
from dlviz.spec import Scalar
from dlviz.studies import hyperparameters, results
from dlviz.studies.study import Study
from pages.ui.lab.lines import Line
from pages.ui.lab.texts import texts
from pages.ui.shared import run_words
from pages.ui.shared.component import static_component

Block = dict[str, Any]

def heads() -> tuple[dict[str, Any], ...]:
    """The columns of the table of runs."""
    return ({"title": texts.TRAINING_LOSS, "least": True}, {"title": texts.TRAINING_ACCURACY, "percent": True},
            {"title": texts.VALIDATION_LOSS, "least": True}, {"title": texts.VALIDATION_ACCURACY, "percent": True})


ROOM = 0.06  # of the scores' span, above and below

_MOUNT = static_component("dlviz_lab", "lab")


def show(key: str, blocks: Sequence[Block]) -> None:
    """Draw the blocks; call it again with the same key at each look. What has not changed is not touched."""
    if blocks:
        _MOUNT(key=key, data={"blocks": list(blocks)})


def moment(lines: Sequence[Line], at: int, by: str, latest: bool = False) -> Block:
    """Every run at one and the same moment; with `latest` each where it has come to."""
    what = texts.AT_STEP.format(at=at) if by == "step" else texts.AT_SAMPLES_SEEN.format(at=at)
    title = texts.ALL_RUNS.format(suffix="where they are" if latest else what)
    note = texts.TRAINING_NUMBERS_MEAN_STEPS.format(count=NEAR)
    return {"kind": "table", "title": title, "heads": list(heads()), "note": note,
            "rows": [_row(line, at, by) for line in lines]}


def _row(line: Line, at: int, by: str) -> Block:
    read = results.reading(line.snapshot, at, by)
    words = run_words.state_words(line.info.state).word
    batch = line.info.experiment.training.batch_size if by == "sample" else 1
    short = line.info.over and read.at and (read.at + 1) * batch <= at
    behind = texts.READ_STEP.format(at=read.at) if short else ""
    return {"label": line.label, "light": line.colors[0], "dark": line.colors[1],
            "values": [*map(_short, (read.loss, read.accuracy, read.val_loss, read.val_accuracy))],
            "state": texts.AT_STEP_2.format(words=words, step=line.info.step, addition=behind)}


def scores(study: Study, lines: Sequence[Line]) -> list[Block]:
    """A chart a knob: each run's best validation accuracy against its value."""
    scored = [line for line in lines if results.score(line.info) is not None]
    if not scored:
        return []
    top = _winner(study, scored)
    return [_scores(study, index, scored, top) for index in range(len(study.knobs))]


def _scores(study: Study, index: int, lines: Sequence[Line], top: Line | None) -> Block:
    axis = _axis(study, index, lines)
    values = _column(study, index, lines)
    points = [{"x": results.position(line.values[index], values), "y": _short(results.score(line.info)),
               "label": line.label, "light": line.colors[0], "dark": line.colors[1], "best": line is top}
              for line in lines]
    thread = len(study.knobs) == 1 and "labels" not in axis
    return {"kind": "score", "title": texts.VALIDATION_ACCURACY_AGAINST.format(axis=axis["title"]), "x": axis,
            "y": _score_axis(lines), "points": sorted(points, key=lambda point: point["x"]), "line": thread,
            "note": texts.ONE_DOT_RUN_POINT.format(ring=texts.RING[top is not None])}


def _winner(study: Study, lines: Sequence[Line]) -> Line | None:
    """The best run's line; None where others cannot be told from it."""
    infos = {line.run: line.info for line in lines}
    even = results.equals(study, [infos.get(member.run) for member in study.members])
    return next(line for line in lines if line.run == even[0][0].run) if len(even) == 1 else None


def parallel(study: Study, lines: Sequence[Line]) -> Block:
    """An axis for each knob, one for the score, a line for each run that has one."""
    scored = [line for line in lines if results.score(line.info) is not None] or list(lines)
    top = _winner(study, scored)
    count = len(study.knobs)
    columns = [_column(study, index, scored) for index in range(count)]
    return {"kind": "parallel", "title": texts.EVERY_RUN_LINE_FROM,
            "axes": [*(_axis(study, index, scored) for index in range(count)), _score_axis(scored)],
            "lines": [{"label": line.label, "best": line is top,
                       "values": [*map(results.position, line.values, columns),
                                  _short(results.score(line.info) or 0.0)]} for line in scored],
            "note": texts.STRONGER_LINE_BETTER_RUN}


def bands(lines: Sequence[Line]) -> list[Block]:
    """Loss and accuracy of runs that differ by luck alone: their mean, and the band around it."""
    until = results.common([line.snapshot for line in lines], "step")
    return [_band(lines, until, "loss", False), _band(lines, until, "accuracy", True)]


def _band(lines: Sequence[Line], until: int, what: str, percent: bool) -> Block:
    x = {"title": "step", "low": 0, "high": max(1, *(line.info.planned_steps for line in lines))}
    block = {"kind": "band", "title": texts.TRAINING_MEAN_RUNS.format(what=what, total=len(lines)), "x": x, "steps": [],
             "mean": [], "low": [], "high": [], "y": {"low": 0.0, "high": 1.0, "percent": percent},
             "note": texts.LINE_MEAN_BAND_REACHES}
    if until < 1:
        return block
    found = results.band([(line.snapshot.train["step"], line.snapshot.train[what]) for line in lines], until)
    good = np.isfinite(found.mean) & np.isfinite(found.high)
    rows = {"mean": found.mean, "low": found.low, "high": found.high}
    block |= {name: [_short(value) for value in values[good].tolist()] for name, values in rows.items()}
    block["steps"] = found.steps[good].tolist()
    high = 1.0 if percent else max([*block["high"], 1e-6])
    return block | {"y": {"low": 0.0, "high": high, "percent": percent}}


def _column(study: Study, index: int, lines: Sequence[Line]) -> list[Scalar]:
    """The values of one knob, in the order of its axis: as the study lists them, else as they came."""
    listed = study.search.spans[index].choices if study.search else study.axes[index].values
    return list(listed) or [line.values[index] for line in lines]


def _axis(study: Study, index: int, lines: Sequence[Line]) -> Block:
    title, values = study.knobs[index].title, _column(study, index, lines)
    if any(isinstance(value, str | bool | None) for value in values):
        labels = [hyperparameters.word(value) for value in values]
        return {"title": title, "low": -0.5, "high": len(values) - 0.5, "labels": labels}
    low, high = _reach(study, index, values)
    if low == high:
        low, high = low - 0.5, high + 0.5
    log = (study.search.spans[index].log if study.search else results.is_log(values)) and low > 0
    return {"title": title, "low": low, "high": high, "log": log}


def _reach(study: Study, index: int, values: Sequence[Scalar]) -> tuple[float, float]:
    if study.search:
        return study.search.spans[index].low, study.search.spans[index].high
    numbers = [float(value) for value in values]
    return min(numbers), max(numbers)


def _score_axis(lines: Sequence[Line]) -> Block:
    known = [results.score(line.info) for line in lines if results.score(line.info) is not None]
    found = known or [0.0, 1.0]
    room = ROOM * (max(found) - min(found)) or 0.01
    return {"title": texts.VALIDATION_ACCURACY_2, "percent": True,
            "low": max(0.0, min(found) - room), "high": min(1.0, max(found) + room)}


def _short(value: float | None) -> float | None:
    """Five digits, and null for what is no number: one NaN breaks a component for good."""
    return None if value is None or not np.isfinite(value) else float(f"{value:.5g}")
