"""What a class keeps beside its runs: cards that the teacher has frozen, and what its learners have handed in."""
from __future__ import annotations

from typing import TYPE_CHECKING

from dlviz import settings
from dlviz.classroom import refusals
from dlviz.classroom.model import Card
from dlviz.classroom.storage import ClassroomStore

if TYPE_CHECKING:
    import threading

    from dlviz.classroom.classroom import Classroom


class Cards:
    """The cards of all classes, in the order in which they were made. For any thread."""

    def __init__(self, classroom: Classroom, store: ClassroomStore, lock: threading.RLock) -> None:
        self._classroom, self._store, self._lock = classroom, store, lock
        self._cards = {card.id: card for card in store.cards()}

    def freeze(self, card: Card, by: str) -> None:
        """Keep a card for the projector; it is shown behind those that are shown already.

        ClassError for who is no teacher, and where the class has too many.
        """
        with self._lock:
            room = self._classroom.room(card.room, by)
            if len(self.of(room.id, by, "card")) >= settings.MAX_CARDS:
                raise refusals.too_many_cards(settings.MAX_CARDS)
            self._put(card)
            self._classroom.change(room.id, by, cards=(*room.cards, card.id))

    def hand_in(self, card: Card, device: str) -> None:
        """Keep what a learner hands in; it takes the place of what they handed in before. ClassError for no seat."""
        with self._lock:
            seat = self._classroom.require_seat(device)
            if card.seat != seat.id or card.room != seat.room:
                raise refusals.no_seat()
            before = self.handed_in(device)
            self._put(card)
            if before:
                self._drop(before.id)

    def handed_in(self, device: str) -> Card | None:
        """What the learner at this device has handed in."""
        seat = self._classroom.seat_of(device)
        with self._lock:
            mine = (card for card in self._cards.values() if seat and card.seat == seat.id and card.kind == "hand_in")
            return next(mine, None)

    def of(self, room: str, by: str, kind: str) -> tuple[Card, ...]:
        """The cards of a class of one kind. ClassError for who is no teacher."""
        self._classroom.room(room, by)
        with self._lock:
            return tuple(card for card in self._cards.values() if card.room == room and card.kind == kind)

    def drop(self, card: str, by: str) -> None:
        """Throw one away that the teacher has frozen."""
        with self._lock:
            found = self._cards.get(card)
            if found is None:
                raise refusals.no_such_card()
            room = self._classroom.room(found.room, by)
            self._drop(card)
            self._classroom.change(room.id, by, cards=tuple(other for other in room.cards if other != card))

    def forget(self, seats: frozenset[str]) -> None:
        """Those of seats that are gone; they are off the disk already."""
        with self._lock:
            self._cards = {name: card for name, card in self._cards.items() if card.seat not in seats}

    def _put(self, card: Card) -> None:
        self._store.put_card(card)
        self._cards[card.id] = card

    def _drop(self, card: str) -> None:
        self._store.delete_card(card)
        self._cards.pop(card, None)
