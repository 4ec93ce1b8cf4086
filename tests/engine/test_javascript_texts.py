"""A component's texts stand in its texts.js: each is used, each that is used is there, and its places are filled in."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

from dlviz.layers import CATALOGUE

STATIC = Path(__file__).parents[2] / "static"
CANVAS = STATIC.parent / "web" / "canvas" / "src" / "texts.ts"
LISTS = [*sorted(STATIC.glob("*/texts.js")), CANVAS]
ENTRY = re.compile(r"^  ([A-Z][A-Z0-9_]*): (.*?)(?=^  [A-Z][A-Z0-9_]*: |^\}\))", re.M | re.S)
USE = re.compile(r"\btexts\.([A-Z][A-Z0-9_]*)")
FILLED = re.compile(r"\bfill\(texts\.([A-Z][A-Z0-9_]*)(\([^()]*\))?, \{((?:[^{}]|\{[^{}]*\})*)\}")


def entries(path: Path) -> dict[str, str]:
    return dict(ENTRY.findall(path.read_text(encoding="utf-8")))


def code(path: Path) -> str:
    """All the component's own files but its list, without comments."""
    files = (file for file in sorted(path.parent.iterdir()) if file != path and file.suffix in (".js", ".ts", ".tsx"))
    return "\n".join(re.sub(r"^\s*//.*$", "", file.read_text(encoding="utf-8"), flags=re.M) for file in files)


def named(body: str) -> set[str]:
    """The names of an object's entries: `{ name, place: at + 1 }` gives name and place."""
    flat = re.sub(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|`[^`]*`", "", re.sub(r"\([^()]*\)", "", body))
    return {entry.split(":")[0].strip() for entry in flat.split(",") if entry.strip()}


def test_there_are_lists():
    assert len(LISTS) > 5 and all(map(entries, LISTS))


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.parent.name)
def test_each_text_is_used_and_each_that_is_used_is_there(path: Path):
    assert set(USE.findall(code(path))) == set(entries(path))


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.parent.name)
def test_each_text_gets_the_values_that_stand_in_its_braces(path: Path):
    known = entries(path)
    for name, counted, body in FILLED.findall(code(path)):
        places = set(re.findall(r"\{(\w+)\}", known[name])) - ({"count"} if counted else set())
        assert named(body) == places, f"{path.parent.name}/texts.js: {name}"


def test_every_component_that_speaks_has_a_list():
    speaks = re.compile(r"^const \{[^}]*\btexts\b[^}]*\} = await import", re.M)
    homes = {path.parent for path in STATIC.glob("*/*.js") if speaks.search(path.read_text(encoding="utf-8"))}
    assert homes == {path.parent for path in LISTS if path != CANVAS}


def test_no_layer_kind_is_a_literal():
    """What a layer is for others Python sends: the catalogue has it."""
    kinds = "|".join(map(re.escape, CATALOGUE))
    literal = re.compile(rf"[\"'`](?:{kinds})[\"'`]|\b(?:{kinds})\b\s*:")
    found = {path.parent.name: literal.findall(code(path)) for path in LISTS}
    assert {name: kinds for name, kinds in found.items() if kinds} == {}


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.parent.name)
def test_each_text_is_marked(path: Path):
    """A string that stands unmarked has no words: a key's sign, a formula."""
    text = re.sub(r"//.*$", "", path.read_text(encoding="utf-8"), flags=re.M)
    bare = re.sub(r"_n?\((?:\s*\"(?:[^\"\\]|\\.)*\"[\s,+]*)+\)", "", text)
    strings = re.findall(r"\"((?:[^\"\\]|\\.)*)\"", bare)
    assert [s for s in strings if re.search(r"[A-Za-z]{3}", s) and not s.endswith((".js", ".ts"))] == []
