"""An Experiment as one plain PyTorch script that repeats its training number for number, without dlviz.

Knows no task: whatever learns from a `load_data(folder)` of its own source can be written. What decides the numbers
(seed, order, optimizer, memory layout) is what `dlviz.training.loop` does; a test runs both side by side.
"""
from __future__ import annotations

import inspect
from typing import Protocol

import torch

from dlviz import layers
from dlviz import network as net
from dlviz.export.model import model_source
from dlviz.export.names import file_stem, in_comment
from dlviz.export.templates import CONSTANTS, HEADER, SCHEDULE, SCHEDULES, TRAINING
from dlviz.export.writing import assemble, statement
from dlviz.layers.base import literal
from dlviz.network import NetworkReport
from dlviz.optimizers import Optimizer
from dlviz.shapes import Signature
from dlviz.spec import Experiment, TrainingSpec

LOSSES = {"cross_entropy": "F.cross_entropy", "mse": "F.mse_loss"}
TARGETS = {"cross_entropy": "labels", "mse": "targets"}


class Source(Protocol):
    """What the script needs of a task.

    `source()` is plain Python, imports on single lines first, that defines `load_data(folder: Path)`: training,
    validation and test data, each a tuple of the inputs in the signature's order and then the targets, as tensors.
    """

    title: str

    def signature(self) -> Signature: ...

    def source(self) -> str: ...


def script(experiment: Experiment, task: Source) -> str:
    """The whole experiment as Python source, lines under 100. SpecError, the design's first, when it is not right."""
    report = net.check(experiment.network, task.signature(), batch_size=1)
    if report.errors:
        raise report.errors[0]
    spec = experiment.training
    names = _data_names(report.signature)
    header = HEADER.substitute(title=task.title, stem=file_stem(experiment), name=in_comment(experiment.name))
    constants = CONSTANTS.substitute(seed=experiment.seed, epochs=spec.epochs, batch_size=spec.batch_size,
                                     share=f"\nSHARE = {literal(spec.share)}  # of the training data"
                                     if spec.share < 1 else "")
    training = TRAINING.substitute(
        names, loss=LOSSES[report.signature.loss], take=_take(spec, names["data"]),
        layout=_layout(experiment, report), optimizer=statement("optimizer = ", _optimizer(spec.optimizer)).lstrip(),
        **_schedule(spec.schedule, names["targets"]))
    body = assemble([constants, model_source(experiment.network, report), task.source(), SCHEDULES[spec.schedule],
                     training])
    return f"{header}\n{body}"


def _data_names(signature: Signature) -> dict[str, str]:
    """How the tensors of one split are called (`images, labels`), and how a portion of them is judged."""
    inputs = [name if name.endswith("s") else f"{name}s" for name, _ in signature.inputs]
    targets = TARGETS[signature.loss]
    portion = f"model(part.to(device)).cpu() for part in {inputs[0]}.split(1_000)"
    if len(inputs) > 1:
        portions = ", ".join(f"{name}.split(1_000)" for name in inputs)
        portion = f"model(*(x.to(device) for x in part)).cpu() for part in zip({portions})"
    return {"data": ", ".join([*inputs, targets]), "targets": targets,
            "scores": statement("scores = ", f"torch.cat([{portion}])").lstrip(),
            "batch": ", ".join(f"{name}[batch]" for name in inputs)}


def _take(spec: TrainingSpec, names: str) -> str:
    """The lines of `main` that bring the training data, or its first share, to the device."""
    if spec.share == 1:
        return f"{names} = (part.to(device) for part in train)"
    return (f"kept = max(1, round(SHARE * len(train[-1])))\n"
            f"    {names} = (part[:kept].to(device) for part in train)")


def _layout(experiment: Experiment, report: NetworkReport) -> str:
    """How the network is brought to the device: channels last when any weight has four axes, as convolutions' have."""
    with torch.device("meta"):
        modules = [layers.declare(spec.kind, spec.fields).build(*seen.in_shapes)
                   for spec, seen in zip(experiment.network.layers, report.layers)]
    if any(p.ndim == 4 for module in modules for p in module.parameters()):
        return "device, memory_format=torch.channels_last)  # faster for convolutions"
    return "device)"


def _optimizer(spec: Optimizer) -> str:
    """The call of `torch.optim`, defaults left out but for the learning rate; fused where torch can."""
    parameters = inspect.signature(getattr(torch.optim, spec.kind)).parameters
    arguments = {name: value for name, value in spec.arguments().items()
                 if name == "lr" or parameters[name].default != value}
    arguments |= {"fused": True} if "fused" in parameters else {}
    written = "".join(f", {name}={literal(value)}" for name, value in arguments.items())
    return f"torch.optim.{spec.kind}(model.parameters(){written})"


def _schedule(name: str, targets: str) -> dict[str, str]:
    """Where the training mentions its schedule; nowhere when the learning rate stays as it is."""
    if not SCHEDULES[name]:
        return {"learner": "model, optimizer", "schedule_step": "", "schedule": ""}
    return {"learner": "model, optimizer, schedule", "schedule_step": "\n        schedule.step()",
            "schedule": SCHEDULE.substitute(name=name, targets=targets)}
