"""What the canvas in the browser sends, read strictly: whoever sends something else has it left out, with a line in the
log. Knows no design.
"""
from __future__ import annotations

import json
import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from dlviz import bounds, settings
from dlviz.errors import SpecError
from dlviz.layout import FAR
from dlviz.network.wiring import Edge

MOST_EDITS = 100  # that are read of one message
MOST_NAMES = settings.MAX_LAYERS + settings.MAX_INPUTS  # of nodes
PATCHES = 3  # what a browser says that can put a design together as `canvas.news` takes it apart
LAST_REV = 2**53  # up to which a browser counts
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CanvasEdit:
    """One wish of the user: what `values` holds for each `type`, `READERS` says; what may be left out is then None."""

    rev: int
    type: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Held:
    """Which version of the design a mount holds, -1 for none; of two such words the one with the larger `turn` is the
    later. `patches`: whether it puts a design together from what is new of it."""

    channel: str
    mount: str
    have: int
    patches: bool
    turn: int


@dataclass(frozen=True)
class Message:
    """What stands in one message: its well-formed edits, one a rev, in order; `last_rev` counts the others too."""

    held: Held
    edits: tuple[CanvasEdit, ...]
    last_rev: int


def held(message: object) -> Held | None:
    """What a message says of the version that the browser holds, or None for what is none."""
    if not isinstance(message, Mapping):
        return None
    channel, mount, have, turn = (message.get(name) for name in ("channel", "mount", "have", "turn"))
    if not isinstance(channel, str) or not isinstance(mount, str) or not _is_name(mount):
        return None
    return Held(channel, mount, have if _is_rev(have) else -1, message.get("delta") == PATCHES,
                turn if _is_rev(turn) else 0)


def read(message: object) -> Message | None:
    """The message, or None for what is none."""
    holds, entries = held(message), message.get("edits") if isinstance(message, Mapping) else None
    if holds is None or not isinstance(entries, list):
        return None
    by_rev = {entry["rev"]: entry.get("edit") for entry in entries[:MOST_EDITS]
              if isinstance(entry, Mapping) and _is_rev(entry.get("rev"))}
    edits = (_edit(rev, by_rev[rev]) for rev in sorted(by_rev))
    return Message(holds, tuple(edit for edit in edits if edit is not None), max(by_rev, default=0))


def names_in(value: object) -> tuple[str, ...] | None:
    """A list of names of nodes, each once; None for anything else."""
    if not isinstance(value, list) or len(value) > 2 * MOST_NAMES or not all(_is_name(name) for name in value):
        return None
    return tuple(dict.fromkeys(value))[:MOST_NAMES]


def _edit(rev: int, raw: object) -> CanvasEdit | None:
    values = _values(raw) if isinstance(raw, Mapping) else None
    if values is None or not isinstance(raw, Mapping):
        _log.warning("The canvas sent something that is no edit; it was left out: %.200r", raw)
        return None
    return CanvasEdit(rev, raw["type"], values)


def _values(raw: Mapping[str, Any]) -> dict[str, Any] | None:
    readers = READERS.get(raw["type"]) if isinstance(raw.get("type"), str) else None
    if readers is None or not _is_bounded(raw):
        return None
    values = {name: reader(raw.get(name)) for name, reader in readers.items()}
    return None if _BAD in values.values() else values


def _is_bounded(raw: Mapping[str, Any]) -> bool:
    """Whether it is of a size that a design may have, in letters that can be written down."""
    try:
        bounds.require_small(dict(raw))
        json.dumps(raw, ensure_ascii=False).encode()
    except (SpecError, UnicodeEncodeError, ValueError):
        return False
    return True


def _is_rev(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LAST_REV


def _is_name(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and 0 < len(value) <= settings.MAX_NAME and value.isprintable()


class _Bad:
    """What a reader gives for something that is not what it reads."""


_BAD = _Bad()
Reader = Callable[[object], object]


def _name(value: object) -> object:
    return value if _is_name(value) else _BAD


def _title(value: object) -> object:
    return value if isinstance(value, str) and len(value) <= settings.MAX_TEXT else _BAD


def _names(value: object) -> object:
    found = names_in(value)
    return _BAD if found is None else found


def _switch(value: object) -> object:
    return value if isinstance(value, bool) else _BAD


def _number(value: object) -> object:
    """A coordinate, in whole pixels."""
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > FAR or not math.isfinite(value):
        return _BAD
    return float(round(value))


def _point(value: object) -> object:
    point = tuple(_number(number) for number in value) if isinstance(value, list) and len(value) == 2 else (_BAD,)
    return _BAD if _BAD in point else point


def _positions(value: object) -> object:
    if not isinstance(value, Mapping) or len(value) > MOST_NAMES or not all(_is_name(name) for name in value):
        return _BAD
    found = {name: _point(point) for name, point in value.items()}
    return _BAD if _BAD in found.values() else found


def _places(value: object) -> object:
    if not isinstance(value, list) or len(value) > settings.MAX_LAYERS:
        return _BAD
    found = [None if point is None else _point(point) for point in value]
    return _BAD if _BAD in found else found


def _slot(value: object) -> object:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < settings.MAX_INPUTS \
        else _BAD


def _edge(value: object) -> object:
    if not isinstance(value, Mapping):
        return _BAD
    ends = (_name(value.get("source")), _name(value.get("target")), _slot(value.get("slot")))
    return _BAD if _BAD in ends else Edge(*ends)  # pyright: ignore[reportArgumentType] - what is bad has gone


def _end(value: object) -> object:
    """Where a wire shall lead: source, target, and a slot or none."""
    if not isinstance(value, Mapping):
        return _BAD
    ends = (_name(value.get("source")), _name(value.get("target")), _perhaps(_slot)(value.get("slot")))
    return _BAD if _BAD in ends else ends


def _copied(value: object) -> object:
    return value if isinstance(value, list) and 0 < len(value) <= settings.MAX_LAYERS else _BAD


def _perhaps(reader: Reader) -> Reader:
    return lambda value: None if value is None else reader(value)


READERS: dict[str, dict[str, Reader]] = {
    "add": {"kind": _title, "x": _perhaps(_number), "y": _perhaps(_number), "onto": _perhaps(_edge),
            "after": _perhaps(_name), "from": _perhaps(_name), "positions": _perhaps(_positions)},
    "connect": {"source": _name, "target": _name, "slot": _perhaps(_slot)},
    "disconnect": {"source": _name, "target": _name, "slot": _slot},
    "reconnect": {"from": _edge, "to": _end},
    "delete": {"names": _names}, "select": {"names": _names},
    "move": {"positions": _positions}, "tidy": {"positions": _positions},
    "rename": {"name": _name, "to": _title}, "replace": {"name": _name, "kind": _title},
    "duplicate": {"names": _names, "dx": _perhaps(_number), "dy": _perhaps(_number), "positions": _perhaps(_positions)},
    "paste": {"layers": _copied, "x": _number, "y": _number, "places": _perhaps(_places),
              "positions": _perhaps(_positions)},
    "group": {"title": _title, "layers": _names}, "ungroup": {"title": _title},
    "fold": {"title": _title, "folded": _switch, "positions": _perhaps(_positions)},
    "save_group": {"title": _title}, "remove_group": {"title": _title},
    "add_group": {"title": _title, "x": _perhaps(_number), "y": _perhaps(_number), "onto": _perhaps(_edge),
                  "after": _perhaps(_name)},
    "open": {"name": _name}, "repair": {"name": _name}, "undo": {}, "redo": {},
}
