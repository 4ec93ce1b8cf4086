"""Ready networks for points in the plane, among them those that must fail. Plain data only."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlviz.optimizers import SGD, Adam
from dlviz.presets.base import Preset, layers, linear, preset
from dlviz.spec import NetworkSpec, Scalar


def _dense(*widths: int, out: int = 2, activation: str = "Tanh") -> NetworkSpec:
    rows: list[tuple[Any, ...]] = []
    for number, width in enumerate(widths, 1):
        rows += [linear(f"hidden{number}", width), (f"{activation.lower()}{number}", activation)]
    return layers(*rows, linear("output", out))


def _plane(key: str, title: str, sentence: str, network: NetworkSpec, task: str,
           fields: Mapping[str, Scalar] | None = None, rate: float = 1e-2, **training: Any) -> Preset:
    settings = {"optimizer": Adam(learning_rate=rate), "batch_size": 16, "epochs": 60, "schedule": "Constant",
                **training}
    return preset("Points in the plane", key, title, sentence, network, task, fields, **settings)


def _few(key: str, title: str, sentence: str, **training: Any) -> Preset:
    return _plane(key, title, sentence, _dense(32, 32, activation="ReLU"), "moons", {"noise": 0.2, "samples": 60},
                  epochs=300, **training)


PLANE: tuple[Preset, ...] = (
    _plane("spiral", "Spiral",
           "Two arms wound around each other, two hidden layers of 8 neurons. Watch the border bend until it follows "
           "the arms.",
           _dense(8, 8), "spiral", epochs=150),
    _plane("spiral_sines", "Spiral with sines",
           "The same spiral and the same layers, with sin x and sin y as further features: it is separated in less "
           "than half the steps.",
           _dense(8, 8), "spiral", {"sin_x": True, "sin_y": True}, epochs=80),
    _plane("spiral_three", "Spiral of three classes",
           "Three arms, two layers of 16 ReLU: the border is made of straight pieces.",
           _dense(16, 16, out=3, activation="ReLU"), "spiral", {"number_of_classes": 3}, epochs=200,
           schedule="CosineAnnealingLR"),
    _plane("circles", "Circles",
           "A disc inside a ring. Four neurons draw a line each, and the output joins them to a closed border.",
           _dense(4), "circles", rate=0.03),
    _plane("circles_linear", "Circles, linear (fails)",
           "This must fail: without a hidden layer the border is a straight line, and no line goes around the disc. "
           "The loss stays at 0.69, that of guessing.",
           _dense(), "circles"),
    _plane("circles_deep_linear", "Circles, deep but linear (fails)",
           "Two hidden layers, and it fails too: linear layers in a row are together one linear layer. Put an "
           "activation between them.",
           layers(linear("hidden1", 8), linear("hidden2", 8), linear("output", 2)), "circles"),
    _plane("circles_squares", "Circles, linear in squares",
           "The linear network again, with x² and y² as features: a circle is a straight line in x² and y², so no "
           "hidden layer is needed.",
           _dense(), "circles", {"x_squared": True, "y_squared": True}),
    _plane("xor", "XOR",
           "Opposite quadrants are of the same class: a hidden layer of 8 neurons solves it.",
           _dense(8), "xor", rate=0.03),
    _plane("xor_linear", "XOR, one linear layer (fails)",
           "This must fail: a single layer draws one straight line, and no line has both quadrants of a class on its "
           "own side. The loss stays at 0.69, that of guessing.",
           _dense(), "xor"),
    _plane("moons", "Moons",
           "Two half moons: first comes a straight border, then one that bends between them.",
           _dense(8, 8), "moons", rate=0.02),
    _few("moons_few", "Too few points",
         "Sixty noisy points and 1,218 parameters: the border bends around single points, and the validation loss "
         "rises while the training loss falls. That is overfitting."),
    _few("moons_few_l2", "Too few points, with L2",
         "The same sixty points with L2 regularization, which keeps weights small: the border stays smooth, and the "
         "validation loss ends far lower.", l2=0.005),
    _plane("gaussians", "Four clouds",
           "Four round clouds: a single linear layer is enough.",
           _dense(out=4), "gaussians", {"number_of_classes": 4}, optimizer=SGD(learning_rate=0.1)),
    _plane("tilted_plane", "A tilted plane",
           "Linear regression: one number for each point, and a network without a hidden layer.",
           _dense(out=1), "plane", optimizer=SGD(learning_rate=0.03), epochs=20),
    _plane("hills", "Hills",
           "Regression of three hills and three hollows: two layers of 16 neurons find them.",
           _dense(16, 16, out=1), "hill", {"samples": 500}, rate=0.02, epochs=120, schedule="CosineAnnealingLR"),
    _plane("own_points", "Own points",
           "Points that you set yourself: by mouse, as text or from a CSV file, in the settings of a new run.",
           _dense(8), "points", rate=0.03, batch_size=8, epochs=100),
)
