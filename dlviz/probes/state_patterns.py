"""Where in a test set a recurrent layer is in the state that it is in at some steps of one sample (after LSTMVis:
Strobelt et al. 2016).

A pattern is the set of units that are above a threshold at every step of a span. Plain arithmetic; knows no task.
"""
from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from torch import nn

from dlviz.probes.dataflow import Flow, Values


@dataclass(frozen=True)
class StateMatch:
    """A span of a sample, and how alike its pattern and the one that is searched for are, 0 to 1.

    `common` are the units that are on in both.
    """

    sample: int
    start: int
    similarity: float
    common: tuple[int, ...]


@torch.no_grad()
def hidden_states(flow: Flow, layer: str, known: Values) -> np.ndarray:
    """The hidden state of the layer's top after each step, float32 `(N, T, H)`, of samples by their inputs.

    In both directions H is twice as many: those read forwards, then those read backwards.
    """
    node = next(node for node in flow.nodes if node.name == layer)
    module = copy.deepcopy(cast(nn.Module, node.apply))  # others may run it meanwhile
    module.every_step = True  # pyright: ignore[reportArgumentType]  # a plain switch
    read = flow.collect(known, (node.reads[0],))[node.reads[0]]
    return module(read).float().cpu().numpy()


def throughout(states: np.ndarray, length: int, threshold: float, only_there: bool = False) -> np.ndarray:
    """Which units are above the threshold at each of `length` steps, bool `(N, T - length + 1, H)`, for each beginning.

    With `only_there` they must not be so at the step before and at the one behind.
    """
    on = states > threshold
    count = states.shape[1] - length + 1
    found = np.logical_and.reduce([on[:, step:step + count] for step in range(length)])
    if only_there:
        found[:, 1:] &= ~on[:, :count - 1]
        found[:, :-1] &= ~on[:, length:]
    return found


def search(states: np.ndarray, units: np.ndarray, length: int, threshold: float, count: int,
           only_there: bool = False) -> tuple[StateMatch, ...]:
    """The `count` samples of `states` `(N, T, H)` with a span of `length` steps whose pattern is most like `units`.

    `units` is bool `(H,)`. Alike is the number of units in both patterns over the number in either (Jaccard 1901). Of
    each sample the best span counts, the first of equal ones; equal samples come in their order. Those without any unit
    in common are left out.
    """
    found = throughout(states, length, threshold, only_there)
    common = (found & units).sum(-1)
    alike = common / np.maximum(1, (found | units).sum(-1))
    starts = alike.argmax(1)
    best = alike[np.arange(len(alike)), starts]
    order = [sample for sample in np.argsort(-best, kind="stable")[:count] if best[sample] > 0]
    return tuple(StateMatch(int(sample), int(starts[sample]), float(best[sample]),
                            tuple(np.flatnonzero(found[sample, starts[sample]] & units).tolist())) for sample in order)
