"""What learns: network, optimizer, data, and what acts at each update. Knows no control, no viewer and no page.

Everything that decides a curve is in the Experiment, but for first weights that were taken over from another run:
the others come from torch's generator set to its seed,
the order of epoch e from a generator of its own set to seed + e, dropout from torch's generator as it goes on,
changes to training pictures from one more of their own.
"""
from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import torch

from dlviz import chance, schedules, tasks
from dlviz import network as net
from dlviz.penalty import add_penalty
from dlviz.schedules import Plan, Schedule
from dlviz.spec import Experiment
from dlviz.tasks import Split, SplitName
from dlviz.training import baselines, clipping, lone_samples, metrics, optimizers, rewards
from dlviz.training import checkpoint as ckpt
from dlviz.training import device as devices
from dlviz.training import events as ev
from dlviz.training.augmenter import Augmenting
from dlviz.training.control import SetReward
from dlviz.training.corrupting import Corrupting
from dlviz.training.stopping import EarlyStopping, PlateauTracker

EVALUATIONS = 5  # of the validation split in one epoch, the last at its end
SPACING = 100  # steps at least between two of them within an epoch, else judging would cost more than learning


class Learner:
    """The state that an update changes. A mechanism that is off is None, and costs nothing."""

    def __init__(self, experiment: Experiment, device: str | None, first_weights: Path | None = None):
        self.experiment, self._first_weights = experiment, first_weights
        self.device = torch.device(device) if device else devices.pick()
        self.task = tasks.get(experiment.task.name, experiment.task.fields)
        spec = experiment.training
        spec.require(self.task.signature())
        lone_samples.require(experiment, self.task)
        self.prepare()
        self.planned_steps = self.steps_per_epoch * spec.epochs
        self.plan = Plan(self.planned_steps, self.steps_per_epoch)
        self.restart()

    def prepare(self) -> None:
        """What there is to learn from, and how many updates an epoch has."""
        spec, data = self.experiment.training, self.task.data()
        self.loss = metrics.training_loss(self.task.signature(), spec.label_smoothing)
        self.train = _to(data.train.first(max(1, round(spec.train_fraction * len(data.train)))), self.device)
        self.val, self.test = data.val, data.test
        self.steps_per_epoch = spec.steps_per_epoch(len(data.train))
        self.spacing = max(SPACING, self.steps_per_epoch // EVALUATIONS)

    def baselines(self) -> tuple[float | None, float | None]:
        """What losses are measured by; see `training.baselines`."""
        return baselines.losses(self.train.targets, self.task.signature())

    def evaluate(self, split: SplitName, most: int | None = None, details: bool = True) -> ev.Evaluated:
        """The network judged on a split, or on its first `most` samples; with `details` as `metrics.evaluate`."""
        samples = {"val": self.val, "test": self.test, "train": self.train}[split]
        return metrics.evaluate(self.network, samples.first(most) if most else samples, self.device, self.step, details)

    def set_reward(self, message: SetReward) -> tuple[float, float]:
        """Another reward at a cell of a board; the old and the new one. RunError where that cannot be."""
        raise rewards.no_board()

    def news(self) -> Iterator[ev.Event]:
        """What else there is to tell after an update."""
        return iter(())

    def restart(self) -> None:
        """Go back to before the first update: weights, optimizer, schedule and early stopping."""
        spec = self.experiment.training
        self.reset()
        self.set_schedule(schedules.get(spec.schedule))
        self.early_stopping = EarlyStopping(spec.early_stopping) if spec.early_stopping else None

    def reset(self) -> None:
        """A new network with its first weights, its optimizer, and what acts at each of their steps."""
        spec, signature = self.experiment.training, self.task.signature()
        self.step = 0
        chance.seed_all(self.experiment.seed)  # dropout draws on from where the first weights end
        self.network = net.build(self.experiment.network, signature)
        if self._first_weights is not None:
            ckpt.load_some(self._first_weights, self.network)
        self.network.to(self.device)
        if any(p.ndim == 4 for p in self.network.parameters()):
            # 1.2 times as fast for small convolutions; torch's stubs leave this form of `to` out
            self.network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        self.network.train()
        self.optimizer = optimizers.build(spec.optimizer, self.network)
        self.weights = tuple(optimizers.learning(self.network))
        self.penalty = partial(add_penalty, self.weights, spec.l1, spec.l2) if spec.l1 or spec.l2 else None
        self.clip = None if spec.clip == "off" else clipping.Clipping(
            spec.clip, spec.clip_threshold, self.weights, clipping.every(self.planned_steps))
        self.augment = Augmenting(spec.augmentation, signature, self.experiment.seed) \
            if spec.augmentation.active else None
        corruption = self.task.corruption
        self.corrupt = Corrupting(corruption, self.experiment.seed) if corruption else None

    def batches(self, epoch: int, done: int) -> Iterator[torch.Tensor]:
        """Indices of each batch of an epoch, leaving out the first `done` batches."""
        order = torch.randperm(len(self.train), generator=torch.Generator().manual_seed(self.experiment.seed + epoch))
        return iter(torch.split(order.to(self.device), self.experiment.training.batch_size)[done:])

    def set_schedule(self, schedule: Schedule) -> None:
        """Have the learning rate follow this schedule from the next update on."""
        self.schedule, self.lr_lambda = schedule, schedule.factors(self.plan)
        self.plateau = PlateauTracker(schedule) if schedule.follows_loss else None

    def learning_rate(self) -> float:
        """The learning rate of the next update: the optimizer's own, times what the schedule makes of it."""
        rate = self.optimizer.param_groups[0]["initial_lr"] * self.lr_lambda(self.step)
        return self.plateau.reduce(rate) if self.plateau else rate

    def batch(self, indices: torch.Tensor) -> tuple[list[torch.Tensor], torch.Tensor]:
        """Inputs and targets of these samples, made anew where a task says how."""
        if self.corrupt:
            return self.corrupt([x.index_select(0, indices) for x in self.train.clean])
        inputs = [x.index_select(0, indices) for x in self.train.inputs]  # a third of the time of x[indices]
        return inputs, self.train.targets.index_select(0, indices)

    def update(self, indices: torch.Tensor) -> ev.Step:
        """One forward, backward and update. The loss is that of before the update."""
        self.optimizer.param_groups[0]["lr"] = self.learning_rate()
        inputs, targets = self.batch(indices)
        outputs = self.network(*(self.augment(inputs) if self.augment else inputs))
        loss = self.loss(outputs, targets)
        if (cost := self.network.cost()) is not None:
            loss = loss + cost
        self.descend(loss)
        accuracy = metrics.accuracy(outputs.detach(), targets, self.network.signature)
        return ev.Step(self.step, loss.item(), accuracy, self.optimizer.param_groups[0]["lr"])

    def descend(self, loss: torch.Tensor) -> None:
        """One backward pass and update of the weights."""
        for weight in self.weights:
            weight.grad = None  # 11 us less than zero_grad, which also tells a profiler
        loss.backward()  # pyright: ignore[reportUnknownMemberType] - torch does not say what its arguments are
        if self.penalty:
            self.penalty()
        if self.clip:
            self.clip()
        self.optimizer.step()
        self.step += 1

    def state_dict(self) -> ckpt.TrainerState:
        """The state of schedule, early stopping and augmentation, so that going on equals never having stopped."""
        stopping, plateau = self.early_stopping, self.plateau
        tensors = {f"best.{name}": value for name, value in stopping.best_weights.items()} if stopping else {}
        if self.augment:
            tensors["augment"] = self.augment.generator.get_state()
        if self.corrupt:
            tensors["corrupt"] = self.corrupt.generator.get_state()
        return ckpt.TrainerState(tensors, {"schedule": self.schedule.model_dump(),
                                           "plateau": plateau.state_dict() if plateau else None,
                                           "early_stopping": stopping.state_dict() if stopping else None})

    def load(self, path: Path) -> None:
        """Go on from where a checkpoint was written."""
        self.step = ckpt.load(path, self.network, self.optimizer)
        state = ckpt.load_trainer_state(path)
        if schedule := state.values.get("schedule"):  # it may have been changed while the run went
            self.set_schedule(schedules.load(schedule))
        if self.plateau and state.values.get("plateau"):
            self.plateau.load_state_dict(state.values["plateau"])
        if self.early_stopping and state.values.get("early_stopping"):
            weights = {name.removeprefix("best."): value for name, value in state.tensors.items()
                       if name.startswith("best.")}
            self.early_stopping.load_state_dict(state.values["early_stopping"], weights)
        if self.augment and "augment" in state.tensors:
            self.augment.generator.set_state(state.tensors["augment"])
        if self.corrupt and "corrupt" in state.tensors:
            self.corrupt.generator.set_state(state.tensors["corrupt"])

    def load_weights(self, path: Path) -> None:
        """Go on from weights alone: the optimizer and what acts at each update start again. RunError as `load`."""
        self.restart()
        self.step = ckpt.load(path, self.network)

    def on_evaluation(self, loss: float) -> Iterator[ev.Event]:
        """What follows from the loss of the whole validation split: a lower learning rate, an early end."""
        if self.early_stopping:
            self.early_stopping.update(loss, self.step, self.network)
        if self.plateau:
            before = self.learning_rate()
            if self.plateau.update(loss):
                yield ev.Changed(self.step + 1, "plateau", before, self.learning_rate())


def _to(split: Split, device: torch.device) -> Split:
    return Split(tuple(x.to(device) for x in split.inputs), split.targets.to(device),
                 tuple(x.to(device) for x in split.clean))
