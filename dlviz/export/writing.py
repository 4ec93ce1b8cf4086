"""Python text as a person lays it out: lines that are not too long, shapes in a column, imports in order.

Knows no network and no training.
"""
from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable

WIDTH = 99
INDENT = "    "


def statement(head: str, expression: str, tail: str = "", indent: str = INDENT) -> str:
    """`head` + `expression` + `tail`; over several lines, inside brackets, when one would be too long."""
    line = indent + head + expression + tail
    if len(line) <= WIDTH:
        return line
    function, bracket, rest = expression.partition("(")
    inside, _, after = rest.rpartition(")")
    if not bracket:  # a sum: brackets of its own
        function, inside, after = "", expression, ""
    inner = indent + INDENT
    body = textwrap.fill(inside, WIDTH, initial_indent=inner, subsequent_indent=inner, break_long_words=False,
                         break_on_hyphens=False)
    return f"{indent}{head}{function}(\n{body}\n{indent}){after}{tail}"


def annotated(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Lines from (code, comment), the comments in one column. A comment that would not fit is left out."""
    rows = list(rows)
    lengths = [len(code) for code, comment in rows if comment and "\n" not in code]
    column = max(lengths, default=0) + 2
    return [code if not comment or "\n" in code or column + len(comment) + 2 > WIDTH
            else f"{code:<{column}}# {comment}" for code, comment in rows]


def assemble(parts: Iterable[str]) -> str:
    """One module from several pieces of source: their imports once, in order, then their bodies."""
    imports: set[str] = set()
    bodies = []
    for part in parts:
        lines = part.split("\n")
        imports.update(filter(_is_import, lines))
        bodies.append("\n".join(line for line in lines if not _is_import(line)).strip("\n"))
    return "\n\n".join([*_ordered(imports), "\n\n".join(f"{body}\n" for body in bodies if body)])


def _is_import(line: str) -> bool:
    return line.startswith(("import ", "from "))


def _ordered(imports: set[str]) -> list[str]:
    """The standard library's block, then everybody else's; `import x` before `from x import y`."""
    ordered = sorted(imports, key=lambda line: (line.startswith("from"), line.lower()))
    own = [line for line in ordered if line.split()[1].split(".")[0] in sys.stdlib_module_names]
    others = [line for line in ordered if line not in own]
    return ["\n".join(block) for block in (own, others) if block]
