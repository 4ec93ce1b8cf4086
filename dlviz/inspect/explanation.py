"""A run's network to be explained: loaded in the server from a checkpoint, asked, cut and shaken. Thread-safe.

Whoever asks gets numbers and never a module. The run and its file stay as they are.
"""
from __future__ import annotations

import copy
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from dlviz import layers, tasks
from dlviz import network as net
from dlviz.memoize import memoize
from dlviz.network import Network, NetworkReport
from dlviz.probes import ablation, attribution, receptive_field, state_patterns, top_activations
from dlviz.probes.ablation import Ablation, HeadsOff, UnitsOff
from dlviz.probes.attention import attentions
from dlviz.probes.attribution import AttributionInput, AttributionTarget, IntegratedAttribution
from dlviz.probes.dataflow import Flow, Node
from dlviz.probes.receptive_field import ReceptiveField
from dlviz.probes.top_activations import TopActivations
from dlviz.spec import Experiment
from dlviz.tasks import Task
from dlviz.training import metrics
from dlviz.training.checkpoint import load_network
from dlviz.training.events import FEW_CLASSES

KEEP, CHUNK = 4, 250  # networks, of which one at the limit of parameters takes 80 MB; samples at a time
CLOSE, FINEST = 0.005, 512  # how far the parts' sum may miss; steps of the finest walk
TOP_SAMPLES, ABLATION_SAMPLES = 3_000, 1_000  # test samples searched for favourites; that accuracy is taken on
Arrays = tuple[np.ndarray, ...]
ProgressCallback = Callable[[float], None]


@dataclass(frozen=True)
class AblationResult:
    """How a changed network does.

    Attributes:
        accuracy, loss: on `count` test samples.
        confusion: how often each class (row) was taken for each (column); None where it cannot be read.
    """

    accuracy: float
    loss: float
    count: int
    confusion: np.ndarray | None


def no_progress(fraction: float) -> None:
    """Nobody watches the progress."""


