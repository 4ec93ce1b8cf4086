"""What the class sees on the wall: one thing at a time, over the whole window. Follows what the teacher chooses."""
from __future__ import annotations

from functools import cache
from typing import Any

import segno
import streamlit as st

from dlviz.classroom import addresses
from dlviz.classroom.model import Room
from dlviz.classroom.wall import Tile
from pages.ui.classroom import tiles, wall
from pages.ui.classroom.texts import texts
from pages.ui.shared import registry, shell, state
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
            st.rerun()


def _data(room: Room) -> dict[str, Any]:
    found = wall.of(room)
    address = address_of(room)
    return {"show": room.showing, "title": texts.VIEWS[room.showing] if room.showing != "join" else "",
            "code": room.code, "joined": len(found), "address": address, "qr": qr(f"{address}?code={room.code}"),
            "tiles": _tiles(room, found)}


def _tiles(room: Room, found: tuple[Tile, ...]) -> list[dict[str, Any]]:
    admitted = [tile for tile in found if tile.seat.admitted]
    return tiles.with_names(admitted) if room.named else tiles.without_names(admitted)


def address_of(room: Room) -> str:
    """What students type: this server's short address, as the others in the room reach it."""
    own = (st.context.url or "").split("?")[0].rstrip("/").rpartition("/")[0]
    return addresses.reachable(own + registry.SHORT)


@cache
def qr(text: str) -> tuple[str, ...]:
    """The rows of a QR code with its quiet zone, a letter 0 or 1 for each square."""
    code = segno.make_qr(text, error="m")
    return tuple("".join(str(bit) for bit in row) for row in code.matrix_iter(border=2))
