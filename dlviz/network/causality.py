"""Whether a network that is taught by teacher forcing sees what it has to name. Knows no task and no page.

Where an input holds the targets (`Signature.teacher_forcing`), the output at row r may depend on places up to r only:
its own target stands at r + 1. Whether it does is tried out, on the built network with random weights: later places are
replaced, and the outputs before them must not move. Nothing is read from kinds, so any design is judged.
"""
from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

import torch
from torch import nn

from dlviz import chance, layers
from dlviz import network as net
from dlviz.errors import LayerError
from dlviz.network import NetworkReport, editing
from dlviz.network.repairs import Repair, in_words
from dlviz.shapes import Signature, TeacherForcing
from dlviz.spec import LayerSpec, NetworkSpec
from dlviz.translation import _, in_a_row

DRAWS = 3  # of weights and symbols: with one alone, a ReLU or a maximum may hide what depends on what
CUTS = 32  # places at which the future is replaced, of a longer sequence evenly spaced ones
FAINT = 1e-9  # of the outputs' size: 64-bit rounding stays far below, a dependence far above
Values = dict[str, torch.Tensor]  # what flows behind each input and layer, `(1 + cuts, ...)`, the first undisturbed


def peeking(network: NetworkSpec, signature: Signature) -> dict[str, LayerError]:
    """The layers that let an output see its own or later targets, and what is to be said of each.

    Empty for a network that does not, that has errors, or whose inputs hold no targets. Remembered; the first time it
    costs some milliseconds: `DRAWS` passes of one sample for each place.
    """
    if signature.teacher_forcing is None:
        return {}
    report = net.check(network, signature, batch_size=1)
    return {name: _sentence(network, signature, name) for name in (_causes(network.model_dump_json(), signature)
                                                                   if report.ok else ())}


def repair(network: NetworkSpec, report: NetworkReport, name: str) -> Repair | None:
    """The first change after which this layer looks back only and no new error stands on a card; None without one."""
    if name not in peeking(network, report.signature):
        return None
    return next((candidate for candidate in _candidates(network, report, name)
                 if net.check(candidate.network, report.signature, batch_size=1).ok
                 and name not in peeking(candidate.network, report.signature)), None)


def _candidates(network: NetworkSpec, report: NetworkReport, name: str) -> Iterator[Repair]:
    spec, layer_report = network.layer(name), report.layer(name)
    for change in _looking_back(spec):
        yield Repair(in_words(change), editing.set_fields(network, name, change))
    first = layer_report.inputs[0]
    single_input = editing.set_inputs(network, name, (first,))
    for change in ({}, *_looking_back(spec)) if len(layer_report.inputs) > 1 else ():
        rest, idle = _without_idle(editing.set_fields(single_input, name, change), report.signature)
        more = [in_words(change, within=True)] * bool(change) + [_("remove {layer}", layer=layer) for layer in idle]
        yield Repair(in_a_row([_("Take {first} only", first=first), *more]), rest)
    for other in _unforced(report, name) if len(layer_report.inputs) > 1 else ():
        yield Repair(_("Look at {other} instead", other=other), editing.set_inputs(network, name, (first, other)))
    yield Repair(_("Remove {name}", name=name), editing.delete(network, name))


def _without_idle(network: NetworkSpec, signature: Signature) -> tuple[NetworkSpec, list[str]]:
    """The network without layers whose output nobody takes, and the names of these."""
    gone: list[str] = []
    for name in network.names()[-2::-1]:
        taken = {source for at in range(len(network.layers)) for source in net.resolved_inputs(network, signature, at)}
        if name not in taken:
            network = editing.without(network, name)
            gone.append(name)
    return network, gone


def _looking_back(spec: LayerSpec) -> tuple[dict[str, object], ...]:
    return layers.declare(spec.kind, spec.fields, spec.name).looking_back()


def _unforced(report: NetworkReport, name: str) -> list[str]:
    """The layers above that know nothing of the input with the targets, the nearest first."""
    forced, free = {report.signature.forcing.input}, []
    for layer_report in report.layers:
        if layer_report.name == name:
            break
        if forced & set(layer_report.inputs):
            forced.add(layer_report.name)
        else:
            free.append(layer_report.name)
    return free[::-1]


def _sentence(network: NetworkSpec, signature: Signature, name: str) -> LayerError:
    spec, forcing = network.layer(name), signature.forcing
    fix = [_("{change}.", change=in_words(change)) for change in _looking_back(spec)][:1] or \
        [_("Remove it, or keep it away from {input}.", input=forcing.input)]
    return LayerError(_("Layer {name} ({kind})", name=name, kind=spec.kind),
                      _("must look back only, since {input!r} holds the very symbols that are to be named",
                        input=forcing.input),
                      _("it lets each step see later ones: the network copies its answers in training, and has nothing "
                        "to copy when it answers by itself"), fix[0])


