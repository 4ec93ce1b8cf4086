"""The designs that a lesson opens: a preset with some settings changed, a network of its own, or a link.

    [designs.wide]
    preset = "mlp"
    name = "Wide"
    epochs = 3
    train_fraction = 0.25
    learning_rate = 0.01
    network = [["flatten", "Flatten"], ["output", "Linear", {out_features = 10}]]
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlviz import network, presets, spec, tasks
from dlviz.errors import SpecError
from dlviz.lessons.places import FilePlace
from dlviz.spec import Experiment, TrainingSpec
from dlviz.translation import _

TRAINING = tuple(TrainingSpec.model_fields)
KEYS = ("preset", "link", "name", "network", "task", "task_fields", "seed", "learning_rate", *TRAINING)


def read(table: Any, place: FilePlace) -> dict[str, Experiment]:
    """The designs by name, from the table of the front matter. LessonError for one that cannot be trained."""
    if not isinstance(table, Mapping):
        raise place.wrong(_("the front matter's designs"), _("is a table, [designs.name] each"),
                          _("it is {table!r}", table=str(table)[:40]),
                          _("Write [designs.name] and below it preset = ..."))
    return {str(name): _checked(place, str(name), fields) for name, fields in table.items()}


def _checked(place: FilePlace, name: str, fields: Any) -> Experiment:
    if not isinstance(fields, Mapping):
        raise place.wrong(_("the design {name!r}", name=name), _("is a table with a preset or a link"),
                          _("it is {fields!r}", fields=str(fields)[:40]),
                          _("Write [designs.{name}] and below it preset = ...", name=name))
    for key in fields:
        place.known(str(key), KEYS, f"design {name}'s key")
    return place.checked(lambda: _trainable(_made(name, fields)))


def _made(name: str, fields: Mapping[str, Any]) -> Experiment:
    base = spec.from_link(fields["link"]) if "link" in fields else presets.get(fields.get("preset", "")).experiment
    value = base.model_dump(mode="json")
    value["training"] |= {key: fields[key] for key in TRAINING if key in fields}
    value |= {key: fields[key] for key in ("name", "seed") if key in fields}
    if "learning_rate" in fields:
        value["training"]["optimizer"] |= {"learning_rate": fields["learning_rate"]}
    value["task"] |= {"name": fields["task"], "fields": {}} if "task" in fields else {}
    value["task"]["fields"] = {**value["task"]["fields"], **fields.get("task_fields", {})}
    if "network" in fields:
        value["network"], value["layout"] = {"layers": [_layer(name, row) for row in fields["network"]]}, {}
    return spec.from_value(value)


def _layer(design: str, row: Any) -> dict[str, Any]:
    """[name, kind, fields, inputs]; the last two may be missing."""
    if not isinstance(row, list) or not 2 <= len(row) <= 4:
        raise SpecError(_("A layer of the design {design!r}", design=design),
                        _("must be [name, kind, {fields}, [inputs]]"),
                        _("it is {row!r}", row=str(row)[:60]), _("Write it so; fields and inputs may be missing."))
    layer = {"name": row[0], "kind": row[1], "fields": row[2] if len(row) > 2 else {}}
    return layer | ({"inputs": row[3]} if len(row) > 3 else {})


def _trainable(experiment: Experiment) -> Experiment:
    signature = tasks.get(experiment.task.name, experiment.task.fields).signature()
    report = network.check(experiment.network, signature, experiment.training.batch_size)
    if report.errors:
        raise report.errors[0]
    experiment.training.require(signature)
    return experiment
