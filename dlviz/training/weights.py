"""One number of a network, changed by hand between two updates. Knows no loop and no process."""
from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

import torch
from torch import nn

from dlviz import network as net
from dlviz import tasks
from dlviz.errors import RunError
from dlviz.spec import Experiment
from dlviz.training.control import SetWeight
from dlviz.translation import _

MOST = 1e6  # the largest number, above and below zero, that a weight can be given


def shapes(experiment: Experiment) -> Mapping[str, tuple[int, ...]]:
    """The shape of each parameter, by its name in the state dict. Remembered; SpecError for a wrong design."""
    return _shapes(experiment.model_dump_json(include={"network", "task"}))


@lru_cache(maxsize=32)
def _shapes(text: str) -> dict[str, tuple[int, ...]]:
    experiment = Experiment.model_validate_json(text)
    task = tasks.get(experiment.task.name, experiment.task.fields)
    with torch.device("meta"):
        network = net.build(experiment.network, task.signature())
    return {name: tuple(weight.shape) for name, weight in network.named_parameters()}


def require(shapes: Mapping[str, tuple[int, ...]], message: SetWeight) -> None:
    """RunError for a weight that a network with these parameters has not got, or a value that it cannot take."""
    shape = shapes.get(message.name)
    if shape is None:
        raise RunError(_("The weight"), _("must be one of this network's"),
                       _("it has none in {name!r}", name=message.name[:60]), _("Choose a weight of one of its layers."))
    if len(message.index) != len(shape) or not all(0 <= at < size for at, size in zip(message.index, shape)):
        raise RunError(_("The weight of {name}", name=message.name),
                       _("stands in a table of {names}", names=" x ".join(map(str, shape))),
                       _("place {message} was asked for", message=list(message.index)[:8]),
                       _("Choose a place within it."))
    if not math.isfinite(message.value) or abs(message.value) > MOST:
        raise RunError(_("A weight"), _("must be a number from {value:,.0f} to {most:,.0f}", value=-MOST, most=MOST),
                       _("{value:g} was asked for", value=message.value), _("Choose another number."))


@torch.no_grad()
def change(network: nn.Module, message: SetWeight) -> tuple[float, float]:
    """Give the weight its value; returns the old and the new one, as the network has them. RunError as `require`."""
    parameters = dict(network.named_parameters())
    require({name: tuple(weight.shape) for name, weight in parameters.items()}, message)
    weight = parameters[message.name]
    old = float(weight[message.index])
    weight[message.index] = message.value
    return old, float(weight[message.index])
