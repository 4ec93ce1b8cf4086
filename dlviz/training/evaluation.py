"""A network judged apart from any training: on samples, or in games. Knows no loop."""
from __future__ import annotations

import torch

from dlviz.network import Network
from dlviz.tasks import SplitName, Task
from dlviz.training import metrics
from dlviz.training.events import Evaluated
from dlviz.training.playing import learner


def evaluate(network: Network, task: Task, split: SplitName, step: int, most: int) -> Evaluated:
    """The network on the CPU on the first `most` samples of a split, or in the games of that split."""
    device = torch.device("cpu")
    if task.game:
        return learner.evaluate(network, task.game, split, device, step)
    return metrics.evaluate(network, task.split(split).first(most), device, step, details=True)
