"""Which variable of an exported `forward` holds what. Knows no code, only who reads whom."""
from __future__ import annotations

from collections.abc import Mapping

from dlviz import network as net
from dlviz.network import NetworkReport

STRAIGHT = "x"
KEPT = {STRAIGHT, "self", "torch", "nn"}  # names that mean something else inside `forward`
LONGEST = 30  # so that `variable = self.layer(` fits a line, whatever the layer is called


class _Run:
    """Layers that hand on to each other alone, so that one variable holds their outputs in turn."""

    def __init__(self, name: str, start: int):
        self.names, self.start, self.end = [name], start, start

    def meets(self, other: _Run) -> bool:
        return self.start < other.end and other.start < self.end


def forks(report: NetworkReport) -> set[str]:
    """Names of inputs and layers whose output is read by two or more layers."""
    return {name for name, readers in _readers(report).items() if len(readers) > 1}


def variables(report: NetworkReport, attributes: Mapping[str, str]) -> dict[str, str]:
    """For each input and layer, by its name, the variable that holds its output.

    `x` wherever data flows straight on. What is needed again later (a fork) is called like its layer; so is
    a branch, after its last layer, while `x` is taken. `attributes` gives each layer its identifier.
    """
    forked = forks(report)
    inputs = net.attributes(tuple(name for name, _ in report.signature.inputs))
    result = _unique({**attributes, **inputs})
    straight: list[_Run] = []
    for run in sorted(_runs(report, forked), key=lambda run: (run.start >= 0, -len(run.names))):
        if any(run.meets(other) for other in straight):
            result |= dict.fromkeys(run.names, result[run.names[-1]])
        else:
            straight.append(run)
            result |= dict.fromkeys(run.names, STRAIGHT)
    return result


def _unique(identifiers: Mapping[str, str]) -> dict[str, str]:
    """A variable for each name: its identifier, cut where it is too long, numbered where it is taken."""
    taken, result = set(KEPT), {}
    for name, identifier in identifiers.items():
        variable, number = identifier[:LONGEST], 2
        while variable in taken:
            variable, number = f"{identifier[:LONGEST]}_{number}", number + 1
        taken.add(variable)
        result[name] = variable
    return result


def _readers(report: NetworkReport) -> dict[str, list[int]]:
    """For each name, the places of the layers that read it."""
    readers: dict[str, list[int]] = {name: [] for name, _ in report.signature.inputs}
    for place, layer in enumerate(report.layers):
        readers[layer.name] = []
        for name in dict.fromkeys(layer.inputs):
            readers[name].append(place)
    return readers


def _runs(report: NetworkReport, forked: set[str]) -> list[_Run]:
    """All runs, with the places between which their variable is needed. A single input starts one, at -1."""
    inputs = [name for name, _ in report.signature.inputs]
    run_of = {inputs[0]: _Run(inputs[0], -1)} if len(inputs) == 1 and inputs[0] not in forked else {}
    for place, layer in enumerate(report.layers):
        taken = [run_of[name] for name in dict.fromkeys(layer.inputs) if name in run_of]
        for run in taken:
            run.end = place
        if layer.name in forked:
            continue
        run = max(taken, key=lambda run: len(run.names), default=None)
        if run is None:
            run = _Run(layer.name, place)
        else:
            run.names.append(layer.name)
        run_of[layer.name] = run
    if report.layers[-1].name in run_of:
        run_of[report.layers[-1].name].end = len(report.layers)
    return list(dict.fromkeys(run_of.values()))
