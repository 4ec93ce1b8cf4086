"""Networks that several tests look at."""
from __future__ import annotations

from dlviz.spec import LayerSpec, NetworkSpec, Scalar

CONV: dict[str, Scalar] = {"out_channels": 16, "padding": 1}


def resnet(blocks: int) -> NetworkSpec:
    """Two layers, `blocks` residual blocks of seven, two layers."""
    layers, last = [LayerSpec(name="stem", kind="Conv2d", fields=CONV), LayerSpec(name="relu", kind="ReLU")], "relu"
    for at in range(blocks):
        layers += [LayerSpec(name=f"{kind.lower()}{at}{part}", kind=kind, fields=CONV if kind == "Conv2d" else {})
                   for part, kind in (("a", "Conv2d"), ("a", "BatchNorm2d"), ("a", "ReLU"), ("b", "Conv2d"),
                                      ("b", "BatchNorm2d"))]
        layers += [LayerSpec(name=f"add{at}", kind="Add", inputs=(f"batchnorm2d{at}b", last)),
                   LayerSpec(name=f"relu{at}b", kind="ReLU")]
        last = f"relu{at}b"
    return NetworkSpec(layers=(*layers, LayerSpec(name="pool", kind="AdaptiveAvgPool2d"),
                               LayerSpec(name="flatten", kind="Flatten"),
                               LayerSpec(name="out", kind="Linear", fields={"out_features": 10})))
