"""Rewards of the gridworld that are changed by hand while a run learns: obeyed, marked, bounded, not forgotten."""
from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dlviz import tasks
from dlviz.algorithms import DQN
from dlviz.errors import RunError, TaskError
from dlviz.games import Gridworld
from dlviz.games.gridworld import PLAN, best_return
from dlviz.optimizers import Adam
from dlviz.spec import Experiment
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training import rewards
from dlviz.training.control import Pause, Save, SetReward, Stop
from dlviz.training.loop import train
from tests.engine.test_playing import small
from tests.engine.test_runs_service import FakeEngine, _in_state, clock, engine, service  # noqa: F401

MOVED = SetReward(5, 0, 1.0)  # a free cell, far from the goal, becomes another goal
TASK = tasks.get("gridworld")


def learning() -> Experiment:
    return small("gridworld", DQN(memory=2_000, copies=8))


def test_the_boards_rewards_are_what_the_game_gives():
    game = Gridworld(2, TASK.with_reward(5, 0, 1.0).with_reward(1, 5, 0.0).board()[0])
    game.reset(seed=0)
    game.place[:] = [[4, 0], [1, 4]]
    _, given, ended, _, _ = game.step(np.array([2, 1]))  # to the new goal; to where the pit was
    assert given == pytest.approx([0.98, -0.02]) and ended.tolist() == [True, False]
    assert len(game.free) == 25 and [5, 0] not in game.free.tolist() and [1, 5] in game.free.tolist()


def test_the_best_return_of_a_board_is_that_of_who_plays_by_its_values():
    plan = TASK.with_reward(3, 2, -1.0).with_reward(5, 0, 1.0).board()[0]
    totals, game = [], Gridworld(1, plan)
    game.autoreset = False
    for place in game.free:
        game.reset(seed=0)
        game.place[:] = [place]
        total, over = 0.0, False
        while not over:
            _, reward, ended, broken, _ = game.step(game.guide())
            total, over = total + float(reward[0]), bool(ended[0] or broken[0])
        totals.append(total)
    assert np.mean(totals) == pytest.approx(best_return(plan), abs=1e-5) and game.highest == best_return(plan)
    assert best_return(PLAN) == pytest.approx(Gridworld.highest, abs=1e-4)


@pytest.mark.parametrize("wrong", [
    SetReward(0, 3, 1.0), SetReward(6, 0, 1.0), SetReward(0, -1, 1.0), SetReward(0, 0, 0.5), SetReward(0, 0, 99.0),
    SetReward(0, 0, float("nan")), SetReward(0, 5, 0.0), SetReward(0, 5, -1.0)])
def test_what_cannot_be_is_a_sentence(wrong: SetReward):
    """A wall, outside, a reward that is none of three; and the only goal stays one."""
    with pytest.raises(RunError) as error:
        rewards.changed(TASK.game, wrong)
    assert error.value.sentence.count(".") >= 1


@pytest.mark.parametrize("cells", ["", "G", "/".join(PLAN)[:-1], "/".join(PLAN).replace("G", "."),
                                   "/".join(PLAN).replace("G", "x"), "/".join(["G#####", "######"] + ["......"] * 4)])
def test_a_board_that_nobody_could_win_is_refused(cells: str):
    with pytest.raises(TaskError):
        tasks.get("gridworld", {"cells": cells})


def test_other_games_and_tasks_have_no_rewards_to_change():
    for task in (tasks.get("catch").game, tasks.get("mnist").game):
        with pytest.raises(RunError):
            rewards.changed(task, MOVED)
    control = ctl.Control()
    control.post(MOVED)
    assert not [event for event in train(small("catch", DQN()), control, device="cpu") if isinstance(event, ev.Changed)]


