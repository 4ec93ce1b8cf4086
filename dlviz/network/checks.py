"""A design checked on torch's meta device: shapes, costs and every error, without allocating a single weight.

Knows neither tasks nor training: what flows in and what is wanted comes as a Signature.
"""
from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import torch
from torch import nn

from dlviz import layers, settings
from dlviz.english import an
from dlviz.errors import LayerError, SpecError, TooLargeError
from dlviz.layers.base import Layer
from dlviz.layers.sentences import article, kinds_in_words
from dlviz.network import endings, measuring, memory, tying
from dlviz.network.measuring import Profile
from dlviz.network.report import Cost, LayerReport, NetworkReport
from dlviz.shapes import Shape, Signature
from dlviz.spec import LayerSpec, NetworkSpec
from dlviz.translation import Words, _, _n, series

GIVEN = {"vector": _("a vector"), "image": _("an image"), "tokens": _("tokens"), "sequence": _("a sequence")}
MOMENTS = 2  # numbers that an optimizer remembers for each weight, where it is not said which one


def resolved_inputs(network: NetworkSpec, signature: Signature, index: int) -> tuple[str, ...]:
    """Names whose outputs layer `index` takes: its own choice, else the layer before, else the first input."""
    layer = network.layers[index]
    if layer.inputs is not None:
        return layer.inputs
    return (network.layers[index - 1].name,) if index else (signature.inputs[0][0],)


def check(network: NetworkSpec, signature: Signature, batch_size: int = 64, moments: int = MOMENTS) -> NetworkReport:
    """Shapes, costs and every error of a design, without allocating a single weight. Never raises for a design.

    A layer behind an error has no shape and no error of its own. `moments`: see `Optimizer.moments`.
    """
    known: dict[str, Shape | None] = dict(signature.inputs)
    reports = []
    for index, spec in enumerate(network.layers):
        report = _check_layer(spec, resolved_inputs(network, signature, index), known)
        known[spec.name] = report.out_shape
        reports.append(report)
    reports = _check_end(network, signature, _check_unused(tying.check_ties(network, reports)))
    need = _step_bytes(reports, signature, batch_size, moments)
    errors = [report.error for report in reports if report.error]
    errors += _check_size(reports, network.layers, batch_size, need)
    return NetworkReport(tuple(reports), network, signature, tuple(errors), need)


def _check_layer(spec: LayerSpec, inputs: tuple[str, ...], known: dict[str, Shape | None]) -> LayerReport:
    try:
        layer = layers.declare(spec.kind, spec.fields, spec.name)
        if spec.name in known:  # layers differ among themselves, so this is an input
            raise LayerError(_title(spec), _("needs a name of its own"), _("the task's input has this one"),
                             _("Rename it."))
        missing = [name for name in inputs if name not in known]
        if missing:
            raise LayerError(_title(spec), _("takes the output of layers above it"),
                             _("{missing!r} is not above it", missing=missing[0]),
                             _("Choose one of the layers above, or move it down."))
        _check_arity(layer, spec, inputs)
    except LayerError as error:
        return LayerReport(spec.name, spec.kind, inputs, error=error)
    shapes = tuple(shape for name in inputs if (shape := known[name]) is not None)
    if len(shapes) < len(inputs):
        return LayerReport(spec.name, spec.kind, inputs)
    try:
        _check_kinds(layer, spec, inputs, shapes)
        layer.check(spec.name, *shapes)
        profile = _measure(spec.kind, json.dumps(spec.fields, sort_keys=True), shapes)
        out, cost = profile.out, Cost(profile.parameters, profile.multiply_adds)
        if out is None or max(out.axes) > settings.MAX_AXIS or min(out.axes) < 1:
            raise TooLargeError(_title(spec), _("must give axes of 1 to {most:,} numbers", most=settings.MAX_AXIS),
                                _("this would be {shape}", shape=out or _("of no known form")),
                                _("Choose smaller sizes."))
        if cost.parameters > settings.MAX_PARAMETERS:
            raise _too_many(_title(spec), cost.parameters)
    except LayerError as error:
        return LayerReport(spec.name, spec.kind, inputs, shapes, error=error)
    return LayerReport(spec.name, spec.kind, inputs, shapes, out, cost, profile=profile)


def _title(spec: LayerSpec | LayerReport) -> Words:
    return _("Layer {name} ({kind})", name=spec.name, kind=spec.kind)


def _too_many(what: Words, parameters: int) -> TooLargeError:
    return TooLargeError(what, _("may have at most {most:,} parameters", most=settings.MAX_PARAMETERS),
                         _("this would be {parameters:,}", parameters=parameters),
                         _("Make its layers narrower, or the image smaller first."))


def _check_arity(layer: Layer, spec: LayerSpec, inputs: tuple[str, ...]) -> None:
    low, high = layer.arity
    if not inputs:
        raise LayerError(_title(spec), _n("takes {count:,} input", "takes {count:,} inputs", count=low),
                         _("nothing is wired to it"), _("Wire the output of a layer to it."))
    if len(inputs) < low:
        raise LayerError(_title(spec), _("joins {low} or more inputs", low=low),
                         _("it has only {inputs}", inputs=inputs[0]), _("Choose a second input."))
    if high is not None and len(inputs) > high:
        raise LayerError(_title(spec), _n("takes {count:,} input", "takes {count:,} inputs", count=high),
                         _("it is given {count}", count=len(inputs)),
                         _("Keep one of them, or join them first with Add or Concat."))


def _check_kinds(layer: Layer, spec: LayerSpec, inputs: tuple[str, ...], shapes: tuple[Shape, ...]) -> None:
    for source, shape in zip(inputs, shapes):
        if shape.kind not in layer.takes:
            raise LayerError(_title(spec), _("takes {kinds}", kinds=kinds_in_words(layer.takes)),
                             _("{source} gives {shape}", source=source, shape=article(shape)),
                             _kind_advice(layer, shape))


