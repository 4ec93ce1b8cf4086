"""What test accuracy the ready networks reach, and in how many seconds of training, on this machine, alone.

    python -m benchmarks.accuracy

The clock runs from the first event to the last update's evaluation; the test split is judged once, at the end.
"""
from __future__ import annotations

import time
from typing import Any

from benchmarks import report
from dlviz import presets, tasks
from dlviz.training import events as ev
from dlviz.training.loop import train

GOALS = {"mlp": (0.975, 10.0), "cnn": (0.99, 60.0)}
SEEDS = (1, 2, 3)


def measure(key: str, seed: int) -> dict[str, Any]:
    started = finished = 0.0
    end = None
    for event in train(presets.get(key).experiment.model_copy(update={"seed": seed})):
        now = time.perf_counter()
        started = started or now
        if isinstance(event, ev.Evaluated):
            finished = now
        if isinstance(event, ev.Ended):
            end = event
    row = {"seed": seed, "seconds": round(finished - started, 2), "test_accuracy": round(end.test_accuracy, 4)}
    print(key, row, flush=True)
    return row


def main() -> None:
    tasks.get("mnist").data()
    report.write("accuracy", {key: {"goal": goal, "within_seconds": seconds,
                                    "runs": [measure(key, seed) for seed in SEEDS]}
                              for key, (goal, seconds) in GOALS.items()})


if __name__ == "__main__":
    main()
