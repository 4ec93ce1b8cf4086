"""The path of lessons: a card each, unit by unit, with a dot for each step that was reached."""
from __future__ import annotations

from contextlib import suppress

import streamlit as st

from dlviz import lessons
from dlviz.lessons import Lesson, Progress
from pages.ui.learn import giving
from pages.ui.learn.texts import texts
from pages.ui.shared import lesson as shared
from pages.ui.shared import places, shell, state

COLUMNS = 3


def take_address() -> None:
    """Open the lesson that the address names (?lesson=...) or holds (?made=...), once."""
    if name := st.query_params.get("lesson"):
        del st.query_params["lesson"]
        _begin(lessons.get(name))
    if link := st.query_params.get(giving.LINK):
        del st.query_params[giving.LINK]
        giving.try_out(lessons.sharing.from_link(link))


def show() -> None:
    """All units. What is wrong with files in one's own folder is said first."""
    for trouble in lessons.troubles():
        shell.warn(trouble)
    done = lessons.record().all_progress(state.visitor())
    following = _following(done)
    for title, some in lessons.units().items():
        st.markdown(f"##### {title}")
        for at in range(0, len(some), COLUMNS):
            for column, lesson in zip(st.columns(COLUMNS, gap="small"), some[at:at + COLUMNS]):
                with column:
                    _card(lesson, done.get(lesson.id), lesson.id == following)


def _following(done: dict[str, Progress]) -> str:
    """The lesson to take next: the first that is not finished."""
    return next((lesson.id for lesson in lessons.every()
                 if lesson.id not in done or done[lesson.id].done is None), "")


def _card(lesson: Lesson, progress: Progress | None, following: bool) -> None:
    with st.container(border=True, height="stretch", key=f"learn_card_{lesson.id}"):
        number = "" if lesson.own else f"{lesson.number} · "
        st.markdown(f"**{number}{shell.plain(lesson.title)}**  \n:small[{lesson.idea}]")
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.caption(_state(lesson, progress), width="content")
            _buttons(lesson, progress, following)


def _state(lesson: Lesson, progress: Progress | None) -> str:
    minutes = texts.MINUTES(lesson.minutes)
    if progress is None:
        return minutes
    if progress.done is not None:
        return f":green[:material/check_circle: {texts.FINISHED}]"
    index = 0
    with suppress(KeyError):
        index = lesson.index(progress.step)
    return texts.STEPS_DONE.format(number=index + 1, count=len(lesson.steps))


def _buttons(lesson: Lesson, progress: Progress | None, following: bool) -> None:
    begun = progress is not None and progress.done is None
    label = texts.GO_ON if begun else texts.AGAIN if progress else texts.BEGIN
    if st.button(label, key=f"learn.begin.{lesson.id}", type="primary" if following else "secondary",
                 icon=":material/play_arrow:"):
        _begin(lesson, anew=progress is not None and not begun)


def _begin(lesson: Lesson, anew: bool = False) -> None:
    """Open the lesson, on the page where it begins."""
    shared.begin(lesson.id, anew)
    opened = shared.opened()
    page = opened.step.page if opened else ""
    st.switch_page(f"pages/{page or places.WORKBENCH}.py")
