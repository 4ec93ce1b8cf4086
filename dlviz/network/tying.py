"""Which layers take their weights from which embedding (weight tying: Press, Wolf 2017). Knows no particular layer."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dlviz import layers
from dlviz.errors import LayerError
from dlviz.layers.sentences import refuse
from dlviz.network.report import LayerReport
from dlviz.spec import NetworkSpec
from dlviz.translation import _, _n

MORE = 1  # rows that a table may have beyond those needed: the sign of a place where nothing stands yet is never named


def ties(network: NetworkSpec, reports: Sequence[LayerReport]) -> dict[str, str]:
    """For each layer whose weights are an embedding's, that embedding: the nearest above whose table fits."""
    return {name: source for name, source in _sources(network, reports).items() if source is not None}


def check_ties(network: NetworkSpec, reports: list[LayerReport]) -> list[LayerReport]:
    """The reports, with an error where no table fits."""
    missing = {name for name, source in _sources(network, reports).items() if source is None}
    return [replace(report, error=_error(network, reports, report)) if report.name in missing else report
            for report in reports]


def _sources(network: NetworkSpec, reports: Sequence[LayerReport]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for place, report in enumerate(reports):
        if report.error is None and report.in_shapes and report.out_shape and (needed := _needed(network, report)):
            tables = [above.name for above in reports[:place] if _fits(above, *needed)]
            found[report.name] = tables[-1] if tables else None
    return found


def _needed(network: NetworkSpec, report: LayerReport) -> tuple[int, int] | None:
    spec = network.layer(report.name)
    return layers.declare(spec.kind, spec.fields, spec.name).tied_table(*report.known_in_shapes)


def _fits(report: LayerReport, rows: int, width: int) -> bool:
    table = _table(report)
    return table is not None and table[1] == width and rows <= table[0] <= rows + MORE


def _table(report: LayerReport) -> tuple[int, int] | None:
    """Symbols and numbers for each, of an embedding; None for all else."""
    if not report.in_shapes or not report.out_shape or layers.get(report.kind).converts != ("tokens", "sequence"):
        return None
    return report.in_shapes[0].vocabulary or 0, report.out_shape.axes[-1]


def _error(network: NetworkSpec, reports: Sequence[LayerReport], report: LayerReport) -> LayerError:
    spec, (rows, width) = network.layer(report.name), _needed(network, report) or (0, 0)
    above = [(other.name, table) for other in reports[:reports.index(report)] if (table := _table(other))]
    came = _("{name} has {symbols} symbols of {numbers}", name=above[-1][0], symbols=above[-1][1][0],
             numbers=above[-1][1][1]) if above else _("there is no embedding above it")
    return refuse(layers.declare(spec.kind, spec.fields, spec.name), report.name,
                  _n("takes its weights from an embedding of {rows} symbols and {count:,} number for each",
                     "takes its weights from an embedding of {rows} symbols and {count:,} numbers for each",
                     count=width, rows=rows), came, _("Bring both to one width, or switch tied off."), tied=False)
