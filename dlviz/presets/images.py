"""Ready networks for images. Plain data only."""
from __future__ import annotations

from typing import Any

from dlviz.optimizers import SGD, Adam
from dlviz.presets.base import Preset, layers, linear, preset
from dlviz.spec import NetworkSpec


def _conv(name: str, out: int, **fields: Any) -> tuple[Any, ...]:
    return name, "Conv2d", {"out_channels": out, "kernel_size": 3, "padding": 1, **fields}


def _mlp() -> NetworkSpec:
    return layers(("flatten", "Flatten"), linear("hidden1", 128), ("relu1", "ReLU"), linear("hidden2", 64),
                  ("relu2", "ReLU"), linear("output", 10))


def _cnn() -> NetworkSpec:
    return layers(_conv("conv1", 16, padding=0), ("relu1", "ReLU"), ("pool1", "MaxPool2d"),
                  _conv("conv2", 32, padding=0), ("relu2", "ReLU"), ("pool2", "MaxPool2d"),
                  ("flatten", "Flatten"), linear("hidden", 128), ("relu3", "ReLU"), linear("output", 10))


def _lenet() -> NetworkSpec:
    return layers(("conv1", "Conv2d", {"out_channels": 6, "kernel_size": 5, "padding": 2}), ("tanh1", "Tanh"),
                  ("pool1", "AvgPool2d"), ("conv2", "Conv2d", {"out_channels": 16, "kernel_size": 5}),
                  ("tanh2", "Tanh"), ("pool2", "AvgPool2d"), ("flatten", "Flatten"), linear("full1", 120),
                  ("tanh3", "Tanh"), linear("full2", 84), ("tanh4", "Tanh"), linear("output", 10))


def _vgg() -> NetworkSpec:
    rows: list[tuple[Any, ...]] = []
    for block, width in enumerate((16, 32, 64), start=1):
        for half in "ab":
            rows += [_conv(f"conv{block}{half}", width), (f"relu{block}{half}", "ReLU")]
        rows.append((f"pool{block}", "MaxPool2d"))
    return layers(*rows, ("flatten", "Flatten"), linear("hidden", 128), ("relu", "ReLU"),
                  ("dropout", "Dropout", {"p": 0.3}), linear("output", 10))


def _residual(number: int, source: str, width: int, stride: int) -> list[tuple[Any, ...]]:
    """One residual block: two convolutions and a skip, a 1 x 1 convolution where the shape changes."""
    n = number
    layers = [(f"conv{n}a", "Conv2d", {"out_channels": width, "kernel_size": 3, "padding": 1,
                                       "stride": stride, "bias": False}, (source,)),
              (f"norm{n}a", "BatchNorm2d"), (f"relu{n}a", "ReLU"),
              _conv(f"conv{n}b", width, bias=False), (f"norm{n}b", "BatchNorm2d")]
    skip = source
    if stride > 1:
        skip = f"skip{n}"
        layers.append((skip, "Conv2d", {"out_channels": width, "kernel_size": 1, "stride": stride},
                       (source,)))
    return [*layers, (f"add{n}", "Add", {}, (f"norm{n}b", skip)), (f"relu{n}b", "ReLU")]


def _resnet() -> NetworkSpec:
    return layers(_conv("conv0", 16, bias=False), ("norm0", "BatchNorm2d"), ("relu0", "ReLU"),
                  *_residual(1, "relu0", 16, 1), *_residual(2, "relu1b", 32, 2),
                  *_residual(3, "relu2b", 64, 2),
                  ("pool", "AdaptiveAvgPool2d"), ("flatten", "Flatten"), linear("output", 10))


def _deep_sigmoid() -> NetworkSpec:
    rows: list[tuple[Any, ...]] = [("flatten", "Flatten")]
    for n in range(1, 11):
        rows += [linear(f"hidden{n}", 64), (f"sigmoid{n}", "Sigmoid")]
    return layers(*rows, linear("output", 10))


def _image(key: str, title: str, sentence: str, network: NetworkSpec, **training: Any) -> Preset:
    return preset("Images", key, title, sentence, network, **training)


IMAGES: tuple[Preset, ...] = (
    _image("mlp", "Classic MLP",
           "Two layers of neurons between the pixels and the ten answers: the first network of most books. "
           "About 98 % in a few seconds.",
           _mlp(), epochs=5, optimizer=Adam(learning_rate=2e-3)),
    _image("cnn", "Small CNN",
           "Two convolutions that look for strokes, then for parts of digits. About 99 %, and its feature "
           "maps are worth watching.",
           _cnn(), epochs=5),
    _image("lenet", "LeNet-5",
           "The network that read bank cheques in the 1990s: convolutions, averages and tanh.",
           _lenet(), epochs=5, optimizer=Adam(learning_rate=2e-3)),
    _image("vgg", "Small VGG",
           "Pairs of 3 x 3 convolutions, each block half the size and twice as many maps.",
           _vgg(), epochs=3),
    _image("resnet", "Small ResNet",
           "Three residual blocks: the input of each skips ahead and is added to its output, so gradients "
           "find a short way back.",
           _resnet(), epochs=3, optimizer=Adam(learning_rate=2e-3)),
    _image("sigmoid", "Too deep, on purpose",
           "Ten sigmoid layers: the gradient vanishes on its way back and the network learns nothing. Swap "
           "Sigmoid for ReLU and train again.",
           _deep_sigmoid(), epochs=2, optimizer=SGD(learning_rate=0.05), schedule="Constant"),
)
