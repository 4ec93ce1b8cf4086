"""The lesson beside the pages: one step at a time, back, on, fold and leave; and the page Learn."""
from __future__ import annotations

import re
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dlviz import lessons, presets
from dlviz.classroom.teacher_key import teacher_secret
from dlviz.lessons import PageEvent
from dlviz.lessons.sites import CONTROLS, PAGES
from pages.ui.lesson.lights import SELECTORS
from pages.ui.shared import places, registry, state
from tests.pages.train_service import OWNER, FakeService

ROOT = Path(__file__).parents[2]
FIRST = "reads-your-digits"


@pytest.fixture
def service(monkeypatch) -> FakeService:
    made = FakeService()
    monkeypatch.setattr(state, "service", lambda: made)
    for command in ("switch_page", "page_link"):  # outside app.py there are no pages
        monkeypatch.setattr(st, command, lambda page, **more: None)
    return made


def beside(here: str) -> None:
    from pages.ui.lesson import panel

    panel.LessonPanel(here).draw()


def visit(lesson: str | None = FIRST, step: str = "", here: str = "build") -> AppTest:
    """The panel beside a page, with this lesson open at this step."""
    if lesson:
        lessons.record().begin(OWNER, lesson)
        if step:
            lessons.record().go(OWNER, lesson, step)
    at = AppTest.from_function(beside, kwargs={"here": here}, default_timeout=60)
    at.session_state["dlviz.visitor"] = OWNER
    at.run()
    assert not at.exception
    return at


def words(at: AppTest) -> str:
    return "\n".join(one.value for one in (*at.markdown, *at.caption))


def standing() -> str:
    return lessons.record().progress(OWNER, FIRST).step


def test_no_lesson_no_panel(service):
    assert "lesson.next" not in [button.key for button in visit(None).button]


def test_learn_welcomes_until_something_is_done(service):
    at = learn().run()
    assert not at.exception and "welcome.network" in [button.key for button in at.button]
    at.button(key="welcome.lesson").click().run()
    assert lessons.record().opened(OWNER) == FIRST
    assert "welcome.lesson" not in [button.key for button in learn().run().button]


def test_the_panel_shows_a_step_and_leads_on_and_back(service):
    at = visit()
    assert "Here is a network" in words(at) and at.button(key="lesson.back").disabled
    at.button(key="lesson.next").click().run()
    assert "Guess first" in words(at) and standing() == "untrained"
    assert at.button(key="lesson.next").label == "Skip", "nothing is answered yet, and nothing is barred"
    at.button(key="lesson.back").click().run()
    assert "Here is a network" in words(at) and standing() == "here-is-a-network"


def test_its_design_is_opened_and_can_be_undone(service):
    at = visit()
    before = state_of(at)
    at.button(key="lesson.open").click().run()
    assert not at.exception and state_of(at).training.epochs == 3 != before.training.epochs
    at.run()  # as the page does that it leads to
    assert "lesson.open" not in [button.key for button in at.button], "it is open"
    assert at.session_state["dlviz.design"].can_undo


def state_of(at: AppTest):
    return at.session_state["dlviz.design"].experiment


def test_a_prediction_is_stored_and_laid_under_the_count(service):
    at = visit(step="untrained")
    at.button_group(key="lesson.answer.reads-your-digits.untrained").set_value(2).run()
    assert lessons.record().progress(OWNER, FIRST).answers == {"untrained": 2}
    assert at.button(key="lesson.next").label == "Next"
    service.put("r", presets.get("mlp").experiment, state="done", created=9e9, step=645)
    lessons.record().go(OWNER, FIRST, "count")
    for number in range(5):
        lessons.record().note(OWNER, PageEvent("drawn", 9e9, "r", 0))
        at.run()
        assert f"{number + 1} of 5 so far" in words(at) or number == 4
    assert "Done" in words(at) and "You expected" not in words(at) and "so far" not in words(at)
    at.button_group(key="lesson.answer.reads-your-digits.count").set_value(1).run()
    assert "You expected **2** of 5 digits; it was **1**." in words(at)
    lessons.record().go(OWNER, FIRST, "untrained")
    at.run()
    assert at.button_group(key="lesson.answer.reads-your-digits.untrained").disabled, "the result is there"


def test_each_answer_of_a_why_has_its_reply(service):
    at = visit(step="what-has-changed")
    at.radio(key="lesson.answer.reads-your-digits.what-has-changed").set_value(1).run()
    assert "10.8 million pixels" in words(at)
    assert at.button(key="lesson.next").label == "Finish"


def test_it_can_be_folded_and_left_at_any_step(service):
    at = visit()
    at.button(key="lesson.fold").click().run()
    assert "lesson.next" not in [button.key for button in at.button]
    at.button(key="lesson.unfold").click().run()
    at.button(key="lesson.leave").click().run()
    assert lessons.record().opened(OWNER) is None and "lesson.next" not in [button.key for button in at.button]


def test_a_lesson_whose_file_has_gone_is_closed(service):
    at = visit("gone")
    assert lessons.record().opened(OWNER) is None and "lesson.next" not in [button.key for button in at.button]


def test_notes_for_the_teacher_are_never_sent(service):
    lesson = lessons.get(FIRST)
    for step in lesson.steps:
        at = visit(step=step.id)
        assert "somebody programmed" not in words(at).lower() and "**Beliefs.**" not in words(at)


