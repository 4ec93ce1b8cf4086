"""What a lesson is: an idea, designs to open, and short steps. Plain frozen values; knows no file and no page."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dlviz.lessons.trees import Expression, Tick
from dlviz.spec import Experiment
from dlviz.translation import _

StepKind = Literal["predict", "do", "observe", "explain"]
QuestionForm = Literal["number", "choice", "ranking", "sketch"]
STEP_KINDS: tuple[StepKind, ...] = ("predict", "do", "observe", "explain")
FORMS: tuple[QuestionForm, ...] = ("number", "choice", "ranking", "sketch")
MAX_WORDS = 60  # of a step: more is not read while something moves
UNITS = {"A": _("What a network is"), "B": _("How it learns"), "C": _("When it goes wrong"),
         "D": _("Images and sound"), "E": _("Memory"), "F": _("Attention and language"), "Z": _("Your own lessons")}


@dataclass(frozen=True)
class Option:
    """One of the answers to choose from, or to rank."""

    text: str
    reply: str = ""  # what is said to who chooses it
    fits: bool = False  # whether it is what the lesson is about; nothing is marked


@dataclass(frozen=True)
class Question:
    """What a step asks.

    Args:
        low, high, unit: of a number, both ends included.
        options: of a choice or a ranking; a ranking's stand in the order that fits.
        curves: of a sketch, the curves to draw.
    """

    form: QuestionForm
    low: float = 0.0
    high: float = 0.0
    unit: str = ""
    options: tuple[Option, ...] = ()
    curves: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """An earlier answer to be laid under this step's: the student's count here, or what an expression measures."""

    step: str  # the id of the step that asked
    measured: Expression | None = None


@dataclass(frozen=True)
class LessonStep:
    """One screen of a lesson."""

    id: str
    kind: StepKind
    title: str
    text: str  # Markdown, `MAX_WORDS` words at most
    line: int  # where it begins in the file, from 1
    question: Question | None = None
    tick: Tick | None = None
    page: str = ""  # where it happens; empty: wherever the learner is
    light: tuple[str, ...] = ()  # controls that it speaks of
    opens: str = ""  # which of the lesson's designs it offers
    compares: Comparison | None = None


@dataclass(frozen=True)
class Lesson:
    """A lesson as its file says it.

    Args:
        teacher: notes in Markdown, for who teaches; never shown to who learns.
        hides: controls that it does not need.
        own: whether it lies in the data folder and not in the package.
        seals: whether no test result is told as long as it is open; see `sealing`.
    """

    id: str
    title: str
    unit: str
    number: int
    minutes: int
    idea: str
    steps: tuple[LessonStep, ...]
    designs: Mapping[str, Experiment]
    teacher: str
    hides: tuple[str, ...] = ()
    own: bool = False
    seals: bool = False

    def step(self, step: str) -> LessonStep:
        """The step of this id. KeyError when there is none."""
        return self.steps[self.index(step)]

    def index(self, step: str) -> int:
        """Where it stands, from 0. KeyError when there is none of this id."""
        for index, one in enumerate(self.steps):
            if one.id == step:
                return index
        raise KeyError(step)
