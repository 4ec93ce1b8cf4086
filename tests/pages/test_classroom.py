"""The class page without a browser: two sessions, a teacher's and a learner's, each with what it may do and no more."""
from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dlviz import lessons, presets
from dlviz.classroom import exercises, polls, records, wiping
from dlviz.classroom.teacher_key import teacher_secret
from dlviz.lessons import questions
from pages.ui.classroom import projector, wall
from pages.ui.shared import registry, state
from tests.pages.train_service import FakeService

APP = str(Path(__file__).parents[2] / "app.py")
TEACHER, ANN, BEN = "v1-the-teacher", "v1-ann", "v1-ben"
MLP = presets.get("mlp").experiment


@pytest.fixture
def service(monkeypatch) -> FakeService:
    class NoStudies:
        def list(self, owner):
            return ()

    made = FakeService()
    monkeypatch.setattr(state, "service", lambda: made)
    monkeypatch.setattr(wiping.studies, "of", lambda service: NoStudies())
    return made


@pytest.fixture
def visit(service):
    """`visit(device, **query)` opens the class page in a session of its own."""
    def open_page(device: str, **query: str) -> AppTest:
        at = AppTest.from_file(APP, default_timeout=60)
        at.session_state["dlviz.visitor"] = device
        at.run()
        at.switch_page("pages/classroom.py")
        for name, value in query.items():
            at.query_params[name] = value
        at.run()
        assert not at.exception
        return at

    return open_page


def texts(at: AppTest) -> str:
    parts = [*at.title, *at.markdown, *at.caption, *at.warning, *at.error, *at.info, *at.success, *at.toast]
    return "\n".join(str(part.value).replace("\\", "").replace("\N{WORD JOINER}", "") for part in parts)


def data(at: AppTest, name: str) -> dict:
    """What the component of this name was given last."""
    found = [element for element in at.get("bidi_component") if element.proto.component_name == name]
    return json.loads(json.loads(found[-1].proto.json)["json"])


def opened(visit) -> tuple[AppTest, str]:
    teacher = visit(TEACHER, teacher=teacher_secret())
    teacher.button(key="class.open").click().run()
    return teacher, re.search(r"Class ([A-Z]{5})", texts(teacher))[1]


def joined(visit, code: str, device: str = ANN) -> AppTest:
    learner = visit(device)
    learner.text_input(key="class.code").set_value(code)
    button(learner, "Join").click().run()
    assert not learner.exception
    return learner


def framed(at: AppTest) -> AppTest:
    """The same session, through app.py: a test that opens a page has that page alone."""
    at.switch_page(APP).run()
    assert not at.exception
    return at


def button(at: AppTest, label: str):
    return next(one for one in at.button if one.label == label)


def test_without_the_link_nobody_is_a_teacher(visit):
    at = visit(ANN)
    assert "Join a class" in texts(at) and "Teacher's link" in texts(at)
    assert "class.open" not in [one.key for one in at.button]


def test_a_wrong_link_is_a_sentence_and_makes_no_teacher(visit):
    at = visit(ANN, teacher="a-guess")
    assert "this one does not" in texts(at) and "Join a class" in texts(at)
    assert "teacher" not in at.query_params


def test_the_link_makes_a_teacher_and_leaves_the_address(visit):
    at = visit(TEACHER, teacher=teacher_secret())
    assert "No class is open" in texts(at) and "teacher" not in at.query_params
    assert "No class is open" in texts(visit(TEACHER)), "without the link from now on"


def test_a_learner_joins_by_code_and_is_on_the_wall(visit):
    teacher, code = opened(visit)
    learner = joined(visit, code.lower())
    name = re.search(r"You are (\w+ \w+)", texts(learner))[1]
    teacher.run()
    tile, = data(teacher, "dlviz_wall")["tiles"]
    assert tile["name"] == name and tile["sign"] == "todo"
    assert data(framed(learner), "dlviz_seat")["name"] == name


def test_a_wrong_code_is_a_sentence(visit):
    opened(visit)
    at = joined(visit, "nope")
    assert "Read it once more from the projector" in texts(at) and "Join a class" in texts(at)


def test_the_code_comes_with_the_address(visit):
    _, code = opened(visit)
    assert visit(ANN, code=code).text_input(key="class.code").value == code


