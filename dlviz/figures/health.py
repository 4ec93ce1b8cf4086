"""From a run's health to plain rows, and to what figures of one layer are made of. Pure; knows no page and no run."""
from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dlviz import layers
from dlviz.figures import packing
from dlviz.figures.histograms import Spread
from dlviz.layers.families import FAMILIES
from dlviz.network import LayerReport, NetworkReport
from dlviz.probes.health import BatchNormHealth, LayerHealth
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
    rows_with_health = [_row(layer, moments, report.network.layer(layer.name).trainable) for layer in report.layers
                        if layer.name in known]
    return {"steps": [moment.step for moment in moments], "rows": rows_with_health}


def _tells(layer: LayerHealth) -> bool:
    return layer != LayerHealth()


def _row(layer: LayerReport, moments: Sequence[Health], trainable: bool) -> dict[str, Any]:
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
            "dropped": curve(lambda health: health.dropped_fraction), "stuck": stuck,
            "stuckWord": word if stuck else "",
            "frozen": not trainable,
            "gradient": curve(lambda health: health.gradient_norm),
            "ratio": curve(lambda health: health.update_ratio)}


def _plain(value: float | None) -> float | None:
    """Three digits, which is more than can be seen; null for what is no number."""
    return float(f"{value:.3g}") if value is not None and math.isfinite(value) else None


def spreads(name: str, health: Sequence[Health]) -> list[Spread]:
    """How the weights and the gradients of the layer `name` are spread over the moments; none where it has none."""
    looks = _looks(name, health)
    found = []
    for what in ("weights", "gradients"):
        known = [(step, spread) for step, layer in looks if (spread := getattr(layer, what)) is not None]
        if known:
            steps, histograms = zip(*known)
            found.append(Spread(what, steps, histograms))
    return found


def normalized(name: str, health: Sequence[Health]) -> BatchNormHealth | None:
    """What the layer `name` did as a batch normalization when it was looked at last; None for another one."""
    looks = _looks(name, health)
    return looks[-1][1].normalized if looks else None


def dropped(name: str, health: Sequence[Health]) -> dict[str, Any] | None:
    """Which units the layer `name` dropped when it was looked at last; None for one that drops none."""
    looks = _looks(name, health)
    if not looks or looks[-1][1].dropped is None:
        return None
    now = looks[-1][1]
    return {"units": packing.levels(np.array(now.dropped, bool)), "fraction": now.dropped_fraction}


def _looks(name: str, health: Sequence[Health]) -> list[tuple[int, LayerHealth]]:
    return [(moment.step, moment.layers[name]) for moment in shown(health) if name in moment.layers]
