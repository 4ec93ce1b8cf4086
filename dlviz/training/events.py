"""What training says while it goes: frozen events of floats and small CPU arrays, never tensors or live modules."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import numpy as np

from dlviz.games.record import GameCapture, GameRecord
from dlviz.probes.attention import AttentionMaps
from dlviz.probes.caching import CacheTiming
from dlviz.probes.health import LayerHealth
from dlviz.probes.patterns import PatternCapture
from dlviz.probes.plane_maps import PlaneMaps
from dlviz.probes.recurrent import GradientReach, RecurrentStates
from dlviz.tasks.beam import BeamTree
from dlviz.tasks.decoding import Generation
from dlviz.tasks.forecast import Forecasts
from dlviz.training.calibration import Calibration
from dlviz.training.game_events import GamesPlayed, TDErrors

Other = TypeVar("Other")
ByLayer = Mapping[str, Mapping[str, Other]]  # of recurrent layers: layer -> 'layer 1' -> value
REWARD = re.compile(r"reward\((\d+), (\d+)\)")
Ending = Literal["done", "stopped", "diverged"]
FEW_CLASSES = 50  # of so many an evaluation tells details: a larger confusion matrix cannot be read


@dataclass(frozen=True, slots=True)
class Started:
    """Training begins, or goes on after `step` updates that an earlier process made.

    `chance_loss` and `constant_loss` are what losses are measured by; see `training.baselines`.
    """

    step: int
    planned_steps: int
    steps_per_epoch: int
    device: str
    parameters: int
    sentence: str = ""  # where it does not go on from the newest checkpoint: why
    chance_loss: float | None = None
    constant_loss: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One update: the loss and accuracy of its batch, measured before the weights moved."""

    step: int  # from 1
    loss: float
    accuracy: float  # share of the batch that was right, 0 to 1
    learning_rate: float


@dataclass(frozen=True)
class Steps:
    """Many Step events packed as columns, one value a step; what travels between processes."""

    step: np.ndarray  # int64 (n,)
    loss: np.ndarray  # float32 (n,)
    accuracy: np.ndarray  # float32 (n,)
    learning_rate: np.ndarray  # float32 (n,)


@dataclass(frozen=True)
class Evaluated:
    """The network judged on validation samples, without learning from them."""

    step: int
    val_loss: float
    val_accuracy: float
    samples: int
    confusion: np.ndarray | None = None  # int32 (classes, classes), rows are the truth; None where classes are not few
    mistakes: tuple[Mistake, ...] = ()  # the worst first
    calibration: Calibration | None = None  # as the confusion matrix


@dataclass(frozen=True, slots=True)
class FreeRunning:
    """How well the network answers by itself, fed its own symbols; only where it is taught by teacher forcing.

    Both accuracies are of the same samples and the same symbols, so that their difference is exposure bias
    (Ranzato et al. 2016).
    """

    step: int
    accuracy: float  # free running, greedy, 0 to 1
    teacher_forced: float  # with teacher forcing: fed the true symbols
    samples: int
    split: Literal["val", "test"] = "val"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One validation sample that the network got wrong."""

    index: int  # in the validation split
    target: int
    prediction: int
    probability: float  # that the network gave its wrong answer


@dataclass(frozen=True, slots=True)
class Changed:
    """A setting was changed while training; `step` is the first update that felt it.

    A `schedule` is its JSON; `plateau` is the learning rate, lowered by the schedule of that name. A weight that was
    edited by hand is called as `control.SetWeight.setting` says, a reward as `control.SetReward.setting`.
    """

    step: int
    setting: str
    old: float | str
    new: float | str

    @property
    def by_hand(self) -> bool:
        """Whether it is an edited weight."""
        return self.setting.endswith("]")

    @property
    def cell(self) -> tuple[int, int] | None:
        """Row and column of the cell whose reward was changed; None for a change of something else."""
        found = REWARD.fullmatch(self.setting)
        return (int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class Clipped:
    """Gradients of the steps since the last of these, up to `step`; only of a run that clips them.

    Sizes are the norm of all gradients, or, where each number is cut, the largest number.
    """

    step: int
    mean_before: float  # clipping
    max_before: float
    mean_after: float
    fraction: float  # of the steps that were above the threshold, 0 to 1


@dataclass(frozen=True, slots=True)
class Progressed:
    """A search for a learning rate, or a trial, has come so far; see `training.finder` and `training.trials`."""

    done: int
    of: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A learning rate that the curve of a search speaks for."""

    rate: float
    title: str  # one word
    reason: str  # one sentence
    loss: float | None = None  # at the end of a short trial with it