def test_what_is_made_in_a_class_is_the_seats_and_the_session_begins_anew(visit, service):
    service.put("before", MLP, owner=ANN, name="of the last pupil here")
    _, code = opened(visit)
    learner = visit(ANN)
    learner.session_state["dlviz.run"] = "before"
    learner.text_input(key="class.code").set_value(code)
    button(learner, "Join").click().run()
    assert "dlviz.run" not in framed(learner).session_state
    learner.switch_page("pages/runs.py").run()
    assert "of the last pupil here" not in texts(learner) and "No runs yet" in texts(learner)
    learner.switch_page("pages/classroom.py").run()
    learner.button(key="class.leave").click().run()
    framed(learner).switch_page("pages/runs.py").run()
    assert [link.value for link in learner.page_link if "last pupil" in link.value]


def test_a_name_is_drawn_anew_twice(visit):
    _, code = opened(visit)
    learner = joined(visit, code)
    assert "Another name (2 times left)" in [one.label for one in learner.button]
    learner.button(key="class.reroll").click().run()
    learner.button(key="class.reroll").click().run()
    assert "class.reroll" not in [one.key for one in learner.button]


def test_seat_words_lead_to_the_seat_on_another_device(visit):
    _, code = opened(visit)
    learner = joined(visit, code)
    words = next(part.value.removeprefix("### ") for part in learner.markdown if part.value.startswith("### "))
    other = visit(BEN)
    other.text_input(key="class.words").set_value(words)
    button(other, "Take my seat along").click().run()
    assert re.search(r"You are (\w+ \w+)", texts(other))[0] in texts(learner)


def test_nothing_on_the_projector_tells_who_is_who(visit, service):
    teacher, code = opened(visit)
    learner = joined(visit, code)
    seat = registry.classroom().seat_of(ANN)
    service.put("hers", MLP, owner=seat.owner, step=50)
    teacher.selectbox(key="class.showing").set_value("wall").run()
    at = visit(TEACHER, room=seat.room, show="projector")
    shown = json.dumps(data(at, "dlviz_projector"))
    name = data(framed(learner), "dlviz_seat")["name"]
    assert data(at, "dlviz_projector")["tiles"][0]["curve"]
    for secret in (name, seat.id, seat.owner, seat.words, "hers"):
        assert secret not in shown
    teacher.toggle(key="class.named").set_value(True).run()
    assert name in json.dumps(data(visit(TEACHER, room=seat.room, show="projector"), "dlviz_projector"))


def test_a_learner_who_asks_for_the_projector_sees_their_seat(visit):
    _, code = opened(visit)
    joined(visit, code)
    at = visit(ANN, room=registry.classroom().seat_of(ANN).room, show="projector")
    assert "You are" in texts(at)
    assert not [one for one in at.get("bidi_component") if "projector" in one.proto.component_name]


def test_a_session_that_has_lost_its_rights_gets_a_sentence_for_each_wish(visit):
    teacher, _ = opened(visit)
    registry.classroom().stop_teaching(TEACHER)  # in another tab
    teacher.button(key="class.pause").click().run()
    assert "must come from the teacher's own browser" in texts(teacher)
    assert "Join a class" in texts(teacher)


def test_a_pause_is_on_every_screen(visit):
    teacher, code = opened(visit)
    joined(visit, code)
    teacher.button(key="class.pause").click().run()
    assert registry.classroom().pulse(ANN, 0.0)["paused"] and not registry.classroom().pulse(BEN, 0.0)["paused"]
    teacher.button(key="class.pause").click().run()
    assert not registry.classroom().pulse(ANN, 0.0)["paused"]


def test_who_waits_is_let_in(visit):
    teacher, code = opened(visit)
    teacher.selectbox(key="class.admission").set_value("ask").run()
    learner = joined(visit, code)
    assert "Your teacher will let you in" in texts(learner)
    teacher.run()
    assert data(teacher, "dlviz_wall")["tiles"][0]["waiting"]
    teacher.button(key="class.admit.all").click().run()
    assert "Your teacher will let you in" not in texts(learner.run())


def ending() -> None:
    """A page that is nothing but the small window; AppTest cannot reach one behind a button."""
    from pages.ui.classroom import teacher
    from pages.ui.shared import registry, state

    rooms = registry.classroom().rooms(state.device())
    if rooms:
        teacher._end(rooms[0])


