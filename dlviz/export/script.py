"""An Experiment as one plain PyTorch script that repeats its training number for number, without dlviz; of a game, as
one that plays (`export.playing`).

Knows no particular task. What decides the numbers (seed, order, optimizer, memory layout) is what
`dlviz.training.loop` does; a test runs both side by side.
"""
from __future__ import annotations

import inspect
from typing import ClassVar, Protocol

import torch

from dlviz import layers, schedules
from dlviz import network as net
from dlviz.corruption import Corruption
from dlviz.export import mechanisms
from dlviz.export.data import GeneratedTask, data_source, tensor_names
from dlviz.export.metrics import correct_lines, loss_name, loss_source
from dlviz.export.model import model_sources
from dlviz.export.names import file_stem, in_comment
from dlviz.export.playing import play_script
from dlviz.export.templates import CONSTANTS, HEADER, TRAINING
from dlviz.export.writing import INDENT, assemble, statement
from dlviz.layers.base import literal
from dlviz.network import NetworkReport
from dlviz.optimizers import Optimizer
from dlviz.shapes import Signature
from dlviz.spec import Experiment, TrainingSpec


class ScriptSource(GeneratedTask, Protocol):
    """What the script needs of a task.

    `source()` is plain Python, imports on single lines first, that defines `load_data(folder: Path)`:
    training, validation and test data, each the inputs in the signature's order, then the targets: tensors.
    Empty for data that dlviz makes; the script then reads the file of `data.data_file`.
    """

    title: ClassVar[str]

    @property
    def corruption(self) -> Corruption | None: ...

    def source(self) -> str: ...


def script(experiment: Experiment, task: ScriptSource) -> str:
    """The whole experiment as Python source. The first error of the design is raised, as SpecError."""
    report = net.check(experiment.network, task.signature(), batch_size=1)
    if report.errors:
        raise report.errors[0]
    spec = experiment.training
    spec.require(report.signature)
    if not report.signature.has_targets:
        return play_script(experiment, task.title, task.source(), report)
    data = task.source() or data_source(task)
    corruption = task.corruption
    body = assemble([_constants(experiment), *model_sources(experiment.network, report),
                     mechanisms.corruption_source(corruption), data,
                     mechanisms.schedule_source(schedules.get(spec.schedule)),
                     mechanisms.augmentation_source(spec), mechanisms.penalty_source(spec),
                     loss_source(report.signature, spec.label_smoothing), _training(experiment, report, corruption)])
    return f"{_header(experiment, task, data)}\n{body}"


def _header(experiment: Experiment, task: ScriptSource, data: str) -> str:
    needs = "PyTorch 2.9 or newer and " + ("NumPy" if "import numpy" in data else "nothing else")
    return HEADER.substitute(title=task.title, stem=file_stem(experiment), needs=needs,
                             name=in_comment(experiment.name))


def _constants(experiment: Experiment) -> str:
    spec = experiment.training
    more = [f"TRAIN_FRACTION = {literal(spec.train_fraction)}"] * (spec.train_fraction < 1) + mechanisms.constants(spec)
    return CONSTANTS.substitute(seed=experiment.seed, epochs=spec.epochs, batch_size=spec.batch_size,
                                more="".join(f"\n{line}" for line in more))


def _training(experiment: Experiment, report: NetworkReport, corruption: Corruption | None) -> str:
    """Everything from the choice of the device to the end."""
    spec, signature = experiment.training, report.signature
    *inputs, targets = tensor_names(signature)
    names = ", ".join([*inputs, targets])
    loss, schedule = loss_name(signature), schedules.get(spec.schedule)
    costing = _costing(experiment)
    by_step, made = mechanisms.by_step(schedule), mechanisms.schedule_lines(schedule, targets)
    behind, stopping = (mechanisms.penalty_line(spec), mechanisms.clip_line(spec)), bool(spec.early_stopping)
    learner = "model, optimizer, schedule" if by_step else "model, optimizer"
    after_epoch = f"\n{INDENT * 2}schedule.step(loss)" * schedule.follows_loss
    return TRAINING.substitute(
        targets=targets, loss=loss, layout=_layout(experiment, report), take=_take(spec, names),
        def_train_epoch=statement("def ", f"train_epoch({learner}, {names}, order)", ":", ""),
        batch_loss="\n".join([
            _batch_loss(spec, signature, inputs, targets) if corruption is None else
            _corrupted_loss(signature, corruption, inputs),
            *(f"{INDENT * 2}loss = loss + model.{name}.cost" for name in costing)]),
        clip="".join(f"\n{INDENT * 2}{line}" for line in behind if line),
        schedule_step=f"\n{INDENT * 2}schedule.step()" if by_step else "",
        def_evaluate=statement("def ", f"evaluate(model, {names}, device)", ":", ""),
        outputs=_costed_scores(inputs, costing) if costing else _scores(inputs),
        added=" + cost" if costing else "",
        correct="\n".join(INDENT + line for line in correct_lines(signature, targets)),
        optimizer=statement("optimizer = ", _optimizer(spec.optimizer)),
        schedule="".join(f"\n{statement('', line)}" for line in made),
        train_epoch=statement("losses = ", f"train_epoch({learner}, {names}, order)", "", INDENT * 2),
        before_epochs=mechanisms.BEFORE_EPOCHS * stopping,
        after_epoch=after_epoch + mechanisms.AFTER_EPOCH * stopping,
        after_epochs=mechanisms.AFTER_EPOCHS * stopping)