def test_it_is_marked_and_the_board_that_is_shown_is_the_new_one():
    control, found = ctl.Control(), []
    control.post(ctl.Watch(game=True, every=0.0))
    for event in train(learning(), control, device="cpu"):
        found.append(event)
        if isinstance(event, ev.Step) and event.step == 40:
            control.post(MOVED)
        if isinstance(event, ev.Step) and event.step == 80:
            control.post(SetReward(5, 0, 0.0))
            control.post(SetReward(5, 0, 0.5))  # the service would refuse it; a stale page changes nothing
    marks = [event for event in found if isinstance(event, ev.Changed)]
    assert marks == [ev.Changed(41, "reward(5, 0)", 0.0, 1.0), ev.Changed(81, "reward(5, 0)", 1.0, 0.0)]
    assert [mark.cell for mark in marks] == [(5, 0)] * 2 and not marks[0].by_hand
    shown = {event.step: event.game for event in found if isinstance(event, ev.Captured)}
    codes = {step: int(game.record.frames[0][5, 0]) for step, game in shown.items() if game is not None}
    assert codes[40] == 2 and codes[80] != 2
    assert [5, 0] not in shown[40].places[1].tolist() and [5, 0] in shown[80].places[1].tolist()


def test_it_is_learned():
    """Beside the new goal the network's best action leads into it, and its value has risen to that of one move."""
    control, experiment, at = ctl.Control(), learning(), {}
    training = experiment.training.model_copy(update={"epochs": 3, "optimizer": Adam(learning_rate=3e-3)})
    for event in train(experiment.model_copy(update={"training": training}), control, device="cpu"):
        if isinstance(event, ev.Captured) and event.game is not None and event.game.places is not None:
            outputs, places = event.game.places
            at[event.step] = outputs[places.tolist().index([4, 0])]
        if isinstance(event, ev.Step) and event.step in (400, 1_499):
            for message in (ctl.Watch(game=True, every=1e9), *([MOVED] if event.step == 400 else [])):
                control.post(message)
    assert at[400].max() < 0.7 and at[1_499].argmax() == 2 and at[1_499].max() == pytest.approx(0.98, abs=0.15)


def test_a_process_that_goes_on_plays_on_the_changed_board(tmp_path: Path):
    def losses(path: Path, pauses: bool) -> list[float]:
        path.parent.mkdir()
        control, found = ctl.Control(), []
        events = train(learning(), control, checkpoint=path, device="cpu")
        while True:
            for event in events:
                if isinstance(event, ev.Step):
                    found.append(event.loss)
                    if event.step == 30:
                        control.post(MOVED)
                        if pauses:
                            control.post(Pause())
                    if event.step == 60:
                        control.post(Stop())
                if isinstance(event, ev.Paused):
                    for message in (Save(), Stop()):
                        control.post(message)
            if len(found) >= 60:
                return found
            events = train(learning(), control, checkpoint=path, resume=True, device="cpu")

    assert losses(tmp_path / "one" / "w.safetensors", False) == losses(tmp_path / "two" / "w.safetensors", True)


def test_the_board_at_a_step_follows_from_the_marks():
    marks = [ev.Changed(41, "reward(5, 0)", 0.0, 1.0), ev.Changed(50, "learning_rate", 0.1, 0.2),
             ev.Changed(81, "reward(1, 5)", -1.0, 0.0)]
    boards = {step: rewards.after(learning(), marks, step).task.fields.get("cells") for step in (40, 41, 81, None)}
    assert boards[40] is None and boards[41].endswith("G#.#..") and "P" in boards[41]
    assert "P" not in boards[81] and boards[81] == boards[None]


def test_the_service_refuses_others_a_run_that_is_over_and_what_cannot_be(service, engine: FakeEngine):
    run = _in_state(service, engine, learning(), "training")
    for by, message in (("you", MOVED), ("me", SetReward(0, 5, 0.0)), ("me", SetReward(0, 0, 7.0))):
        with pytest.raises(RunError):
            service.post(run, message, by)
    service.post(run, MOVED, "me")
    assert engine.messages(run, SetReward) == [MOVED]
    engine.up(run, ev.Changed(1, MOVED.setting, 0.0, 1.0))
    service.post(run, SetReward(0, 5, 0.0), "me")  # since the change there is another goal
    assert len(engine.messages(run, SetReward)) == 2
    over = _in_state(service, engine, learning(), "done")
    with pytest.raises(RunError):
        service.post(over, MOVED, "me")
