"""What a learner does who does each shipped lesson as it is meant (`MODELS`), and one who does it wrong (`WRONGS`).

A wrong answer is a likely one: the run without the one thing that the lesson is about.
"""
from __future__ import annotations

from collections.abc import Callable

import pytest

from dlviz import presets
from dlviz.errors import LessonError
from dlviz.probes.ablation import UnitsOff
from dlviz.spec import LayerSpec
from dlviz.studies.hyperparameters import Hyperparameter, set_value
from dlviz.studies.plan import variants
from dlviz.studies.presets import STUDY_PRESETS
from dlviz.training.control import Advance, Set
from tests.engine.lesson_player import Player, behind, changed, resized, with_layers

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


@model("small-as-you-can")
def _(player: Player) -> None:
    classic = player.design("classic")
    player.train(classic)
    flatten, hidden, relu, *_, output = classic.network.layers
    small = hidden.model_copy(update={"fields": {"out_features": 25}})
    player.train(with_layers(changed(classic, learning_rate=0.005), flatten, small, relu, output))
    player.train(with_layers(classic, flatten, output))


@wrong("small-as-you-can")
def _(player: Player) -> None:
    """Far too small, and in the middle."""
    player.train(resized(player.design("classic"), hidden1=16, hidden2=2))


@model("loss-is-not-accuracy")
def _(player: Player) -> None:
    player.train("few")


@wrong("loss-is-not-accuracy")
def _(player: Player) -> None:
    """Stops after three epochs."""
    player.train(player.design("few", epochs=3))


@model("size-of-a-step")
def _(player: Player) -> None:
    player.train("fast")
    player.train(player.design("fast", learning_rate=0.05))
    player.train(player.design("fast", learning_rate=0.00125))


@wrong("size-of-a-step")
def _(player: Player) -> None:
    """Lowers the rate at once, and changes the data with it."""
    player.train(player.design("fast", learning_rate=0.05, train_fraction=0.1))


@model("small-bites")
def _(player: Player) -> None:
    player.train("bites")
    player.train(player.design("bites", batch_size=1024))


@wrong("small-bites")
def _(player: Player) -> None:
    """Trains the large batch only."""
    player.train(player.design("bites", batch_size=1024))


@model("race-downhill")
def _(player: Player) -> None:
    for recipe in ("SGD, no momentum", "SGD with momentum", "Adam"):
        base = player.design("restless", epochs=1, train_fraction=0.05)
        player.train(set_value(base, Hyperparameter(path=("recipe",)), recipe))
    run = player.service.create(player.design("restless", epochs=1, train_fraction=1.0), player.owner, start=False)
    for _ in range(30):
        player.post(run, Advance("batch"))
        player.until(lambda: player.service.get(run).state == "paused")
    assert player.earned()["a-restless-one"]
    player.post(run, Set("learning_rate", 0.001))
    player.resume(run)


@wrong("race-downhill")
def _(player: Player) -> None:
    """One optimizer, and its rate as it was."""
    player.train("restless")


@model("learning-by-heart")
def _(player: Player) -> None:
    player.train("few")
    player.train("shifted")


@wrong("learning-by-heart")
def _(player: Player) -> None:
    """Three epochs: there is no time to learn by heart."""
    player.train(player.design("few", epochs=3))


@model("too-deep")
def _(player: Player) -> None:
    sigmoid = player.design("sigmoid")
    player.train(sigmoid)
    player.train(with_layers(sigmoid, *(layer.model_copy(update={"kind": "Tanh"}) if layer.kind == "Sigmoid" else layer
                                        for layer in sigmoid.network.layers)))


@wrong("too-deep")
def _(player: Player) -> None:
    """Takes layers away, until it learns."""
    flatten, hidden, bend, *_, output = player.design("sigmoid").network.layers
    player.train(with_layers(player.design("sigmoid"), flatten, hidden, bend, output))


@model("good-start")
def _(player: Player) -> None:
    player.train("zeros")
    player.train("kaiming")
    base = STUDY_PRESETS["batch_norm"].base
    for run in variants(base, STUDY_PRESETS["batch_norm"].axes(base)):
        player.train(run.experiment)


@wrong("good-start")
def _(player: Player) -> None:
    """Begins with the good weights, so that there is nothing to compare."""
    player.train("kaiming")


