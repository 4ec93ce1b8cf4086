"""The loss as a landscape over a network's weights: two directions, the grid between them, a path on it.

All weights together are one vector θ `(P,)`, in the order of `network.parameters()`. A direction is such a
vector too. Knows neither tasks nor training: the caller brings the samples, the loss and the moments of a
path.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import nn

COLUMNS = 1 << 18  # weights turned to float64 at a time: 40 moments of them are 80 MB

Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


class FlatWeights:
    """A network whose weights lie in one piece of memory, so that moving all of them is one addition.

    Args:
        network: its parameters become views of `flat` `(P,)`; it is put into evaluation mode.
    """

    def __init__(self, network: nn.Module) -> None:
        self.network = network.eval()
        self.parameters = list(network.parameters())
        self.flat = torch.cat([p.detach().reshape(-1) for p in self.parameters])
        start = 0
        for p in self.parameters:
            p.data = self.flat[start:start + p.numel()].view(p.shape)
            start += p.numel()

    def split(self, vector: torch.Tensor) -> list[torch.Tensor]:
        """The vector `(P,)` as one view for each parameter, in its shape."""
        parts = vector.split([p.numel() for p in self.parameters])
        return [part.view(p.shape) for part, p in zip(parts, self.parameters)]


@dataclass(frozen=True)
class LossSurface:
    """The loss as a function of all weights: the mean over the same samples each time, nothing by chance.

    Args:
        inputs, targets: the samples.
        loss: of scores and targets, a mean.
        chunk: samples sent through the network at a time. Sums are rounded alike only in equal portions.
        cost: what the network adds to the loss of the samples that went through last; None for nothing.
    """

    weights: FlatWeights
    inputs: tuple[torch.Tensor, ...]
    targets: torch.Tensor
    loss: Loss
    chunk: int
    cost: Callable[[], torch.Tensor | None] = lambda: None

    @torch.no_grad()
    def loss_here(self) -> float:
        """The loss with the weights as they are."""
        network, chunk = self.weights.network, self.chunk
        scores, added = list[torch.Tensor](), 0.0
        for start in range(0, len(self.targets), chunk):
            scores.append(network(*[x[start:start + chunk] for x in self.inputs]))
            if (cost := self.cost()) is not None:
                added += float(cost) * len(scores[-1]) / len(self.targets)
        return float(self.loss(torch.cat(scores), self.targets)) + added

    def at(self, theta: torch.Tensor) -> float:
        """The loss with the weights `theta` `(P,)`, which stay."""
        self.weights.flat.copy_(theta)
        return self.loss_here()


def random_direction(weights: FlatWeights, theta: torch.Tensor, seed: int) -> torch.Tensor:
    """A random direction, filter-normalised at `theta`.

    Li et al. 2018, "Visualizing the Loss Landscape of Neural Nets", section 4: each filter (a neuron's
    weights, a convolution's kernel, a symbol's embedding: one index of the first axis) is as long as the same
    filter of the network. Biases and scales, which have one axis, stay as they are.
    """
    generator = torch.Generator().manual_seed(seed)
    vector = torch.randn(theta.shape, generator=generator, dtype=theta.dtype)
    for part, own in zip(weights.split(vector), weights.split(theta)):
        if part.ndim < 2:
            part.zero_()
            continue
        rows, owns = part.flatten(1), own.flatten(1)
        rows.mul_(owns.norm(dim=1, keepdim=True) / rows.norm(dim=1, keepdim=True).clamp(min=1e-12))
    return vector


def principal(path: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The two directions of length 1 in which a path's moments differ most `(2, P)`, and all fractions.

    Args:
        path: `(n, P)`, three moments at least. The fractions `(n,)` are of their variance, greatest first.

    From the n x n matrix of their products, as P is too large for a decomposition. The path ends on the
    positive side.
    """
    middle = path.mean(0, dtype=torch.float64)
    products = torch.zeros(len(path), len(path), dtype=torch.float64)
    for part in _columns(path, middle):
        products += part @ part.T
    values, vectors = torch.linalg.eigh(products)
    values, vectors = values.flip(0).clamp(min=0), vectors.flip(1)
    vectors = vectors * torch.where(vectors[-1] < vectors[0], -1.0, 1.0)
    first = vectors[:, :2] / values[:2].clamp(min=1e-30).sqrt()
    directions = torch.cat([first.T @ part for part in _columns(path, middle)], 1)
    return directions.to(path.dtype), values / values.sum().clamp(min=1e-30)


def _columns(path: torch.Tensor, middle: torch.Tensor) -> Iterator[torch.Tensor]:
    for start in range(0, path.shape[1], COLUMNS):
        yield path[:, start:start + COLUMNS].double() - middle[start:start + COLUMNS]


def coordinates(path: torch.Tensor, origin: torch.Tensor, directions: torch.Tensor) -> torch.Tensor:
    """Where each moment `(n, P)` falls on the plane: `(n, 2)`, float64, the nearest point of the plane.

    The plane goes through `origin` along both `directions` `(2, P)`, which need not be at right angles.
    """
    across = directions.double()
    shadows = torch.stack([across @ (moment.double() - origin.double()) for moment in path])
    return torch.linalg.solve(across @ across.T, shadows.T).T


def variance_in_plane(path: torch.Tensor, origin: torch.Tensor, directions: torch.Tensor,
             places: torch.Tensor) -> float:
    """How much of the squared way from `origin` to the moments lies in the plane, 0 to 1."""
    total = sum(float((moment.double() - origin.double()).square().sum()) for moment in path)
    across = directions.double()
    inside = float(torch.einsum("ni,ij,nj->", places, across @ across.T, places))
    return inside / total if total else 1.0


def rows(loss_surface: LossSurface, origin: torch.Tensor, directions: torch.Tensor, xs: torch.Tensor, ys: torch.Tensor,
         ) -> Iterator[torch.Tensor]:
    """The loss at `origin + x directions[0] + y directions[1]`: for each y a row `(len(xs),)`, float64.

    One forward pass of all samples a point. Several points at once through `torch.func.vmap` are no faster:
    the matrices are large enough as they are (784-128-64-10, 1,024 samples: 9.9 ms a point alone, 9.6 ms
    eight at once).
    """
    flat = loss_surface.weights.flat
    for y in ys.tolist():
        row = []
        for x in xs.tolist():
            torch.add(origin, directions[0], alpha=x, out=flat)
            row.append(loss_surface.loss_here() if y == 0 else _moved(loss_surface, directions[1], y))
        yield torch.tensor(row, dtype=torch.float64)


def _moved(loss_surface: LossSurface, direction: torch.Tensor, length: float) -> float:
    loss_surface.weights.flat.add_(direction, alpha=length)
    return loss_surface.loss_here()


def line(loss_surface: LossSurface, start: torch.Tensor, end: torch.Tensor, fractions: torch.Tensor) -> Iterator[float]:
    """The loss on the straight line from `start` (0) to `end` (1) and beyond (Goodfellow et al. 2015)."""
    for fraction in fractions.tolist():
        yield loss_surface.at(torch.lerp(start, end, fraction))


def along(path: torch.Tensor) -> torch.Tensor:
    """How far each moment is along the straight line from first to last, as a fraction, `(n,)`, float64."""
    way = (path[-1] - path[0]).double()
    square = way.square().sum().clamp(min=1e-30)
    return torch.stack([(moment - path[0]).double() @ way / square for moment in path])
