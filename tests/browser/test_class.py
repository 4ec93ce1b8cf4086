"""A class that comes to one run: what its pages cost the server, counted and not timed."""
from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.browser.serving import serving
from tests.browser.visitor import Visitor

CALM = 10  # sessions that may tick four times a second


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with serving(home=tmp_path_factory.mktemp("class")) as found:
        with Visitor(found) as visitor:
            visitor.open()  # a fresh server leads the first visit home
        yield found


def test_who_is_joined_by_a_class_ticks_slower_without_another_run_of_the_page(address):
    with ExitStack() as leave:
        first = leave.enter_context(Visitor(address, "train", "run=new", "a-teacher-with-a-class")).open()
        first.click("setup.batch")
        first.open()  # a run that has made one step and rests: what is drawn does not change any more
        fragment = min(first.paces, key=first.paces.__getitem__)  # beside it ticks the strip, seldom
        for _ in range(2_000):
            if "run.Resume" in "".join(first.ids):
                break
            first.tick(fragment)
        assert "run.Resume" in "".join(first.ids) and first.paces[fragment] == 0.25
        for number in range(CALM):
            other = Visitor(address, "train", f"run={first.query['run']}", f"one-of-a-class-{number}")
            leave.enter_context(other).open()
        before = first.pages
        first.tick(fragment)
        assert first.paces[fragment] == 0.5
        assert first.pages == before
