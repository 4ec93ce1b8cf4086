"""Every use of one weight in a batch, for all kinds of layers: what it was multiplied with, and the delta it met.

A layer that is linear in its weight tells what the weight carries when that weight alone is 1 and all others are 0.
Inside recurrent layers and attention the uses lie before the layer's output: they are computed once more, with
autograd asked for the deltas there (backpropagation through time: Werbos 1990).
"""
from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import cast

import torch
from torch import nn
from torch.func import functional_call

from dlviz import layers
from dlviz.probes.attention import Watchable
from dlviz.probes.chain import WeightGradient
from dlviz.probes.chain import shares as written
from dlviz.probes.update import LayerRecord, Update

SCORE = "score_weight"  # of additive attention


def inner(module: nn.Module, parameter: str) -> bool:
    """Whether the weight is used before the layer's output, so that its deltas are not those of the output."""
    return layers.of(module).recurrent or parameter.startswith(("in_proj", SCORE))


def hidden(module: nn.Module) -> bool:
    """Whether its uses cannot be computed again, or lie elsewhere too: chance drops states between stacked recurrent
    layers, and a table that an output layer is tied to is used there once more."""
    if getattr(module, "tied", False):
        return True
    return layers.of(module).recurrent and (cells := cast(nn.RNNBase, module)).dropout > 0 and cells.num_layers > 1


def shares(update: Update, module: nn.Module, name: str, parameter: str, index: Sequence[int]) -> WeightGradient:
    """Every use of the number `index` of a parameter of the module that `update` saw as `name`.

    Delta and what was carried have the shape `(B, *places)`. Places are: of Linear and Conv2d as `chain.shares` has
    them, of recurrent and attention layers the steps (of additive scores query and key), of all others the place in the
    layer's output.
    """
    record, index = update.records[name], tuple(index)
    if parameter == "weight" and layers.of(module).templates:
        return written(update, module, name, index)
    if layers.of(module).recurrent:
        return _through_time(cast(nn.RNNBase, module), record, parameter, index)
    if parameter == SCORE:
        return _scored(cast(Watchable, module), record, index)
    if inner(module, parameter):
        return _projected(cast(Watchable, module), record, index)
    return WeightGradient(record.gradient, _carried(module, record, parameter, index))


def _carried(module: nn.Module, record: LayerRecord, parameter: str, index: tuple[int, ...]) -> torch.Tensor:
    """What the layer gives with this number at 1 less what it gives with it at 0, all others of its tensor at 0."""
    module = copy.deepcopy(module)  # running statistics are moved by a look, and others may look too
    nothing = torch.zeros_like(module.get_parameter(parameter))
    single = nothing.clone()
    single[index] = 1.0
    with torch.no_grad():
        one, none = (functional_call(module, {parameter: value}, record.inputs) for value in (single, nothing))
    return (one - none).float()


def _projected(module: Watchable, record: LayerRecord, index: tuple[int, ...]) -> WeightGradient:
    """Of attention's projections, which stack those of queries, keys and values."""
    row, *column = index
    x, memory = record.inputs[0], record.inputs[1] if len(record.inputs) > 1 else None
    with torch.enable_grad():
        parts = [part.detach().requires_grad_() for part in module.project(x, memory)]
        deltas = torch.autograd.grad(module.attend(*parts), parts, record.gradient)
    which, within = _projection(module, row)
    source = x if memory is None or which == 0 else memory
    delta = deltas[which][..., within]
    return WeightGradient(delta, source[..., column[0]] if column else torch.ones_like(delta))


def _scored(module: Watchable, record: LayerRecord, index: tuple[int, ...]) -> WeightGradient:
    """Of what an additive score weighs: a use for each query and key, `(B, T, S)`, before the softmax."""
    x, *memory = record.inputs
    with torch.enable_grad():
        query, key, value = module.project(x, memory[0] if memory else None)
        query, key, value = module.heads(query, key, value)
        key, value = module.grouped(key), module.grouped(value)
        scores = module.scores(query, key).detach().requires_grad_()
        given = module.merged(module.scaled(scores).softmax(-1) @ value)
        deltas, = torch.autograd.grad(given, scores, record.gradient)
    head, place = index
    return WeightGradient(deltas[:, head], module.joined(query, key)[:, head, ..., place].detach())


def _projection(module: Watchable, row: int) -> tuple[int, int]:
    """Whether a row of the stacked projections makes queries (0), keys (1) or values (2), and which number of them."""
    for which, size in enumerate(module.sizes):
        if row < size:
            return which, row
        row -= size
    raise IndexError(row)


def _through_time(module: nn.RNNBase, record: LayerRecord, parameter: str, index: tuple[int, ...]) -> WeightGradient:
    """Of a recurrent layer: at each step what the weight adds to its gate, and the delta of that sum there."""
    kind, _, place = parameter.partition("_l")
    with torch.enable_grad():
        sums, given = _walked(module, record.inputs[0].detach())
        entering, recurrent, read, states = sums[place]
        met = entering if kind.endswith("ih") else recurrent
        deltas = torch.autograd.grad(given, met, record.gradient, materialize_grads=True)
    row, *column = index
    delta = torch.stack([step[row] for step in deltas], 1)
    carried = torch.ones_like(delta)
    if column:
        carried = torch.stack([step[column[0]] for step in (read if kind.endswith("ih") else states)], 1).detach()
    return WeightGradient(delta.flip(1), carried.flip(1)) if place.endswith("reverse") else WeightGradient(delta,
                                                                                                           carried)


Sums = tuple[list[torch.Tensor], ...]  # W x, U h, x and h at each step, numbers first: `(rows, B)`


def _walked(module: nn.RNNBase, x: torch.Tensor) -> tuple[dict[str, Sums], torch.Tensor]:
    """The layer step by step over `(B, T, D)`: the sums before each gate by `0`, `0_reverse`, ..., and its output."""
    sums: dict[str, Sums] = {}
    below, last = list(x.permute(1, 2, 0)), []
    for layer in range(module.num_layers):
        ways = []
        for backwards in range(1 + module.bidirectional):
            place = f"{layer}{'_reverse' * backwards}"
            sums[place], rows = _one_way(module, place, below[::-1] if backwards else below)
            ways.append(rows[::-1] if backwards else rows)
            last.append(rows[-1])
        below = [torch.cat(step) for step in zip(*ways)]
    if module.every_step:
        return sums, torch.stack(below).permute(2, 0, 1)
    return sums, torch.cat(last[-1 - module.bidirectional:]).T


def _one_way(module: nn.RNNBase, place: str, steps: list[torch.Tensor]) -> tuple[Sums, list[torch.Tensor]]:
    step = layers.of(module).cell(module).step
    weights = [getattr(module, f"{kind}_l{place}") for kind in ("weight_ih", "weight_hh")]
    biases = [getattr(module, f"{kind}_l{place}")[:, None] if module.bias else 0.0 for kind in ("bias_ih", "bias_hh")]
    state = memory = steps[0].new_zeros(module.hidden_size, steps[0].shape[-1])
    entering, recurrent, states, rows = [], [], [], []
    for value in steps:
        states.append(state)
        entering.append(weights[0] @ value + biases[0])
        recurrent.append(weights[1] @ state + biases[1])
        state, memory, _ = step(entering[-1], recurrent[-1], state, memory)
        rows.append(state)
    return (entering, recurrent, steps, states), rows
