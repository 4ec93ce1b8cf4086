"""Interface texts that can be translated: English source strings, looked up in a catalogue whenever they are read.

A page's texts are the attributes of one class in its `texts.py`, each marked by `_()`, or by `_n()` where it counts,
so that xgettext finds them (`--keyword=_n:1,2`). Reading an attribute, or calling it with a count, translates it: a
catalogue can differ by session, and no page has to know. Knows no page.

What a layer, a task, an optimizer or a preset says of itself stands there as plain English: `declares` and `declared`
translate it where it is read, and `DECLARED` lists it for translators (`translations/template.py`).
"""
from __future__ import annotations

import string
from collections.abc import Callable, Hashable, Mapping, Sequence
from gettext import NullTranslations
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Kind = TypeVar("Kind")
_SOURCE = NullTranslations()  # gives each text as it stands in the source
DECLARED: dict[str, str] = {}  # plain English of declarations -> the class that says it


def _source() -> NullTranslations:
    return _SOURCE


__all__ = ["DECLARED", "CountedText", "Declared", "Text", "TextTable", "_", "_n", "at_start", "catalogue", "declared",
           "declares", "install", "language", "listed", "listing", "numeral", "sentence", "table", "translated",
           "within"]
_current: Callable[[], NullTranslations] = _source


def install(current: Callable[[], NullTranslations] = _source) -> None:
    """From now on `current()` says which catalogue counts; it is asked at each text, so it may go by the session."""
    global _current
    _current = current


def catalogue() -> NullTranslations:
    """The catalogue that counts now: a part of the key where texts are remembered for several sessions."""
    return _current()


def language() -> str:
    """The code of the current language, such as 'en' or 'de'."""
    return _current().info().get("language", "en")


def numeral(text: str) -> str:
    """A number as Python writes it, '1,234.5', with the signs of the current language: '1.234,5'."""
    signs = _current().info()
    if "x-decimal-point" not in signs:
        return text
    return text.translate({ord("."): signs["x-decimal-point"], ord(","): signs.get("x-thousands-separator", "")})


def within(heading: str) -> str:
    """A heading in the middle of a line: in small letters, but where the language writes nouns large."""
    return heading if "x-large-nouns" in _current().info() else heading.lower()


def at_start(text: str) -> str:
    """A text at the start of a line: with a capital."""
    return text[:1].upper() + text[1:]


class _Numerals(string.Formatter):
    """Fills places in as `str.format` does, numbers in the current language."""

    def format_field(self, value: Any, format_spec: str) -> str:
        written = super().format_field(value, format_spec)
        return numeral(written) if isinstance(value, int | float) else written


class Phrase(str):
    """A text in a language other than the source's: its numbers are filled in as they are written there."""

    __slots__ = ()

    def format(self, *values: object, **named: object) -> str:
        return _Numerals().vformat(self, values, named)


def _phrase(text: str) -> str:
    return text if _current() is _SOURCE else Phrase(text)


def translated(source: str) -> str:
    """A plain English text of a declaration, in the current language; an empty one stays empty."""
    return _phrase(_current().gettext(source)) if source else ""


class Text:
    """One English source string; read as an attribute of a class of texts it is a `str` in the current language."""

    def __init__(self, source: str):
        self.source = source

    def __str__(self) -> str:
        return _phrase(_current().gettext(self.source))

    def __get__(self, owner: object, kind: type | None = None) -> str:
        return str(self)


class CountedText:
    """An English source string in its two forms; called with a count it is the `str` that the language has for it."""

    def __init__(self, one: str, many: str):
        self.one, self.many = one, many

    def __call__(self, count: int, **values: object) -> str:
        """The text for so many, `{count}` and its other places filled in."""
        return _phrase(_current().ngettext(self.one, self.many, count)).format(count=count, **values)


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


TWO, MORE = _("{first} and {last}"), _("{first}, {rest}")


def listing(names: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and c', in the current language; empty for none."""
    if len(names) < 2:
        return "".join(names)
    if len(names) == 2:
        return str(TWO).format(first=names[0], last=names[1])
    return str(MORE).format(first=names[0], rest=listing(names[1:]))


def table(texts: Mapping[Key, Text]) -> TextTable[Key]:
    """Several texts that are chosen by a key."""
    return TextTable(texts)


# what declarations say of themselves

def declares(kind: type, *names: str) -> None:
    """Translate what a class says in these attributes, and in the first line of its docstring, where they are read."""
    if not kind.__name__.startswith("_"):
        listed(kind, _first_line(kind))
    for name in names:
        source = vars(kind).get(name)
        if isinstance(source, str) and source:
            listed(kind, source)
            setattr(kind, name, Text(source))


def sentence(kind: type) -> str:
    """The first line of a class's docstring, in the current language."""
    return translated(_first_line(kind))


class Declared:
    """An attribute of instances that is written as plain English and read in the current language."""

    def __init__(self, home: type, name: str):
        self._home, self._name = home, name

    def __get__(self, owner: object | None, kind: type | None = None) -> str:
        return translated(vars(owner)[self._name]) if owner is not None else ""

    def __set__(self, owner: object, source: str) -> None:
        listed(self._home, source)
        vars(owner)[self._name] = source


def declared(*names: str) -> Callable[[type[Kind]], type[Kind]]:
    """Of a dataclass: these attributes are written as plain English and read in the current language."""
    def give(kind: type[Kind]) -> type[Kind]:
        for name in names:
            setattr(kind, name, Declared(kind, name))
        return kind

    return give


def listed(kind: type, source: str) -> None:
    """Name a text that a declaration gives for translators."""
    if source:
        DECLARED.setdefault(source, f"{kind.__module__}.{kind.__qualname__}")


def _first_line(kind: type) -> str:
    return (kind.__doc__ or "").strip().split("\n")[0].strip()
