"""Why this answer: what each number that goes in has to do with one number that comes out. Captum does the work.

Knows no task and no page. Captum is loaded with the first question: it brings matplotlib, a second or two.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

STEPS = 64  # of the way that integrated gradients walks
EVALUATED = 64  # changed copies of a sample that go through the network at a time


@dataclass(frozen=True)
class AttributionTarget:
    """Which number of the answer is asked about: the raw score (logit) of a class, at `step` of a sequence.

    With `against` it is the score less that of another class: "why this one and not that one".
    """

    of: int
    against: int | None = None
    step: int | None = None

    def __call__(self, scores: torch.Tensor) -> torch.Tensor:
        """`(B, classes)` or `(B, T, classes)` to `(B,)`."""
        if scores.ndim == 3:
            scores = scores[:, -1 if self.step is None else self.step]
        own = scores[:, self.of]
        return own if self.against is None else own - scores[:, self.against]


@dataclass(frozen=True)
class AttributionInput:
    """Where one sample enters as numbers that can be changed a little: symbols enter behind their embedding.

    Attributes:
        forward: from such numbers `(B, ...)` to the network's scores.
        values: the sample's, each `(1, ...)`.
        blank: what stands for "nothing there", each of its value's shape.
    """

    forward: Callable[..., torch.Tensor]
    values: tuple[torch.Tensor, ...]
    blank: tuple[torch.Tensor, ...]

    def asked(self, score: AttributionTarget) -> Callable[..., torch.Tensor]:
        """From numbers as `forward` takes them to what is asked about, `(B,)`."""
        return lambda *values: score(self.forward(*values))


@dataclass(frozen=True)
class IntegratedAttribution:
    """What integrated gradients gives each number, and the two scores whose difference it splits up."""

    values: tuple[np.ndarray, ...]
    blank: float  # the score when nothing is there
    given: float  # the score of the sample

    @property
    def total(self) -> float:
        """The sum of what all numbers were given."""
        return float(sum(values.sum(dtype=np.float64) for values in self.values))

    @property
    def gap(self) -> float:
        """How far the sum misses the difference of the scores; 0 when the walk is fine enough."""
        return self.total - (self.given - self.blank)


def saliency(entrance: AttributionInput, score: AttributionTarget) -> tuple[np.ndarray, ...]:
    """How strongly the score moves with each number: |gradient| (Simonyan et al. 2014), each `(...)`."""
    from captum.attr import Saliency

    values = tuple(value.clone().requires_grad_() for value in entrance.values)
    return _plain(Saliency(entrance.asked(score)).attribute(values))


def integrated_gradients(entrance: AttributionInput, score: AttributionTarget,
                         steps: int = STEPS) -> IntegratedAttribution:
    """The mean gradient on the straight way from blank to the sample, times the way (Sundararajan et al. 2017)."""
    from captum.attr import IntegratedGradients

    asked = entrance.asked(score)
    found = IntegratedGradients(asked).attribute(entrance.values, entrance.blank, n_steps=steps,
                                                 method="gausslegendre", internal_batch_size=EVALUATED)
    with torch.no_grad():
        blank, given = asked(*entrance.blank), asked(*entrance.values)
    return IntegratedAttribution(_plain(found), float(blank), float(given))


def occlusion(entrance: AttributionInput, score: AttributionTarget, window: int, stride: int = 1) -> tuple[np.ndarray,
                                                                                                           ...]:
    """How much the score falls when a place is wiped out (Zeiler and Fergus 2014).

    Images `(C, H, W)` lose a square of `window`, moved by `stride`; sequences `(T, D)` lose `window` steps.
    A number that several windows cover gets their mean. Each array has its input's shape.
    """
    from captum.attr import Occlusion

    shapes = tuple(_window(value, window) for value in entrance.values)
    strides = tuple(_window(value, stride) for value in entrance.values)
    with torch.no_grad():
        found = Occlusion(entrance.asked(score)).attribute(
            entrance.values, sliding_window_shapes=shapes, strides=strides, baselines=entrance.blank,
            perturbations_per_eval=EVALUATED)
    return _plain(found)


def grad_cam(entrance: AttributionInput, score: AttributionTarget, layer: nn.Module) -> np.ndarray:
    """Where the maps of `layer` speak for the score, `(H, W)` of the layer (Selvaraju et al. 2017).

    Each map weighs as much as its mean gradient; what speaks against is left out. The layer is hooked meanwhile:
    nobody else may run it.
    """
    from captum.attr import LayerGradCam

    values = tuple(value.clone().requires_grad_() for value in entrance.values)
    found = LayerGradCam(entrance.asked(score), layer).attribute(values, relu_attributions=True)
    [maps, *_] = found if isinstance(found, tuple) else (found,)
    return maps.detach()[0, 0].numpy()


def enlarged(map_: np.ndarray, height: int, width: int) -> np.ndarray:
    """A map `(h, w)` as large as the picture, smoothly between its numbers."""
    tensor = torch.from_numpy(np.ascontiguousarray(map_))[None, None]
    return F.interpolate(tensor, (height, width), mode="bilinear")[0, 0].numpy()


def _window(value: torch.Tensor, size: int) -> tuple[int, ...]:
    """The shape without batch axis of what is wiped out at once: all channels, or all numbers of a step."""
    _, *axes = value.shape
    if len(axes) == 3:
        return axes[0], min(size, axes[1]), min(size, axes[2])
    return min(size, axes[0]), *axes[1:]


def _plain(found: tuple[torch.Tensor, ...]) -> tuple[np.ndarray, ...]:
    return tuple(value.detach()[0].to(torch.float32).numpy() for value in found)
