"""A class and its seats as plain, frozen values, which are kept as JSON. They hold nothing that names a person."""
from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

REROLLS = 2  # other names that somebody may ask for
Scalar = bool | int | float | str | None
Line = tuple[tuple[int, ...], tuple[float | None, ...]]  # steps, and the loss there; None where it is not finite
View = Literal["join", "wall", "curves", "sweep", "board", "run", "cards", "answers", "poll"]
Admission = Literal["open", "ask", "closed"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Jigsaw(_Value):
    """A study that is shared out: one experiment, and the values of which each learner trains one.

    Attributes:
        base: JSON of the Experiment.
        path: of the `studies.hyperparameters.Hyperparameter` that is varied.
    """

    base: str
    path: tuple[str, ...]
    values: tuple[Scalar, ...]


class Board(_Value):
    """Who has the best network within a budget: ranked by validation accuracy, the test opened once, at the end.

    Attributes:
        task: what there is to learn, by its name.
        parameters: at most so many; None for any number.
        train_fraction: this fraction of the data, exactly; None for any.
        seed: this seed, exactly; None for any.
        opened: when the test results were opened, in seconds since 1970; None before. Later runs do not count.
    """

    task: str
    parameters: int | None = None
    train_fraction: float | None = None
    seed: int | None = None
    opened: float | None = None


class Poll(_Value):
    """A question that the teacher asks the class, with some answers to choose from.

    Attributes:
        closed: no vote is taken any more.
        shown: the projector shows how many chose which.
    """

    id: str
    question: str
    options: tuple[str, ...]
    closed: bool = False
    shown: bool = False


class Card(_Value):
    """A run as it was at one step. It holds all that it shows, so that it stays when the run goes on or is deleted.

    Attributes:
        kind: frozen by the teacher for the projector, or handed in by its learner.
        made: seconds since 1970.
        experiment: JSON.
        line: the training loss so far, smoothed.
        sentence: what a learner says of it; for the teacher alone.
    """

    id: str
    room: str
    seat: str
    kind: Literal["card", "hand_in"]
    made: float
    run: str
    name: str
    state: str
    step: int
    experiment: str
    parameters: int
    line: Line
    val_accuracy: float | None = None
    test_accuracy: float | None = None
    sentence: str = ""


class Room(_Value):
    """One class.

    Attributes:
        opened: seconds since 1970.
        admission: who comes now sits down at once, waits for the teacher, or is refused.
        paused: every screen says "look up".
        resting: runs that the pause has paused, so that its end lets them go on.
        named: the projector shows names.
        showing: what the projector shows: one of `VIEWS`.
        lesson: the one that is open on every seat, by its name; empty for none.
        pace: the first and the last step of the lesson that are open, from 1; None for all.
        asked: the step whose answers the projector shows, by its name; empty for where the class is.
        lit: the seat whose curve is lit among all curves; empty for none.
        spotlight: the run that is on the projector by itself; empty for none.
        cards: those that are shown, in their order.
        ended: it is being wiped.
    """

    id: str
    code: str
    opened: float
    admission: Admission = "open"
    paused: bool = False
    resting: tuple[str, ...] = ()
    named: bool = False
    showing: View = "join"
    lesson: str = ""
    pace: tuple[int, int] | None = None
    asked: str = ""
    lit: str = ""
    spotlight: str = ""
    cards: tuple[str, ...] = ()
    jigsaw: Jigsaw | None = None
    board: Board | None = None
    poll: Poll | None = None
    ended: bool = False


class Seat(_Value):
    """One learner's place in a class.

    Attributes:
        owner: who owns the runs that are made at it, on whichever device.
        words: three words with which it moves to another device.
        joined: seconds since 1970.
        part: which value of the class's jigsaw is this learner's; None without one.
        vote: the poll that was voted in last, by its name, and the option's place.
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
    part: int | None = None
    vote: tuple[str, int] | None = None

    @property
    def name(self) -> tuple[str, str]:
        """Colour and animal."""
        return self.colour, self.animal
