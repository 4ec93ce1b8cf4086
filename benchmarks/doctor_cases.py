"""Runs that are ill in one known way, and runs that are well, for `benchmarks.doctor`. Plain data.

An ill run carries the illnesses that a teacher would accept as its first diagnosis; the first is the one meant.
"""
from __future__ import annotations

from dataclasses import dataclass

from benchmarks.doctor_designs import (
    FLAT,
    Row,
    cnn,
    conv,
    doubling,
    fields,
    memory,
    mlp,
    ready,
    residual,
    run,
    slower,
    tokens,
    weights,
)
from dlviz.augmentation import Augmentation
from dlviz.optimizers import SGD, Adam, AdamW, RMSprop
from dlviz.presets.base import layers, linear
from dlviz.schedules import CosineAnnealingLR
from dlviz.spec import Experiment, NetworkSpec


@dataclass(frozen=True)
class Case:
    """One run; `problems` is empty where it is well."""

    name: str
    experiment: Experiment
    problems: tuple[str, ...] = ()


def _squeezed() -> list[Case]:
    meant = ("squeezed",)
    return [Case("sigmoid behind an MLP", run(mlp("ReLU", 64, last=(("end", "Sigmoid"),)), Adam(), 200), meant),
            Case("sigmoid behind a CNN", run(cnn(("end", "Sigmoid")), Adam(), 150), meant),
            Case("tanh behind a GRU", run(layers(*_rows(tokens(4, memory("GRU", 16), out=5)), ("end", "Tanh")),
                                          Adam(learning_rate=1e-2), 200, "brackets", batch=128), meant)]


def _rows(network: NetworkSpec) -> list[Row]:
    return [(layer.name, layer.kind, layer.fields) for layer in network.layers]


def _linear() -> list[Case]:
    meant = ("linear",)
    return [Case("three Linear in a row", run(mlp(None, 128, 64), Adam(), 300), meant),
            Case("convolutions without activations", run(cnn(activation=None), Adam(), 200, seed=2), meant),
            Case("mean of symbols, two Linear", run(
                tokens(16, ("flat", "Flatten"), linear("hidden", 32), out=4), Adam(learning_rate=5e-3), 300, "order",
                batch=128), meant),
            Case("Linear and BatchNorm", run(mlp(None, 64, 64, between=(("norm", "BatchNorm1d"),)), SGD(), 300,
                                             seed=3), meant)]


def _bottleneck() -> list[Case]:
    meant = ("bottleneck",)
    narrow = layers(conv("conv1", 8), ("bend1", "ReLU"), conv("conv2", 2), ("bend2", "ReLU"),
                    ("pool", "AdaptiveAvgPool2d"), FLAT, linear("output", 10))
    return [Case("one unit", run(mlp("ReLU", 64, 1), Adam(learning_rate=3e-3), 300), meant),
            Case("two units", run(mlp("Tanh", 2, 32), Adam(learning_rate=5e-3), 400, epochs=4), meant),
            Case("two feature maps, averaged", run(narrow, Adam(learning_rate=5e-3), 250, epochs=2), meant),
            Case("one number a symbol", ready("names", 0.3, 3, network=fields("names", embed={"embedding_dim": 1},
                                                                             memory={"hidden_size": 2})), meant),
            Case("one unit of memory", ready("rows", 0.1, 2, network=fields("rows", memory={"hidden_size": 1})),
                 meant)]


def _symmetry() -> list[Case]:
    meant = ("symmetry",)
    return [Case("MLP, all weights zero", run(mlp("ReLU", 64, 32, init="zeros"), Adam(learning_rate=2e-3), 200), meant),
            Case("CNN, all weights zero", run(cnn(init="zeros"), SGD(), 150), meant),
            Case("tanh, all weights zero", run(mlp("Tanh", 32, 32, init="zeros"), Adam(), 200, seed=4), meant),
            Case("forecast, all weights zero", run(mlp("Sigmoid", 16, 16, out=1, init="zeros"),
                                                   Adam(learning_rate=1e-2), 300, "sine", batch=32), meant)]


