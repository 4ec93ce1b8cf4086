"""How large the gradient is that flows back over each wire: of a loss, for every input of chosen modules."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import nn

Taken = dict[str, tuple[torch.Tensor, ...]]


@contextmanager
def inputs(modules: Mapping[str, nn.Module]) -> Iterator[Taken]:
    """Within the block, each forward pass writes what every module takes, `(B, ...)` each, into the dict that is given.

    Every module is handed tensors of its own, so that what flows back over two wires from one output is told apart.
    Outside the block nothing is left of it.
    """
    taken: Taken = {}

    def note(name: str):
        def hook(module: nn.Module, given: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
            taken[name] = tuple(_own(one) for one in given)
            return taken[name]

        return hook

    handles = [module.register_forward_pre_hook(note(name)) for name, module in modules.items()]
    try:
        yield taken
    finally:
        for handle in handles:
            handle.remove()


def _own(given: torch.Tensor) -> torch.Tensor:
    if not given.is_floating_point():
        return given  # symbols have no gradient
    return given.clone() if given.requires_grad else given.clone().requires_grad_()


def sizes(loss: torch.Tensor, taken: Taken) -> dict[str, tuple[float | None, ...]]:
    """The L2 norm of the gradient of `loss` for each input that was noted: 0 where none arrives, None for symbols."""
    wires = [(name, slot, one) for name, some in taken.items() for slot, one in enumerate(some) if one.requires_grad]
    if not wires:
        return {name: (None,) * len(some) for name, some in taken.items()}
    found = torch.autograd.grad(loss, [one for _, _, one in wires], allow_unused=True)
    norms = torch.stack([torch.zeros((), device=loss.device) if gradient is None else gradient.norm()
                         for gradient in found]).tolist()
    by_wire = {(name, slot): norm for (name, slot, _), norm in zip(wires, norms)}
    return {name: tuple(by_wire.get((name, slot)) for slot in range(len(some))) for name, some in taken.items()}
