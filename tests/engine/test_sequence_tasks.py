"""Tasks over symbols and time: every sample against a slow obvious implementation, splits, what users type."""
from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from dlviz import tasks
from dlviz.errors import TaskError
from dlviz.tasks import SequenceTask, Stepwise, keep, names, voice

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


def _facts(task, inputs, target):
    told = dict(fact.split(": ") for fact in inputs[0])
    assert len(told) == task.facts and (told[inputs[1][0].removesuffix("?")],) == target


def _brackets(task, inputs, target):
    open_now = 0
    for bracket, depth in zip(inputs[0], target, strict=True):
        open_now += 1 if bracket == "(" else -1
        assert 0 <= open_now <= task.depth and depth == str(open_now)


def _order(task, inputs, target):
    marks = [(place, letter) for place, letter in enumerate(inputs[0]) if letter in "XY"]
    (first, one), (second, two) = marks
    assert (one + two,) == target and first < 0.3 * task.length < 0.45 * task.length < second < 0.75 * task.length


def _adding(task, inputs, target):
    marked = [(place, float(word[:-1])) for place, word in enumerate(inputs[0]) if word.endswith("*")]
    (first, one), (second, two) = marked
    assert first < task.length // 2 <= second and abs(one + two - float(target[0])) < 0.02
    assert all(0 <= float(word.removesuffix("*")) <= 1 for word in inputs[0])


def _forecast(task, inputs, target):
    assert list(inputs[0]) == [f"-{ago}" for ago in range(task.window - 1, 0, -1)] + ["now"] and len(target) == 1


def _rows(task, inputs, target):
    assert list(inputs[0]) == [f"{task.by[:-1]} {number}" for number in range(1, 29)] and target[0] in "0123456789"


def _speech(task, inputs, target):
    assert inputs[0][:3] == ("0 ms", "16 ms", "32 ms") and target[0] in voice.DIGITS


SLOW: dict[str, Callable] = {"reverse": _reverse, "sort": _sort, "addition": _addition, "dates": _dates, "keep": _keep,
                             "names": _names,
                             "facts": _facts, "brackets": _brackets, "order": _order,
                             "adding": _adding, "sine": _forecast, "airline": _forecast, "rows": _rows, "speech": _speech}

SMALL = {  # other fields than the defaults, held to the same checks
    "reverse": {"length": 4}, "sort": {"length": 5, "letters": 10}, "addition": {"digits": 4}, "dates": {"forms": 2},
    "keep": {"length": 5, "kept": 8}, "facts": {"facts": 2}, "brackets": {"length": 15, "depth": 2},
    "order": {"length": 11}, "names": {"longest": 6}, "adding": {"length": 11},
    "sine": {"window": 8, "period": 7.5, "noise": 0.01}, "airline": {"window": 12}, "rows": {"by": "columns"},
    "speech": {"samples": 500, "noise": 0.1}}

START = ["start"]
READ = {  # what somebody types -> the words of the inputs that come of it, the answer still blank
    "reverse": [("31415 92653", [list("3141592653")])],
    "sort": [("CAB bca", [[*"cabbca", *"aaaaa"]])],
    "addition": [("7+35", [list("07+35=00")]), (" 99 + 1 = ", [list("99+01=00")])],
    "dates": [("12  March 1998", [[*"12_march_1998·····"], START * 10]),
              ("31.12.2049", [[*"31.12.2049········"], START * 10])],
    "keep": [("The storm and THE mayor of the school was there then fire",
              ["the storm and the mayor of the school was there then fire".split(), START * 4])],
    "names": [("Ma", [[*".ma", *"." * 9]]), ("", [["."] * 12])],
    "facts": [("ada hat, ben cat, cleo hat, finn egg. hugo book; Hugo?",
               [["ada: hat", "ben: cat", "cleo: hat", "finn: egg", "hugo: book"], ["hugo?"]])],
    "adding": [("1* 0.25* " + "0 " * 28, [["1.00*", "0.25*"] + ["0.00"] * 28])],
    "rows": [(" 7 ", [[f"row {number}" for number in range(1, 29)]])],
    "speech": [("Seven high", [[f"{16 * step} ms" for step in range(49)]]), ("3", [[f"{16 * step} ms" for step in range(49)]])],
    "sine": [("0, 1 " * 12, [[f"-{ago}" for ago in range(23, 0, -1)] + ["now"]])],
    "airline": [("112 1e2 " * 12, [[f"-{ago}" for ago in range(23, 0, -1)] + ["now"]])],
    "brackets": [("(())" * 6, [list("(())" * 6)])],
    "order": [("abcX" + "d" * 13 + "Y" + "c" * 12, [list("abcX" + "d" * 13 + "Y" + "c" * 12)])],
}

