"""'The same but for': whether two experiments differ in one named part and in nothing else. Knows no run."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dlviz import layers
from dlviz.spec import Experiment


def part_of(experiment: Experiment, part: str) -> Any:
    """The value of this part of an experiment (one of `words.PARTS`)."""
    return _READ[part](experiment)


def same_but(one: Experiment, other: Experiment, part: str) -> bool:
    """Whether they differ in this part, and in nothing else but name and layout."""
    if part_of(one, part) == part_of(other, part):
        return False
    return _without(one, part) == _without(other, part)


def _without(experiment: Experiment, part: str) -> dict[str, Any]:
    """Everything that decides a curve but this part, as plain values."""
    value = experiment.model_dump(exclude={"name", "layout", "version"})
    _DROP[part](value)
    return value


def _activations(experiment: Experiment) -> tuple[str, ...]:
    return tuple(layer.kind for layer in experiment.network.layers if _bends(layer.kind))


def _bends(kind: str) -> bool:
    return kind in layers.activations()


def _setting(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda value: value["training"].pop(name)


def _drop_clip(value: dict[str, Any]) -> None:
    del value["training"]["clip"], value["training"]["clip_threshold"]


def _drop_activations(value: dict[str, Any]) -> None:
    """Their names may say their kind, and others may name them as inputs: both are renamed by place."""
    renamed = {layer["name"]: f"layer {at}" for at, layer in enumerate(value["network"]["layers"])}
    for layer in value["network"]["layers"]:
        layer["name"] = renamed[layer["name"]]
        layer["inputs"] = layer["inputs"] and [renamed.get(name, name) for name in layer["inputs"]]
        if _bends(layer["kind"]):
            layer["kind"], layer["fields"] = "", {}


_READ: dict[str, Callable[[Experiment], Any]] = {
    "learning_rate": lambda one: one.training.optimizer.learning_rate,
    "clip": lambda one: (one.training.clip, one.training.clip_threshold),
    "seed": lambda one: one.seed,
    "network": lambda one: one.network,
    "activation": _activations,
    **{name: lambda one, name=name: getattr(one.training, name)
       for name in ("batch_size", "epochs", "train_fraction", "label_smoothing", "augmentation", "optimizer",
                    "schedule")},
}
_DROP: dict[str, Callable[[dict[str, Any]], None]] = {
    "learning_rate": lambda value: value["training"]["optimizer"].pop("learning_rate"),
    "clip": _drop_clip,
    "seed": lambda value: value.pop("seed"),
    "network": lambda value: value.pop("network"),
    "activation": _drop_activations,
    **{name: _setting(name) for name in ("batch_size", "epochs", "train_fraction", "label_smoothing", "augmentation",
                                         "optimizer", "schedule")},
}
