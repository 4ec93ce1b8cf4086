"""Drawing by taking noise away, step by step: what tasks of diffusion models share. Knows no network."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Literal

import torch
from pydantic import Field
from torch.nn import functional as F

from dlviz.corruption import signal_level
from dlviz.tasks.pictures import CorruptedTask

STEPS = 20  # from noise to a picture
Predict = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]  # picture, group, time -> answer


class DiffusionTask(CorruptedTask):
    """A picture under noise goes in, with its group and how strong the noise is; what is under it is to come out."""

    predict: Literal["image", "noise"] = Field(
        default="image", description="What the network is to say: the clean image, or the noise that was put on it. "
                                     "The one follows from the other, but they are not equally easy to learn.")

    @property
    def diffusion(self) -> DiffusionTask:
        return self

    def named(self, groups: torch.Tensor) -> torch.Tensor:
        """Digits `(B,)` as the network is told them, `(B, 10)`: one for the digit, zero for the others."""
        return F.one_hot(groups, len(self.groups)).float()

    @torch.no_grad()
    def draw(self, predict: Predict, groups: Sequence[int], seed: int, steps: int = STEPS) -> torch.Tensor:
        """What comes out of noise, step by step: `(steps + 1, N, 1, H, W)`, the noise first, the drawn digit last.

        At each step the network's answer gives the clean picture and the noise; both are put together again for an
        earlier time, so the same noise always becomes the same digit (DDIM; Song, Meng and Ermon 2021).
        """
        generator = torch.Generator().manual_seed(seed)
        picture = torch.randn(len(groups), 1, *self.pixels, generator=generator)
        named, frames = self.named(torch.as_tensor(groups)), [picture]
        times = torch.linspace(1, 0, steps + 1)
        for now, later in pairwise(times):
            answer = predict(picture, named, now.expand(len(groups), 1))
            picture = self.earlier(picture, answer, signal_level(now), signal_level(later))
            frames.append(picture)
        return torch.stack(frames)

    def earlier(self, noisy: torch.Tensor, answer: torch.Tensor, level: torch.Tensor,
                later_level: torch.Tensor) -> torch.Tensor:
        """The picture with as much noise as belongs to `later_level`, of one with that of `level` and an answer."""
        clean = answer if self.predict == "image" else (noisy - (1 - level).sqrt() * answer) / level.sqrt()
        clean = clean.clamp(-1, 1)
        noise = (noisy - level.sqrt() * clean) / (1 - level).sqrt()
        return later_level.sqrt() * clean + (1 - later_level).sqrt() * noise