def _dropout() -> list[Case]:
    meant = ("dropout",)
    return [Case("MLP, dropout 0.9 twice", run(mlp("ReLU", 128, 64, between=(("drop", "Dropout", {"p": 0.9}),)),
                                               Adam(learning_rate=2e-3), 300), meant),
            Case("CNN, dropout 0.95", run(cnn(drop=0.95), Adam(learning_rate=2e-3), 250), meant),
            Case("names, dropout 0.9", ready("names", 0.4, 3, network=fields("names", dropout={"p": 0.9})), meant),
            Case("tanh, dropout 0.9 once", run(mlp("Tanh", 64, between=(("drop", "Dropout", {"p": 0.9}),)),
                                               Adam(), 300, seed=2), meant)]


def _decay() -> list[Case]:
    meant = ("decay",)
    return [Case("Adam, decay 1", run(mlp("ReLU", 128, 64), Adam(learning_rate=2e-3, weight_decay=1.0), 300), meant),
            Case("SGD, decay 1", run(mlp("ReLU", 64), SGD(weight_decay=1.0), 300, seed=2), meant),
            Case("CNN, AdamW, decay 10", run(cnn(), AdamW(learning_rate=5e-3, weight_decay=10.0), 300), meant),
            Case("GRU, decay 0.5", ready("rows", 0.15, 2, optimizer=Adam(learning_rate=5e-3, weight_decay=0.5)), meant)]


def _positions() -> list[Case]:
    meant = ("positions",)
    bare = tokens(32, ("block1", "TransformerEncoderLayer", {"nhead": 2}), out=10)
    dates = fields("dates_transformer", position_source={"encoding": "none"}, position_target={"encoding": "none"})
    return [Case("reverse, encoding none", ready("reverse_lost", epochs=2), meant),
            Case("reverse, no encoding at all", run(bare, Adam(learning_rate=3e-3), 300, "reverse", batch=128), meant),
            Case("dates, encoding none", ready("dates_transformer", 0.5, 2, network=dates), meant)]


def _rate_high() -> list[Case]:
    meant = ("rate_high",)
    return [Case("MLP, SGD 20", run(mlp("ReLU", 128, 64), SGD(learning_rate=20.0, momentum=0.0), 200), meant),
            Case("MLP, Adam 1", run(mlp("LeakyReLU", 64), Adam(learning_rate=1.0), 200), meant),
            Case("CNN, SGD 3", run(cnn(), SGD(learning_rate=3.0), 150), meant),
            Case("GRU, Adam 0.5", ready("rows", 0.1, 2, optimizer=Adam(learning_rate=0.5)), meant),
            Case("sine, SGD 5", ready("sine", epochs=2, optimizer=SGD(learning_rate=5.0)), meant),
            Case("transformer, Adam 0.3", ready("reverse", epochs=2, optimizer=Adam(learning_rate=0.3)), meant)]


def _rate_low() -> list[Case]:
    meant = ("rate_low",)
    return [Case("MLP, SGD 1e-5", run(mlp("ReLU", 128, 64), SGD(learning_rate=1e-5), 300), meant),
            Case("ResNet, rate / 1000", slower("resnet", 1000, train_fraction=0.1, epochs=1), meant),
            Case("CNN, rate / 1000", run(cnn(), Adam(learning_rate=2e-6), 250), meant),
            Case("transformer, rate / 1000", slower("reverse", 1000, epochs=2), meant),
            Case("adding, rate / 1000", slower("adding_gru", 1000, train_fraction=0.5, epochs=2), meant),
            Case("BatchNorm, SGD 1e-5", run(mlp("ReLU", 64, between=(("norm", "BatchNorm1d"),)),
                                            SGD(learning_rate=1e-5), 300), meant)]


