"""The interface's texts: each page's stand in one file, fit the values that are filled in, and can be translated."""
from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from gettext import NullTranslations
from importlib import import_module
from pathlib import Path

import pytest

from dlviz import translation
from dlviz.translation import CountedText, Text, TextTable

ROOT = Path(__file__).parents[2]
HOMES = {path.parent.name: path.parent for path in (*(ROOT / "pages" / "ui").glob("*/texts.py"),
                                                    ROOT / "dlviz" / "figures" / "texts.py",
                                                    ROOT / "dlviz" / "views" / "texts.py")}
PAGES = sorted(HOMES)
WORDS = re.compile(r"[A-Za-z][a-z]+ [a-z]{3,}")
SPEAKING = ("pages", "dlviz/views", "dlviz/doctor", "dlviz/figures", "dlviz/network")  # whose every sentence is read
REFUSALS = re.compile(r"(^|\.)((Dlviz|Spec|Layer|TooLarge|Task|Run|View|Lesson|Class)Error|_?refuse|wrong)$")
SILENT = re.compile(r"^_n?$|^(Value|Type|Key|Lookup|Attribute|Runtime|FileNotFound)Error$|\blog\.|\.warning$")
NOT_OF_A_PAGE = re.compile(r"\.st-key|</?style>|<(svg|polyline) |^\nconst own = "  # styles, pictures, a script
                           r"|^A browser sent a value|^  Teacher's link"  # lines of the log and of the terminal
                           r"|^(top|middle|bottom) (left|center|right)$")  # places of Plotly


class Swedish(NullTranslations):
    def gettext(self, message: str) -> str:
        return {"Pause": "Pausa"}.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        forms = {"{count} step of {all}": ("{count} steg av {all}", "{count} steg av {all}, snart klart")}
        return forms.get(msgid1, (msgid1, msgid2))[n > 1]


def catalogue(page: str) -> type:
    return type(import_module(module(page)).texts)


def entries(page: str) -> dict[str, object]:
    """What the page's texts are called, those that it has from elsewhere too."""
    return {name: value for cls in reversed(catalogue(page).__mro__) for name, value in vars(cls).items()}


def module(page: str) -> str:
    return ".".join((HOMES[page] / "texts").relative_to(ROOT).parts)


def sources(page: str) -> dict[str, str | None]:
    """Each text of a page by its name, both forms of one that counts; of a table none."""
    return {name: source(value) for name, value in entries(page).items()
            if isinstance(value, (Text, CountedText, TextTable))}


def source(text: Text | CountedText | TextTable) -> str | None:
    if isinstance(text, CountedText):
        return f"{text.one}\n{text.many}"
    return text.source if isinstance(text, Text) else None


def counted(page: str) -> dict[str, CountedText]:
    return {name: value for name, value in entries(page).items() if isinstance(value, CountedText)}


def places(text: str) -> set[str]:
    return {field.split(".")[0] for _, field, _, _ in string.Formatter().parse(text) if field}


