"""A teacher's page: open a class, what its projector shows, the wall, the end. The service holds the rights to it."""
from __future__ import annotations

import streamlit as st

from dlviz import lessons, settings
from dlviz.classroom import pausing, printing, teaching, votes, wiping
from dlviz.classroom.model import Room
from dlviz.errors import ClassError, DlvizError
from pages.ui.classroom import collected, network_test, together, wall
from pages.ui.classroom.texts import texts
from pages.ui.shared import registry, shell, state

ROOM, SHOW = "room", "show"  # in the page's address


def take_up_link() -> None:
    """Make a teacher's browser of who comes with the secret, which then leaves the address: a projector shows it."""
    secret = st.query_params.pop("teacher", None)
    if secret is not None:
        registry.classroom().teach(secret, state.device())


def chosen_room() -> Room | None:
    """The class in the address, else the newest."""
    rooms = registry.classroom().rooms(state.device())
    named = st.query_params.get(ROOM)
    return next((room for room in rooms if room.id == named), rooms[0] if rooms else None)


def show() -> None:
    room = chosen_room()
    if room is None:
        _first()
        return
    with st.container(horizontal=True, vertical_alignment="center", key="class.head"):
        st.title(texts.CLASS_OF.format(code=room.code), width="content")
        _actions(room)
    with st.container(horizontal=True, vertical_alignment="bottom", key="class.settings"):
        _projector(room)
    wall.show(room)
    _notes(room)
    with st.expander(texts.TOGETHER, icon=":material/groups:", key="class.together"):
        together.show(room)
        collected.show(room)
    network_test.show()
    _below(room)


def _first() -> None:
    with st.container(key="class.narrow"):
        st.title(texts.CLASSES)
        with st.container(border=True):
            st.markdown(f"#### {texts.NO_CLASS_YET}")
            st.caption(texts.NO_CLASS_YET_WHY)
            st.button(texts.OPEN_A_CLASS, type="primary", icon=":material/add:", on_click=_open, key="class.open")
        _stop_teaching()


def _actions(room: Room) -> None:
    st.link_button(texts.PROJECTOR, f"{registry.PAGE}?{ROOM}={room.id}&{SHOW}=projector",
                   icon=":material/present_to_all:", help=texts.PROJECTOR_WHY)
    if room.paused:
        st.button(texts.GO_ON, type="primary", icon=":material/play_arrow:", on_click=_go_on, args=(room.id,),
                  key="class.pause")
        return
    st.button(texts.PAUSE, help=texts.PAUSE_WHY, on_click=_pause, icon=":material/front_hand:", args=(room.id,),
              key="class.pause")
    st.toggle(texts.RUNS_TOO, key="class.runs_too", help=texts.RUNS_TOO_WHY)


def _pause(room: str) -> None:
    try:
        pausing.pause(registry.classroom(), state.service(), room, state.device(), st.session_state["class.runs_too"])
    except ClassError as error:
        shell.notice(error)


def _go_on(room: str) -> None:
    try:
        pausing.go_on(registry.classroom(), state.service(), room, state.device())
    except ClassError as error:
        shell.notice(error)


def _projector(room: Room) -> None:
    _lesson(room)
    _pace(room)
    _select(room, "showing", texts.ON_PROJECTOR, texts.VIEWS)
    _question(room)
    _select(room, "admission", texts.ADMISSION, texts.ADMISSIONS)
    st.session_state["class.named"] = room.named
    st.toggle(texts.NAMES, key="class.named", help=texts.NAMES_WHY,
              on_change=lambda: _change(room.id, named=st.session_state["class.named"]))


def _lesson(room: Room) -> None:
    """Which lesson is open on every seat."""
    titles = {"": texts.NO_LESSON} | {lesson.id: lesson.title for lesson in lessons.every()}
    st.session_state["class.lesson"] = room.lesson if room.lesson in titles else ""
    st.selectbox(texts.LESSON, list(titles), key="class.lesson", format_func=titles.__getitem__, width=260,
                 on_change=_teach, args=(room.id,))


