"""A run's health in the store: one row a moment, thinned as the History thins it. Knows no more of the
database."""
from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from dlviz import versions
from dlviz.probes.health import BatchNormHealth, LayerHealth
from dlviz.probes.histogram import Histogram
from dlviz.training import retention
from dlviz.training.events import Health

SCHEMA = ("CREATE TABLE IF NOT EXISTS health (run TEXT, step INTEGER, data BLOB); "
          "CREATE INDEX IF NOT EXISTS health_by_run ON health (run, step);")
HISTOGRAMS = ("weights", "gradients")


def write(db: sqlite3.Connection, run: str, event: Health) -> None:
    """One more moment; one goes when there are too many."""
    db.execute("INSERT INTO health VALUES (?, ?, ?)", (run, event.step, to_bytes(event)))
    steps = [step for step, in db.execute("SELECT step FROM health WHERE run = ? ORDER BY step", (run,))]
    if len(steps) > retention.LIMIT:
        db.execute("DELETE FROM health WHERE run = ? AND step = ?", (run, steps[retention.most_redundant(steps)]))


def cut(db: sqlite3.Connection, run: str, step: int) -> None:
    """Forget what came after `step`."""
    db.execute("DELETE FROM health WHERE run = ? AND step > ?", (run, step))


def read(db: sqlite3.Connection, run: str) -> list[Health]:
    """All moments that are kept, in order."""
    rows = db.execute("SELECT step, data FROM health WHERE run = ? ORDER BY step", (run,))
    return [from_bytes(step, data) for step, data in rows]


def to_bytes(event: Health) -> bytes:
    """Compressed JSON without what is None: 150 bytes for a layer with two histograms."""
    layers = {name: {key: value for key, value in asdict(layer).items() if value is not None}
              for name, layer in event.layers.items()}
    return zlib.compress(json.dumps(layers, separators=(",", ":")).encode())


def from_bytes(step: int, data: bytes) -> Health:
    return Health(step, {name: _layer(values) for name, values in json.loads(zlib.decompress(data)).items()})


def _layer(values: dict[str, Any]) -> LayerHealth:
    values = versions.rename(values, versions.LAYER_HEALTH)
    made: dict[str, Any] = {key: _histogram(value) if key in HISTOGRAMS else value for key, value in values.items()}
    if "normalized" in values:
        made["normalized"] = _normalized(values["normalized"])
    if "dropped" in values:
        made["dropped"] = tuple(values["dropped"])
    return LayerHealth(**made)


def _histogram(values: Mapping[str, Any]) -> Histogram:
    return Histogram(values["low"], values["high"], tuple(values["counts"]))


def _normalized(values: Mapping[str, Any]) -> BatchNormHealth:
    shapes = ("entering", "training", "evaluation")
    made: dict[str, Any] = {key: (value and _histogram(value)) if key in shapes else tuple(value)
                            for key, value in values.items()}
    return BatchNormHealth(**made)
