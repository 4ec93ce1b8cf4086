"""How a running loop is steered: small messages, read between two batches. Knows no loop and no process."""
from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from dlviz.games.record import GameQuestion
from dlviz.probes.patterns import NO_PATTERNS, PatternWatch
from dlviz.schedules import Schedule
from dlviz.tasks.decoding import Decoding
from dlviz.tasks.forecast import ForecastWindow

Setting = Literal["learning_rate", "momentum", "weight_decay", "schedule"]


@dataclass(frozen=True, slots=True)
class Pause:
    pass


@dataclass(frozen=True, slots=True)
class Resume:
    pass


@dataclass(frozen=True, slots=True)
class Advance:
    """Train for one `batch`, or to the end of the `epoch`, and pause."""

    by: Literal["batch", "epoch"] = "batch"


@dataclass(frozen=True, slots=True)
class Stop:
    pass


@dataclass(frozen=True, slots=True)
class Set:
    """Change `learning_rate`, `momentum`, `weight_decay` or the `schedule` from the next update on."""

    setting: Setting
    value: float | Schedule

    @property
    def number(self) -> float:
        """The value of a setting that is a number. TypeError for a schedule."""
        if not isinstance(self.value, (int, float)):
            raise TypeError(f"{self.setting} is no number")
        return self.value

    @property
    def schedule(self) -> Schedule:
        """The value of `schedule`. TypeError for a setting that is a number."""
        if isinstance(self.value, (int, float)):
            raise TypeError(f"{self.setting} is no schedule")
        return self.value


@dataclass(frozen=True, slots=True)
class SetWeight:
    """Give one number of a parameter another value before the next update. Undone by the old value.

    Args:
        name: the parameter's key in the network's state dict, such as `hidden1.weight`.
        index: the number's place in it.
    """

    name: str
    index: tuple[int, ...]
    value: float

    @property
    def setting(self) -> str:
        """What a mark on the curve calls it: `hidden1.weight[3, 4]`."""
        return f"{self.name}[{', '.join(map(str, self.index))}]"


@dataclass(frozen=True, slots=True)
class SetReward:
    """Give a cell of the board that is learnt another reward from the next move on. Undone by the old one."""

    row: int
    column: int
    value: float

    @property
    def setting(self) -> str:
        """What a mark on the curve calls it: `reward(2, 5)`, counted from 0 as a weight's place is."""
        return f"reward({self.row}, {self.column})"


@dataclass(frozen=True, slots=True)
class Watch:
    """What all viewers together look at now; an empty Watch captures nothing and costs nothing.

    Args:
        sample: index of the pinned sample in the test split.
        outputs: layers whose outputs are wanted.
        weights: layers whose weights are wanted.
        every: seconds between captures.
        health: whether each layer's health is looked at often.
        plane: whether it is wanted what the network says over the plane, where its task lies in one.
        parameters: layers all of whose parameters are wanted, and how the sample's loss depends on them.
        game: whether a game of the network is wanted, where its task is one; the sample's number is then its seed.
        patterns: answers to further samples, codes, and pictures made of codes.
        flow: layers at whose inputs it is wanted how large the gradient of the sample's loss is.
    """

    sample: int = 0
    outputs: tuple[str, ...] = ()
    weights: tuple[str, ...] = ()
    every: float = 0.25
    health: bool = False
    plane: bool = False
    parameters: tuple[str, ...] = ()
    game: bool = False
    patterns: PatternWatch = NO_PATTERNS
    flow: tuple[str, ...] = ()

    @property
    def needs_sample(self) -> bool:
        """Whether a sample must be sent through the network for it."""
        return bool(self.outputs or self.weights or self.plane or self.parameters or self.game or self.flow
                    or self.patterns.active)

    @property
    def active(self) -> bool:
        return self.needs_sample or self.health