def _kind_advice(layer: Layer, shape: Shape) -> Words:
    if shape.kind in layer.instead:
        return _("Use {instead} instead.", instead=layer.instead[shape.kind])
    between = [found for kind in layer.takes if (found := layers.converter(shape.kind, kind))]
    if between:
        return _("Put {layer} between them.", layer=an(between[0]))
    return _("Move it behind a layer that gives {kind}, or remove it.", kind=GIVEN[layer.takes[0]])


@lru_cache(maxsize=4096)
def _measure(kind: str, fields: str, shapes: tuple[Shape, ...]) -> Profile:
    """What one layer gives and needs, by running torch's own module on the meta device: 0.5 to 20 ms, cached."""
    layer = layers.declare(kind, json.loads(fields))
    try:
        profile = _profile(layer, shapes)
    except (RuntimeError, ValueError, TypeError) as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise LayerError(_("A layer of kind {kind}", kind=kind),
                         _("works on {shapes}", shapes=series([article(shape) for shape in shapes])),
                         _("torch refuses it: {reason}", reason=reason),
                         _("Choose other values for its fields.")) from error
    if profile.out and profile.out.kind == "tokens":
        profile = replace(profile, out=shapes[0])
    return profile


def _profile(layer: Layer, shapes: tuple[Shape, ...]) -> Profile:
    steps = shapes[0].axes[0]
    if not layer.stepwise or steps <= measuring.LONG:
        return measuring.measure(_on_meta(layer, shapes), shapes)
    short, long = (measuring.measure(_on_meta(layer, cut), cut) for cut in
                   ((replace(shapes[0], axes=(count, *shapes[0].axes[1:])),)
                    for count in (measuring.SHORT, measuring.LONG)))
    return measuring.measure_steps(short, long, steps)


def _on_meta(layer: Layer, shapes: tuple[Shape, ...]) -> nn.Module:
    with torch.device("meta"):
        return layer.build(*shapes)


def _check_unused(reports: list[LayerReport]) -> list[LayerReport]:
    """A layer before the last whose output nobody takes would never learn."""
    used = {name for report in reports for name in report.inputs}
    return [_with_error(report, LayerError(_title(report), _("must pass its output on to a later layer"),
                                           _("no layer takes it"), _("Remove it, or let a later layer take it.")))
            if report.name not in used and report is not reports[-1] and not report.error else report
            for report in reports]


def _with_error(report: LayerReport, error: LayerError) -> LayerReport:
    return replace(report, error=error)


def _check_end(network: NetworkSpec, signature: Signature, reports: list[LayerReport]) -> list[LayerReport]:
    """The last layer must give what the task wants, and no Softmax may stand before cross-entropy."""
    last = reports[-1] if reports else None
    if last is None or last.error or last.out_shape is None:
        return reports
    if signature.loss == "cross_entropy" and _gives_probabilities(network, last):
        error = LayerError(_title(last),
                           _("must not stand at the end, since cross-entropy works on raw scores (logits)"),
                           _("it does: softmax would be applied twice and learning would stall"), _("Remove it."))
        return [*reports[:-1], _with_error(last, error)]
    if last.out_shape != signature.out_shape:
        error = LayerError(_title(last),
                           _("must give, as the last layer, {shape} ({out_description})",
                             shape=article(signature.out_shape), out_description=signature.out_description),
                           _("it gives {shape}", shape=article(last.out_shape)),
                           endings.advice(reports, signature.out_shape))
        return [*reports[:-1], _with_error(last, error)]
    return reports


def _gives_probabilities(network: NetworkSpec, report: LayerReport) -> bool:
    spec = network.layer(report.name)
    return layers.declare(spec.kind, spec.fields, spec.name).traits().probabilities


def _check_size(reports: list[LayerReport], specs: Sequence[LayerSpec], batch_size: int, need: int) -> list[SpecError]:
    if not reports:
        return [SpecError(_("The network"), _("needs at least one layer"), _("it has none"),
                          _("Add a layer, or open one of the presets."))]
    parameters = sum(report.cost.parameters for report in reports)
    if any(report.error for report in reports):
        return []
    if parameters > settings.MAX_PARAMETERS:
        return [_too_many(_("The network"), parameters)]
    if parameters == 0:
        return [SpecError(_("The network"), _("needs weights that can learn"), _("none of its layers has any"),
                          _("Add a Linear or a Conv2d layer."))]
    if all(report.cost.parameters == 0 or not spec.trainable for report, spec in zip(reports, specs)):
        return [SpecError(_("The network"), _("needs weights that can learn"),
                          _("all of its layers with weights are frozen"), _("Switch trainable on for one of them."))]
    if need > settings.MAX_STEP_BYTES:
        return [TooLargeError(_("One training step"),
                              _("may take at most {most:.1f} GB of memory", most=settings.MAX_STEP_BYTES / 2**30),
                              _("this network with batches of {batch_size} needs about {need:.1f} GB",
                                batch_size=batch_size, need=need / 2**30),
                              _("Make the batch smaller, the layers narrower, or the image smaller first."))]
    return []


def _step_bytes(reports: list[LayerReport], signature: Signature, batch_size: int, moments: int) -> int:
    stages = [memory.Stage(report.name, report.inputs, report.profile) for report in reports
              if report.profile is not None and not report.error]
    if not reports or len(stages) < len(reports):
        return 0
    inputs = {name: shape.numel * shape.meta().element_size() for name, shape in signature.inputs}
    return memory.peak(stages, inputs, batch_size, moments, signature.held_out)