REFUSED = {  # what somebody types -> what the sentence says
    "reverse": [("31415926x3", "'x' is none of them. Type for instance '3141592653'."), ("12", "but 2 were typed"),
                ("", "but 0 were typed"), ("1", "but 1 was typed")],
    "sort": [("abcabz", "knows the symbols a b c, but 'z' is none"), ("abc", "takes 6 symbols, but 3 were typed")],
    "addition": [("12", "two whole numbers with a plus between, but '12' was typed"), ("", "but '' was typed"),
                 ("1+234", "numbers of 2 digits at most, but one of 3"), ("-1+2", "whole numbers"), ("²+1", "'²+1'")],
    "dates": [("12 márc 1998", "'á' is none of them"), ("on the 30 of september 1998", "6 to 18 characters, but 27"),
              ("1 2", "but 3 were typed")],
    "keep": [("the storm", "takes 12 symbols, but 2 were typed"), ("the " * 12, "but this one has 0"),
             ("the dog " * 6, "'dog' is none of them")],
    "names": [("zoë", "'ë' is none of them"), ("a.b", "'.' is none"), ("maximilianus", "11 letters at most, but 12")],
    "facts": [("ada hat", "a question, but there are 0"), ("", "there are 0 before the last"),
              ("ada hat, ben, ada?", "two words, a person and a thing, but 'ben' came"),
              ("ada hat, ada cat, ben hat, dan hat, eva hat. ada?", "somebody is named twice"),
              ("ada hat, hugo cat, ben hat, dan hat, eva hat. finn?", "the question is 'finn'"),
              ("ada hat, hugo cat, ben hat, dan hat, eva hat. tom?", "'tom' is none of them")],
    "adding": [("0.5* 0.5*", "takes 30 numbers with spaces between, but 2 came"), ("0.5* " * 30, "but 30 are marked"),
               ("0.5 " * 29 + "a*", "'a' is none"), ("0.5 " * 29 + "nan", "nan is not between"), ("0.5 " * 29 + "-1*", "-1 is")],
    "rows": [("eight", "takes one digit and shows a test picture of it, but 'eight' was typed"), ("", "but '' was typed")],
    "speech": [("ten", "'ten' is none of them"), ("", "'' is none of them"), ("two quickly", "low, high, slow, fast, but 'quickly'")],
    "sine": [("0.5", "takes 24 numbers, but 1 was typed"), ("inf " * 24, "from -3 to 3, but inf"), ("", "but 0 were typed"),
             ("half " * 24, "takes numbers, but 'half' is none")],
    "airline": [("0 " * 24, "from 1 to 100000, but 0 is not"), ("112 " * 25, "but 25 were"),
                ("nan " * 24, "but nan is not between")],
    "brackets": [("()" * 11 + "))", "the one at place 23 closes none"), ("(((((" + ")" * 19, "at most, but place 5 is one deeper")],
    "order": [("X" * 30, "but this one has 30"), ("a" * 31, "but 31 were typed")],
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
            assert np.array_equal(solved, target) if name in SOLVED else solved is None, (solved, target)


SOLVED = set(SEQUENCE_TASKS) - {"names", "sine", "airline", "rows", "speech"}


def test_a_typed_date_is_solved_only_where_it_is_one():
    task = tasks.get("dates")
    for text, expected in (("3/4/1999", None), ("31 february 1998", None), ("12 march 98", None), ("1 mai 2000", None),
                           ("1 may 2000", "2000-05-01"), ("may 1, 2000", "2000-05-01"), ("dec 31 49", "2049-12-31"),
                           ("dec 31 50", "1950-12-31"), ("2011/11/1", "2011-11-01"), ("01.02.2003", "2003-02-01")):
        solved = task.solve(task.read(text))
        assert expected == (None if solved is None else "".join(task.say(solved)))


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
    assert cls.sentence().endswith((".", "?")) and len(cls.sentence()) > 30
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


def test_the_names_are_many_plain_and_different():
    assert len(LISTED) == len(set(LISTED)) > 4_000
    assert all(name.isascii() and name.isalpha() and name.islower() and 2 <= len(name) <= 11 for name in LISTED)
