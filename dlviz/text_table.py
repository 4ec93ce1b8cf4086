"""Rows of words as a table of plain text, for notebooks and terminals. Knows nothing of dlviz."""
from __future__ import annotations

from collections.abc import Sequence


def text_table(heads: Sequence[str], rows: Sequence[Sequence[object]], right: Sequence[int] = ()) -> str:
    """Columns as wide as their widest cell; those in `right` are flushed right. Trailing spaces are cut."""
    cells = [[str(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(heads))]
    lines = [_line(row, widths, right) for row in cells]
    return "\n".join([lines[0], "-" * (sum(widths) + 2 * (len(widths) - 1)), *lines[1:]])


def _line(row: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    return "  ".join(cell.rjust(width) if at in right else cell.ljust(width)
                     for at, (cell, width) in enumerate(zip(row, widths))).rstrip()
