"""The narrowest place of a network: a layer that everything must pass, and that holds fewer numbers than any other."""
from __future__ import annotations

from dlviz.network.report import NetworkReport


def narrowest(report: NetworkReport) -> str | None:
    """The layer with the code of an autoencoder: a vector that all that comes after it is made of.

    The last of them where several are equally narrow. None where there is no such layer before the last, or none
    that has fewer numbers than what goes in.
    """
    if not report.ok:
        return None
    least = min(sum(shape.numel for _, shape in report.signature.inputs), report.layers[-1].known_out_shape.numel)
    doors = [layer for place, layer in enumerate(report.layers[:-1]) if _everything_passes(report, place)
             and layer.known_out_shape.kind == "vector" and layer.known_out_shape.numel < least]
    if not doors:
        return None
    width = min(layer.known_out_shape.numel for layer in doors)
    return [layer.name for layer in doors if layer.known_out_shape.numel == width][-1]


def _everything_passes(report: NetworkReport, place: int) -> bool:
    """Whether no later layer reads anything from before this one."""
    known = {layer.name for layer in report.layers[place:]}
    return all(known.issuperset(layer.inputs) for layer in report.layers[place + 1:])


