"""What each unit of a layer likes best: the samples that excite it most, and where in them. Knows no task."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch

from dlviz.probes.dataflow import Flow

CHUNK = 200  # samples at a time: some 50 ms of a small convolution


@dataclass(frozen=True)
class TopActivations:
    """For each unit (each channel of an image, each number of a step) its best samples, the best first.

    Attributes:
        values: how strongly each excites it, `(units, most)`; the strongest place counts.
        samples: which ones, `(units, most)`.
        places: where, `(units, most, axes)`: row and column, or time step, of the layer's output; no axes for
            vectors.
        lowest: the weakest excitation that any sample gave, `(units,)`; equal to the best for a unit that is dead.
    """

    values: np.ndarray
    samples: np.ndarray
    places: np.ndarray
    lowest: np.ndarray

    def dead(self) -> np.ndarray:
        """Units that answer the same to everything, `(units,)`."""
        return self.values[:, 0] <= self.lowest


@torch.no_grad()
def top_activations(flow: Flow, layer: str, inputs: Mapping[str, torch.Tensor], most: int = 6,
                    progress: Callable[[float], None] = lambda fraction: None) -> TopActivations:
    """Run all samples `(N, ...)` as far as `layer`; `progress` is told the fraction that is done, 0 to 1."""
    count = len(next(iter(inputs.values())))
    best: tuple[torch.Tensor, ...] = ()
    lowest: list[torch.Tensor] = []
    axes: tuple[int, ...] = ()
    for start in range(0, count, CHUNK):
        part = {name: values[start:start + CHUNK] for name, values in inputs.items()}
        strongest, at, axes = peaks(flow.collect(part, (layer,))[layer])
        numbers = torch.arange(start, start + len(strongest))[:, None].expand_as(strongest)
        best = _best(best, (strongest.T, numbers.T, at.T), most)
        lowest.append(strongest.amin(0))
        progress(min(1.0, (start + CHUNK) / count))
    values, samples, at = (part.numpy() for part in best)
    places = np.stack(np.unravel_index(at, axes), axis=-1) if axes else np.zeros((*at.shape, 0), int)
    return TopActivations(values, samples, places, torch.stack(lowest).amin(0).numpy())


def peaks(output: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, tuple[int, ...]]:
    """Each unit's strongest place in each sample: its value and number, `(B, units)`, and the axes of places."""
    if output.ndim == 2:
        return output, torch.zeros_like(output, dtype=torch.long), ()
    axes = tuple(output.shape[2:]) if output.ndim == 4 else (output.shape[1],)
    spread = output.flatten(2) if output.ndim == 4 else output.transpose(1, 2)
    strongest, at = spread.max(-1)
    return strongest, at, axes


def _best(old: tuple[torch.Tensor, ...], new: tuple[torch.Tensor, ...], most: int) -> tuple[torch.Tensor, ...]:
    """The `most` strongest of both, `(units, most)`; of equals the earlier sample."""
    joined = tuple(torch.cat(pair, 1) for pair in zip(old, new)) if old else new
    order = joined[0].argsort(dim=1, descending=True, stable=True)[:, :most]
    return tuple(part.gather(1, order) for part in joined)
