"""The memory that training a network takes at its highest moment, played from the profiles of its layers.

One update goes forward, where values pile up that autograd holds, and back, where they go and gradients come; an
evaluation goes forward and holds nothing. Between two updates a checkpoint is written. Knows no torch and no task.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlviz import settings

if TYPE_CHECKING:
    from dlviz.network.measuring import Profile

FLOAT = 4  # bytes of a number
LOSS_COPIES = 4  # of the outputs: the logarithms of probabilities, their gradient and what accuracy needs
LOGITS_COPIES = 3  # an evaluation gathers the outputs of all samples, and their logarithms
MAPPED = 32 * 2**20  # from so many bytes on a block lies outside the C library's heap
HOLES, BRIEF_HOLES = 0.8, 0.4  # what the C library's heap wastes between blocks that come and go, measured: in an
# update, and in an evaluation, where little is held


@dataclass(frozen=True)
class Stage:
    """One layer where it stands: the names of what it takes and gives, and what it needs."""

    name: str
    inputs: tuple[str, ...]
    profile: Profile


def peak(stages: Sequence[Stage], inputs: Mapping[str, int], batch: int, moments: int,
         held_out: int = 5_000) -> int:
    """Bytes at the highest moment of training.

    Args:
        inputs: how many bytes a sample of each of the task's inputs has.
        batch: samples of one update.
        moments: how many numbers the optimizer remembers for each weight.
        held_out: samples of an evaluation.
    """
    weights = FLOAT * sum(stage.profile.parameters for stage in stages)
    update = _Flow(stages, inputs, batch)
    judging = _Flow(stages, inputs, settings.EVALUATION_BATCH)
    logits = LOGITS_COPIES * held_out * stages[-1].profile.size.sample
    samples = batch * sum(inputs.values())
    learning = samples + max(update.forward(), update.backward())
    learning += HOLES * min(learning, update.in_heap())
    answering = judging.evaluation() + logits
    answering += BRIEF_HOLES * min(answering, judging.outputs_in_heap())
    passes = max(learning, answering)
    saving = (1 + moments) * weights  # a checkpoint's copy
    resident = (2 + moments) * weights  # with their gradients
    return round(resident + max(passes, saving))


class _Flow:
    """Values by the name of the layer or input that made them; a view counts as what it looks at."""

    def __init__(self, stages: Sequence[Stage], inputs: Mapping[str, int], batch: int) -> None:
        self._stages, self._batch = stages, batch
        self._root: dict[str, str] = {name: name for name in inputs}
        self._size = dict.fromkeys(inputs, 0.0)  # there all the time, and counted by `peak`
        self._gradient = dict.fromkeys(inputs, False)  # whether the error goes back to it: not before the first weights
        holder: dict[str, int] = {}  # the layer whose backward pass lets go of a value as the last
        use: dict[str, int] = {}  # the layer that reads a value as the last
        for index, stage in enumerate(stages):
            self._gradient[stage.name] = stage.profile.parameters > 0 or any(map(self._gradient.get, stage.inputs))
            self._follow(index, stage, holder, use)
        last = len(stages) - 1
        self._released = self._by_layer({root: at for root, at in use.items() if at < last})
        self._dropped = self._by_layer({root: at for root, at in use.items() if at < last and root not in holder})
        self._let_go = self._by_layer(holder)

    def _follow(self, index: int, stage: Stage, holder: dict[str, int], use: dict[str, int]) -> None:
        profile = stage.profile
        for name, held in zip(stage.inputs, profile.holds_input):
            root = self._root[name]
            use[root] = index
            if held and self._gradient[stage.name]:
                holder.setdefault(root, index)
        if profile.alias is None:
            self._root[stage.name] = stage.name
            self._size[stage.name] = profile.size.at(self._batch)
        else:
            self._root[stage.name] = self._root[stage.inputs[profile.alias]]
        root = self._root[stage.name]
        use[root] = index
        if profile.holds_output and self._gradient[stage.name]:
            holder.setdefault(root, index)

    def _by_layer(self, at: Mapping[str, int]) -> list[float]:
        sizes = [0.0] * len(self._stages)
        for root, index in at.items():
            sizes[index] += self._size[root]
        return sizes

    def in_heap(self) -> float:
        """What of all that a forward pass makes lies in the heap; not what is one large block."""
        return sum(self._internal(stage) + self._made(stage) - self._mapped(stage) for stage in self._stages)

    def outputs_in_heap(self) -> float:
        """The same where nothing is held."""
        return sum(size for size in map(self._made, self._stages) if size < MAPPED)

    def _mapped(self, stage: Stage) -> float:
        held = (size * self._batch for size in stage.profile.blocks if self._gradient[stage.name])
        return sum(size for size in (self._made(stage), *held) if size >= MAPPED)

    def _internal(self, stage: Stage) -> float:
        return stage.profile.internal.at(self._batch) if self._gradient[stage.name] else 0.0

    def evaluation(self) -> float:
        live = top = 0.0
        for stage, released in zip(self._stages, self._released):
            top = max(top, live + stage.profile.evaluate.at(self._batch))
            live += self._made(stage) - released
        return top

    def forward(self) -> float:
        live = top = 0.0
        for stage, dropped in zip(self._stages, self._dropped):
            highest = stage.profile.forward if self._gradient[stage.name] else stage.profile.evaluate
            top = max(top, live + highest.at(self._batch))
            live += self._made(stage) + self._internal(stage) - dropped
        return max(top, live + self._loss())

    def backward(self) -> float:
        """From the end, where all that is held is there; gradients wait where a value was read more than once."""
        live = sum(self._let_go) + sum(map(self._internal, self._stages))
        top, gradients = 0.0, {}
        for index in reversed(range(len(self._stages))):
            stage = self._stages[index]
            if not self._gradient[stage.name]:
                continue
            gradients.pop(stage.name, None)
            top = max(top, live + sum(gradients.values()) + self._rise(stage))
            gradients |= {name: self._size[self._root[name]] for name in stage.inputs if self._gradient[name]}
            live -= self._internal(stage) + self._let_go[index]
        return top

    def _rise(self, stage: Stage) -> float:
        """How high its backward pass rises, which makes no gradient of what no weights made."""
        spared = sum(self._size[self._root[name]] for name in stage.inputs if not self._gradient[name])
        return max(stage.profile.backward.at(self._batch) - spared, self._made(stage))

    def _made(self, stage: Stage) -> float:
        return self._size[stage.name] if stage.profile.alias is None else 0.0

    def _loss(self) -> float:
        return LOSS_COPIES * self._size[self._root[self._stages[-1].name]]