class Explainer:
    """A network with the weights of one moment, and what can be asked of it.

    Attributes:
        key: the same for the same weights; good for remembering answers.
        step: updates that the weights have behind them.
    """

    def __init__(self, experiment: Experiment, network: Network, step: int, key: tuple[str, int]) -> None:
        self.experiment, self.step, self.key = experiment, step, key
        self.task: Task = tasks.get(experiment.task.name, experiment.task.fields)
        self._network = network
        self._found: dict[Hashable, Any] = {}  # what is slow to find; small arrays
        self._flow = flow_of(network)

    @cached_property
    def report(self) -> NetworkReport:
        """Every layer's kind and shapes."""
        return net.check(self.experiment.network, self.task.signature())

    def scores(self, inputs: Arrays, changes: tuple[Ablation, ...] = ()) -> np.ndarray:
        """What the network gives for one sample without batch axis: `(classes,)` or `(T, classes)`, raw."""
        with torch.no_grad():
            return self._altered(changes).run(dict(zip(self._flow.inputs, _batch(inputs))))[0].numpy()

    # why this answer

    def saliency(self, inputs: Arrays, score: AttributionTarget) -> Arrays:
        """See `attribution.saliency`; for symbols, one array `(T, D)` behind their embedding."""
        return attribution.saliency(self._entrance(inputs), score)

    def integrated_gradients(self, inputs: Arrays, score: AttributionTarget) -> IntegratedAttribution:
        """See `attribution.integrated_gradients`; in finer steps until the sum is right, or `FINEST`."""
        steps = attribution.STEPS
        entrance = self._entrance(inputs)
        found = attribution.integrated_gradients(entrance, score, steps)
        while abs(found.gap) > CLOSE and steps < FINEST:
            steps *= 2
            found = attribution.integrated_gradients(entrance, score, steps)
        return found

    def occlusion(self, inputs: Arrays, score: AttributionTarget, window: int, stride: int = 1) -> Arrays:
        """See `attribution.occlusion`; `window` and `stride` in pixels, or in steps of a sequence."""
        return attribution.occlusion(self._entrance(inputs), score, window, stride)

    def grad_cam(self, inputs: Arrays, score: AttributionTarget, layer: str) -> np.ndarray:
        """`(H, W)` of the layer, one of `convolutions`. On a copy: the layer is hooked, and others may run it."""
        copied = copy.deepcopy(self._network)
        entrance = replace(self._entrance(inputs), forward=copied)
        return attribution.grad_cam(entrance, score, copied.module_of(layer))

    def convolutions(self) -> tuple[str, ...]:
        """The layers whose maps Grad-CAM can weigh: convolutions over images."""
        return tuple(layer.name for layer in self.report.layers if layer.out_shape and layer.out_shape.kind == "image"
                     and layers.get(layer.kind).family == "convolution")

    @property
    def entrances(self) -> tuple[int, ...]:
        """For each array of an attribution, the input that it is of: an input's own, or one embedding of it."""
        return tuple(slot for slot, _ in self._doors())

    # what units like best

    def top_activations(self, layer: str, progress: ProgressCallback = no_progress) -> TopActivations:
        """The test samples, of the first `TOP_SAMPLES`, that excite each unit of the layer most. Kept."""
        known, _ = self._samples(TOP_SAMPLES)
        return self._once(("top_activations", layer), lambda: top_activations.top_activations(self._flow, layer, known,
                                                                               progress=progress))

    def hidden_states(self, layer: str, inputs: Arrays | None = None) -> np.ndarray:
        """See `state_patterns.hidden_states`; of one sample, or of the first `ABLATION_SAMPLES` test samples."""
        known = dict(zip(self._flow.inputs, _batch(inputs))) if inputs else self._samples(ABLATION_SAMPLES)[0]
        return state_patterns.hidden_states(self._flow, layer, known)

    def reach(self, layer: str) -> tuple[ReceptiveField, ReceptiveField] | None:
        """Which rows and columns of the picture a place of the layer's maps sees; None where it is all of it."""
        return receptive_field.reach(self._flow, layer)

    def outputs(self, inputs: Arrays, layer: str) -> np.ndarray:
        """What the layer gives for one sample, without batch axis."""
        known = dict(zip(self._flow.inputs, _batch(inputs)))
        with torch.no_grad():
            return self._flow.collect(known, (layer,))[layer][0].numpy()

    # what happens without

    def heads(self, layer: str) -> dict[str, int]:
        """The attention modules of a layer and how many heads each has."""
        parts = attentions(layer, self._network.module_of(layer))
        return {name: part.num_heads for name, part in parts.items()}

    def weighted(self) -> tuple[str, ...]:
        """The layers whose weights can be shaken."""
        return tuple(name for name in self.experiment.network.names()
                     if any(weight.ndim > 1 for weight in self._network.module_of(name).parameters()))

    def outcome(self, changes: tuple[Ablation, ...], progress: ProgressCallback = no_progress) -> AblationResult:
        """How the network does on the first `ABLATION_SAMPLES` test samples with these changes."""
        known, targets = self._samples(ABLATION_SAMPLES)
        flow, parts = self._altered(changes), []
        with torch.no_grad():
            for at in range(0, len(targets), CHUNK):
                parts.append(flow.run({name: value[at:at + CHUNK] for name, value in known.items()}))
                progress(min(1.0, (at + CHUNK) / len(targets)))
        return self._result(torch.cat(parts), targets)

    def ranking(self, layer: str, to: ablation.To = "zero", progress: ProgressCallback = no_progress) -> np.ndarray:
        """Accuracy and loss without each unit of the layer alone, `(units, 2)`, on the samples of `outcome`. Kept."""
        return self._once(("ranking", layer, to), lambda: self._ranking(layer, to, progress))

    def ranked(self, layer: str, to: ablation.To = "zero") -> np.ndarray | None:
        """The ranking, where it has been found already."""
        return self._found.get(("ranking", layer, to))

    def _ranking(self, layer: str, to: ablation.To, progress: ProgressCallback) -> np.ndarray:
        known, targets = self._samples(ABLATION_SAMPLES)
        mean = self._means((UnitsOff(layer, to=to),)).get(layer)
        units, rows = self.units(layer), []
        for at in range(0, len(targets), CHUNK):
            part = {name: value[at:at + CHUNK] for name, value in known.items()}
            marks = []
            for unit, scores in enumerate(ablation.each_unit_ablated(self._flow, layer, part, mean)):
                marks.append(self._accuracy_and_loss(scores, targets[at:at + CHUNK]))
                progress((at * units + len(scores) * (unit + 1)) / (len(targets) * units))
            rows.append(np.array(marks) * len(targets[at:at + CHUNK]))
        return np.sum(rows, axis=0) / len(targets)

    def units(self, layer: str) -> int:
        """How many units or channels it has."""
        shape = self.report.layer(layer).known_out_shape
        return shape.axes[0] if shape.kind in ("vector", "image") else shape.axes[-1]

    def _altered(self, changes: tuple[Ablation, ...]) -> Flow:
        return ablation.ablate(self._flow, changes, self._means(changes))

    def _means(self, changes: tuple[Ablation, ...]) -> dict[str, torch.Tensor]:
        """What is said on average where something is set to it; one pass of the test samples each, once."""
        known, _ = self._samples(ABLATION_SAMPLES)
        found: dict[str, torch.Tensor] = {}
        for change in changes:
            if isinstance(change, UnitsOff | HeadsOff) and change.to == "mean":
                name = change.part if isinstance(change, HeadsOff) else change.layer
                found |= self._once(("mean", type(change), name),
                                    partial(ablation.mean_activations, self._flow, known, (change,)))
        return found

    def _result(self, scores: torch.Tensor, targets: torch.Tensor) -> AblationResult:
        accuracy, loss = self._accuracy_and_loss(scores, targets)
        few = self._network.signature.loss == "cross_entropy" and scores.ndim == 2 and scores.shape[1] <= FEW_CLASSES
        matrix = metrics.confusion(targets, scores.argmax(1), scores.shape[1]) if few else None
        return AblationResult(accuracy, loss, len(targets), matrix)

    def _accuracy_and_loss(self, scores: torch.Tensor, targets: torch.Tensor) -> tuple[float, float]:
        """Accuracy and loss."""
        accuracy = metrics.correct(scores, targets, self._network.signature).mean().item()
        return accuracy, metrics.LOSSES[self._network.signature.loss](scores, targets).item()

    # inside

    def _doors(self) -> list[tuple[int, str]]:
        """Where numbers enter: (input, name of it or of the embedding that reads it)."""
        doors = []
        for slot, (name, shape) in enumerate(self._network.signature.inputs):
            if shape.kind != "tokens":
                doors.append((slot, name))
            else:
                doors += [(slot, node.name) for node in self._flow.nodes if name in node.reads]
        return doors

    def _entrance(self, inputs: Arrays) -> AttributionInput:
        given = dict(zip(self._flow.inputs, _batch(inputs)))
        names = [name for _, name in self._doors()]
        with torch.no_grad():
            values = self._flow.collect(given, names)

        def forward(*changed: torch.Tensor) -> torch.Tensor:
            count = len(changed[0])
            others = {name: value.expand(count, *value.shape[1:]) for name, value in given.items()}
            return self._flow.run(others | dict(zip(names, changed)))

        return AttributionInput(forward, tuple(values[name] for name in names),
                        tuple(self._blank(name, values[name]) for name in names))

    def _blank(self, name: str, value: torch.Tensor) -> torch.Tensor:
        """Nothing there: an empty picture, the average symbol, zeros."""
        if name in self._flow.inputs:
            return torch.from_numpy(self.task.blank_inputs()[self._flow.inputs.index(name)])[None]
        weight = self._network.module_of(name).get_parameter("weight").detach()
        return weight.mean(0).expand_as(value).contiguous()

    def _once(self, what: Hashable, find: Callable[[], Any]) -> Any:
        """Two visitors that want the same at once may both find it; that is the same to both."""
        if what not in self._found:
            self._found[what] = find()
        return self._found[what]

    def _samples(self, count: int) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
        """The first test samples by the names of their inputs, and the targets."""
        inputs, targets = test_samples(self.task, count)
        return dict(zip(self._flow.inputs, inputs)), targets