def _teach(room: str) -> None:
    try:
        teaching.choose(registry.classroom(), room, state.device(), st.session_state["class.lesson"])
    except DlvizError as error:
        shell.notice(error)


def _pace(room: Room) -> None:
    """Which steps of the lesson are open."""
    lesson = teaching.lesson_of(room)
    if lesson is None or len(lesson.steps) < 2:
        return
    open_now = teaching.open_steps(lesson, room)
    st.session_state["class.pace"] = open_now.start + 1, open_now.stop
    st.slider(texts.PACE, 1, len(lesson.steps), key="class.pace", help=texts.PACE_WHY, width=200,
              on_change=_set_pace, args=(room.id,))


def _set_pace(room: str) -> None:
    try:
        teaching.set_pace(registry.classroom(), room, state.device(), *st.session_state["class.pace"])
    except DlvizError as error:
        shell.notice(error)


def _question(room: Room) -> None:
    """Whose answers the projector shows, while it shows any."""
    lesson = teaching.lesson_of(room)
    if lesson and room.showing == "answers":
        titles = {"": texts.WHERE_THE_CLASS_IS} | {step.id: step.title for step in votes.questions_of(lesson)}
        _select(room, "asked", texts.QUESTION, titles)


def _notes(room: Room) -> None:
    """What the lesson's file says to its teacher, and to nobody else."""
    lesson = teaching.lesson_of(room)
    if lesson:
        with st.expander(texts.TEACHERS_NOTES.format(title=shell.plain(lesson.title)), icon=":material/menu_book:",
                         key="class.notes"):
            st.markdown(lesson.teacher)
            st.download_button(texts.PRINT_LESSON, lambda: printing.sheet(lesson), printing.file_name(lesson),
                               "text/html", icon=":material/print:", help=texts.PRINT_LESSON_WHY, on_click="ignore",
                               key="class.print")


def _select(room: Room, field: str, title: str, titles: dict[str, str]) -> None:
    """One field of the class, chosen of these."""
    key = f"class.{field}"
    st.session_state[key] = getattr(room, field)
    st.selectbox(title, list(titles), key=key, format_func=titles.__getitem__, width=260,
                 on_change=lambda: _change(room.id, **{field: st.session_state[key]}))


def _below(room: Room) -> None:
    with st.container(horizontal=True, key="class.below"):
        rooms = registry.classroom().rooms(state.device())
        if len(rooms) > 1:
            codes = {other.id: other.code for other in rooms}
            st.session_state["class.room"] = room.id
            st.selectbox(texts.CHOOSE_CLASS, list(codes), key="class.room", format_func=codes.__getitem__, width=160,
                         label_visibility="collapsed", on_change=_choose)
        st.button(texts.OPEN_A_CLASS, icon=":material/add:", on_click=_open, key="class.open")
        if st.button(texts.END, icon=":material/delete:", key="class.end"):
            _end(room)
        _stop_teaching()


def _stop_teaching() -> None:
    st.button(texts.STOP_TEACHING, icon=":material/logout:", help=texts.STOP_TEACHING_WHY, key="class.stop",
              on_click=lambda: registry.classroom().stop_teaching(state.device()))


@st.dialog(" ")
def _end(room: Room) -> None:
    st.markdown(f"#### {texts.CLASS_OF.format(code=room.code)}")
    st.write(texts.END_WHY.format(days=settings.CLASS_DAYS))
    with st.container(horizontal=True):
        if st.button(texts.END_FOR_GOOD, type="primary", key="class.end.sure"):
            with shell.show_errors():
                wiping.end(registry.classroom(), state.service(), room.id, state.device())
                st.query_params.clear()
                st.rerun()
        if st.button(texts.CANCEL, key="class.end.cancel"):
            st.rerun()


def _choose() -> None:
    st.query_params[ROOM] = st.session_state["class.room"]


def _open() -> None:
    try:
        st.query_params[ROOM] = registry.classroom().open_room(state.device()).id
    except ClassError as error:
        shell.notice(error)


def _change(room: str, **values: object) -> None:
    try:
        registry.classroom().change(room, state.device(), **values)
    except ClassError as error:
        shell.notice(error)