def _units() -> list[Case]:
    return [Case("MLP, dead ReLUs", run(mlp("ReLU", 128, 64), Adam(learning_rate=0.05), 200), ("dead", "rate_high")),
            Case("deep MLP, dead ReLUs", run(mlp("ReLU", 64, 64, 64), Adam(learning_rate=0.04), 250, seed=2),
                 ("dead", "rate_high")),
            Case("tanh, weights of spread 1", run(mlp("Tanh", 128, 64, init="normal", init_std=1.0), Adam(), 200),
                 ("saturated", "bad_start")),
            Case("LeNet, weights of spread 2", ready("lenet", 0.2, 1, network=weights("lenet", init="normal",
                                                                                      init_std=2.0)),
                 ("saturated", "bad_start")),
            Case("sigmoids, weights of spread 3", run(mlp("Sigmoid", 64, 64, init="normal", init_std=3.0),
                                                      Adam(), 250, seed=3), ("saturated", "bad_start")),
            Case("ReLU, weights of spread 1", run(mlp("ReLU", 128, 64, init="normal", init_std=1.0), Adam(), 200),
                 ("bad_start",)),
            Case("CNN, weights of spread 2", run(cnn(init="normal", init_std=2.0), SGD(learning_rate=0.01), 200),
                 ("bad_start",))]


def _gradients() -> list[Case]:
    return [Case("ten sigmoids", ready("sigmoid", 0.15, 1), ("vanishing",)),
            Case("eight sigmoids, Adam", run(mlp("Sigmoid", *[32] * 8), Adam(learning_rate=5e-4), 300), ("vanishing",)),
            Case("deep tanh, tiny weights", run(mlp("Tanh", *[48] * 8, init="normal", init_std=0.01), SGD(), 300),
                 ("vanishing",)),
            Case("twelve doublings", run(doubling(12, "ReLU"), SGD(), 100), ("exploding",)),
            Case("ten doublings, Leaky", run(doubling(10, "LeakyReLU"), SGD(learning_rate=0.02), 120), ("exploding",)),
            Case("clipped to nothing", run(mlp("ReLU", 64), SGD(), 300, clip="norm",
                                           clip_threshold=1e-4), ("clipped",))]


def _fitting() -> list[Case]:
    heart, small, constant = ("overfitting",), ("small", "bottleneck"), ("constant", "vanishing")
    return [Case("600 digits by heart", run(mlp("ReLU", 128, 64), Adam(learning_rate=2e-3), 360, epochs=36), heart),
            Case("300 digits by heart, CNN", run(cnn(), Adam(learning_rate=3e-3), 250, epochs=50), heart),
            Case("speech by heart", ready("speech_gru", 0.05, 80), heart),
            Case("names by heart", ready("names", 0.05, 100, network=fields("names", dropout={"p": 0.0})), heart),
            Case("four units", run(mlp("Tanh", 4), Adam(learning_rate=1e-2), 900, epochs=3, seed=2), small),
            Case("three units of memory", ready("rows", 0.4, 5, network=fields("rows", memory={"hidden_size": 3})),
                 small),
            Case("order, plain RNN", ready("order_rnn", 1.0, 3), constant),
            Case("adding, plain RNN", ready("adding_rnn", 0.5, 3), constant)]


def ill() -> list[Case]:
    """Runs that were made to be ill in one way."""
    parts = (_squeezed, _linear, _bottleneck, _symmetry, _dropout, _decay, _positions, _rate_high, _rate_low, _units,
             _gradients, _fitting)
    return [case for part in parts for case in part()]


def _ready_well() -> list[Case]:
    short = {"mlp": (0.4, 1), "cnn": (0.25, 1), "lenet": (0.4, 1), "vgg": (0.15, 1), "resnet": (0.15, 1),
             "reverse": (1.0, None), "facts": (1.0, 3), "sort": (1.0, None), "brackets_rnn": (1.0, 2),
             "brackets_gru": (1.0, 2), "brackets_lstm": (1.0, 2), "order_gru": (1.0, None), "order_lstm": (1.0, None),
             "adding_gru": (1.0, 5), "rows": (0.5, 2), "keep": (1.0, None), "names": (1.0, 4),
             "names_transformer": (1.0, 4), "sine": (1.0, 4), "airline": (1.0, None), "airline_linear": (1.0, None),
             "speech_gru": (1.0, 8), "speech_conv": (1.0, None)}
    return [Case(key, ready(key, train_fraction, epochs)) for key, (train_fraction, epochs) in short.items()]


