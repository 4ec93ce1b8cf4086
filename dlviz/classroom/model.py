"""A class and its seats as plain, frozen values, which are kept as JSON. They hold nothing that names a person."""
from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

REROLLS = 2  # other names that somebody may ask for
Admission = Literal["open", "ask", "closed"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Room(_Value):
    """One class.

    Attributes:
        opened: seconds since 1970.
        admission: who comes now sits down at once, waits for the teacher, or is refused.
        paused: every screen says "look up".
        resting: runs that the pause has paused, so that its end lets them go on.
        named: the projector shows names.
        showing: what the projector shows: "join", "wall", ... (`dlviz.classroom.projector`).
        ended: it is being wiped.
    """

    id: str
    code: str
    opened: float
    admission: Admission = "open"
    paused: bool = False
    resting: tuple[str, ...] = ()
    named: bool = False
    showing: str = "join"
    ended: bool = False


class Seat(_Value):
    """One learner's place in a class.

    Attributes:
        owner: who owns the runs that are made at it, on whichever device.
        words: three words with which it moves to another device.
        joined: seconds since 1970.
    """

    id: str
    room: str
    owner: str
    colour: str
    animal: str
    words: str
    joined: float
    rerolls: int = REROLLS
    admitted: bool = True

    @property
    def name(self) -> tuple[str, str]:
        """Colour and animal."""
        return self.colour, self.animal
