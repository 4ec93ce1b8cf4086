"""What a teacher gives the whole class to do: the parts of a study, a board under a budget, a vote."""
from __future__ import annotations

import time

import streamlit as st

from dlviz import tasks
from dlviz.classroom import exercises
from dlviz.classroom.model import Board, Jigsaw, Room
from dlviz.errors import DlvizError
from dlviz.spec import Experiment
from dlviz.studies import hyperparameters, plan
from dlviz.studies.domains import word
from dlviz.studies.hyperparameters import Hyperparameter
from pages.ui.classroom import scenes, voting
from pages.ui.classroom.texts import texts
from pages.ui.shared import registry, shell, state


def show(room: Room) -> None:
    jigsaw, board, vote = st.tabs([texts.SHARE_OUT, texts.THE_BOARD, texts.VOTE])
    with jigsaw:
        _handed_out(room.id, room.jigsaw) if room.jigsaw else _sharing(room)
    with board:
        _standing(room, room.board) if room.board else _setting_up(room)
    with vote:
        voting.show(room)


def _sharing(room: Room) -> None:
    base = state.design().experiment
    st.caption(texts.SHARE_OUT_WHY.format(name=shell.plain(base.name)))
    paths = [hyperparameter.path for hyperparameter in hyperparameters.available(base)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        path = st.selectbox(texts.WHAT_IS_VARIED, paths, key="class.jigsaw.path", width=280,
                            format_func=lambda path: Hyperparameter(path=path).title)
        known = hyperparameters.domain(base, Hyperparameter(path=path))
        usual = ", ".join(map(word, plan.usual(known)))
        if known.kind == "choice":
            values = plan.usual(known)
            st.caption(usual)
        else:
            key = f"class.jigsaw.values.{'.'.join(path)}"
            values = st.text_input(texts.VALUES, value=usual, key=key, width=280)
        st.button(texts.HAND_OUT, type="primary", icon=":material/call_split:", on_click=_hand_out,
                  key="class.hand_out", args=(room.id, base, path, values))


def _hand_out(room: str, base: Experiment, path: tuple[str, ...], values: str | tuple) -> None:
    try:
        if isinstance(values, str):  # typed
            values = plan.parse(st.session_state[f"class.jigsaw.values.{'.'.join(path)}"],
                                hyperparameters.domain(base, Hyperparameter(path=path)))
        jigsaw = Jigsaw(base=base.to_json(None), path=path, values=values)
        exercises.require(jigsaw)
        registry.classroom().hand_out(room, state.device(), jigsaw)
        registry.classroom().change(room, state.device(), showing="sweep")
    except DlvizError as error:
        shell.notice(error)


def _handed_out(room: str, jigsaw: Jigsaw) -> None:
    title = exercises.hyperparameter(jigsaw).title
    st.write(texts.HANDED_OUT.format(title=shell.plain(title), values=", ".join(map(word, jigsaw.values))))
    st.button(texts.TAKE_BACK, icon=":material/undo:", key="class.take_back", on_click=_take_back, args=(room,))


def _take_back(room: str) -> None:
    try:
        registry.classroom().hand_out(room, state.device(), None)
    except DlvizError as error:
        shell.notice(error)


def _setting_up(room: Room) -> None:
    base = state.design().experiment
    task = tasks.get(base.task.name, base.task.fields)
    st.caption(texts.THE_BOARD_WHY.format(task=shell.plain(task.title)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        most = st.number_input(texts.MOST_PARAMETERS, min_value=1, value=20_000, step=1_000, width=180,
                               key="class.board.parameters")
        fraction = st.number_input(texts.FRACTION, min_value=0.01, max_value=1.0, value=base.training.train_fraction,
                                   step=0.05, width=150, key="class.board.fraction")
        seed = st.number_input(texts.BOARD_SEED, min_value=0, value=None, placeholder=texts.ANY, width=130,
                               key="class.board.seed")
        board = Board(task=base.task.name, parameters=int(most), train_fraction=fraction, seed=seed)
        st.button(texts.SET_UP_BOARD, type="primary", icon=":material/leaderboard:", on_click=_change,
                  key="class.board.set", args=(room.id,), kwargs={"board": board, "showing": "board"})


def _standing(room: Room, board: Board) -> None:
    st.write(scenes.budget(room))
    with st.container(horizontal=True):
        if board.opened is None:
            st.button(texts.OPEN_TEST, icon=":material/drafts:", help=texts.OPEN_TEST_WHY, on_click=_change,
                      key="class.board.open", args=(room.id,),
                      kwargs={"board": board.model_copy(update={"opened": time.time()})})
        else:
            st.caption(texts.TEST_IS_OPEN, width="content")
        st.button(texts.TAKE_DOWN, icon=":material/close:", on_click=_change, key="class.board.down", args=(room.id,),
                  kwargs={"board": None})


def _change(room: str, **values: object) -> None:
    try:
        registry.classroom().change(room, state.device(), **values)
    except DlvizError as error:
        shell.notice(error)
