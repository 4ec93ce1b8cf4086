"""What may be done about an illness: pure functions from one Experiment to the next, checked before they
are offered.

Knows no illness. A remedy that would not give a network that can be trained is None.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from dlviz import layers, settings
from dlviz import network as net
from dlviz.doctor.evidence import RunEvidence
from dlviz.doctor.findings import Remedy
from dlviz.errors import SpecError
from dlviz.layers.initialisation import FIELDS
from dlviz.layers.traits import Traits
from dlviz.network import NetworkReport, editing
from dlviz.spec import Experiment, LayerSpec, NetworkSpec
from dlviz.translation import Words

Change = Callable[[Experiment], Experiment]


def offered(run: RunEvidence, *options: tuple[Any, ...]) -> tuple[Remedy, ...]:
    """A remedy for each (label, change, ...) that gives a network which can be trained."""
    made = (remedy(label, run.experiment, run.report, *changes) for label, *changes in options)
    return tuple(each for each in made if each is not None)


def remedy(label: Words, experiment: Experiment, report: NetworkReport, *changes: Change) -> Remedy | None:
    """All changes, one after the other, under a name that says so; None when the result cannot be trained."""
    try:
        changed = experiment
        for change in changes:
            changed = change(changed)
    except SpecError:
        return None
    changed_report = net.check(changed.network, report.signature, changed.training.batch_size)
    if not changed_report.ok or changed == experiment:
        return None
    return Remedy(label, changed.model_copy(update={"name": _name(experiment.name, str(label))}))


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
    return _training(experiment, clip="norm", clip_threshold=1.0)


def decay(experiment: Experiment) -> Experiment:
    """Weight decay, in the way that suits the optimizer."""
    return _training(experiment, optimizer=experiment.training.optimizer.decayed())


def undecayed(factor: float) -> Change:
    """The weight decay times `factor`."""
    def change(experiment: Experiment) -> Experiment:
        now = experiment.training.optimizer.live().get("weight_decay", 0.0)
        return _optimizer(experiment, weight_decay=float(f"{now * factor:.2g}"))

    return change


def unclipped(line: float) -> Change:
    """Gradient clipping at another line."""
    return lambda experiment: _training(experiment, clip_threshold=line)


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
            if _traits(network, layer.name).pointwise and _mixes(report, layer.inputs[0]):
                norm = layers.norm(layer.known_in_shapes[0].kind, batch=batch_size > 1)
                network = _before(network, layer.name, norm.kind(), "norm")
        return network

    return _network(edit)


def _traits(network: NetworkSpec, name: str) -> Traits:
    spec = network.layer(name)
    return layers.declare(spec.kind, spec.fields).traits()


def _mixes(report: NetworkReport, name: str) -> bool:
    family = next((layers.get(layer.kind).family for layer in report.layers if layer.name == name), "")
    return family in ("dense", "convolution")


def _before(network: NetworkSpec, name: str, kind: str, stem: str) -> NetworkSpec:
    """A new layer between the layer and what it takes."""
    added = LayerSpec(name=editing.fresh_name(network, stem), kind=kind, inputs=network.layer(name).inputs)
    network = editing.insert(network, added, network.index(name))
    return editing.set_inputs(network, name, None)


def dropout(report: NetworkReport, fraction: float) -> Change:
    """A Dropout after each hidden activation of vectors that has none."""
    def edit(network: NetworkSpec) -> NetworkSpec:
        dropped = {source for layer in report.layers for source in layer.inputs if _traits(network, layer.name).drops}
        added = layers.dropout("vector")
        for layer in report.layers:
            hidden = _traits(network, layer.name).pointwise and layer.known_out_shape.kind == "vector"
            if hidden and layer is not report.layers[-1] and layer.name not in dropped:
                network = _behind(network, layer.name, added.kind(), "dropout", {str(added.drop_field): fraction})
        return network

    return _network(edit)


def _behind(network: NetworkSpec, name: str, kind: str, stem: str, fields: dict[str, Any]) -> NetworkSpec:
    """A new layer between the layer and all who take it."""
    added = LayerSpec(name=editing.fresh_name(network, stem), kind=kind, fields=fields, inputs=(name,))
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
            if spec.name != last and declared.width:
                size = factor * getattr(declared, declared.width)
                network = editing.set_fields(network, spec.name, {declared.width: size})
        return network

    return _network(edit)


def widened(names: Sequence[str], least: int) -> Change:
    """These layers at least so wide."""
    def edit(network: NetworkSpec) -> NetworkSpec:
        for name in dict.fromkeys(names):
            spec = network.layer(name)
            declared = layers.declare(spec.kind, spec.fields)
            if declared.width:
                size = max(least, getattr(declared, declared.width))
                network = editing.set_fields(network, name, {declared.width: size})
        return network

    return _network(edit)


def drawn(names: Iterable[str]) -> Change:
    """The first weights of these layers drawn in torch's own way."""
    def edit(network: NetworkSpec) -> NetworkSpec:
        for name in names:
            network = editing.set_fields(network, name, dict.fromkeys(FIELDS))
        return network

    return _network(edit)


def bent(names: Iterable[str]) -> Change:
    """The usual activation behind each of these layers, or behind the normalization that follows it."""
    def edit(network: NetworkSpec) -> NetworkSpec:
        added = layers.usual("activation")
        for name in names:
            network = _behind(network, _settled(network, name), added.kind(), added.stem(), {})
        return network

    return _network(edit)


def _settled(network: NetworkSpec, name: str) -> str:
    """The layer, or the normalization right behind it."""
    at = network.index(name) + 1
    follows = network.layers[at] if at < len(network.layers) else None
    if follows is None or follows.inputs is not None or not _traits(network, follows.name).normalizes:
        return name
    return follows.name


def dropped(names: Iterable[str], fraction: float) -> Change:
    """Another share switched off by these layers, where it was more."""
    def edit(network: NetworkSpec) -> NetworkSpec:
        for name in names:
            spec = network.layer(name)
            declared = layers.declare(spec.kind, spec.fields)
            if field := declared.drop_field:
                network = editing.set_fields(network, name, {field: min(fraction, getattr(declared, field))})
        return network

    return _network(edit)


def positions(report: NetworkReport, blind: Iterable[str]) -> Change:
    """A positional encoding before each of these layers; one that is there and says nothing is switched on."""
    def edit(network: NetworkSpec) -> NetworkSpec:
        encoding = layers.first(lambda cls: cls.position_field is not None)
        silent = {spec.name: field for spec in network.layers if (field := layers.get(spec.kind).position_field)}
        for name, field in silent.items():
            network = editing.set_fields(network, name, {field: None})
        for source in [] if silent else _sources(report, blind):
            network = _behind(network, source, encoding.kind(), encoding.short, {})
        return network

    return _network(edit)


def _sources(report: NetworkReport, names: Iterable[str]) -> list[str]:
    """The layers whose sequences these look at, the first of a stack of blocks only."""
    readers, known = set(names), {layer.name for layer in report.layers}
    found = {report.layer(name).inputs[-1] for name in readers}
    return sorted((found & known) - readers)