@model("break-it")
def _(player: Player) -> None:
    run = player.train("reader")
    player.switch_off(run, UnitsOff("hidden1", tuple(range(26))), 26 / 128)
    player.switch_off(run, UnitsOff("hidden2", None), 0.0)


@wrong("break-it")
def _(player: Player) -> None:
    """Breaks a network that was never good."""
    run = player.train(player.design("reader", train_fraction=0.002, epochs=1))
    player.switch_off(run, UnitsOff("hidden1", (0, 1)), 2 / 128)


@model("window-that-slides")
def _(player: Player) -> None:
    dense, sliding = player.train("mlp"), player.train("cnn")
    player.note("scrubbed", sliding, 0)
    player.note("drawn", sliding, player.service.get(sliding).step, confidence=0.9)
    player.note("drawn", dense, player.service.get(dense).step, confidence=0.8)


@wrong("window-that-slides")
def _(player: Player) -> None:
    """Trains one kind of eyes, and far too little."""
    run = player.train(player.design("cnn", train_fraction=0.005, epochs=1))
    player.note("drawn", run, player.service.get(run).step, confidence=0.3)


@model("few-weights-good-eyes")
def _(player: Player) -> None:
    start = player.design("start")
    player.train(start)
    conv, relu, flatten, output = start.network.layers
    player.train(with_layers(
        start, conv.model_copy(update={"fields": {**conv.fields, "out_channels": 8}}), relu,
        LayerSpec(name="conv2", kind="Conv2d", fields={"out_channels": 16, "kernel_size": 3}),
        LayerSpec(name="relu2", kind="ReLU"), LayerSpec(name="pool", kind="MaxPool2d"), flatten, output))


@wrong("few-weights-good-eyes")
def _(player: Player) -> None:
    """A dense network under the same budget."""
    _, _, flatten, output = player.design("start").network.layers
    player.train(with_layers(player.design("start"), flatten, LayerSpec(name="hidden", kind="Linear",
                                                                        fields={"out_features": 24}), output))


@model("right-for-the-wrong-reason")
def _(player: Player) -> None:
    run = player.train("reader")
    for _ in range(3):
        player.note("viewed", run, player.service.get(run).step, view="why")
    player.note("drawn", run, player.service.get(run).step, confidence=0.95)


@wrong("right-for-the-wrong-reason")
def _(player: Player) -> None:
    """Looks at another view, on a network that reads badly."""
    run = player.train(player.design("reader", train_fraction=0.002, epochs=1))
    player.note("viewed", run, player.service.get(run).step, view="top_activations")
    player.note("drawn", run, player.service.get(run).step, confidence=0.4)


@model("hearing-digits")
def _(player: Player) -> None:
    run = player.train("speech")
    for _ in range(2):
        player.note("asked", run, player.service.get(run).step, prediction="3", correct=True)


@wrong("hearing-digits")
def _(player: Player) -> None:
    """Listens to one word, after one epoch."""
    run = player.train(player.design("speech", epochs=1, train_fraction=0.1))
    player.note("asked", run, player.service.get(run).step, prediction="3", correct=True)


@model("a-unit-that-counts")
def _(player: Player) -> None:
    run = player.train("brackets")
    player.note("viewed", run, player.service.get(run).step, view="states")
    player.note("asked", run, player.service.get(run).step, typed=True)


@wrong("a-unit-that-counts")
def _(player: Player) -> None:
    """Looks before it has learned, and only at samples."""
    run = player.train(player.design("brackets", epochs=1, train_fraction=0.02))
    player.note("viewed", run, player.service.get(run).step, view="embeddings")
    player.note("asked", run, player.service.get(run).step, typed=False)


@model("forgetting-and-gates")
def _(player: Player) -> None:
    player.train("rnn")
    run = player.train("lstm")
    player.note("viewed", run, player.service.get(run).step, view="gradients")


@wrong("forgetting-and-gates")
def _(player: Player) -> None:
    """One epoch of the LSTM is not enough."""
    run = player.train(player.design("lstm", epochs=1, train_fraction=0.05))
    player.note("viewed", run, player.service.get(run).step, view="states")


@model("humble-rival")
def _(player: Player) -> None:
    player.train("lstm")
    run = player.train("linear")
    player.note("viewed", run, player.service.get(run).step, view="forecast")


