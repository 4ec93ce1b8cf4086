"""The arithmetic inside one layer of a recorded update, in plain numbers; module and tensors stay here."""
from __future__ import annotations

from typing import cast

import numpy as np
import torch
from torch import nn

from dlviz import layers
from dlviz.probes import arithmetic
from dlviz.probes.attention import Watchable
from dlviz.probes.update import LayerRecord


class LayerInside:
    """One layer, or a weighted part of a block, and what made its numbers; see `probes.arithmetic`.

    Attributes:
        kind: the layer of the catalogue whose formula holds; window: as that layer declares it.
        in_shape, out_shape: of its first input and its output, without the batch axis.
        inputs: how many inputs it reads.
    """

    def __init__(self, module: nn.Module, record: LayerRecord) -> None:
        self._module, self._record, declared = module, record, layers.of(module)
        self.kind, self.window, self.inputs = declared.kind(), declared.window, len(record.inputs)
        self.in_shape, self.out_shape = tuple(record.inputs[0].shape[1:]), tuple(record.output.shape[1:])

    @property
    def num_heads(self) -> int:
        """Of an attention."""
        return self._attention.num_heads

    @property
    def position(self) -> str:
        """How an attention tells places by itself."""
        return self._attention.position

    @property
    def _attention(self) -> Watchable:
        return cast(Watchable, self._module)

    def largest_unit(self, sample: int, place: tuple[int, ...]) -> int:
        """The unit whose output is largest in size, at one place of a sample."""
        return int(self._record.output[(sample, *place)].abs().argmax())

    def logits(self, sample: int) -> np.ndarray:
        """The first input of a sample: what a softmax takes."""
        return self._record.inputs[0][sample].numpy()

    def sliding(self, sample: int, channel: int) -> arithmetic.ConvolutionArithmetic:
        """An output channel of a convolution or a pooling; see `probes.arithmetic.sliding`."""
        return arithmetic.sliding(self._module, self._record, sample, channel)

    def curve(self, sample: int, channel: int | None) -> arithmetic.ActivationArithmetic:
        """An activation, of a channel or of all numbers; see `probes.arithmetic.curve`."""
        return arithmetic.curve(self._module, self._record, sample, channel)

    def norm(self, sample: int, place: tuple[int, ...]) -> arithmetic.NormArithmetic:
        """A normalization at one place; see `probes.arithmetic.norm`."""
        return arithmetic.norm(self._module, self._record, sample, place)

    def linear(self, sample: int, unit: int, place: tuple[int, ...]) -> arithmetic.LinearArithmetic:
        """A unit of a Linear; see `probes.arithmetic.linear`."""
        return arithmetic.linear(cast(nn.Linear, self._module), self._record, sample, unit, place)

    def attention(self, sample: int, head: int, row: int) -> arithmetic.AttentionRow:
        """A query of a head; see `probes.arithmetic.attention`."""
        return arithmetic.attention(self._attention, self._record, sample, head, row)


def softmax(logits: np.ndarray) -> arithmetic.SoftmaxArithmetic:
    """Softmax over one row of logits."""
    return arithmetic.softmax(torch.from_numpy(logits))
