"""What a teacher has collected: frozen cards in their order, and what was handed in, as a zip."""
from __future__ import annotations

import streamlit as st

from dlviz.classroom import archive, board, records
from dlviz.classroom.model import Card, Room, Seat
from dlviz.classroom.wall import Tile
from dlviz.errors import DlvizError
from pages.ui.classroom.texts import texts
from pages.ui.shared import registry, seat, shell, state


def show(room: Room) -> None:
    classroom, device = registry.classroom(), state.device()
    sitting = classroom.seats(room.id, device)
    cards, handed_in = st.tabs([texts.CARDS, texts.HANDED_IN])
    with cards:
        _cards(room, classroom.cards.of(room.id, device, "card"), sitting)
    with handed_in:
        _handed_in(room, classroom.cards.of(room.id, device, "hand_in"), sitting)


def freeze(tile: Tile) -> None:
    """Keep a learner's newest run as a card."""
    try:
        if tile.run:
            card = records.freeze(tile.seat, "card", state.service().snapshot(tile.run.id), board.size(tile.run))
            registry.classroom().cards.freeze(card, state.device())
    except DlvizError as error:
        shell.notice(error)


def _cards(room: Room, cards: tuple[Card, ...], sitting: tuple[Seat, ...]) -> None:
    by_id = {card.id: card for card in cards}
    ordered = [by_id[name] for name in room.cards if name in by_id]
    if not ordered:
        st.caption(texts.NO_CARDS)
    for at, card in enumerate(ordered):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_title(card, sitting))
            st.button(texts.EARLIER, icon=":material/arrow_upward:", key=f"class.card.up.{card.id}", disabled=at == 0,
                      on_click=_earlier, args=(room, at))
            st.button(texts.THROW_AWAY, icon=":material/delete:", key=f"class.card.drop.{card.id}", on_click=_drop,
                      args=(card.id,))


def _title(card: Card, sitting: tuple[Seat, ...]) -> str:
    whose = next((seat.name(one) for one in sitting if one.id == card.seat), "–")
    return texts.CARD_OF.format(name=whose, run=shell.plain(card.name), step=card.step)


def _earlier(room: Room, at: int) -> None:
    order = list(room.cards)
    order[at - 1], order[at] = order[at], order[at - 1]
    try:
        registry.classroom().change(room.id, state.device(), cards=tuple(order))
    except DlvizError as error:
        shell.notice(error)


def _drop(card: str) -> None:
    try:
        registry.classroom().cards.drop(card, state.device())
    except DlvizError as error:
        shell.notice(error)


def _handed_in(room: Room, cards: tuple[Card, ...], sitting: tuple[Seat, ...]) -> None:
    if not cards:
        st.caption(texts.NOTHING_HANDED_IN)
        return
    for card in cards:
        st.markdown(_title(card, sitting))
        if card.sentence:
            st.caption(shell.plain(card.sentence))
    st.download_button(texts.DOWNLOAD, lambda: _zip(room.code, cards, sitting), help=texts.DOWNLOAD_WHY,
                       file_name=f"class-{room.code}.zip", mime="application/zip", icon=":material/download:",
                       key="class.zip", on_click="ignore")


def _zip(code: str, cards: tuple[Card, ...], sitting: tuple[Seat, ...]) -> bytes:
    """All of it; test results that were sealed at handing in and are open by now stand in it too."""
    return archive.zipped(code, [records.with_test(card, state.service()) for card in cards], sitting)
