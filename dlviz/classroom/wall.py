"""The wall: every learner of a class in one tile, with the newest run's curve, sorted by need. Plain values for pages.

Made once a second for all who look at it, however many they are. Only a teacher gets it.
"""
from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from dlviz.classroom import clusters, need, records, teaching
from dlviz.classroom.classroom import Classroom
from dlviz.classroom.model import Line, Seat
from dlviz.figures.sparkline import outline
from dlviz.lessons import Lesson
from dlviz.runs.info import RunInfo
from dlviz.runs.service import RunService

FRESH = 0.8  # seconds for which a wall may be shown again
NO_LINE: Line = ((), ())
ORDER = ("help", "todo", "working", "done")  # signs, who needs most first


@dataclass(frozen=True)
class Tile:
    """One learner.

    Attributes:
        rules: of `need`, that hold.
        there: whether the browser has been heard of late.
        idle: seconds since the last action.
        runs: the newest first.
        steps: a sign for each step of the class's lesson; empty without one.
        curve: points of the newest run's training loss in a box of 100 x 24; may be empty.
        line: the same in numbers.
        group: of `clusters`, for a newest run that is over; else empty.
    """

    seat: Seat
    sign: str
    rules: tuple[str, ...]
    there: bool
    idle: float
    runs: tuple[RunInfo, ...]
    steps: tuple[str, ...]
    curve: str
    line: Line
    group: str = ""

    @property
    def run(self) -> RunInfo | None:
        """The newest."""
        return self.runs[0] if self.runs else None


class Walls:
    """The walls of all classes of a server. For any thread."""

    def __init__(self, classroom: Classroom, service: RunService) -> None:
        self._classroom, self._service = classroom, service
        self._lock = threading.Lock()
        self._walls: dict[str, tuple[float, tuple[Tile, ...]]] = {}
        self._curves: dict[str, tuple[tuple[object, ...], str, Line, str]] = {}  # by run: of what they are, and they

    def tiles(self, room: str, by: str) -> tuple[Tile, ...]:
        """Every seat of a class, who needs most first. ClassError for who is no teacher."""
        seats = self._classroom.seats(room, by)
        with self._lock:
            made, tiles = self._walls.get(room, (0.0, ()))
            if time.monotonic() - made < FRESH and sorted((tile.seat for tile in tiles), key=_joined) == list(seats):
                return tiles
            lesson = teaching.lesson_of(self._classroom.room(room, by))
            tiles = tuple(sorted((self._tile(seat, lesson) for seat in seats), key=_urgency))
            self._walls = {room: (time.monotonic(), tiles)} | {
                other: wall for other, wall in self._walls.items() if other != room}
            return tiles

    def _tile(self, seat: Seat, lesson: Lesson | None) -> Tile:
        runs, presence = self._service.list(seat.owner), self._classroom.presence
        idle = presence.idle(seat.id)
        rules = need.needs(runs, idle, teaching.tries(lesson, seat.owner, runs) if lesson else 0)
        newest = runs[0] if runs else None
        curve, line, group = self._curve(newest) if newest and newest.step else ("", NO_LINE, "")
        steps = teaching.signs(lesson, seat.owner) if lesson else ()
        return Tile(seat, need.sign(runs, rules, steps), rules, presence.there(seat.id), idle, runs, steps, curve, line,
                    group)

    def _curve(self, run: RunInfo) -> tuple[str, Line, str]:
        of = (run.step, run.state, run.updated)
        known = self._curves.get(run.id)
        if known is None or known[0] != of:
            snapshot = self._service.snapshot(run.id)
            points = outline(snapshot.train["step"], snapshot.train["loss"], run.planned_steps)
            self._curves[run.id] = known = of, points, records.line(snapshot), clusters.group(snapshot)
            while len(self._curves) > 500:
                self._curves.pop(next(iter(self._curves)))
        return known[1:]


def _joined(seat: Seat) -> float:
    return seat.joined


def _urgency(tile: Tile) -> tuple[int, int, float]:
    return ORDER.index(tile.sign), -len(tile.rules), -tile.idle


def counts(tiles: Sequence[Tile]) -> dict[str, int]:
    """How many learners have each sign; those that nobody has, too."""
    return {sign: sum(tile.sign == sign for tile in tiles) for sign in ORDER}
