"""A language that shares no letter with English: what is still in English is what nobody has translated.

Each text is its English one in letters of another width; places, tags, icons and code stay as they are.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations

from dlviz import translation

LETTERS = str.maketrans({chr(code): chr(code + 0xFEE0) for code in (*range(65, 91), *range(97, 123))})
SIGNS = re.compile(r"(%?\{[^{}]*\}|\{\{[^{}]*\}\}|<[^>]*>|:[a-z]+(?:/[a-z_]+)?:|`[^`]*`|\]\([^)]*\))")  # are no words
SENTENCE = re.compile(r"[A-Za-z][a-z']*(?:,? (?:[a-z']{2,}|a|I)){2,}")


def wide(text: str) -> str:
    """The text as the language has it."""
    return "".join(part if at % 2 else part.translate(LETTERS) for at, part in enumerate(SIGNS.split(text)))


class Wide(NullTranslations):
    def gettext(self, message: str) -> str:
        return wide(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return wide(msgid1 if n == 1 else msgid2)


@contextmanager
def spoken() -> Iterator[None]:
    """Everything is said in it."""
    catalogue = Wide()
    translation.install(lambda: catalogue)
    try:
        yield
    finally:
        translation.install()


def english(text: str) -> set[str]:
    """English words in a row, three and more."""
    return {found[0] for found in SENTENCE.finditer(text)}
