"""A lesson on paper has all that its teacher needs, and the pages in docs/print are up to date."""
from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dlviz import lessons
from dlviz.classroom import printing
from pages.ui.classroom.texts import texts

PRINTED = Path(__file__).parents[2] / "docs" / "print"
EMPTY = {"meta"}  # elements without an end


class Nesting(HTMLParser):
    """Which elements are open; an end that fits none is a mistake."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("lesson", [lesson.id for lesson in lessons.every() if not lesson.own])
def test_every_lesson_can_be_printed_whole(lesson):
    one = lessons.get(lesson)
    page = printing.sheet(one)
    checked = Nesting()
    checked.feed(page)
    assert checked.open == [] and "http" not in page and "**" not in page
    plain = re.sub(r"<[^>]+>", "", page)
    for step in one.steps:
        assert printing._inline(step.title) in page
        for option in step.question.options if step.question else ():
            assert printing._inline(option.text) in page and printing._inline(option.reply) in page
    assert "Beliefs." in plain and "Teacher's link" in plain and "Step by step" in plain


def test_what_the_paper_names_is_on_the_page():
    """Its bold words are the labels of the page Class."""
    labels = {getattr(value, "source", "") for value in vars(type(texts)).values()} | {"Class", "Teacher's link"}
    assert set(re.findall(r"\*\*([^*]+)\*\*", printing.RUNNING.read_text())) - {"{title}"} <= labels


@pytest.mark.parametrize("lesson", printing.SHIPPED)
def test_printed_pages_are_up_to_date(lesson):
    """python -m dlviz.classroom.printing"""
    one = lessons.get(lesson)
    assert (PRINTED / printing.file_name(one)).read_text() == printing.sheet(one)


def test_notes_with_signs_of_html_are_text():
    text = lessons.sharing.copied("must-bend").replace("Depth is worth", "<script>1</script> & depth is")
    page = printing.sheet(lessons.read(text, "x"))
    assert "<script>" not in page and "&lt;script&gt;1&lt;/script&gt; &amp; depth" in page
