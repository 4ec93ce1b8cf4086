"""Lessons are read as written, what is wrong in one is said with its line, ticks look at runs and events."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlviz import lessons, presets
from dlviz.errors import LessonError
from dlviz.lessons import curves, documentation, questions, ticks
from dlviz.lessons.expressions import parse_sum, parse_tick
from dlviz.lessons.lesson import UNITS
from dlviz.lessons.moments import Evidence, Moment, PageEvent, RunMoment
from dlviz.lessons.record import EVENTS, LessonRecord
from dlviz.lessons.ticks import Ground
from dlviz.lessons.words import FACTS, NUMBERS, TEXTS, VOCABULARY
from dlviz.lessons.writing import LessonDraft, file_name, written
from dlviz.runs.info import RunInfo, Snapshot
from dlviz.training import events as ev
from tests.engine.lesson_player import changed

ROOT = Path(__file__).parents[2]
FRONT = """+++
id = "mine"
title = "Mine"
unit = "A"
number = 1
minutes = 5
idea = "An idea."

[designs.small]
preset = "mlp"
epochs = 1
+++
"""
GUESS = """## Guess
predict: number 0 to 5 digits

How many?
"""
MLP = presets.get("mlp").experiment


def run(name: str = "r", at: float = 1.0, experiment=MLP, state: str = "done", step: int = 10, losses=(2.0, 1.0),
        evaluations=(), marks=(), **values) -> RunMoment:
    """A run as the service tells of it."""
    known = [ev.Evaluated(step, loss, accuracy, 100) for step, loss, accuracy in evaluations]
    empty = dict.fromkeys(("position", "loss", "accuracy", "val_loss", "val_accuracy", "best_val_accuracy",
                           "test_accuracy", "parent"))
    info = RunInfo(**(empty | {"id": name, "owner": "o", "name": name, "created": at, "updated": at, "state": state,
                               "sentence": "", "experiment": experiment, "step": step, "planned_steps": 10,
                               "note": ""} | values))
    steps = np.arange(1, len(losses) + 1)
    train = {"step": steps, "loss": np.array(losses, np.float32), "accuracy": np.zeros(len(losses), np.float32),
             "learning_rate": np.zeros(len(losses), np.float32)}
    snapshot = Snapshot(info, step, 0, train, tuple(known), tuple(marks), None, None, (), None, None, False, None, 1)
    return RunMoment(snapshot)


def earned(text: str, *runs: RunMoment, events: tuple[PageEvent, ...] = ()) -> tuple[Evidence, ...] | None:
    return ticks.earned(parse_tick(text, VOCABULARY), Ground(runs, events))


# files

def test_a_lesson_is_read_as_it_is_written():
    lesson = lessons.read(FRONT + GUESS + """
## Try it
observe:
page: build
opens: small
light: play curve
tick: state = done and val_accuracy >= 90%
compares: guess = val_accuracy * 5

Press **Play**.