def learn() -> AppTest:
    at = AppTest.from_file(str(ROOT / "pages" / "learn.py"), default_timeout=60)
    at.session_state["dlviz.visitor"] = OWNER
    return at


def test_learn_lists_all_lessons_with_how_far_they_are(service):
    lessons.record().begin(OWNER, FIRST)
    lessons.record().go(OWNER, FIRST, "train-it")
    at = learn().run()
    assert not at.exception
    for lesson in lessons.every():
        assert lesson.title in words(at)
    assert "step 3 of 8" in words(at) and at.button(key=f"learn.begin.{FIRST}").label == "Go on"
    lessons.record().go(OWNER, FIRST, "what-has-changed", done=True)
    assert "finished" in words(at.run()) and at.button(key=f"learn.begin.{FIRST}").label == "Again"


def test_learn_says_what_is_wrong_with_a_file(service):
    lessons.own_folder().mkdir(parents=True)
    (lessons.own_folder() / "mine.md").write_text("+++\n+++\n")
    assert "mine.md, line" in learn().run().warning[0].value.replace("\\", "")


def test_a_page_notes_what_was_done_once_and_only_in_a_lesson(service, monkeypatch):
    from pages.ui.shared import lesson

    monkeypatch.setattr(state, "visitor", lambda: OWNER)
    monkeypatch.setattr(st, "session_state", {})
    lesson.note("drawn", "r", 3, b"a", confidence=0.5)
    assert not lessons.record().events(OWNER)
    lessons.record().begin(OWNER, FIRST)
    for picture in (b"a", b"a", b"b"):
        lesson.note("drawn", "r", 3, picture, confidence=0.5)
    assert [dict(event.facts) for event in lessons.record().events(OWNER)] == [{"confidence": 0.5}] * 2


def test_lights_know_every_control_and_stand_on_the_pages():
    assert set(SELECTORS) == set(CONTROLS)
    assert set(PAGES) <= {place.name for place in (*places.DOORS, *places.OF_A_RUN)}
    code = "\n".join(path.read_text() for path in (ROOT / "pages").rglob("*.py"))
    for word, selector in SELECTORS.items():
        if word.startswith("study_"):
            continue
        for name in re.findall(r"st-key-([\w-]+)", selector):
            spelled = {name.replace("-", sign) for sign in ".-_"} | {name.replace("run-charts", "run.charts")}
            known = {f'"{one}' for one in spelled} | {f'"{name.split("-")[0]}.{{'}
            assert any(one in code for one in known), f"{word}: no control has the key of {name}"




def duplicated() -> AppTest:
    at = learn().run()
    at.selectbox(key="learn.copy.of").set_value("must-bend")
    at.button(key="learn.copy").click().run()
    assert not at.exception
    return at


def test_a_shipped_lesson_is_duplicated_edited_and_tried_as_a_student(service):
    at = duplicated()
    text = at.text_area(key="learn.copy.text").value
    assert 'id = "must-bend-mine"' in text
    at.text_area(key="learn.copy.text").set_value(text.replace("weight_layers = 5 and activations = 0",
                                                               "weigth_layers = 5 and activations = 0")).run()
    wrong = at.warning[0].value.replace("\\", "")
    assert re.search(r"your lesson, line \d+", wrong) and "Did you mean weight_layers?" in wrong
    assert "learn.copy.try" not in [button.key for button in at.button], "what cannot be read cannot be tried"
    at.text_area(key="learn.copy.text").set_value(text.replace("A disc in a ring", "My disc")).run()
    assert any("?made=" in code.value for code in at.code)
    at.button(key="learn.copy.try").click().run()
    assert not at.exception and lessons.record().opened(OWNER) == lessons.sharing.TRIED
    assert "My disc" in words(visit(None))


def test_a_lesson_of_ones_design_is_tried(service):
    at = learn().run()
    for key, text in (("title", "Mine"), ("idea", "One."), ("question", "How far?"), ("answers", "far\nnear"),
                      ("task", "Press **Play**."), ("why", "Why?"), ("reasons", "so\nnot so")):
        part = f"learn.make.{key}"
        (at.text_input if key in ("title", "idea") else at.text_area)(key=part).set_value(text)
    at.run()
    at.button(key="learn.make.try").click().run()
    assert not at.exception
    beside_it = visit(None)
    assert "How far?" in words(beside_it) and "Guess first" in words(beside_it)


def test_a_link_opens_the_lesson_for_who_has_it(service):
    at = learn()
    at.query_params["made"] = lessons.sharing.to_link(lessons.sharing.copied("must-bend"))
    at.run()
    assert not at.exception and lessons.record().opened(OWNER) == lessons.sharing.TRIED
    at = learn()
    at.query_params["made"] = "nonsense"
    assert "must be as it was copied" in at.run().error[0].value


def test_only_a_teacher_puts_a_lesson_on_the_page(service, monkeypatch):
    assert "learn.copy.save" not in [button.key for button in duplicated().button]
    monkeypatch.setattr(registry, "is_teacher", lambda device: True)  # a session that was one a moment ago
    at = duplicated()
    at.button(key="learn.copy.save").click().run()
    assert "must come from the teacher's own browser" in at.toast[0].value
    assert "must-bend-mine" not in [lesson.id for lesson in lessons.every()]
    registry.classroom().teach(teacher_secret(), OWNER)
    at.button(key="learn.copy.save").click().run()
    assert "must-bend-mine" in [lesson.id for lesson in lessons.every()]
