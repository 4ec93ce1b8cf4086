"""The wall on the teacher's own screen, drawn anew each second, and what can be done with the chosen tile."""
from __future__ import annotations

from weakref import WeakKeyDictionary

import streamlit as st

from dlviz.classroom import teaching, wiping
from dlviz.classroom.model import Room, Seat
from dlviz.classroom.wall import Tile, Walls
from dlviz.errors import DlvizError
from dlviz.runs.service import RunService
from pages.ui.classroom import collected, tiles
from pages.ui.classroom.texts import texts
from pages.ui.shared import registry, seat, shell, state
from pages.ui.shared.component import callbacks, static_component

EVERY = 1.0  # seconds
_MOUNT = static_component("dlviz_wall", "wall")
_walls: WeakKeyDictionary[RunService, Walls] = WeakKeyDictionary()


def of(room: Room) -> tuple[Tile, ...]:
    """The tiles of a class as they are now. ClassError for who is no teacher."""
    service = state.service()
    return _walls.setdefault(service, Walls(registry.classroom(), service)).tiles(room.id, state.device())


def show(room: Room) -> None:
    st.fragment(_tick, run_every=EVERY, key="class.wall")(room, _handed_in(room))
    st.caption(texts.NEEDS_HELP)


def _handed_in(room: Room) -> int:
    return len(registry.classroom().cards.of(room.id, state.device(), "hand_in"))


def _tick(room: Room, listed: int) -> None:
    """A fragment has to catch for itself. The page below lists what is handed in: it is drawn anew for more."""
    with shell.show_errors():
        if _handed_in(room) != listed:
            state.draw_page()
        found = of(room)
        picked = st.session_state.get("class.tiles")
        chosen = str(getattr(picked, "chosen", None) or "")
        _MOUNT(key="class.tiles", height="content", data={"tiles": tiles.with_names(found), "chosen": chosen},
               **callbacks(["chosen"]))
        waiting = [tile.seat for tile in found if not tile.seat.admitted]
        if waiting:
            st.button(texts.LET_ALL_IN(len(waiting)), icon=":material/door_open:", on_click=_admit, args=(waiting,),
                      key="class.admit.all")
        tile = next((tile for tile in found if tile.seat.id == chosen), None)
        if tile:
            _chosen(room, tile)


def _chosen(room: Room, tile: Tile) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="class.chosen"):
        st.markdown(f"**{seat.name(tile.seat)}**", width="content")
        if tile.run:
            st.page_link("pages/train.py", label=texts.OPEN_RUN, icon=":material/show_chart:",
                         query_params={"run": tile.run.id})
            st.button(texts.SPOTLIGHT_RUN, icon=":material/highlight:", help=texts.SPOTLIGHT_RUN_WHY, on_click=_change,
                      args=(room.id,), kwargs={"spotlight": tile.run.id, "showing": "run"}, key="class.spotlight")
            st.button(texts.LIGHT, icon=":material/show_chart:", on_click=_change, args=(room.id,), key="class.light",
                      kwargs={"lit": tile.seat.id, "showing": "sweep" if room.showing == "sweep" else "curves"})
            st.button(texts.FREEZE, icon=":material/ac_unit:", help=texts.FREEZE_WHY, on_click=collected.freeze,
                      args=(tile,), key="class.freeze")
        if not tile.seat.admitted:
            st.button(texts.LET_IN, icon=":material/door_open:", on_click=_admit, args=([tile.seat],),
                      key="class.admit")
        st.button(texts.REMOVE, icon=":material/person_remove:", on_click=_remove, args=(tile.seat,),
                  key="class.remove")


def _change(room: str, **values: object) -> None:
    try:
        registry.classroom().change(room, state.device(), **values)
    except DlvizError as error:
        shell.notice(error)


def _admit(seats: list[Seat]) -> None:
    try:
        for each in seats:
            teaching.admit(registry.classroom(), each.id, state.device())
    except DlvizError as error:
        shell.notice(error)


def _remove(found: Seat) -> None:
    try:
        wiping.remove(registry.classroom(), state.service(), found.id, state.device())
    except DlvizError as error:
        shell.notice(error)
