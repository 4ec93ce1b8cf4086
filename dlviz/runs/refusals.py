"""What a run cannot do now, in sentences. Knows no engine and changes nothing."""
from __future__ import annotations

from pathlib import Path

from dlviz import tasks
from dlviz.errors import RunError
from dlviz.runs.info import OVER
from dlviz.runs.process.engine import FIRST_WEIGHTS, WEIGHTS
from dlviz.runs.run import Run
from dlviz.training import optimizers, recovery, rewards, weights
from dlviz.training.control import Set, SetReward, SetWeight
from dlviz.translation import Words, _

OVER_IN_WORDS = {"done": _("it has finished"), "stopped": _("it was stopped"), "diverged": _("it has diverged"),
                 "failed": _("it has failed")}
WHAT_NOW = {"done": _("Start a new run from it."), "diverged": _("Start a new run with a smaller learning rate."),
            "stopped": _("Resume it first."), "failed": _("Resume it first.")}


def refusal(run: Run, expected: Words) -> RunError:
    """The error for a message that comes when the run is over; `expected` says when it would be allowed."""
    state = run.row.state
    return RunError(_("The run {name!r}", name=run.row.name), expected, OVER_IN_WORDS[state], WHAT_NOW[state])


def owned(run: Run, by: str) -> Run:
    """The run itself. RunError when it belongs to somebody else than who asks."""
    if run.row.owner != by:
        raise RunError(_("The run {name!r}", name=run.row.name), _("may be changed by its owner alone"),
                       _("somebody else asked for that"), _("Copy to Workbench: the copy is yours."))
    return run


def check_setting(run: Run, message: Set | SetWeight | SetReward) -> None:
    """RunError for a run that is over, a setting, a weight or a cell that it does not have, or a value out of bounds.

    What was changed of the run before must be in memory.
    """
    if run.row.state in OVER:
        raise refusal(run, _("can only take a new setting while it trains or is paused"))
    if isinstance(message, SetWeight):
        weights.require(weights.shapes(run.experiment), message)
        return
    if isinstance(message, SetReward):
        task = rewards.after(run.experiment, run.past.marks).task
        rewards.changed(tasks.get(task.name, task.fields).game, message)
        return
    if message.setting != "schedule":  # a schedule checks its own fields
        optimizers.require(run.experiment.training.optimizer, message)


def missing_weights(run: Run, folder: Path) -> str:
    """Which of the weights that it would go on with are lost, in a sentence; empty where none is."""
    if recovery.present(folder / WEIGHTS):
        return ""
    if run.row.checkpoint_step:
        return (f"The weights of step {run.row.checkpoint_step:,} are gone: the folder {folder} "
                "no longer holds them. Its curves are kept. Put the folder back and resume the run, "
                "or start a new run from it.")
    if run.origin is not None and not (folder / FIRST_WEIGHTS).exists():
        return (f"The first weights of this run, from the run {run.origin.name!r}, are gone: its folder {folder} no "
                "longer holds them. Start a new run from the weights of that run, or from new ones.")
    return ""


def lost_again(losses: int, saved: int) -> str:
    return (f"The process that trained this run ended unexpectedly {losses} times "
            f"without getting far beyond step {saved:,}. Most often the computer's "
            "memory was full: make the batches or the network smaller, or stop other runs. "
            "Then resume it.")
