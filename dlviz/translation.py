"""Interface texts that can be translated: English source strings, looked up in a catalogue whenever they are read.

A page's texts are the attributes of one class in its `texts.py`, each marked by `_()`, or by `_n()` where it counts,
so that xgettext finds them (`--keyword=_n:1,2`). Reading an attribute, or calling it with a count, translates it: a
catalogue can differ by session, and no page has to know. Knows no page.
"""
from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from gettext import NullTranslations
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
_SOURCE = NullTranslations()  # gives each text as it stands in the source


def _source() -> NullTranslations:
    return _SOURCE


_current: Callable[[], NullTranslations] = _source


def install(current: Callable[[], NullTranslations] = _source) -> None:
    """From now on `current()` says which catalogue counts; it is asked at each text, so it may go by the session."""
    global _current
    _current = current


class Text:
    """One English source string; read as an attribute of a class of texts it is a `str` in the current language."""

    def __init__(self, source: str):
        self.source = source

    def __str__(self) -> str:
        return _current().gettext(self.source)

    def __get__(self, owner: object, kind: type | None = None) -> str:
        return str(self)


class CountedText:
    """An English source string in its two forms; called with a count it is the `str` that the language has for it."""

    def __init__(self, one: str, many: str):
        self.one, self.many = one, many

    def __call__(self, count: int, **values: object) -> str:
        """The text for so many, `{count}` and its other places filled in."""
        return _current().ngettext(self.one, self.many, count).format(count=count, **values)


class TextTable(Generic[Key]):
    """Texts by key; read as an attribute it is a dictionary of `str` in the current language."""

    def __init__(self, texts: Mapping[Key, Text]):
        self._texts = dict(texts)

    def __get__(self, owner: object, kind: type | None = None) -> dict[Key, str]:
        return {key: str(text) for key, text in self._texts.items()}


def _(source: str) -> Text:
    """Mark a text of the interface for translation."""
    return Text(source)


def _n(one: str, many: str) -> CountedText:
    """Mark a text that counts for translation; `{count}` is the number."""
    return CountedText(one, many)


def table(texts: Mapping[Key, Text]) -> TextTable[Key]:
    """Several texts that are chosen by a key."""
    return TextTable(texts)
