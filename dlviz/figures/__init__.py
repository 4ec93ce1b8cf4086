"""Pure functions from histories and arrays to figures and pictures. Nothing here trains or draws on a page.

`dlviz.figures.curves(history).show()` draws in a notebook. What imports Plotly is loaded when it is first used.
"""
from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dlviz.figures.anomalies import histograms as anomaly_histograms
    from dlviz.figures.anomalies import roc as roc_curve
    from dlviz.figures.anomalies import series as anomaly_series
    from dlviz.figures.calibration import reliability_diagram
    from dlviz.figures.confusion import heatmap as confusion_matrix
    from dlviz.figures.elbo import parts as elbo_parts
    from dlviz.figures.embedding import scatter as embedding_scatter
    from dlviz.figures.histograms import heat_maps as histogram_heat_maps
    from dlviz.figures.landscape import contour as loss_contour
    from dlviz.figures.landscape import straight_line as loss_line
    from dlviz.figures.landscape import surface as loss_surface
    from dlviz.figures.lengths import accuracy_by_length
    from dlviz.figures.normalization import batch_norm
    from dlviz.figures.projector import scatter as projector_scatter
    from dlviz.figures.rates import schedule_chart, search_chart
    from dlviz.figures.run_curves import compared as compared_curves
    from dlviz.figures.run_curves import curves
    from dlviz.figures.study import band as seed_band
    from dlviz.figures.study import parallel as parallel_coordinates
    from dlviz.figures.study import parallel_lines
    from dlviz.figures.study import scores as score_scatter
    from dlviz.figures.weight_values import histograms as weight_histograms
    from dlviz.figures.word_lines import word_lines as sequence_lines

_HOMES = {"accuracy_by_length": ("lengths", "accuracy_by_length"),
          "anomaly_histograms": ("anomalies", "histograms"),
          "anomaly_series": ("anomalies", "series"),
          "batch_norm": ("normalization", "batch_norm"),
          "compared_curves": ("run_curves", "compared"),
          "confusion_matrix": ("confusion", "heatmap"),
          "curves": ("run_curves", "curves"),
          "elbo_parts": ("elbo", "parts"),
          "embedding_scatter": ("embedding", "scatter"),
          "histogram_heat_maps": ("histograms", "heat_maps"),
          "loss_contour": ("landscape", "contour"),
          "loss_line": ("landscape", "straight_line"),
          "loss_surface": ("landscape", "surface"),
          "parallel_coordinates": ("study", "parallel"),
          "parallel_lines": ("study", "parallel_lines"),
          "projector_scatter": ("projector", "scatter"),
          "reliability_diagram": ("calibration", "reliability_diagram"),
          "roc_curve": ("anomalies", "roc"),
          "schedule_chart": ("rates", "schedule_chart"),
          "score_scatter": ("study", "scores"),
          "search_chart": ("rates", "search_chart"),
          "seed_band": ("study", "band"),
          "sequence_lines": ("word_lines", "word_lines"),
          "weight_histograms": ("weight_values", "histograms")}
__all__ = ["accuracy_by_length", "anomaly_histograms", "anomaly_series", "batch_norm", "compared_curves",
           "confusion_matrix", "curves", "elbo_parts", "embedding_scatter", "histogram_heat_maps", "loss_contour",
           "loss_line", "loss_surface", "parallel_coordinates", "parallel_lines", "projector_scatter",
           "reliability_diagram", "roc_curve", "schedule_chart", "score_scatter", "search_chart", "seed_band",
           "sequence_lines", "weight_histograms"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'dlviz.figures' has no attribute {name!r}; it has {', '.join(__all__)}")
    module, attribute = _HOMES[name]
    return getattr(import_module(f"dlviz.figures.{module}"), attribute)
