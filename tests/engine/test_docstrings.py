"""What users and contributors call says what it takes and gives: docstrings, with shapes where arrays go through."""
from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from torch import nn

import dlviz

ROOT = Path(__file__).parents[2]
FOLDERS = ("export", "figures", "inspect", "probes")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / "dlviz" / folder).glob("*.py"))
MODULES = sorted(path for path in (ROOT / "dlviz").rglob("*.py") if "nn." in path.read_text())
SHAPE = re.compile(r"`\([A-Z*][^`]*,[^`]*\)`")  # `(B, T, D)`, `(B, *in_shape)`, `(B, ...)`

Declaration = ast.FunctionDef | ast.ClassDef


def public(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, Declaration]]:
    """Functions, classes and methods whose names have no underscore in front, but for the members of protocols."""
    for node in body:
        if isinstance(node, Declaration) and not node.name.startswith("_"):
            yield f"{prefix}{node.name}", node
            if isinstance(node, ast.ClassDef) and not any(ast.unparse(base) == "Protocol" for base in node.bases):
                yield from public(node.body, f"{prefix}{node.name}.")


def undocumented(tree: ast.Module) -> list[str]:
    return [name for name, node in public(tree.body) if not ast.get_docstring(node)]


def own_modules() -> list[type[nn.Module]]:
    """dlviz's own classes of modules, those for exported code too."""
    found = {value for path in MODULES
             for value in vars(import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))).values()
             if inspect.isclass(value) and issubclass(value, nn.Module) and value.__module__.startswith("dlviz.")}
    return sorted(found, key=lambda cls: (cls.__module__, cls.__name__))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_all_that_is_public_has_a_docstring(path: Path):
    assert undocumented(ast.parse(path.read_text())) == []


@pytest.mark.parametrize("name", [name for name in dlviz.__all__ if name != "__version__"])
def test_the_surface_of_the_package_has_docstrings(name: str):
    value = getattr(dlviz, name)
    assert inspect.getdoc(value)
    if inspect.isclass(value):
        tree = ast.parse(inspect.getsource(value))
        assert undocumented(tree) == []


@pytest.mark.parametrize("cls", own_modules(), ids=lambda cls: f"{cls.__module__}.{cls.__name__}")
def test_what_a_module_computes_has_shapes(cls: type[nn.Module]):
    assert SHAPE.search(inspect.getdoc(cls.forward) or ""), f"{cls.__name__}.forward says no shape"


def test_the_walk_finds_what_it_looks_for():
    tree = ast.parse("def a(): pass\nclass B:\n    def c(self): pass\n    def _d(self): pass\n"
                     "class E(Protocol):\n    '''E.'''\n    def f(self): ...")
    assert undocumented(tree) == ["a", "B", "B.c"]
    assert {"Attention", "Network", "TimeConv1d", "ReadingLSTM"} <= {cls.__name__ for cls in own_modules()}
    assert not SHAPE.search("a forward pass (Vaswani, 2017)")