def _batch_loss(spec: TrainingSpec, signature: Signature, inputs: list[str], targets: str) -> str:
    """The statements that work out the loss of a batch."""
    pictures = {name for name, (_, shape) in zip(inputs, signature.inputs) if shape.kind == "image"}
    shown = [mechanisms.changed(name, spec) if name in pictures else f"{name}[batch]" for name in inputs]
    smooth = f", label_smoothing={literal(spec.label_smoothing)}" if spec.label_smoothing else ""
    outputs = f"model({', '.join(shown)})"
    if not smooth and not spec.augmentation.active:
        return statement("loss = ", f"{loss_name(signature)}({outputs}, {targets}[batch])", "", INDENT * 2)
    return "\n".join([statement("outputs = ", outputs, "", INDENT * 2), statement(
        "loss = ", f"{loss_name(signature)}(outputs, {targets}[batch]{smooth})", "", INDENT * 2)])


def _corrupted_loss(signature: Signature, corruption: Corruption, inputs: list[str]) -> str:
    """The same, where the samples of a batch are made anew of clean ones."""
    clean = ", ".join(f"{name}[batch]" for name in inputs[:corruption.tensors])
    made = statement("shown, expected = ", f"{corruption.function.__name__}([{clean}], GENERATOR, **CORRUPTION)", "",
                     INDENT * 2)
    return f"{made}\n" + statement("loss = ", f"{loss_name(signature)}(model(*shown), expected)", "", INDENT * 2)


def _scores(inputs: list[str]) -> str:
    """The statements that put all samples through the network, a portion at a time."""
    if len(inputs) == 1:
        portions = f"model(part.to(device)).cpu() for part in {inputs[0]}.split(250)"
        return statement("outputs = ", f"torch.cat([{portions}])")
    parts = statement("parts = ", f"zip({', '.join(f'{name}.split(250)' for name in inputs)})")
    portions = "model(*(x.to(device) for x in part)).cpu() for part in parts"
    return f"{parts}\n" + statement("outputs = ", f"torch.cat([{portions}])")


def _costing(experiment: Experiment) -> list[str]:
    """What the layers are called that add to the loss."""
    names = net.attributes(experiment.network.names())
    return [names[spec.name] for spec in experiment.network.layers if layers.get(spec.kind).costs]


def _costed_scores(inputs: list[str], costing: list[str]) -> str:
    """The same, and what layers add to the loss in the mean."""
    parts = ", ".join(f"{name}.split(250)" for name in inputs)
    added = " + ".join(f"model.{name}.cost" for name in costing)
    return "\n".join([
        f"{INDENT}parts, cost = [], 0.0", statement("for part in ", f"zip({parts})", ":"),
        f"{INDENT * 2}parts.append(model(*(x.to(device) for x in part)).cpu())",
        statement("cost += ", f"({added}).item() * len(part[0]) / len({inputs[0]})", "", INDENT * 2),
        f"{INDENT}outputs = torch.cat(parts)"])


def _take(spec: TrainingSpec, names: str) -> str:
    """The lines of `main` that bring the training data, or its first part, to the device."""
    if spec.train_fraction == 1:
        return statement(f"{names} = ", "(part.to(device) for part in train)")
    train_size = statement("train_size = ", "max(1, round(TRAIN_FRACTION * len(train[-1])))")
    return f"{train_size}\n" + statement(f"{names} = ", "(part[:train_size].to(device) for part in train)")


def _layout(experiment: Experiment, report: NetworkReport) -> str:
    """How the network is brought to the device: channels last when any weight has four axes."""
    with torch.device("meta"):
        modules = [layers.declare(spec.kind, spec.fields).build(*layer_report.known_in_shapes)
                   for spec, layer_report in zip(experiment.network.layers, report.layers)]
    if any(p.ndim == 4 for module in modules for p in module.parameters()):
        return "device, memory_format=torch.channels_last)  # faster for convolutions"
    return "device)"


def _optimizer(spec: Optimizer) -> str:
    """The call of `torch.optim`, defaults left out but for the learning rate; fused where torch can."""
    parameters = inspect.signature(getattr(torch.optim, spec.kind)).parameters
    arguments = {name: value for name, value in spec.arguments().items()
                 if name == "lr" or parameters[name].default != value}
    arguments |= {"fused": True} if spec.fused else {}
    written = "".join(f", {name}={literal(value)}" for name, value in arguments.items())
    return f"torch.optim.{spec.kind}(model.parameters(){written})"
