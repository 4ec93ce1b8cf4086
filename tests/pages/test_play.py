"""The play page without a browser: what is asked, whose moves count, what is said where there is nothing to play."""
from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dlviz import presets, tasks
from dlviz.games.record import GameQuestion
from dlviz.spec import Experiment
from pages.ui.play import game
from pages.ui.shared import places
from tests.pages import look_page
from tests.pages.look_page import APP, OWNER, Asked
from tests.pages.train_service import info

CATCH, MLP = presets.get("catch").experiment, presets.get("mlp").experiment
service, shown = look_page.service, look_page.shown  # fixtures


def opened(made: Asked, experiment: Experiment = CATCH) -> AppTest:
    made.infos["r"] = info("r", owner=OWNER, experiment=experiment, state="done", step=9)
    page = AppTest.from_file(APP, default_timeout=60)
    page.session_state["dlviz.visitor"] = OWNER
    page.run()
    page.switch_page("pages/play.py")
    page.query_params["run"] = "r"
    page.run()
    assert not page.exception
    return page


def test_the_network_plays_and_so_does_who_looks(service, shown):
    opened(service)
    data = shown["play.game"]
    assert [query.game for query in service.asked] == [GameQuestion(1), GameQuestion(1, (), 0)]
    assert len(data.record["actions"]) == 9 and data.record["over"] and data.own["actions"] == []
    assert data.game["actions"] == ["left", "stay", "right"] and data.game["probabilistic"] is False


@pytest.mark.parametrize(("sent", "counted"), [
    ({"seed": 1, "moves": [0, 2]}, (0, 2)), ({"seed": 7, "moves": [0]}, ()), ({"seed": 1}, ()), ("nonsense", ()),
    ({"seed": 1, "moves": [9, True, "x", 1]}, (1,))])
def test_only_moves_of_this_game_that_can_be_made_count(monkeypatch, sent: object, counted: tuple[int, ...]):
    monkeypatch.setattr(game.st, "session_state", {game.KEY: {"moves": sent}})
    assert game._moves(tasks.get("catch"), 1) == counted


def test_another_game_is_another_beginning(service, shown):
    page = opened(service)
    page.button(key="play.another").click().run()
    assert service.asked[-1].game.seed == shown["play.game"].game["seed"] != 1


def test_a_run_that_plays_nothing_offers_one_that_does(service, shown):
    page = opened(service, MLP)
    assert "play.game" not in shown and "not learnt a game" in look_page.texts(page)


def test_a_game_is_not_offered_what_needs_targets():
    offered = [place.name for place in places.OF_A_RUN if place.suits(tasks.get("catch"))]
    assert offered == ["train", "play"]
    assert "play" not in [place.name for place in places.OF_A_RUN if place.suits(tasks.get("mnist"))]