def test_the_end_asks_first_and_then_wipes(visit, service):
    _, code = opened(visit)
    learner = joined(visit, code)
    service.put("hers", MLP, owner=registry.classroom().seat_of(ANN).owner)
    at = AppTest.from_function(ending, default_timeout=60)
    at.session_state["dlviz.visitor"] = TEACHER
    at.run()
    assert "cannot be undone" in texts(at) and service.infos
    at.button(key="class.end.sure").click().run()
    assert not at.exception and not service.infos
    assert "Join a class" in texts(learner.run())


def test_the_address_is_read_by_a_phone():
    rows = projector.qr("http://192.168.1.20:8501/class?code=KCXTR")
    assert len(rows) == len(rows[0]) and not set("".join(rows)) - {"0", "1"}
    assert set(rows[0]) == {"0"} and rows[2][2:9] == "1111111", "a quiet zone, then the corner's mark"


# together

def seated(service, code_of) -> None:
    """Ann has a finished run of the class's jigsaw."""
    seat = registry.classroom().seat_of(ANN)
    service.put("hers", code_of(seat), owner=seat.owner, step=500, state="done", val_accuracy=0.9,
                best_val_accuracy=0.9, test_accuracy=0.88, name="rude words")


def on_projector(visit, room: str, view: str) -> dict:
    registry.classroom().change(room, TEACHER, showing=view)
    wall._walls.clear()  # it is made once a second at most
    return data(visit(TEACHER, room=room, show="projector"), "dlviz_projector")


def test_a_study_is_shared_out_and_swept(visit, service):
    teacher, code = opened(visit)
    learner = joined(visit, code)
    teacher.selectbox(key="class.jigsaw.path").set_value(("training", "optimizer", "learning_rate")).run()
    teacher.text_input(key="class.jigsaw.values.training.optimizer.learning_rate").set_value("0.1, 0.01").run()
    teacher.button(key="class.hand_out").click().run()
    assert not teacher.exception and "Handed out: learning rate, 0.1, 0.01" in texts(teacher)
    assert "learning rate 0.1" in texts(learner.run())
    own = registry.classroom().seat_of(ANN)
    jigsaw = registry.classroom().room_of(own).jigsaw
    seated(service, lambda seat: exercises.part(jigsaw, seat.part).experiment)
    chart = on_projector(visit, own.room, "sweep")["chart"]
    assert chart["columns"] == ["0.1", "0.01"] and chart["low"] == 0.8
    assert [(dot["x"][0], dot["y"]) for dot in chart["dots"]] == [(0, 0.9)]
    teacher.button(key="class.take_back").click().run()
    assert "learning rate 0.1" not in texts(learner.run())


def sketched(owner: str) -> None:
    lessons.record().answer(owner, "size-of-a-step", "loss", {"train_loss": [0.5] * questions.POINTS})


def test_sketches_lie_dashed_under_the_curves_of_the_class(visit, service):
    teacher, code = opened(visit)
    joined(visit, code)
    own = registry.classroom().seat_of(ANN)
    teacher.selectbox(key="class.lesson").set_value("size-of-a-step").run()
    service.put("hers", MLP, owner=own.owner, step=50)
    assert "Dashed" not in on_projector(visit, own.room, "curves")["chart"]["note"]
    sketched(own.owner)
    chart = on_projector(visit, own.room, "curves")["chart"]
    sketch, curve = chart["lines"]
    assert sketch["sketch"] and not curve.get("sketch") and "Dashed: 1" in chart["note"]
    assert sketch["x"][-1] == service.get("hers").planned_steps and set(sketch["y"]) == {1.5}, "half of an axis to 3"


def test_what_the_class_answers_is_on_the_projector(visit, service):
    teacher, code = opened(visit)
    joined(visit, code)
    own = registry.classroom().seat_of(ANN)
    assert on_projector(visit, own.room, "answers")["answers"]["note"] == "Choose a lesson that asks something."
    teacher.run()
    teacher.selectbox(key="class.lesson").set_value("size-of-a-step").run()
    assert not teacher.exception
    sketched(own.owner)
    shown = on_projector(visit, own.room, "answers")
    assert shown["answers"]["title"] == "Draw the loss" and len(shown["chart"]["lines"]) == 1
    teacher.selectbox(key="class.asked").set_value("why").run()
    lessons.record().answer(own.owner, "size-of-a-step", "why", 1)
    shown = on_projector(visit, own.room, "answers")
    assert shown["chart"] is None and [row["count"] for row in shown["answers"]["rows"]] == [0, 1, 0]
    assert shown["answers"]["note"] == "1 answer of 1"


