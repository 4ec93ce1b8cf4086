"""From a run's health to plain rows and histograms that a browser can draw. Pure; knows no page and no
run."""
from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dlviz import layers
from dlviz.figures import packing
from dlviz.layers.families import FAMILIES
from dlviz.network import LayerReport, NetworkReport
from dlviz.probes.health import BatchNormHealth, LayerHealth
from dlviz.probes.histogram import Histogram
from dlviz.training.events import Health

POINTS = 80  # moments that are drawn

Read = Callable[[LayerHealth], float | None]


def shown(health: Sequence[Health], points: int = POINTS) -> list[Health]:
    """At most `points` moments, evenly picked, the first and the last among them."""
    places = np.unique(np.linspace(0, len(health) - 1, min(points, len(health))).round().astype(int))
    return [health[place] for place in places]


def rows(report: NetworkReport, health: Sequence[Health]) -> dict[str, Any]:
    """A row for each layer that has something to tell: its curves over the moments in `steps`, null where
    unknown."""
    moments = shown(health)
    known = {name for moment in moments for name, layer in moment.layers.items() if _tells(layer)}
    rows_with_health = [_row(layer, moments) for layer in report.layers if layer.name in known]
    return {"steps": [moment.step for moment in moments], "rows": rows_with_health}


def _tells(layer: LayerHealth) -> bool:
    return layer != LayerHealth()


def _row(layer: LayerReport, moments: Sequence[Health]) -> dict[str, Any]:
    def curve(read: Read) -> list[float | None]:
        found = [_plain(read(moment.layers[layer.name]) if layer.name in moment.layers else None)
                 for moment in moments]
        return found if any(value is not None for value in found) else []

    family = FAMILIES[layers.get(layer.kind).family]
    stuck, word = curve(lambda health: health.saturated), "saturated"
    if not stuck:
        stuck, word = curve(lambda health: health.silent if health.dead is None else health.dead), "dead"
    active = [] if layers.get(layer.kind)().traits().positive else curve(lambda health: health.density)
    return {"name": layer.name, "kind": layer.kind, "light": family.light, "dark": family.dark,
            "active": active,
            "asleep": curve(lambda health: health.dropped_fraction), "stuck": stuck,
            "stuckWord": word if stuck else "",
            "gradient": curve(lambda health: health.gradient_norm),
            "ratio": curve(lambda health: health.update_ratio)}


def _plain(value: float | None) -> float | None:
    """Three digits, which is more than can be seen; null for what is no number."""
    return float(f"{value:.3g}") if value is not None and math.isfinite(value) else None


def detail(name: str, health: Sequence[Health]) -> dict[str, Any] | None:
    """What one layer's row opens to; None when it has nothing more to tell."""
    looks = [(moment.step, moment.layers[name]) for moment in shown(health) if name in moment.layers]
    if not looks:
        return None
    now = looks[-1][1]
    found: dict[str, Any] = {"name": name, "step": looks[-1][0]}
    for what in ("weights", "gradients"):
        columns = [(step, getattr(layer, what)) for step, layer in looks if getattr(layer, what) is not None]
        if columns:
            found[what] = stripes(columns)
    if now.normalized is not None:
        found["normalized"] = _normalized(now.normalized)
    if now.dropped is not None:
        found["asleep"] = {"units": packing.levels(np.array(now.dropped, bool)), "share": now.dropped_fraction}
    return found if len(found) > 2 else None


def stripes(columns: Sequence[tuple[int, Histogram]]) -> dict[str, Any]:
    """Histograms side by side: for each moment where its bins begin and end, and how full each is (0 to
    255)."""
    counts = np.array([histogram.counts for _, histogram in columns], float)
    full = counts / np.maximum(counts.max(1, keepdims=True), 1)
    return {"steps": [step for step, _ in columns], "bins": counts.shape[1],
            "low": [_plain(histogram.low) for _, histogram in columns],
            "high": [_plain(histogram.high) for _, histogram in columns],
            "full": packing.levels(np.round(255 * full))}


def _normalized(normalization: BatchNormHealth) -> dict[str, Any]:
    shapes = {"entering": normalization.entering, "training": normalization.training,
              "evaluation": normalization.evaluation}
    channels = ("batch_mean", "running_mean", "batch_std", "running_std")
    known = {name: _shape(histogram) for name, histogram in shapes.items() if histogram is not None}
    return {"shapes": known,
            **{name: [_plain(value) for value in getattr(normalization, name)] for name in channels}}


def _shape(histogram: Histogram) -> dict[str, Any]:
    """A histogram as shares of all values."""
    total = max(1, sum(histogram.counts))
    return {"low": _plain(histogram.low), "high": _plain(histogram.high),
            "shares": [round(count / total, 4) for count in histogram.counts]}
