"""A game that a network plays: move by move, with what it says of each action, its value map and its replay memory."""
from __future__ import annotations

import numpy as np

from dlviz import english
from dlviz.figures import packing
from dlviz.games import Game
from dlviz.games.record import GameCapture, GameQuestion, GameRecord, MemoryStrip
from dlviz.network import NetworkReport
from dlviz.tasks import GameTask, Task
from dlviz.translation import _, numeral
from dlviz.views.base import CaptureRequest, Choices, Json, Observation, Subject, View

SCRIPT = "game/main.js"


class GameView(View):
    key = "game"
    title = _("Game")
    sentence = _("A game that the network plays by itself, and what it says of each action at each move.")
    icon = ":material/stadia_controller:"
    places = ("train",)
    order = 1
    script = SCRIPT
    answers = ("reward",)
    edits = "reward"

    def suits(self, report: NetworkReport, task: Task) -> bool:
        return task.game is not None

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(game=True)

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Json | str:
        captured = observation.captured
        if captured is None or captured.game is None:
            return observation.nothing_yet
        return payload(subject, captured.game, captured.step) | {"run": observation.run,
                                                                 "editable": observation.editable}


def payload(subject: Subject, captured: GameCapture, step: int) -> Json:
    """What `game/main.js` draws."""
    task = subject.task.game
    assert task is not None
    made = task.play(1)
    return {"game": game_data(subject, made, captured.record.seed), "record": record_data(captured.record, f"{step}"),
            "map": captured.places and _map(task, captured.record.frames[0], *captured.places),
            "memory": captured.memory and _memory(made, captured.memory), "step": step, "own": None,
            "exploration": None if captured.exploration is None else round(100 * captured.exploration)}


def game_data(subject: Subject, made: Game, seed: int) -> Json:
    """What stays the same in all games of a run."""
    assert subject.task.game is not None
    return {"actions": list(made.actions), "reveals": made.reveals, "legend": list(made.legend), "seed": seed,
            "size": list(made.frame().shape), "adversarial": made.adversarial,
            "points": english.sentence_case(subject.task.game.points),
            "probabilistic": subject.experiment.training.algorithm.probabilistic}


def record_data(record: GameRecord, key: str) -> Json:
    """A game's moves; `key` says which one it is, and whose."""
    frames = packing.levels if record.frames.dtype == np.uint8 else packing.floats
    return {"key": f"{key} {record.seed} {len(record.actions)}", "frames": frames(record.frames),
            "outputs": packing.floats(record.outputs), "actions": record.actions.tolist(),
            "rewards": np.round(record.rewards.astype(float), 4).tolist(), "allowed": packing.levels(record.allowed),
            "over": record.over, "total": _number(record.total)}


def _map(task: GameTask, cells: np.ndarray, outputs: np.ndarray, places: np.ndarray) -> Json:
    """What a network says at each place of the board that was played on; `cells` is a frame of it."""
    empty = cells.copy()
    empty[tuple(places.T)] = 0  # the player is none of the board
    return {"outputs": packing.floats(outputs), "places": places.tolist(), "cells": empty.ravel().tolist(),
            "clickable": task.reward_at(*places[0].tolist()) is not None}


def _memory(made: Game, strip: MemoryStrip) -> Json:
    planes = ("empty", *(made.planes or ("",) * made.shape[0]))
    return {"boards": packing.levels(strip.boards), "shape": list(strip.boards.shape), "planes": planes,
            "drawn": strip.drawn.astype(int).tolist(), "size": strip.size, "capacity": strip.capacity}


def _number(value: float) -> str:
    return numeral(f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−"))


def own_data(made: Game, record: GameRecord, question: GameQuestion) -> Json:
    """A person's own game, with the moves that count, its return as the person's, and of two players who won."""
    gain = -record.total if made.adversarial and question.side else record.total
    outcome = ("won" if gain > 0 else "lost" if gain < 0 else "drawn") if made.adversarial and record.over else None
    return record_data(record, "own") | {"mine": list(question.moves or ()), "total": _number(gain), "outcome": outcome}
