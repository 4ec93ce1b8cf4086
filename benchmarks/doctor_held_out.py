"""Forty ill and forty healthy runs that were written down before the doctor had seen any, and changed by nobody since.

Tasks, layers, optimizers and seeds that `doctor_cases` has seldom or never. Plain data.
"""
from __future__ import annotations

from benchmarks.doctor_cases import Case
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
    run,
    slower,
    tokens,
    weights,
)
from dlviz import presets
from dlviz.optimizers import SGD, Adagrad, Adam, AdamW, Optimizer, RMSprop
from dlviz.presets.base import layers, linear
from dlviz.schedules import CosineAnnealingLR
from dlviz.spec import Experiment, LayerSpec, NetworkSpec

SEED = 23  # of runs that are no preset's


def _behind(key: str, kind: str) -> NetworkSpec:
    """A preset's network with one more layer at its end."""
    end = LayerSpec(name="end", kind=kind, fields={})
    return NetworkSpec(layers=(*presets.get(key).experiment.network.layers, end))


def _sound(activation: str | None, **init: float | str) -> NetworkSpec:
    """Two convolutions along time, for `speech` and `rows`."""
    bend: list[list[Row]] = [[(f"bend{n}", activation)] if activation else [] for n in (1, 2)]
    return layers(("conv1", "Conv1d", {"out_channels": 24, "kernel_size": 5, **init}), *bend[0],
                  ("conv2", "Conv1d", {"out_channels": 24, "kernel_size": 5, **init}), *bend[1],
                  ("mean", "TimePool", {"mode": "mean"}), linear("output", 10))


def _again(key: str, train_fraction: float = 1.0, epochs: int | None = None, **changes: object) -> Experiment:
    """A preset with another seed."""
    return ready(key, train_fraction, epochs, **changes).model_copy(update={"seed": SEED})


def _built() -> list[Case]:
    pool = (("mean", "TimePool", {"mode": "mean"}),)
    waves = mlp(None, 16, out=1)
    door = layers(("conv1", "Conv1d", {"out_channels": 16, "kernel_size": 3}), ("bend1", "ReLU"),
                  ("door", "Conv1d", {"out_channels": 1, "kernel_size": 1}), ("bend2", "ReLU"),
                  ("conv2", "Conv1d", {"out_channels": 16, "kernel_size": 3}), ("bend3", "ReLU"), *pool,
                  linear("output", 10))
    heads = tokens(32, ("look", "MultiheadAttention", {"num_heads": 2}, ("embed", "embed")), ("norm", "LayerNorm"),
                   linear("wide", 64), ("bend", "GELU"), out=10)
    return [
        Case("speech, Sigmoid at the end", _again("speech_conv", epochs=4, network=_behind("speech_conv", "Sigmoid")),
             ("squeezed",)),
        Case("keep, Tanh at the end", _again("keep", 0.4, 2, network=_behind("keep", "Tanh")), ("squeezed",)),
        Case("LeNet, Sigmoid at the end", _again("lenet", 0.2, 1, network=_behind("lenet", "Sigmoid")), ("squeezed",)),
        Case("speech, no activation", run(_sound(None), Adam(learning_rate=3e-3), 120, "speech", 4, seed=SEED),
             ("linear",)),
        Case("rows, three Linear", run(mlp(None, 48, 32), AdamW(learning_rate=2e-3), 250, "rows", seed=SEED),
             ("linear",)),
        Case("sine, two Linear", run(waves, Adam(learning_rate=5e-3), 250, "sine", 3, 32, seed=SEED), ("linear",)),
        Case("speech, one unit of memory", _again("speech_gru", epochs=6, network=fields(
            "speech_gru", memory={"hidden_size": 1})), ("bottleneck", "small")),
        Case("rows, one map in the middle", run(door, Adam(learning_rate=3e-3), 300, "rows", seed=SEED),
             ("bottleneck",)),
        Case("names, one unit of memory", _again("names", epochs=4, network=fields("names", memory={"hidden_size": 1})),
             ("bottleneck", "small")),
        Case("LeNet, all weights zero", _again("lenet", 0.2, 1, network=weights("lenet", init="zeros")),
             ("symmetry",)),
        Case("speech, all weights zero", run(_sound("ReLU", init="zeros"), Adam(learning_rate=3e-3), 120, "speech", 4,
                                             seed=SEED), ("symmetry",)),
        Case("rows, SiLU, all weights zero", run(mlp("SiLU", 48, 24, init="zeros"), Adagrad(), 250, "rows",
                                                 seed=SEED), ("symmetry",)),
        Case("sort, encoding none", _again("sort", epochs=30, network=fields("sort", position={"encoding": "none"})),
             ("positions",)),
        Case("reverse, attention without positions", run(heads, Adam(learning_rate=3e-3), 300, "reverse", 2, 128,
                                                         seed=SEED), ("positions",))]


