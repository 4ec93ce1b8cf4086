"""The weights of a first layer as pictures of what each neuron looks for. Knows no run and no page."""
from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from dlviz import layers
from dlviz.network import NetworkReport


@dataclass(frozen=True, slots=True)
class FirstLayer:
    """The first layer with weights, and the image `(C, H, W)` that it sees."""

    name: str
    kind: str
    image: tuple[int, ...]


def first_layer(report: NetworkReport) -> FirstLayer | None:
    """The first layer with weights, if its rows can be laid over the image that it sees, directly or laid out flat.

    None for any other design: its first weights make no pictures.
    """
    images = {name: shape.axes for name, shape in report.signature.inputs if shape.kind == "image"}
    for layer in report.layers:
        image = images.get(layer.inputs[0])
        if layer.out_shape is None:
            return None
        if layer.cost.parameters:
            drawn = image is not None and layers.get(layer.kind).templates
            return FirstLayer(layer.name, layer.kind, image) if image and drawn else None
        if layer.out_shape.kind == "image":
            images[layer.name] = layer.out_shape.axes
        elif image and layer.out_shape.numel == prod(image):
            images[layer.name] = image  # flattened, or changed number by number
    return None


def pictures(weight: np.ndarray, layer: FirstLayer) -> np.ndarray:
    """One map for each neuron or kernel, `(N, h, w)`: the mean over the image's channels.

    Args:
        weight: torch's own layout, `(N, C * H * W)` of a Linear, `(N, C / groups, h, w)` of a Conv2d.
    """
    weight = np.asarray(weight)
    if weight.ndim == 2:
        weight = weight.reshape(len(weight), *layer.image)
    return weight.mean(axis=1)
