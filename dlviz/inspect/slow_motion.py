"""One update in slow motion: of a design before its first step, or of a run from its checkpoint. Thread-safe.

The network is loaded here, in the server; nothing of the run changes.
"""
from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import torch
from torch import nn

from dlviz import layers, schedules, tasks
from dlviz import network as net
from dlviz.inspect import flows
from dlviz.inspect.layer_inside import LayerInside
from dlviz.inspect.weight_inside import WeightInside
from dlviz.network import Network
from dlviz.penalty import add_penalty
from dlviz.probes import arithmetic, chain, nudging, update, uses
from dlviz.probes.update import Update
from dlviz.schedules import Plan
from dlviz.shapes import Signature
from dlviz.spec import Experiment, TrainingSpec
from dlviz.tasks import Task
from dlviz.training import checkpoint as ckpt
from dlviz.training import clipping, metrics, optimizers
from dlviz.training.stopping import PlateauTracker

SAMPLES = 4
KEEP, MOST_BYTES = 8, 200e6  # records that are remembered; at least the newest, however large

Key = tuple[str, str, int, int]


@dataclass(frozen=True)
class SlowMotion:
    """One update of `experiment`'s network on a small batch, and who stands where in the network.

    Attributes:
        step: updates that the weights have behind them.
        indices: the batch's samples in the training split.
        inputs, targets: the batch, samples first.
        losses, losses_after: of each sample alone, `(B,)`; `judged`: how much each counts in the mean.
        modules: every layer by the user's name, and the weighted parts inside blocks as `block.part`.
        network: for the probes of this package; its weights are those of before the update.
    """

    experiment: Experiment
    step: int
    indices: tuple[int, ...]
    inputs: tuple[np.ndarray, ...]
    targets: np.ndarray
    update: Update
    losses: np.ndarray
    losses_after: np.ndarray
    judged: np.ndarray
    modules: dict[str, nn.Module]
    wiring: chain.Wiring
    network: Network
    loss: Callable[[torch.Tensor], torch.Tensor]  # of the network's answer to this batch

    @cached_property
    def weights(self) -> dict[str, tuple[str, str]]:
        """Every tensor of weights that can be followed, by the user's name -> its module's name, torch's name in it.

        Biases are left out: each is a weight whose input is always 1. So are frozen weights, which nothing moves.
        """
        found, known = {}, set()
        for name in sorted(self.modules, key=lambda name: -name.count(".")):  # parts of blocks before the blocks
            module = self.modules[name]
            for parameter, value in module.named_parameters():
                if value.requires_grad and id(value) not in known and "bias" not in parameter \
                        and not uses.hidden(module):
                    known.add(id(value))
                    found[name if parameter == "weight" else f"{name}.{parameter}"] = name, parameter
        order = list(self.modules)
        return dict(sorted(found.items(), key=lambda item: order.index(item[1][0])))

    def nudged(self, weight: str, index: tuple[int, ...]) -> nudging.FiniteDifference:
        """The loss of the batch with one number of a weight a little higher and lower, in float64."""
        value = self._value(weight)
        key = next(key for key, other in self.network.named_parameters() if other is value)
        return nudging.nudge(self.network, key, index, tuple(map(torch.from_numpy, self.inputs)), self.loss,
                             self.experiment.seed)

    def _value(self, weight: str) -> nn.Parameter:
        name, parameter = self.weights[weight]
        return self.modules[name].get_parameter(parameter)

    def inside(self, name: str) -> LayerInside:
        """The arithmetic of one of `formed`."""
        return LayerInside(self.modules[name], self.update.records[name])

    def weight(self, weight: str) -> WeightInside:
        """One of `weights`."""
        name, parameter = self.weights[weight]
        return WeightInside(self.update, self.wiring, name, parameter, self.parameter(weight))

    def kind(self, name: str) -> str:
        """The layer of the catalogue that one of `modules` is."""
        return layers.of(self.modules[name]).kind()

    @property
    def signature(self) -> Signature:
        """What the network takes and gives, without batch axis."""
        return self.network.signature

    def flow(self, name: str) -> flows.LayerFlow:
        """What comes out of one of `modules`, and what gradient comes back."""
        return flows.flow(self.update.records[name])

    def input_flows(self) -> tuple[flows.LayerFlow, ...]:
        """The same of each input; no gradient comes back to symbols, so theirs are zeros."""
        gradients = [np.zeros(x.shape, np.float32) if back is None else back.numpy()
                     for x, back in zip(self.inputs, self.update.inputs)]
        return tuple(flows.LayerFlow(x.astype(np.float32), gradient) for x, gradient in zip(self.inputs, gradients))

    def movement(self, layer: str | None = None) -> flows.Movement:
        """How the parameters of a layer move, or all of them."""
        own = None if layer is None else net.attributes(self.experiment.network.names())[layer]
        return flows.movement([moved for key, moved in self.update.parameters.items()
                               if own in (None, key.split(".")[0])])

    def logits(self, sample: int) -> np.ndarray:
        """What the network gave for a sample before the update, `(classes,)` or `(T, classes)`."""
        return self.update.outputs[sample].numpy()

    def score(self, sample: int) -> float:
        """How far the answer to a sample was correct, 0 to 1: see `training.metrics.correct`."""
        target = torch.from_numpy(self.targets[[sample]])
        return float(metrics.correct(self.update.outputs[[sample]], target, self.signature))

    def formed(self) -> dict[str, str]:
        """Name -> form, of all modules whose arithmetic can be shown."""
        return {name: found for name, module in self.modules.items() if (found := arithmetic.form(module))}

    def parameter(self, weight: str) -> update.ParameterUpdate:
        """One of `weights` on its way through the update."""
        own = self._value(weight)
        key = next(key for key, value in self.network.named_parameters() if value is own)
        return self.update.parameters[key]

    @property
    def nbytes(self) -> int:
        """About how many bytes the record holds: what is remembered of the parameters and of each layer."""
        moved = self.update.parameters.values()
        return sum(4 * 5 * m.before.numel() for m in moved) + sum(
            4 * 3 * update_record.output.numel() for update_record in self.update.records.values())


