"""Tasks over symbols and time: samples against a slow obvious implementation, and splits that share none."""
from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from dlviz import tasks
from dlviz.errors import TaskError
from dlviz.tasks import SequenceTask, Stepwise, corpora, keep, names, pairs_file, voice

SPLITS = ("train", "val", "test")
SEQUENCE_TASKS = {name: cls for name, cls in tasks.TASKS.items() if issubclass(cls, SequenceTask)}
CHECKED = 300  # samples of each split that are held to the slow implementation


def _reverse(task, inputs, target):
    assert list(target) == list(reversed(inputs[0]))


def _sort(task, inputs, target):
    question, so_far = inputs[0][:task.length], inputs[0][task.length:]
    assert list(target) == sorted(question) and so_far == target[:-1]


def _addition(task, inputs, target):
    question, so_far = "".join(inputs[0][:task.question_length]), inputs[0][task.question_length:]
    first, second = question.removesuffix("=").split("+")
    assert len(first) == len(second) == task.digits
    assert int("".join(reversed(target))) == int(first) + int(second) and so_far == target[:-1]


PATTERNS = ("%d %B %Y", "%B %d, %Y", "%d.%m.%Y", "%b %d %y", "%Y/%m/%d")


def _parsed(text: str) -> datetime.date:
    for pattern in PATTERNS:
        try:
            date = datetime.datetime.strptime(text, pattern).date()
        except ValueError:
            continue
        return date if date.year < 2050 or str(date.year) in text else date.replace(year=date.year - 100)
    raise AssertionError(text)


def _dates(task, inputs, target):
    text = "".join(inputs[0]).rstrip("·").replace("_", " ")
    date = _parsed(text)
    assert 1950 <= date.year < 2050
    assert "".join(target) == date.isoformat() and inputs[1] == ("start", *target[:-1])


def _keep(task, inputs, target):
    assert list(target) == [word for word in inputs[0] if word in keep.CONTENT]
    assert all(word in keep.CONTENT + keep.FILLERS for word in inputs[0])
    assert inputs[1] == ("start", *target[:-1])


LISTED = (Path(names.FILE)).read_text().split()


def _names(task, inputs, target):
    name = "".join(target).removesuffix(".")
    assert name in LISTED and inputs[0][0] == "." and "".join(inputs[0]).strip(".") == name
    assert len(name) <= task.longest and target[-1] == "." and target[:-1] == inputs[0][1:len(target)]


def _text(task, inputs, target):
    cut = "".join(inputs[0]).replace("␣", " ").replace("⏎", "\n")
    assert cut in task.text() and len(inputs[0]) == task.length and inputs[0][1:] == target[:-1]


def _repeats(task, inputs, target):
    question, row = inputs[0][:task.question_length], "".join((*inputs[0], target[-1]))
    period = next(period for period in range(1, len(row)) if row.startswith(row[period:]))
    assert 4 <= period <= task.longest and len(set(row[:period])) == period < len(question)
    assert "".join(target) == row[len(question):]


def _masked(task, inputs, target):
    shown = "".join(inputs[0]).replace("␣", " ").replace("⏎", "\n")
    asked, text = shown.count("▢"), corpora.shipped(task.corpus)
    assert asked <= len(target) <= task.length and len(shown) == task.length and len(target) >= 1
    pattern = "".join("." if letter == "▢" else re.escape(letter) for letter in shown)
    replaced = re.search(pattern, text, re.DOTALL) is None  # a symbol in ten of those asked for is another one
    assert not replaced or len(target) > asked


def _recall(task, inputs, target):
    row = "".join(inputs[0]).rstrip("·")
    length = (len(row) + 1) // 2
    letters, asked = row[:length], row[length:]
    assert 4 <= length <= 16 and len(set(letters)) == length and sorted(asked) == sorted(letters[:-1])
    assert list(target) == [letters[letters.index(letter) + 1] for letter in asked]


def _pairs(task, inputs, target):
    source, answer = " ".join(inputs[0]).rstrip("· "), " ".join(target).removesuffix(" ■")
    assert (source, answer) in KNOWN and target[-1] == "■" and inputs[1][:len(target)] == ("start", *target[:-1])
    assert max(len(source.split()), len(answer.split())) <= task.longest


KNOWN = set(pairs_file.from_grammar())


