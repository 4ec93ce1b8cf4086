"""What the ready networks for games reach, and in how many seconds of CPU they first reach their goal.

    python -m benchmarks.games              # all of them, three seeds
    python -m benchmarks.games catch snake

One thread. The clock is the process's own CPU time and starts with the first weights; the games that the network is
tested in are counted too. What is measured takes the place of what was measured of the same preset before.
"""
from __future__ import annotations

import sys
import time
from typing import Any

import torch

from benchmarks import report
from dlviz import presets
from dlviz.training import events as ev
from dlviz.training.loop import train

SEEDS = (1, 2, 3)
# The score in the test games at the end that each must reach, and the seconds within which it first reaches it.
GOALS: dict[str, tuple[float, float]] = {
    "catch": (0.99, 5), "gridworld": (0.95, 5), "cartpole": (0.95, 8), "cartpole_critic": (0.95, 8),
    "tictactoe": (0.99, 20), "snake": (9 / 35, 20)}
LESSONS = {"gridworld_bold": 0.5, "gridworld_patient": 0.5, "catch_forgetful": 0.9,
           "cartpole_fall": 0.5}  # scores that these must not reach


def measure(key: str, seed: int, goal: float) -> dict[str, Any]:
    """One training to its end: when it first reached the goal, and what it reached in test games."""
    experiment = presets.get(key).experiment.model_copy(update={"seed": seed})
    row: dict[str, Any] = {"seed": seed, "cpu_seconds_to_goal": None}
    started = time.process_time()
    for event in train(experiment, device="cpu"):
        spent = round(time.process_time() - started, 2)
        if isinstance(event, ev.Evaluated) and row["cpu_seconds_to_goal"] is None and event.val_accuracy >= goal:
            row["cpu_seconds_to_goal"] = spent
        elif isinstance(event, ev.Ended):
            row |= {"cpu_seconds": spent, "test_score": round(event.test_accuracy or 0, 4)}
    print(key, row, flush=True)
    return row


def main(chosen: list[str]) -> None:
    torch.set_num_threads(1)
    for key in chosen or [*GOALS, *LESSONS]:
        goal, seconds = GOALS.get(key, (2.0, 0))
        rows = [measure(key, seed, goal) for seed in SEEDS]
        if key in GOALS:
            met = all((row["cpu_seconds_to_goal"] or 1e9) <= seconds and row["test_score"] >= goal for row in rows)
            result: dict[str, Any] = {"goal": goal, "within": seconds, "met": met, "runs": rows}
        else:
            result = {"at most": LESSONS[key], "met": all(row["test_score"] <= LESSONS[key] for row in rows),
                      "runs": rows}
        report.write("games", report.earlier("games") | {key: result})


if __name__ == "__main__":
    main(sys.argv[1:])
