"""Which part of a picture one place of a feature map can see, from kernels, strides and paddings alone."""
from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from dlviz import layers
from dlviz.probes.dataflow import Flow, Node


@dataclass(frozen=True)
class ReceptiveField:
    """Along one axis: place `i` of the map sees the places `i * jump + low` to `i * jump + high` of the picture."""

    jump: int
    low: int
    high: int

    def extent(self, place: int, size: int) -> tuple[int, int]:
        """First and one behind the last place that it reaches, inside a picture of `size`."""
        return max(0, place * self.jump + self.low), min(size, place * self.jump + self.high + 1)

    def slid(self, kernel: int, stride: int, padding: int, dilation: int) -> ReceptiveField:
        """The reach behind a window that slides over these places."""
        start = self.low - padding * self.jump
        return ReceptiveField(self.jump * stride, start, self.high + (dilation * (kernel - 1) - padding) * self.jump)

    def joined(self, other: ReceptiveField) -> ReceptiveField:
        """What a place of both maps together sees; both of one `jump`."""
        return ReceptiveField(self.jump, min(self.low, other.low), max(self.high, other.high))


Area = tuple[ReceptiveField, ReceptiveField]  # along rows and along columns


def reach(flow: Flow, layer: str) -> Area | None:
    """Rows and columns that a place of this layer's maps sees; None where it sees the whole picture, or no picture."""
    itself = ReceptiveField(1, 0, 0)
    known: dict[str, Area | None] = dict.fromkeys(flow.inputs, (itself, itself))
    for node in flow.nodes:
        known[node.name] = _behind(node, [known[name] for name in node.reads])
    return known[layer]


def _behind(node: Node, before: list[Area | None]) -> Area | None:
    areas = [area for area in before if area is not None]
    if len(areas) < len(before):
        return None
    first, *others = areas
    if others:  # branches are added or stood side by side, place by place
        same = all(one[axis].jump == first[axis].jump for one in others for axis in (0, 1))
        for one in others if same else ():
            first = first[0].joined(one[0]), first[1].joined(one[1])
        return first if same else None
    declared = layers.of(node.apply) if isinstance(node.apply, nn.Module) else layers.Layer
    if declared.window:
        windows = [_pair(getattr(node.apply, name, 1)) for name in ("kernel_size", "stride", "padding", "dilation")]
        rows, columns = (first[axis].slid(*(window[axis] for window in windows)) for axis in (0, 1))
        return rows, columns
    return first if declared.placewise else None


def _pair(value: int | tuple[int, int]) -> tuple[int, int]:
    return value if isinstance(value, tuple) else (value, value)
