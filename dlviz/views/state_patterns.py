"""A pattern of hidden units, marked in one sample, found again in the whole test set (after LSTMVis)."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dlviz.figures import packing, states
from dlviz.inspect.explanation import Explainer, ProgressCallback
from dlviz.network import NetworkReport
from dlviz.probes.state_patterns import StateMatch, search, throughout
from dlviz.tasks import Task
from dlviz.translation import _
from dlviz.views.base import Choice, Choices, Drawing, Json, Observation, Subject, View
from dlviz.views.layers import layer_choice, shown_layers
from dlviz.views.question import visible
from dlviz.views.states import Brush, brushed
from dlviz.views.texts import texts

MOST = 12  # matches that are shown
MOST_UNITS = 128  # whose states are drawn; all are searched


class StatePatternPhrases:
    PATTERN = _("Units that count")
    THROUGHOUT = _("on at all marked steps")
    ONLY_THERE = _("on there, off just before and behind")


phrases = StatePatternPhrases()


@dataclass(frozen=True)
class PatternSearch:
    """The states of the sample `(T, H)`, the units `(H,)` that are on at the marked steps, and where else they are."""

    own: np.ndarray
    brush: Brush | None = None
    units: np.ndarray | None = None
    matches: tuple[StateMatch, ...] = ()
    searched: int = 0


class StatePatterns(View):
    key = "state_patterns"
    title = _("Find a pattern of units")
    sentence = _("Mark some steps, and see where else in the test set the same hidden units are on.")
    words = _("""
A hidden unit that follows something is **on**, above a threshold, where that something is the case. Drag over some
steps: the units that are on at each of them are the **pattern**. The same is done with every span of that many steps of
all test samples, and the spans whose pattern is most like it stand below; what they have in common is what these units
may stand for. Alike is the number of units in both patterns over the number in either (after LSTMVis, Strobelt et al.
2016).
""")
    icon = ":material/search:"
    places = ("explain",)
    order = 25
    script = "look/patterns.js"
    answers = ("brush",)
    asks = True

    def suits(self, report: NetworkReport, task: Task) -> tuple[str, ...]:
        if not task.supervised or not task.modality.over_time:
            return ()
        return tuple(layer.name for layer in shown_layers(report).states)

    def choices(self, subject: Subject) -> tuple[Choice, ...]:
        return (layer_choice("layer", shown_layers(subject.report).states, with_kind=True),
                Choice("only_there", phrases.PATTERN, (False, True), (phrases.THROUGHOUT, phrases.ONLY_THERE)))

    def examine(self, explainer: Explainer, subject: Subject, choices: Choices,
                progress: ProgressCallback) -> PatternSearch:
        layer, brush, only_there = choices["layer"], brushed(choices.get("brush")), bool(choices.get("only_there"))
        own, = explainer.hidden_states(layer, subject.shown.inputs)
        if brush is None or brush.stop > len(own):
            return PatternSearch(own)
        length = brush.stop - brush.start
        units = throughout(own[None], length, brush.threshold, only_there)[0, brush.start]
        others = explainer.hidden_states(layer)
        matches = search(others, units, length, brush.threshold, MOST, only_there) if units.any() else ()
        return PatternSearch(own, brush, units, matches, len(others))

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing:
        if not isinstance(observation.examined, PatternSearch):
            return texts.APPEARS_FIRST_CAPTURE
        return payload(subject, choices["layer"], observation.examined)


def payload(subject: Subject, layer: str, found: PatternSearch) -> Json:
    """The sample's states with its words, and the matches with theirs."""
    values, source = found.own[:, :MOST_UNITS], shown_layers(subject.report).state(layer).steps[0]
    data: Json = {"values": packing.floats(np.ascontiguousarray(values.T)), "units": values.shape[1],
                  "of": found.own.shape[1], "steps": len(values), "span": states.span(values), "layer": layer,
                  "words": _words(subject.shown.words, source, len(values)), "found": None}
    if found.brush is None or found.units is None:
        return data
    length = found.brush.stop - found.brush.start
    return data | {"found": {"start": found.brush.start, "stop": found.brush.stop, "threshold": found.brush.threshold,
                             "pattern": np.flatnonzero(found.units).tolist(), "searched": found.searched,
                             "matches": [_match(subject.task, match, source, length, found.own.shape[0])
                                         for match in found.matches]}}


def _match(task: Task, match: StateMatch, source: int | None, length: int, steps: int) -> dict[str, Any]:
    view = task.view(*task.sample("test", match.sample))
    return {"sample": match.sample, "start": match.start, "stop": match.start + length,
            "similarity": round(match.similarity, 4), "common": len(match.common),
            "words": _words(view.inputs, source, steps)}


def _words(inputs: tuple[tuple[str, ...], ...], source: int | None, steps: int) -> list[str]:
    """A word for each step; its number where what goes in has none."""
    words = inputs[source] if source is not None and source < len(inputs) else ()
    return visible(words) if len(words) == steps else [str(step + 1) for step in range(steps)]
