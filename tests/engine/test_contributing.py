"""The diffs of CONTRIBUTING.md are of the code as it is: what they keep and take away is there, what they add runs."""
from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from dlviz import tasks
from tests.toys import Adamax

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text()


@dataclass(frozen=True)
class FileDiff:
    """One file of a diff: lines that it adds, and lines that must be there before; a line may be cut short."""

    old: str
    new: str
    added: tuple[str, ...]
    before: tuple[str, ...]


def diffs(text: str) -> list[FileDiff]:
    found = []
    for block in re.findall(r"```diff\n(.*?)```", text, re.DOTALL):
        for head in re.split(r"^--- ", block, flags=re.MULTILINE)[1:]:
            old, new, *lines = head.splitlines()
            found.append(FileDiff(old.removeprefix("a/"), new.removeprefix("+++ b/"),
                                  tuple(line[1:] for line in lines if line.startswith("+")),
                                  tuple(line[1:] for line in lines if line[:1] in (" ", "-") and line.strip())))
    return found


DIFFS = diffs(TEXT)


@pytest.mark.parametrize("diff", DIFFS, ids=lambda diff: diff.new)
def test_what_a_diff_changes_is_there(diff: FileDiff):
    if diff.old == "/dev/null":
        assert not (ROOT / diff.new).exists() and not diff.before
        return
    lines = (ROOT / diff.old).read_text().splitlines()
    missing = [line for line in diff.before if not any(have.startswith(line) for have in lines)]
    assert not missing, f"{diff.old} has no such lines any more: bring the diff in CONTRIBUTING.md up to date"


def test_the_task_of_the_guide_works(monkeypatch):
    [rotate] = [diff for diff in DIFFS if diff.new == "dlviz/tasks/rotate.py"]
    namespace = {"__name__": "dlviz.tasks.rotate"}
    exec(compile("\n".join(rotate.added), rotate.new, "exec"), namespace)
    monkeypatch.setitem(tasks.TASKS, "rotate", namespace["Rotate"])
    task = tasks.get("rotate", {"length": 4, "samples": 500})
    (row,) = task.parse("1234")
    assert task.to_words(np.asarray(task.solve((row,)))) == ("2", "3", "4", "1")
    inputs, target = task.sample("test", 0)
    view = task.view(inputs, target)
    assert view.target == (*view.inputs[0][1:], view.inputs[0][0])
    assert task.sentence().startswith("A row of digits goes in")


def test_the_optimizer_of_the_guide_is_the_one_that_is_held_to_torch(monkeypatch):
    [adamax] = [diff for diff in DIFFS if diff.new == "dlviz/optimizers/adamax.py"]
    module = ModuleType("dlviz.optimizers.adamax")
    monkeypatch.setitem(sys.modules, module.__name__, module)  # where pydantic looks for what annotations name
    exec(compile("\n".join(adamax.added), adamax.new, "exec"), vars(module))
    made, group = vars(module)["Adamax"], {"betas": (0.9, 0.999), "lr": 0.1, "eps": 1e-8, "weight_decay": 0.01}
    assert made().model_dump() == Adamax().model_dump()
    assert made.arithmetic(0.5, 0.2, group, {}) == Adamax.arithmetic(0.5, 0.2, group, {})
