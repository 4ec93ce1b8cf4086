"""What a learner has to do in the class: a part of the study, the board, the network on the projector, handing in."""
from __future__ import annotations

import streamlit as st

from dlviz import english, tasks
from dlviz.classroom import board, exercises, records, refusals
from dlviz.classroom.model import Jigsaw, Room, Seat
from dlviz.errors import DlvizError
from pages.ui.classroom import scenes
from pages.ui.classroom.texts import texts
from pages.ui.shared import places, registry, shell, state


def show(room: Room, own: Seat) -> None:
    """Nothing of what others have made is read here, but for how many are ranked."""
    if room.jigsaw and own.part is not None:
        _part(room.jigsaw, own.part)
    if room.board:
        _board(room, own)
    if room.spotlight:
        _spotlight(room.spotlight)
    _hand_in(own)


def _part(jigsaw: Jigsaw, number: int) -> None:
    part = exercises.part(jigsaw, number)
    with st.container(border=True):
        st.markdown(f"**{texts.YOUR_PART}**")
        st.write(texts.YOUR_PART_IS.format(label=shell.plain(part.label)))
        if st.button(texts.TRAIN_PART, type="primary", icon=":material/play_arrow:", key="class.part"):
            with shell.show_errors():
                run = state.service().create(part.experiment, state.visitor())
                state.set_focus(run)
                st.switch_page("pages/train.py", query_params={"run": run})


def _board(room: Room, own: Seat) -> None:
    assert room.board is not None
    with st.container(border=True):
        st.markdown(f"**{texts.BOARD_TITLE}**")
        task = tasks.TASKS[room.board.task].title if room.board.task in tasks.TASKS else room.board.task
        st.write(texts.BOARD_BUDGET.format(task=shell.plain(task), budget=scenes.budget(room)))
        st.write(_rank(room, own))


def _rank(room: Room, own: Seat) -> str:
    """One's own place among all, and nothing of the others."""
    assert room.board is not None
    found = board.standings(room.board, _learners(room))
    counted = [one for one in found if not one.reason]
    for rank, one in enumerate(counted, 1):
        if one.seat.id == own.id:
            return texts.YOUR_RANK.format(rank=rank, count=len(counted), accuracy=english.percent(one.accuracy, 2))
    mine = next((one for one in found if one.seat.id == own.id), None)
    return texts.NOT_RANKED.format(reason=texts.REASONS[mine.reason]) if mine else texts.NO_RANK


def _learners(room: Room) -> list[tuple[Seat, tuple]]:
    seats = registry.classroom().all_seats()
    return [(seat, state.service().list(seat.owner)) for seat in seats if seat.room == room.id and seat.admitted]


def _spotlight(run: str) -> None:
    with shell.show_errors():
        info = state.service().get(run)
        with st.container(border=True):
            st.markdown(f"**{texts.SPOTLIGHT}**")
            st.caption(texts.SPOTLIGHT_WHY)
            drawable = places.drawable(tasks.get(info.experiment.task.name, info.experiment.task.fields))
            st.page_link("pages/draw.py" if drawable else "pages/train.py", query_params={"run": run},
                         label=texts.DRAW_INTO if drawable else texts.LOOK_INTO, icon=":material/cast:")


def _hand_in(own: Seat) -> None:
    runs = [run for run in state.service().list(own.owner) if run.step]
    if not runs:
        return
    with st.expander(texts.HAND_IN, icon=":material/outbox:", key="class.hand_in"):
        before = registry.classroom().cards.handed_in(state.device())
        if before:
            st.success(texts.HAND_IN_AGAIN.format(run=shell.plain(before.name), step=before.step),
                       icon=":material/check:")
        with st.form("class.handing_in", border=False):
            names = {run.id: run.name for run in runs}
            st.selectbox(texts.HAND_IN_RUN, list(names), format_func=names.__getitem__, key="class.hand_in.run")
            st.text_area(texts.HAND_IN_SENTENCE, key="class.hand_in.sentence", max_chars=records.SENTENCE)
            st.form_submit_button(texts.HAND_IN, on_click=_send, args=(own,))


def _send(own: Seat) -> None:
    """What is refused becomes a note: another's run, a seat that is gone."""
    try:
        info = state.service().get(st.session_state["class.hand_in.run"])
        if info.owner != own.owner:
            raise refusals.not_yours(info.name)
        card = records.freeze(own, "hand_in", state.service().snapshot(info.id), board.size(info),
                              st.session_state["class.hand_in.sentence"])
        registry.classroom().cards.hand_in(card, state.device())
    except DlvizError as error:
        shell.notice(error)
