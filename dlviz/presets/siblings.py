"""The same experiment with one thing changed, trained as fairly: for comparing RNN, LSTM and GRU."""
from __future__ import annotations

from dlviz import settings
from dlviz.presets.sequences import SEQUENCES
from dlviz.spec import Experiment, LayerSpec, NetworkSpec

MEMORIES = ("RNN", "LSTM", "GRU")
SHARED = ("hidden_size", "num_layers", "bidirectional", "dropout", "output")  # fields that all three have


def memory_of(network: NetworkSpec) -> str | None:
    """The kind of its one recurrent layer; None where it has none or several."""
    kinds = [layer.kind for layer in network.layers if layer.kind in MEMORIES]
    return kinds[0] if len(kinds) == 1 else None


def with_memory(experiment: Experiment, kind: str) -> Experiment:
    """The experiment with every recurrent layer of another kind; same task, same seed.

    Where a preset has just that network for that task, its training settings are taken: what lets an LSTM
    learn may be too fast for a plain RNN.
    """
    if memory_of(experiment.network) == kind:
        return experiment
    network = NetworkSpec(layers=tuple(_as(layer, kind) for layer in experiment.network.layers))
    return with_network(experiment, network, kind)


def with_network(experiment: Experiment, network: NetworkSpec, difference: str) -> Experiment:
    """The experiment with another network; named after its preset where there is one, else by the `difference`."""
    ready = next((preset.experiment for preset in SEQUENCES if preset.experiment.network == network
                  and preset.experiment.task.name == experiment.task.name), None)
    changed = {"network": network, "name": ready.name if ready else _named(experiment.name, difference)}
    return experiment.model_copy(update=changed | ({"training": ready.training} if ready else {}))


def _as(layer: LayerSpec, kind: str) -> LayerSpec:
    if layer.kind not in MEMORIES:
        return layer
    fields = {name: value for name, value in layer.fields.items() if name in SHARED}
    return layer.model_copy(update={"kind": kind, "fields": fields})


def _named(name: str, difference: str) -> str:
    return f"{name[:settings.MAX_NAME - len(difference) - 2].rstrip()}: {difference}"
