"""The interface speaks German wherever it speaks English: no text is missing, each has the places of the English one.

A language that is not complete yet would have its own list of what is awaited; German's is empty.
"""
from __future__ import annotations

import re
import string
from collections import Counter

import pytest

from dlviz import languages
from dlviz.languages import po
from tests.engine.test_template import tool  # noqa: F401

SOURCE = languages.HOME / "de.po"
AWAITED: frozenset[str] = frozenset()  # English texts whose German may come later; empty when a version is released
ENTRIES = [entry for entry in po.read(SOURCE.read_text(encoding="utf-8")) if entry.one]
SIGNS = re.compile(r":material/\w+:|:(?:red|blue|green|orange|small)\[|`[^`]*`|\$[^$]*\$|\*\*|^#+ ", re.M)
FORMAL = re.compile(r"\b\w+en Sie\b|(?<=[a-zäöüß,] )(?:Sie|Ihnen|Ihr(?:e[nmrs]?)?)\b")


def places(text: str) -> Counter[str]:
    """What is filled in, each with the form that it gets: 'step:,'. A count may be left out, or said in a word."""
    found = ((field, form) for _, field, form, _ in string.Formatter().parse(text) if field is not None)
    return Counter(f"{field}:{form}" for field, form in found if field != "count")


def test_each_text_has_a_german_one():
    missing = [entry.one for entry in ENTRIES if not entry.done and entry.one not in AWAITED]
    assert not missing, f"translate them in dlviz/languages/de.po, or enter them in AWAITED: {missing}"
    assert [entry.one for entry in ENTRIES if entry.fuzzy] == []
    assert set() == AWAITED - {entry.one for entry in ENTRIES if not entry.done}, "these are translated"


def test_the_file_has_the_texts_that_there_are(tool):
    def listed(entries) -> set[tuple[str, str, bool]]:
        return {(entry.one, entry.many, any(place.startswith(("static/", "web/")) for place in entry.places))
                for entry in entries}

    expected, found = listed(tool.entries()), listed(ENTRIES)
    assert (expected - found, found - expected) == (set(), set()), "run `python translations/template.py`"


def test_what_is_new_has_no_translation_yet_and_what_is_gone_is_left_out(tool, monkeypatch):
    monkeypatch.setattr(tool, "entries", lambda: [tool.Entry("New", places=["app.py:1", "app.py:7"]),
                                                  tool.Entry("{count} a", "{count} as", ["a.py:2"])])
    head = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=3; plural=0;\\n"\n\n'
    text = tool.brought_up_to_date(head + 'msgid "Old"\nmsgstr "A"')
    assert [(entry.one, entry.forms, entry.places) for entry in po.read(text)][1:] == [
        ("New", [""], ["app.py"]), ("{count} a", ["", "", ""], ["a.py"])]


def complaints(source: str, form: str) -> list[str]:
    """What is wrong with a German form of an English text."""
    ends = [(text[:1].isspace(), text[-1:].isspace()) for text in (source, form)]
    signs = [Counter(SIGNS.findall(text)) for text in (source, form)]
    found = {"other places": places(source) != places(form), "other signs": signs[0] != signs[1],
             "other spaces at its ends": ends[0] != ends[1], "formal": bool(FORMAL.search(form))}
    return [f"{form}: {name}" for name, wrong in found.items() if wrong]


def test_each_german_text_has_the_places_and_signs_of_the_english_one():
    found = [complaint for entry in ENTRIES if entry.done
             for source, form in zip((entry.one, entry.many or entry.one), entry.forms)
             for complaint in complaints(source, form)]
    assert found == []


@pytest.mark.parametrize(("source", "form"), [("{count} of {all}", "{count}"), ("**Go**", "Los"), ("Go ", "Los"),
                                              ("Click here.", "Klicken Sie hier.")])
def test_a_german_text_that_does_not_fit_is_found(source, form):
    assert len(complaints(source, form)) == 1


def test_the_check_finds_what_is_formal():
    assert FORMAL.search("Klicken Sie hier.") and not FORMAL.search("Klick hier. Sie lernen.")
