"""Reads a translator's `.po` file, and makes of it what `gettext` reads, so that nothing compiled lies beside it."""
from __future__ import annotations

import ast
import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

MAGIC = 0x950412DE  # of a .mo file
LINE = re.compile(r'(?:(msgid|msgid_plural|msgstr)(?:\[(\d+)\])?\s+)?(".*")')


@dataclass
class Entry:
    """One text: its English, that for many where it counts, its forms in the language, and the files it stands in."""

    one: str = ""
    many: str = ""
    forms: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    fuzzy: bool = False

    @property
    def done(self) -> bool:
        """Whether it is translated, and nobody has to look at it again."""
        return bool(self.forms) and all(self.forms) and not self.fuzzy


def read(text: str) -> Iterator[Entry]:
    """All entries in order, the header first. ValueError for a line that is none of a `.po` file."""
    for block in re.split(r"\n\s*\n", text.strip()):
        entry = _entry(block)
        if entry.forms:  # what stands in comments alone is no entry
            yield entry


def _entry(block: str) -> Entry:
    entry, key, form = Entry(), "", 0
    for line in block.split("\n"):
        if line.startswith("#"):
            entry.places += line[2:].split() if line.startswith("#:") else []
            entry.fuzzy |= line.startswith("#,") and "fuzzy" in line
            continue
        match = LINE.fullmatch(line.strip())
        if match is None:
            raise ValueError(f"This is no line of a .po file: {line[:80]}")
        if match[1]:
            key, form = match[1], int(match[2] or 0)
        _put(entry, key, form, ast.literal_eval(match[3]))
    return entry


def _put(entry: Entry, key: str, form: int, text: str) -> None:
    """Put a string, or what goes on with it in the next line, where it belongs."""
    if key == "msgid":
        entry.one += text
    elif key == "msgid_plural":
        entry.many += text
    else:
        entry.forms += [""] * (form + 1 - len(entry.forms))
        entry.forms[form] += text


def header(entries: Iterable[Entry]) -> dict[str, str]:
    """What the file says of itself, by keys in small letters."""
    lines = next((entry.forms[0].splitlines() for entry in entries if not entry.one), [])
    pairs = (line.partition(":") for line in lines)
    return {key.strip().lower(): value.strip() for key, _, value in pairs}


def compiled(entries: Iterable[Entry]) -> bytes:
    """The entries that are translated as a .mo file, whose form is that of gettext's manual."""
    table = sorted((_key(entry).encode(), "\0".join(entry.forms).encode()) for entry in entries if entry.done)
    keys, values = [key for key, _ in table], [value for _, value in table]
    start = 7 * 4 + 16 * len(table)  # behind the head and the two lists of lengths and places
    places, strings = [], b""
    for each in (*keys, *values):
        places += [len(each), start + len(strings)]
        strings += each + b"\0"
    head = struct.pack("<7I", MAGIC, 0, len(table), 28, 28 + 8 * len(table), 0, 0)
    return head + struct.pack(f"<{len(places)}I", *places) + strings


def _key(entry: Entry) -> str:
    return f"{entry.one}\0{entry.many}" if entry.many else entry.one