## For the teacher
Secret notes.
""", "mine.md")
    assert [step.id for step in lesson.steps] == ["guess", "try-it"]
    assert lesson.designs["small"].training.epochs == 1
    question = lesson.steps[0].question
    assert question and (question.low, question.high, question.unit) == (0, 5, "digits")
    observe = lesson.steps[1]
    assert observe.light == ("play", "curve") and observe.opens == "small" and observe.text == "Press **Play**."
    assert observe.compares and observe.compares.step == "guess" and observe.compares.measured
    assert lesson.teacher == "Secret notes." and "Secret" not in "".join(step.text for step in lesson.steps)


@pytest.mark.parametrize(("text", "says"), [
    ("", "line 1: the lesson begins with TOML"),
    (FRONT.replace("minutes = 5", "minutes = five"), "line 6: the front matter is TOML"),
    (FRONT.replace("minutes", "minuets") + GUESS, "Did you mean minutes?"),
    (FRONT.replace('"A"', '"Q"') + GUESS, "the unit 'Q' is one that there is"),
    (FRONT.replace('preset = "mlp"', 'preset = "nlp"') + GUESS, "the preset 'nlp' must be one of"),
    (FRONT.replace("epochs = 1", "epoch = 1") + GUESS, "Did you mean epochs?"),
    (FRONT, "has 1 to 20 steps"),
    (FRONT + "## Guess\npredikt: number 0 to 5\n", "Did you mean predict?"),
    (FRONT + "## Guess\npredict: numbr 0 to 5\n", "line 14: the form of a question 'numbr'"),
    (FRONT + "## Guess\npredict: number 5 to 0\n", "Write the lowest and the highest"),
    (FRONT + "## Guess\npredict: choice\n\n- one\n", "has 2 to 8 lines"),
    (FRONT + "## Do\ndo:\npage: drawing\n", "line 15: the page 'drawing' is one that there is"),
    (FRONT + "## Do\ndo:\nlight: plya\n", "Did you mean play?"),
    (FRONT + "## Do\ndo:\nopens: smal\n", "Did you mean small?"),
    (FRONT + "## Do\ndo:\ntick: val_acuracy > 0.9\n", "Did you mean val_accuracy?"),
    (FRONT + "## Do\ndo:\ntick: val_accuracy 0.9\n", "there is '0.9'"),
    (FRONT + "## Do\ndo:\ntick: state = doen\n", "Did you mean done?"),
    (FRONT + "## Do\ndo:\ntick: same but lerning_rate lower\n", "Did you mean learning_rate?"),
    (FRONT + "## Do\ndo:\ntick: val_accuracy > 0.9; import os\n", "must be made of words, numbers and operators"),
    (FRONT + "## Do\ndo:\ncompares: guess\n", "step with a question 'guess'"),
    (FRONT + "## Do\ndo:\ntock: drawn\n", "Did you mean tick?"),
    (FRONT + "## Do\nobserve:\n", "says what is to be observed"),
    (FRONT + GUESS + GUESS, "has a name of its own"),
    (FRONT + "## Do\ndo:\n\n" + "word " * 61, "has 60 words at most, but it has 61"),
])
def test_what_is_wrong_is_said_with_its_place_and_the_nearest_word(text: str, says: str):
    with pytest.raises(LessonError) as error:
        lessons.read(text, "mine.md")
    assert says in error.value.sentence, error.value.sentence
    assert error.value.sentence.startswith("mine.md, line ")


@given(st.text(alphabet="()<>=+-*/%,. \n" "abc019", max_size=60))
def test_any_text_is_a_tick_or_gets_a_sentence(text: str):
    try:
        parse_tick(text, VOCABULARY)
    except LessonError as error:
        assert error.sentence


def test_own_lessons_are_found_and_broken_ones_say_why(monkeypatch, tmp_path):
    folder = lessons.own_folder()
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "lesson.md").write_text(FRONT + GUESS)
    (folder / "other.md").write_text(FRONT.replace('"mine"', '"other"') + GUESS)
    (folder / "broken.md").write_text("nothing")
    (folder / "other.de.md").write_text("a translation")
    assert {"mine", "other"} <= {lesson.id for lesson in lessons.every() if lesson.own}
    assert [sentence.split(",")[0] for sentence in lessons.troubles()] == ["broken.md"]
    (folder / "broken.md").write_text(FRONT.replace('"mine"', '"mended"') + GUESS)
    assert not lessons.troubles() and lessons.get("mended").own
    with pytest.raises(LessonError, match="there is none of this name"):
        lessons.get("nowhere")


def test_shipped_lessons_are_in_order_with_notes_and_few_words():
    found = [lesson for lesson in lessons.every() if not lesson.own]
    assert [lesson.number for lesson in found] == list(range(1, len(found) + 1))
    for lesson in found:
        assert lesson.unit in UNITS and lesson.unit != "Z" and lesson.teacher.count("**") >= 8, lesson.id
        kinds = {step.kind for step in lesson.steps}
        assert {"predict", "explain"} <= kinds and any(step.tick for step in lesson.steps), lesson.id
        assert lesson.steps[0].page, f"{lesson.id} begins nowhere"


def test_the_documentation_has_every_word():
    assert documentation.lists().strip() in (ROOT / "docs" / "lessons.md").read_text()


# ticks

@pytest.mark.parametrize(("text", "result"), [
    ("val_accuracy > 0.9", True), ("val_accuracy > 96%", False), ("val_accuracy >= 95%", True),
    ("state = done", True), ("state != done", False), ("not state = done", False), ("state = diverged", False),
    ("state = done and parameters = 109386", True), ("state = diverged or val_accuracy < 96%", True),
    ("not (state = diverged or val_accuracy < 0.5)", True), ("loss < 0.6 x first_loss", True),
    ("loss < 0.4 * first_loss", False), ("(val_loss + 1) * 2 > 2.5", True), ("val_loss / 0 > 1", False),
    ("test_accuracy > 0", False), ("weight_layers = 3 and activations = 2", True), ("layer = ReLU", True),
    ("layer = LSTM", False), ("layer != LSTM", True), ("optimizer = Adam", True), ("task = mnist", True),
    ("drawn", False), ("state = done, twice", False), ("learning_rate = 0.002", True),
])
def test_a_tick_over_one_run(text: str, result: bool):
    one = run(losses=(2.0,) + (1.0,) * 20, val_accuracy=0.95, val_loss=0.3, evaluations=((10, 0.3, 0.95),))
    assert (earned(text, one) is not None) == result


def test_evidence_names_the_run_and_the_step():
    assert earned("val_accuracy > 0.9", run("a", evaluations=((5, 1, 0.5),)),
                  run("b", 2.0, step=7, evaluations=((7, 1, 0.95),))) == (Evidence("b", "b", 7),)


def test_it_is_said_how_often_something_was_done():
    one = run(evaluations=((5, 1, 0.6),))
    drawings = tuple(PageEvent("drawn", 2.0 + at, "r", 0) for at in range(2))

    def counted(text: str) -> tuple[int, int] | None:
        return ticks.counted(parse_tick(text, VOCABULARY), Ground((one,), drawings))

    assert counted("drawn and step = 0, 5 times") == (2, 5) and counted("drawn, twice") is None
    assert counted("scrubbed") is None and counted("drawn then scrubbed, 3 times") == (0, 3)


def test_same_but_compares_with_an_earlier_run():
    fast, slow = run("fast", 1.0, changed(MLP, learning_rate=0.1)), run("slow", 2.0, changed(MLP, learning_rate=0.01))
    assert earned("same but learning_rate lower", fast, slow) == (Evidence("slow", "slow", 10),)
    assert earned("same but learning_rate higher", fast, slow) is None
    assert earned("same but learning_rate", fast) is None
    assert earned("same but batch_size", fast, slow) is None
    two = run("two", 3.0, changed(MLP, learning_rate=0.01, batch_size=16))
    assert earned("same but learning_rate lower", fast, two) is None, "two things differ"
    assert earned("same but batch_size lower", fast, slow, two) == (Evidence("two", "two", 10),)


def test_same_but_the_activations():
    tanh = MLP.model_copy(update={"network": MLP.network.model_copy(update={"layers": tuple(
        layer.model_copy(update={"kind": "Tanh", "name": layer.name.replace("relu", "tanh")})
        if layer.kind == "ReLU" else layer for layer in MLP.network.layers)})})
    assert earned("same but activation", run("a"), run("b", 2.0, tanh))
    assert earned("same but activation", run("a"), run("b", 2.0, changed(tanh, epochs=9))) is None


def test_a_word_of_the_earlier_run():
    first, later = (run(name, at, experiment, evaluations=((10, 1, accuracy),)) for name, at, experiment, accuracy in (
        ("a", 1.0, MLP, 0.90), ("b", 2.0, changed(MLP, epochs=9), 0.93)))
    assert earned("same but epochs and val_accuracy >= earlier val_accuracy + 2%", first, later)
    assert earned("same but epochs and val_accuracy >= earlier val_accuracy + 4%", first, later) is None


def test_clauses_follow_each_other():
    bad, good = run("bad", 1.0, state="diverged"), run("good", 2.0)
    assert earned("state = diverged then state = done", bad, good)
    assert earned("state = diverged then state = done", replace_at(good, 0.5), bad) is None
    assert earned("state = done, twice", good, run("more", 3.0))


def replace_at(moment: RunMoment, at: float) -> RunMoment:
    return RunMoment(replace(moment.snapshot, info=replace(moment.info, created=at)))


def test_events_are_read_with_their_run_as_it_was_then():
    one = run(evaluations=((5, 1, 0.6), (10, 1, 0.95)))
    drawings = tuple(PageEvent("drawn", 2.0 + at, "r", step, {"prediction": "3", "confidence": 0.4})
                     for at, step in enumerate((0, 0, 10)))
    assert earned("drawn and step = 0, twice", one, events=drawings) == (Evidence("r", "r", 0, "drawn"),) * 2
    assert earned("drawn and step = 0, 3 times", one, events=drawings) is None
    assert earned("drawn and val_accuracy > 0.9", one, events=drawings) == (Evidence("r", "r", 10, "drawn"),)
    assert earned("drawn and val_accuracy < 0.9", one, events=drawings[:2]) is None, "nothing was known at step 0"
    assert earned("drawn and prediction = 3 and confidence < 50%", one, events=drawings)
    assert earned("scrubbed", one, events=drawings) is None
    assert earned("state = done, twice", one, events=drawings) is None, "one run, whatever was drawn on it"


def test_loss_that_rises_while_the_accuracy_stays():
    rising = ((1, 0.30, 0.900), (2, 0.32, 0.899), (3, 0.28, 0.91))
    assert earned("loss_rose_accuracy_held", run(evaluations=rising))
    assert earned("loss_rose_accuracy_held", run(evaluations=((1, 0.30, 0.90), (2, 0.32, 0.80)))) is None
    assert earned("loss_rose_accuracy_held", run(evaluations=((1, 0.30, 0.90), (2, 0.31, 0.90)))) is None


def test_a_rate_that_was_lowered_in_time():
    losses = np.r_[np.full(300, 1.0), np.full(300, 0.5)]
    mark = ev.Changed(301, "learning_rate", 0.1, 0.03)
    assert earned("rate_lowered_helped", run(losses=losses, marks=(mark,)))
    assert earned("rate_lowered_helped", run(losses=losses, marks=(replace(mark, new=0.05),))) is None
    assert earned("rate_lowered_helped", run(losses=losses[::-1], marks=(mark,))) is None


def test_every_word_is_read_of_a_run_that_has_just_begun():
    young = Moment(run(state="queued", step=0, losses=()))
    for word in NUMBERS.values():
        value = word.read(young)
        assert value is None or np.isfinite(value)
    for _, read in FACTS.values():
        assert read(young) in (True, False)
    for text in TEXTS.values():
        assert isinstance(text.read(young), frozenset)


def test_a_sum_reads_as_arithmetic_does():
    assert ticks.value(parse_sum("step * 2 + 3 - 4 / 2", VOCABULARY), Moment(run(step=10))) == 21


# answers and the record

def test_answers_fit_their_question():
    choice = lessons.read(FRONT + "## Guess\npredict: choice\n\n- one\n- two\n", "x").steps[0].question
    assert choice and questions.checked(choice, 1) == 1
    for bad in (2, -1, True, "one", None, [0]):
        with pytest.raises(LessonError):
            questions.checked(choice, bad)
    ranking = replace(choice, form="ranking")
    assert questions.checked(ranking, [1, 0]) == [1, 0] and questions.shuffled(ranking) != (0, 1)
    sketch = lessons.read(FRONT + "## Guess\npredict: sketch val_loss\n", "x").steps[0].question
    assert sketch and questions.checked(sketch, {"val_loss": [0.5] * questions.POINTS})
    for bad in ({}, {"val_loss": [2.0] * questions.POINTS}, {"loss": [0.5] * questions.POINTS}, {"val_loss": [0.5]}):
        with pytest.raises(LessonError):
            questions.checked(sketch, bad)


def test_the_record_keeps_owners_apart_and_survives_a_restart(tmp_path):
    record = LessonRecord(tmp_path)
    record.begin("a", "mine")
    record.go("a", "mine", "guess")
    record.answer("a", "mine", "guess", 3)
    record.tick("a", "mine", "try-it", (Evidence("r", "Run", 7),))
    record.tick("a", "mine", "try-it", (Evidence("r2", "Later", 9),))
    record.note("a", PageEvent("drawn", 5.0, "r", 7, {"confidence": 0.5}))
    record.close()
    record = LessonRecord(tmp_path)
    progress = record.progress("a", "mine")
    assert (progress.step, progress.answers, progress.done) == ("guess", {"guess": 3}, None)
    assert progress.ticks == {"try-it": (Evidence("r", "Run", 7),)} and record.opened("a") == "mine"
    assert record.events("a") == (PageEvent("drawn", 5.0, "r", 7, {"confidence": 0.5}),) and not record.events("a", 6.0)
    assert record.opened("b") is None and not record.all_progress("b") and not record.events("b")
    record.go("a", "mine", "try-it", done=True)
    record.leave("a")
    assert record.opened("a") is None and record.progress("a", "mine").done is not None
    record.restart("a", "mine")
    assert not record.progress("a", "mine").answers and record.progress("a", "mine").done is None
    record.forget("a")
    assert not record.all_progress("a") and not record.events("a")


def test_only_the_last_events_are_remembered(tmp_path):
    record = LessonRecord(tmp_path)
    for at in range(EVENTS + 25):
        record.note("a", PageEvent("drawn", float(at)))
    record.note("b", PageEvent("drawn", 0.0))
    assert [event.at for event in record.events("a")] == [float(at) for at in range(25, EVENTS + 25)]
    assert len(record.events("b")) == 1


# made by a teacher

DRAFT = LessonDraft("Too fast, too slow", "A step can be too long.", MLP, "state = done and val_accuracy >= 95%",
                    "How far will it come?", ("far", "not far"), "Press **Play**.", "Why?",
                    ("Because. :: Yes.", "By luck."), "Secret.\n## Not a step", hides=("presets",))


def test_what_a_teacher_makes_can_be_read():
    lesson = lessons.read(written(DRAFT), file_name(DRAFT))
    assert (lesson.id, lesson.unit, lesson.hides) == ("too-fast-too-slow", "Z", ("presets",))
    assert [step.kind for step in lesson.steps] == ["predict", "observe", "explain"]
    assert lesson.designs["first"].trains_as(MLP) and "Secret." in lesson.teacher and "Not a step" in lesson.teacher
    assert lesson.steps[1].tick and lesson.steps[1].tick.text == DRAFT.tick


@pytest.mark.parametrize("change", [{"task": "word " * 61}, {"answers": ("one",)}, {"tick": "val_acc > 1"}])
def test_what_cannot_be_read_again_is_said(change: dict):
    with pytest.raises(LessonError):
        written(replace(DRAFT, **change))


def test_sketches_are_laid_on_the_axes_of_the_run():
    question = lessons.read(FRONT + "## Guess\npredict: sketch train_loss val_accuracy to 2\n", "x").steps[0].question
    assert question
    steps = 240
    one = run(losses=np.linspace(2, 0, steps), evaluations=((120, 1, 0.5), (240, 1, 1.0)), planned_steps=steps)
    heights = curves.heights(one.snapshot, question)
    assert len(heights["train_loss"]) == questions.POINTS
    assert heights["train_loss"][0] == pytest.approx(0.98, abs=0.03) and heights["train_loss"][-1] < 0.03
    assert heights["val_accuracy"][0] is None and heights["val_accuracy"][-1] == 1.0
    middle = questions.POINTS * 3 // 4
    assert heights["val_accuracy"][middle] == pytest.approx(middle / (questions.POINTS - 1), abs=0.02)
    assert curves.top(question, "train_loss") == 2 and curves.top(question, "val_accuracy") == 1


# shared

def test_a_lesson_is_tried_by_its_owner_alone():
    text = written(DRAFT)
    assert lessons.sharing.try_out("a", text) == lessons.sharing.TRIED
    mine = lessons.sharing.get(lessons.sharing.TRIED, "a")
    assert (mine.id, mine.title, mine.own) == (lessons.sharing.TRIED, DRAFT.title, True)
    for other, name in (("b", lessons.sharing.TRIED), ("a", "nowhere")):
        with pytest.raises(LessonError):
            lessons.sharing.get(name, other)
    assert lessons.sharing.get("must-bend", "a").title == "Why it must bend"
    with pytest.raises(LessonError):
        lessons.sharing.try_out("a", "nothing")
    assert mine == lessons.sharing.get(lessons.sharing.TRIED, "a"), "what cannot be read takes nobody's place"


@pytest.mark.parametrize("lesson", [lesson.id for lesson in lessons.every() if not lesson.own])
def test_every_shipped_lesson_can_be_copied_and_sent_as_a_link(lesson: str):
    copy = lessons.sharing.copied(lesson)
    mine, theirs = lessons.read(copy, "copy"), lessons.get(lesson)
    assert (mine.id, mine.unit) == (f"{lesson}-mine", "Z") and mine.title == f"{theirs.title} (my copy)"
    assert [step.id for step in mine.steps] == [step.id for step in theirs.steps]
    assert lessons.sharing.from_link(lessons.sharing.to_link(copy)) == copy


def test_what_is_saved_stands_beside_the_others():
    made = lessons.sharing.save(lessons.sharing.copied("must-bend"))
    assert lessons.get(made.id).own and lessons.sharing.copied(made.id).count("-mine-mine") == 1


@pytest.mark.parametrize("link", ["", "x", "ä", "AAAA", "eJwDAAAAAAE" * 900])
def test_a_link_that_holds_no_lesson_is_a_sentence(link: str):
    with pytest.raises(LessonError, match="must be as it was copied"):
        lessons.sharing.from_link(link)


def test_a_lesson_too_long_for_a_link_is_a_sentence():
    random = np.random.default_rng(0)
    with pytest.raises(LessonError, match="must fit into a link"):
        lessons.sharing.to_link("".join(map(str, random.integers(0, 10**9, 4_000))))
