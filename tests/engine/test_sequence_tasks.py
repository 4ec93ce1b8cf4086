"""Tasks over symbols and time: every sample against a slow obvious implementation, splits, own inputs, learning."""
from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from dlviz import network as net
from dlviz import presets, tasks
from dlviz.errors import TaskError
from dlviz.spec import from_json
from dlviz.tasks import SequenceTask
from dlviz.training import events as ev
from dlviz.training.loop import train

SPLITS = ("train", "val", "test")
SEQUENCE_TASKS = {name: cls for name, cls in tasks.TASKS.items() if issubclass(cls, SequenceTask)}
CHECKED = 300  # samples of each split that are held to the slow implementation


def _reverse(task, inputs, target):
    assert list(target) == list(reversed(inputs[0]))


SLOW: dict[str, Callable] = {"reverse": _reverse}

SMALL = {"reverse": {"length": 4}}  # other fields than the defaults, held to the same checks

READ = {  # what somebody types -> the words of the inputs that come of it
    "reverse": [("31415 92653", [list("3141592653")])],
}

REFUSED = {  # what somebody types -> what the sentence says
    "reverse": [("31415926x3", "'x' is none of them. Type for instance '3141592653'."), ("12", "but 2 were typed"),
                ("", "but 0 were typed"), ("1", "but 1 was typed")],
}


def both(name: str) -> list[SequenceTask]:
    return [tasks.get(name)] + [tasks.get(name, SMALL[name])] * (name in SMALL)


def words(task: SequenceTask, split: str, index: int):
    inputs, target = task.sample(split, index)
    shown = task.shown(inputs, target)
    return shown.inputs, shown.target


@pytest.mark.parametrize("name", SEQUENCE_TASKS)
def test_every_sample_is_what_the_task_says(name: str):
    for task in both(name):
        for split in SPLITS:
            for index in range(min(CHECKED, task.size(split))):
                SLOW[name](task, *words(task, split, index))


@pytest.mark.parametrize("name", SEQUENCE_TASKS)
def test_no_sample_is_in_two_splits(name: str):
    for task in both(name):
        kinds = []
        for split in SPLITS:
            part = getattr(task.data(), split)
            kinds.append({b"".join(x[i].numpy().tobytes() for x in part.inputs[:1]) for i in range(len(part))})
        train_, val, test = kinds
        assert train_ and val and test
        assert not train_ & val and not train_ & test and not val & test


@pytest.mark.parametrize("name", SEQUENCE_TASKS)
def test_what_somebody_types_can_be_judged(name: str):
    for task in both(name):
        for index in range(30):
            inputs, target = task.sample("test", index)
            solved = task.solve(inputs)
            assert solved is None or np.array_equal(solved, target)


@pytest.mark.parametrize("name", SEQUENCE_TASKS)
def test_data_fits_the_signature(name: str):
    for task in both(name):
        signature, data = task.signature(), task.data()
        for split in SPLITS:
            part = getattr(data, split)
            assert len(part) == task.size(split) > 0 and len(part.inputs) == len(signature.inputs)
            for x, (_, shape) in zip(part.inputs, signature.inputs):
                assert tuple(x.shape) == (len(part), *shape.axes)
                assert x.dtype == (torch.int64 if shape.kind == "tokens" else torch.float32)
                assert shape.kind != "tokens" or 0 <= x.min() and x.max() < shape.vocabulary
            if signature.loss == "mse":
                assert tuple(part.targets.shape) == (len(part), *signature.out.axes)
                assert part.targets.dtype == torch.float32
            else:
                judged = part.targets[part.targets != -100]
                assert tuple(part.targets.shape) == (len(part), *signature.out.axes[:-1])
                assert part.targets.dtype == torch.int64 and 0 <= judged.min() and judged.max() < signature.out.axes[-1]


@pytest.mark.parametrize("name", SEQUENCE_TASKS)
def test_a_task_explains_itself(name: str):
    cls = SEQUENCE_TASKS[name]
    assert cls.sentence().endswith(".") and len(cls.sentence()) > 30
    assert cls.stands_for.endswith(".") and cls.metric and cls.title
    assert all(field.description and field.description.endswith(".") for field in cls.model_fields.values())


@pytest.mark.parametrize("name", SEQUENCE_TASKS)
def test_words_stand_at_every_step(name: str):
    for task in both(name):
        inputs, target = task.sample("test", task.pinned)
        shown = task.shown(inputs, target)
        assert [len(w) for w in shown.inputs] == [len(x) for x in inputs]
        assert all(isinstance(word, str) and word for part in (*shown.inputs, shown.target) for word in part)
        if shown.steps:
            assert len(shown.steps) == len(shown.target) and max(shown.steps) < task.signature().out.axes[0]


@pytest.mark.parametrize(("name", "text", "expected"), [(n, *case) for n, cases in READ.items() for case in cases])
def test_what_is_typed_is_read(name: str, text: str, expected):
    task = tasks.get(name)
    inputs = task.read(text)
    for x, (_, shape) in zip(inputs, task.signature().inputs, strict=True):
        assert x.shape == shape.axes and x.dtype == (np.int64 if shape.kind == "tokens" else np.float32)
    assert [list(part) for part in task.input_words(inputs)] == expected


@pytest.mark.parametrize("name", SEQUENCE_TASKS)
def test_the_example_is_read(name: str):
    for task in both(name):
        assert len(task.read(task.example)) == len(task.signature().inputs)


@pytest.mark.parametrize(("name", "text", "sentence"), [(n, *case) for n, cases in REFUSED.items() for case in cases])
def test_what_cannot_be_read_is_refused_in_a_sentence(name: str, text: str, sentence: str):
    with pytest.raises(TaskError) as caught:
        tasks.get(name).read(text)
    assert sentence in caught.value.sentence and tasks.get(name).title in caught.value.sentence


def test_held_out_samples_do_not_depend_on_how_many_are_learned_from():
    few, many = tasks.get("reverse", {"samples": 600}).data(), tasks.get("reverse", {"samples": 5_000}).data()
    assert torch.equal(few.val.targets, many.val.targets) and torch.equal(few.test.targets, many.test.targets)
    other = tasks.get("reverse", {"samples": 600, "data_seed": 1}).data()
    assert not torch.equal(few.test.targets, other.test.targets)


# Presets

SEQUENCE_PRESETS = [key for key, preset in presets.PRESETS.items() if preset.experiment.task.name in SEQUENCE_TASKS]


@pytest.mark.parametrize("key", SEQUENCE_PRESETS)
def test_a_preset_is_right_and_survives_json(key: str):
    preset = presets.get(key)
    experiment = preset.experiment
    task = tasks.get(experiment.task.name, experiment.task.fields)
    assert net.check(experiment.network, task.signature(), experiment.training.batch_size).ok
    assert from_json(experiment.to_json()) == experiment
    assert preset.sentence.endswith(".") and preset.group in presets.GROUPS


LEARNED = {"reverse": 0.99}  # test accuracy that the quick ones reach at the end, with their own seed


@pytest.mark.parametrize(("key", "goal"), LEARNED.items())
def test_a_quick_preset_learns(key: str, goal: float):
    *_, end = train(presets.get(key).experiment, device="cpu")
    assert isinstance(end, ev.Ended) and end.reason == "done" and end.test_accuracy >= goal


def test_without_positions_nothing_is_learned():
    experiment = presets.get("reverse_lost").experiment
    *_, end = train(experiment.model_copy(update={"training": experiment.training.model_copy(update={"epochs": 2})}),
                    device="cpu")
    assert end.test_accuracy < 0.05
