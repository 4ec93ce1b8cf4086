"""Writes a lesson's file from what a teacher has chosen: a design, a tick, some texts. What it writes can be read."""
from __future__ import annotations

import json
from dataclasses import dataclass

from dlviz.lessons import reading
from dlviz.lessons.steps import slug
from dlviz.spec import Experiment

OWN = "Z"  # the unit of one's own lessons
RECIPES = {  # ticks to choose from
    "accuracy": "state = done and val_accuracy >= {number:g}%",
    "budget": "state = done and val_accuracy >= {number:g}% and parameters <= {parameters:d}",
    "diverged": "state = diverged or finding = rate_high",
    "overfitting": "state = done and finding = overfitting",
}


@dataclass(frozen=True)
class LessonDraft:
    """What a teacher has chosen.

    Args:
        tick: as ticks are written.
        question: what is asked before the run; `answers` are to choose from.
        task: what to do. why: what is asked behind it, with `reasons` to choose from, the first of which fits.
        hides: controls that the lesson does without.
    """

    title: str
    idea: str
    experiment: Experiment
    tick: str
    question: str
    answers: tuple[str, ...]
    task: str
    why: str
    reasons: tuple[str, ...]
    notes: str = ""
    minutes: int = 15
    hides: tuple[str, ...] = ()


def written(draft: LessonDraft) -> str:
    """The file's text. LessonError for what cannot be read again (too many words, a tick that is none); SpecError for
    a design that is too long for a link."""
    text = "\n".join((*_front(draft), *_steps(draft)))
    reading.read(text, file_name(draft), own=True)
    return text


def file_name(draft: LessonDraft) -> str:
    return f"{_id(draft)}.md"


def _id(draft: LessonDraft) -> str:
    return slug(draft.title)[:40].strip("-") or "lesson"


def _front(draft: LessonDraft) -> list[str]:
    values = {"id": _id(draft), "title": draft.title, "unit": OWN, "number": 1, "minutes": draft.minutes,
              "idea": draft.idea, "hides": list(draft.hides)}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return ["+++", *lines, "", "[designs.first]", f'link = "{draft.experiment.to_link()}"', "+++"]


def _steps(draft: LessonDraft) -> list[str]:
    return ["## Guess first", "predict: choice", "name: guess", "page: build", "", draft.question, "",
            *(f"- {one}" for one in draft.answers), "",
            "## Try it", "observe:", "page: build", "opens: first", "light: play", "compares: guess",
            f"tick: {draft.tick}", "", draft.task, "",
            "## Why?", "explain: choice", "", draft.why, "",
            *(f"- {'(x) ' if at == 0 else ''}{one}" for at, one in enumerate(draft.reasons)), "",
            "## For the teacher", draft.notes.replace("\n## ", "\n### ") or "No notes yet.", ""]
