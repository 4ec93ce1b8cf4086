"""Forward passes of a network in evaluation mode, whatever mode it trains in. Knows no viewer."""
from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import numpy as np
import torch

from dlviz.network import Network
from dlviz.probes import capture as probe


@contextmanager
def evaluating(network: Network) -> Generator[None]:
    """Within the block the network is in evaluation mode."""
    was_training = network.training
    network.eval()
    try:
        yield
    finally:
        network.train(was_training)


def batch_of_one(network: Network, inputs: tuple[np.ndarray, ...]) -> tuple[torch.Tensor, ...]:
    """One sample with a batch axis, where the network is."""
    device = next(network.parameters()).device
    return tuple(as_tensor(np.ascontiguousarray(x))[None].to(device) for x in inputs)


def as_tensor(array: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(array)  # pyright: ignore[reportUnknownMemberType]  # torch does not say what it takes


@torch.no_grad()
def forward_sample(network: Network, inputs: tuple[np.ndarray, ...], names: tuple[str, ...],
         ) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """One sample through the network in evaluation mode: its answer, and the outputs of `names`.

    The answer is probabilities `(classes,)` or, at every step, `(T, classes)`; with `mse` the numbers themselves.
    """
    with evaluating(network), probe.outputs({name: network.module_of(name) for name in names}) as outputs:
        result = network(*batch_of_one(network, inputs))[0]
    answer = result.softmax(-1) if network.signature.loss == "cross_entropy" else result
    return answer.cpu().numpy(), {name: value[0] for name, value in outputs.items()}


@torch.no_grad()
def logits_of_batch(network: Network, inputs: tuple[np.ndarray, ...]) -> np.ndarray:
    """Raw outputs for a batch of inputs, `(N, ...)`, in evaluation mode."""
    device = next(network.parameters()).device
    with evaluating(network):
        return network(*(as_tensor(x).to(device) for x in inputs)).cpu().numpy()
