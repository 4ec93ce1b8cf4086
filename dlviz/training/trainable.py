"""Whether an experiment can be trained on this computer: asked before a process begins with it."""
from __future__ import annotations

from dlviz import network as net
from dlviz import tasks
from dlviz.spec import Experiment
from dlviz.training import lone_samples


def require(experiment: Experiment) -> None:
    """SpecError or TaskError for a design with errors, data that are not here, or settings that do not go together."""
    task = tasks.get(experiment.task.name, experiment.task.fields)
    report = net.check(experiment.network, task.signature(), experiment.training.batch_size)
    if report.errors:
        raise report.errors[0]
    task.require()
    experiment.training.require(task.signature())
    lone_samples.require(experiment, task)
