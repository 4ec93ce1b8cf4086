"""What a network says over the plane: its answer, and each unit of its small layers, as small pictures of bytes.

Runs the network on a grid, only when somebody looks. Knows no design; who asks says which modules, and at which points.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from dlviz.probes import capture

SIDE = 50  # points along one side of the answer's picture
THUMB = 25  # along one side of a unit's
MOST_UNITS = 16  # of a layer that is small


@dataclass(frozen=True)
class UnitMaps:
    """One layer's units over the plane.

    Attributes:
        levels: uint8 `(units, THUMB, THUMB)`, the top row first; 128 is 0, 1 and 255 are -most and most, 0 is
            no number.
        most: the largest size of each unit's values, float32 `(units,)`.
    """

    levels: np.ndarray
    most: np.ndarray


@dataclass(frozen=True)
class PlaneMaps:
    """What a network says over the plane.

    Attributes:
        output: uint8 `(numbers, SIDE, SIDE)`, the top row first: of classes the probability of each, 0 to 255; of one
            number 128 is 0, 1 and 255 are -1 and 1 or beyond.
        units: by layer, of those that are small.
    """

    output: np.ndarray
    units: Mapping[str, UnitMaps]


@torch.no_grad()
def plane_maps(network: nn.Module, modules: Mapping[str, nn.Module], grid: torch.Tensor, classes: bool) -> PlaneMaps:
    """One forward pass of `grid` `(SIDE * SIDE, features)` in evaluation mode.

    Args:
        modules: whose units are wanted, by name; those of more than MOST_UNITS units are left out.
        classes: whether the network's answer is logits.
    """
    was_training = network.training
    network.eval()
    with capture.outputs(modules) as outputs:
        answer = network(grid)
    network.train(was_training)
    levels = (answer.softmax(1) * 255).round() if classes else 128 + (answer.clamp(-1, 1) * 127).round()
    rows = {name: output.reshape(len(output), -1) for name, output in outputs.items()}
    return PlaneMaps(_pictures(levels.cpu().numpy(), SIDE),
                     {name: plane_thumbs(values) for name, values in rows.items() if values.shape[1] <= MOST_UNITS})


def _pictures(values: np.ndarray, side: int) -> np.ndarray:
    """Numbers `(side * side, n)` as pictures of bytes `(n, side, side)`; what is no number is 0."""
    finite = np.where(np.isfinite(values), values, 0)
    return np.ascontiguousarray(finite.T.reshape(-1, side, side).astype(np.uint8))


def plane_thumbs(values: np.ndarray) -> UnitMaps:
    """Values `(SIDE * SIDE, units)`, averaged over squares of two by two."""
    step = SIDE // THUMB
    small = values.reshape(THUMB, step, THUMB, step, -1).mean((1, 3)).reshape(THUMB * THUMB, -1)
    most = np.abs(np.where(np.isfinite(small), small, 0)).max(0).astype(np.float32)
    return UnitMaps(_pictures(128 + np.round(small / np.where(most > 0, most, 1) * 127), THUMB), most)
