"""The play page: a run's network plays a game move by move, and whoever looks plays on the same board.

While the run trains it is asked again and again, so that the game gets better as the network learns.
"""
from __future__ import annotations

import streamlit as st

from dlviz.runs.info import RunInfo
from dlviz.tasks import GameTask
from pages.ui.play import game
from pages.ui.play.texts import texts
from pages.ui.shared import offers, places, run_actions, run_picker, scrubber, shell, state

TICKS = {"training": 2.0, "starting": 0.5, "queued": 1.0, "paused": 2.0}  # seconds between two questions


def page() -> None:
    state.require_frame()
    run_actions.show_refusals()
    st.title(texts.PLAY, width="content", anchor=False)
    run = state.focus()
    if run is None:
        offers.empty(texts.NO_NETWORK_YET, texts.TRAIN_ONE_HERE, places.playable)
    elif (task := offers.task_of(run.experiment).game) is None:
        offers.empty(texts.RUN_PLAYS_NOTHING, texts.TRAIN_ONE_HERE, places.playable)
    elif run.step == 0 and run.state not in run_picker.TICKS:
        shell.empty(texts.RUN_HAS_NO_TRAINED, texts.ENDED_BEFORE_FIRST_STEP, "pages/train.py", texts.GO_TO_TRAIN)
    else:
        st.fragment(look, run_every=TICKS.get(run.state))(run, task)


def look(run: RunInfo, task: GameTask) -> None:
    """Everything that answers to a key or a tick. A fragment has to catch for itself."""
    with shell.show_errors():
        now = state.service().get(run.id)
        if now.state != run.state:
            state.draw_page()  # it ticks at another pace from now on, or not at all
        scrubber.bar(now, "play.moments")
        game.show(now, task)


with shell.show_errors():
    page()
