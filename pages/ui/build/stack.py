"""The stack editor: a palette and the network as a column of cards. Shows a design, hands back edits.

Must not know what a layer is, nor change a design: its owner applies the edits and passes the new cards.

    design = st.session_state.design   # fetched before, so that nothing comes between the edits and their use
    edits = stack("stack", ...)
    for edit in edits:
        design.apply(edit)             # no st call here: Streamlit may break off a run at any st call
    if edits:
        st.rerun()

Each edit of a batch speaks of the design that the one before it left. An edit may come too late (a name that
is gone, an undo with nothing left): let it pass or say a sentence, never raise on it.
"""
from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict, TypeGuard

import streamlit as st

from pages.ui.shared.component import static_component

NAME_LENGTH = 40  # the same in static/stack/naming.js
EditType = Literal["add", "move", "duplicate", "delete", "rename", "select", "repair", "undo", "redo"]

_MOUNT = static_component("dlviz_stack", "stack")
_MOST_PLACES = 10_000
_MOST_EDITS = 100  # that are read of one message; a quick hand makes three before the page has taken the first
_log = logging.getLogger(__name__)


class PaletteLayer(TypedDict):
    kind: str
    sentence: str


class PaletteFamily(TypedDict):
    family: str
    title: str
    color_light: str
    color_dark: str
    layers: list[PaletteLayer]


class InputCard(TypedDict):
    name: str
    title: str
    shape: str  # as shown: "1 x 28 x 28"
    picture: str | None  # data URL of a PNG


class CardRepair(TypedDict):
    label: str


class Problem(TypedDict):
    sentence: str
    repair: CardRepair | None
    warning: bool  # the design can be trained nevertheless


class LayerCard(TypedDict):
    name: str
    kind: str
    family: str
    summary: str
    out_shape: str | None
    parameters: int | None
    multiply_adds: int | None
    picture: str | None  # data URL of a PNG
    inputs: list[str] | None  # None: the one before
    inputs_explicit: bool  # the user wired it: shown as "from conv1, relu2"
    error: Problem | None
    trainable: bool


@dataclass(frozen=True)
class Edit:
    """One wish of the user. Which fields are set depends on `type`; the rest are None.

    add: kind, at (0 = first, len(cards) = last); select the new card. duplicate: name; the copy belongs right
    behind it; select the copy. move: name, to (an int, its index in the list after the move). rename: name,
    to (the new name, stripped, 1 to 40 characters). select: name, or None for no card. delete, repair: name.
    undo, redo: nothing.
    """

    type: EditType
    name: str | None = None
    kind: str | None = None
    at: int | None = None
    to: int | str | None = None

    @property
    def layer(self) -> str:
        """`name`, of an edit that is of a layer. KeyError for another, as for a layer that is gone."""
        if self.name is None:
            raise KeyError(self.type)
        return self.name


@dataclass
class Inbox:
    """What has been taken from one session's editor. Changed in place: a write to session state may break off
    the run."""

    channel: str = field(default_factory=lambda: secrets.token_hex(4))  # a new session takes no old edits
    last_rev: int = 0

    def take(self, message: object, epoch: int) -> tuple[Edit, ...]:
        """The edits of `message` that are new and of this epoch, in order, each exactly once."""
        if not isinstance(message, Mapping) or message.get("channel") != self.channel:
            return ()
        fresh = [entry for entry in _entries(message) if entry["rev"] > self.last_rev]
        self.last_rev = max((entry["rev"] for entry in fresh), default=self.last_rev)
        edits = [_edit(entry.get("edit")) for entry in fresh if entry.get("epoch") == epoch]
        return tuple(edit for edit in edits if edit is not None)


def stack(
    key: str, *, palette: Sequence[PaletteFamily], cards: Sequence[LayerCard], inputs: Sequence[InputCard],
    epoch: int, selected: str | None, can_undo: bool, can_redo: bool, height: int,
) -> tuple[Edit, ...]:
    """Show the editor, `height` px high; return the edits that are new since the last call, oldest first.

    Raise `epoch` only where the whole design is another one (a preset opened, a file loaded): edits still on
    their way are then dropped. A field changed in a form needs no new epoch.
    """
    inbox = st.session_state.setdefault(f"_{key}_inbox", Inbox())
    result = _MOUNT(
        key=key, on_edits_change=lambda: None,
        data={"palette": list(palette), "inputs": list(inputs), "cards": list(cards), "selected": selected,
              "can_undo": can_undo, "can_redo": can_redo, "height": height,
              "epoch": epoch, "ack": inbox.last_rev, "channel": inbox.channel},
    )
    return inbox.take(result.edits, epoch)


def coming(key: str) -> bool:
    """Whether the browser has sent edits that `stack` has not yet returned."""
    inbox, message = st.session_state.get(f"_{key}_inbox"), (st.session_state.get(key) or {}).get("edits")
    return (inbox is not None and isinstance(message, Mapping) and message.get("channel") == inbox.channel
            and any(entry["rev"] > inbox.last_rev for entry in _entries(message)))


def _entries(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The well-formed entries of a message, one a rev, in order. A browser can send anything."""
    entries = message.get("edits")
    if not isinstance(entries, list):
        return []
    found = [entry for entry in entries[:_MOST_EDITS] if isinstance(entry, Mapping) and _is_count(entry.get("rev"))]
    by_rev = {entry["rev"]: entry for entry in found}
    return [by_rev[rev] for rev in sorted(by_rev)]


def _edit(raw: object) -> Edit | None:
    """The Edit that `raw` says, or None, with a line in the log, where it is not one."""
    message: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
    reads = _READ.get(str(message.get("type")))
    if reads is not None:
        values: dict[str, Any] = {name: read(message.get(name)) for name, read in reads.items()}
        if _BAD not in values.values():
            return Edit(type=message["type"], **values)
    _log.warning("The stack editor sent something that is no edit; it was left out: %.200r", raw)
    return None


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _place(value: object) -> object:
    return value if _is_count(value) and value <= _MOST_PLACES else _BAD


def _name(value: object) -> object:
    return value if isinstance(value, str) and value else _BAD


def _name_or_none(value: object) -> object:
    return None if value is None else _name(value)


def _new_name(value: object) -> object:
    name = value.strip() if isinstance(value, str) else ""
    return name if 0 < len(name) <= NAME_LENGTH else _BAD


_BAD = object()
_READ: dict[str, dict[str, Callable[[object], object]]] = {
    "add": {"kind": _name, "at": _place}, "move": {"name": _name, "to": _place},
    "rename": {"name": _name, "to": _new_name}, "select": {"name": _name_or_none},
    "duplicate": {"name": _name}, "delete": {"name": _name}, "repair": {"name": _name},
    "undo": {}, "redo": {},
}
