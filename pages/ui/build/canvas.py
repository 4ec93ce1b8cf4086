"""The canvas editor: a network as nodes and wires. Shows a graph in plain data, hands back edits, each exactly once.

Must not know what a layer is, nor change a design: its owner applies the edits and passes the new graph.

    inbox = canvas.inbox()
    for edit in inbox.take():          # before any other command of Streamlit, at which a run may be broken off
        design.apply(edit)             # what is refused: inbox.refuse(edit, sentence)
    canvas.canvas(inbox, graph=..., ...)

The browser sends all edits that have not been acknowledged, each time, with growing numbers; a mount of the component
counts its own. An edit speaks of names, and is refused alone where they are gone, so tabs need no turns. The graph is
sent until the browser says that it holds this version; to one that can, only what is new since the version that it
holds.
"""
from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from pages.ui.build.canvas_messages import CanvasEdit, Held, Message, held, read
from pages.ui.build.stack import PaletteFamily
from pages.ui.shared.component import static_component

KEY = "canvas"
Graph = Mapping[str, Any]  # of `graph.graph`
_INBOX = "_canvas_inbox"
_MOUNTS, _VERSIONS, _REFUSALS = 8, 4, 20  # that are remembered


@dataclass
class CanvasInbox:
    """What one session's canvas has sent and holds. Changed in place: a write to session state may break off the run.

    Attributes:
        channel: of this session; edits made to another one's design are none of its business.
        have: the version that the browser holds, -1 for none.
        patches: whether the browser puts a design together from what is new of it.
        mount: of the component that spoke last.
        turn: of what it said last of the version that it holds.
    """

    channel: str = field(default_factory=lambda: secrets.token_hex(4))
    have: int = -1
    patches: bool = False
    mount: str = ""
    turn: int = 0
    version: int = 0
    _revs: OrderedDict[str, int] = field(default_factory=OrderedDict)
    _refused: list[tuple[int, str]] = field(default_factory=list)
    _graphs: OrderedDict[int, Graph] = field(default_factory=OrderedDict)

    @property
    def ack(self) -> int:
        """The last edit that was taken of the mount that spoke last."""
        return self._revs.get(self.mount, 0)

    @property
    def refused(self) -> list[dict[str, object]]:
        return [{"rev": rev, "sentence": sentence} for rev, sentence in self._refused]

    def take(self, message: object) -> tuple[CanvasEdit, ...]:
        """The edits of the message that are new, in order. A browser can send anything."""
        found = read(message)
        if found is None or found.held.channel != self.channel:
            return ()
        self.hear(found.held)
        return self._fresh(found)

    def hear(self, word: Held | None) -> None:
        """What the browser says of the version that it holds; an older word that comes again changes nothing."""
        if word is None or word.channel != self.channel or word.turn < self.turn:
            return
        if word.mount != self.mount:
            self.mount, self._refused = word.mount, []
        self.have, self.patches, self.turn = word.have, word.patches, word.turn

    def _fresh(self, message: Message) -> tuple[CanvasEdit, ...]:
        mount = message.held.mount
        last = self._revs.get(mount, 0)
        self._revs[mount] = max(last, message.last_rev)
        self._revs.move_to_end(mount)
        while len(self._revs) > _MOUNTS:
            self._revs.popitem(last=False)
        return tuple(edit for edit in message.edits if edit.rev > last)

    def refuse(self, edit: CanvasEdit, sentence: str) -> None:
        self._refused = [*self._refused, (edit.rev, sentence)][-_REFUSALS:]

    def shown(self, graph: Graph) -> dict[str, Any]:
        """What the browser needs to hold this graph: nothing, what is new, or all of it."""
        if self._graphs.get(self.version) != graph:
            self.version += 1
            self._graphs[self.version] = graph
            while len(self._graphs) > _VERSIONS:
                self._graphs.popitem(last=False)
        if self.have == self.version:
            return {"version": self.version, "design": None}
        base = self._graphs.get(self.have) if self.patches else None
        if base is None:
            return {"version": self.version, "design": graph}
        return {"version": self.version, "base": self.have, "design": news(base, graph)}


def news(base: Graph, graph: Graph) -> dict[str, Any]:
    """The graph with, in place of each list, only what is new of it since `base`; None for a list that is as it was."""
    parts = {part: _patch(base[part], graph[part], key) for part, key in LISTS.items()}
    return {**graph, **parts}


def _patch(before: Sequence[Graph], now: Sequence[Graph], key: Callable[[Graph], str]) -> dict[str, Any] | None:
    """What turns one list into the other: `set` those that are new or changed, `gone` the keys of those that are not
    there any more, `after` each new key with the one before it; `order` all keys, only where those that stay have
    changed places."""
    if before == now:
        return None
    old, new = {key(one): one for one in before}, {key(one): one for one in now}
    stay, keys = [name for name in old if name in new], list(new)
    moved = stay != [name for name in keys if name in old]
    after = [] if moved else [[name, keys[at - 1] if at else ""] for at, name in enumerate(keys) if name not in old]
    return {"set": [_new(one, old.get(name)) for name, one in new.items() if one != old.get(name)],
            "gone": [name for name in old if name not in new], "after": after, "order": keys if moved else None}


def _new(one: Graph, before: Graph | None) -> Graph:
    """An input's picture that is as it was is "=": it is most of what there is of an input."""
    same = before is not None and isinstance(one.get("picture"), str) and one["picture"] == before["picture"]
    return {**one, "picture": "="} if same else one


def _wire_key(wire: Graph) -> str:
    return f"{wire['source']}>{wire['target']}>{wire['slot']}"


LISTS: dict[str, Callable[[Graph], str]] = {
    "inputs": lambda one: one["name"], "nodes": lambda one: one["name"], "wires": _wire_key,
    "blocks": lambda one: one["title"]}  # of a graph, and what tells apart what stands in them


def inbox() -> CanvasInbox:
    return st.session_state.setdefault(_INBOX, CanvasInbox())


def sent(name: str) -> object:
    """What the component has sent last as its value of this name."""
    value = st.session_state.get(KEY)
    return value.get(name) if isinstance(value, Mapping) else None


def hear(word: object) -> None:
    """What came beside the edits of the version that the browser holds. A browser can send anything."""
    inbox().hear(held(word))


def narrow() -> bool:
    """Whether the canvas found itself too narrow to work on."""
    return sent("narrow") is True


def canvas(box: CanvasInbox, *, graph: Graph, palette: Sequence[PaletteFamily], groups: Sequence[Graph],
           selected: Sequence[str], can_undo: bool, can_redo: bool, height: int) -> None:
    """Show the editor, `height` px high where the page's style says nothing else; `groups` are the visitor's own."""
    holds = box.patches and box.have >= 0
    _mount()(key=KEY, on_edits_change=lambda: None, on_narrow_change=lambda: None,
             data={"role": "canvas", "channel": box.channel, "ack": box.ack, **box.shown(graph),
                   "refused": box.refused, "palette": None if holds else list(palette), "groups": list(groups),
                   "selected": list(selected),
                   "can_undo": can_undo, "can_redo": can_redo, "height": height})


@cache
def _mount() -> ComponentRenderer:
    return static_component("dlviz_canvas", KEY)
