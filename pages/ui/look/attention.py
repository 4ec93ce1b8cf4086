"""Attention: every head as a small map, one of them large with its words, how sharp each is while it learns.

Turns what a run answered into the plain data of the component `look`; asks for nothing itself.
"""
from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st

from dlviz.figures import attention, packing
from dlviz.probes.attention import AttentionMaps
from dlviz.training.events import QueryResult
from pages.ui.look.layer_views import LayerView
from pages.ui.shared import sequence_answer, state
from pages.ui.shared.sequence_question import SequenceInput

KEY = "look.attention"
MOST_HEADS = 16  # of one module
ARROW = "→"  # from what is read to what is written
POINTS = 60  # of a curve
KEEP = 600  # moments that a session remembers; every second one is dropped beyond


@dataclass
class Sharpness:
    """How sharp each head was at the moments that this session has seen: of one run and one question."""

    of: Hashable = None
    steps: list[int] = field(default_factory=list)
    heads: list[dict[str, np.ndarray]] = field(default_factory=list)  # module -> (heads,)

    def see(self, of: Hashable, step: int, now: dict[str, np.ndarray]) -> None:
        if self.of != of or (self.steps and step < self.steps[-1]):
            self.of, self.steps, self.heads = of, [], []
        if not self.steps or step > self.steps[-1]:
            self.steps.append(step)
            self.heads.append(now)
        if len(self.steps) > KEEP:
            del self.steps[1:-1:2], self.heads[1:-1:2]

    def curves(self, module: str) -> list[list[list[float]]]:
        """For each head its points (step, sharpness), `POINTS` at most; none before there are two moments."""
        chosen = np.unique(np.linspace(0, len(self.steps) - 1, min(POINTS, len(self.steps))).astype(int))
        rows = np.array([self.heads[at][module] for at in chosen if module in self.heads[at]])
        if len(rows) < 2:
            return []
        steps = [self.steps[at] for at in chosen]
        return [[[step, round(float(value), 3)] for step, value in zip(steps, head)] for head in rows.T]


def show(run: str, layer_views: tuple[LayerView, ...], question: SequenceInput, answered: QueryResult) -> None:
    sharpness = {name: np.nan_to_num(maps.sharpness()) for name, maps in answered.attention.items()}
    past = state.session_value("look.sharpness", Sharpness)
    past.see((run, question.key), answered.step, sharpness)
    sequence_answer.mount(KEY, payload(layer_views, question, answered.attention, past, chosen()), "chosen")


def chosen() -> tuple[str, int] | None:
    """The head that the browser says is enlarged."""
    said = (st.session_state.get(KEY) or {}).get("chosen")
    match said:
        case [str(module), int(head)] if type(head) is int and head >= 0:
            return module, head
    return None


def payload(layer_views: tuple[LayerView, ...], question: SequenceInput, maps: Mapping[str, AttentionMaps],
            past: Sharpness,
            wanted: tuple[str, int] | None) -> dict[str, Any]:
    """What is sent: all heads as bytes, one with its numbers in all three stages."""
    by_layer = {layer_view.name: layer_view for layer_view in layer_views}
    of = {name: by_layer[name.split(".")[0]] for name in maps}  # a module's name begins with its layer's
    modules = [_module(name, of[name], found, question, past) for name, found in maps.items()]
    if wanted is None or wanted[0] not in maps or wanted[1] >= len(maps[wanted[0]].weights):
        wanted = next(iter(maps)), 0
    name, head = wanted
    return {"view": "attention", "modules": modules, "large": _large(name, head, maps[name], of[name])}


def _module(name: str, layer_view: LayerView, maps: AttentionMaps, question: SequenceInput,
            past: Sharpness) -> dict[str, Any]:
    heads, queries, keys = maps.weights.shape
    small = attention.shades(maps.weights[:MOST_HEADS])
    source = layer_view.steps[1] if maps.crossing and len(layer_view.steps) > 1 else layer_view.steps[0]
    rows = asking(question, layer_view.steps[0], queries)
    return {"name": name, "crossing": maps.crossing, "masked": bool(np.isneginf(maps.scaled).any()),
            "writes": next((word for word in rows if ARROW in word), "") if question.writes else "",
            "heads": heads,
            "shape": list(small.shape), "small": packing.levels(small), "size": [queries, keys],
            "rows": rows, "columns": words(question, source, keys),
            "sharp": [round(float(value), 3) for value in np.nan_to_num(maps.sharpness())[:MOST_HEADS]],
            "curves": past.curves(name)[:MOST_HEADS]}


def _large(name: str, head: int, maps: AttentionMaps, layer_view: LayerView) -> dict[str, Any]:
    weights, scores, scaled = maps.weights[head], maps.scores[head], maps.scaled[head]
    found = attention.pattern(weights, scaled)
    rule = found and {"place": found.place, "share": round(found.fraction, 3), "key": found.key}
    return {"module": name, "head": head, "width": layer_view.width // len(maps.weights), "habit": rule,
            "weights": packing.floats(weights), "scores": packing.floats(scores),
            "scaled": packing.floats(scaled)}


def asking(question: SequenceInput, source: int | None, length: int) -> list[str]:
    """A word for each query; where the network writes its answer, also what it writes there: `9→8`."""
    plain, writes = words(question, source, length), dict(question.writes)
    growing = source is not None and source == len(question.words) - 1
    return [f"{word}{ARROW}{sequence_answer.visible((writes[row],))[0]}" if growing and row in writes else word
            for row, word in enumerate(plain)]


def words(question: SequenceInput, source: int | None, length: int) -> list[str]:
    """A word for each step: the input's that has the same steps, else their numbers."""
    if source is not None and len(question.words[source]) == length:
        return sequence_answer.visible(question.words[source])
    return [str(step + 1) for step in range(length)]
