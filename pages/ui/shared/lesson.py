"""The lesson that a visitor has open: where they stand in it, and what they did that it may want to know.

For the panel beside all pages, for the Learn page, and for pages that note what was done. Draws nothing.
"""
from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dlviz import lessons
from dlviz.classroom import teaching
from dlviz.errors import LessonError
from dlviz.lessons import Lesson, LessonStep, PageEvent, Progress
from pages.ui.shared import registry, state


@dataclass(frozen=True)
class OpenLesson:
    """A lesson, how far its visitor is, and the step where they stand."""

    lesson: Lesson
    progress: Progress
    step: LessonStep
    open_steps: range  # places of the steps that may be gone to; in a class its pace says which

    @property
    def index(self) -> int:
        return self.lesson.index(self.step.id)

    @property
    def last(self) -> bool:
        return self.index == len(self.lesson.steps) - 1

    @property
    def waits(self) -> bool:
        """Whether the step waits for something at all; one that only shows keeps its light."""
        return self.step.question is not None or self.step.tick is not None

    @property
    def settled(self) -> bool:
        """Whether the step has what it waits for: its answer, its tick."""
        return (self.step.question is None or self.step.id in self.progress.answers) and \
            (self.step.tick is None or self.step.id in self.progress.ticks)

    def ticked_after(self) -> bool:
        """Whether a later step has its tick already: what was predicted before it stands."""
        return any(step.id in self.progress.ticks for step in self.lesson.steps[self.index + 1:])


def opened() -> OpenLesson | None:
    """The open lesson; None where there is none, or its file has gone."""
    record, owner = lessons.record(), state.visitor()
    name = record.opened(owner)
    if name is None:
        return None
    try:
        lesson = lessons.sharing.get(name, owner)
    except LessonError:
        record.leave(owner)
        return None
    progress = record.progress(owner, name)
    open_steps = teaching.steps_for(registry.classroom(), state.device(), lesson)
    here = lesson.index(lessons.standing(lesson, progress).id)
    return OpenLesson(lesson, progress, lesson.steps[min(max(here, open_steps.start), open_steps.stop - 1)], open_steps)


def go(opened: OpenLesson, by: int, done: bool = False) -> None:
    """So many steps on, or back. ClassError where the class's pace does not open that one."""
    step = opened.lesson.steps[opened.index + by]
    teaching.go(registry.classroom(), state.device(), opened.lesson, step.id, done)


def begin(lesson: str, anew: bool = False) -> None:
    """Open a lesson: where its visitor was, or at its beginning."""
    record, owner = lessons.record(), state.visitor()
    (record.restart if anew else record.begin)(owner, lesson)
    fold(False)


def leave() -> None:
    lessons.record().leave(state.visitor())


def folded() -> bool:
    """Whether the panel is folded to a tab."""
    return bool(_panel()["folded"])


def fold(yes: bool) -> None:
    _panel()["folded"] = yes


def _panel() -> dict[str, bool]:
    return state.session_value("lesson.panel", lambda: {"folded": False})


def note(kind: str, run: str, step: int, of: Hashable, **facts: Any) -> None:
    """Remember that something was done, where a lesson is open; the same thing (`of`) at the same step counts once."""
    done = (kind, run, step, of)
    last = state.session_value("lesson.noted", dict)
    if last.get(kind) == done or lessons.record().opened(state.visitor()) is None:
        return
    last[kind] = done
    lessons.record().note(state.visitor(), PageEvent(kind, time.time(), run, step, facts))


def note_of_focus(kind: str, step: int, of: Hashable, **facts: Any) -> None:
    """The same of the run in focus, where there is one."""
    run = state.focus()
    note(kind, run.id if run else "", step, of, **facts)


def go_to(place: str) -> None:
    """Open a page, with the run in focus. Not for a callback: it leaves the page."""
    run = st.query_params.get("run")
    st.switch_page(f"pages/{place}.py", query_params={"run": run} if run else None)
