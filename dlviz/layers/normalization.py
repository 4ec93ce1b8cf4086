"""Layers that bring numbers to mean 0 and spread 1, then let the network scale them."""
from __future__ import annotations

from typing import Any, ClassVar, cast

import torch
from torch import nn

from dlviz.layers.base import Layer, integer, number, switch
from dlviz.layers.sentences import refuse
from dlviz.layers.traits import Traits
from dlviz.shapes import Shape
from dlviz.translation import _, _n

GROUPS = _n("{count:,} group", "{count:,} groups")


def _eps() -> Any:
    return number(1e-5, 1e-12, 1.0, "A small number that keeps the division from blowing up.")


class _Norm(Layer):
    family: ClassVar[str] = "normalization"
    plain: ClassVar[str] = "y = γ (x − μ) / σ + β"
    arithmetic: ClassVar[str] = "norm"


class _BatchNorm(_Norm):
    eps: float = _eps()
    momentum: float = number(0.1, 0.0, 1.0, "How fast the running mean and spread follow the newest batch.")
    affine: bool = switch(True, "Learn a scale and a shift for each channel.")
    track_running_stats: bool = switch(True, "Remember mean and spread for use after training.")
    formula: ClassVar[str] = (
        r"y = \gamma\,\frac{x - \mu_{\text{batch}}}{\sqrt{\sigma^2_{\text{batch}} + \epsilon}} + \beta"
    )
    positional: ClassVar[tuple[str, ...]] = ("num_features",)
    batch_statistics: ClassVar[bool] = True
    placewise: ClassVar[bool] = True
    backward: ClassVar[str] = ("The gradient is scaled by γ / σ, and less its mean over the batch: samples influence "
                               "each other.")

    @classmethod
    def group(cls, module: nn.Module, x: torch.Tensor, sample: int, place: tuple[int, ...]) -> tuple[torch.Tensor, str]:
        pixels = " and all its pixels" if x.ndim == 4 else ""
        return x[:, place[0]], f"channel {place[0]} of all {len(x)} samples of the batch{pixels}"

    def traits(self) -> Traits:
        return Traits(linear=True, normalizes=True)

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        return {"num_features": shapes[0].axes[0]} | self.model_dump()


class BatchNorm1d(_BatchNorm):
    """Brings each number to mean 0 and spread 1 over the samples of a batch, which steadies learning."""

    torch: ClassVar[type[nn.Module]] = nn.BatchNorm1d
    takes: ClassVar[tuple[str, ...]] = ("vector",)
    instead: ClassVar[dict[str, str]] = {"image": "BatchNorm2d", "sequence": "LayerNorm"}


class BatchNorm2d(_BatchNorm):
    """Brings each feature map to mean 0 and spread 1 over the samples of a batch, which steadies learning."""

    torch: ClassVar[type[nn.Module]] = nn.BatchNorm2d
    takes: ClassVar[tuple[str, ...]] = ("image",)
    instead: ClassVar[dict[str, str]] = {"vector": "BatchNorm1d", "sequence": "LayerNorm"}


class LayerNorm(_Norm):
    """Brings the numbers of each single sample (each time step of a sequence) to mean 0 and spread 1."""

    eps: float = _eps()
    elementwise_affine: bool = switch(True, "Learn a scale and a shift for each number.")
    bias: bool = switch(True, "Learn the shift too, not only the scale.")
    torch: ClassVar[type[nn.Module]] = nn.LayerNorm
    formula: ClassVar[str] = r"y = \gamma\,\frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta"
    positional: ClassVar[tuple[str, ...]] = ("normalized_shape",)
    short: ClassVar[str] = "norm"

    @classmethod
    def group(cls, module: nn.Module, x: torch.Tensor, sample: int, place: tuple[int, ...]) -> tuple[torch.Tensor, str]:
        inner = len(cast(nn.LayerNorm, module).normalized_shape)
        outer = place[:len(place) - inner]
        return x[(sample, *outer)], f"time step {outer[0] + 1} of this sample" if outer else "this sample alone"

    @classmethod
    def learned(cls, parameter: torch.Tensor, place: tuple[int, ...]) -> float:
        return float(parameter.detach()[place[-parameter.ndim:]])

    def traits(self) -> Traits:
        return Traits(normalizes=True)

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        axes = shapes[0].axes
        inner = list(axes) if shapes[0].kind == "image" else axes[-1]
        return {"normalized_shape": inner} | self.model_dump()


