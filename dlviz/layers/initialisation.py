"""How a layer's first weights are drawn, where torch's own way is not wanted. Knows no particular layer."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from pydantic import Field
from torch import nn

Init = Literal["default", "xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal", "orthogonal",
               "normal", "zeros"]
FIELDS = ("init", "init_std")


def init_field() -> Any:
    """The field that says how first weights are drawn."""
    return Field(default="default",
                 description="How the first weights are drawn: torch's own way (default), Xavier (Glorot "
                 "2010, for tanh and sigmoid), Kaiming (He 2015, for ReLU), orthogonal, normal, or zeros. All but the "
                 "default start the biases at 0.")


def std_field() -> Any:
    """The field that says how widely they are spread, 0 to 10."""
    return Field(default=0.02, ge=0, le=10, description="Spread of the first weights; only for init normal.")


def initialise(layer: nn.Module, draw: Callable[..., object], **how: float) -> None:
    """Draw the weights of a layer anew; its biases start at zero."""
    for name, parameter in layer.named_parameters():
        if "bias" in name:
            nn.init.zeros_(parameter)
        elif parameter.ndim > 1:
            draw(parameter, **how)
