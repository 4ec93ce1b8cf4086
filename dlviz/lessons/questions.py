"""What a step asks, read from its file, and whether something can be an answer to it.

    number 0 to 5 digits        a number with its unit
    choice                      `- text :: what is said to who chooses it`, `- (x)` for what the lesson is about
    ranking                     `- text`, in the order that fits; learners see them in another
    sketch val_loss val_accuracy to 0.6     the end of the loss's axis, which may be missing
"""
from __future__ import annotations

import hashlib
import math
import re
from typing import Any

from dlviz.errors import LessonError
from dlviz.lessons.lesson import FORMS, Option, Question
from dlviz.lessons.places import FilePlace
from dlviz.translation import _

CURVES = {"train_loss": _("training loss"), "val_loss": _("validation loss"),
          "train_accuracy": _("training accuracy"), "val_accuracy": _("validation accuracy")}
MAX_OPTIONS = 8
POINTS = 24  # of a sketched curve, from the first step to the last
_NUMBER = re.compile(r"number\s+(-?\d+(?:\.\d+)?)\s+to\s+(-?\d+(?:\.\d+)?)(?:\s+(.+))?")
_OPTION = re.compile(r"[-*]\s+(\(x\)\s*)?(.+)")


def read(form: str, lines: list[str], place: FilePlace) -> tuple[Question, list[str]]:
    """The question, and the lines without its options. LessonError for a form that there is not."""
    word = form.split()[0]
    place.known(word, FORMS, "form of a question")
    if word == "number":
        return _number(form, place), lines
    if word == "sketch":
        return _sketch(form, place), lines
    options, rest = options_of(lines)
    if not 2 <= len(options) <= MAX_OPTIONS:
        raise place.wrong(_("the {word}", word=word),
                          _("has 2 to {most} lines that begin with a hyphen", most=MAX_OPTIONS),
                          _("it has {count}", count=len(options)), _("Write one for each answer."))
    return Question("choice" if word == "choice" else "ranking", options=options), rest


def options_of(lines: list[str]) -> tuple[tuple[Option, ...], list[str]]:
    """The answers to choose from, and the lines without them."""
    found = [match for line in lines if (match := _OPTION.fullmatch(line.strip()))]
    return tuple(map(_option, found)), [line for line in lines if not _OPTION.fullmatch(line.strip())]


def _number(form: str, place: FilePlace) -> Question:
    match = _NUMBER.fullmatch(form.strip())
    if match is None or float(match[1]) >= float(match[2]):
        raise place.wrong(_("the question {form!r}", form=form[:60]), _("is written as: number 0 to 5 digits"),
                          _("it is not"), _("Write the lowest and the highest answer and the unit."))
    return Question("number", float(match[1]), float(match[2]), match[3] or "")


def _sketch(form: str, place: FilePlace) -> Question:
    """`sketch val_loss`, or `sketch val_loss to 0.6`, where the axis ends."""
    names, _to, top = form.partition(" to ")
    if top and not re.fullmatch(r"\d+(\.\d+)?", top.strip()):
        raise place.wrong(_("the end of the axis {top!r}", top=top[:40]), _("is a number"), _("it is none"),
                          _("Write sketch val_loss to 0.6."))
    return Question("sketch", high=float(top) if top else 0.0, curves=_curves(names.split()[1:], place))


def _curves(names: list[str], place: FilePlace) -> tuple[str, ...]:
    if not names:
        raise place.wrong(_("the sketch"), _("names what is drawn ({names})", names=", ".join(CURVES)),
                          _("it names nothing"), _("Write sketch val_loss, for instance."))
    return tuple(place.known(name, CURVES, "curve") for name in names)


def _option(match: re.Match[str]) -> Option:
    text, _, reply = match[2].partition("::")
    return Option(text.strip(), reply.strip(), match[1] is not None)


def shuffled(question: Question) -> tuple[int, ...]:
    """Places of a ranking's options in the order in which they are offered: the same for everybody, not what fits."""
    places = range(len(question.options))
    order = sorted(places, key=lambda at: hashlib.sha256(question.options[at].text.encode()).digest())
    return tuple(order if order != list(places) else order[1:] + order[:1])


def checked(question: Question, answer: Any) -> Any:
    """The answer as it is stored: a number, the place of an option, places in order, or curves of numbers 0 to 1.

    LessonError for what is none.
    """
    good = {"number": _is_number, "choice": _is_choice, "ranking": _is_ranking, "sketch": _is_sketch}[question.form]
    if not good(question, answer):
        raise LessonError(_("An answer"), _("must be the {form} that the step asks for", form=question.form),
                          _("it is {answer!r}", answer=str(answer)[:60]), _("Answer again."))
    return answer


def _is_number(question: Question, answer: Any) -> bool:
    return isinstance(answer, int | float) and not isinstance(answer, bool) and math.isfinite(answer) \
        and question.low <= answer <= question.high


def _is_choice(question: Question, answer: Any) -> bool:
    return type(answer) is int and 0 <= answer < len(question.options)


def _is_ranking(question: Question, answer: Any) -> bool:
    return isinstance(answer, list) and all(type(at) is int for at in answer) \
        and sorted(answer) == list(range(len(question.options)))


def _is_sketch(question: Question, answer: Any) -> bool:
    """A list of `POINTS` heights for each curve, None where nothing was drawn."""
    return isinstance(answer, dict) and set(answer) <= set(question.curves) and bool(answer) and all(
        isinstance(curve, list) and len(curve) == POINTS and all(map(_is_height, curve)) for curve in answer.values())


def _is_height(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1)
