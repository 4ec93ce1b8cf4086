"""Reads a lesson from its text: TOML between two lines of `+++`, then Markdown, a `##` heading a step.

What is wrong gets a sentence with the file, the line and, for a word, the nearest that is known. `docs/lessons.md` says
what may stand where. Opens no file.
"""
from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from dlviz.errors import LessonError
from dlviz.lessons import designs, steps
from dlviz.lessons.lesson import UNITS, Lesson, LessonStep
from dlviz.lessons.places import FilePlace
from dlviz.lessons.sites import CONTROLS
from dlviz.spec import Experiment
from dlviz.translation import _

MAX_BYTES = 60_000  # of a lesson's file; the longest that ships has a tenth of it
MAX_STEPS = 20
FENCE = "+++"
TEACHER = "for the teacher"  # the heading of the notes
KEYS = ("id", "title", "unit", "number", "minutes", "idea", "hides", "seals", "designs")
Value = TypeVar("Value")


def read(text: str, name: str, own: bool = False) -> Lesson:
    """The lesson in `text`, whose file is called `name`. LessonError for the first thing that is wrong in it."""
    if len(text.encode()) > MAX_BYTES:
        raise LessonError(_("{name}: the lesson", name=name), _("must have {most} KB at most", most=MAX_BYTES // 1000),
                          _("it has {count} KB", count=len(text.encode()) // 1000), _("Make it shorter."))
    lines = text.replace("\r\n", "\n").split("\n")
    end = _end_of_front(lines, FilePlace(name, 1))
    front = _front(lines[1:end], FilePlace(name, 1))
    made = designs.read(front.get("designs", {}), FilePlace(name, _line_of(lines[1:end], "designs")))
    sections = list(_sections(lines, end + 1, name))
    notes = [part for part in sections if part.title.lower() == TEACHER]
    found = _steps([part for part in sections if part not in notes], FilePlace(name, end + 1), made)
    return _lesson(front, found, made, "\n".join(notes[0].lines).strip() if notes else "", FilePlace(name, 1), own)


def split(text: str, name: str, keys: tuple[str, ...]) -> tuple[dict[str, Any], list[steps.Section]]:
    """Front matter of these keys, and sections. LessonError where there is no such front matter."""
    lines = text.replace("\r\n", "\n").split("\n")
    end = _end_of_front(lines, FilePlace(name, 1))
    return _front(lines[1:end], FilePlace(name, 1), keys), list(_sections(lines, end + 1, name))


def _end_of_front(lines: list[str], place: FilePlace) -> int:
    fences = [at for at, line in enumerate(lines) if line.strip() == FENCE][:2]
    if len(fences) < 2 or fences[0] != 0:
        raise place.wrong(_("the lesson"), _("begins with TOML between two lines of {most}", most=FENCE),
                          _("there are none"), _("Begin with a line {most}.", most=FENCE))
    return fences[1]


def _front(lines: list[str], place: FilePlace, keys: tuple[str, ...] = KEYS) -> dict[str, Any]:
    try:
        front = tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"at line (\d+)", str(error))
        raise place.at(int(where[1]) + 1 if where else 1).wrong(
            _("the front matter"), _("is TOML"), _("it cannot be read ({error})", error=str(error).split(" (at")[0]),
            _("Correct that line.")) from error
    for key in front:
        place.at(_line_of(lines, key)).known(key, keys, "front matter's key")
    return front


def _line_of(lines: list[str], key: str) -> int:
    """Where a key or its first table stands in the file, from 1."""
    return next((at + 2 for at, line in enumerate(lines) if re.match(rf"\[*\s*\"?{re.escape(key)}\b", line)), 1)


def _sections(lines: list[str], start: int, name: str) -> Iterator[steps.Section]:
    heads = [at for at in range(start, len(lines)) if lines[at].startswith("## ")]
    for at, after in zip(heads, [*heads[1:], len(lines)]):
        yield steps.Section(lines[at][3:].strip(), FilePlace(name, at + 1), tuple(lines[at + 1:after]))


def _steps(sections: list[steps.Section], place: FilePlace, made: Mapping[str, Experiment]) -> tuple[LessonStep, ...]:
    if not 1 <= len(sections) <= MAX_STEPS:
        raise place.wrong(_("the lesson"), _("has 1 to {most} steps, a heading with ## each", most=MAX_STEPS),
                          _("it has {count}", count=len(sections)), _("Write some, or make two lessons of it."))
    found: list[LessonStep] = []
    for section in sections:
        step = steps.read(section, made, found)
        if any(step.id == one.id for one in found):
            raise section.place.wrong(_("the step {id!r}", id=step.id), _("has a name of its own"),
                                      _("an earlier step has it"), _("Give it another title, or a name:."))
        found.append(step)
    return tuple(found)


def _lesson(front: Mapping[str, Any], found: tuple[LessonStep, ...], made: Mapping[str, Experiment], teacher: str,
            place: FilePlace, own: bool) -> Lesson:
    return Lesson(
        id=_id(_given(front, "id", str, place), place), title=_given(front, "title", str, place),
        unit=place.known(_given(front, "unit", str, place), UNITS, "unit"), number=_given(front, "number", int, place),
        minutes=_given(front, "minutes", int, place), idea=_given(front, "idea", str, place), steps=found,
        designs=made, teacher=teacher, own=own, seals=_seals(front, place),
        hides=tuple(place.known(str(word), CONTROLS, "control") for word in front.get("hides", ())))


def _seals(front: Mapping[str, Any], place: FilePlace) -> bool:
    value = front.get("seals", False)
    if not isinstance(value, bool):
        raise place.wrong(_("the front matter's seals"), _("is true or false"),
                          _("it is {value!r}", value=str(value)[:40]),
                          _("Write seals = true."))
    return value


def _given(front: Mapping[str, Any], key: str, kind: type[Value], place: FilePlace) -> Value:
    value = front.get(key)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise place.wrong(_("the front matter's {key}", key=key),
                          _("is a {value}", value="text" if kind is str else "number without a point"),
                          _("it is missing") if value is None else _("it is {value!r}", value=str(value)[:40]),
                          _("Write {key} = ...", key=key))
    return value


def _id(text: str, place: FilePlace) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", text):
        raise place.wrong(_("the id {text!r}", text=text[:60]),
                          _("is made of small letters, digits and hyphens, 40 at most"),
                          _("it is not"), _("Choose another, such as step-size."))
    return text
