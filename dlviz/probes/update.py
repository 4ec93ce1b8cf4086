"""One update of a network, written down whole: outputs, gradients, the clip, weights before and after.

Works on any module, loss and torch optimizer; leaves the weights as they were. Knows no design and no task.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import torch
from torch import nn

from dlviz import chance


@dataclass
class LayerRecord:
    """One module's part in a training pass; tensors with their batch axis, on the CPU.

    Attributes:
        inputs: what went in, `(B, ...)` each.
        output: what came out, `(B, ...)`.
        gradient: of the loss, for the output, in its shape: zeros where none arrives.
    """

    inputs: tuple[torch.Tensor, ...]
    output: torch.Tensor
    gradient: torch.Tensor = field(default_factory=lambda: torch.zeros(0))


@dataclass(frozen=True)
class ParameterUpdate:
    """One parameter's part; all tensors have its shape. `state`: the optimizer's, from before the update."""

    before: torch.Tensor
    gradient: torch.Tensor
    clipped: torch.Tensor  # the gradient that the optimizer was given: with the penalty, clipped
    after: torch.Tensor
    state: dict[str, torch.Tensor]


@dataclass(frozen=True)
class Update:
    """What `record` wrote down.

    Attributes:
        records: by the name that was asked for.
        inputs: gradient of the loss for each input of the network; None for symbols.
        parameters: by torch's own name (`hidden1.weight`).
        outputs, outputs_after: what the network answers before and after, `(B, ...)`: logits, or numbers.
        loss, loss_after: of the whole batch, with the same units dropped both times.
        norm: L2 norm of all gradients together, with the penalty, before the clip.
        group: the optimizer's settings (torch's param group), without the weights.
    """

    records: dict[str, LayerRecord]
    inputs: tuple[torch.Tensor | None, ...]
    parameters: dict[str, ParameterUpdate]
    outputs: torch.Tensor
    outputs_after: torch.Tensor
    loss: float
    loss_after: float
    norm: float
    group: dict


def record(network: nn.Module, modules: Mapping[str, nn.Module], inputs: tuple[torch.Tensor, ...],
           loss: Callable[[torch.Tensor], torch.Tensor], optimizer: torch.optim.Optimizer,
           clip: Callable[[], None] | None = None, seed: int = 0,
           penalty: Callable[[], None] | None = None) -> Update:
    """Forward, loss, backward, clip and one optimizer step in training mode; then all weights are put back.

    Args:
        modules: whose inputs, outputs and gradients are wanted, by any name.
        inputs: one batch.
        loss: of the network's answer, averaged over the batch.
        clip: changes the network's gradients in place, as `torch.nn.utils.clip_grad_norm_` does.
        seed: decides which units dropout puts to sleep.
        penalty: adds to the network's gradients in place, before the clip and after they were written down.

    Costs two forward passes, one backward pass, and five copies of the weights. The optimizer is used up.
    """
    before = {name: value.detach().clone() for name, value in network.state_dict().items()}
    network.train()
    entering = tuple(x.detach().clone().requires_grad_(x.is_floating_point()) for x in inputs)
    try:
        with chance.borrowed(seed), _recorded(modules) as records:
            outputs = network(*entering)
            value = loss(outputs)
            optimizer.zero_grad()
            value.backward()
        parameters = dict(network.named_parameters())
        gradients = {name: _gradient(p) for name, p in parameters.items()}
        if penalty is not None:
            penalty()
        length = norm(map(_gradient, parameters.values()))
        if clip is not None:
            clip()
        clipped = {name: _gradient(p) for name, p in parameters.items()}
        states = {name: _state(optimizer, p) for name, p in parameters.items()}
        optimizer.step()
        with chance.borrowed(seed), torch.no_grad():
            outputs_after = network(*inputs)
            value_after = loss(outputs_after)
        moved = {name: ParameterUpdate(before[name], gradients[name], clipped[name], p.detach().clone(), states[name])
                 for name, p in parameters.items()}
    finally:
        network.load_state_dict(before)
        optimizer.zero_grad()
    return Update(records, tuple(x.grad for x in entering), moved, outputs.detach(), outputs_after, value.item(),
                  value_after.item(), length,
                  {key: value for key, value in optimizer.param_groups[0].items() if key != "params"})


def norm(tensors) -> float:
    """The length of all these numbers seen as one arrow."""
    return float(sum(float(x.double().pow(2).sum()) for x in tensors) ** 0.5)


def _gradient(parameter: nn.Parameter) -> torch.Tensor:
    return torch.zeros_like(parameter) if parameter.grad is None else parameter.grad.detach().clone()


def _state(optimizer: torch.optim.Optimizer, parameter: nn.Parameter) -> dict[str, torch.Tensor]:
    return {name: value.detach().clone() for name, value in optimizer.state.get(parameter, {}).items()
            if isinstance(value, torch.Tensor)}


@contextmanager
def _recorded(modules: Mapping[str, nn.Module]) -> Iterator[dict[str, LayerRecord]]:
    """Within the block forward and backward passes are seen; the dict that is given is whole when it ends."""
    records: dict[str, LayerRecord] = {}
    tensors: dict[str, torch.Tensor] = {}

    def hook(name: str):
        def see(module: nn.Module, inputs: tuple, output: torch.Tensor) -> None:
            if output.requires_grad:
                output.retain_grad()
            tensors[name] = output
            records[name] = LayerRecord(tuple(x.detach() for x in inputs if x is not None), output.detach())
        return see

    with ExitStack() as stack:
        for name, module in modules.items():
            stack.callback(module.register_forward_hook(hook(name)).remove)
        yield records
    for name, output in tensors.items():
        arrived = output.grad if output.requires_grad else None
        records[name].gradient = torch.zeros_like(output, dtype=torch.float32) if arrived is None \
            else arrived.detach()
