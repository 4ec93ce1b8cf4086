"""The lesson beside the page: one step at a time, with what it asks, what it waits for, and the way on.

Drawn by app.py on every page. It bars nothing: back, skip, fold and leave work at any time. Only the line that waits
for a tick is a fragment; when the tick is earned the whole page is drawn anew.
"""
from __future__ import annotations

import streamlit as st

from dlviz import lessons
from dlviz.errors import DlvizError
from dlviz.lessons import Evidence
from pages.ui.lesson import asking, comparing, lights
from pages.ui.lesson.texts import texts
from pages.ui.shared import crowd, places, run_views, shell, state
from pages.ui.shared import lesson as shared
from pages.ui.shared.lesson import OpenLesson

EVERY = 1.0  # seconds between two looks whether the tick is earned


class LessonPanel:
    """What app.py draws once a run of the script, as soon as there is a service to ask."""

    def __init__(self, address: str) -> None:
        self._here = address or places.WORKBENCH
        self._place = st.container()
        self._drawn = False

    def draw(self) -> None:
        """Does nothing the second time."""
        if self._drawn:
            return
        self._drawn = True
        opened = shared.opened()
        if opened is not None:
            shell.dress("lesson")
            lights.hide(opened.lesson.hides)
            with self._place:
                (_folded if shared.folded() else _panel)(opened, self._here)


def _folded(opened: OpenLesson, here: str) -> None:
    with st.container(key="lesson.tab"):
        st.button(texts.UNFOLD.format(title=shell.plain(opened.lesson.title)), key="lesson.unfold",
                  icon=":material/school:", on_click=shared.fold, args=(False,))


def _panel(opened: OpenLesson, here: str) -> None:
    evidence = _evidence(opened)
    lit = () if opened.settled and opened.waits else opened.step.light
    lights.light(lit, f"{opened.lesson.id} {opened.step.id} {here}")
    with st.container(key="lesson.panel"):
        _head(opened)
        with st.container(key="lesson.body"):
            step = opened.step
            st.caption(texts.KINDS[step.kind])
            st.markdown(f"#### {shell.plain(step.title)}")
            st.markdown(step.text)
            _action(opened, here)
            with shell.show_errors():
                asking.show(opened)
            _tick(opened, evidence)
            comparing.show(opened)
        _ways(opened, here)


def _head(opened: OpenLesson) -> None:
    lesson = opened.lesson
    title = texts.OWN_LESSON if lesson.own else texts.LESSON.format(number=lesson.number)
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall", key="lesson.head"):
        st.markdown(f":material/school: **{title}** · {shell.plain(lesson.title)}", width="stretch")
        st.button("", key="lesson.fold", icon=":material/expand_more:", type="tertiary", help=texts.FOLD,
                  on_click=shared.fold, args=(True,))
        st.button("", key="lesson.leave", icon=":material/close:", type="tertiary", help=texts.LEAVE,
                  on_click=shared.leave)
    st.progress((opened.index + 1) / len(lesson.steps),
                texts.STEP_OF.format(number=opened.index + 1, count=len(lesson.steps)))


def _action(opened: OpenLesson, here: str) -> None:
    """What the step begins with: a design to open, a page to go to."""
    step = opened.step
    if step.opens:
        design = opened.lesson.designs[step.opens]
        if not state.design().experiment.trains_as(design) and st.button(
                texts.OPEN_DESIGN.format(name=shell.plain(design.name)), key="lesson.open", type="primary",
                icon=":material/folder_open:", width="stretch"):
            _open(opened)
            return
    if step.page and step.page != here and st.button(
            texts.GO_TO.format(page=places.title_of(step.page)), key="lesson.go", icon=":material/arrow_forward:",
            width="stretch"):
        shared.go_to(step.page)


def _open(opened: OpenLesson) -> None:
    design = state.design()
    design.open(opened.lesson.designs[opened.step.opens])
    shell.opened(design.experiment.name, design.can_undo)
    st.switch_page(f"pages/{opened.step.page or places.WORKBENCH}.py")


def _evidence(opened: OpenLesson) -> tuple[Evidence, ...] | None:
    """What the step's tick was earned by, which the rest of the panel then knows."""
    found = lessons.observe(state.service(), lessons.record(), opened.progress, opened.step)
    if found is not None:
        opened.progress.ticks[opened.step.id] = found
    return found


def _tick(opened: OpenLesson, evidence: tuple[Evidence, ...] | None) -> None:
    if opened.step.tick is None:
        return
    if evidence is not None:
        st.markdown(f":green[:material/check_circle: **{texts.DONE}**] {_words(evidence)}")
        return
    every = crowd.pace(EVERY, run_views.viewer())
    st.fragment(_waiting, run_every=every, key="lesson.tick")(opened)


def _waiting(opened: OpenLesson) -> None:
    """Looks until the tick is earned."""
    try:
        earned = lessons.observe(state.service(), lessons.record(), opened.progress, opened.step) is not None
        count = lessons.counted(state.service(), lessons.record(), opened.progress, opened.step)
    except DlvizError as error:
        st.caption(shell.plain(error.sentence))
        return
    if earned:
        state.draw_page()
    st.caption(texts.COUNTED.format(number=count[0], count=count[1]) if count and count[0] else texts.WAITING)


def _words(evidence: tuple[Evidence, ...]) -> str:
    """By which run, after how many steps."""
    last = evidence[-1]
    return f":small[{texts.BY_RUN.format(name=shell.plain(last.name), step=last.step)}]" if last.name else ""


def _ways(opened: OpenLesson, here: str) -> None:
    """Back, and on: the same button says Next where the step has what it waits for, and Skip before."""
    if not opened.last and opened.index + 1 not in opened.open_steps:
        st.caption(texts.PACED)
    with st.container(horizontal=True, key="lesson.ways"):
        st.button(texts.BACK, key="lesson.back", disabled=opened.index == opened.open_steps.start, on_click=_go,
                  args=(opened, -1))
        label = texts.FINISH if opened.last else texts.NEXT if opened.settled else texts.SKIP
        if st.button(label, key="lesson.next", type="primary" if opened.settled else "secondary", width="stretch",
                     disabled=not opened.last and opened.index + 1 not in opened.open_steps):
            _on(opened, here)


def _go(opened: OpenLesson, by: int) -> None:
    try:
        shared.go(opened, by)
    except DlvizError as error:
        shell.notice(error)


def _on(opened: OpenLesson, here: str) -> None:
    """The next step, on the page where it happens; after the last one, the list of lessons."""
    if opened.last:
        shared.go(opened, 0, done=True)
        shared.leave()
        st.toast(texts.FINISHED.format(title=shell.plain(opened.lesson.title)), icon=":material/school:")
        st.switch_page("pages/learn.py")
    _go(opened, 1)
    following = opened.lesson.steps[opened.index + 1]
    if following.page and following.page != here:
        shared.go_to(following.page)
    st.rerun()