def _set() -> list[Case]:
    blocks = {f"block{n}": {"dropout": 0.9} for n in (1, 2)}
    drop = (("drop", "Dropout", {"p": 0.92}),)
    return [
        Case("names transformer, dropout 0.9", _again("names_transformer", epochs=4, network=fields(
            "names_transformer", **blocks)), ("dropout",)),
        Case("VGG, dropout 0.95", _again("vgg", 0.08, 1, network=fields("vgg", dropout={"p": 0.95})), ("dropout",)),
        Case("SiLU, dropout 0.92, RMSprop", run(mlp("SiLU", 64, between=drop), RMSprop(), 300, seed=SEED),
             ("dropout",)),
        Case("order, decay 1", _again("order_lstm", 0.6, 3, optimizer=Adam(learning_rate=0.01, weight_decay=1.0)),
             ("decay",)),
        Case("speech, AdamW, decay 10", _again("speech_conv", epochs=5, optimizer=AdamW(
            learning_rate=5e-3, weight_decay=10.0)), ("decay",)),
        Case("reverse, AdamW, decay 10", _again("reverse", epochs=2, optimizer=AdamW(
            learning_rate=5e-3, weight_decay=10.0)), ("decay",)),
        Case("rows, clipped to nothing", run(layers(memory("GRU", 32, output="last step"), linear("output", 10)),
                                             SGD(), 250, "rows", seed=SEED, clip="norm", clip_threshold=1e-4),
             ("clipped",)),
        Case("ResNet, SGD 30", _again("resnet", 0.03, 1, optimizer=SGD(learning_rate=30.0)), ("rate_high",)),
        Case("speech, Adam 0.5", _again("speech_conv", epochs=4, optimizer=Adam(learning_rate=0.5)),
             ("rate_high", "dead")),
        Case("names, Adam 1", _again("names", epochs=4, optimizer=Adam(learning_rate=1.0)), ("rate_high",)),
        Case("dates, Adam 0.5", _again("dates", 0.5, 2, optimizer=Adam(learning_rate=0.5)), ("rate_high",)),
        Case("VGG, rate / 1000", slower("vgg", 1_000, train_fraction=0.1, epochs=1), ("rate_low",)),
        Case("speech, rate / 1000", slower("speech_conv", 1_000), ("rate_low",)),
        Case("names transformer, rate / 1000", slower("names_transformer", 1_000, epochs=4), ("rate_low",)),
        Case("facts, SGD 1e-5", _again("facts", epochs=2, optimizer=SGD(learning_rate=1e-5)), ("rate_low",)),
        Case("CNN, Adam 0.1", run(cnn(), Adam(learning_rate=0.1), 200, seed=SEED), ("dead", "rate_high"))]


def _inside() -> list[Case]:
    sigmoids = layers(*(row for n in range(5) for row in (
        (f"conv{n}", "Conv2d", {"out_channels": 8, "kernel_size": 3, "padding": 1, "stride": 2 if n < 3 else 1}),
        (f"bend{n}", "Sigmoid"))), FLAT, linear("hidden1", 32), ("last1", "Sigmoid"), linear("hidden2", 32),
        ("last2", "Sigmoid"), linear("output", 10))
    few = fields("speech_gru", memory={"hidden_size": 3})
    return [
        Case("rows, tanh, spread 2", run(mlp("Tanh", 64, 32, init="normal", init_std=2.0), Adam(), 200, "rows",
                                         seed=SEED), ("saturated", "bad_start")),
        Case("sigmoid CNN, spread 3", run(cnn(activation="Sigmoid", init="normal", init_std=3.0), Adam(), 200,
                                          seed=SEED), ("saturated", "bad_start")),
        Case("Softplus, spread 1", run(mlp("Softplus", 96, 48, init="normal", init_std=1.0), Adam(), 200, seed=SEED),
             ("bad_start",)),
        Case("GELU convolutions over sound, spread 2", run(_sound("GELU", init="normal", init_std=2.0),
                                                          Adam(learning_rate=1e-3), 120, "speech", 4, seed=SEED),
             ("bad_start",)),
        Case("twelve sigmoids, RMSprop", run(mlp("Sigmoid", *[32] * 12), RMSprop(learning_rate=5e-4), 300, seed=SEED),
             ("vanishing",)),
        Case("deep sigmoid CNN", run(sigmoids, SGD(), 200, seed=SEED), ("vanishing",)),
        Case("fourteen doublings, SiLU", run(doubling(14, "SiLU"), SGD(learning_rate=0.02), 120, seed=SEED),
             ("exploding",)),
        Case("a hundred words by heart", _again("speech_conv", 0.05, 120), ("overfitting",)),
        Case("two hundred digits by heart, row by row", run(
            layers(memory("GRU", 48, output="last step"), linear("output", 10)), Adam(learning_rate=5e-3), 300, "rows",
            75, 50, seed=SEED), ("overfitting",)),
        Case("speech, three units of memory", _again("speech_gru", epochs=12, network=few), ("small", "bottleneck"))]


def ill() -> list[Case]:
    """Forty runs that were made to be ill in one way."""
    return [case for part in (_built, _set, _inside) for case in part()]


