"""A network as what flows where, so that a part of it can be run, cut off or replaced while the network stays whole.

Takes layers as anything that can be called; knows no design and no task.
"""
from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

import torch

Values = Mapping[str, torch.Tensor]


@dataclass(frozen=True)
class Node:
    """One layer: its name, what it does with tensors `(B, ...)`, and the names of what it reads."""

    name: str
    apply: Callable[..., torch.Tensor]
    reads: tuple[str, ...]


@dataclass(frozen=True)
class Flow:
    """All layers in order, the last giving the answer; `inputs` are the names of what the network is given."""

    inputs: tuple[str, ...]
    nodes: tuple[Node, ...]

    def run(self, known: Values) -> torch.Tensor:
        """The answer, from values that are known: the inputs, or what layers inside have given.

        Only layers that the answer still needs are run. KeyError when too little is known.
        """
        return self.collect(known, (self.nodes[-1].name,))[self.nodes[-1].name]

    def collect(self, known: Values, names: Collection[str]) -> dict[str, torch.Tensor]:
        """The values of `names`, inputs and layers alike."""
        values = dict(known)
        for node in self._needed(set(names), known):
            values[node.name] = node.apply(*(values[name] for name in node.reads))
        return {name: values[name] for name in names}

    def crossing(self, name: str) -> tuple[str, ...]:
        """What has to be known to go on behind layer `name`: it, and all that is led around it."""
        at = next(index for index, node in enumerate(self.nodes) if node.name == name)
        later = self.nodes[at + 1:]
        read = {read for node in later for read in node.reads}
        return tuple(sorted(read - {node.name for node in later} | {name}))

    def replaced(self, changes: Mapping[str, Callable[..., torch.Tensor]]) -> Flow:
        """The same with other things done in some layers."""
        return replace(self, nodes=tuple(replace(node, apply=changes.get(node.name, node.apply))
                                         for node in self.nodes))

    def _needed(self, names: set[str], known: Values) -> list[Node]:
        """The layers that have to be run for `wanted`, in order."""
        needed, missing = [], names - set(known)
        for node in reversed(self.nodes):
            if node.name in missing:
                needed.append(node)
                missing |= set(node.reads) - set(known)
        return needed[::-1]
