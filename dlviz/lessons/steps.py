"""Reads one step of a lesson: lines `key: value` below its heading, then Markdown. Opens no file.

    ## Draw before it has learned
    do:
    page: draw
    light: pad scrubber
    tick: drawn and step = 0

    Move the slider to the start. Draw a digit.
"""
from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from dlviz.lessons import questions
from dlviz.lessons.expressions import nearest, parse_sum, parse_tick
from dlviz.lessons.lesson import MAX_WORDS, STEP_KINDS, Comparison, LessonStep, Question, StepKind
from dlviz.lessons.places import FilePlace
from dlviz.lessons.sites import CONTROLS, PAGES
from dlviz.lessons.trees import Tick
from dlviz.lessons.words import VOCABULARY
from dlviz.translation import _

FIELDS = ("name", "tick", "page", "light", "opens", "compares")
_FIELD = re.compile(r"([a-z_]+):\s*(.*)")


@dataclass(frozen=True)
class Section:
    """What stands under one heading, which is at `place`."""

    title: str
    place: FilePlace
    lines: tuple[str, ...]


@dataclass(frozen=True)
class StepFields:
    """The lines `key: value` of a section, and where each stands."""

    values: dict[str, str]
    places: dict[str, FilePlace]
    title: FilePlace

    def get(self, key: str) -> str:
        return self.values.get(key, "")

    def place(self, key: str) -> FilePlace:
        return self.places.get(key, self.title)


def read(section: Section, designs: Collection[str], before: list[LessonStep]) -> LessonStep:
    """The step. LessonError for the first thing that is wrong in it."""
    fields, body = fields_of(section)
    kind, first = _kind(fields), next(iter(fields.values), "")
    if kind is None:
        raise section.place.wrong(_("the step {title!r}", title=section.title),
                                  _("begins with predict:, do:, observe: or explain:"),
                                  _("it begins with {value}", value=first + ":" if first else "none of them"),
                                  nearest(first, STEP_KINDS))
    for key in fields.values:
        fields.place(key).known(key, (kind, *FIELDS), "key")
    question, body = _question(kind, fields, body)
    made = LessonStep(
        id=fields.get("name") or slug(section.title), kind=kind, title=section.title, text=text_of(body, section),
        line=section.place.line, question=question, tick=_tick(fields), page=_page(fields), light=_light(fields),
        opens=_opens(fields, designs), compares=_compares(fields, before))
    return _complete(made, section)


def _kind(fields: StepFields) -> StepKind | None:
    return next((kind for kind in STEP_KINDS if kind == next(iter(fields.values), "")), None)


def slug(title: str) -> str:
    """'Draw before it has learned' -> 'draw-before-it-has-learned'."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60]


def fields_of(section: Section) -> tuple[StepFields, list[str]]:
    """The lines `key: value` below the heading, and what stands behind them."""
    found = StepFields({}, {}, section.place)
    for at, line in enumerate(section.lines):
        match = _FIELD.fullmatch(line.strip())
        if match is None:
            return found, list(section.lines[at:])
        found.values[match[1]], found.places[match[1]] = match[2].strip(), section.place.at(section.place.line + at + 1)
    return found, []


def _question(kind: str, fields: StepFields, body: list[str]) -> tuple[Question | None, list[str]]:
    if not fields.get(kind):
        return None, body
    return questions.read(fields.get(kind), body, fields.place(kind))


def text_of(lines: list[str], section: Section) -> str:
    """The Markdown of a step. LessonError where it has too many words."""
    text = "\n".join(lines).strip()
    words = len(re.findall(r"\w[\w'’.,%-]*", text))
    if words > MAX_WORDS:
        raise section.place.wrong(_("the step {title!r}", title=section.title),
                                  _("has {most} words at most", most=MAX_WORDS), _("it has {words}", words=words),
                                  _("Say it shorter, or make two steps of it."))
    return text


def _tick(fields: StepFields) -> Tick | None:
    text = fields.get("tick")
    return fields.place("tick").checked(lambda: parse_tick(text, VOCABULARY)) if text else None


def _page(fields: StepFields) -> str:
    return fields.place("page").known(fields.get("page"), PAGES, "page") if fields.get("page") else ""


def _light(fields: StepFields) -> tuple[str, ...]:
    return tuple(fields.place("light").known(word, CONTROLS, "control") for word in fields.get("light").split())


def _opens(fields: StepFields, designs: Collection[str]) -> str:
    return fields.place("opens").known(fields.get("opens"), designs, "design") if fields.get("opens") else ""


def _compares(fields: StepFields, before: list[LessonStep]) -> Comparison | None:
    """`NAME`, or `NAME = EXPRESSION`: an earlier prediction, and what it is laid under."""
    text, place = fields.get("compares"), fields.place("compares")
    if not text:
        return None
    name, _, measured = (part.strip() for part in text.partition("="))
    place.known(name, (step.id for step in before if step.question), "step with a question")
    return Comparison(name, place.checked(lambda: parse_sum(measured, VOCABULARY)) if measured else None)


def _complete(step: LessonStep, section: Section) -> LessonStep:
    """What each kind needs: a prediction asks, an observation ticks or asks."""
    if step.kind == "predict" and step.question is None:
        raise section.place.wrong(_("the step {title!r}", title=step.title), _("asks for a prediction"),
                                  _("it asks for nothing"), _("Write predict: choice, or number 0 to 5 digits."))
    if step.kind == "observe" and step.question is None and step.tick is None:
        raise section.place.wrong(_("the step {title!r}", title=step.title), _("says what is to be observed"),
                                  _("it has no tick"), _("Write tick: and what has to happen."))
    return step
