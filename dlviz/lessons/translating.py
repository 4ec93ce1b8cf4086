"""Reads what a lesson says in another language, and puts it into the lesson. Opens no file.

Only texts stand in such a file; what is asked, ticked and opened stays in the lesson's own:

    +++
    title = "Die Größe eines Schritts"
    idea = "Ein zu großer Schritt explodiert, ein zu kleiner kriecht."

    [designs.fast]
    name = "Vierzigmal zu schnell"
    +++
    ## Zuerst raten
    step: guess
    unit: % neuer Ziffern

    Wie viele wird es lesen?

`step` is what the lesson calls the step; the notes are the step `for-the-teacher`, and come last.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dlviz.errors import SpecError
from dlviz.lessons import questions, reading, steps
from dlviz.lessons.lesson import Lesson, LessonStep, Option, Question
from dlviz.lessons.places import FilePlace
from dlviz.spec import Experiment
from dlviz.translation import _

KEYS = ("title", "idea", "designs")
FIELDS = ("step", "unit")
NOTES = steps.slug(reading.TEACHER)


def translated(lesson: Lesson, text: str, name: str) -> Lesson:
    """The lesson with the texts of a file called `name`. LessonError for the first that does not fit the lesson."""
    front, sections = reading.split(text, name, KEYS)
    found = {_id(section): section for section in sections}
    expected = [*(step.id for step in lesson.steps), *([NOTES] if lesson.teacher else [])]
    if list(found) != expected or len(found) < len(sections):
        raise FilePlace(name, 1).wrong(
            _("the translation"), _("has the steps of the lesson, in its order: {names}", names=", ".join(expected)),
            _("it has {names}", names=", ".join(map(_id, sections))),
                                       _("Write step: and the lesson's name for it below each heading."))
    return replace(
        lesson, title=_text(front, "title", name), idea=_text(front, "idea", name),
        designs=_designs(lesson.designs, front.get("designs", {}), FilePlace(name, 1)),
        steps=tuple(_step(step, found[step.id]) for step in lesson.steps),
        teacher="\n".join(steps.fields_of(found[NOTES])[1]).strip() if lesson.teacher else "")


def _id(section: steps.Section) -> str:
    """What the lesson calls the step."""
    fields, _ = steps.fields_of(section)
    for key in fields.values:
        fields.place(key).known(key, FIELDS, "key")
    return fields.get("step")


def _text(front: Mapping[str, Any], key: str, name: str) -> str:
    value = front.get(key)
    if not isinstance(value, str) or not value:
        raise FilePlace(name, 1).wrong(_("the front matter's {key}", key=key), _("is a text"), _("it is missing"),
                                       _("Write {key} = ...", key=key))
    return value


def _designs(designs: Mapping[str, Experiment], names: object, place: FilePlace) -> Mapping[str, Experiment]:
    """The lesson's designs, those that are named here under their new name."""
    found = dict(designs)
    for key, values in names.items() if isinstance(names, dict) else ():
        place.known(key, designs, "design")
        name = values.get("name") if isinstance(values, dict) else None
        try:
            found[key] = Experiment.model_validate(designs[key].model_dump() | {"name": name})
        except (SpecError, ValueError) as error:
            raise place.wrong(_("the design {key!r}", key=key), _("has a name, a short text"), _("it has none"),
                              _("Write name = ...")) from error
    return found


def _step(step: LessonStep, section: steps.Section) -> LessonStep:
    fields, body = steps.fields_of(section)
    question = step.question
    if question is not None:
        options, body = questions.options_of(body)
        question = _question(question, options, fields.get("unit"), section)
    return replace(step, title=section.title, text=steps.text_of(body, section), question=question)


def _question(question: Question, options: tuple[Option, ...], unit: str, section: steps.Section) -> Question:
    """The question with these texts. Which answer fits, the lesson's own file says."""
    if len(options) != len(question.options) or bool(unit) != bool(question.unit):
        raise section.place.wrong(
            _("the step {title!r}", title=section.title),
            _("has {count} answers and {value} unit", count=len(question.options), value="a" if question.unit
              else "no"),
            _("it has {count} and {value}", count=len(options), value="one" if unit else "none"),
                                  _("Write them as the lesson has them."))
    return replace(question, unit=unit, options=tuple(
        replace(own, text=option.text, reply=option.reply) for own, option in zip(question.options, options)))
