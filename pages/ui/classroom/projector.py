"""What the class sees on the wall: one thing at a time, over the whole window. Follows what the teacher chooses."""
from __future__ import annotations

from functools import lru_cache
from typing import Any

import segno
import streamlit as st

from dlviz.classroom import addresses
from dlviz.classroom.model import Room
from dlviz.classroom.wall import Tile
from pages.ui.classroom import scenes, tiles, wall
from pages.ui.classroom.texts import texts
from pages.ui.shared import registry, seat, shell, state
from pages.ui.shared.component import callbacks, static_component

EVERY = 1.0  # seconds
_MOUNT = static_component("dlviz_projector", "projector")


def show(room: Room) -> None:
    st.fragment(_tick, run_every=EVERY, key="class.projector")(room.id)


def _tick(room: str) -> None:
    """A fragment has to catch for itself."""
    with shell.show_errors():
        found = registry.classroom().room(room, state.device())
        picked = _MOUNT(key="class.beamer", height=1, data=_data(found), **callbacks(["left"]))
        if picked.left:
            st.query_params.pop("show", None)
            state.draw_page()


def _data(room: Room) -> dict[str, Any]:
    admitted = tuple(tile for tile in wall.of(room) if tile.seat.admitted)
    title = "" if room.showing == "join" else texts.VIEWS[room.showing]
    return {"show": room.showing, "code": room.code, "title": title} | _scene(room, admitted)


def _scene(room: Room, found: tuple[Tile, ...]) -> dict[str, Any]:
    match room.showing:
        case "join":
            address = address_of()
            return {"joined": len(found), "address": address, "qr": qr(f"{address}?code={room.code}")}
        case "wall":
            return {"tiles": tiles.with_names(found) if room.named else tiles.without_names(found)}
        case "curves":
            return scenes.curves(room, found)
        case "answers":
            return scenes.answers(room, found)
        case "poll":
            return scenes.voted(room, found)
        case "sweep":
            return scenes.swept(room, found)
        case "board":
            return scenes.ranked(room, found)
        case "cards":
            cards = registry.classroom().cards.of(room.id, state.device(), "card")
            return scenes.frozen(room, cards, [tile.seat for tile in found])
        case "run":
            return _spotlight(room, found)


def _spotlight(room: Room, found: tuple[Tile, ...]) -> dict[str, Any]:
    """The run in the spotlight, whose it is only where the class is named."""
    tile = next((tile for tile in found if any(run.id == room.spotlight for run in tile.runs)), None)
    if tile is None:
        return scenes.nobody()
    return scenes.spotlight(seat.name(tile.seat) if room.named else "", state.service().snapshot(room.spotlight))


def address_of() -> str:
    """What students type: this server's short address, as the others in the room reach it."""
    own = (st.context.url or "").split("?")[0].rstrip("/").rpartition("/")[0]
    return addresses.reachable(own + registry.SHORT)


@lru_cache(maxsize=16)
def qr(text: str) -> tuple[str, ...]:
    """The rows of a QR code with its quiet zone, a letter 0 or 1 for each square."""
    code = segno.make_qr(text, error="m")
    return tuple("".join(str(bit) for bit in row) for row in code.matrix_iter(border=2))