@dataclass(frozen=True)
class RateFound:
    """What a search for a learning rate saw. The arrays are float32 `(n,)`, one value a rate, in rising order."""

    rates: np.ndarray
    losses: np.ndarray  # of one batch each, before it was learned from
    smoothed: np.ndarray
    suggestion: float | None  # the best of `suggestions`; None where the loss fell nowhere
    sentence: str  # why this one, or why none
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class ThreadsChanged:
    """The updates after `step` use so many processor threads; the bits of a curve depend on it."""

    step: int
    count: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a short copy of an experiment has reached after `steps` updates."""

    steps: int
    val_loss: float
    val_accuracy: float


@dataclass(frozen=True)
class TrialsCompared:
    """Short copies beside each other (`training.trials`); `batch_*` are of one batch learned again and again."""

    unchanged: Outcome
    changed: tuple[Outcome, ...]  # in the order asked for, up to the first that helped
    batch_first: float  # its first loss
    batch_loss: float  # its last
    batch_accuracy: float  # 0 to 1


@dataclass(frozen=True, slots=True)
class Paused:
    step: int
    sentence: str = ""  # where it waits for the disk: why. It goes on by itself when there is room


@dataclass(frozen=True, slots=True)
class Resumed:
    step: int


@dataclass(frozen=True)
class Captured:
    """What a viewer asked to see, taken with the weights after `step` updates."""

    step: int
    sample: int  # index of the pinned sample in the test split
    outputs: Mapping[str, np.ndarray] = field(
        default_factory=dict[str, np.ndarray])  # layer -> its output for the sample, no batch axis
    weights: Mapping[str, np.ndarray] = field(default_factory=dict[str, np.ndarray])  # layer -> its weight tensor
    probabilities: np.ndarray | None = None  # float32 (classes,)
    plane: PlaneMaps | None = None
    parameters: Mapping[str, np.ndarray] = field(default_factory=dict[str, np.ndarray])  # by key of the state dict
    gradients: Mapping[str, np.ndarray] = field(default_factory=dict[str, np.ndarray])  # of `loss`, of those that learn
    loss: float | None = None  # of the sample, where parameters are wanted
    game: GameCapture | None = None
    patterns: PatternCapture | None = None
    flow: Mapping[str, tuple[float | None, ...]] = field(  # layer -> L2 norm of the sample loss's gradient for each of
        default_factory=dict[str, tuple[float | None, ...]])  # its inputs; None for symbols


@dataclass(frozen=True)
class Health:
    """How each layer was during update number `step`, taken around that very update."""

    step: int
    layers: Mapping[str, LayerHealth]


@dataclass(frozen=True)
class QueryResult:
    """The reply to a `Query`, taken with the weights after `step` updates."""
    ticket: str
    step: int
    probabilities: np.ndarray  # float32 (classes,) or (T, classes); with `mse` the numbers themselves
    outputs: Mapping[str, np.ndarray] = field(default_factory=dict[str, np.ndarray])
    attention: Mapping[str, AttentionMaps] = field(default_factory=dict[str, AttentionMaps])  # module -> its maps
    states: ByLayer[RecurrentStates] = field(default_factory=dict[str, Mapping[str, RecurrentStates]])
    weights: Mapping[str, np.ndarray] = field(default_factory=dict[str, np.ndarray])  # layer -> its weight tensor
    readouts: np.ndarray | None = None  # float32 (T, classes): its answer after each step
    generation: tuple[Generation, ...] = ()  # its own answer, symbol by symbol, where it answers alone
    gradients: ByLayer[GradientReach] = field(default_factory=dict[str, Mapping[str, GradientReach]])
    samples: tuple[str, ...] = ()  # answers drawn from nothing
    forecasts: Forecasts | None = None
    plane: PlaneMaps | None = None
    beam: BeamTree | None = None
    timing: CacheTiming | None = None
    lens: Mapping[str, np.ndarray] = field(default_factory=dict[str, np.ndarray])  # layer -> its early answer (T, V)
    game: GameRecord | None = None
    patterns: PatternCapture | None = None
    error: str | None = None  # a sentence, when the question could not be answered


@dataclass(frozen=True, slots=True)
class Checkpointed:
    """The run can go on from here whatever happens; `path` is the file."""

    step: int
    path: str
    cpu_seconds: float = 0.0  # seconds of processor time that writing it took
    wall_seconds: float = 0.0  # seconds that training stood still for it
    new_room: bool = False  # whether it was written to a new file, which costs six times as much as over an older one


@dataclass(frozen=True, slots=True)
class Ended:
    """Training is over. `test_*` are of the whole test split and only there when `reason` is `done`."""

    step: int
    reason: Ending
    sentence: str = ""  # `diverged`: what happened and what to try; early stopping: why it ended, what was put back
    test_loss: float | None = None
    test_accuracy: float | None = None
    best_step: int | None = None  # with early stopping: that of the weights it ended with


Event = (Started | Step | Steps | GamesPlayed | TDErrors | Evaluated | FreeRunning | Changed | Clipped | Progressed
         | RateFound | TrialsCompared | ThreadsChanged | Paused | Resumed | Captured | Health | QueryResult
         | Checkpointed | Ended)
