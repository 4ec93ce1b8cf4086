"""What differs between experiments, as a table of words. Knows no run and no page."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dlviz import layers
from dlviz.errors import LayerError
from dlviz.spec import Experiment, LayerSpec

NOTHING = "–"
Difference = tuple[str, list[str]]  # what it is about, and its value for each experiment


def differences(experiments: Sequence[Experiment]) -> list[Difference]:
    """The settings and the layers that are not the same in all of them, in the order of form and stack."""
    tables = [_settings(experiment) | _layers(experiment) for experiment in experiments]
    names = list(dict.fromkeys(name for table in tables for name in table))
    rows = [(name, [table.get(name, NOTHING) for table in tables]) for name in names]
    return [row for row in rows if len(set(row[1])) > 1]


def _settings(experiment: Experiment) -> dict[str, str]:
    training = experiment.training
    values: dict[str, Any] = {"task": experiment.task.name, **experiment.task.fields}
    optimizer = training.optimizer.model_dump()
    values |= {"optimizer": optimizer.pop("kind"), **optimizer}
    values |= {name: value for name, value in training.model_dump().items() if name != "optimizer"}
    values["seed"] = experiment.seed
    return {name.replace("_", " "): _word(value) for name, value in values.items()}


def _layers(experiment: Experiment) -> dict[str, str]:
    return {f"layer {layer.name}": _layer(layer) for layer in experiment.network.layers}


def _layer(layer: LayerSpec) -> str:
    try:
        summary = layers.declare(layer.kind, layer.fields, layer.name).summary()
    except LayerError:
        summary = ", ".join(f"{name} {value}" for name, value in layer.fields.items())
    return f"{layer.kind} {summary}".strip()


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
