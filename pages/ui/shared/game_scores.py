"""How well a run plays: loss, score, the return of each game, and how much it explores. Hands panels to the curves."""
from __future__ import annotations

import numpy as np

from dlviz import english
from dlviz.algorithms import Algorithm
from dlviz.figures.table import Curve
from dlviz.figures.thinning import running_mean
from dlviz.runs.info import Snapshot
from dlviz.tasks import GameTask
from dlviz.translation import within
from pages.ui.shared.curves import LOSS, RUN_COLORS, Panel, Series
from pages.ui.shared.texts import texts

MEAN = 50  # games of which the mean is drawn


def panels(task: GameTask, algorithm: Algorithm) -> tuple[Panel, ...]:
    """What is learned from is not judged, so the loss stands by itself; beside it the error that it is made of."""
    train, val = RUN_COLORS[0], RUN_COLORS[1]
    formula = texts.MEAN_OF.format(formula=algorithm.td_error)
    error = Panel(texts.TD_ERROR, (Series("td_error", formula, *RUN_COLORS[1]),))
    return (Panel(LOSS.title, LOSS.series[:1]), *([error] if algorithm.td_error else []),
            Panel(texts.SCORE.format(metric=task.metric),
                  (Series("train_accuracy", texts.LATE_GAMES, *train),
                   Series("val_accuracy", texts.WITHOUT_EXPLORING, *val, "points"),
                   Series("rule", texts.RULE, *RUN_COLORS[6], "dashed")), percent=True),
            Panel(texts.RETURN_OF_GAMES, (Series("returns", texts.A_GAME, *RUN_COLORS[2], "dots"),
                                          Series("mean_return", texts.MEAN_OF_GAMES(MEAN), *RUN_COLORS[0]))),
            Panel(texts.EXPLORATION, (Series("exploration", within(texts.EXPLORATION), *RUN_COLORS[3]),), percent=True))


def columns(snapshot: Snapshot, task: GameTask) -> dict[str, Curve]:
    """Steps and values of what `panels` adds."""
    steps = snapshot.games["step"]
    errors = snapshot.td_errors
    found: dict[str, Curve] = {"td_error": (np.array([record.step for record in errors], np.int64),
                                            np.array([record.mean for record in errors])),
                               "returns": (steps, snapshot.games["returns"]),
                               "mean_return": (steps, running_mean(snapshot.games["returns"], MEAN)),
                               "exploration": (steps, snapshot.games["exploration"])}
    if snapshot.step:
        found["rule"] = (np.array([1, max(2, snapshot.step)]), np.full(2, task.baseline().val_accuracy))
    return found


def ended(task: GameTask, score: float | None) -> str:
    """What a simple rule reaches, beside a finished run's test."""
    return "" if score is None else texts.A_RULE_REACHES.format(
        rule=task.rule, score=english.percent(task.baseline().test_accuracy))
