"""Studies of version 1, brought up to date: plain JSON values in and out. Knows no model.

Version 2 calls what is varied a hyperparameter. What an experiment's own fields are called, its own version says.
"""
from __future__ import annotations

from typing import Any

from dlviz import versions

PART = {"knob": "hyperparameter", "whole": "integer"}  # of an axis or a span
STUDY = {"todo": "pending", "watch": "observation", "own": "design"}


def upgrade_study(value: Any) -> Any:
    """A study of version 1 as one of version 2; anything else as it is. KeyError and the like where it is damaged."""
    if not isinstance(value, dict) or value.get("version") != 1:
        return value
    value = versions.upgrade_study_values(value)
    search = value["search"]
    return _rename(value, STUDY) | {
        "version": 2, "axes": [_part(part) for part in value["axes"]],
        "search": search and search | {"spans": [_part(part) for part in search["spans"]]}}


def _part(part: dict[str, Any]) -> dict[str, Any]:
    path = part["knob"]["path"]
    new = ["toggle", *path[1:]] if path[0] == "have" else path
    return _rename(part, PART) | {"hyperparameter": {"path": new}}


def _rename(value: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """The same with other keys, in the same order."""
    return {names.get(key, key): item for key, item in value.items()}
