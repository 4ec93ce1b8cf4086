"""Looks at the outputs of chosen layers during a forward pass. Detaches, copies to the CPU, always removes itself."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import numpy as np
import torch
from torch import nn


@contextmanager
def outputs(modules: Mapping[str, nn.Module]) -> Iterator[dict[str, np.ndarray]]:
    """Within the block, each forward pass writes every module's output `(B, ...)` into the dict that is given.

    Later passes overwrite earlier ones. Outside the block nothing is left of it and nothing is paid.
    """
    outputs: dict[str, np.ndarray] = {}
    handles = [module.register_forward_hook(_keep(outputs, name)) for name, module in modules.items()]
    try:
        yield outputs
    finally:
        for handle in handles:
            handle.remove()


def _keep(outputs: dict[str, np.ndarray], name: str):
    def hook(module: nn.Module, inputs: tuple, output: torch.Tensor) -> None:
        outputs[name] = output.detach().to("cpu", copy=True).contiguous().numpy()

    return hook


def weights(modules: Mapping[str, nn.Module]) -> dict[str, np.ndarray]:
    """A copy of each module's `weight` (a positional encoding's `table`), in torch's own layout.

    Modules without one are left out.
    """
    found = {name: getattr(module, "weight", getattr(module, "table", None)) for name, module in modules.items()}
    return {name: weight.detach().to("cpu", copy=True).contiguous().numpy()
            for name, weight in found.items() if isinstance(weight, torch.Tensor)}
