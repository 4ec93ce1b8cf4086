"""Names are the field's: classes have names of their own, and words that only we would use are no names at all."""
from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TWICE = {
    "Attention",  # exported code has a plain one in its place, and blocks call both by this name
}
FORBIDDEN = {"kept", "said", "seen", "heard", "told", "wanted", "truth", "whole", "share", "alone", "boldly", "knob",
             "nursery", "asleep", "likes", "sights"}
FILES = sorted([*(ROOT / "dlviz").rglob("*.py"), *(ROOT / "pages").rglob("*.py")])


def class_names() -> dict[str, list[str]]:
    found = defaultdict(list)
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(f"{path.relative_to(ROOT)}:{node.lineno}")
    return found


def names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Names of functions, classes, arguments, attributes, imports and variables, with their lines."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, node.lineno
            case ast.arg(arg=name) | ast.Name(id=name) | ast.Attribute(attr=name):
                yield name, node.lineno
            case ast.keyword(arg=str(name)) | ast.alias(asname=str(name)):
                yield name, node.lineno


def test_no_two_classes_share_a_name():
    twice = {name: places for name, places in class_names().items() if len(places) > 1}
    assert {name: places for name, places in twice.items() if name not in TWICE} == {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_names_are_the_fields(path: Path):
    found = [f"{path.relative_to(ROOT)}:{line}: {name}" for name, line in names(ast.parse(path.read_text()))
             if name.strip("_") in FORBIDDEN]
    assert found == []