class RMSNorm(Layer):
    """Divides the numbers of each sample (each time step) by their root mean square; the mean stays (Zhang 2019)."""

    eps: float = number(1e-6, 1e-12, 1.0, "A small number that keeps the division from blowing up.")
    elementwise_affine: bool = switch(True, "Learn a scale for each number.")
    family: ClassVar[str] = "normalization"
    torch: ClassVar[type[nn.Module]] = nn.RMSNorm
    takes: ClassVar[tuple[str, ...]] = ("vector", "sequence")
    formula: ClassVar[str] = r"y = \gamma\,\frac{x}{\sqrt{\frac{1}{D} \sum_i x_i^2 + \epsilon}}"
    positional: ClassVar[tuple[str, ...]] = ("normalized_shape",)
    short: ClassVar[str] = "norm"
    plain: ClassVar[str] = "y = γ x / √(mean of x²)"
    backward: ClassVar[str] = "The gradient is scaled by γ over the root mean square, less its part along x."

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        return {"normalized_shape": shapes[0].axes[-1]} | self.model_dump()


class GroupNorm(_Norm):
    """Splits the channels of each sample into groups and brings each group to mean 0 and spread 1."""

    num_groups: int = integer(4, 1, 1_024, "How many groups; it must divide the channels.")
    eps: float = _eps()
    affine: bool = switch(True, "Learn a scale and a shift for each channel.")
    torch: ClassVar[type[nn.Module]] = nn.GroupNorm
    takes: ClassVar[tuple[str, ...]] = ("image", "vector")
    formula: ClassVar[str] = (
        r"y = \gamma\,\frac{x - \mu_{\text{group}}}{\sqrt{\sigma^2_{\text{group}} + \epsilon}} + \beta"
    )
    positional: ClassVar[tuple[str, ...]] = ("num_groups", "num_channels")

    @classmethod
    def group(cls, module: nn.Module, x: torch.Tensor, sample: int, place: tuple[int, ...]) -> tuple[torch.Tensor, str]:
        groups = cast(nn.GroupNorm, module)
        width = groups.num_channels // groups.num_groups
        first = place[0] // width * width
        return x[sample, first:first + width], f"channels {first} to {first + width - 1} of this sample"
    instead: ClassVar[dict[str, str]] = {"sequence": "LayerNorm"}

    def traits(self) -> Traits:
        return Traits(normalizes=True)

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        own = self.model_dump()
        return {"num_groups": own.pop("num_groups"), "num_channels": shapes[0].axes[0]} | own

    def check(self, name: str, *shapes: Shape) -> None:
        channels = shapes[0].axes[0]
        if channels % self.num_groups:
            fits = max(n for n in range(1, min(self.num_groups, channels) + 1) if channels % n == 0)
            raise refuse(self, name,
                         _n("splits its channels into {count:,} equal group", "splits its channels into {count:,} "
                            "equal groups", count=self.num_groups),
                         _n("{count:,} channel goes in", "{count:,} channels go in", count=channels),
                         _("Set num_groups to {fits}.", fits=fits), num_groups=fits)
        if shapes[0].kind == "vector" and channels == self.num_groups:
            raise refuse(self, name, _("needs two or more numbers in each group"),
                         _n("{count:,} number in as many groups leaves one each, which becomes 0",
                            "{count:,} numbers in as many groups leave one each, which becomes 0", count=channels),
                         _("Use fewer groups."), num_groups=1)

    def summary(self) -> str:
        return GROUPS(self.num_groups)