def test_the_pace_is_set_by_the_teacher_and_holds_on_the_learners_page(visit, service):
    teacher, code = opened(visit)
    learner = joined(visit, code)
    teacher.selectbox(key="class.lesson").set_value("size-of-a-step").run()
    teacher.slider(key="class.pace").set_value((2, 2)).run()
    assert not teacher.exception
    framed(learner)
    assert learner.button(key="lesson.back").disabled and learner.button(key="lesson.next").disabled
    assert "Draw the loss" in texts(learner) and "Your teacher opens the next step" in texts(learner)
    teacher.slider(key="class.pace").set_value((2, 3)).run()
    learner.run()
    learner.button(key="lesson.next").click().run()
    assert "Train it too fast" in texts(learner)


def test_values_that_cannot_be_shared_out_are_a_sentence(visit):
    teacher, _ = opened(visit)
    teacher.selectbox(key="class.jigsaw.path").set_value(("training", "optimizer", "learning_rate")).run()
    teacher.text_input(key="class.jigsaw.values.training.optimizer.learning_rate").set_value("0.1, fast").run()
    teacher.button(key="class.hand_out").click().run()
    assert "'fast' is none" in texts(teacher) and "Handed out" not in texts(teacher)


def test_a_learner_trains_their_part(visit, service):
    teacher, code = opened(visit)
    learner = joined(visit, code)
    teacher.button(key="class.hand_out").click().run()
    learner.run()
    learner.button(key="class.part").click().run()
    assert not learner.exception
    own = registry.classroom().seat_of(ANN)
    run, = service.list(own.owner)
    assert run.experiment.trains_as(exercises.part(registry.classroom().room_of(own).jigsaw, own.part).experiment)


def test_the_board_keeps_test_results_sealed_and_learners_apart(visit, service):
    teacher, code = opened(visit)
    learner = joined(visit, code)
    room = registry.classroom().seat_of(ANN).room
    teacher.number_input(key="class.board.parameters").set_value(200_000).run()
    teacher.button(key="class.board.set").click().run()
    assert "No run of yours counts yet" in texts(learner.run())
    seated(service, lambda seat: MLP)
    board = on_projector(visit, room, "board")["board"]
    assert [(row["rank"], row["accuracy"], row["test"], row["name"]) for row in board["rows"]] == [
        ("1", "90.00 %", "", "")]
    assert "You are number 1 of 1" in texts(learner.run())
    teacher.run()
    teacher.button(key="class.board.open").click().run()
    assert on_projector(visit, room, "board")["board"]["rows"][0]["test"] == "88.00 %"


@pytest.mark.parametrize("view", ["curves", "sweep", "board", "run", "cards", "poll"])
def test_an_empty_view_says_what_to_do(visit, view):
    opened(visit)
    room, = registry.classroom().rooms(TEACHER)
    shown = on_projector(visit, room.id, view)
    notes = [shown[part]["note"] for part in ("chart", "board", "answers") if shown.get(part)]
    assert all(notes) and (notes or view in ("run", "cards"))


def test_nothing_that_a_learner_typed_comes_on_the_projector(visit, service):
    _, code = opened(visit)
    joined(visit, code)
    own = registry.classroom().seat_of(ANN)
    named = MLP.model_copy(update={"name": "rude words"})
    seated(service, lambda seat: named)
    card = records.freeze(own, "card", service.snapshot("hers"), 109_386, "rude words")
    registry.classroom().cards.freeze(card, TEACHER)
    registry.classroom().change(own.room, TEACHER, spotlight="hers", lit=own.id, named=True)
    for view in ("wall", "curves", "run", "cards"):
        assert "rude words" not in json.dumps(on_projector(visit, own.room, view)), view


