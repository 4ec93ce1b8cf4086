"""What a class has sketched, as lines for the projector's chart. Plain values, without names."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dlviz import lessons
from dlviz.classroom import teaching
from dlviz.classroom.model import Room
from dlviz.classroom.votes import Votes
from dlviz.classroom.wall import Tile
from dlviz.lessons import curves, questions
from pages.ui.classroom.texts import texts

PROJECTED = "train_loss"  # the curve that the wall's runs have too


def of_class(room: Room, tiles: Sequence[Tile]) -> list[dict[str, Any]]:
    """Sketches of the training loss in the class's lesson, each as long as its learner's newest run."""
    lesson = teaching.lesson_of(room)
    asked = next((step for step in lesson.steps if step.question and PROJECTED in step.question.curves), None) \
        if lesson else None
    if lesson is None or asked is None or asked.question is None:
        return []
    found = []
    for tile in tiles:
        sketch = lessons.record().progress(tile.seat.owner, lesson.id).answers.get(asked.id, {}).get(PROJECTED)
        if sketch and tile.run and tile.run.planned_steps:
            found.append(_line(sketch, tile.run.planned_steps, curves.top(asked.question, PROJECTED)))
    return found


def chart(votes: Votes) -> dict[str, Any]:
    """All sketches of a question's first curve over the whole training."""
    name = votes.question.curves[0]
    top = curves.top(votes.question, name)
    lines = [_line(answer[name], 100, top) for answer in votes.answers if name in answer]
    return {"lines": lines, "dots": [], "columns": None, "right": 100, "low": 0.0, "top": top,
            "percent": name.endswith("accuracy"), "xTitle": texts.PERCENT_OF_TRAINING, "yTitle": curves.label(name),
            "note": ""}


def _line(heights: Sequence[float | None], right: float, top: float) -> dict[str, Any]:
    return {"x": np.linspace(0, right, questions.POINTS).round(1).tolist(), "lit": False, "sketch": True,
            "y": [None if height is None else round(height * top, 4) for height in heights]}
