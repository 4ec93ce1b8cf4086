"""All lessons: those that ship, and those in the folder `lessons` of the data folder. A lesson is a folder with a
`lesson.md`, or a file `name.md` by itself. One that cannot be read is left out, and says why."""
from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dlviz import settings
from dlviz.errors import LessonError
from dlviz.lessons import reading
from dlviz.lessons.lesson import UNITS, Lesson

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
    raise LessonError(f"The lesson {lesson[:60]!r}", "is one that this dlviz has", "there is none of this name",
                      "Choose another from the page Learn.")


def source(lesson: str) -> str:
    """The file of this lesson, as it is written. LessonError when there is none."""
    get(lesson)
    for path in (*_own_files(), *_shipped_files()):
        if any(one.id == lesson for one in _good(iter((path,)))):
            return path.read_text(encoding="utf-8")
    raise LessonError(f"The lesson {lesson[:60]!r}", "is one that this dlviz has", "its file has gone",
                      "Choose another.")


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
    by_unit = {title: tuple(one for one in found if one.unit == unit) for unit, title in UNITS.items()}
    return {title: some for title, some in by_unit.items() if some}


def troubles() -> tuple[str, ...]:
    """Why files in one's own folder are no lessons, a sentence each."""
    return tuple(one.sentence for one in _read(_own_files()) if isinstance(one, LessonError))


def _shipped_files() -> Iterator[Path]:
    yield from sorted(SHIPPED.glob(f"*/{FILE}"))


def _own_files() -> Iterator[Path]:
    folder = own_folder()
    found = [*folder.glob(f"*/{FILE}"), *(path for path in folder.glob("*.md") if path.name.count(".") == 1)]
    yield from sorted(found)[:MOST]


def _good(paths: Iterator[Path]) -> Iterator[Lesson]:
    for one in _read(paths):
        if isinstance(one, Lesson):
            yield one


def _read(paths: Iterator[Path]) -> Iterator[Lesson | LessonError]:
    for path in paths:
        try:
            key = path, path.stat().st_mtime_ns
        except OSError:
            continue  # deleted meanwhile
        with _lock:
            if key not in _files.lessons:
                _files.lessons[key] = _one(path)
            found = _files.lessons[key]
        yield found


def _one(path: Path) -> Lesson | LessonError:
    shipped = SHIPPED in path.parents
    name = f"{path.parent.name}/{path.name}" if path.name == FILE else path.name
    try:
        return reading.read(path.read_text(encoding="utf-8"), name, not shipped)
    except LessonError as error:
        if shipped:
            raise
        return error
    except (OSError, UnicodeDecodeError) as error:
        return LessonError(f"The lesson {name}", "must be a text that can be read", f"it cannot ({error})",
                           "Save it as UTF-8 in this folder.")