def _facts(task, inputs, target):
    places = dict(fact.split(": ") for fact in inputs[0])
    assert len(places) == task.facts and (places[inputs[1][0].removesuffix("?")],) == target


def _brackets(task, inputs, target):
    open_now = 0
    for bracket, depth in zip(inputs[0], target, strict=True):
        open_now += 1 if bracket == "(" else -1
        assert 0 <= open_now <= task.depth and depth == str(open_now)


def _order(task, inputs, target):
    marks = [(place, letter) for place, letter in enumerate(inputs[0]) if letter in "XY"]
    (first, one), (second, two) = marks
    assert (one + two,) == target
    assert first < 0.3 * task.length < 0.45 * task.length < second < 0.75 * task.length


def _adding(task, inputs, target):
    marked = [(place, float(word[:-1])) for place, word in enumerate(inputs[0]) if word.endswith("*")]
    (first, one), (second, two) = marked
    assert first < task.length // 2 <= second and abs(one + two - float(target[0])) < 0.02
    assert all(0 <= float(word.removesuffix("*")) <= 1 for word in inputs[0])


def _forecast(task, inputs, target):
    ago = [f"-{steps}" for steps in range(task.window - 1, 0, -1)]
    assert list(inputs[0]) == [*ago, "now"] and len(target) == 1


def _rows(task, inputs, target):
    assert list(inputs[0]) == [f"{task.by[:-1]} {number}"
                               for number in range(1, 29)] and target[0] in "0123456789"


def _speech(task, inputs, target):
    assert inputs[0][:3] == ("0 ms", "16 ms", "32 ms") and target[0] in voice.DIGITS


SLOW: dict[str, Callable] = {
    "reverse": _reverse,
    "sort": _sort,
    "addition": _addition,
    "dates": _dates,
    "keep": _keep,
    "names": _names,
    "text": _text,
    "repeats": _repeats,
    "masked": _masked,
    "recall": _recall,
    "pairs": _pairs,
    "facts": _facts,
    "brackets": _brackets,
    "order": _order,
    "adding": _adding,
    "sine": _forecast,
    "airline": _forecast,
    "pulse": _forecast,
    "rows": _rows,
    "speech": _speech,
}

SMALL = {  # other fields than the defaults, held to the same checks
    "reverse": {"length": 4}, "sort": {"length": 5, "letters": 10}, "repeats": {"longest": 7},
    "recall": {"trained": 5}, "masked": {"corpus": "English words", "length": 20},
    "pairs": {"longest": 6}, "addition": {"digits": 4}, "dates": {"forms": 2},
    "keep": {"length": 5, "keywords": 8}, "facts": {"facts": 2}, "brackets": {"length": 15, "depth": 2},
    "order": {"length": 11}, "names": {"longest": 6},
    "text": {"corpus": "English words", "units": "byte pairs", "vocabulary": 100, "length": 32},
    "adding": {"length": 11},
    "sine": {"window": 8, "period": 7.5, "noise": 0.01}, "airline": {"window": 12}, "pulse": {"window": 8},
    "rows": {"by": "columns"},
    "speech": {"samples": 500, "noise": 0.1}}

def both(name: str) -> list[SequenceTask]:
    return [tasks.get(name), *([tasks.get(name, SMALL[name])] if name in SMALL else [])]


def words(task: SequenceTask, split: str, index: int):
    inputs, target = task.sample(split, index)
    shown = task.view(inputs, target)
    return shown.inputs, shown.target


@pytest.mark.parametrize("name", SEQUENCE_TASKS)
def test_every_sample_is_what_the_task_says(name: str):
    assert name in SLOW, f"write a slow, obvious check of a sample of {name!r} and enter it in SLOW, as _reverse is"
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
            asked = [x.numpy() for x in part.inputs][:1 if isinstance(task, Stepwise) else None]
            kinds.append({b"".join(x[i].tobytes() for x in asked) for i in range(len(part))})
        train_, val, test = kinds
        assert train_ and val and test
        assert not train_ & val and not train_ & test and not val & test


@pytest.mark.parametrize("name", SEQUENCE_TASKS)
def test_what_somebody_types_can_be_judged(name: str):
    for task in both(name):
        for index in range(min(30, task.size("test"))):
            inputs, target = task.sample("test", index)
            solved = task.solve(inputs)
            assert np.array_equal(solved, target) if name in SOLVED else solved is None, \
                f"`solve` gives {solved}, the target is {target}; SOLVED names the tasks whose answers can be told"


