"""Ready studies: one click, one thing to see. Plain data: a base that trains in seconds and what is varied.

Each can also be put on a design of the user's own, where it has what is varied.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dlviz import presets
from dlviz.errors import SpecError
from dlviz.optimizers import SGD
from dlviz.presets.base import layers, linear
from dlviz.schedules import Constant
from dlviz.spec import Experiment, NetworkSpec, Scalar, TrainingSpec
from dlviz.studies import knobs
from dlviz.studies.knobs import Knob
from dlviz.studies.plan import Axis
from dlviz.studies.study import LEAD

RATE = Knob(path=("training", "optimizer", "learning_rate"))


@dataclass(frozen=True)
class Ready:
    """A study in the gallery: what it is called, what to watch, what it begins with, what it varies there."""

    key: str
    title: str
    watch: str
    base: Experiment
    axes: Callable[[Experiment], tuple[Axis, ...]]
    lead: int | None = LEAD


def _short(preset: str, *, share: float, epochs: int, name: str = "", **training: object) -> Experiment:
    """A preset on part of the data, so that a class need not wait."""
    found = presets.get(preset).experiment
    settings = {**dict(found.training), "share": share, "epochs": epochs, "schedule": Constant(), **training}
    return found.model_copy(update={"training": TrainingSpec(**settings), "name": name or found.name})


def _deep(kind: str, depth: int, skips: bool) -> NetworkSpec:
    """Flatten, then `depth` hidden layers 64 wide; with skips, one around every two of them."""
    rows: list[tuple] = [("flatten", "Flatten"), linear("hidden0", 64), ("act0", kind)]
    before = "act0"
    for number in range(1, depth + 1):
        rows += [linear(f"hidden{number}", 64), (f"act{number}", kind)]
        if skips and number % 2 == 0:
            rows.append((f"add{number // 2}", "Add", {}, (f"act{number}", before)))
            before = f"add{number // 2}"
    return layers(*rows, linear("output", 10))


def _experiment(name: str, network: NetworkSpec, **training: object) -> Experiment:
    return Experiment(name=name, network=network, training=TrainingSpec(**training))


def _values(path: tuple[str, ...], *values: Scalar) -> Callable[[Experiment], tuple[Axis, ...]]:
    return lambda base: (Axis(knob=Knob(path=path), values=values),)


def _rates(base: Experiment) -> tuple[Axis, ...]:
    """The one in hand, one far above and one far below."""
    now = base.training.optimizer.learning_rate
    values = tuple(min(100.0, float(f"{now * factor:.2g}")) for factor in (40, 1, 0.025))
    return (Axis(knob=RATE, values=values),)


def _seeds(base: Experiment) -> tuple[Axis, ...]:
    return (Axis(knob=Knob(path=("seed",)), values=tuple(base.seed + index for index in range(3))),)


_MLP = _short("mlp", share=0.25, epochs=3)
_SLOPE = _short("mlp", share=0.25, epochs=3, optimizer=SGD(learning_rate=0.05))

READY: dict[str, Ready] = {ready.key: ready for ready in (
    Ready("batch_norm", "With and without batch norm",
          "Ten sigmoid layers: without batch norm the loss stays flat near 2.3, with it the same network learns "
          "at once.",
          _short("sigmoid", share=0.2, epochs=3), _values(("have", "batch_norm"), True, False)),
    Ready("adam_sgd", "Adam against SGD and momentum",
          "Plain SGD falls most slowly; momentum makes it as quick as Adam on this small network.",
          _MLP, _values(("recipe",), "SGD, no momentum", "SGD with momentum", "Adam")),
    Ready("rates", "Three learning rates",
          "Too high and the loss explodes within some steps, too low and it crawls; the one between falls "
          "quickly.",
          _SLOPE, _rates),
    Ready("seeds", "Three seeds with their band",
          "The same network from three different first weights: how far the curves lie apart by luck alone.",
          _MLP, _seeds),
    Ready("race", "Optimizer race",
          "All optimizers with their usual settings from the same first weights: who is ahead early, who in the "
          "end.",
          _MLP, _values(("recipe",), *(name for name in knobs.RECIPES if name != "SGD, no momentum"))),
    Ready("activations", "Activation functions",
          "Six layers deep: tanh learns at once, ReLU a little later, sigmoid not at all. Its slope is so flat "
          "that the gradient vanishes on its way back.",
          _experiment("Six layers deep", _deep("ReLU", 6, skips=False), share=0.2, epochs=3,
                      optimizer=SGD(learning_rate=0.05)),
          _values(("activations",), "ReLU", "Tanh", "Sigmoid")),
    Ready("batches", "Batch sizes",
          "Small batches make many noisy updates from the same images, large ones few and calm ones.",
          _MLP, _values(("training", "batch_size"), 16, 64, 256, 1024)),
    Ready("dropout", "With and without dropout",
          "On little data, without dropout: the training loss goes to nothing, the images are learned by heart, "
          "and the validation loss turns up. With dropout learning by heart is harder.",
          _short("mlp", share=0.02, epochs=40), _values(("have", "dropout"), True, False)),
    Ready("skips", "With and without skip connections",
          "Twenty layers deep: with skips the gradient finds a short way back, without them nothing is "
          "learned.",
          _experiment("Twenty layers with skips", _deep("ReLU", 20, skips=True), share=0.2, epochs=3,
                      optimizer=SGD(learning_rate=0.01)),
          _values(("have", "skips"), True, False)),
)}


def get(key: str) -> Ready:
    """The ready study of this key. SpecError names the choices."""
    if key not in READY:
        raise SpecError(f"The ready study {key[:60]!r}", f"is one of {', '.join(READY)}",
                        "it is none of them", "Choose one of these.")
    return READY[key]
