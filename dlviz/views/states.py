"""Hidden state and gates over time: which are shown, the unit that follows what is known, units on only here."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dlviz import layers
from dlviz.figures import packing, states
from dlviz.network import NetworkReport
from dlviz.probes import recurrent
from dlviz.probes.recurrent import RecurrentStates
from dlviz.tasks import Task
from dlviz.translation import _
from dlviz.views.base import CaptureRequest, Choice, Choices, Drawing, Observation, Subject, View
from dlviz.views.layers import ShownLayer, layer_choice, shown_layers
from dlviz.views.question import SequenceInput, step_words
from dlviz.views.texts import texts


class StatesView(View):
    key = "states"
    title = _("Hidden state")
    sentence = _("What a recurrent layer carries from step to step, and its gates.")
    words = _("""
A recurrent layer reads a sequence from left to right and carries a vector along, its **hidden state**. Each row
of the picture is one number of it (a **unit**), each column one step; red is above zero, blue below. An LSTM and
a GRU have **gates**, numbers from 0 to 1 that decide at each step how much is kept, written and passed on.

Click a unit to see its curve. Drag over some steps to find the units that are active there and nowhere else.
""")
    icon = ":material/memory:"
    places = ("look",)
    order = 140
    script = "look/states.js"
    answers = ("brush",)

    def suits(self, report: NetworkReport, task: Task) -> tuple[str, ...]:
        return tuple(layer.name for layer in shown_layers(report).states)

    def choices(self, subject: Subject) -> tuple[Choice, ...]:
        return (layer_choice("layer", shown_layers(subject.report).states, with_kind=True),)

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(states=(choices["layer"],))

    def refinements(self, subject: Subject, observation: Observation, choices: Choices) -> tuple[Choice, ...]:
        readings = observation.answered.states.get(choices["layer"])
        if not readings:
            return ()
        which = Choice("reading", texts.VIEW, tuple(readings), tuple(map(str.capitalize, readings)), kind="segments")
        reading = readings[which.value(choices.get("reading"))]
        names = ("hidden", *sorted(reading.gates, key=list(shown_states()).index))
        closest = _closest(subject.task, subject.asked, reading)
        return which, Choice("what", texts.VIEW, names, tuple(shown_states()[name].title for name in names), closest,
                             kind="segments")

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing | tuple[Drawing, ...]:
        readings = observation.answered.states.get(choices["layer"])
        if not readings:
            return texts.APPEARS_FIRST_CAPTURE
        reading, what = readings[choices["reading"]], choices["what"]
        layer = shown_layers(subject.report).state(choices["layer"])
        return shown_states()[what].sentence, payload(subject.task, layer, subject.asked, reading, what,
                                                      brushed(choices.get("brush")))

    def equation(self, subject: Subject, choices: Choices) -> str:
        return layers.get(subject.report.layer(choices["layer"]).kind).formula


@dataclass(frozen=True)
class ShownState:
    """One thing that a recurrent layer tells of each step.

    Attributes:
        signed: below and above zero, and not a share from 0 to 1.
    """

    title: str
    sentence: str
    signed: bool = True


def shown_states() -> dict[str, ShownState]:
    """What a state or a gate is called, by its key."""
    return {
        "hidden": ShownState(texts.HIDDEN_STATE, texts.WHAT_LAYER_CARRIES_FROM),
        "cell": ShownState(texts.CELL, texts.CELL_STATE_LSTM_CHANGES),
        "input": ShownState(texts.INPUT_GATE, texts.HOW_MUCH_CANDIDATE_WRITTEN,
                       signed=False),
        "forget": ShownState(texts.FORGET_GATE, texts.HOW_MUCH_OLD_CELL,
                        signed=False),
        "output": ShownState(texts.OUTPUT_GATE, texts.HOW_MUCH_CELL_STATE,
                        signed=False),
        "candidate": ShownState(texts.CANDIDATE, texts.NEW_VALUES_INPUT_GATE),
        "reset": ShownState(texts.RESET_GATE, texts.HOW_MUCH_OLD_HIDDEN,
                       signed=False),
        "update": ShownState(texts.UPDATE_GATE, texts.HOW_MUCH_OLD_HIDDEN_STATE, signed=False),
        "new": ShownState(texts.NEW, texts.PROPOSED_HIDDEN_STATE_UPDATE),
    }


@dataclass(frozen=True)
class Brush:
    """Steps `start` to `stop` (not included), and the number above which a unit is on."""

    start: int
    stop: int
    threshold: float


def brushed(sent: Any) -> Brush | None:
    """The span that the browser says is marked."""
    match sent:
        case [int(start), int(stop), int() | float() as threshold] if 0 <= start < stop:
            return Brush(start, stop, float(threshold))
    return None


def payload(task: Task, layer: ShownLayer, question: SequenceInput, reading: RecurrentStates, what: str,
            brush: Brush | None) -> dict[str, Any]:
    """What is sent: the picture's numbers, the words of its steps, and what was found in it."""
    values = reading.hidden if what == "hidden" else reading.gates[what]
    shows, picture = shown_states()[what], states.picture(values)
    return {"what": what, "title": shows.title, "layer": layer.name,
            "values": packing.floats(picture), "units": len(picture), "of": values.shape[1],
            "steps": len(values), "signed": shows.signed,
            "span": states.span(values, least=1.0), "words": step_words(question, layer.steps[0], len(values)),
            "traced": _traced(task, question, values), "found": _found(values, brush)}


def _traced(task: Task, question: SequenceInput, values: np.ndarray) -> dict[str, Any] | None:
    """The unit that follows what the task counts; None where it counts nothing, or nothing is known."""
    counted = running(task, question, len(values))
    if counted is None or not np.isfinite(values).all():
        return None
    found = recurrent.most_correlated_unit(values, counted)
    return {"unit": found.unit, "correlation": round(found.correlation, 3), "name": task.counts,
            "target": counted.tolist()}


def running(task: Task, question: SequenceInput, steps: int) -> np.ndarray | None:
    """What the task counts after each of so many steps; None where it counts nothing, or nothing that changes."""
    counted = task.running(question.inputs)
    return None if counted is None or len(counted) != steps or not np.ptp(counted) else counted.astype(float)


def _closest(task: Task, question: SequenceInput, reading: RecurrentStates) -> str:
    """Of the hidden state and the cell, the one with the unit that follows what the task counts more closely."""
    kinds = {"hidden": reading.hidden, **{name: reading.gates[name] for name in ("cell",) if name in reading.gates}}
    traced = {name: found for name, values in kinds.items() if (found := _traced(task, question, values))}
    return max(traced, key=lambda name: abs(traced[name]["correlation"]), default="hidden")


def _found(values: np.ndarray, brush: Brush | None) -> dict[str, Any] | None:
    if brush is None or brush.stop > len(values):
        return None
    units = recurrent.units_active_only_within(values, brush.start, brush.stop, brush.threshold)
    return {"start": brush.start, "stop": brush.stop, "threshold": brush.threshold, "units": units}