SOLVED = set(SEQUENCE_TASKS) - {"names", "text", "masked", "sine", "airline", "pulse", "rows", "speech"}


@pytest.mark.parametrize("name", SEQUENCE_TASKS)
def test_data_fits_the_signature(name: str):
    for task in both(name):
        signature, data = task.signature(), task.data()
        for split in SPLITS:
            part = getattr(data, split)
            assert len(part) == task.size(split) > 0 and len(part.inputs) == len(signature.inputs)
            for x, (_, shape) in zip(part.inputs, signature.inputs):
                assert tuple(x.shape) == (len(part), *shape.axes)
                assert x.dtype == (torch.int64 if shape.kind == "tokens" else torch.float32), "see SampleBatch"
                assert shape.kind != "tokens" or (x.min() >= 0 and x.max() < shape.vocabulary)
            if signature.loss == "mse":
                assert tuple(part.targets.shape) == (len(part), *signature.out_shape.axes)
                assert part.targets.dtype == torch.float32
            else:
                judged = part.targets[part.targets != -100]
                assert tuple(part.targets.shape) == (len(part), *signature.out_shape.axes[:-1])
                assert part.targets.dtype == torch.int64
                assert judged.min() >= 0 and judged.max() < signature.out_shape.axes[-1]


@pytest.mark.parametrize("name", SEQUENCE_TASKS)
def test_a_task_explains_itself(name: str):
    cls = SEQUENCE_TASKS[name]
    assert cls.sentence().endswith((".", "?")) and len(cls.sentence()) > 30, "its docstring begins with a sentence"
    assert cls.stands_for.endswith("."), "`stands_for` says in a sentence of what large problem it is the small sister"
    assert cls.metric and cls.title
    assert all(field.description and field.description.endswith(".") for field in cls.model_fields.values()), \
        "the description of a field is a sentence with a full stop"


@pytest.mark.parametrize("name", SEQUENCE_TASKS)
def test_words_stand_at_every_step(name: str):
    for task in both(name):
        inputs, target = task.sample("test", task.pinned)
        shown = task.view(inputs, target)
        assert [len(w) for w in shown.inputs] == [len(x) for x in inputs]
        assert all(isinstance(word, str) and word for part in (*shown.inputs, shown.target) for word in part)
        if shown.steps:
            assert len(shown.steps) == len(shown.target) and max(shown.steps) < task.signature().out_shape.axes[0]


@pytest.mark.parametrize("name", SEQUENCE_TASKS)
def test_the_example_is_read(name: str):
    for task in both(name):
        assert len(task.parse(task.example)) == len(task.signature().inputs)


@pytest.mark.parametrize("name", SEQUENCE_TASKS)
def test_what_no_task_knows_is_refused(name: str):
    with pytest.raises(TaskError):  # raised by `self.refuse`
        tasks.get(name).parse("§")


def test_held_out_samples_do_not_depend_on_how_many_are_learned_from():
    few, many = tasks.get("reverse", {"samples": 600}).data(), tasks.get("reverse", {"samples": 5_000}).data()
    assert torch.equal(few.val.targets, many.val.targets) and torch.equal(few.test.targets, many.test.targets)
    other = tasks.get("reverse", {"samples": 600, "data_seed": 1}).data()
    assert not torch.equal(few.test.targets, other.test.targets)


def test_the_names_are_many_plain_and_different():
    assert len(LISTED) == len(set(LISTED)) > 4_000
    assert all(name.isascii() and name.isalpha() and name.islower() and 2 <= len(name) <= 11
               for name in LISTED)


def test_what_a_memory_may_carry_is_told_step_by_step():
    adding, brackets = tasks.get("adding"), tasks.get("brackets")
    (row,), target = adding.sample("test", 0)
    sums = adding.running((row,))
    assert len(sums) == adding.length and sums[-1] == pytest.approx(float(target[0]))
    assert np.flatnonzero(np.diff(sums, prepend=0)).tolist() == np.flatnonzero(row[:,
                                                                                   1]).tolist(), "it jumps at the marks"
    inputs, depths = brackets.sample("test", 0)
    np.testing.assert_array_equal(brackets.running(inputs), depths)
    assert tasks.get("order").running(tasks.get("order").sample("test", 0)[0]) is None
