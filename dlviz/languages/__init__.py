"""The languages of the interface: English, and one for each `.po` file in this folder. Knows no session.

    nearest("de-AT")      the language that suits a browser of this locale: "de"
    catalogue("de")       its texts, as `gettext` reads them
    NAMES                 languages by code, each called as it calls itself
"""
from __future__ import annotations

import io
from functools import cache
from gettext import GNUTranslations, NullTranslations, c2py
from pathlib import Path
from typing import Any

from dlviz.languages import po

HOME = Path(__file__).parent
ENGLISH = "en"
FORMS = 200  # counts whose plural form is worked out: beyond, the last two digits say it in every language

_source = NullTranslations()


@cache
def _entries(language: str) -> tuple[po.Entry, ...]:
    return tuple(po.read((HOME / f"{language}.po").read_text(encoding="utf-8")))


@cache
def catalogue(language: str) -> NullTranslations:
    """The texts of a language; of one that there is not, the source's own English."""
    if language == ENGLISH or language not in NAMES:
        return _source
    return GNUTranslations(io.BytesIO(po.compiled(_entries(language))))


def nearest(locale: str | None) -> str:
    """The language for a locale such as 'de-AT' or 'de_DE.UTF-8'; English where there is none."""
    code = (locale or "").replace("_", "-").split("-")[0].lower()
    return code if code in NAMES else ENGLISH


@cache
def for_browsers(language: str) -> dict[str, Any]:
    """What the browser's scripts say in a language, with what numbers and plural forms look like there.

    `forms` has a digit for each count below `FORMS`: which of a text's forms it takes.
    """
    texts = {entry.one: entry.forms if entry.many else entry.forms[0]
             for entry in _entries(language) if entry.done and any(map(_of_a_script, entry.places))}
    head = po.header(_entries(language))
    form = c2py(head["plural-forms"].partition("plural=")[2].rstrip("; "))
    return {"language": language, "texts": texts, "forms": "".join(str(form(count)) for count in range(FORMS)),
            "largeNouns": "x-large-nouns" in head}


def _of_a_script(place: str) -> bool:
    return place.startswith(("static/", "web/"))


def _names() -> dict[str, str]:
    """English first, then the others by code."""
    found = {path.stem: po.header(_entries(path.stem)).get("x-name", path.stem) for path in sorted(HOME.glob("*.po"))}
    return {ENGLISH: "English"} | found


NAMES = _names()
