"""Lessons in other languages have the lesson's steps, answers and units, and texts alone."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

from dlviz import languages, lessons, translation
from dlviz.errors import LessonError
from dlviz.lessons import catalogue, translating
from dlviz.lessons.lesson import Lesson, LessonStep
from tests.engine.test_lessons import FRONT, GUESS

FILES = sorted(catalogue.SHIPPED.glob(f"*/{catalogue.FILE}"))
OTHERS = [name for name in languages.NAMES if name != languages.ENGLISH]
CHOICE = """
## Why?
explain: choice

Why?

- (x) So. :: Yes.
- Otherwise. :: No.
## For the teacher
A note.
"""
GERMAN = """+++
title = "Meine"
idea = "Ein Gedanke."

[designs.small]
name = "Klein"
+++
## Raten
step: guess
unit: Ziffern

Wie viele?
## Warum?
step: why

Warum?

- Darum. :: Ja.
- Anders. :: Nein.
## Für die Lehrkraft
step: for-the-teacher

Eine Notiz.
"""


@pytest.fixture
def speak():
    """Makes a language the current one until the test ends."""
    yield lambda name: translation.install(lambda: languages.catalogue(name))
    translation.install()


@pytest.fixture
def own(tmp_path: Path, monkeypatch) -> Path:
    """A data folder with a lesson of one's own."""
    monkeypatch.setenv("DLVIZ_HOME", str(tmp_path))
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "mine.md").write_text(FRONT + GUESS + CHOICE, encoding="utf-8")
    return tmp_path / "lessons"


def english() -> Lesson:
    return lessons.read(FRONT + GUESS + CHOICE, "mine.md")


def numbers(lesson: Lesson) -> dict[str, list[str]]:
    """The numbers that each step names, whatever sign stands for the point and between thousands."""
    def of(step: LessonStep) -> str:
        options = step.question.options if step.question else ()
        return " ".join((step.text, *(f"{option.text} {option.reply}" for option in options)))

    return {step.id: sorted(re.sub(r"[.,]", "", found) for found in re.findall(r"\d[\d.,]*\d|\d", of(step)))
            for step in lesson.steps}


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_each_lesson_that_ships_has_the_same_steps_in_each_language(language: str, path: Path):
    file = path.with_name(f"lesson.{language}.md")
    lesson = lessons.read(path.read_text(encoding="utf-8"), path.parent.name)
    found = translating.translated(lesson, file.read_text(encoding="utf-8"), file.name)
    assert numbers(found) == numbers(lesson)
    for own, other in zip(lesson.steps, found.steps):
        assert other.title and (other.title != own.title) and bool(other.text) == bool(own.text)
        assert (other.id, other.kind, other.tick, other.page, other.opens, other.light, other.compares) == (
            own.id, own.kind, own.tick, own.page, own.opens, own.light, own.compares)
        if own.question and other.question:
            assert [(option.fits, bool(option.reply)) for option in other.question.options] == [
                (option.fits, bool(option.reply)) for option in own.question.options]
    assert all(found.designs[key].trains_as(design) for key, design in lesson.designs.items())
    assert found.teacher.count("**") == lesson.teacher.count("**")


def test_a_lesson_is_read_in_the_language_that_counts(own: Path, speak):
    (own / "mine.de.md").write_text(GERMAN, encoding="utf-8")
    assert lessons.get("mine").title == "Mine" and len(lessons.every()) == len(FILES) + 1
    speak("de")
    found = lessons.get("mine")
    assert (found.title, found.idea, found.teacher) == ("Meine", "Ein Gedanke.", "Eine Notiz.")
    guess, why = found.steps
    assert guess.question and why.question and found.designs["small"].name == "Klein"
    assert (guess.title, guess.text, guess.question.unit, guess.question.high) == ("Raten", "Wie viele?", "Ziffern", 5)
    assert [(o.text, o.reply, o.fits) for o in why.question.options] == [
        ("Darum.", "Ja.", True), ("Anders.", "Nein.", False)]
    assert next(iter(lessons.units())) == "Was ein Netz ist"
    assert lessons.get("size-of-a-step").title == "Die Größe eines Schritts"


def test_a_translation_that_does_not_fit_is_said_and_the_lesson_is_there_without_it(own: Path, speak):
    (own / "mine.de.md").write_text(GERMAN.replace("step: why", "step: wy"), encoding="utf-8")
    speak("de")
    assert lessons.get("mine").title == "Mine"
    sentence, = lessons.troubles()
    assert "mine.de.md" in sentence and "guess, why, for-the-teacher" in sentence and "guess, wy" in sentence
    translation.install()
    assert lessons.troubles() == ()


@pytest.mark.parametrize(("old", "new", "sentence"), [
    ("unit: Ziffern\n", "", "has 0 answers and a unit, but it has 0 and none"),
    ("- Anders. :: Nein.\n", "", "has 2 answers and no unit, but it has 1 and none"),
    ('idea = "Ein Gedanke."\n', "", "the front matter's idea is a text, but it is missing"),
    ('idea =', 'number = 3\nidea =', "the front matter's key 'number'"),
    ("unit: Ziffern", "tick: drawn", "line 10: the key 'tick'"),
    ("[designs.small]", "[designs.large]", "the design 'large'"),
    ('name = "Klein"', 'name = ""', "the design 'small' has a name"),
    ("## Warum?", "## Warum?\nstep: guess\n## Warum?", "guess, guess, why"),
    ("Wie viele?", "viele " * 61, "has 60 words at most")])
def test_what_is_wrong_in_a_translation_is_said_with_its_line(old: str, new: str, sentence: str):
    assert old in GERMAN
    with pytest.raises(LessonError) as error:
        translating.translated(english(), GERMAN.replace(old, new, 1), "mine.de.md")
    assert sentence in error.value.sentence and error.value.sentence.startswith("mine.de.md, line ")


def test_the_example_of_the_documentation_fits_the_lesson_there():
    text = (Path(__file__).parents[2] / "docs" / "lessons.md").read_text(encoding="utf-8")
    lesson, german = re.findall(r"```\n(\+\+\+\n.*?)```", text, re.S)[:2]
    own = lessons.read(lesson, "step-size.md", own=True)
    assert translating.translated(own, german, "step-size.de.md").steps[0].title == "Zuerst raten"
