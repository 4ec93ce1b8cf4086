"""The catalogue of tasks: one dict from name to declaration. A new task is one file and one line here."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from dlviz.errors import TaskError
from dlviz.games.outside import outside
from dlviz.tasks.adding import Adding
from dlviz.tasks.addition import Addition
from dlviz.tasks.autoencoder import Autoencoder
from dlviz.tasks.base import Data, Split, SplitName, Task
from dlviz.tasks.brackets import Brackets
from dlviz.tasks.dates import Dates
from dlviz.tasks.diffusing import DiffusionTask
from dlviz.tasks.diffusion import Diffusion
from dlviz.tasks.facts import Facts
from dlviz.tasks.fashion import FashionMnist
from dlviz.tasks.forecast import Forecast
from dlviz.tasks.game import GameTask
from dlviz.tasks.games import LearnCartPole, LearnCatch, LearnGridworld, LearnSnake, LearnTicTacToe
from dlviz.tasks.image import ImageTask
from dlviz.tasks.keep import Keywords
from dlviz.tasks.masked import Masked
from dlviz.tasks.mnist import Mnist
from dlviz.tasks.modality import Modality
from dlviz.tasks.names import Names
from dlviz.tasks.order import Order
from dlviz.tasks.pairs import Pairs
from dlviz.tasks.plane import PlaneTask
from dlviz.tasks.plane_classes import Circles, Gaussians, Moons, Spiral, Xor
from dlviz.tasks.plane_regression import Hill, Slope
from dlviz.tasks.points import OwnPoints
from dlviz.tasks.presentation import SampleView
from dlviz.tasks.pulse import Pulse
from dlviz.tasks.recall import Recall
from dlviz.tasks.repeats import Repeats
from dlviz.tasks.restore import Restore
from dlviz.tasks.reverse import Reverse
from dlviz.tasks.rows import MnistRows
from dlviz.tasks.scene import DigitScene
from dlviz.tasks.sequence import SequenceTask, SyntheticTask
from dlviz.tasks.series import Airline, Sine
from dlviz.tasks.sort import Sort
from dlviz.tasks.speech import Speech
from dlviz.tasks.stepwise import Stepwise
from dlviz.tasks.text import OwnText
from dlviz.translation import _

TASKS: dict[str, type[Task]] = {task.name: task for task in (
    Mnist,
    FashionMnist,
    Reverse,
    Sort,
    Addition,
    Dates,
    Pairs,
    Keywords,
    Facts,
    Names,
    OwnText,
    Masked,
    Repeats,
    Recall,
    Brackets,
    Order,
    Adding,
    Sine,
    Airline,
    Pulse,
    MnistRows,
    Speech,
    Circles,
    Xor,
    Moons,
    Gaussians,
    Spiral,
    Slope,
    Hill,
    OwnPoints,
    LearnCatch,
    LearnGridworld,
    LearnCartPole,
    LearnSnake,
    LearnTicTacToe,
    Autoencoder,
    Restore,
    Diffusion,
    DigitScene,
)}


def get(name: str, fields: Mapping[str, Any] | None = None) -> Task:
    """The task with these fields. TaskError names the choices, or the field that is wrong."""
    if name not in TASKS:
        raise TaskError(_("The task {name!r}", name=name[:60]), _("must be one of {names}", names=", ".join(TASKS)),
                        _("it is none of them"), _("Choose one of these."))
    try:
        return TASKS[name](**(fields or {}))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "fields"
        rule = first["msg"].removeprefix("Value error, ")
        raise TaskError(_("The task {title}", title=TASKS[name].title),
                        _("needs fields that fit ({where}: {rule})", where=where, rule=rule),
                        _("{where} is {first!r}", where=where, first=str(first["input"])[:60]),
                        _("Choose another value.")) from error


def add_game(name: str, make: Callable[[], Any], *, lowest: float, highest: float, limit: int = 1_000) -> None:
    """Let experiments of this Python process learn an environment from elsewhere under this name; see `games.outside`.

    Args:
        make: gives a fresh environment with Gymnasium's `reset(seed=)` and `step(action)`.
        lowest, highest: the returns of a game that score 0 and 1.
        limit: moves after which a game is broken off.
    """
    game = outside(make, lowest=lowest, highest=highest, limit=limit)
    if name in TASKS and not TASKS[name].from_outside:
        raise TaskError(_("The name {name!r}", name=name[:60]), _("must be free"), _("a task of dlviz has it"),
                        _("Choose another name."))
    TASKS[name] = type(name, (GameTask,), {"__module__": __name__, "__doc__": "An environment from elsewhere.",
                                           "name": name, "title": name, "metric": "the best return", "make": game,
                                           "rule": "any action", "from_outside": True})


__all__ = [
    "TASKS",
    "Data",
    "DiffusionTask",
    "FashionMnist",
    "Forecast",
    "GameTask",
    "ImageTask",
    "Mnist",
    "Modality",
    "PlaneTask",
    "SampleView",
    "SequenceTask",
    "Split",
    "SplitName",
    "Stepwise",
    "SyntheticTask",
    "Task",
    "add_game",
    "get",
]
