"""What a run's weights show on test samples, worked out when a tick asks for it and remembered. Knows no page."""
from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from dlviz import layers, tasks
from dlviz.errors import DlvizError
from dlviz.inspect.explanation import Explainers
from dlviz.lessons.moments import Measure
from dlviz.probes.recurrent import most_correlated_unit
from dlviz.runs.info import RunInfo
from dlviz.runs.service import RunService
from dlviz.training.events import QueryResult

REMEMBERED = 256  # results
SAMPLES = 24  # of the test split; 2 to 10 ms each

_lock = threading.Lock()
_known: OrderedDict[tuple[str, str, float], float | None] = OrderedDict()
_networks = Explainers()


def of(service: RunService) -> Measure:
    """What measures runs of this service."""
    return partial(_remembered, service)


def _remembered(service: RunService, name: str, info: RunInfo) -> float | None:
    """Once for the weights of one moment: a weight set by hand is an update of the run."""
    key = name, info.id, info.updated
    if key not in _known:
        found = _measured(service, name, info)
        with _lock:
            _known[key] = found
            while len(_known) > REMEMBERED:
                _known.popitem(last=False)
    return _known.get(key)


def _measured(service: RunService, name: str, info: RunInfo) -> float | None:
    try:
        return MEASURES[name](service, info)
    except DlvizError:
        return None  # too busy, or deleted meanwhile: nothing is known of it, as of a run that has not begun


def _accuracy(service: RunService, info: RunInfo) -> float | None:
    path = service.weights_path(info.id)
    return _networks.get(info.experiment, path).outcome(()).accuracy if path else None


def _named(info: RunInfo, fits: Callable[[type[layers.Layer]], bool]) -> tuple[str, ...]:
    return tuple(layer.name for layer in info.experiment.network.layers if fits(layers.get(layer.kind)))


def _maps(service: RunService, info: RunInfo) -> Iterator[np.ndarray]:
    """Attention of the first module that attends, `(heads, T, S)`, sample by sample."""
    attending = _named(info, lambda kind: kind.attends)
    if attending:
        for _, answered in _asked(service, info, attention=attending):
            yield next(iter(answered.attention.values())).weights


def _asked(service: RunService, info: RunInfo,
           **requested: Any) -> Iterator[tuple[tuple[np.ndarray, ...], QueryResult]]:
    """Inputs of the first test samples, and what the run answers."""
    task = tasks.get(info.experiment.task.name, info.experiment.task.fields)
    for index in range(min(SAMPLES, task.size("test"))):
        inputs, _ = task.sample("test", index)
        yield inputs, service.query(info.id, inputs, **requested)


def _mirror(service: RunService, info: RunInfo) -> float | None:
    """Of the head that does it best."""
    hits = [maps.argmax(-1) == np.arange(maps.shape[-1])[::-1] for maps in _maps(service, info)
            if maps.shape[-1] == maps.shape[-2]]
    return float(np.mean(hits, axis=(0, 2)).max()) if hits else None


def _peak(service: RunService, info: RunInfo) -> float | None:
    peaks = [maps.max(-1).mean() for maps in _maps(service, info)]
    return float(np.mean(peaks)) if peaks else None


def _unit(service: RunService, info: RunInfo) -> float | None:
    task = tasks.get(info.experiment.task.name, info.experiment.task.fields)
    remembering = _named(info, lambda kind: kind.recurrent)
    if not remembering or not task.counts:
        return None
    hidden, counted = [], []
    for inputs, answered in _asked(service, info, states=remembering):
        hidden.append(next(iter(answered.states[remembering[0]].values())).hidden)
        counted.append(np.asarray(task.running(inputs)))
    return abs(most_correlated_unit(np.concatenate(hidden), np.concatenate(counted)).correlation)


MEASURES: dict[str, Callable[[RunService, RunInfo], float | None]] = {
    "accuracy_now": _accuracy, "mirror_attention": _mirror, "attention_peak": _peak, "best_unit": _unit}
