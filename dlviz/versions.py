"""What files of version 1 call things, brought up to date: plain JSON values in and out. Knows no model.

Version 2 took PyTorch's and Keras's names; version 3 has further fields, so that nothing of version 2 changes. Files,
links, checkpoints and the marks of runs of older versions still open.
"""
from __future__ import annotations

from typing import Any

SCHEDULES: dict[str, tuple[str, dict[str, str]]] = {  # kind -> its name now, and the names of its fields
    "constant": ("Constant", {}),
    "step": ("StepLR", {"every": "step_size", "factor": "gamma"}),
    "exponential": ("ExponentialLR", {"final": "end_factor"}),
    "cosine": ("CosineAnnealingLR", {"warmup": "warmup_ratio", "final": "end_factor"}),
    "one_cycle": ("OneCycleLR", {"warmup": "pct_start", "start": "start_factor", "final": "end_factor"}),
    "plateau": ("ReduceLROnPlateau", {}),
}
SCHEDULE = ["training", "schedule"]  # the path of what a study varies
TRAINER_STATE = {"falls": "plateau", "best": "early_stopping"}  # what a checkpoint remembers of mechanisms
PLATEAU = {"count": "reductions", "bad": "num_bad_epochs"}
EARLY_STOPPING = {"loss": "best", "step": "best_step", "bad": "wait"}
STARTED = {"guess": "chance_loss", "constant": "constant_loss"}  # an event, in the store
LAYER_HEALTH = {"asleep": "dropped", "asleep_share": "dropped_fraction"}  # of one layer, in the store
TASKS = {"keep": {"kept": "keywords"}}  # name -> fields
TRAINING = {"share": "train_fraction", "clip_at": "clip_threshold"}


def upgrade_experiment(value: Any) -> Any:
    """An experiment of version 1 or 2 as one of version 3; anything else as it is."""
    if not isinstance(value, dict) or value.get("version") not in (1, 2) or isinstance(value["version"], bool):
        return value
    parts = {"training": _training, "task": _task} if value["version"] == 1 else {}
    return value | {"version": 3} | {name: upgrade(value[name]) for name, upgrade in parts.items() if name in value}


def upgrade_schedule(value: Any) -> Any:
    """A schedule, or only its kind, in the names of version 2; what is in them already stays as it is."""
    if isinstance(value, str):
        return SCHEDULES[value][0] if value in SCHEDULES else value
    kind = value.get("kind") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in SCHEDULES:
        return value
    kind, fields = SCHEDULES[kind]
    return rename(value, fields) | {"kind": kind}


def upgrade_study_values(study: dict[str, Any]) -> dict[str, Any]:
    """What a study of version 1 varies: paths to training settings, and schedules among the values.

    Its other names `studies.versions` knows. KeyError and the like where it is damaged.
    """
    kind, search, axes = study["base"]["training"]["schedule"]["kind"], study.get("search"), study.get("axes", [])
    names = TRAINING | (SCHEDULES[kind][1] if kind in SCHEDULES else {})
    of_schedules = [part["knob"]["path"] == SCHEDULE for part in (search["spans"] if search else axes)]

    def row(values: list[Any]) -> list[Any]:
        pairs = zip(of_schedules, values, strict=True)
        return [upgrade_schedule(value) if of_schedule else value for of_schedule, value in pairs]

    return study | {
            "axes": [_part(axis, "values", names) for axis in axes],
            "search": search and search | {"spans": [_part(span, "choices", names) for span in search["spans"]]},
            "todo": [row(values) for values in study.get("todo", [])],
            "members": [member | {"values": row(member["values"])} for member in study.get("members", [])]}


def _part(part: dict[str, Any], listed: str, names: dict[str, str]) -> dict[str, Any]:
    """An axis or a span; `listed` is where its values stand."""
    path = part["knob"]["path"]
    values = [upgrade_schedule(value) if path == SCHEDULE else value for value in part[listed]]
    if path[0] == "training":
        path = [names.get(name, name) for name in path]
    return part | {"knob": {"path": path}, listed: values}


def upgrade_trainer_state(value: dict[str, Any]) -> dict[str, Any]:
    """The plain values of a checkpoint of version 1. Its schedule is read by `schedules.load`, whatever its version."""
    value = rename(value, TRAINER_STATE)
    parts = {"plateau": PLATEAU, "early_stopping": EARLY_STOPPING}
    return value | {name: rename(value[name], names) for name, names in parts.items() if name in value}


def rename(value: Any, names: dict[str, str]) -> Any:
    """The same dict with other keys, in the same order."""
    return {names.get(key, key): item for key, item in value.items()} if isinstance(value, dict) else value


def _task(value: Any) -> Any:
    name = value.get("name") if isinstance(value, dict) else None
    if not isinstance(name, str) or "fields" not in value:
        return value
    return value | {"fields": rename(value["fields"], TASKS.get(name, {}))}


def _training(value: Any) -> Any:
    value = rename(value, TRAINING)
    if isinstance(value, dict) and "schedule" in value:
        return value | {"schedule": upgrade_schedule(value["schedule"])}
    return value
