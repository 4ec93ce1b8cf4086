"""A design as the canvas draws it: nodes, ports, wires, blocks, what is wrong with them. Plain data from one check.

Draws nothing and changes nothing.
"""
from __future__ import annotations

from typing import Any

from dlviz.layers import CATALOGUE
from dlviz.layout import Layout
from dlviz.network import LayerReport, blocks
from dlviz.network.repairs import broken_inputs
from dlviz.spec import Experiment, LayerSpec
from pages.ui.build.cards import DesignView
from pages.ui.build.stack import InputCard, LayerCard


def graph(experiment: Experiment, view: DesignView) -> dict[str, Any]:
    """The whole picture, as JSON values; `view` is of this experiment."""
    layout, specs, shapes = experiment.layout, experiment.network.layers, _shapes(view)
    return {
        "inputs": [_input(card, layout) for card in view.inputs],
        "nodes": [_node(card, spec, layout, card["name"] in view.outputs) for card, spec in zip(view.cards, specs)],
        "wires": [wire for spec, card in zip(specs, view.cards) for wire in _wires(spec, card, view, shapes)],
        "blocks": [block.model_dump(mode="json") for block in layout.blocks],
        "output": specs[-1].name if specs else None,
        "targets": str(view.report.signature.out_shape)}


def _input(card: InputCard, layout: Layout) -> dict[str, Any]:
    return {**card, **_place(card["name"], layout)}


def _node(card: LayerCard, spec: LayerSpec, layout: Layout, pictured: bool) -> dict[str, Any]:
    """`pictured`: whether it has a picture, which the feed brings where it is in sight."""
    least, most = CATALOGUE[spec.kind].arity if spec.kind in CATALOGUE else (1, None)
    parts = ("name", "kind", "family", "summary", "out_shape", "parameters")
    return {**{part: card[part] for part in parts}, "picture": pictured, "problem": card["error"],
            **_place(spec.name, layout), "block": layout.block_of(spec.name), "ports": {"least": least, "most": most},
            "opens": card["out_shape"] is not None and blocks.can_open(spec), "trainable": spec.trainable,
            "spec": spec.model_dump(mode="json", exclude_defaults=True)}


def _place(name: str, layout: Layout) -> dict[str, float | None]:
    x, y = layout.positions.get(name, (None, None))
    return {"x": x, "y": y}


def _shapes(view: DesignView) -> dict[str, str]:
    """What comes from each input and each layer, in words; empty where that is not known."""
    shapes = {name: str(shape) for name, shape in view.report.signature.inputs}
    return shapes | {layer.name: str(layer.out_shape) if layer.out_shape else "" for layer in view.report.layers}


def _wires(spec: LayerSpec, card: LayerCard, view: DesignView, shapes: dict[str, str]) -> list[dict[str, Any]]:
    """The wires into a layer from what is there; a name that is gone is a problem of the layer's."""
    report: LayerReport = view.report.layer(spec.name)
    broken = broken_inputs(report, view.report) if report.error else ()
    return [{"source": source, "target": spec.name, "slot": slot, "shape": shapes[source] or None,
             "problem": card["error"] if slot in broken else None, "explicit": spec.inputs is not None}
            for slot, source in enumerate(report.inputs) if source in shapes]
