"""What a preset is, and the short words that presets are written in. Knows no particular one."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dlviz.spec import Experiment, LayerSpec, NetworkSpec, Scalar, TaskSpec, TrainingSpec
from dlviz.translation import declared, listed


@declared("title", "sentence")
@dataclass(frozen=True)
class Preset:
    """An experiment, the reason to open it in one or two plain sentences, and its row in the gallery."""

    key: str
    title: str
    sentence: str
    experiment: Experiment
    group: str  # a key too, so pages translate it

    def __post_init__(self) -> None:
        listed(type(self), self.group)

    @property
    def named(self) -> Experiment:
        """The experiment, called in the current language as the preset is."""
        return self.experiment.model_copy(update={"name": str(self.title)})


def layers(*rows: tuple[Any, ...]) -> NetworkSpec:
    """Rows of (name, kind[, fields[, inputs]])."""
    specs = []
    for name, kind, *rest in rows:
        fields = rest[0] if rest else {}
        specs.append(LayerSpec(name=name, kind=kind, fields=fields,
                               inputs=rest[1] if len(rest) > 1 else None))
    return NetworkSpec(layers=tuple(specs))


def linear(name: str, out: int) -> tuple[Any, ...]:
    return name, "Linear", {"out_features": out}


def preset(group: str, key: str, title: str, sentence: str, network: NetworkSpec, task: str = "mnist",
           fields: Mapping[str, Scalar] | None = None, seed: int = 1, **training: Any) -> Preset:
    """A preset that ends calmly (a cosine schedule) unless `training` says otherwise."""
    settings = {"schedule": "CosineAnnealingLR", **training}
    experiment = Experiment(name=title, network=network, task=TaskSpec(name=task, fields=dict(fields or {})),
                            training=TrainingSpec(**settings), seed=seed)
    return Preset(key, title, sentence, experiment, group)
