"""Short functions, short files: half of all functions have five lines or fewer, none has more than forty."""
from __future__ import annotations

import ast
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
MEDIAN, LONGEST, FILE = 5, 40, 300  # lines
CODE = [ROOT / "app.py", *(path for folder in ("dlviz", "pages") for path in sorted((ROOT / folder).rglob("*.py")))]
BUILT = ROOT / "static" / "canvas"  # of web/canvas
SCRIPTS = [*(path for path in sorted((ROOT / "static").rglob("*.js"))
             if "vendor" not in path.parts and BUILT not in path.parents),
           *sorted((ROOT / "web" / "canvas").rglob("*.ts*"))]


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body, without the docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def _functions(path: Path) -> dict[str, int]:
    """Lines of each function of a file, methods and inner functions too, by name and line."""
    found = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": _lines(node) for node in found}


LENGTHS = {name: lines for path in CODE for name, lines in _functions(path).items()}


def test_half_of_all_functions_are_short():
    assert len(LENGTHS) > 1000 and median(LENGTHS.values()) <= MEDIAN


def test_no_function_is_long():
    assert {name: lines for name, lines in LENGTHS.items() if lines > LONGEST} == {}, "split it"


@pytest.mark.parametrize("paths", [CODE, SCRIPTS], ids=["python", "javascript"])
def test_no_file_is_long(paths: list[Path]):
    assert paths
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    assert {name: lines for name, lines in lengths.items() if lines > FILE} == {}, "split it"