def test_a_spotlight_stands_on_the_learners_pages_as_well(visit, service):
    _, code = opened(visit)
    learner = joined(visit, code)
    seated(service, lambda seat: MLP)
    own = registry.classroom().seat_of(ANN)
    assert on_projector(visit, own.room, "curves")["chart"]["note"] == "The newest run of 1 student: 1 good"
    registry.classroom().change(own.room, TEACHER, spotlight="hers")
    assert "Draw into it" in [link.value for link in learner.run().page_link]
    service.delete("hers", own.owner)
    assert "there is none of this name" in texts(learner.run())
    assert "Choose a tile" in json.dumps(on_projector(visit, own.room, "run"))


def test_handing_in_reaches_the_teacher(visit, service):
    teacher, code = opened(visit)
    learner = joined(visit, code)
    seated(service, lambda seat: MLP)
    learner.run()
    learner.text_area(key="class.hand_in.sentence").set_value("It *learns*.")
    button(learner, "Hand in").click().run()
    assert not learner.exception and "You can hand in again" in texts(learner)
    teacher.run()
    assert "It *learns*." in texts(teacher)


def test_a_run_of_somebody_else_cannot_be_handed_in(visit, service):
    _, code = opened(visit)
    learner = joined(visit, code)
    seated(service, lambda seat: MLP)
    learner.run()
    service.become("hers", owner=BEN)  # what a session may have been sent in place of one's own
    button(learner, "Hand in").click().run()
    assert not registry.classroom().cards.handed_in(ANN)
    assert "somebody else did" in texts(learner)


def polled(visit) -> tuple[AppTest, str, str]:
    """A class that was asked something, and its name."""
    teacher, code = opened(visit)
    teacher.text_input(key="class.poll.question").set_value("Which one learns faster?")
    teacher.text_area(key="class.poll.options").set_value("the wide one\nthe deep one\n")
    teacher.button(key="class.poll.ask").click().run()
    assert not teacher.exception
    return teacher, code, registry.classroom().rooms(TEACHER)[0].id


def test_a_class_votes_with_one_tap_and_the_projector_hides_the_bars_until_the_teacher_shows_them(visit, service):
    teacher, code, room = polled(visit)
    ann, ben = (framed(joined(visit, code, device)) for device in (ANN, BEN))
    assert "Which one learns faster?" in texts(ann)
    button(ann, "the deep one").click().run()
    button(ben, "the deep one").click().run()
    button(ben, "the wide one").click().run()
    assert "This is your vote" in texts(ben) and "1 vote" not in texts(ben)
    scene = data(visit(TEACHER, room=room, show="projector"), "dlviz_projector")
    assert [(row["word"], row["count"]) for row in scene["answers"]["rows"]] == [("the wide one", None),
                                                                                 ("the deep one", None)]
    assert scene["answers"]["note"] == "2 votes of 2."
    teacher.run()
    teacher.button(key="class.poll.show").click().run()
    scene = data(visit(TEACHER, room=room, show="projector"), "dlviz_projector")
    assert [row["count"] for row in scene["answers"]["rows"]] == [1, 1]
    teacher.button(key="class.poll.close").click().run()
    ann.run()
    assert "The vote is closed" in texts(ann) and button(ann, "the wide one").disabled


def test_a_vote_that_comes_after_closing_is_a_sentence(visit, service):
    teacher, code, _ = polled(visit)
    ann = framed(joined(visit, code, ANN))
    teacher.run()
    teacher.button(key="class.poll.close").click().run()
    button(ann, "the deep one").click().run()  # the page was drawn while it was open
    assert "it is not open now" in texts(ann)
    teacher.run()
    assert "0 votes" in texts(teacher)


def test_what_cannot_be_asked_is_a_sentence_and_a_question_of_the_lesson_is_taken_over(visit, service):
    teacher, _ = opened(visit)
    teacher.button(key="class.poll.ask").click().run()
    assert "2 to 5 different options" in texts(teacher)
    lesson = next(lesson for lesson in lessons.every() if polls.takeable(lesson))
    teacher.selectbox(key="class.lesson").set_value(lesson.id).run()
    step = polls.takeable(lesson)[0]
    teacher.selectbox(key="class.poll.lesson").set_value(step.id).run()
    assert teacher.text_input(key="class.poll.question").value == step.title
    teacher.button(key="class.poll.ask").click().run()
    assert registry.classroom().rooms(TEACHER)[0].poll.options == tuple(one.text for one in step.question.options)
