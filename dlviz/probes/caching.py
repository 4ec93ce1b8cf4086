"""A cache of keys and values: a causal transformer that writes works each symbol out once, and looks back at the rest.

Without it every new symbol costs a pass over all symbols so far. Both ways give the same numbers; how long each takes
is measured here, symbol by symbol.
"""
from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import cast

import numpy as np
import torch
from torch import nn

from dlviz import layers
from dlviz.probes.attention import Watchable, is_watchable

FLOAT = 4  # bytes of a number
ROUNDS = 3  # of which the shortest counts: a busy computer only ever adds
CLOCK = time.thread_time if time.get_clock_info("thread_time").resolution < 1e-5 else time.perf_counter


@dataclass(frozen=True)
class CacheTiming:
    """What writing took, symbol by symbol.

    Attributes:
        plain, cached: seconds for each symbol `(T,)`, of the processor where its clock is fine enough.
        difference: the largest between the probabilities of the two ways.
        stored: bytes that the cache holds at the end.
    """

    plain: np.ndarray
    cached: np.ndarray
    difference: float
    stored: int


class _Cache:
    """Keys and values of each attention so far, and how many symbols there were."""

    def __init__(self) -> None:
        self.place = 0
        self.pairs: dict[int, tuple[torch.Tensor, torch.Tensor]] = {}

    def attend(self, module: Watchable, x: torch.Tensor) -> torch.Tensor:
        """One step `(1, 1, D)` looks at itself and all before it; `(1, 1, D)`."""
        query, key, value = module.project(x, None)
        query, key, value = module.heads(query, key, value, first=self.place)
        if id(module) in self.pairs:
            earlier = self.pairs[id(module)]
            key, value = torch.cat((earlier[0], key), 2), torch.cat((earlier[1], value), 2)
        self.pairs[id(module)] = key, value
        return module.merged(module.mixed(query, key, value, self.place))

    def stored(self) -> int:
        return FLOAT * sum(key.numel() + value.numel() for key, value in self.pairs.values())


@contextmanager
def cached(network: nn.Module) -> Generator[_Cache]:
    """Within the block the network takes one symbol at a time, `(1, 1)`, and remembers those before it."""
    cache, changed = _Cache(), list[nn.Module]()
    for module in network.modules():
        forward = _one_step(module, cache)
        if forward is not None:
            module.forward = forward
            changed.append(module)
    try:
        yield cache
    finally:
        for module in changed:
            del module.forward


def _one_step(module: nn.Module, cache: _Cache) -> Callable[..., torch.Tensor] | None:
    """A forward of one step for a module that looks at others; None for all that need no other step."""
    if is_watchable(module):
        return lambda x, memory=None: cache.attend(module, x)
    if layers.of(module).position_field is not None:
        table = cast(torch.Tensor, module.table)
        return lambda x: x + table[cache.place:cache.place + 1]
    return None


@torch.no_grad()
def measure(network: nn.Module, tokens: torch.Tensor) -> CacheTiming:
    """Time each symbol of `tokens` `(1, T)` both ways; the network must look back only."""
    places = range(tokens.shape[1])
    expected = network(tokens)[0]  # and the first pass of a process, which takes longer, is not counted
    plain = [_timed([partial(_pass, network, tokens[:, :place + 1]) for place in places])[0] for _ in range(ROUNDS)]
    quick: list[np.ndarray] = []
    for _ in range(ROUNDS):
        with cached(network) as cache:
            seconds, fast = _timed([partial(_step, network, cache, tokens, place) for place in places])
        quick.append(seconds)
    difference = (expected.softmax(-1) - fast.softmax(-1)).abs().max()
    return CacheTiming(np.min(plain, 0), np.min(quick, 0), float(difference), cache.stored())


def _pass(network: nn.Module, tokens: torch.Tensor) -> torch.Tensor:
    """What comes after all of `tokens`, `(1, V)`."""
    return network(tokens)[:, -1]


def _step(network: nn.Module, cache: _Cache, tokens: torch.Tensor, place: int) -> torch.Tensor:
    """The same, worked out for the last symbol alone."""
    cache.place = place
    return _pass(network, tokens[:, place:place + 1])


def _timed(steps: Sequence[Callable[[], torch.Tensor]]) -> tuple[np.ndarray, torch.Tensor]:
    seconds: list[float] = []
    found: list[torch.Tensor] = []
    for step in steps:
        started = CLOCK()
        found.append(step())
        seconds.append(CLOCK() - started)
    return np.array(seconds), torch.cat(found)