class Explainers:
    """The last few networks, so that a click does not load one anew."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cache: OrderedDict[tuple[str, int], Explainer] = OrderedDict()

    def get(self, experiment: Experiment, path: Path) -> Explainer:
        """The network with the weights in `path`. RunError when the file cannot be used."""
        key = (str(path), path.stat().st_mtime_ns)
        with self._lock:
            if key not in self._cache:
                self._cache[key] = Explainer(experiment, *load_network(experiment, path), key)
            self._cache.move_to_end(key)
            while len(self._cache) > KEEP:
                self._cache.popitem(last=False)
            return self._cache[key]


def flow_of(network: Network) -> Flow:
    """What flows where in a network, by the user's names."""
    spec, signature = network.spec, network.signature
    nodes = tuple(Node(layer.name, network.module_of(layer.name), net.resolved_inputs(spec, signature, index))
                  for index, layer in enumerate(spec.layers))
    return Flow(tuple(name for name, _ in signature.inputs), nodes)


def _batch(inputs: Arrays) -> tuple[torch.Tensor, ...]:
    return tuple(torch.from_numpy(np.ascontiguousarray(value))[None] for value in inputs)


@memoize(maxsize=4)
def test_samples(task: Task, count: int) -> tuple[tuple[torch.Tensor, ...], torch.Tensor]:
    """The first `count` test samples (all, where there are fewer): inputs `(N, ...)` and targets."""
    samples = [task.sample("test", index) for index in range(min(count, task.size("test")))]
    inputs = tuple(torch.from_numpy(np.stack(column)) for column in zip(*(given for given, _ in samples)))
    return inputs, torch.from_numpy(np.stack([np.asarray(target) for _, target in samples]))
