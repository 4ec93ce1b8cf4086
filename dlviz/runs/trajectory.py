"""A run's trajectory: the weights that it kept on its way, and those that it has now. Nothing is trained again.

Knows the files beside a run's checkpoint; no process, no page and no surface.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from dlviz import settings
from dlviz.network import Network
from dlviz.probes.surface import FlatWeights
from dlviz.training import checkpoint as ckpt
from dlviz.training import keyframes

Files = tuple[tuple[int, str], ...]  # step -> the file with the weights after so many updates, in order


@dataclass(frozen=True)
class Trajectory:
    """Weights at several moments of a run.

    Attributes:
        steps: updates behind each moment, int64 `(n,)`.
        path: all weights in the order of `FlatWeights.flat`, float32 `(n, P)`.
        buffers: what is no weight (running statistics) at each moment.
    """

    steps: torch.Tensor
    path: torch.Tensor
    buffers: tuple[dict[str, torch.Tensor], ...]


def files(folder: Path, checkpoint: Path | None, until: int | None = None, best: int | None = None) -> Files:
    """Where the weights of a run lie, the last being the end of its trajectory.

    Args:
        folder: with the weights that it kept on its way; need not exist.
        checkpoint: its weights now; None while these still change.
        until: a step beyond which nothing is wanted.
        best: the step whose weights early stopping has put back, which the checkpoint then holds.
    """
    found = {step: str(keyframes.path(folder, step)) for step in keyframes.steps(folder)}
    if checkpoint is not None:
        found = {step: place for step, place in found.items() if best is None or step < best}
        found[best or ckpt.step(checkpoint)] = str(checkpoint)
    return tuple((step, found[step]) for step in sorted(found) if until is None or step <= until)


def too_large(network_bytes: int) -> bool:
    """Whether the weights of such a network are kept at no moment on the way."""
    return network_bytes * 2 > settings.MAX_KEYFRAME_BYTES


def read(weights: FlatWeights, network: Network, places: Sequence[tuple[int, str]]) -> Trajectory:
    """The moments in these files; `network` is left with the last of them. RunError for a damaged file.

    One with weights that are not finite (the run diverged there) is left out.
    """
    steps, path, buffers = [], [], []
    for step, place in places:
        ckpt.load(Path(place), network)
        if torch.isfinite(weights.flat).all():
            steps.append(step)
            path.append(weights.flat.clone())
            buffers.append({name: value.clone() for name, value in network.named_buffers()})
    return Trajectory(torch.tensor(steps), torch.stack(path) if path else torch.empty(0, len(weights.flat)),
                      tuple(buffers))


def place_buffers(network: Network, buffers: dict[str, torch.Tensor]) -> None:
    for name, value in network.named_buffers():
        value.copy_(buffers[name])
