"""Every class of this server: who is a teacher, who sits where, who may read and change what. For any thread.

Every wish comes with the device that it comes from (`by`), the fingerprint of a browser's cookie, and is refused here
when that has no right to it; no page has to hide a button for that. All that is known is kept in memory, and each
change is written before it counts. Knows no run and no page.
"""
from __future__ import annotations

import secrets
import time
import zlib
from typing import Any

from dlviz import settings
from dlviz.classroom import refusals, words
from dlviz.classroom.cards import Cards
from dlviz.classroom.model import Jigsaw, Room, Seat
from dlviz.classroom.presence import Presence
from dlviz.classroom.storage import ClassroomStore
from dlviz.classroom.teachers import DAY, Teachers
from dlviz.clock import after
from dlviz.owners import new_seat_owner

LEARNERS_SEE = {"lesson", "pace", "jigsaw", "board", "spotlight", "poll"}  # of a class, on its learners' pages


class Classroom(Teachers):
    """The classes of a data folder (`store`, that of `settings.home()` when None)."""

    def __init__(self, store: ClassroomStore | None = None) -> None:
        super().__init__(store or ClassroomStore())
        self._rooms = {room.id: room for room in self._store.rooms()}
        self._seats = {seat.id: seat for seat in self._store.seats() if seat.room in self._rooms}
        self._devices = self._store.devices()
        self._turns = {room.id: _learners_view(room) for room in self._rooms.values()}
        self.presence = Presence()
        self.cards = Cards(self, self._store, self._lock)

    # classes

    def open_room(self, by: str) -> Room:
        """A new class. ClassError for who is no teacher, and where too many are open."""
        self.require_teacher(by)
        with self._lock:
            if len(self._rooms) >= settings.MAX_ROOMS:
                raise refusals.too_many_rooms(settings.MAX_ROOMS)
            opened = after(room.opened for room in self._rooms.values())
            code = words.new_code({room.code for room in self._rooms.values()})
            return self._put_room(Room(id=secrets.token_hex(8), code=code, opened=opened))

    def rooms(self, by: str) -> tuple[Room, ...]:
        """The open classes, the newest first. ClassError for who is no teacher."""
        self.require_teacher(by)
        with self._lock:
            live = filter(self._is_live, self._rooms.values())
            return tuple(sorted(live, key=lambda room: room.opened, reverse=True))

    def room(self, room: str, by: str) -> Room:
        """One open class. ClassError for who is no teacher, or when there is none of this id."""
        self.require_teacher(by)
        found = self._rooms.get(room)
        if found is None or not self._is_live(found):
            raise refusals.no_such_room()
        return found

    def change(self, room: str, by: str, **values: Any) -> Room:
        """Fields of a class anew; those of `Room` that a teacher sets."""
        with self._lock:
            found = self.room(room, by)
            return self._put_room(Room.model_validate(found.model_dump() | values))

    def hand_out(self, room: str, by: str, jigsaw: Jigsaw | None) -> None:
        """Give each seat its part of a jigsaw, those that come later too; None takes the parts back."""
        with self._lock:
            self.change(room, by, jigsaw=jigsaw)
            for number, seat in enumerate(self._seats_of(room)):
                part = number % len(jigsaw.values) if jigsaw else None
                self._put_seat(seat.model_copy(update={"part": part}))

    def close_room(self, room: str, by: str) -> None:
        """End a class: nobody sits in it from now on. `wiping` does the rest, after a killed server too."""
        with self._lock:
            self._put_room(self.room(room, by).model_copy(update={"ended": True}))

    def over(self) -> tuple[tuple[Room, tuple[Seat, ...]], ...]:
        """Classes that are to be wiped, with their seats: those that were ended, and those that are too old."""
        with self._lock:
            return tuple((room, self._seats_of(room.id)) for room in self._rooms.values() if not self._is_live(room))

    def forget_room(self, room: str) -> None:
        """Forget a class of `over` with its seats."""
        with self._lock:
            self._store.delete_room(room)
            self._forget_seats(frozenset(seat.id for seat in self._seats_of(room)))
            del self._rooms[room], self._turns[room]

    def all_seats(self) -> tuple[Seat, ...]:
        """Every seat of every class, for `wiping`."""
        with self._lock:
            return tuple(self._seats.values())

    # seats, as teachers see them

    def seats(self, room: str, by: str) -> tuple[Seat, ...]:
        """The seats of a class, in the order in which they were taken. ClassError for who is no teacher."""
        self.room(room, by)
        with self._lock:
            return self._seats_of(room)

    def seat(self, seat: str, by: str) -> Seat:
        """One seat. ClassError for who is no teacher, or when there is none of this id."""
        self.require_teacher(by)
        with self._lock:
            found = self._seats.get(seat)
            if found is None or not self._is_live(self._rooms[found.room]):
                raise refusals.no_such_seat()
            return found

    def admit(self, seat: str, by: str) -> None:
        """Let somebody in who waits."""
        with self._lock:
            self._put_seat(self.seat(seat, by).model_copy(update={"admitted": True}))

    def remove(self, seat: str, by: str) -> Seat:
        """Take a seat out of its class; whoever sat there is a visitor again."""
        with self._lock:
            found = self.seat(seat, by)
            self._store.delete_seat(seat)
            self._forget_seats(frozenset({seat}))
            return found

    # seats, as learners have them

    def join(self, code: str, device: str) -> Seat:
        """A seat in the class with this code: the one that the device has there, or a new one.

        ClassError for a code that no open class has, a class that is full or lets nobody in, too many wrong codes.
        """
        self._tries.require(device)
        code = words.read_code(code)
        with self._lock:
            room = next((room for room in self._rooms.values() if room.code == code and self._is_live(room)), None)
            if room is None:
                self._tries.wrong(device)
                raise refusals.no_room(code)
            own = self.seat_of(device)
            return own if own and own.room == room.id else self._sit(self._new_seat(room), device)

    def carry(self, seat_words: str, device: str) -> Seat:
        """The seat with these words, from now on on this device too. ClassError where no seat has them."""
        self._tries.require(device)
        spoken = words.read_seat_words(seat_words)
        with self._lock:
            found = next((seat for seat in self._seats.values()
                          if seat.words == spoken and self._is_live(self._rooms[seat.room])), None)
            if found is None:
                self._tries.wrong(device)
                raise refusals.no_seat_words()
            return self._sit(found, device)

    def leave(self, device: str) -> None:
        """Somebody else uses this device now: it sits nowhere. The seat stays, and its words lead back to it."""
        with self._lock:
            self._store.put_device(device, None)
            self._devices.pop(device, None)

    def reroll(self, device: str) -> Seat:
        """Another name for the seat of this device; twice. ClassError for the third, and for who has no seat."""
        with self._lock:
            seat = self.require_seat(device)
            if not seat.rerolls:
                raise refusals.no_more_names()
            colour, animal = words.new_name({other.name for other in self._seats_of(seat.room)})
            return self._put_seat(seat.model_copy(update={"colour": colour, "animal": animal,
                                                          "rerolls": seat.rerolls - 1}))

    def vote(self, device: str, poll: str, option: int) -> None:
        """One vote a seat in the class's poll, another one in its place until it is closed. ClassError else."""
        with self._lock:
            seat = self.require_seat(device)
            asked = self._rooms[seat.room].poll
            if not seat.admitted or asked is None or asked.id != poll or asked.closed:
                raise refusals.no_vote()
            if option not in range(len(asked.options)):
                raise refusals.no_such_option(len(asked.options))
            self._put_seat(seat.model_copy(update={"vote": (poll, option)}))

    def seat_of(self, device: str) -> Seat | None:
        """Where this device sits; None for nowhere, and when the class is over."""
        with self._lock:
            seat = self._seats.get(self._devices.get(device, ""))
            return seat if seat and self._is_live(self._rooms[seat.room]) else None

    def require_seat(self, device: str) -> Seat:
        """Where this device sits. ClassError for nowhere."""
        seat = self.seat_of(device)
        if seat is None:
            raise refusals.no_seat()
        return seat

    def room_of(self, seat: Seat) -> Room:
        """The class of a seat that a device sits on."""
        return self._rooms[seat.room]

    def room_of_owner(self, owner: str) -> Room | None:
        """The class in which this owner has a seat; None for who has none."""
        with self._lock:
            seat = next((seat for seat in self._seats.values() if seat.owner == owner), None)
            return self._rooms[seat.room] if seat else None

    def owner_of(self, device: str) -> str:
        """Who owns what this device makes now: its seat, or itself."""
        seat = self.seat_of(device)
        return seat.owner if seat else device

    def pulse(self, device: str, idle: float) -> dict[str, Any]:
        """What a learner's screen asks each second: `turn`, which is another one when its page has to be drawn anew,
        and whether it shall say "look up". `idle` is the seconds since its user last did something."""
        seat = self.seat_of(device)
        if seat is None:
            return {"turn": 0, "paused": False}
        self.presence.note(seat.id, idle)
        return {"turn": self.turn(seat), "paused": seat.admitted and self._rooms[seat.room].paused}

    def turn(self, seat: Seat) -> int:
        """Another number whenever something changes that the page of this seat shows; never 0."""
        return zlib.crc32(seat.model_dump_json().encode(), self._turns[seat.room]) or 1

    # inside

    @staticmethod
    def _is_live(room: Room) -> bool:
        return not room.ended and time.time() - room.opened < settings.CLASS_DAYS * DAY

    def _seats_of(self, room: str) -> tuple[Seat, ...]:
        return tuple(seat for seat in self._seats.values() if seat.room == room)

    def _new_seat(self, room: Room) -> Seat:
        seats = self._seats_of(room.id)
        if room.admission == "closed":
            raise refusals.closed(room.code)
        if len(seats) >= settings.MAX_SEATS:
            raise refusals.full(room.code, settings.MAX_SEATS)
        colour, animal = words.new_name({seat.name for seat in seats})
        return self._put_seat(Seat(
            id=secrets.token_hex(8), room=room.id, owner=new_seat_owner(), colour=colour, animal=animal,
            words=words.new_seat_words({seat.words for seat in self._seats.values()}),
            joined=time.time(), admitted=room.admission == "open", part=_next_part(room, seats)))

    def _sit(self, seat: Seat, device: str) -> Seat:
        self._store.put_device(device, seat.id)
        self._devices[device] = seat.id
        return seat

    def _put_room(self, room: Room) -> Room:
        self._store.put_room(room)
        self._rooms[room.id], self._turns[room.id] = room, _learners_view(room)
        return room

    def _put_seat(self, seat: Seat) -> Seat:
        self._store.put_seat(seat)
        self._seats[seat.id] = seat
        return seat

    def _forget_seats(self, seats: frozenset[str]) -> None:
        self._seats = {name: seat for name, seat in self._seats.items() if name not in seats}
        self._devices = {device: seat for device, seat in self._devices.items() if seat not in seats}
        self.cards.forget(seats)
        for seat in seats:
            self.presence.forget(seat)


def _next_part(room: Room, seats: tuple[Seat, ...]) -> int | None:
    """The part of the jigsaw that fewest have."""
    taken = [seat.part for seat in seats]
    return min(range(len(room.jigsaw.values)), key=taken.count) if room.jigsaw else None


def _learners_view(room: Room) -> int:
    """Another number whenever something of the class changes that its learners' pages show."""
    return zlib.crc32(room.model_dump_json(include=LEARNERS_SEE).encode())
