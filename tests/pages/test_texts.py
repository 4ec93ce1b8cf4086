"""The interface's texts: each page's stand in one file, fit the values that are filled in, and can be translated."""
from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from gettext import NullTranslations
from importlib import import_module
from pathlib import Path

import pytest

from dlviz import translation
from dlviz.translation import Text, TextTable

ROOT = Path(__file__).parents[2]
HOMES = {path.parent.name: path.parent for path in (*(ROOT / "pages" / "ui").glob("*/texts.py"),
                                                    ROOT / "dlviz" / "views" / "texts.py")}
PAGES = sorted(HOMES)


class Swedish(NullTranslations):
    def gettext(self, message: str) -> str:
        return {"Pause": "Pausa"}.get(message, message)


def catalogue(page: str) -> type:
    return type(import_module(module(page)).texts)


def module(page: str) -> str:
    return ".".join((HOMES[page] / "texts").relative_to(ROOT).parts)


def sources(page: str) -> dict[str, str | None]:
    """Each text of a page by its name; of a table none."""
    return {name: value.source if isinstance(value, Text) else None for name, value in vars(catalogue(page)).items()
            if isinstance(value, (Text, TextTable))}


def uses(page: str) -> Iterator[tuple[str, str, set[str] | None]]:
    """Where a page's files read a text: the place, its name, and the names that are filled in, if any."""
    for path in [*HOMES[page].glob("*.py"), *(ROOT / "pages").glob(f"{page}.py")]:
        tree = ast.parse(path.read_text())
        if not any(isinstance(node, ast.ImportFrom) and node.module == module(page) for node in tree.body):
            continue
        filled = {node.func.value: {word.arg for word in node.keywords} for node in ast.walk(tree)
                  if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "texts":
                yield f"{path.name}:{node.lineno}", node.attr, filled.get(node)


@pytest.mark.parametrize("page", PAGES)
def test_each_text_gets_the_values_that_stand_in_its_braces(page: str):
    known = sources(page)
    for place, name, filled in uses(page):
        assert name in known, f"{place}: texts.{name} is not in {module(page)}"
        if filled is not None:
            wanted = {field.split(".")[0] for _, field, _, _ in string.Formatter().parse(known[name] or "") if field}
            assert wanted == filled, f"{place}: texts.{name}"


@pytest.mark.parametrize("page", PAGES)
def test_no_text_is_left_over(page: str):
    read = {name for _, name, _ in uses(page)}
    files = [path for folder in ("pages", "dlviz/views") for path in (ROOT / folder).rglob("*.py")]
    elsewhere = "".join(path.read_text() for path in files)
    assert [name for name in sources(page) if name not in read and f".{name}" not in elsewhere] == []


def test_a_catalogue_changes_what_is_read_and_nothing_else():
    class Sample:
        PAUSE = translation._("Pause")
        STEP = translation._("Step {step:,}")
        STATES = translation.table({"paused": translation._("Pause"), "done": translation._("Done")})

    texts = Sample()
    assert texts.PAUSE == "Pause" and texts.STATES == {"paused": "Pause", "done": "Done"}
    try:
        translation.install(Swedish)
        assert texts.PAUSE == "Pausa" and texts.STATES == {"paused": "Pausa", "done": "Done"}
        assert texts.STEP.format(step=1200) == "Step 1,200"
    finally:
        translation.install()
    assert texts.PAUSE == "Pause"
