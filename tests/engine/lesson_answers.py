"""What a learner does who does each shipped lesson as it is meant (`MODELS`), and one who does it wrong (`WRONGS`).

A wrong answer is a likely one: the run without the one thing that the lesson is about.
"""
from __future__ import annotations

from collections.abc import Callable

from tests.engine.lesson_player import Player, behind

Play = Callable[[Player], None]
MODELS: dict[str, Play] = {}
WRONGS: dict[str, Play] = {}


def model(lesson: str) -> Callable[[Play], Play]:
    return lambda play: MODELS.setdefault(lesson, play)


def wrong(lesson: str) -> Callable[[Play], Play]:
    return lambda play: WRONGS.setdefault(lesson, play)


@model("reads-your-digits")
def _(player: Player) -> None:
    run = player.train("reader")
    last = player.service.get(run).step
    for picture in range(5):
        player.note("drawn", run, 0, prediction=str(picture), confidence=0.12)
    for picture in range(3):
        player.note("drawn", run, last, prediction=str(picture), confidence=0.9)


@wrong("reads-your-digits")
def _(player: Player) -> None:
    """Trains far too little, and draws on that network only."""
    run = player.train(player.design("reader", train_fraction=0.002, epochs=1))
    for picture in range(5):
        player.note("drawn", run, player.service.get(run).step, prediction=str(picture), confidence=0.2)


@model("weighted-sum")
def _(player: Player) -> None:
    run = player.pause_after_a_batch("clouds")
    for index, value in (((0, 0), 2.0), ((0, 1), 2.0), ((1, 0), -2.0), ((1, 1), -2.0)):
        player.set_weight(run, "neurons.weight", index, value)
    assert player.earned()["turn-the-border-until-it-fits"]
    player.resume(run)


@wrong("weighted-sum")
def _(player: Player) -> None:
    """Lets it train at once, and sets no weight."""
    player.train("clouds")


@model("must-bend")
def _(player: Player) -> None:
    player.train("straight")
    player.train(behind(player.design("straight"), "hidden1", "ReLU"))


@wrong("must-bend")
def _(player: Player) -> None:
    """Takes layers away instead."""
    straight = player.design("straight")
    layers = straight.network.layers
    player.train(straight.model_copy(update={"network": straight.network.model_copy(
        update={"layers": (*layers[:2], layers[-1])})}))
