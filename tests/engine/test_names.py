"""Names are the field's: classes have names of their own, and words that only we would use are no names at all."""
from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TWICE = {
    "Attention",  # exported code has a plain one in its place, and blocks call both by this name
    "TiedLinear",  # the same: designs call it by this name, without what stands in before it is tied
}
FORBIDDEN = {"kept", "said", "seen", "heard", "told", "wanted", "truth", "whole", "share", "alone", "boldly", "knob",
             "nursery", "asleep", "likes", "sights"}
FILES = sorted([*(ROOT / "dlviz").rglob("*.py"), *(ROOT / "pages").rglob("*.py")])
BESIDE = [ROOT / "app.py", *(path for folder in ("tests", "benchmarks", "translations", "docs")
                             for path in sorted((ROOT / folder).rglob("*.py"))), *sorted((ROOT / "web").glob("*.py"))]
BUILT = ROOT / "static" / "canvas"  # of web/canvas
SCRIPTS = [path for folder in ("static", "web/canvas/src", "tests/js") for path in sorted((ROOT / folder).rglob("*"))
           if path.suffix in (".js", ".ts", ".tsx") and BUILT not in path.parents and "vendor" not in path.parts]
TOKEN = re.compile(r"""
    (?P<comment>//[^\n]*|/\*.*?\*/)
  | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
  | (?P<regex>(?<=[(,=:\[!&|?{};\n>])[ ]*/(?![*/ >])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*)
  | (?P<name>[A-Za-z_$][\w$]*)
  | (?P<other>.)""", re.X | re.S)
TEMPLATE = re.compile(r"(?P<text>(?:[^`\\$]|\\.|\$(?!\{))*)(?P<end>`|\$\{)", re.S)
TEXTS = [*FILES, *(path for path in SCRIPTS if path.stem == "texts")]
PLACE = re.compile(r"(?<!\$)\{(\w+)(?:[:!.][^{}]*)?\}")


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


def script_names(code: str) -> Iterator[tuple[str, int]]:
    """Identifiers of JavaScript or TypeScript, keys and members too, with their lines; not what stands in strings."""
    depths, at = [0], 0  # open braces, in the code and in each `${` within it
    while at < len(code):
        token = TOKEN.match(code, at)
        if token.lastgroup == "name":
            yield token[0], code.count("\n", 0, at) + 1
        depths[-1] += (token[0] == "{") - (token[0] == "}")
        at = token.end()
        if token[0] == "`" or depths[-1] < 0:  # a template begins, or goes on behind its `}`
            depths = depths[:-1] if depths[-1] < 0 else depths
            part = TEMPLATE.match(code, at)
            depths += [0] if part["end"] == "${" else []
            at = part.end()


def test_no_two_classes_share_a_name():
    twice = {name: places for name, places in class_names().items() if len(places) > 1}
    assert {name: places for name, places in twice.items() if name not in TWICE} == {}, "rename one"


@pytest.mark.parametrize("path", [*FILES, *BESIDE], ids=lambda path: str(path.relative_to(ROOT)))
def test_names_are_the_fields(path: Path):
    found = [f"{path.relative_to(ROOT)}:{line}: {name}" for name, line in names(ast.parse(path.read_text()))
             if name.strip("_") in FORBIDDEN]
    assert found == [], "take the word that PyTorch, Keras or the papers have"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_names_in_the_browser_are_the_fields(path: Path):
    found = [f"{path.relative_to(ROOT)}:{line}: {name}" for name, line in script_names(path.read_text(encoding="utf-8"))
             if name.strip("_$") in FORBIDDEN]
    assert found == [], "take the word that PyTorch, Keras or the papers have"


def test_the_walk_through_javascript_drops_what_is_no_name():
    code = """
        // kept
        const a = b.said /* heard */ + "truth" + 'share' + `whole ${c + `${d} seen`} told` / e; "it's" + f;
        g = /likes[/"]\\//g; h = { i: { j } }; <K l="alone">{m}</K>;
        /* knob
         */ n"""
    assert " ".join(name for name, _ in script_names(code)) == "const a b said c d e f g h i j K l m K n"
    assert list(script_names(code))[-1] == ("n", 6)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_places_in_texts_have_the_fields_names(path: Path):
    assert FORBIDDEN.isdisjoint(PLACE.findall(path.read_text(encoding="utf-8")))
