"""Looks into recurrent layers: states, gates and gradients step by step, worked out anew from their own weights.

torch's fused cells do not tell their gates; `layers.cells` says what they do.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from dlviz import layers


@dataclass(frozen=True)
class RecurrentStates:
    """One direction of one layer of a recurrent module over one sample; every array is `(T, H)`, in input order.

    Attributes:
        hidden: the state after each step.
        gates: by name: `input`, `forget`, `output`, `candidate`, `cell` (LSTM); `reset`, `update`, `new` (GRU).
    """

    hidden: np.ndarray
    gates: dict[str, np.ndarray]


States = dict[str, torch.Tensor]  # of one step: `hidden` and the gates, each `(H,)`


@torch.no_grad()
def read(module: nn.RNNBase, x: torch.Tensor) -> dict[str, RecurrentStates]:
    """Every layer and direction of the module over one sample `(T, D)`: 'layer 1', 'layer 1, backwards', ..."""
    readings = {}
    for name, steps in _walk(module, x)[0].items():
        columns = {key: torch.stack([step[key] for step in steps]).numpy() for key in steps[0]}
        readings[name] = RecurrentStates(columns.pop("hidden"), columns)
    return readings


def _walk(module: nn.RNNBase, x: torch.Tensor) -> tuple[dict[str, list[States]], torch.Tensor]:
    """The states of every layer and direction, in input order; and the top's `(T, H)` or `(T, 2H)`."""
    walked = {}
    for layer in range(module.num_layers):
        parts = []
        for backwards in (False, True)[: 1 + module.bidirectional]:
            steps = _run(module, layer, backwards, x)
            walked[f"layer {layer + 1}" + ", backwards" * backwards] = steps
            parts.append(torch.stack([step["hidden"] for step in steps]))
        x = torch.cat(parts, dim=-1)
    return walked, x


def _run(module: nn.RNNBase, layer: int, backwards: bool, x: torch.Tensor) -> list[States]:
    suffix = f"_l{layer}" + "_reverse" * backwards
    weights = {name: getattr(module, name + suffix).cpu() for name in ("weight_ih", "weight_hh")}
    biases = {name: getattr(module, name + suffix).cpu() if module.bias else torch.zeros(1)
              for name in ("bias_ih", "bias_hh")}
    step = layers.of(module).cell(module).step
    hidden = cell = weights["weight_hh"].new_zeros(module.hidden_size)
    rows: list[States] = []
    for value in (x.flip(0) if backwards else x).cpu():
        entering = weights["weight_ih"] @ value + biases["bias_ih"]
        recurrent = weights["weight_hh"] @ hidden + biases["bias_hh"]
        hidden, cell, gates = step(entering, recurrent, hidden, cell)
        rows.append({"hidden": hidden, **gates})
    return rows[::-1] if backwards else rows


@dataclass(frozen=True)
class UnitCorrelation:
    """A unit whose state follows something known, and how closely: Pearson's correlation, -1 to 1."""

    unit: int
    correlation: float


def most_correlated_unit(hidden: np.ndarray, values: np.ndarray) -> UnitCorrelation:
    """The unit whose state over time `(T, H)` follows `values` `(T,)` most closely, in either direction."""
    centred = hidden - hidden.mean(0)
    centred_values = values - values.mean()
    size = np.sqrt((centred ** 2).sum(0) * (centred_values ** 2).sum())
    found = np.divide(centred.T @ centred_values, size, out=np.zeros(hidden.shape[1]), where=size > 1e-12)
    unit = int(np.abs(found).argmax())
    return UnitCorrelation(unit, float(found[unit]))


def units_active_only_within(hidden: np.ndarray, start: int, stop: int, threshold: float) -> list[int]:
    """Units above `threshold` at every step of `start:stop` and at no step outside it (after LSTMVis, 2016)."""
    inside = np.zeros(len(hidden), bool)
    inside[start:stop] = True
    on = hidden > threshold
    return np.flatnonzero(on[inside].all(0) & ~on[~inside].any(0)).tolist()


Loss = Callable[[torch.Tensor], torch.Tensor]