@dataclass(frozen=True)
class Query:
    """Run inputs of a user's own, one sample without batch axis, through the network as it is now.

    Args:
        outputs: layers whose outputs are wanted.
        attention: layers whose attention is wanted, blocks included.
        states: recurrent layers whose states and gates are wanted.
        weights: layers whose weights are wanted.
        readouts: what the network would answer after each step is wanted; `probes.unfolding` says of which.
        decoding: how a network that answers symbol by symbol chooses each; what is asked for is then of its own
            answer. None shows it the inputs as they are.
        seed: decides what is drawn.
        gradients: recurrent layers; how far the gradient of the last judged step's loss reaches back is wanted.
        target: the truth, as the task has it; without it there is no loss and no gradient.
        samples: so many answers of its own are wanted, drawn from nothing, with `decoding` behind the beginning.
        sample_decoding: how these are drawn.
        forecast_window: a piece of a series whose forecasts are wanted.
        plane: whether it is wanted what the network says over the plane.
        beam: width and length of a beam search that is wanted.
        timed: so many symbols are to be written with and without a cache of keys and values, and timed.
        lens: layers from whose outputs the layers behind the last of them are to read an answer.
        muted: heads that say nothing, each by its attention module (`block.self_attn`) and its number.
        game: a game that is to be played.
        patterns: see `Watch`.
    """

    ticket: str
    inputs: tuple[np.ndarray, ...]
    outputs: tuple[str, ...] = ()
    attention: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    weights: tuple[str, ...] = ()
    readouts: bool = False
    decoding: Decoding | None = None
    seed: int = 0
    gradients: tuple[str, ...] = ()
    target: np.ndarray | int | None = None
    samples: int = 0
    sample_decoding: Decoding = Decoding(1.0)
    forecast_window: ForecastWindow | None = None
    plane: bool = False
    beam: tuple[int, int] | None = None
    timed: int = 0
    lens: tuple[str, ...] = ()
    muted: tuple[tuple[str, int], ...] = ()
    game: GameQuestion | None = None
    patterns: PatternWatch = NO_PATTERNS


@dataclass(frozen=True, slots=True)
class Save:
    """Write a checkpoint now."""


@dataclass(frozen=True, slots=True)
class SetThreads:
    """Use this many processor threads from the next batch on."""

    count: int


@dataclass(frozen=True)
class ReplayThreads:
    """Up to step `until` use the processor threads that an earlier process used: `threads` from each step on."""

    threads: tuple[tuple[int, int], ...] = ()  # (step, count), in the order in which they came
    until: int = 0


@dataclass(frozen=True, slots=True)
class FindRate:
    """Search for a learning rate, on a copy of the network; see `training.finder`."""


@dataclass(frozen=True, slots=True)
class TryChanges:
    """Try changes on short copies, each an Experiment as JSON; see `training.trials`."""

    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HoldAt:
    """Make no update after `step`, and wait there for the next word; None lets go. No pause: nothing is saved.

    With `capture` what is watched is captured at that step; without, and with None, captures come by time.
    """

    step: int | None
    capture: bool = False


Message = (Pause | Resume | Advance | Stop | Set | SetWeight | SetReward | Watch | Query | Save | SetThreads
           | ReplayThreads | HoldAt | FindRate | TryChanges)


class Control:
    """A mailbox between whoever steers (any thread) and the loop (one thread).

    `before_waiting` is called each time that the loop is about to wait for a message, `before_saving` each time
    that it is about to write a checkpoint: what was said until then must be safe first.
    """

    def __init__(self, before_waiting: Callable[[], None] = lambda: None,
                 before_saving: Callable[[], None] = lambda: None) -> None:
        self._before_waiting, self.before_saving = before_waiting, before_saving
        self._box: queue.SimpleQueue[Message] = queue.SimpleQueue()

    def post(self, message: Message) -> None:
        self._box.put(message)

    def take(self) -> Message | None:
        """The next message, or None at once. Costs 0.1 microseconds when there is none."""
        if self._box.empty():
            return None
        return self._box.get()

    def wait(self, timeout: float | None = None) -> Message | None:
        """The next message, waiting for it; None after `timeout` seconds."""
        self._before_waiting()
        try:
            return self._box.get(timeout=timeout)
        except queue.Empty:
            return None