def _designs_well() -> list[Case]:
    dropped = mlp("ReLU", 128, 64, between=(("drop", "Dropout", {"p": 0.3}),))
    wave = mlp("Tanh", 32, out=1)
    causal = fields("names_transformer", position={"encoding": "none"})
    one_dimension = layers(("conv1", "Conv1d", {"out_channels": 24, "kernel_size": 5}), ("bend", "ReLU"),
                           ("pool", "TimePool", {"mode": "max"}), linear("output", 10))
    zero_end = layers(FLAT, linear("hidden", 64), ("bend", "ReLU"), ("output", "Linear", {"out_features": 10,
                                                                                       "init": "zeros"}))
    return [Case("softmax regression", run(mlp(None), Adam(learning_rate=2e-3), 400)),
            Case("tanh MLP", run(mlp("Tanh", 64, 64), Adam(learning_rate=2e-3), 400)),
            Case("dropout 0.3 twice", run(dropped, Adam(learning_rate=2e-3), 400)),
            Case("wide, dropout 0.5", run(mlp("ReLU", 256, between=(("drop", "Dropout"),)), Adam(), 400)),
            Case("AdamW, decay 0.05", run(mlp("ReLU", 64), AdamW(learning_rate=2e-3, weight_decay=0.05), 400)),
            Case("SGD, decay 5e-4", run(mlp("ReLU", 64), SGD(weight_decay=5e-4), 400)),
            Case("last layer starts at zero", run(zero_end, Adam(learning_rate=2e-3), 400)),
            Case("LeakyReLU, RMSprop", run(mlp("LeakyReLU", 64, 32), RMSprop(), 400)),
            Case("BatchNorm", run(mlp("ReLU", 64, 32, between=(("norm", "BatchNorm1d"),)), SGD(), 300)),
            Case("eight residual blocks", run(residual(8), Adam(), 400)),
            Case("label smoothing 0.1", run(mlp("ReLU", 64), Adam(learning_rate=2e-3), 400, label_smoothing=0.1)),
            Case("clipped at 1", run(mlp("ReLU", 64), SGD(), 400, clip="norm")),
            Case("sixteen units", run(mlp("ReLU", 16), Adam(learning_rate=5e-3), 500, epochs=2)),
            Case("Conv1d over rows", run(one_dimension, Adam(learning_rate=5e-3), 300, "rows")),
            Case("sine, MLP", run(wave, Adam(learning_rate=5e-3), 300, "sine", epochs=3, batch=32)),
            Case("small CNN, warm-up", run(cnn(), Adam(learning_rate=3e-3), 300,
                                           schedule=CosineAnnealingLR(warmup_ratio=0.1))),
            Case("batches of 8", run(mlp("GELU", 48), Adam(), 1_000, batch=8)),
            Case("tanh, orthogonal, deep", run(mlp("Tanh", *[48] * 5, init="orthogonal"), Adam(), 400)),
            Case("forty steps", run(mlp("ReLU", 64), Adam(learning_rate=5e-3), 40)),
            Case("early stopping", run(mlp("ReLU", 32), Adam(learning_rate=3e-3), 400, epochs=4, early_stopping=2)),
            Case("causal, no positions", ready("names_transformer", 1.0, 4, network=causal)),
            Case("augmented", run(cnn(), Adam(learning_rate=3e-3), 300,
                                  augmentation=Augmentation(shift=2.0, rotate=10.0)))]


def well() -> list[Case]:
    """Runs that are as they should be: of presets, and of designs that are none."""
    return [*_ready_well(), *_designs_well()]


