"""Who needs help, by rules that are one sentence each, and what shows it best of all: a learner's runs.

Knows no class; a page has the sentences, by the rules' names.
"""
from __future__ import annotations

from collections.abc import Sequence

from dlviz.runs.info import RunInfo

IDLE = 240.0  # seconds without an action
TRIES = 3  # runs that are over, at a step whose tick they did not earn
RULES = ("diverged", "tries", "idle")  # the strongest first


def needs(runs: Sequence[RunInfo], idle: float, tries: int = 0) -> tuple[str, ...]:
    """The rules that hold.

    Args:
        runs: a learner's, the newest first.
        idle: seconds since their last action.
        tries: runs that did not earn the tick of the step where they stand.
    """
    found = {"diverged": len(runs) > 1 and all(run.state == "diverged" for run in runs[:2]), "tries": tries >= TRIES,
             "idle": idle >= IDLE}
    return tuple(rule for rule in RULES if found[rule])


def sign(runs: Sequence[RunInfo], rules: Sequence[str], steps: Sequence[str] = ()) -> str:
    """One of four: "help", "todo" (nothing yet), "working", "done": of the lesson's steps, else of the newest run."""
    if rules:
        return "help"
    if steps:
        return "done" if set(steps) == {"done"} else "working" if runs or "done" in steps else "todo"
    if not runs:
        return "todo"
    return "done" if runs[0].state in ("done", "stopped") else "working"
