"""What may be done about an illness: pure functions from one Experiment to the next, checked before they
are offered.

Knows no illness. A remedy that would not give a network that can be trained is None.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from dlviz import editing, layers, settings
from dlviz import network as net
from dlviz.doctor.findings import Remedy
from dlviz.errors import SpecError
from dlviz.network import NetworkReport
from dlviz.optimizers import AdamW
from dlviz.spec import Experiment, LayerSpec, NetworkSpec

SQUASHING = ("Sigmoid", "Tanh", "Softmax")
NORMS = {"vector": "BatchNorm1d", "image": "BatchNorm2d", "sequence": "LayerNorm"}
SIZES = ("out_features", "out_channels", "hidden_size")  # fields that say how wide a layer is

Change = Callable[[Experiment], Experiment]


def remedy(label: str, experiment: Experiment, report: NetworkReport, *changes: Change) -> Remedy | None:
    """All changes, one after the other, under a name that says so; None when the result cannot be trained."""
    try:
        changed = experiment
        for change in changes:
            changed = change(changed)
    except SpecError:
        return None
    checked = net.check(changed.network, report.signature, changed.training.batch_size)
    if not checked.ok or changed == experiment:
        return None
    return Remedy(label, changed.model_copy(update={"name": _name(experiment.name, label)}))


def _name(name: str, label: str) -> str:
    room = settings.MAX_NAME - len(label) - 2
    return f"{name[:room].rstrip()}: {label}" if room > 8 else name


# the training

def rate(factor: float) -> Change:
    """The learning rate times `factor`, with two digits."""
    def change(experiment: Experiment) -> Experiment:
        new = min(100.0, float(f"{experiment.training.optimizer.learning_rate * factor:.2g}"))
        return _optimizer(experiment, learning_rate=new)

    return change


def clipped(experiment: Experiment) -> Experiment:
    """The whole gradient shortened to a length of 1 where it is longer."""
    return _training(experiment, clip="norm", clip_at=1.0)


def decay(experiment: Experiment) -> Experiment:
    """Weight decay; Adam becomes AdamW, which takes it straight from the weights."""
    optimizer = experiment.training.optimizer
    if optimizer.kind == "Adam":
        kept = optimizer.model_dump(exclude={"kind", "weight_decay"})
        return _training(experiment, optimizer=AdamW(**kept, weight_decay=0.05))
    if hasattr(optimizer, "weight_decay"):
        return _optimizer(experiment, weight_decay=max(5e-4, 3 * optimizer.weight_decay))
    return experiment


def _optimizer(experiment: Experiment, **values: Any) -> Experiment:
    return _training(experiment, optimizer=experiment.training.optimizer.model_copy(update=values))


def _training(experiment: Experiment, **values: Any) -> Experiment:
    return experiment.model_copy(update={"training": experiment.training.model_copy(update=values)})


# the network

def _network(edit: Callable[[NetworkSpec], NetworkSpec]) -> Change:
    return lambda experiment: experiment.model_copy(update={"network": edit(experiment.network)})


def kinds(names: Iterable[str], kind: str) -> Change:
    """Another kind of layer in these places."""
    def edit(network: NetworkSpec) -> NetworkSpec:
        for name in names:
            network = editing.change_kind(network, name, kind)
        return network

    return _network(edit)


def without(names: Iterable[str]) -> Change:
    def edit(network: NetworkSpec) -> NetworkSpec:
        for name in names:
            network = editing.delete(network, name)
        return network

    return _network(edit)


def normalized(report: NetworkReport, batch_size: int) -> Change:
    """A normalization before each activation that follows a layer of neurons or a convolution directly."""
    def edit(network: NetworkSpec) -> NetworkSpec:
        for layer in report.layers:
            if layers.get(layer.kind).family == "activation" and _mixes(report, layer.inputs[0]):
                kind = NORMS[layer.in_shapes[0].kind] if batch_size > 1 else "LayerNorm"
                network = _before(network, layer.name, kind, "norm")
        return network

    return _network(edit)


def _mixes(report: NetworkReport, name: str) -> bool:
    family = next((layers.get(layer.kind).family for layer in report.layers if layer.name == name), "")
    return family in ("dense", "convolution")


def _before(network: NetworkSpec, name: str, kind: str, stem: str) -> NetworkSpec:
    """A new layer between the layer and what it takes."""
    added = LayerSpec(name=editing.fresh_name(network, stem), kind=kind, inputs=network.layer(name).inputs)
    network = editing.insert(network, added, network.index(name))
    return editing.set_inputs(network, name, None)


def dropout(report: NetworkReport, share: float) -> Change:
    """A Dropout after each hidden activation of vectors that has none."""
    def edit(network: NetworkSpec) -> NetworkSpec:
        takers = {source: layer.kind for layer in report.layers for source in layer.inputs}
        for layer in report.layers:
            hidden = layers.get(layer.kind).family == "activation" and layer.out_shape.kind == "vector"
            if hidden and layer is not report.layers[-1] and takers.get(layer.name) != "Dropout":
                network = _after(network, layer.name, {"p": share})
        return network

    return _network(edit)


def _after(network: NetworkSpec, name: str, fields: dict[str, Any]) -> NetworkSpec:
    """A Dropout between the layer and all who take it."""
    added = LayerSpec(name=editing.fresh_name(network, "dropout"), kind="Dropout", fields=fields,
                      inputs=(name,))
    changed = [layer.model_copy(update={"inputs": tuple(added.name if source == name else source
                                                        for source in layer.inputs)})
               if layer.inputs and name in layer.inputs else layer for layer in network.layers]
    network = network.model_copy(update={"layers": tuple(changed)})
    return editing.insert(network, added, network.index(name) + 1)


def wider(report: NetworkReport, factor: int) -> Change:
    """Every layer but the last `factor` times as wide."""
    def edit(network: NetworkSpec) -> NetworkSpec:
        last = next(layer.name for layer in reversed(report.layers) if layer.cost.parameters)
        for spec in network.layers:
            declared = layers.declare(spec.kind, spec.fields)
            sizes = {field: factor * getattr(declared, field) for field in SIZES if hasattr(declared, field)}
            if spec.name != last and sizes:
                network = editing.set_fields(network, spec.name, sizes)
        return network

    return _network(edit)
