"""The arithmetic inside one layer for one sample, as plain arrays: every number that makes its output.

Takes what `update.record` saw of the module; knows no network. `form` says which function is for a module.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
import torch
from torch import nn

from dlviz import layers
from dlviz.probes.attention import Watchable
from dlviz.probes.update import LayerRecord

CURVE = 161  # points of an activation's curve


class NormModule(Protocol):
    """What all of torch's normalizations have; `weight` and `bias` are None where they do not learn."""

    weight: torch.Tensor | None
    bias: torch.Tensor | None
    eps: float


@dataclass(frozen=True)
class ConvolutionArithmetic:
    """A window that slides over maps: one output channel of a convolution or of a pooling.

    Attributes:
        form: `convolution`, `max` or `mean`.
        input: the maps that it reads, `(C, H, W)`; for pooling one map.
        kernel: `(C, k, k)`; None for pooling.
        bias: what is added to each output; 0 where there is none.
        output: what the layer really gave, `(H', W')`.
        size, stride, padding, dilation: of the window, along rows and columns, in pixels.
        first: which of the layer's input channels `input[0]` is.
    """

    form: str
    input: np.ndarray
    kernel: np.ndarray | None
    bias: float
    output: np.ndarray
    size: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]
    dilation: tuple[int, int]
    first: int


@dataclass(frozen=True)
class ActivationArithmetic:
    """A function applied to each number.

    Attributes:
        inputs, outputs: all N numbers in and out, in order, `(N,)` each.
        x, y, slope: the curve of the function and its slope, `(CURVE,)` each, around zero.
    """

    inputs: np.ndarray
    outputs: np.ndarray
    x: np.ndarray
    y: np.ndarray
    slope: np.ndarray


@dataclass(frozen=True)
class SoftmaxArithmetic:
    """Softmax over one list of scores `(K,)`: e to the score (less the largest), their sum, the shares `(K,)`."""

    scores: np.ndarray
    exps: np.ndarray
    total: float
    shares: np.ndarray


@dataclass(frozen=True)
class NormArithmetic:
    """Normalization of one number, and the numbers that its mean and spread were taken over.

    y = scale (x - mean) / sqrt(variance + eps) + shift; `numbers` `(N,)` are those that mean and variance
    are of, `over` says in words which they are (Ioffe, Szegedy 2015; Ba, Kiros, Hinton 2016; Wu, He 2018).
    """

    x: float
    mean: float
    variance: float
    eps: float
    scale: float
    shift: float
    y: float
    numbers: np.ndarray
    over: str


@dataclass(frozen=True)
class LinearArithmetic:
    """One unit of a Linear: weights `(D,)` times inputs `(D,)`, plus its bias, is what it gave."""

    weights: np.ndarray
    inputs: np.ndarray
    bias: float
    output: float


@dataclass(frozen=True)
class AttentionRow:
    """One row of attention, one head: a query against all keys, `S` places, width `d` of the head (Vaswani 2017).

    Attributes:
        query: `(d,)`. keys, values: `(S, d)`.
        scores: query times key, `(S,)`, or v times tanh(query + key); scaled: as softmax takes them, products over
            the root of d, -inf where masked.
        weights: softmax of `scaled`, `(S,)`; they add up to 1.
        mixed: the values added up by their weights, `(d,)`.
        score_weight: the v of an additive score, `(d,)`; empty where query and key are multiplied.
    """

    query: np.ndarray
    keys: np.ndarray
    values: np.ndarray
    scores: np.ndarray
    scaled: np.ndarray
    weights: np.ndarray
    mixed: np.ndarray
    score_weight: np.ndarray


Arithmetic = (ConvolutionArithmetic | ActivationArithmetic | SoftmaxArithmetic | NormArithmetic | LinearArithmetic
              | AttentionRow)


FORMS = ("sliding", "curve", "softmax", "norm", "linear", "attention")  # what `Layer.arithmetic` may be


def form(module: nn.Module) -> str:
    """Which arithmetic the module has, one of FORMS; '' for none."""
    return layers.of(module).arithmetic


