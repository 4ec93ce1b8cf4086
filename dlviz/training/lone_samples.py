"""Batches of one sample: what takes mean and spread over a batch has none there. Knows no loop."""
from __future__ import annotations

from dlviz import layers
from dlviz import network as net
from dlviz.errors import SpecError
from dlviz.network import NetworkReport
from dlviz.spec import Experiment
from dlviz.tasks import Task
from dlviz.translation import Words, _


def require(experiment: Experiment, task: Task) -> None:
    """SpecError where a layer would be given one number of a channel to take mean and spread over, as torch refuses.

    A network without such a layer is not checked, since every run begins here; one with errors is not judged.
    """
    if not any(layers.get(spec.kind).batch_statistics for spec in experiment.network.layers):
        return
    report = net.check(experiment.network, task.signature(), experiment.training.batch_size)
    name = _normalizing(experiment, report) if report.ok else ""
    least, which = smallest_batch(experiment, task) if name else (2, "")
    if least < 2:
        raise SpecError(_("Layer {name} ({kind})", name=name, kind=report.layer(name).kind),
                        _("takes mean and spread over the samples of a batch, so that it needs two or more"),
                        _("{which} has one", which=which),
                        _("Choose another batch_size, or a norm that looks at single samples."))


def smallest_batch(experiment: Experiment, task: Task) -> tuple[int, Words]:
    """How many samples the smallest batch has, and which one that is."""
    training = experiment.training
    if not task.supervised:
        return training.algorithm.least_samples(training.batch_size), _("a batch")
    samples = max(1, round(training.train_fraction * task.size("train")))
    rest = samples % training.batch_size
    return (rest, _("the last batch of an epoch")) if rest else (training.batch_size, _("a batch"))


def _normalizing(experiment: Experiment, report: NetworkReport) -> str:
    """The first layer that takes mean and spread over the batch only: of vectors, or of maps of one place."""
    for spec, layer in zip(experiment.network.layers, report.layers):
        shape = layer.in_shapes[0] if layer.in_shapes else None
        single = shape is not None and shape.numel == shape.axes[0]
        if single and layers.get(spec.kind).batch_statistics and spec.trainable:
            return spec.name
    return ""