@dataclass(frozen=True)
class GradientReach:
    """How far back the error reaches in one direction of one layer.

    Attributes:
        sizes: norm `(T,)` of the gradient of its memory after each step of the input, in input order.
        entry: the one step at which the error comes in; None where it comes in at several, or at none.
        backwards: whether this memory reads from the end, so that "back through time" is towards the end.
    """

    sizes: np.ndarray
    entry: int | None
    backwards: bool = False


def gradient_through_time(network: nn.Module, layer: nn.RNNBase, inputs: tuple[torch.Tensor, ...], last: Loss,
                          first: Loss | None = None) -> dict[str, GradientReach]:
    """How large the loss's gradient is at each step of what `layer` remembers: how far back learning reaches.

    For each layer and direction that of its memory: of an LSTM the cell, which is what it carries along, else the
    hidden state. `last` is the loss of the last step that is judged. A memory that reads backwards has read most when
    it comes to the first, so there the loss `first` counts; None where there is one answer. `inputs` are one sample
    with its batch axis; the network must be in evaluation mode. (Pascanu, Mikolov, Bengio 2013.)
    """
    forwards = _reach(network, layer, inputs, last)
    if not layer.bidirectional or first is None:
        return forwards
    turned = _reach(network, layer, inputs, first)
    return {name: turned[name] if reach.backwards else reach for name, reach in forwards.items()}


def _reach(network: nn.Module, layer: nn.RNNBase, inputs: tuple[torch.Tensor, ...], loss: Loss) -> dict[str,
                                                                                                        GradientReach]:
    entering, arriving = _at_the_output(network, layer, inputs, loss)
    walked, top = _walk(layer, entering)
    out = top if layer.every_step else _last(layer, top)
    memories = [step.get("cell", step["hidden"]) for steps in walked.values() for step in steps]
    found = torch.autograd.grad(out, memories, arriving, allow_unused=True)
    sizes = np.array([0.0 if gradient is None else gradient.norm().item() for gradient in found])
    ways = (1 + layer.bidirectional)
    result = {}
    for at, (name, row) in enumerate(zip(walked, sizes.reshape(len(walked), -1))):
        backwards, on_top = bool(at % ways), at // ways == layer.num_layers - 1
        entry = _entry(layer, arriving, backwards, len(row)) if on_top else None  # below, each state has its own error
        result[name] = GradientReach(row, entry, backwards)
    return result


def _entry(layer: nn.RNNBase, arriving: torch.Tensor, backwards: bool, steps: int) -> int | None:
    """The one step of a top memory that the gradient `(T, H)` or `(H,)` of what the layer gives comes in at."""
    part = arriving[..., layer.hidden_size * backwards:layer.hidden_size * (1 + backwards)]
    if not layer.every_step:
        return 0 if backwards else steps - 1
    reached = part.abs().amax(-1).nonzero().flatten()
    return int(reached[0]) if len(reached) == 1 else None


def _last(layer: nn.RNNBase, top: torch.Tensor) -> torch.Tensor:
    """What a layer that gives its last step gives: read backwards, the last is the first."""
    if not layer.bidirectional:
        return top[-1]
    size = layer.hidden_size
    return torch.cat([top[-1, :size], top[0, size:]])


def _at_the_output(network: nn.Module, layer: nn.RNNBase, inputs: tuple[torch.Tensor, ...],
                   loss: Callable[[torch.Tensor], torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    """What goes into the layer, and the gradient at what it gives, of the first sample."""
    captured: list[torch.Tensor] = []

    def keep(module: nn.Module, entering: tuple[torch.Tensor, ...], out: torch.Tensor) -> torch.Tensor:
        captured.extend((entering[0].detach(), out.detach().requires_grad_()))
        return captured[1]

    handle = layer.register_forward_hook(keep)
    try:
        with torch.enable_grad():
            [gradient] = torch.autograd.grad(loss(network(*inputs)), captured[1:], allow_unused=True)
    finally:
        handle.remove()
    arriving = torch.zeros_like(captured[1]) if gradient is None else gradient
    return captured[0][0].cpu(), arriving[0].cpu()
