"""Branches of unequal shape before Add and Concat: the button makes them equal and keeps every layer of the user's."""
from __future__ import annotations

import pytest

from dlviz import network as net
from dlviz.network import repairs
from dlviz.presets.base import layers
from dlviz.shapes import Shape, Signature

IMAGE = Signature((("image", Shape("image", (1, 28, 28))),), Shape("vector", (10,)), "cross_entropy", "10 classes")
TOKENS = Signature((("text", Shape("tokens", (12,), 20)),), Shape("vector", (5,)), "cross_entropy", "5 classes")


def conv(name, channels, inputs=None, **fields):
    return (name, "Conv2d", {"out_channels": channels, "kernel_size": 3, **fields}, *([inputs] if inputs else []))


def ending(classes=10):
    return ("flat", "Flatten"), ("out", "Linear", {"out_features": classes})


DESIGNS = {
    "padding of one layer": (IMAGE, "Set padding of b to 1", layers(
        conv("a", 8, padding=1), conv("b", 8), ("join", "Add", {}, ("a", "b")), *ending())),
    "padding of two layers": (IMAGE, "Set padding of b and c so that sizes stay", layers(
        conv("a", 8, padding=1), conv("b", 8), ("r", "ReLU"), conv("c", 8), ("join", "Add", {}, ("a", "c")),
        *ending())),
    "padding with dilation": (IMAGE, "Set padding of b to 2", layers(
        conv("a", 8, padding=1), conv("b", 8, dilation=2), ("join", "Add", {}, ("a", "b")), *ending())),
    "a wider branch": (IMAGE, "Bring b to 8 x 28 x 28 with a Conv2d", layers(
        conv("a", 8, padding=1), conv("b", 16, padding=1), ("join", "Add", {}, ("a", "b")), *ending())),
    "a residual block that halves": (IMAGE, "Bring a to 16 x 14 x 14 with a Conv2d", layers(
        conv("a", 8, padding=1), conv("b", 16, stride=2, padding=1), conv("c", 16, padding=1),
        ("join", "Add", {}, ("a", "c")), *ending())),
    "a branch that no 1 x 1 convolution meets": (IMAGE, "Bring a to 16 x 13 x 13 with a Conv2d", layers(
        conv("a", 8, padding=1), ("r", "ReLU"), conv("b", 16, ("r",), stride=2), ("join", "Add", {}, ("b", "a")),
        *ending())),
    "a sequence that no kernel of one meets": (TOKENS, "Bring e to 5 x 16 with a Conv1d", layers(
        ("e", "Embedding", {"embedding_dim": 16}),
        ("c", "Conv1d", {"out_channels": 16, "kernel_size": 4, "padding": 0, "stride": 2}),
        ("join", "Add", {}, ("c", "e")), ("p", "TimePool"), ("out", "Linear", {"out_features": 5}))),
    "two strides": (IMAGE, "Set stride of b to 1", layers(
        conv("a", 8, padding=1), conv("b", 8, stride=2, padding=1), ("join", "Add", {}, ("a", "b")), *ending())),
    "side by side, padding": (IMAGE, "Set padding of b to 1", layers(
        conv("a", 8, padding=1), conv("b", 8), ("join", "Concat", {}, ("a", "b")), *ending())),
    "side by side, strides": (IMAGE, "Set stride of b to 1", layers(
        conv("a", 8, padding=1), conv("b", 8, ("a",), stride=2, padding=1), conv("c", 8, ("a",), padding=1),
        ("join", "Concat", {}, ("b", "c")), *ending())),
    "three branches": (IMAGE, "Bring b to 8 x 28 x 28 with a Conv2d and c to 8 x 28 x 28 with a Conv2d", layers(
        conv("a", 8, padding=1), conv("b", 16, padding=1), conv("c", 4, padding=1),
        ("join", "Add", {}, ("a", "b", "c")), *ending())),
    "vectors": (IMAGE, "Bring b to 32 with a Linear", layers(
        ("f", "Flatten"), ("a", "Linear", {"out_features": 32}), ("b", "Linear", {"out_features": 20}),
        ("join", "Add", {}, ("a", "b")), ("out", "Linear", {"out_features": 10}))),
    "an image beside a vector": (IMAGE, "Insert Flatten", layers(
        conv("a", 4, padding=1), ("f", "Flatten"), ("v", "Linear", {"out_features": 20}),
        ("join", "Concat", {}, ("a", "v")), ("out", "Linear", {"out_features": 10}))),
    "an image added to a vector": (IMAGE, "Insert Flatten and Linear", layers(
        conv("a", 4, padding=1), ("f", "Flatten"), ("v", "Linear", {"out_features": 20}),
        ("join", "Add", {}, ("a", "v")), ("out", "Linear", {"out_features": 10}))),
    "sequences of two widths": (TOKENS, "Bring g to 12 x 16 with a Linear", layers(
        ("e", "Embedding", {"embedding_dim": 16}), ("g", "GRU", {"hidden_size": 24, "output": "every step"}),
        ("join", "Add", {}, ("e", "g")), ("p", "TimePool"), ("out", "Linear", {"out_features": 5}))),
    "sequences of two lengths": (TOKENS, "Set padding of c to 1", layers(
        ("e", "Embedding", {"embedding_dim": 16}),
        ("c", "Conv1d", {"out_channels": 16, "kernel_size": 3, "padding": 0}),
        ("join", "Add", {}, ("e", "c")), ("p", "TimePool"), ("out", "Linear", {"out_features": 5}))),
    "a sequence that is halved": (TOKENS, "Bring e to 6 x 32 with a Conv1d", layers(
        ("e", "Embedding", {"embedding_dim": 16}), ("c", "Conv1d", {"out_channels": 32, "kernel_size": 3, "stride": 2}),
        ("join", "Add", {}, ("e", "c")), ("p", "TimePool"), ("out", "Linear", {"out_features": 5}))),
}


@pytest.mark.parametrize("case", DESIGNS)
def test_the_button_makes_branches_equal_and_removes_nothing(case):
    signature, label, design = DESIGNS[case]
    report = net.check(design, signature)
    assert report.layer("join").error is not None
    offer = repairs.repair(design, report, "join")
    assert offer.label == label
    assert net.check(offer.network, signature).ok
    assert set(design.names()) <= set(offer.network.names())
