"""What the loop knows between two updates of a network that learns from games."""
from __future__ import annotations

from pathlib import Path

from dlviz import tasks
from dlviz.spec import Experiment
from dlviz.training import events as ev
from dlviz.training.playing.learner import GameLearner
from dlviz.training.state import LoopState


class GameState(LoopState, GameLearner):
    """The live state between two updates."""

    def capture(self) -> ev.Captured:
        return self.capture_game(super().capture())


def begin(experiment: Experiment, path: Path | None, device: str | None,
          first_weights: Path | None = None) -> LoopState:
    """The state with which an experiment begins, whatever there is to learn."""
    task = tasks.get(experiment.task.name, experiment.task.fields)
    return (LoopState if task.supervised else GameState)(experiment, path, device, first_weights)
