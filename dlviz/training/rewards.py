"""Rewards of a board, changed by hand between two moves. Knows no loop and no process."""
from __future__ import annotations

from collections.abc import Iterable

from dlviz import tasks
from dlviz.errors import RunError, TaskError
from dlviz.spec import Experiment
from dlviz.tasks import GameTask
from dlviz.training.control import SetReward
from dlviz.training.events import Changed
from dlviz.translation import _


def after(experiment: Experiment, marks: Iterable[Changed], step: int | None = None) -> Experiment:
    """The experiment with the board as it was after `step` updates, or after all of these changes."""
    for change in marks:
        if change.cell and (step is None or change.step <= step):
            task = tasks.get(experiment.task.name, experiment.task.fields).game
            assert task is not None
            fields = task.with_reward(*change.cell, float(change.new)).model_dump()
            experiment = experiment.model_copy(update={"task": experiment.task.model_copy(update={"fields": fields})})
    return experiment


def no_board() -> RunError:
    return RunError(_("A reward"), _("must be one of a game"), _("this run learns none"),
                    _("Open the preset of a game."))


def changed(task: GameTask | None, message: SetReward) -> GameTask:
    """The game with the reward asked for. RunError for what is no game, or cannot be."""
    if task is None:
        raise no_board()
    try:
        return task.with_reward(message.row, message.column, message.value)
    except TaskError as error:
        raise RunError(*error.args) from error
