"""Texts to learn from: two that come with dlviz, and texts of a user's own, each under a key that follows from it.

An own text lies in the data folder, not in the experiment, which stays small. Knows no task.
"""
from __future__ import annotations

import gzip
import hashlib
import itertools
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import numpy as np

from dlviz import settings
from dlviz.errors import TaskError
from dlviz.translation import Words, _

BOOK, WORDS, OWN = "Pride and Prejudice", "English words", "own text"
FOLDER = Path(__file__).parent.parent / "data" / "texts"
MOST_BYTES, LEAST_CHARACTERS = 2_000_000, 2_000  # of an own text
MOST_STORED = 200_000_000  # bytes of all own texts on one server
MOST_MARKS = 30  # on one letter, as Unicode's annex 15 allows: to sort n of them takes n * n steps
KEY = re.compile(r"[0-9a-f]{16}")


@lru_cache(maxsize=4)
def shipped(name: str) -> str:
    """A text that comes with dlviz. Words stand in an order drawn by lot: in the alphabet's, one foretells the next."""
    if name == BOOK:
        return _unpacked("pride_and_prejudice")
    words = np.array(_unpacked("words").split())
    return "\n".join(np.random.default_rng(0).permutation(words).tolist()) + "\n"


def _unpacked(name: str) -> str:
    return gzip.decompress((FOLDER / f"{name}.txt.gz").read_bytes()).decode("utf-8")


def keep(text: str) -> str:
    """Keep a text that was read from a user; gives its key. TaskError where there is no room."""
    packed = text.encode("utf-8")
    path = _place(key := _key(text))
    if not path.exists():
        stored = sum(one.stat().st_size for one in path.parent.glob("*.txt"))
        if stored + len(packed) > MOST_STORED:
            raise _refuse(_("needs room among the {most:.0f} MB of own texts on this server", most=MOST_STORED / 1e6),
                          _("they are full"), _("Delete a text that nobody needs any more."))
        part = path.with_suffix(".part")
        part.write_bytes(packed)
        part.replace(path)
    return key


@contextmanager
def on_trial(text: str) -> Iterator[str]:
    """Keep it as `keep` does, unless a TaskError says within the block that nothing can be learned from it."""
    known = stored(_key(text))
    key = keep(text)
    try:
        yield key
    except TaskError:
        if not known:
            delete(key)
        raise


def clean(content: bytes) -> str:
    """What was pasted or uploaded as a text. TaskError in a sentence for what is no text to learn from."""
    text = decode(content, "An own text").replace("\t", " ")
    if len(text.strip()) < LEAST_CHARACTERS:
        raise _refuse(_("needs {most:,} characters or more to learn from", most=LEAST_CHARACTERS),
                      _("it has {count:,}", count=len(text.strip())), _("Take a longer one."))
    return text.strip() + "\n"


def decode(content: bytes, what: Words) -> str:
    """Bytes of a user as text, without control characters, lines ended in one way. TaskError about `what`."""
    if len(content) > MOST_BYTES:
        raise TaskError(what, _("may have {most:.0f} MB at most", most=MOST_BYTES / 1e6),
                        _("it has {count:.1f} MB", count=len(content) / 1e6), _("Take a part of it."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TaskError(what, _("must be text in UTF-8"), _("it is not"),
                        _("Save it as a .txt file, UTF-8.")) from error
    if (marks := _most_marks(text)) > MOST_MARKS:
        raise TaskError(what, _("may have {most} accents on a letter at most", most=MOST_MARKS),
                        _("it has {marks:,} on one", marks=marks), _("Take those out."))
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in text if letter in "\n\t" or letter.isprintable() or letter.isspace())


def _most_marks(text: str) -> int:
    """The most accents and other marks behind each other."""
    return max((sum(1 for _ in run) for marked, run in itertools.groupby(text, _is_mark) if marked), default=0)


@lru_cache(maxsize=4_096)
def _is_mark(letter: str) -> bool:
    """Some marks only show themselves when they are taken apart."""
    return unicodedata.combining(unicodedata.normalize("NFD", letter)[0]) > 0


def stored(key: str) -> bool:
    """Whether the own text of this key lies on this computer."""
    return bool(KEY.fullmatch(key)) and _place(key).is_file()


@lru_cache(maxsize=8)
def own(key: str) -> str:
    """The own text of this key. TaskError where it does not lie on this computer."""
    if not stored(key):
        raise missing()
    return _place(key).read_text("utf-8")


def delete(key: str) -> None:
    """Remove an own text from this computer; nothing where there is none."""
    if stored(key):
        _place(key).unlink(missing_ok=True)
        own.cache_clear()


def missing() -> TaskError:
    return _refuse(_("must lie on this computer, since a design carries only its key"), _("it does not"),
                   _("Paste or upload it again in the settings of the task."))


def _key(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def _place(key: str) -> Path:
    folder = settings.home() / "texts"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{key}.txt"


def _refuse(expected: Words, came: Words, fix: Words) -> TaskError:
    return TaskError(_("An own text"), expected, came, fix)
