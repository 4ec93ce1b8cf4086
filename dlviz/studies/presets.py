"""Study presets: one click, one thing to see. Plain data: a base that trains in seconds and what is varied.

Each can also be put on a design of the user's own, where it has what is varied.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dlviz import presets
from dlviz.errors import DlvizError, SpecError
from dlviz.optimizers import OPTIMIZERS, SGD, Adam, AdamW
from dlviz.presets.base import layers, linear
from dlviz.schedules import SCHEDULES, Constant
from dlviz.spec import Experiment, NetworkSpec, Scalar, TrainingSpec
from dlviz.studies import adaptation
from dlviz.studies.hyperparameters import Hyperparameter
from dlviz.studies.mechanisms import MECHANISMS
from dlviz.studies.plan import Axis, variants
from dlviz.studies.study import LEAD
from dlviz.translation import _, declared, listed

RATE = Hyperparameter(path=("training", "optimizer", "learning_rate"))


FAST, WHETHER, NEW = "How fast it learns", "Whether it learns at all", "How well it does on new data"
GROUPS = (FAST, WHETHER, NEW)


@declared("title", "observation", "question")
@dataclass(frozen=True)
class StudyPreset:
    """A study in the gallery.

    Args:
        observation: what to see on its own network; every word of it was measured.
        question: what to look for on another network, where nobody knows what will come out.
        axes: what is varied, seen from the experiment that it is put on.
        little_data: the effect shows on little data only, so a design of the user's own is given little.
        on_validation: the effect shows in the curves of validation, not of training.
    """

    key: str
    group: str  # a key too, so pages translate it
    title: str
    observation: str
    question: str
    base: Experiment
    axes: Callable[[Experiment], tuple[Axis, ...]]
    lead: int | None = LEAD
    little_data: bool = False
    on_validation: bool = False

    def __post_init__(self) -> None:
        listed(type(self), self.group)


def _short(preset: str, *, train_fraction: float, epochs: int, name: str = "", **training: object) -> Experiment:
    """A preset on part of the data, so that a class need not wait."""
    found = presets.get(preset).experiment
    settings = {**dict(found.training), "train_fraction": train_fraction, "epochs": epochs, "schedule": Constant(),
                **training}
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


def _experiment(name: str, network: NetworkSpec, **training: Any) -> Experiment:
    return Experiment(name=name, network=network, training=TrainingSpec(**training))


def _values(path: tuple[str, ...], *values: Scalar) -> Callable[[Experiment], tuple[Axis, ...]]:
    return lambda base: (Axis(hyperparameter=Hyperparameter(path=path), values=values),)


def _rates(base: Experiment) -> tuple[Axis, ...]:
    """The one in hand, one far above and one far below."""
    now = base.training.optimizer.learning_rate
    values = tuple(min(100.0, float(f"{now * factor:.2g}")) for factor in (40, 1, 0.025))
    return (Axis(hyperparameter=RATE, values=values),)


def _seeds(base: Experiment) -> tuple[Axis, ...]:
    return (Axis(hyperparameter=Hyperparameter(path=("seed",)), values=tuple(base.seed + index for index in range(3))),)


def _race(base: Experiment) -> tuple[Axis, ...]:
    """Every optimizer once, in the last of the ways that it is compared in."""
    values = tuple(list(made.recipes())[-1] for made in OPTIMIZERS.values())
    return (Axis(hyperparameter=Hyperparameter(path=("recipe",)), values=values),)


def _decays(base: Experiment) -> tuple[Axis, ...]:
    """None, some, too much."""
    return (Axis(hyperparameter=Hyperparameter(path=("training", "optimizer", "weight_decay")),
                 values=base.training.optimizer.decays),)


def _mechanism(name: str) -> Callable[[Experiment], tuple[Axis, ...]]:
    return _values(("mechanism", name), *MECHANISMS[name].choices)


_MLP = _short("mlp", train_fraction=0.25, epochs=3)
_FEW = _short("mlp", train_fraction=0.02, epochs=40)
_SLOPE = _short("mlp", train_fraction=0.25, epochs=3, optimizer=SGD(learning_rate=0.05))
_SIX = _experiment("Six layers deep", _deep("ReLU", 6, skips=False), train_fraction=0.2, epochs=3,
                   optimizer=SGD(learning_rate=0.05))
_TWENTY = _experiment("Twenty layers with skips", _deep("ReLU", 20, skips=True), train_fraction=0.2, epochs=3,
                      optimizer=SGD(learning_rate=0.01))

STUDY_PRESETS: dict[str, StudyPreset] = {preset.key: preset for preset in (
    StudyPreset("rates", FAST, "Three learning rates",
          "Too high and the loss explodes within some steps, too low and it crawls; the one between falls "
          "quickly.",
          "The rate of your design, one 40 times higher, one 40 times lower: which falls first, which "
          "explodes?",
          _SLOPE, _rates),
    StudyPreset("schedules", FAST, "Learning-rate schedules",
          "A rather high rate. Kept constant, the loss stays restless; where the rate shrinks it calms "
          "down. Cosine, one cycle and exponential end with about 97 %, step with 96 %, constant with "
          "95 to 96 %. Plateau never acts in so short a run.",
          "Which schedule is ahead half way, and which at the end?",
          _short("mlp", train_fraction=0.25, epochs=4, optimizer=Adam(learning_rate=0.01)),
          _values(("training", "schedule"), *SCHEDULES)),
    StudyPreset("adam_sgd", FAST, "Adam against SGD and momentum",
          "Plain SGD falls most slowly; momentum makes it as quick as Adam on this small network.",
          "Each optimizer comes with its usual settings: which falls first?",
          _MLP, _values(("recipe",), "SGD, no momentum", "SGD with momentum", "Adam")),
    StudyPreset("race", FAST, "Optimizer race",
          "From the same first weights: Adagrad and RMSprop fall fastest at first, then SGD with "
          "momentum, Adam and AdamW last. After three epochs all five lie within one percent.",
          "All optimizers with their usual settings: who is ahead early, who in the end?",
          _MLP, _race),
    StudyPreset("batches", FAST, "Batch sizes",
          "From the same images, batches of 16 make 60 times as many updates as batches of 1024. After "
          "three epochs small batches are ahead: 16 and 64 reach about 96 %, 256 about 95 %, 1024 "
          "less than 93 %.",
          "From the same data small batches make many noisy updates, large ones few and calm ones: which "
          "gets further?",
          _MLP, _values(("training", "batch_size"), 16, 64, 256, 1024)),
    StudyPreset("clipping", WHETHER, "Gradient clipping",
          "A learning rate far too high: without clipping the loss explodes and nothing is learned. "
          "Clipped at a norm of 1 it falls, then jumps about and loses what it had; at 0.1 it falls "
          "calmly, to 95 %.",
          "Clipping shows where gradients are long: with it the loss jumps less. If all curves are alike, "
          "yours are short; try a larger learning rate.",
          _short("mlp", train_fraction=0.25, epochs=2, optimizer=SGD(learning_rate=0.5)), _mechanism("clipping")),
    StudyPreset("first_weights", WHETHER, "First weights",
          "Six layers deep: with Kaiming's weights the loss falls at once, torch's own hold it up for "
          "most of an epoch. From zeros nothing is ever learned; too large ones end the run within five "
          "steps.",
          "Which first weights let the loss fall from the first step, and which hold it up?",
          _SIX, _mechanism("first_weights")),
    StudyPreset("activations", WHETHER, "Activation functions",
          "Six layers deep: tanh learns at once, ReLU a little later, sigmoid not at all. Its slope is so "
          "flat that the gradient vanishes on its way back.",
          "Which of them lets your network learn, and how soon?",
          _SIX, _values(("activations",), "ReLU", "Tanh", "Sigmoid")),
    StudyPreset("batch_norm", WHETHER, "With and without batch norm",
          "Ten sigmoid layers: without batch norm the loss stays flat near 2.3, with it the same network "
          "learns at once.",
          "Does the loss fall sooner with batch norm?",
          _short("sigmoid", train_fraction=0.2, epochs=3), _values(("toggle", "batch_norm"), True, False)),
    StudyPreset("skips", WHETHER, "With and without skip connections",
          "Twenty layers deep: with skips the gradient finds a short way back, without them nothing is "
          "learned.",
          "Does it still learn when the skips are taken out?",
          _TWENTY, _values(("toggle", "skips"), True, False)),
    StudyPreset("augmentation", NEW, "Augmentation",
          "1,100 images, as they are: learned by heart, 100 % right in training, 91 % on new data. Shifted "
          "at random, they give 93 to 94 %; also turned and bent 95 %, with only 89 % in training.",
          "On little data: compare the validation accuracy, and how much lower the training accuracy is.",
          _FEW, _mechanism("augmentation"), little_data=True, on_validation=True),
    StudyPreset("dropout", NEW, "With and without dropout",
          "1,100 images. Without dropout they are learned by heart: the training loss goes to nothing, "
          "the validation loss turns up. With it that takes longer, and the lowest validation loss is a "
          "little lower.",
          "On little data: compare the training loss with the validation loss, with and without.",
          _FEW, _values(("toggle", "dropout"), True, False), little_data=True, on_validation=True),
    StudyPreset("early_stopping", NEW, "Early stopping",
          "1,100 images: after six to eleven epochs the validation loss turns up. Early stopping ends the "
          "run soon after and puts the best weights back: a clearly lower loss on new data, with about as "
          "many right answers.",
          "On little data: where does the validation loss turn up, and where does the run end by itself?",
          _short("mlp", train_fraction=0.02, epochs=60), _mechanism("early_stopping"),
          little_data=True, on_validation=True),
    StudyPreset("label_smoothing", NEW, "Label smoothing",
          "The more smoothing, the less sure the network is: the validation loss is higher. All the same "
          "it gives more right answers: 96 % without, 97 % with 0.1 or 0.3.",
          "With more smoothing the network is less sure: look at the loss and the accuracy on validation "
          "data.",
          _short("mlp", train_fraction=0.25, epochs=4), _values(("training", "label_smoothing"), 0.0, 0.1, 0.3),
          on_validation=True),
    StudyPreset("weight_decay", NEW, "Weight decay",
          "1,100 images: without it the validation loss turns up, to 0.43. A decay of 1 holds the weights "
          "small: 0.29, and a few more right answers. A decay of 10 is too much, nothing fits well any "
          "more: 84 % instead of 91 %.",
          "On little data: does the validation loss turn up less with weight decay, and when is it too "
          "much?",
          _short("mlp", train_fraction=0.02, epochs=40, optimizer=AdamW(learning_rate=2e-3)), _decays,
          little_data=True, on_validation=True),
    StudyPreset("seeds", NEW, "Three seeds with their band",
          "The same network from three different first weights: how far the curves lie apart by luck "
          "alone.",
          "How far do the curves lie apart by luck alone?",
          _MLP, _seeds),
)}


def adapt(preset: StudyPreset, own: Experiment) -> Experiment:
    """The user's own design, trained so little that this study on it is over in about a minute.

    SpecError, as from `variants`, where it has nothing that the study varies.
    """
    runs = len(variants(own, preset.axes(own)))
    return adaptation.little(own, runs) if preset.little_data else adaptation.quick(own, runs)


def why_not(preset: StudyPreset, own: Experiment) -> str:
    """Why this study cannot be put on the design, in a sentence; empty where it can."""
    try:
        variants(own, preset.axes(own))
    except DlvizError as error:
        return error.sentence
    return ""


def get(key: str) -> StudyPreset:
    """The study preset of this key. SpecError names the choices."""
    if key not in STUDY_PRESETS:
        raise SpecError(_("The study preset {key!r}", key=key[:60]),
                        _("must be one of {names}", names=", ".join(STUDY_PRESETS)),
                        _("it is none of them"), _("Choose one of these."))
    return STUDY_PRESETS[key]
