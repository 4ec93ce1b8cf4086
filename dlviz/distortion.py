"""Pictures shifted, turned, scaled and bent at random, a whole batch at a time. Knows torch, no task and no run.

Exported scripts take the source of these two functions home, so they use nothing else of dlviz.
"""
from __future__ import annotations

import math

import torch
from torch.nn import functional as F


def distort(images: torch.Tensor, generator: torch.Generator, shift: float = 0.0,
            rotate: float = 0.0, scale: float = 0.0, elastic: float = 0.0) -> torch.Tensor:
    """Images (B, C, H, W), each changed by random amounts of its own.

    Moved by up to `shift` pixels, turned by up to `rotate` degrees, scaled by up to the fraction
    `scale`, and bent by `elastic` pixels. What comes in from outside is as dark as the image's
    darkest pixel.
    """
    count, _, height, width = images.shape
    turn, grow, right, down = 2 * torch.rand(4, count, generator=generator) - 1  # -1 to 1
    size = 1 + scale * grow
    angle = math.radians(rotate) * turn
    cos, sin = torch.cos(angle) / size, torch.sin(angle) / size
    rows = [cos, -sin * height / width, 2 * shift / width * right,
            sin * width / height, cos, 2 * shift / height * down]
    theta = torch.stack(rows, 1).view(-1, 2, 3)
    grid = F.affine_grid(theta, list(images.shape), align_corners=False)
    if elastic:
        grid = grid + bend(count, height, width, generator, elastic)
    darkest = images.amin((1, 2, 3), keepdim=True)
    grid = grid.to(images.device)
    return F.grid_sample(images - darkest, grid, align_corners=False) + darkest


def bend(count: int, height: int, width: int, generator: torch.Generator,
         pixels: float) -> torch.Tensor:
    """Where each point of an image wanders, (B, H, W, 2) in halves of its size.

    Random numbers for each pixel, blurred with a Gaussian of 4 pixels, so that neighbours go
    together (Simard et al. 2003).
    """
    rows, columns = (torch.exp(-(torch.arange(size)[:, None] - torch.arange(size)) ** 2 / 32)
                     / math.sqrt(32 * math.pi) for size in (height, width))
    field = rows @ (2 * torch.rand(count, 2, height, width, generator=generator) - 1) @ columns
    typical = 1 / (8 * math.sqrt(3 * math.pi))  # the spread that the blur leaves of -1 to 1
    return field.permute(0, 2, 3, 1) * torch.tensor([2 / width, 2 / height]) * (pixels / typical)