def uses(page: str) -> Iterator[tuple[str, str, set[str] | None]]:
    """Where a page's files read a text: the place, its name, and the names that are filled in, if any."""
    for path in [*HOMES[page].glob("*.py"), *(ROOT / "pages").glob(f"{page}.py")]:
        tree = ast.parse(path.read_text())
        if not any(isinstance(node, ast.ImportFrom) and node.module == module(page) for node in tree.body):
            continue
        filled = {node.func.value: {word.arg or "" for word in node.keywords} for node in ast.walk(tree)
                  if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"}
        filled |= {node.func: {"count", *(word.arg or "" for word in node.keywords)} for node in ast.walk(tree)
                   if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "texts":
                yield f"{path.name}:{node.lineno}", node.attr, filled.get(node)


@pytest.mark.parametrize("page", PAGES)
def test_each_text_gets_the_values_that_stand_in_its_braces(page: str):
    known = sources(page)
    for place, name, filled in uses(page):
        assert name in known, f"{place}: texts.{name} is not in {module(page)}"
        if filled is not None:
            expected = places(known[name] or "") | ({"count"} if name in counted(page) else set())
            assert expected == filled, f"{place}: texts.{name}"


@pytest.mark.parametrize("page", PAGES)
def test_a_text_that_counts_says_of_what_in_both_forms(page: str):
    for name, text in counted(page).items():
        assert places(text.one) - {"count"} == places(text.many) - {"count"}, name


@pytest.mark.parametrize("page", PAGES)
def test_no_text_is_a_half(page: str):
    """A place is a name, a number or a phrase: endings of English words and halves of sentences are no places."""
    halves = {"suffix", "prefix", "ending", "plural", "s"}
    assert [name for name, text in sources(page).items() if places(text or "") & halves] == []


@pytest.mark.parametrize("page", PAGES)
def test_no_text_has_an_ending_behind_a_place(page: str):
    """`{thing}s` is the plural of some things in one language."""
    glued = re.compile(r"\}(s|es|ed|ing)\b|\}\{")
    assert [name for name, text in sources(page).items() if glued.search(text or "")] == []


def unmarked(node: ast.AST, words: re.Pattern[str] = WORDS) -> Iterator[tuple[int, str]]:
    """Strings with words in a row that stand neither in a docstring, an error of Python's, the log, nor in `_()`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and words.search(node.value):
        yield node.lineno, node.value
    called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
    if isinstance(node, ast.Compare) or SILENT.search(called):
        return
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
            yield from unmarked(child, words)


def refused(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Such strings, and single words, among what the errors of `dlviz.errors` say, and what is passed on to them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and REFUSALS.search(ast.unparse(node.func)):
            for argument in node.args:
                yield from unmarked(argument, re.compile(r"[a-z]{3}"))


@pytest.mark.parametrize("path", [path for folder in SPEAKING for path in (ROOT / folder).rglob("*.py")],
                         ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_page_says_is_marked(path: Path):
    found = unmarked(ast.parse(path.read_text(encoding="utf-8")))
    assert [(line, text) for line, text in found if not NOT_OF_A_PAGE.search(text)] == []


@pytest.mark.parametrize("path", [*(ROOT / "dlviz").rglob("*.py")], ids=lambda path: str(path.relative_to(ROOT)))
def test_what_an_error_says_is_marked(path: Path):
    assert list(refused(ast.parse(path.read_text(encoding="utf-8")))) == []


def too_early(node: ast.AST, late: bool = False) -> Iterator[tuple[int, str]]:
    """Texts that are read while their file is imported, outside functions: in nobody's language."""
    match node:
        case ast.Attribute(value=ast.Name(id="texts"), attr=name) if name.isupper() and not late:
            yield node.lineno, name
        case ast.FunctionDef() | ast.Lambda():
            for child in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
                yield from too_early(child, late)
            for child in node.body if isinstance(node.body, list) else [node.body]:
                yield from too_early(child, True)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from too_early(child, late)


@pytest.mark.parametrize("path", [path for folder in ("pages/ui", *SPEAKING[1:])
                                  for path in (ROOT / folder).rglob("*.py")],
                         ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_is_read_before_somebody_reads_it(path: Path):
    counted_ones = {name for page in PAGES for name in counted(page)}
    found = too_early(ast.parse(path.read_text(encoding="utf-8")))
    assert [(line, name) for line, name in found if name not in counted_ones] == []


def test_the_walk_finds_what_is_not_marked():
    code = """
def say():
    \"\"\"Says what it says.\"\"\"
    show(f"{count} runs up to step {step}", key="a.b", width="content")
    show(_("a text that is marked"), "Learning rate")
    raise ValueError("an error for programmers")
"""
    assert [text for _, text in unmarked(ast.parse(code))] == [" runs up to step ", "Learning rate"]


@pytest.mark.parametrize("page", PAGES)
def test_no_text_is_left_over(page: str):
    read = {name for _, name, _ in uses(page)}
    files = [path for folder in ("pages", "dlviz/views") for path in (ROOT / folder).rglob("*.py")]
    elsewhere = "".join(path.read_text() for path in files)
    assert [name for name in sources(page) if name not in read and f".{name}" not in elsewhere] == []


def test_names_in_a_row_are_joined_as_the_language_joins_them():
    assert [translation.listing(list("abc")[:count]) for count in range(4)] == ["", "a", "a and b", "a, b and c"]

    class Latin(NullTranslations):
        def gettext(self, message: str) -> str:
            return {"{first} and {last}": "{first} et {last}", "{first}, {rest}": "{first} et {rest}"}[message]

    try:
        translation.install(Latin)
        assert translation.listing(list("abc")) == "a et b et c"
    finally:
        translation.install()


def test_a_catalogue_changes_what_is_read_and_nothing_else():
    class Sample:
        PAUSE = translation._("Pause")
        STEP = translation._("Step {step:,}")
        STEPS = translation._n("{count} step of {all}", "{count} steps of {all}")
        STATES = translation.table({"paused": translation._("Pause"), "done": translation._("Done")})

    texts = Sample()
    assert [texts.STEPS(count, all=9) for count in (0, 1, 5)] == ["0 steps of 9", "1 step of 9", "5 steps of 9"]
    assert texts.PAUSE == "Pause" and texts.STATES == {"paused": "Pause", "done": "Done"}
    try:
        translation.install(Swedish)
        assert texts.PAUSE == "Pausa" and texts.STATES == {"paused": "Pausa", "done": "Done"}
        assert [texts.STEPS(count, all=9) for count in (1, 5)] == ["1 steg av 9", "5 steg av 9, snart klart"]
        assert texts.STEP.format(step=1200) == "Step 1,200"
    finally:
        translation.install()
    assert texts.PAUSE == "Pause"