def _ready() -> list[Case]:
    short: dict[str, tuple[float, int | None]] = {
        "mlp": (0.3, 1), "cnn": (0.15, 1), "lenet": (0.3, 1), "vgg": (0.12, 1), "resnet": (0.12, 1),
        "sort": (1.0, None), "addition": (1.0, 6), "brackets_rnn": (1.0, 3), "brackets_gru": (1.0, 3),
        "order_gru": (1.0, None), "adding_lstm": (1.0, 5), "rows": (0.3, 2), "dates": (1.0, 3),
        "dates_transformer": (0.7, 3), "names": (1.0, 6), "names_transformer": (1.0, 6), "sine": (1.0, 6),
        "airline": (1.0, None), "speech_gru": (1.0, 10), "speech_conv": (1.0, None)}
    return [Case(f"{key}, seed {SEED}", _again(key, train_fraction, epochs))
            for key, (train_fraction, epochs) in short.items()]


def _images() -> list[Case]:
    groups = layers(conv("conv1", 16), ("norm1", "GroupNorm", {"num_groups": 4}), ("bend1", "ReLU"), conv("conv2", 16),
                    ("bend2", "ReLU"), ("pool", "AdaptiveAvgPool2d", {"output_size": 2}), FLAT, linear("output", 10))
    up = layers(conv("down", 8), ("bend1", "ReLU"), ("up", "ConvTranspose2d", {"out_channels": 8, "kernel_size": 3}),
                ("bend2", "ReLU"), ("pool", "MaxPool2d"), FLAT, linear("output", 10))
    branches = layers(FLAT, linear("left", 32), ("bend1", "ReLU"), ("right", "Linear", {"out_features": 32}, ("flat",)),
                      ("bend2", "Tanh"), ("both", "Concat", {}, ("bend1", "bend2")), linear("output", 10))
    rate = CosineAnnealingLR(warmup_ratio=0.1)
    wishes: list[tuple[str, NetworkSpec, Optimizer, dict]] = [
        ("GroupNorm", groups, Adam(learning_rate=3e-3), {}),
        ("down and up again", up, Adam(learning_rate=2e-3), {}),
        ("two branches", branches, Adam(learning_rate=2e-3), {}),
        ("Adagrad", mlp("ReLU", 64), Adagrad(), {}),
        ("RMSprop, ELU", mlp("ELU", 64, 32), RMSprop(), {}),
        ("AdamW, warm-up, GELU", mlp("GELU", 96, 48), AdamW(learning_rate=3e-3), {"schedule": rate}),
        ("Softplus", mlp("Softplus", 64), Adam(learning_rate=2e-3), {}),
        ("a single hidden layer of 12", mlp("Tanh", 12), Adam(learning_rate=5e-3), {}),
        ("Dropout2d 0.3", cnn(drop=0.3), Adam(learning_rate=3e-3), {}),
        ("clipped by value", mlp("ReLU", 64), SGD(), {"clip": "value"})]
    return [Case(name, run(network, optimizer, 400, seed=SEED, **settings))
            for name, network, optimizer, settings in wishes]


def _sequences() -> list[Case]:
    last = linear("output", 10)
    stack = layers(("first", "GRU", {"hidden_size": 24}), memory("GRU", 24, output="last step"), last)
    both = layers(memory("LSTM", 24, bidirectional=True), ("mean", "TimePool", {"mode": "mean"}), last)
    mixed = layers(("conv", "Conv1d", {"out_channels": 24, "kernel_size": 3}), ("bend", "ReLU"),
                   memory("GRU", 24, output="last step"), last)
    blocks = tokens(32, ("position", "PositionalEncoding"), ("block1", "TransformerEncoderLayer", {"nhead": 2}),
                    ("block2", "TransformerEncoderLayer", {"nhead": 2, "norm_first": True}), out=10)
    adam = Adam(learning_rate=3e-3)
    return [Case("rows, two GRUs", run(stack, adam, 300, "rows", seed=SEED)),
            Case("rows, LSTM both ways", run(both, adam, 300, "rows", seed=SEED)),
            Case("rows, Conv1d and GRU", run(mixed, adam, 300, "rows", seed=SEED)),
            Case("speech, GELU convolutions", run(_sound("GELU"), adam, 200, "speech", 6, seed=SEED)),
            Case("speech, AdamW", _again("speech_conv", optimizer=AdamW(learning_rate=2e-3, weight_decay=0.01))),
            Case("reverse, two blocks", run(blocks, adam, 450, "reverse", 3, 128, seed=SEED)),
            Case("order, LSTM, RMSprop", _again("order_lstm", optimizer=RMSprop(learning_rate=5e-3))),
            Case("sine, MLP of two layers", run(mlp("ReLU", 32, 16, out=1), adam, 400, "sine", 4, 32, seed=SEED)),
            Case("airline, GELU MLP", run(mlp("GELU", 8, out=1), adam, 400, "airline", 80, 16, seed=SEED)),
            Case("facts, larger batches", _again("facts", epochs=6, batch_size=256))]


def well() -> list[Case]:
    """Forty runs that are as they should be."""
    return [*_ready(), *_images(), *_sequences()]
