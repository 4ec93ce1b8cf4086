"""Attention: every head as a small map, one of them large with its words, how sharp each is while it learns."""
from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dlviz import layers
from dlviz.figures import attention, packing
from dlviz.network import NetworkReport
from dlviz.probes.attention import AttentionMaps
from dlviz.tasks import Task
from dlviz.translation import _
from dlviz.views.base import CaptureRequest, Choices, Drawing, Observation, Subject, View
from dlviz.views.layers import ShownLayer, shown_layers
from dlviz.views.question import SequenceInput, step_words, visible
from dlviz.views.texts import texts

MOST_HEADS = 16  # of one module
MOST_MUTED = 64
ARROW = "→"  # from what is read to what is written
POINTS = 60  # of a curve
KEEP = 600  # steps that a session remembers; every second one is dropped beyond



@dataclass
class Sharpness:
    """How sharp each head was at the steps that a session has come by: of one run and one question."""

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


def payload(shown: tuple[ShownLayer, ...], question: SequenceInput, maps: Mapping[str, AttentionMaps],
            past: Sharpness, chosen: tuple[str, int] | None) -> dict[str, Any]:
    """What is sent: all heads as bytes, one with its numbers in all three stages."""
    by_layer = {layer.name: layer for layer in shown}
    of = {name: by_layer[name.split(".")[0]] for name in maps}  # a module's name begins with its layer's
    modules = [_module(name, of[name], found, question, past) for name, found in maps.items()]
    if chosen is None or chosen[0] not in maps or chosen[1] >= len(maps[chosen[0]].weights):
        chosen = next(iter(maps)), 0
    name, head = chosen
    return {"modules": modules, "large": _large(name, head, maps[name], of[name])}


def _module(name: str, layer: ShownLayer, maps: AttentionMaps, question: SequenceInput,
            past: Sharpness) -> dict[str, Any]:
    heads, queries, keys = maps.weights.shape
    small = attention.shades(maps.weights[:MOST_HEADS])
    source = layer.steps[:2][-1] if maps.crossing else layer.steps[0]
    rows = asking(question, layer.steps[0], queries)
    return {"name": name, "crossing": maps.crossing, "masked": bool(np.isneginf(maps.scaled).any()),
            "writes": next((word for word in rows if ARROW in word), "") if question.writes else "",
            "heads": heads,
            "shape": list(small.shape), "small": packing.levels(small), "size": [queries, keys],
            "rows": rows, "columns": step_words(question, source, keys),
            "sharp": [round(float(value), 3) for value in np.nan_to_num(maps.sharpness())[:MOST_HEADS]],
            "curves": past.curves(name)[:MOST_HEADS]}


def _large(name: str, head: int, maps: AttentionMaps, layer: ShownLayer) -> dict[str, Any]:
    weights, scores, scaled = maps.weights[head], maps.scores[head], maps.scaled[head]
    found = attention.pattern(weights, scaled)
    rule = found and {"place": found.place, "fraction": round(found.fraction, 3), "key": found.key}
    return {"module": name, "head": head, "width": layer.width // len(maps.weights), "habit": rule,
            "weights": packing.floats(weights), "scores": packing.floats(scores),
            "scaled": packing.floats(scaled)}


def asking(question: SequenceInput, source: int | None, length: int) -> list[str]:
    """A word for each query; where the network writes its answer, also what it writes there: `9→8`."""
    plain, writes = step_words(question, source, length), dict(question.writes)
    growing = source is not None and source == len(question.words) - 1
    return [f"{word}{ARROW}{visible((writes[row],))[0]}" if growing and row in writes else word
            for row, word in enumerate(plain)]


class AttentionView(View):
    key = "attention"
    title = _("Attention")
    sentence = _("Which positions each position attends to, for every head.")
    words = _("""
Every position of the sequence has a **query** (what am I looking for?), a **key** (what do I offer?) and a
**value** (what do I pass on?). The dot product of a query and a key is their **score**: how well they fit.
Softmax turns the scores of one query into **attention weights**, which add up to 1, and the output is the
mean of the values with these weights. Each **head** learns queries, keys and values of its own. A head is
*sharp* when each position attends to a single one and not to all equally: 1 minus the entropy of the weights,
as a fraction of the largest possible entropy.

Attention shows where a head reads from. By itself it does not explain the prediction: it shows neither what
the values hold nor what later layers make of them.
""")
    formula = layers.first(lambda cls: cls.arithmetic == "attention").formula
    icon = ":material/grid_on:"
    places = ("look",)
    order = 120
    script = "look/attention.js"
    answers = ("chosen", "muted")

    def suits(self, report: NetworkReport, task: Task) -> tuple[str, ...]:
        return tuple(layer.name for layer in shown_layers(report).attention)

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(attention=self.suits(subject.report, subject.task), muted=_heads(choices.get("muted")))

    def remember(self, past: Sharpness | None, subject: Subject, observation: Observation,
                 choices: Choices) -> Sharpness:
        found = past or Sharpness()
        result = observation.answered
        now = {name: np.nan_to_num(maps.sharpness()) for name, maps in result.attention.items()}
        found.see((observation.run, subject.asked.key), result.step, now)
        return found

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing:
        maps = observation.answered.attention
        if not maps:
            return texts.APPEARS_FIRST_CAPTURE
        past = observation.past or Sharpness()
        data = payload(shown_layers(subject.report).attention, subject.asked, maps, past, _head(choices.get("chosen")))
        return data | {"muted": [list(head) for head in _heads(choices.get("muted"))]}


def _head(chosen: Any) -> tuple[str, int] | None:
    """The head that the browser says is enlarged."""
    match chosen:
        case [str(module), int(head)] if type(head) is int and head >= 0:
            return module, head
    return None


def _heads(chosen: Any) -> tuple[tuple[str, int], ...]:
    """The heads that the browser says are muted, `MOST_MUTED` at most."""
    found = [_head(each) for each in chosen[:MOST_MUTED]] if isinstance(chosen, list) else []
    return tuple(dict.fromkeys(head for head in found if head is not None))
