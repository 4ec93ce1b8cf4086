"""A lesson that somebody makes: tried as a learner has it, sent as a link, copied from another, put on the server.

A lesson that is tried lies in `drafts` of the data folder, one for each owner, and nobody else has it. Knows no page.
"""
from __future__ import annotations

import base64
import re
import zlib
from dataclasses import replace
from pathlib import Path

from dlviz import bounds, files, settings
from dlviz.errors import LessonError
from dlviz.lessons import catalogue, reading
from dlviz.lessons.lesson import UNITS, Lesson
from dlviz.translation import _

TRIED = "tried"  # the id under which an owner's own draft is open
OWN = list(UNITS)[-1]


def draft_path(owner: str) -> Path:
    """Where the lesson lies that this owner tries."""
    return settings.home() / "drafts" / f"{owner}.md"


def try_out(owner: str, text: str) -> str:
    """Keep a lesson for its owner alone; the id under which it can be begun. LessonError for what is no lesson."""
    reading.read(text, "your lesson", own=True)
    _write(draft_path(owner), text)
    return TRIED


def get(lesson: str, owner: str) -> Lesson:
    """The lesson of this id, as this owner has it. LessonError when there is none."""
    if lesson != TRIED:
        return catalogue.get(lesson)
    try:
        text = draft_path(owner).read_text(encoding="utf-8")
    except OSError as error:
        raise LessonError(_("The lesson that you tried"), _("must be one that you have tried"), _("there is none"),
                          _("Try one from the page Learn.")) from error
    return replace(reading.read(text, "your lesson", own=True), id=TRIED)


def copied(lesson: str) -> str:
    """The file of a lesson as one of one's own: with another id and title, in the unit of own lessons. LessonError."""
    text = catalogue.source(lesson)
    front, fence, steps = text.partition("\n+++\n")
    front = re.sub(r'(?m)^id = "([^"]*)"', r'id = "\1-mine"', front, count=1)
    front = re.sub(r'(?m)^title = "([^"]*)"', r'title = "\1 (my copy)"', front, count=1)
    front = re.sub(r'(?m)^unit = "[^"]*"', f'unit = "{OWN}"', front, count=1)
    return front + fence + steps


def save(text: str) -> Lesson:
    """Put a lesson on the page Learn of this server, in place of one's own with the same id. LessonError."""
    made = reading.read(text, "your lesson", own=True)
    _write(catalogue.own_folder() / f"{made.id}.md", text)
    return made


def to_link(text: str) -> str:
    """A lesson's file as text for an address. LessonError where it is too long for one."""
    packed = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")
    if len(packed) > settings.MAX_LINK_BYTES:
        raise LessonError(_("This lesson"),
                          _("must fit into a link of {most:,} characters at most", most=settings.MAX_LINK_BYTES),
                          _("it needs {count:,}", count=len(packed)), _("Give the file instead."))
    return packed


def from_link(link: str) -> str:
    """The file that `to_link` was given. LessonError for a link that is cut or changed."""
    try:
        packed = base64.b64decode(link[:settings.MAX_LINK_BYTES].encode("ascii") + b"=" * (-len(link) % 4), b"-_",
                                  validate=True)
        plain = bounds.unpacked(packed, reading.MAX_BYTES)
        return (plain or b"").decode() or _unreadable(link)
    except ValueError:
        return _unreadable(link)


def _unreadable(link: str) -> str:
    raise LessonError(_("The link of a lesson"), _("must be as it was copied"),
                      _("this one cannot be read ({link} ...)", link=link[:20]),
                      _("Copy all of it."))


def _write(path: Path, text: str) -> None:
    try:
        files.replace(path, lambda partial: partial.write_text(text, encoding="utf-8"))
    except OSError as error:
        raise LessonError(_("The lesson"), _("must be kept in the data folder"),
                          _("it cannot ({reason})", reason=error.strerror),
                          _("Make room on the disk, or get the file.")) from error