@wrong("humble-rival")
def _(player: Player) -> None:
    """The rival alone: nothing to compare it with."""
    player.train("linear")


@model("attention-points")
def _(player: Player) -> None:
    run = player.train("reverse")
    player.note("viewed", run, player.service.get(run).step, view="attention")
    player.train("lost")


@wrong("attention-points")
def _(player: Player) -> None:
    """Looks at attention before it has formed."""
    run = player.train(player.design("reverse", train_fraction=0.02, epochs=1))
    player.note("viewed", run, player.service.get(run).step, view="attention")


@model("ask-the-facts")
def _(player: Player) -> None:
    run = player.train("facts")
    player.note("viewed", run, player.service.get(run).step, view="attention")
    for _ in range(2):
        player.note("asked", run, player.service.get(run).step, typed=True, prediction="hat")
    player.switch_off(run, UnitsOff("look", None), 0.0)


@wrong("ask-the-facts")
def _(player: Player) -> None:
    """Asks samples only, of a network that has just begun."""
    run = player.train(player.design("facts", train_fraction=0.02, epochs=1))
    player.note("viewed", run, player.service.get(run).step, view="attention")
    player.note("asked", run, player.service.get(run).step, typed=False, prediction="hat")


@model("say-it-otherwise")
def _(player: Player) -> None:
    run = player.train("keep")
    player.note("viewed", run, player.service.get(run).step, view="attention")
    dates = player.train("dates")
    for _ in range(2):
        player.note("asked", dates, player.service.get(dates).step, typed=True)


@wrong("say-it-otherwise")
def _(player: Player) -> None:
    """Reads, and never asks."""
    run = player.train(player.design("keep", epochs=1, train_fraction=0.05))
    player.note("viewed", run, player.service.get(run).step, view="states")


@model("one-letter-after-another")
def _(player: Player) -> None:
    run = player.train("names")
    player.note("viewed", run, player.service.get(run).step, view="samples")
    for _ in range(2):
        player.note("asked", run, player.service.get(run).step, typed=True)


@wrong("one-letter-after-another")
def _(player: Player) -> None:
    """One epoch: blind guessing, nearly."""
    run = player.train(player.design("names", epochs=1, train_fraction=0.2))
    player.note("asked", run, player.service.get(run).step, typed=True)


@model("your-own-choice")
def _(player: Player) -> None:
    for preset in ("spiral", "reverse", "moons"):
        player.train(presets.get(preset).experiment)


@wrong("your-own-choice")
def _(player: Player) -> None:
    """A straight line through the spiral."""
    spiral = presets.get("spiral").experiment
    player.train(with_layers(changed(spiral, epochs=20), spiral.network.layers[-1]))


@model("sealed-envelope")
def _(player: Player) -> None:
    """Five runs, one thing changed in each; then the envelope of the best, and only of that one."""
    few = player.design("few")
    tries = (few, changed(few, learning_rate=0.005), changed(few, learning_rate=0.01), resized(few, hidden1=32),
             few.model_copy(update={"seed": 1}))
    runs = [player.service.get(player.train(one)) for one in tries]
    assert all(run.sealed and run.test_accuracy is None for run in runs)
    best, *others = sorted(runs, key=lambda run: run.val_accuracy or 0.0, reverse=True)
    with pytest.raises(LessonError, match="must be that of the run with the highest"):
        player.unseal(others[-1].id)
    player.unseal(best.id)
    with pytest.raises(LessonError, match="can only be opened once"):
        player.unseal(others[0].id)
    assert player.service.get(best.id).test_accuracy and player.service.get(others[0].id).sealed
    player.earned()
    assert 0 < (player.measured("open-the-envelope") or 0) < 10


@wrong("sealed-envelope")
def _(player: Player) -> None:
    """Changes two things at a time, and opens nothing."""
    few = player.design("few")
    for number in range(1, 6):
        player.train(changed(few, epochs=number, learning_rate=0.001 * number, train_fraction=0.06))


@model("who-is-to-blame")
def _(player: Player) -> None:
    player.note("computed", quantity="gradient")
    player.note("computed", quantity="new_weight")


@wrong("who-is-to-blame")
def _(player: Player) -> None:
    """Trains the network instead of working anything out."""
    player.train("tiny")
