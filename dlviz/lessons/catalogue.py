"""All lessons: those that ship, and those in the folder `lessons` of the data folder. A lesson is a folder with a
`lesson.md`, or a file `name.md` by itself. One that cannot be read is left out, and says why. Beside it its texts may
stand in other languages: `lesson.de.md`, `name.de.md`."""
from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from dlviz import settings, translation
from dlviz.errors import LessonError
from dlviz.lessons import reading, translating
from dlviz.lessons.lesson import UNITS, Lesson
from dlviz.translation import _

SHIPPED = Path(__file__).parent / "shipped"
FILE = "lesson.md"
MOST = 300  # own lessons that are looked at
SURE = 5.0  # seconds for which it is remembered whether a lesson seals

_lock = threading.Lock()


@dataclass
class _ReadFiles:
    """Lessons by file, with the moment that each was written: a file that has changed is read anew."""

    lessons: dict[tuple[Path, int], Lesson | LessonError] = field(
        default_factory=dict[tuple[Path, int], Lesson | LessonError])
    translations: dict[tuple[Path, int, int], Lesson | LessonError] = field(
        default_factory=dict[tuple[Path, int, int], Lesson | LessonError])
    seals: dict[str, tuple[float, bool]] = field(default_factory=dict[str, tuple[float, bool]])


_files = _ReadFiles()


def own_folder() -> Path:
    """Where lessons of one's own lie."""
    return settings.home() / "lessons"


def every() -> tuple[Lesson, ...]:
    """All lessons in order. One of one's own takes the place of one that ships and has its id."""
    found = {lesson.id: lesson for lesson in (*_good(_shipped_files()), *_good(_own_files()))}
    order = list(UNITS)
    return tuple(sorted(found.values(), key=lambda one: (order.index(one.unit), one.number, one.id)))


def get(lesson: str) -> Lesson:
    """The lesson of this id. LessonError when there is none."""
    for one in every():
        if one.id == lesson:
            return one
    raise LessonError(_("The lesson {lesson!r}", lesson=lesson[:60]), _("is one that this dlviz has"),
                      _("there is none of this name"), _("Choose another from the page Learn."))


def source(lesson: str) -> str:
    """The file of this lesson, as it is written. LessonError when there is none."""
    get(lesson)
    for path in (*_own_files(), *_shipped_files()):
        if any(one.id == lesson for one in _good(iter((path,)))):
            return path.read_text(encoding="utf-8")
    raise LessonError(_("The lesson {lesson!r}", lesson=lesson[:60]), _("is one that this dlviz has"),
                      _("its file has gone"),
                      _("Choose another."))


def seals(lesson: str) -> bool:
    """Whether the lesson of this id seals test results. Asked whenever somebody reads a run, so it is remembered."""
    now = time.monotonic()
    asked, found = _files.seals.get(lesson, (0.0, False))
    if now - asked > SURE:
        found = any(one.seals for one in every() if one.id == lesson)
        _files.seals[lesson] = now, found
    return found


def units() -> dict[str, tuple[Lesson, ...]]:
    """Lessons by the title of their unit, in order."""
    found = every()
    by_unit = {str(title): tuple(one for one in found if one.unit == unit) for unit, title in UNITS.items()}
    return {title: some for title, some in by_unit.items() if some}


def troubles() -> tuple[str, ...]:
    """Why files in one's own folder are no lessons, or no translations of one, a sentence each."""
    return tuple(one.sentence for one in _spoken(_own_files()) if isinstance(one, LessonError))


def _shipped_files() -> Iterator[Path]:
    yield from sorted(SHIPPED.glob(f"*/{FILE}"))


def _own_files() -> Iterator[Path]:
    folder = own_folder()
    found = [*folder.glob(f"*/{FILE}"), *(path for path in folder.glob("*.md") if path.name.count(".") == 1)]
    yield from sorted(found)[:MOST]


def _good(paths: Iterator[Path]) -> Iterator[Lesson]:
    for one in _spoken(paths):
        if isinstance(one, Lesson):
            yield one


def _spoken(paths: Iterator[Path]) -> Iterator[Lesson | LessonError]:
    """Lessons in the current language; one whose translation cannot be read without it, beside what is wrong."""
    for path, written, one in _read(paths):
        found = _translated(path, written, one) if isinstance(one, Lesson) else one
        if isinstance(one, Lesson) and isinstance(found, LessonError):
            yield one
        yield found


def _translated(path: Path, written: int, lesson: Lesson) -> Lesson | LessonError:
    """The lesson with the texts of the file beside it, where there is one in the current language."""
    file = path.with_name(f"{path.stem}.{translation.language()}.md")
    try:
        key = file, file.stat().st_mtime_ns, written
    except OSError:
        return lesson
    with _lock:
        if key not in _files.translations:
            _files.translations[key] = _one(file, lambda text, name: translating.translated(lesson, text, name))
        return _files.translations[key]


def _read(paths: Iterator[Path]) -> Iterator[tuple[Path, int, Lesson | LessonError]]:
    """Files with the moment that they were written at, and what is read from them."""
    for path in paths:
        try:
            key = path, path.stat().st_mtime_ns
        except OSError:
            continue  # deleted meanwhile
        with _lock:
            if key not in _files.lessons:
                _files.lessons[key] = _one(path, partial(reading.read, own=SHIPPED not in path.parents))
            found = _files.lessons[key]
        yield *key, found


def _one(path: Path, read: Callable[[str, str], Lesson]) -> Lesson | LessonError:
    shipped = SHIPPED in path.parents
    name = f"{path.parent.name}/{path.name}" if path.name.startswith("lesson.") else path.name
    try:
        return read(path.read_text(encoding="utf-8"), name)
    except LessonError as error:
        if shipped:
            raise
        return error
    except (OSError, UnicodeDecodeError) as error:
        return LessonError(_("The lesson {name}", name=name), _("must be a text that can be read"),
                           _("it cannot ({reason})", reason=error), _("Save it as UTF-8 in this folder."))
