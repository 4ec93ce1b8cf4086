"""Interface texts that can be translated: English source strings, looked up in a catalogue whenever they are read.

A page's texts are the attributes of one class in its `texts.py`, each marked by `_()`, or by `_n()` where it counts,
so that xgettext finds them (`--keyword=_n:1,2`). Reading an attribute, or calling it with a count, translates it: a
catalogue can differ by session, and no page has to know. Knows no page.

What a layer, a task, an optimizer or a preset says of itself stands there as plain English: `declares` and `declared`
translate it where it is read, and `DECLARED` lists it for translators (`translations/template.py`).

What is said of one run or one design, a finding or an error, is a `FilledText`: `_("It has {count} weights.", count=3)`
keeps its places apart from its text, so that one that was made in another process, or for another session, is read in
the language of whoever reads it.
"""
from __future__ import annotations

import string
from collections.abc import Callable, Hashable, Mapping, Sequence
from gettext import NullTranslations
from numbers import Number
from typing import Any, Generic, TypeVar, overload

Key = TypeVar("Key", bound=Hashable)
Kind = TypeVar("Kind")
_SOURCE = NullTranslations()  # gives each text as it stands in the source
DECLARED: dict[str, str] = {}  # plain English of declarations -> the class that says it


def _source() -> NullTranslations:
    return _SOURCE


__all__ = ["DECLARED", "CountedText", "Declared", "FilledText", "Text", "TextTable", "Words",
           "_", "_n", "catalogue", "declared", "declares", "in_a_row", "install", "language", "listed", "listing",
           "numeral", "sentence", "series", "table", "translated"]
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

    def filled(self, **values: object) -> FilledText:
        """The same with its places filled in."""
        return FilledText(self.source, values)

    def __str__(self) -> str:
        return _phrase(_current().gettext(self.source))

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __get__(self, owner: object, kind: type | None = None) -> str:
        return str(self)


class FilledText:
    """A text with its places filled in, as a value: a `str` in the language that counts whenever it is made one.

    Args:
        source: the English, `{name}` for each place.
        values: what stands in the places; texts and messages among them are translated too.
        many: the English for a `count` other than one; empty where nothing is counted.
    """

    def __init__(self, source: str, values: Mapping[str, object], many: str = ""):
        self.source, self.many = source, many
        self.values = {name: value if isinstance(value, (str, Number, Text, FilledText)) else str(value)
                       for name, value in values.items()}  # nothing that cannot go to another process

    def __str__(self) -> str:
        count, current = self.values.get("count"), _current()
        text = current.ngettext(self.source, self.many, count) if self.many and isinstance(count, int) \
            else current.gettext(self.source)
        return _phrase(text).format(**self.values)

    @property
    def english(self) -> str:
        """For what is written in English whoever reads it: code, files."""
        return self.source.format(**self.values)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FilledText) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((self.source, self.many))

    def __repr__(self) -> str:
        return repr(str(self))


Words = str | Text | FilledText  # what is said; a plain `str` is not translated: a name, a number, what a library says


class CountedText:
    """An English source string in its two forms; called with a count it is the `str` that the language has for it."""

    def __init__(self, one: str, many: str):
        self.one, self.many = one, many

    def __call__(self, count: int, **values: object) -> str:
        """The text for so many, `{count}` and its other places filled in."""
        return str(self.filled(count=count, **values))

    def filled(self, *, count: int, **values: object) -> FilledText:
        """The same with its places filled in."""
        return FilledText(self.one, {"count": count, **values}, self.many)


class TextTable(Generic[Key]):
    """Texts by key; read as an attribute it is a dictionary of `str` in the current language."""

    def __init__(self, texts: Mapping[Key, Text]):
        self._texts = dict(texts)

    def __get__(self, owner: object, kind: type | None = None) -> dict[Key, str]:
        return {key: str(text) for key, text in self._texts.items()}


@overload
def _(source: str, /) -> Text: ...
@overload
def _(source: str, /, **values: object) -> FilledText: ...
def _(source: str, /, **values: object) -> Text | FilledText:
    """Mark a text of the interface for translation; with values for its places it is a filled one."""
    return FilledText(source, values) if values else Text(source)


@overload
def _n(one: str, many: str, /) -> CountedText: ...
@overload
def _n(one: str, many: str, /, *, count: int, **values: object) -> FilledText: ...
def _n(one: str, many: str, /, **values: object) -> CountedText | FilledText:
    """Mark a text that counts for translation; `{count}` is the number."""
    return FilledText(one, values, many) if values else CountedText(one, many)


def listing(names: Sequence[Words]) -> str:
    """'a', 'a and b', 'a, b and c', in the current language; empty for none."""
    return str(series(names))


def series(names: Sequence[Words]) -> Words:
    """The same as a value, for a place in a message."""
    if len(names) < 2:
        return names[0] if names else ""
    if len(names) == 2:
        return _("{first} and {last}", first=names[0], last=names[1])
    return _("{first}, {rest}", first=names[0], rest=series(names[1:]))


def in_a_row(parts: Sequence[Words]) -> Words:
    """'a, b, c' as a value: parts that no 'and' joins; empty for none."""
    if len(parts) < 2:
        return parts[0] if parts else ""
    return _("{first}, {rest}", first=parts[0], rest=in_a_row(parts[1:]))


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
