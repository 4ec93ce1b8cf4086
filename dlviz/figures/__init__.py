"""Pure functions from histories and arrays to figures and pictures. Nothing here trains or draws on a page.

`dlviz.figures.run_curves(history).show()` draws in a notebook. What imports Plotly is loaded when it is first used.
"""
from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dlviz.figures.confusion import heatmap as confusion_matrix
    from dlviz.figures.run_curves import curves

_HOMES = {"curves": ("dlviz.figures.run_curves", "curves"), "confusion_matrix": ("dlviz.figures.confusion", "heatmap")}
__all__ = ["confusion_matrix", "curves"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'dlviz.figures' has no attribute {name!r}; it has {', '.join(__all__)}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
