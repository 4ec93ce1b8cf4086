"""No lesson rots: who does it as it is meant earns each of its ticks, who does it wrong earns none."""
from __future__ import annotations

import os

import pytest

from dlviz import lessons
from dlviz.lessons import LessonRecord
from dlviz.runs.service import RunService
from dlviz.runs.storage.store import Store
from tests.engine.lesson_answers import MODELS, WRONGS
from tests.engine.lesson_player import Player

SHIPPED = [lesson.id for lesson in lessons.every() if not lesson.own]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """One service and one record for all lessons; each has an owner of its own."""
    home = tmp_path_factory.mktemp("home")
    before, os.environ["DLVIZ_HOME"] = os.environ.get("DLVIZ_HOME"), str(home)
    service, record = RunService(store=Store(home)), LessonRecord(home)
    os.environ["DLVIZ_HOME"] = before or ""
    service.seals.add(lessons.sealing.rule(record))
    yield service, record
    service.close()
    record.close()


def test_each_lesson_has_both():
    assert set(MODELS) == set(WRONGS) == set(SHIPPED)


@pytest.mark.parametrize("lesson", SHIPPED)
def test_the_model_answer_earns_each_tick(place, lesson: str):
    player = Player(*place, lessons.get(lesson), f"model of {lesson}")
    MODELS[lesson](player)
    missing = [step for step, earned in player.earned().items() if not earned]
    assert missing == []


@pytest.mark.parametrize("lesson", SHIPPED)
def test_a_wrong_answer_earns_none(place, lesson: str):
    player = Player(*place, lessons.get(lesson), f"wrong of {lesson}")
    WRONGS[lesson](player)
    assert [step for step, earned in player.earned().items() if earned] == []