class SlowMotions:
    """Remembers the last few records, so that a click costs one only when weights or batch are new."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cache: OrderedDict[Key, SlowMotion] = OrderedDict()

    def get(self, experiment: Experiment, path: Path | None = None, batch: int = 0) -> SlowMotion:
        """See `record_update`. Two that want the same at once wait for one record."""
        text = experiment.without_layout().to_json(None)
        key = (text, str(path or ""), path.stat().st_mtime_ns if path else 0, batch)
        with self._lock:
            if key not in self._cache:
                self._cache[key] = record_update(experiment, path, batch)
            self._cache.move_to_end(key)
            while len(self._cache) > 1 and (len(self._cache) > KEEP or self._size() > MOST_BYTES):
                self._cache.popitem(last=False)
            return self._cache[key]

    def _size(self) -> int:
        return sum(motion.nbytes for motion in self._cache.values())


def record_update(experiment: Experiment, path: Path | None = None, batch: int = 0) -> SlowMotion:
    """One update on `SAMPLES` training samples, the `batch`-th draw, as the training would make it.

    Only augmentation is left out: the samples are those of the training split.

    Args:
        path: a checkpoint; the untrained network of the seed when None.

    Raises:
        SpecError, TaskError: the experiment cannot be trained.
        RunError: the checkpoint does not fit.
    """
    task = tasks.get(experiment.task.name, experiment.task.fields)
    task.require()
    spec = experiment.training
    spec.require(task.signature())
    network, optimizer, step = _load(experiment, task, path)
    indices = _draw(experiment, task, batch)
    inputs, targets = _batch(task, indices)
    modules, loss = _modules(network), _Loss(metrics.training_loss(network.signature, spec.label_smoothing),
                                             targets, network)
    update_record = update.record(network, modules, inputs, loss, optimizer, _clip(spec, network),
                                  seed=experiment.seed, penalty=_penalty(spec, network))
    return SlowMotion(experiment, step, indices, tuple(x.numpy() for x in inputs), targets.numpy(), update_record,
                  loss.per_sample(update_record.outputs), loss.per_sample(update_record.outputs_after), _judged(targets,
                                                                                  network.signature.loss),
                  modules, _wiring(network, modules, targets, spec.label_smoothing), network, loss)


def _clip(spec: TrainingSpec, network: Network) -> clipping.Clipping | None:
    return None if spec.clip == "off" else clipping.Clipping(spec.clip, spec.clip_threshold, network.parameters(), 1)


def _penalty(spec: TrainingSpec, network: Network) -> Callable[[], None] | None:
    weights = optimizers.learning(network)
    return partial(add_penalty, weights, spec.l1, spec.l2) if spec.l1 or spec.l2 else None


def _load(experiment: Experiment, task: Task, path: Path | None) -> tuple[Network, torch.optim.Optimizer,
                                                                          int]:
    """Network and optimizer as training would have them for its next update."""
    with torch.random.fork_rng(devices=[]):
        network = net.build(experiment.network, task.signature(), experiment.seed)
        optimizer = optimizers.build(experiment.training.optimizer, network)
        step = ckpt.load(path, network, optimizer) if path else 0
    optimizer.param_groups[0]["lr"] = _rate(experiment, task, path, step, optimizer.param_groups[0]["initial_lr"])
    return network, optimizer, step


def _rate(experiment: Experiment, task: Task, path: Path | None, step: int, rate: float) -> float:
    """The learning rate of the next update, with the schedule that the run follows now."""
    spec, state = experiment.training, ckpt.load_trainer_state(path).values if path else {}
    schedule = schedules.get(spec.schedule)
    if own := state.get("schedule"):  # it may have been changed while the run went
        schedule = schedules.load(own)
    per_epoch = -(-_train_size(experiment, task) // spec.batch_size)
    planned = per_epoch * spec.epochs
    rate *= schedule.at(min(step, planned - 1), Plan(planned, per_epoch))
    if schedule.follows_loss and state.get("plateau"):
        tracker = PlateauTracker(schedule)
        tracker.load_state_dict(state["plateau"])
        rate = tracker.reduce(rate)
    return rate


def _train_size(experiment: Experiment, task: Task) -> int:
    return max(1, round(experiment.training.train_fraction * task.size("train")))


def _draw(experiment: Experiment, task: Task, batch: int) -> tuple[int, ...]:
    random = np.random.default_rng((experiment.seed, batch))
    size = _train_size(experiment, task)
    return tuple(int(i) for i in random.choice(size, min(SAMPLES, size), replace=False))


def _batch(task: Task, indices: tuple[int, ...]) -> tuple[tuple[torch.Tensor, ...], torch.Tensor]:
    samples = [task.sample("train", index) for index in indices]
    inputs = tuple(torch.from_numpy(np.stack(column)) for column in zip(*(inputs for inputs, _ in samples)))
    return inputs, torch.from_numpy(np.stack([np.asarray(target) for _, target in samples]))


class _Loss:
    """The loss of the batch, and of each of its samples alone."""

    def __init__(self, of: metrics.Loss, targets: torch.Tensor, network: Network) -> None:
        self.of, self.targets, self._network = of, targets, network

    def __call__(self, scores: torch.Tensor) -> torch.Tensor:
        """Of what the network has just answered."""
        loss, cost = self.of(scores, self.targets), self._network.cost()
        return loss if cost is None else loss + cost

    def per_sample(self, scores: torch.Tensor) -> np.ndarray:
        return np.array([float(self.of(scores[i:i + 1], self.targets[i:i + 1])) for i in range(len(scores))])


def _judged(targets: torch.Tensor, loss: str) -> np.ndarray:
    """How many answers of each sample count."""
    counts = torch.ones_like(targets) if loss == "mse" else targets != metrics.IGNORE
    return counts.reshape(len(targets), -1).sum(1).numpy()


def _modules(network: Network) -> dict[str, nn.Module]:
    """Every layer, and inside blocks every part that has an arithmetic of its own."""
    found = {name: network.module_of(name) for name in network.spec.names()}
    names = network.spec.names()
    for name in names:
        inside = {f"{name}.{inner}": part for inner, part in network.module_of(name).named_modules() if inner}
        found |= {path: part for path, part in inside.items() if path not in names and arithmetic.form(part)}
    return found


def _wiring(network: Network, modules: dict[str, nn.Module], targets: torch.Tensor, smoothing: float) -> chain.Wiring:
    takers: dict[str, list[str]] = {name: [] for name in modules}
    for index, layer in enumerate(network.spec.layers):
        for source in net.resolved_inputs(network.spec, network.signature, index):
            takers.setdefault(source, []).append(layer.name)
    for name in network.spec.names():  # what a part inside a block gives goes on inside the block
        parts = set(network.module_of(name).modules()) - {network.module_of(name)}
        takers |= {inner: [name] for inner, module in modules.items() if module in parts}
    return chain.Wiring(modules, takers, network.spec.names()[-1], network.signature.loss, targets, smoothing)
