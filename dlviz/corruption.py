"""What is done to clean samples before a network is given them: hidden halves, noise, diffusion, masks. Knows no task.

Exported scripts take the source of these functions home, so they use nothing else of dlviz.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch


@dataclass(frozen=True)
class Corruption:
    """How the samples of a batch are made of clean ones, anew each time that they are learned from.

    Attributes:
        function: takes the clean tensors `(B, ...)` and a generator, gives the network's inputs and its targets.
        arguments: further arguments of it.
        helpers: functions that it calls.
        tensors: how many clean tensors it takes: the first inputs of the task, before anything is done to them.
    """

    function: Callable[..., tuple[list[torch.Tensor], torch.Tensor]]
    arguments: dict[str, bool | int | float | str] = field(default_factory=dict[str, bool | int | float | str])
    helpers: tuple[Callable[..., torch.Tensor], ...] = ()
    tensors: int = 1

    def __call__(self, clean: Sequence[torch.Tensor], generator: torch.Generator,
                 ) -> tuple[list[torch.Tensor], torch.Tensor]:
        """Inputs and targets `(B, ...)` made of clean tensors."""
        return self.function(clean, generator, **self.arguments)


def hide(clean: Sequence[torch.Tensor], generator: torch.Generator, half: bool = False,
         noise: float = 0.0) -> tuple[list[torch.Tensor], torch.Tensor]:
    """Pictures (B, 1, H, W) with one half black or noise on them, and the clean ones."""
    images, = clean
    count, _, height, width = images.shape
    shown = images
    if half:
        rows, columns = torch.arange(height) < height // 2, torch.arange(width) < width // 2
        upper, left = rows[:, None].expand(height, width), columns.expand(height, width)
        halves = torch.stack([upper, ~upper, left, ~left])[:, None]
        shown = shown * halves[torch.randint(4, (count,), generator=generator)].to(images)
    if noise:
        shown = shown + noise * torch.randn(images.shape, generator=generator).to(images)
    return [shown], images


def mask(clean: Sequence[torch.Tensor], generator: torch.Generator, symbols: int,
         fraction: float) -> tuple[list[torch.Tensor], torch.Tensor]:
    """Tokens (B, T), some of them masked, and what stood there (Devlin et al. 2019).

    Of those that are asked for, 8 of 10 become the mask (token `symbols`), 1 any symbol, and 1
    stays as it is; each row has one at least. Targets are -100 where nothing is asked.
    """
    tokens, = clean
    lot = torch.rand(tokens.shape, generator=generator)
    asked = ((lot < fraction) | (lot == lot.amin(1, keepdim=True))).to(tokens.device)
    how = torch.rand(tokens.shape, generator=generator).to(tokens.device)
    others = torch.randint(symbols, tokens.shape, generator=generator).to(tokens.device)
    shown = torch.where(asked & (how < 0.8), symbols, tokens)
    shown = torch.where(asked & (how >= 0.8) & (how < 0.9), others, shown)
    return [shown], torch.where(asked, tokens, -100)


def signal_level(time: torch.Tensor) -> torch.Tensor:
    """The fraction of a picture's variance that is left at a time (Nichol and Dhariwal 2021).

    Nearly 1 at time 0, nearly 0 at time 1; the rest is noise.
    """
    offset = 0.008
    level = torch.cos((time + offset) / (1 + offset) * math.pi / 2) ** 2
    return (level / math.cos(offset / (1 + offset) * math.pi / 2) ** 2).clamp(1e-5, 0.9999)


def diffuse(clean: Sequence[torch.Tensor], generator: torch.Generator,
            predict: str = "image") -> tuple[list[torch.Tensor], torch.Tensor]:
    """Pictures (B, 1, H, W) at a time by lot, what they show (B, groups), and the time (B, 1).

    The target is the clean picture, or the noise that was put on it (Ho, Jain and Abbeel 2020).
    """
    images, shown = clean
    time = torch.rand(len(images), 1, generator=generator).to(images)
    noise = torch.randn(images.shape, generator=generator).to(images)
    level = signal_level(time)[:, :, None, None]
    noisy = level.sqrt() * images + (1 - level).sqrt() * noise
    return [noisy, shown, time], images if predict == "image" else noise