@lru_cache(maxsize=256)
def _causes(text: str, signature: Signature) -> tuple[str, ...]:
    """Names of the layers to blame, of a network without errors."""
    network = NetworkSpec.model_validate_json(text)
    report = net.check(network, signature, batch_size=1)
    modules = _built(network, report)
    for draw in range(DRAWS):
        random = torch.Generator().manual_seed(draw)
        _draw_weights(modules, random)
        values, cuts = _disturbed(signature, random)
        with torch.no_grad():
            for layer_report in report.layers:
                values[layer_report.name] = modules[layer_report.name](*(values[source]
                                                                         for source in layer_report.inputs))
            if _leaks(values[report.layers[-1].name], cuts, signature.forcing):
                return tuple(layer_report.name for layer_report in report.layers
                             if _looks_ahead(modules[layer_report.name],
                                             [values[source] for source in layer_report.inputs], cuts,
                                             signature.forcing))
    return ()


def _built(network: NetworkSpec, report: NetworkReport) -> dict[str, nn.Module]:
    """The layers in evaluation mode, with 64 bits a number; torch's own generator is left as it was."""
    with chance.borrowed(0):
        return {spec.name: layers.declare(spec.kind, spec.fields,
                                          spec.name).build(*layer_report.known_in_shapes).double().eval()
                for spec, layer_report in zip(network.layers, report.layers)}


def _draw_weights(modules: dict[str, nn.Module], random: torch.Generator) -> None:
    """Every weight anew, so that neither zeros nor a narrow start can hide a path; signals keep about their size."""
    for module in modules.values():
        for weight in module.parameters():
            spread = math.sqrt(len(weight) / weight.numel()) if weight.ndim > 1 else 0.5
            with torch.no_grad():
                weight.normal_(0.0, spread, generator=random)


def _disturbed(signature: Signature, random: torch.Generator) -> tuple[Values, list[int]]:
    """One random sample and, below it, one copy for each cut, with all targets behind that row replaced."""
    values, forcing = {}, signature.forcing
    length = dict(signature.inputs)[forcing.input].axes[0]
    cuts = _spaced(forcing.first_row, min(signature.out_shape.axes[0], length - 1))
    for name, shape in signature.inputs:
        if shape.vocabulary is not None:
            value = torch.randint(shape.vocabulary, (1, *shape.axes), generator=random)
        else:
            value = torch.randn((1, *shape.axes), generator=random, dtype=torch.float64)
        values[name] = value.repeat(1 + len(cuts), *[1] * len(shape.axes))
    forced, symbols = values[forcing.input], dict(signature.inputs)[forcing.input].vocabulary or 1
    other = (forced[0] + torch.randint(1, max(2, symbols), forced[0].shape, generator=random)) % symbols
    for at, row in enumerate(cuts, 1):
        forced[at, row + 1:] = other[row + 1:]
    return values, cuts


def _spaced(first: int, stop: int) -> list[int]:
    """The places from `first` on, `CUTS` of them at most, the first and the last among them."""
    steps = max(1, min(CUTS, stop - first) - 1)
    return sorted({first + (stop - 1 - first) * step // steps for step in range(steps + 1)}) if stop > first else []


def _leaks(out: torch.Tensor, cuts: list[int], forcing: TeacherForcing) -> bool:
    """Whether a judged row of `out`, `(1 + cuts, T, D)`, moves with what is replaced behind it."""
    least = FAINT * float(out.abs().max())
    return any(bool(((out[at, forcing.first_row:row + 1] - out[0, forcing.first_row:row + 1]).abs() > least).any())
               for at, row in enumerate(cuts, 1))


def _looks_ahead(module: nn.Module, taken: list[torch.Tensor], cuts: list[int], forcing: TeacherForcing) -> bool:
    """Whether the layer itself brings later rows to earlier ones, whatever layers above it have done."""
    mixed = [value.clone() for value in taken]
    for value in filter(lambda value: _in_steps(value, cuts), mixed):
        for at, row in enumerate(cuts, 1):
            value[at, :row + 1] = value[0, :row + 1]
    out = module(*mixed)
    return _in_steps(out, cuts) and _leaks(out, cuts, forcing)


def _in_steps(value: torch.Tensor, cuts: list[int]) -> bool:
    """Whether it has one row for each place of the input with the targets: tokens `(B, T)`, a sequence `(B, T, D)`."""
    return (value.ndim == 3 or not value.is_floating_point()) and value.shape[1] == cuts[-1] + 2
