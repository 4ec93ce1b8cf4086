"""A run's network to be explained: loaded in the server from a checkpoint, asked, cut and shaken. Thread-safe.

Whoever asks gets numbers and never a module. The run and its file stay as they are.
"""
from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import nn

from dlviz import network as net
from dlviz import tasks
from dlviz.network import Network, NetworkReport
from dlviz.probes import attribution
from dlviz.probes.attribution import Entrance, Integrated, Score
from dlviz.probes.flow import Flow, Node
from dlviz.spec import Experiment
from dlviz.tasks import ImageTask, Task
from dlviz.training.checkpoint import load_network

KEEP = 4  # networks; at the limit of parameters one takes 80 MB
CLOSE, FINEST = 0.005, 512  # how far the parts' sum may miss; steps of the finest walk
Arrays = tuple[np.ndarray, ...]


class Subject:
    """A network with the weights of one moment, and what can be asked of it.

    Attributes:
        key: the same for the same weights; good for remembering answers.
        step: updates that the weights have behind them.
    """

    def __init__(self, experiment: Experiment, network: Network, step: int, key: tuple[str, int]) -> None:
        self.experiment, self.step, self.key = experiment, step, key
        self.task: Task = tasks.get(experiment.task.name, experiment.task.fields)
        self._network, self._lock = network, threading.Lock()
        self._flow = flow_of(network)

    @cached_property
    def report(self) -> NetworkReport:
        """Every layer's kind and shapes."""
        return net.check(self.experiment.network, self.task.signature())

    def scores(self, inputs: Arrays) -> np.ndarray:
        """What the network gives for one sample without batch axis: `(classes,)` or `(T, classes)`, raw."""
        with self._busy(), torch.no_grad():
            return self._network(*_batch(inputs))[0].numpy()

    # why this answer

    def saliency(self, inputs: Arrays, score: Score) -> Arrays:
        """See `attribution.saliency`; for symbols, one array `(T, D)` behind their embedding."""
        with self._busy():
            return attribution.saliency(self._entrance(inputs), score)

    def integrated_gradients(self, inputs: Arrays, score: Score) -> Integrated:
        """See `attribution.integrated_gradients`; in finer steps until the sum is right, or `FINEST`."""
        steps = attribution.STEPS
        with self._busy():
            entrance = self._entrance(inputs)
            found = attribution.integrated_gradients(entrance, score, steps)
            while abs(found.gap) > CLOSE and steps < FINEST:
                steps *= 2
                found = attribution.integrated_gradients(entrance, score, steps)
        return found

    def occlusion(self, inputs: Arrays, score: Score, window: int, stride: int = 1) -> Arrays:
        with self._busy():
            return attribution.occlusion(self._entrance(inputs), score, window, stride)

    def grad_cam(self, inputs: Arrays, score: Score, layer: str) -> np.ndarray:
        """`(H, W)` of the layer, which gives an image; KeyError for one that is none."""
        with self._busy():
            return attribution.grad_cam(self._entrance(inputs), score, self._network.module_of(layer))

    def convolutions(self) -> tuple[str, ...]:
        """The layers whose maps Grad-CAM can weigh: convolutions over images."""
        return tuple(node.name for node in self._flow.nodes
                     if isinstance(node.apply, (nn.Conv2d, nn.ConvTranspose2d)))

    @property
    def entrances(self) -> tuple[int, ...]:
        """For each array of an attribution, the input that it is of: an input's own, or one embedding of it."""
        return tuple(slot for slot, _ in self._doors())

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

    def _entrance(self, inputs: Arrays) -> Entrance:
        given = dict(zip(self._flow.inputs, _batch(inputs)))
        names = [name for _, name in self._doors()]
        with torch.no_grad():
            values = self._flow.collect(given, names)

        def forward(*changed: torch.Tensor) -> torch.Tensor:
            count = len(changed[0])
            others = {name: value.expand(count, *value.shape[1:]) for name, value in given.items()}
            return self._flow.run(others | dict(zip(names, changed)))

        return Entrance(forward, tuple(values[name] for name in names),
                        tuple(self._blank(name, values[name]) for name in names))

    def _blank(self, name: str, value: torch.Tensor) -> torch.Tensor:
        """Nothing there: an empty picture, the average symbol, zeros."""
        if name in self._flow.inputs:
            if isinstance(self.task, ImageTask):
                return torch.from_numpy(self.task.normalise(np.zeros(value.shape[-2:], np.uint8)))[None]
            return torch.zeros_like(value)
        weight = self._network.module_of(name).weight.detach()
        return weight.mean(0).expand_as(value).contiguous()

    @contextmanager
    def _busy(self) -> Iterator[None]:
        """One at a time: two would mix their captures, and the machine is shared."""
        with self._lock:
            yield


class Subjects:
    """The last few networks, so that a click does not load one anew."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], Subject] = OrderedDict()

    def get(self, experiment: Experiment, path: Path) -> Subject:
        """The network with the weights in `path`. RunError when the file cannot be used."""
        key = (str(path), path.stat().st_mtime_ns)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = Subject(experiment, *load_network(experiment, path), key)
            self._kept.move_to_end(key)
            while len(self._kept) > KEEP:
                self._kept.popitem(last=False)
            return self._kept[key]


def flow_of(network: Network) -> Flow:
    """What flows where in a network, by the user's names."""
    spec, signature = network.spec, network.signature
    nodes = tuple(Node(layer.name, network.module_of(layer.name), net.resolved_inputs(spec, signature, index))
                  for index, layer in enumerate(spec.layers))
    return Flow(tuple(name for name, _ in signature.inputs), nodes)


def _batch(inputs: Arrays) -> tuple[torch.Tensor, ...]:
    return tuple(torch.from_numpy(np.ascontiguousarray(value))[None] for value in inputs)


@lru_cache(maxsize=4)
def test_samples(task: Task, count: int) -> tuple[tuple[torch.Tensor, ...], torch.Tensor]:
    """The first `count` test samples (all, where there are fewer): inputs `(N, ...)` and targets."""
    samples = [task.sample("test", index) for index in range(min(count, task.size("test")))]
    inputs = tuple(torch.from_numpy(np.stack(column)) for column in zip(*(given for given, _ in samples)))
    return inputs, torch.from_numpy(np.stack([np.asarray(target) for _, target in samples]))
