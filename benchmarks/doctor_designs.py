"""The short words in which the runs of `benchmarks.doctor` are written. Knows no illness."""
from __future__ import annotations

from typing import Any

from dlviz import presets, tasks
from dlviz.optimizers import Optimizer
from dlviz.presets.base import layers, linear
from dlviz.spec import Experiment, NetworkSpec, TaskSpec, TrainingSpec

Row = tuple[Any, ...]
FLAT: Row = ("flat", "Flatten")


def run(network: NetworkSpec, optimizer: Optimizer, steps: int, task: str = "mnist", epochs: int = 1, batch: int = 64,
        fields: dict[str, Any] | None = None, seed: int = 1, **training: Any) -> Experiment:
    """An experiment of about so many steps: as large a share of the data as `epochs` of them need."""
    size = tasks.get(task, fields).data().train.targets.shape[0]
    train_fraction = min(1.0, steps * batch / epochs / size)
    spec = TrainingSpec(optimizer=optimizer, batch_size=batch, epochs=epochs, train_fraction=train_fraction, **training)
    return Experiment(network=network, task=TaskSpec(name=task, fields=fields or {}), training=spec, seed=seed)


def ready(key: str, train_fraction: float = 1.0, epochs: int | None = None, optimizer: Optimizer | None = None,
          network: NetworkSpec | None = None, **training: Any) -> Experiment:
    """A preset, shortened or changed."""
    experiment = presets.get(key).experiment
    changes = {"train_fraction": train_fraction, **training}
    changes |= {"epochs": epochs} if epochs else {}
    changes |= {"optimizer": optimizer} if optimizer else {}
    changed = experiment.training.model_copy(update=changes)
    return experiment.model_copy(update={"training": changed, "network": network or experiment.network})


def slower(key: str, times: float, **changes: Any) -> Experiment:
    """A preset with its learning rate divided."""
    optimizer = presets.get(key).experiment.training.optimizer
    rate = optimizer.learning_rate / times
    return ready(key, optimizer=optimizer.model_copy(update={"learning_rate": rate}), **changes)


def fields(key: str, **changes: Any) -> NetworkSpec:
    """A preset's network with some of its layers' fields changed, wherever a layer has been given fields."""
    network = presets.get(key).experiment.network
    return NetworkSpec(layers=tuple(
        layer.model_copy(update={"fields": layer.fields | changes[layer.name]}) if layer.name in changes else layer
        for layer in network.layers))


def weights(key: str, **init: Any) -> NetworkSpec:
    """A preset's network, the first weights of every layer that has some drawn in another way."""
    network = presets.get(key).experiment.network
    return NetworkSpec(layers=tuple(layer.model_copy(update={"fields": layer.fields | init}) if layer.fields else layer
                                    for layer in network.layers))


def mlp(activation: str | None, *widths: int, out: int = 10, first: tuple[Row, ...] = (FLAT,),
        between: tuple[Row, ...] = (), last: tuple[Row, ...] = (), fields: dict[str, Any] | None = None,
        **init: Any) -> NetworkSpec:
    """Layers of neurons, each with an activation and what `between` says behind it."""
    rows = list(first)
    for n, width in enumerate(widths, start=1):
        rows.append((f"hidden{n}", "Linear", {"out_features": width, **init}))
        rows += [(f"bend{n}", activation, fields or {})] if activation else []
        rows += [(f"{name}{n}", kind, *rest) for name, kind, *rest in between]
    return layers(*rows, ("output", "Linear", {"out_features": out, **init}), *last)


def conv(name: str, out: int, **fields: Any) -> Row:
    return name, "Conv2d", {"out_channels": out, "kernel_size": 3, "stride": 2, **fields}


def cnn(*last: Row, activation: str | None = "ReLU", drop: float = 0.0, **init: Any) -> NetworkSpec:
    """Two strided convolutions and a Linear: 25,000 multiplications a picture."""
    bend = [[(f"bend{n}", activation)] if activation else [] for n in (1, 2)]
    dropped = [("drop", "Dropout2d", {"p": drop})] if drop else []
    return layers(conv("conv1", 8, **init), *bend[0], conv("conv2", 16, **init), *bend[1], *dropped, FLAT,
                  ("output", "Linear", {"out_features": 10, **init}), *last)


def tokens(width: int, *rows: Row, out: int, **embed: Any) -> NetworkSpec:
    return layers(("embed", "Embedding", {"embedding_dim": width, **embed}), *rows, linear("output", out))


def memory(kind: str, units: int, **fields: Any) -> Row:
    return "memory", kind, {"hidden_size": units, **fields}


def doubling(times: int, activation: str) -> NetworkSpec:
    """Each Add doubles what comes in, and the gradient that comes back."""
    rows: list[Row] = [FLAT, ("add0", "Linear", {"out_features": 32})]
    for n in range(times):
        rows += [(f"bend{n}", activation), (f"add{n + 1}", "Add", {}, (f"bend{n}", f"bend{n}"))]
    return layers(*rows, linear("out", 10))


def residual(blocks: int) -> NetworkSpec:
    """A stack of residual blocks of neurons, normalised first."""
    rows: list[Row] = [FLAT, linear("stem0", 48)]
    for n in range(1, blocks + 1):
        rows += [(f"norm{n}", "LayerNorm", {}, (f"stem{n - 1}",)), linear(f"wide{n}", 48), (f"bend{n}", "GELU"),
                 (f"stem{n}", "Add", {}, (f"stem{n - 1}", f"bend{n}"))]
    return layers(*rows, linear("output", 10))
