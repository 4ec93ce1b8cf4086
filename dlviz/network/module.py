"""The nn.Module of a design, and the names under which its layers stand in state dicts and exported code."""
from __future__ import annotations

import keyword
import re
from typing import Any, Self, cast

import torch
from torch import nn

from dlviz import chance, layers
from dlviz.network import tying
from dlviz.network.checks import check
from dlviz.network.report import NetworkReport
from dlviz.shapes import Signature
from dlviz.spec import NetworkSpec

RESERVED = {"training", "spec", "signature", "module_of",  # attributes of the module itself
            "optimizer", "random"}  # what a checkpoint keeps beside the weights


def attributes(names: tuple[str, ...]) -> dict[str, str]:
    """A Python identifier for each layer name: what the module is called in state dicts and exported code."""
    taken: set[str] = set()
    result = {}
    for name in names:
        stem = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_") or "layer"
        if not stem.isidentifier() or keyword.iskeyword(stem) or keyword.issoftkeyword(stem) or _is_taken(stem):
            stem = f"layer_{stem}"
        unique, number = stem, 2
        while unique in taken:
            unique, number = f"{stem}_{number}", number + 1
        taken.add(unique)
        result[name] = unique
    return result


def _is_taken(name: str) -> bool:
    return name in RESERVED or hasattr(nn.Sequential, name)  # an nn.Module's own names and `append`, `pop`, ...


class Network(nn.Module):
    """The module of a design. `forward(*inputs)` takes the signature's inputs in order, batch first.

    Each layer is a child under its identifier (see `attributes`), so state-dict keys read `conv1.weight`. Weights of
    frozen layers have no gradient, and a frozen batch normalization is always in evaluation mode.
    """

    def __init__(self, network: NetworkSpec, report: NetworkReport):
        super().__init__()
        self.spec, self.signature = network, report.signature
        self._attribute = attributes(network.names())
        slot = {name: index for index, (name, _) in enumerate(report.signature.inputs)}
        declared = [layers.declare(spec.kind, spec.fields, spec.name) for spec in network.layers]
        for layer, layer_report in zip(declared, report.layers):
            self.add_module(self._attribute[layer_report.name], layer.build(*layer_report.known_in_shapes))
            slot[layer_report.name] = len(slot)
        for name, source in tying.ties(network, report.layers).items():
            cast(Any, self.module_of(name)).tie(self.module_of(source))
        for layer, layer_report in zip(declared, report.layers):  # after all are built, as in exported code
            layer.initialise(self.module_of(layer_report.name))
        frozen = [(layer, self.module_of(spec.name)) for layer, spec in zip(declared, network.layers)
                  if not spec.trainable]
        for _, module in frozen:
            module.requires_grad_(False)
        self._resting = [module for layer, module in frozen if layer.batch_statistics]
        self._costing = [self.module_of(spec.name) for layer, spec in zip(declared, network.layers) if layer.costs]
        self._plan = self._schedule(report, slot)

    def _schedule(self, report: NetworkReport, slot: dict[str, int]) -> list[tuple[nn.Module, list[int], list[int]]]:
        """For each layer: its module, the slots it reads, and the slots that nobody reads after it."""
        reads = [[slot[name] for name in layer.inputs] for layer in report.layers]
        plan, later = [], set()
        for layer, read in reversed(list(zip(report.layers, reads))):
            plan.append((self.module_of(layer.name), read, sorted(set(read) - later)))
            later.update(read)
        return plan[::-1]

    def module_of(self, name: str) -> nn.Module:
        """The module of the layer that the user calls `name`. KeyError for an unknown one."""
        return getattr(self, self._attribute[name])

    def cost(self) -> torch.Tensor | None:
        """What layers add to the loss for the batch that went through last; None where no layer does."""
        return torch.stack([cast(torch.Tensor, module.cost) for module in self._costing]).sum() \
            if self._costing else None

    def train(self, mode: bool = True) -> Self:
        """Training or evaluation mode for all layers, but for frozen ones that would gather statistics."""
        super().train(mode)
        for module in self._resting:
            module.eval()
        return self

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """One tensor `(B, *in_shape)` for each input, in the order of the signature -> logits `(B, *out_shape)`."""
        values: list[Any] = list(inputs)
        for module, reads, done in self._plan:
            values.append(module(*[values[i] for i in reads]))
            for i in done:
                values[i] = None  # frees what no later layer needs
        return values[-1]


def build(network: NetworkSpec, signature: Signature, seed: int | None = None) -> Network:
    """The module with freshly drawn weights. The first error of the design is raised, as SpecError.

    With a seed the weights depend on it alone, as in exported code, and torch's global generator stays as it is.
    """
    report = check(network, signature, batch_size=1)
    if report.errors:
        raise report.errors[0]
    with chance.borrowed(seed):
        return Network(network, report)
