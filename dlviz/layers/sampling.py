"""The middle of a variational autoencoder: it draws a code from a bell curve that the network describes."""
from __future__ import annotations

from typing import Any, ClassVar

import torch
from torch import nn

from dlviz.layers.base import Layer, number
from dlviz.layers.sentences import article, refuse
from dlviz.layers.traits import Traits
from dlviz.shapes import Shape
from dlviz.translation import _


class CodeSampler(nn.Module):
    """The mean and the logarithm of the variance of each number, side by side -> a code."""

    def __init__(self, kl_weight: float = 1e-4):
        super().__init__()
        self.kl_weight = kl_weight
        self.divergence = self.cost = torch.zeros(())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Means and variances `(B, 2 D)` -> code `(B, D)`: training adds noise, in use it is the mean.

        `divergence` `(D,)` is then how far each number's bell curve is from the standard one, in
        nats: the mean over the batch. `cost` is its sum, weighted: a part of the loss.
        """
        mean, log_variance = x.chunk(2, dim=1)
        variance = log_variance.exp()
        self.divergence = 0.5 * (mean ** 2 + variance - log_variance - 1).mean(0)
        self.cost = self.kl_weight * self.divergence.sum()
        return mean + torch.randn_like(mean) * variance.sqrt() if self.training else mean


class GaussianSampling(Layer):
    """Reads mean and variance of each number of a code and draws the code from them (VAE; Kingma, Welling 2014)."""

    kl_weight: float = number(1e-4, 0.0, 1.0, "What it costs that codes are far from the standard bell curve (KL "
                                              "divergence, in nats): it is added to the loss.")
    family: ClassVar[str] = "regularization"
    torch: ClassVar[type[nn.Module]] = CodeSampler
    own: ClassVar[tuple[type, ...]] = (CodeSampler,)
    takes: ClassVar[tuple[str, ...]] = ("vector",)
    formula: ClassVar[str] = (r"z = \mu + \sigma \odot \varepsilon, \quad \varepsilon \sim \mathcal{N}(0, 1), \qquad "
                              r"\text{KL} = \tfrac12 \textstyle\sum (\mu^2 + \sigma^2 - \ln \sigma^2 - 1)")
    costs: ClassVar[bool] = True
    plain: ClassVar[str] = "z = μ + σ ε, ε drawn anew each time; in use z = μ"
    backward: ClassVar[str] = "The gradient reaches mean and variance as if the noise were a constant."

    def arguments(self, *shapes: Shape) -> dict[str, Any]:
        return {"kl_weight": self.kl_weight}

    @classmethod
    def accepted_input(cls, shape: Shape) -> Shape | None:
        return Shape("vector", (2 * shape.numel,)) if shape.numel % 2 else None

    def check(self, name: str, *shapes: Shape) -> None:
        if shapes[0].numel % 2:
            raise refuse(self, name, _("takes a mean and a variance for each number of the code: an even count"),
                         _("it is given {shape}", shape=article(shapes[0])),
                         _("Give the layer before it twice as many outputs as the code has numbers."))

    def traits(self) -> Traits:
        return Traits(linear=True)

    def summary(self) -> str:
        return f"KL x {self.kl_weight:g}"
