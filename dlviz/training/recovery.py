"""Where an interrupted training goes on: its newest checkpoint that is whole, else weights kept on the way."""
from __future__ import annotations

from pathlib import Path

from dlviz.errors import RunError
from dlviz.training import checkpoint as ckpt
from dlviz.training import keyframes
from dlviz.training.learner import Learner


def present(path: Path) -> bool:
    """Whether there is a checkpoint to go on from, whole or not."""
    return path.exists() or ckpt.older(path).exists()


def go_on(learner: Learner, path: Path) -> str:
    """Put the newest state that can be used into the learner; a sentence where that is not the newest written.

    RunError when there are checkpoints, but nothing can be used. Without any the learner stays at its beginning.
    """
    damage: RunError | None = None
    for file in filter(Path.exists, (path, ckpt.older(path))):
        try:
            learner.load(file)
        except RunError as error:
            damage = damage or error
            continue
        return f"The newest checkpoint was damaged, so training went on from the one before it, of step " \
               f"{learner.step:,}." if damage else ""
    return _from_keyframes(learner, path.parent / keyframes.FOLDER, damage) if damage else ""


def _from_keyframes(learner: Learner, folder: Path, damage: RunError) -> str:
    for step in reversed(keyframes.steps(folder)):
        try:
            learner.load_weights(keyframes.path(folder, step))
        except RunError:
            continue
        return f"Both checkpoints were damaged, so training went on from the weights kept at step {step:,}. What the " \
               "optimizer remembered and changes by hand are lost, so the curve differs a little from there on."
    learner.restart()
    raise damage
