"""Things say what they are: no kind is named outside its own file, no module is asked for its torch class elsewhere.

A layer's, an optimizer's or a schedule's kind is a literal in the file that declares it. Who needs a layer asks the
catalogue for one that does what is needed (`layers.converter`, `layers.projection`, `layers.first`), and what a module
is for others is asked of its declaration (`layers.of`).
"""
from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest
from torch import nn

from dlviz.layers import CATALOGUE
from dlviz.optimizers import OPTIMIZERS
from dlviz.schedules import SCHEDULES

ROOT = Path(__file__).parents[2]
FILES = sorted(path for folder in ("dlviz", "pages") for path in (ROOT / folder).rglob("*.py"))
HOMES = {kind: Path(inspect.getfile(cls)) for kinds in (CATALOGUE, OPTIMIZERS, SCHEDULES)
         for kind, cls in kinds.items()}
NAMED = {  # designs and files that people made are written in kinds
    "dlviz/presets/", "dlviz/studies/presets.py",  # named Experiments
    "dlviz/versions.py",  # what files of version 1 call schedules
}


def place(path: Path) -> str:
    return str(path.relative_to(ROOT))


def foreign_kinds(tree: ast.AST, path: Path) -> Iterator[str]:
    """Literals that are the kind of something which another file declares."""
    exported = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Assign)
                and ast.unparse(node.targets[0]) == "__all__" for part in ast.walk(node)}
    for node in ast.walk(tree):
        literal = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in exported
        if literal and HOMES.get(node.value, path) != path:
            yield f"{place(path)}:{node.lineno}: {node.value!r}"


def is_layer(name: str) -> bool:
    found = getattr(nn, name, None)
    return isinstance(found, type) and issubclass(found, nn.Module) and found is not nn.Module


def classes(node: ast.AST) -> list[str]:
    """Names of torch's layers in an expression."""
    return [part.attr for part in ast.walk(node)
            if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "nn"
            and is_layer(part.attr)]


def asked(tree: ast.AST, path: Path) -> Iterator[str]:
    """Places that ask whether something is one of torch's layers."""
    for node in ast.walk(tree):
        found: list[str] = []
        match node:
            case ast.Call(func=ast.Name(id="isinstance" | "issubclass"), args=[_, kind]):
                found = classes(kind)
            case ast.Compare(ops=[ast.Is() | ast.IsNot() | ast.Eq() | ast.NotEq() | ast.In()], comparators=others):
                found = [name for other in others for name in classes(other)]
            case ast.MatchClass(cls=kind):
                found = classes(kind)
        yield from (f"{place(path)}:{getattr(node, 'lineno', 0)}: nn.{name}" for name in found)


def outside(*free: str) -> list[Path]:
    return [path for path in FILES if not place(path).startswith(free)]


@pytest.mark.parametrize("path", outside(*NAMED), ids=place)
def test_a_kind_is_named_in_its_own_file_only(path: Path):
    assert list(foreign_kinds(ast.parse(path.read_text()), path)) == [], "ask the catalogue for what is needed"


@pytest.mark.parametrize("path", outside("dlviz/layers/"), ids=place)
def test_nobody_asks_a_module_for_its_torch_class(path: Path):
    assert list(asked(ast.parse(path.read_text()), path)) == [], "ask its declaration: layers.of(module)"


def test_the_walk_finds_what_it_looks_for():
    code = ('if kind == "Softmax": pass\nisinstance(m, (nn.ReLU, nn.Linear))\ntype(m) is nn.Conv2d\n'
            "match m:\n    case nn.LSTM(): pass\nisinstance(m, nn.Module)")
    tree, here = ast.parse(code), FILES[0]
    assert [line.split(": ")[1] for line in foreign_kinds(tree, here)] == ["'Softmax'"]
    assert [line.split(": ")[1] for line in asked(tree, here)] == ["nn.ReLU", "nn.Linear", "nn.Conv2d", "nn.LSTM"]
    assert list(foreign_kinds(tree, HOMES["Softmax"])) == []
