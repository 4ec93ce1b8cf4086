"""A weight that a browser asks to change: read strictly, asked for once, refused with a sentence."""
from __future__ import annotations

import pytest

from dlviz.errors import RunError
from dlviz.training.control import SetReward, SetWeight
from pages.ui.shared import state, weight_edits
from tests.pages.train_page import MLP, service  # noqa: F401

ANSWER = {"id": "1.1", "run": "run", "name": "hidden1.weight", "index": [3, 4], "value": 1.5}


@pytest.fixture
def session(monkeypatch, service) -> dict:
    """A session's memory, and what was shown as a message."""
    values: dict = {"toasts": []}
    monkeypatch.setattr(state, "session_value", lambda key, make: values.setdefault(key, make()))
    monkeypatch.setattr(state, "visitor", lambda: "me")
    monkeypatch.setattr(weight_edits.st, "toast", lambda text, icon: values["toasts"].append(text))
    service.put("run", MLP, owner="me")
    service.put("other", MLP, owner="me")
    return values


def test_a_wish_is_read():
    assert weight_edits.read("run", ANSWER) == ("1.1", SetWeight("hidden1.weight", (3, 4), 1.5))
    bias = ANSWER | {"name": "hidden1.bias", "value": 2, "index": [0]}
    assert weight_edits.read("run", bias) == ("1.1", SetWeight("hidden1.bias", (0,), 2.0))


@pytest.mark.parametrize("change", [
    {"id": 1}, {"run": "other"}, {"run": None}, {"id": "x" * 99}, {"name": None}, {"name": "n" * 999}, {"index": []},
    {"index": [1.0]}, {"index": ["1"]}, {"index": [True]}, {"index": [0] * 9}, {"index": "12"}, {"index": None},
    {"value": "1"}, {"value": True}, {"value": float("nan")}, {"value": float("inf")}, {"value": None}, {"value": [1]},
    {"value": 10**400}])
def test_what_is_no_wish_is_none(change):
    assert weight_edits.read("run", ANSWER | change) is None


@pytest.mark.parametrize("answer", [None, 7, "x", [], {}, {"id": "1"}, [ANSWER]])
def test_anything_can_come(answer):
    assert weight_edits.read("run", answer) is None


def test_each_wish_is_asked_for_once(session, service):
    for answer in (None, ANSWER, ANSWER, ANSWER | {"id": "1.2", "value": 0.5}, {"id": "1.3"}):
        weight_edits.take("run", answer)
    asked = SetWeight("hidden1.weight", (3, 4), 1.5), SetWeight("hidden1.weight", (3, 4), 0.5)
    assert service.posted == [("run", message) for message in asked]


def test_a_refusal_is_shown_once(session, service):
    service.refuse = RunError("A weight", "must be a number from -1 to 1", "5 was asked for", "Choose another number.")
    weight_edits.take("run", ANSWER)
    weight_edits.take("run", ANSWER)
    assert len(session["toasts"]) == 1 and "5 was asked for" in session["toasts"][0]


def test_the_last_wish_of_one_run_is_none_of_another(session, service):
    weight_edits.take("run", ANSWER)
    weight_edits.take("other", ANSWER)
    assert [run for run, _ in service.posted] == ["run"]


def test_a_wish_for_another_reward_is_read():
    wish = {"id": "1.5", "run": "run", "row": 2, "column": 3, "value": -1}
    assert weight_edits.read("run", wish) == ("1.5", SetReward(2, 3, -1.0))
    for change in ({"row": True}, {"column": "3"}, {"value": None}, {"value": float("nan")}, {"run": "other"},
                   {"id": "x" * 99}, {"row": 1.0}):
        assert weight_edits.read("run", wish | change) is None
