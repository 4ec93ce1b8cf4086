"""Tasks say what they are: nobody outside their folder asks for a task's class or name, and each trait is true."""
from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

from dlviz import tasks
from dlviz.tasks import Modality, Task

ROOT = Path(__file__).parents[2]
KINDS = {Modality.IMAGE: ("image",), Modality.TOKENS: ("tokens",), Modality.SERIES: ("sequence",),
         Modality.POINTS: ("vector",), Modality.GAME: ("image", "vector")}
OUTSIDE = [path for folder in ("dlviz", "pages") for path in sorted((ROOT / folder).rglob("*.py"))
           if ROOT / "dlviz" / "tasks" not in path.parents]
READY = [task for task in (cls() for cls in tasks.TASKS.values()) if task.ready()]


def _descendants(cls: type) -> set[type]:
    return {cls}.union(*(_descendants(child) for child in cls.__subclasses__()))


CLASSES = {cls.__name__ for cls in _descendants(Task) if cls.__module__.startswith("dlviz.")}
REGISTERED = {cls.__name__ for cls in tasks.TASKS.values()}


def _names(node: ast.AST) -> set[str]:
    return {part.id if isinstance(part, ast.Name) else part.attr
            for part in ast.walk(node) if isinstance(part, ast.Name | ast.Attribute)}


def _texts(node: ast.AST) -> set[str]:
    return {part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def sniffs(source: str) -> list[str]:
    """Lines that ask for a task's class or name, or bring in the class of one task."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name("isinstance" | "issubclass"), args=[_, kinds]) if _names(kinds) & CLASSES:
                found.append(f"line {node.lineno}: {ast.unparse(node)}")
            case ast.MatchClass(cls=cls) if _names(cls) & CLASSES:
                found.append(f"line {node.lineno}: case {ast.unparse(node)}")
            case ast.Compare() if any("name" in _names(side) for side in (node.left, *node.comparators)) and any(
                    _texts(side) & set(tasks.TASKS) for side in (node.left, *node.comparators)):
                found.append(f"line {node.lineno}: {ast.unparse(node)}")
            case ast.ImportFrom(names=names) if {alias.name for alias in names} & REGISTERED:
                found.append(f"line {node.lineno}: {ast.unparse(node)}")
    return found


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: str(path.relative_to(ROOT)))
def test_nobody_asks_a_task_for_its_class_or_name(path: Path):
    assert sniffs(path.read_text()) == [], "ask the task (see dlviz/tasks/presentation.py), or declare a trait there"


@pytest.mark.parametrize("source", [
    "isinstance(task, ImageTask)", "issubclass(cls, (int, tasks.SequenceTask))",
    "match task:\n case Forecast():\n  pass", "task.name == 'mnist'", "task.name in ('names', 'x')",
    "'airline' != run.experiment.task.name", "from dlviz.tasks.names import Names", "from dlviz.tasks import Mnist"])
def test_sniffing_is_found(source: str):
    assert len(sniffs(source)) == 1


@pytest.mark.parametrize("source", [
    "isinstance(value, int)", "layer.name == 'linear1'", "title == 'names'", "from dlviz.tasks import Task, Modality"])
def test_what_is_no_sniffing_passes(source: str):
    assert sniffs(source) == []


@pytest.mark.parametrize("task", READY, ids=lambda task: task.name)
def test_traits_are_true(task: Task):
    signature = task.signature()
    assert signature.inputs[0][1].kind in KINDS[task.modality]
    assert (task.stepwise is not None) == (signature.teacher_forcing is not None)
    assert task.plane in (None, task) and (task.plane is None) == (task.modality is not Modality.POINTS)
    assert task.diffusion in (None, task) and task.stepwise in (None, task) and task.forecast in (None, task)
    assert bool(task.classes) == (signature.loss != "mse")
    assert task.supervised == signature.has_targets == (task.game is None) == (task.modality is not Modality.GAME)
    assert len(task.classes) in (0, signature.out_shape.axes[-1])
    assert bool(task.score_title) == (not task.supervised or signature.score != "within")
    assert task.augmentable <= (task.modality is Modality.IMAGE) and task.metric and task.sample_noun


@pytest.mark.parametrize("task", READY, ids=lambda task: task.name)
def test_a_sample_is_shown(task: Task):
    inputs, target = task.sample("test", task.pinned)
    view = task.view(inputs, target)
    assert view.target and all(view.target)
    if task.modality.over_time or task.plane:
        assert [len(words) for words in view.inputs] == [len(x) for x in inputs]
    elif task.modality is Modality.IMAGE:
        assert not any(view.inputs) and task.picture("test", 0).dtype == np.uint8
    assert [x.shape for x in task.blank_inputs()] == [x.shape for x in inputs]


@pytest.mark.parametrize("task", READY, ids=lambda task: task.name)
def test_labels_are_the_targets_where_a_sample_has_one_class(task: Task):
    labels, first = task.labels("val"), [task.sample("val", index)[1] for index in range(5)]
    if isinstance(first[0], int):
        assert labels is not None and labels[:5].tolist() == first and len(labels) == task.size("val")
    else:
        assert labels is None
