"""The game of the page Play: which one, whose moves, and both boards. Asks the run; the browser takes the keys."""
from __future__ import annotations

import secrets
from typing import Any

import streamlit as st

from dlviz import views
from dlviz.games.record import GameQuestion
from dlviz.runs.info import RunInfo
from dlviz.tasks import GameTask
from dlviz.training.events import QueryResult
from dlviz.views import game
from dlviz.views.base import CaptureRequest
from pages.ui.play.texts import texts
from pages.ui.shared import reply, shell, state, view_host

KEY = "play.game"
MOST_MOVES = 1_000  # of a person that are listened to


def show(run: RunInfo, task: GameTask) -> None:
    """What can be chosen, then the network's game and one's own."""
    side = _choose(task)
    seed = _seed()
    asked = GameQuestion(seed), GameQuestion(seed, _moves(task, seed), side)
    found = [_asked(run, task, question, f"play.{at}") for at, question in enumerate(asked)]
    (its, note), (own, _) = found
    if its is None or its.game is None or own is None or own.game is None:
        st.caption(shell.plain(note or texts.ENDED_BEFORE_FIRST_STEP))
        return
    subject = views.subject(run.experiment)
    made = task.play(1)
    view_host.script(KEY, game.SCRIPT, {
        "game": game.game_data(subject, made, seed), "record": game.record_data(its.game, f"{its.step}"),
        "own": game.own_data(made, own.game, asked[1]), "map": None, "memory": None, "exploration": None,
        "step": its.step, "note": ""}, "moves")
    st.caption(shell.plain(texts.STANDS_FOR.format(sentence=task.sentence(), large=task.stands_for)))


def _choose(task: GameTask) -> int:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.button(texts.ANOTHER_GAME, key="play.another", icon=":material/casino:", on_click=_another,
                  help=texts.ANY_OTHER_GAME)
        if not task.play(1).adversarial:
            return 0
        words = {0: texts.BEGIN, 1: texts.SECOND}
        return st.segmented_control(texts.WHO_BEGINS, list(words), default=0, key="play.side", required=True,
                                    format_func=words.__getitem__, label_visibility="collapsed") or 0


def _seed() -> int:
    return state.session_value("play.seed", dict).setdefault("seed", 1)


def _another() -> None:
    state.session_value("play.seed", dict)["seed"] = secrets.randbelow(1_000_000)


def _moves(task: GameTask, seed: int) -> tuple[int, ...]:
    """The person's moves as the browser has them; none where they are of another game."""
    message: Any = (st.session_state.get(KEY) or {}).get("moves")
    if not isinstance(message, dict) or message.get("seed") != seed or not isinstance(message.get("moves"), list):
        return ()
    count = len(task.classes)
    moves = [move for move in message["moves"][:MOST_MOVES] if type(move) is int and 0 <= move < count]
    return tuple(moves)


def _asked(run: RunInfo, task: GameTask, question: GameQuestion, place: str) -> tuple[QueryResult | None, str]:
    return reply.reply(run, question, task.blank_inputs(), CaptureRequest(), place, game=question)