def sliding(module: nn.Module, record: LayerRecord, sample: int, channel: int) -> ConvolutionArithmetic:
    """Output channel `channel` of a Conv2d, MaxPool2d or AvgPool2d: `(B, C, H, W)` in, `(B, C', H', W')` out."""
    x, output = record.inputs[0][sample], record.output[sample, channel]
    size, stride, padding = (_pair(getattr(module, name)) for name in ("kernel_size", "stride", "padding"))
    window = layers.of(module).window or ""
    if window != "convolution":
        dilation = _pair(getattr(module, "dilation", 1))
        return ConvolutionArithmetic(window, _np(x[channel:channel + 1]), None, 0.0, _np(output), size, stride, padding,
                                     dilation, channel)
    conv = cast(nn.Conv2d, module)
    width = conv.in_channels // conv.groups
    first = channel // (conv.out_channels // conv.groups) * width
    bias = 0.0 if conv.bias is None else float(conv.bias[channel].detach())
    return ConvolutionArithmetic("convolution", _np(x[first:first + width]), _np(conv.weight[channel]), bias,
                                 _np(output), size, stride, padding, cast(tuple[int, int], conv.dilation), first)


def curve(module: nn.Module, record: LayerRecord, sample: int, channel: int | None = None) -> ActivationArithmetic:
    """An activation, `(B, ...)` in and out: all numbers of the sample, or of one channel (one time step)."""
    x, y = (t[sample] if channel is None else t[sample, channel] for t in (record.inputs[0], record.output))
    reach = max(3.0, float(x.abs().max()) * 1.1)
    points = torch.linspace(-reach, reach, CURVE, requires_grad=True)
    with torch.enable_grad():
        values = module(points)
        [slope] = torch.autograd.grad(values.sum(), points)
    return ActivationArithmetic(_np(x.flatten()), _np(y.flatten()), _np(points), _np(values), _np(slope))


def softmax(scores: torch.Tensor) -> SoftmaxArithmetic:
    """One list of scores `(K,)`, worked out in float64."""
    values = _np(scores).astype(np.float64)
    exps = np.exp(values - values.max())
    return SoftmaxArithmetic(values, exps, float(exps.sum()), exps / exps.sum())


def norm(module: nn.Module, record: LayerRecord, sample: int, place: tuple[int, ...]) -> NormArithmetic:
    """The number at `place` of a sample, in training mode: a BatchNorm's mean is over this batch."""
    x, y = record.inputs[0], record.output
    numbers, over = layers.of(module).group(module, x, sample, place)
    own = cast(NormModule, module)
    scale, shift = (_learned(p, module, place, other) for p, other in ((own.weight, 1.0), (own.bias, 0.0)))
    return NormArithmetic(float(x[(sample, *place)]), float(numbers.mean()), float(numbers.var(unbiased=False)),
                          own.eps, scale, shift, float(y[(sample, *place)]), _np(numbers.flatten()), over)


def _learned(parameter: torch.Tensor | None, module: nn.Module, place: tuple[int, ...], other: float) -> float:
    return other if parameter is None else layers.of(module).learned(parameter, place)


def linear(module: nn.Linear, record: LayerRecord, sample: int, unit: int,
           place: tuple[int, ...] = ()) -> LinearArithmetic:
    """Unit `unit` for a sample `(D,)`; for a sequence `(T, D)` at time step `place`."""
    bias = 0.0 if module.bias is None else float(module.bias[unit].detach())
    return LinearArithmetic(_np(module.weight[unit]), _np(record.inputs[0][(sample, *place)]), bias,
                            float(record.output[(sample, *place, unit)]))


@torch.no_grad()
def attention(module: Watchable, record: LayerRecord, sample: int, head: int, row: int) -> AttentionRow:
    """The query of step `row` of one head against all keys; `(B, T, D)` in, also `(B, S, D)` where it looks there."""
    x, *memory = (given[sample:sample + 1] for given in record.inputs)
    query, key, value = module.project(x, memory[0] if memory else None)
    query, key, value = module.heads(query, key, value)
    keys, values = (module.grouped(part)[0, head] for part in (key, value))
    scores = module.scores(query, module.grouped(key))
    scaled = module.scaled(scores)[0, head, row]
    weights = scaled.softmax(0)
    return AttentionRow(*(_np(t) for t in (query[0, head, row], keys, values, scores[0, head, row], scaled, weights,
                                           weights @ values, _score_weight(module, head))))


def _score_weight(module: Watchable, head: int) -> torch.Tensor:
    return torch.zeros(0) if module.score_weight is None else module.score_weight[head]


def _pair(value: int | tuple[int, int]) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else value


def _np(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().to("cpu", torch.float32).contiguous().numpy()