def fresh() -> list[Case]:
    """Runs written down after the doctor's thresholds were set, and changed by nobody since."""
    drop = (("drop", "Dropout", {"p": 0.85}),)
    order = tokens(12, memory("GRU", 1, output="last step"), out=4)
    bars = layers(linear("first", 24), ("bend1", "ReLU"), linear("narrow", 1), ("bend2", "ReLU"), FLAT,
                  linear("output", 10))
    return [
        Case("Conv2d and AvgPool only", run(layers(conv("conv1", 8), ("pool", "AvgPool2d"), conv("conv2", 16), FLAT,
                                                   linear("output", 10)), Adam(learning_rate=2e-3), 200, seed=7),
             ("linear",)),
        Case("ELU, dropout 0.85 twice", run(mlp("ELU", 96, 48, between=drop), Adam(), 300, seed=7), ("dropout",)),
        Case("one number a row", run(bars, Adam(learning_rate=3e-3), 250, "rows", seed=7), ("bottleneck",)),
        Case("order, one unit of memory", run(order, Adam(learning_rate=1e-2), 700, "order", epochs=5, batch=128),
             ("bottleneck", "constant")),
        Case("GELU, all weights zero", run(mlp("GELU", 48, 48, init="zeros"), SGD(), 200, seed=7), ("symmetry",)),
        Case("RMSprop, decay 2", run(mlp("ReLU", 64), RMSprop(weight_decay=2.0), 300, seed=7), ("decay",)),
        Case("sine, rate / 10,000", slower("sine", 10_000, epochs=3), ("rate_low",)),
        Case("brackets, Adam 2", ready("brackets_gru", epochs=1, optimizer=Adam(learning_rate=2.0)), ("rate_high",)),
        Case("keep, SGD 1e-5", ready("keep", 0.3, 2, optimizer=SGD(learning_rate=1e-5)), ("rate_low",)),
        Case("twelve tanh, spread 0.005", run(mlp("Tanh", *[40] * 12, init="normal", init_std=0.005), Adam(), 250,
                                              seed=7), ("vanishing",)),
        Case("tanh, spread 1.5, wide", run(mlp("Tanh", 200, init="normal", init_std=1.5), SGD(learning_rate=0.01), 250,
                                           seed=7), ("saturated", "bad_start")),
        Case("400 digits by heart, GELU", run(mlp("GELU", 200), Adam(learning_rate=2e-3), 350, epochs=50, seed=7),
             ("overfitting",)),
        Case("sigmoid behind a GELU MLP", run(mlp("GELU", 40, last=(("end", "Sigmoid"),)), Adam(), 200, seed=7),
             ("squeezed",)),
        Case("reverse, two blocks, no positions", run(
            tokens(24, *((f"block{n}", "TransformerEncoderLayer", {"nhead": 2}) for n in (1, 2)), out=10),
            Adam(learning_rate=3e-3), 300, "reverse", epochs=2, batch=128, seed=7), ("positions",)),
        Case("well: ELU and AdamW", run(mlp("ELU", 64, 32), AdamW(learning_rate=2e-3), 400, seed=7)),
        Case("well: SGD without momentum", run(mlp("ReLU", 64), SGD(learning_rate=0.1, momentum=0.0), 500, seed=7)),
        Case("well: SiLU CNN", run(cnn(activation="SiLU"), Adam(learning_rate=3e-3), 300, seed=7)),
        Case("well: brackets, seed 9", ready("brackets_lstm", epochs=2).model_copy(update={"seed": 9})),
        Case("well: sine, GRU", run(layers(memory("GRU", 12, output="last step"), linear("output", 1)),
                                    Adam(learning_rate=5e-3), 360, "sine", epochs=4, batch=32, seed=7)),
        Case("well: kaiming weights", run(mlp("ReLU", 64, 32, init="kaiming_normal"), Adam(), 400, seed=7)),
        Case("well: four residual blocks, SGD", run(residual(4), SGD(learning_rate=0.02), 400, seed=7)),
        Case("well: dropout 0.2, CNN", run(cnn(drop=0.2), Adam(learning_rate=3e-3), 350, seed=7)),
        Case("well: facts, seed 9", ready("facts", epochs=3).model_copy(update={"seed": 9})),
        Case("well: LeNet, xavier", ready("lenet", 0.4, 1, network=weights("lenet", init="xavier_uniform"))),
        Case("well: keep, seed 9", ready("keep").model_copy(update={"seed": 9})),
        Case("well: reverse, seed 9", ready("reverse").model_copy(update={"seed": 9}))]
