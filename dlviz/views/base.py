"""What a view is: one declaration of something to see in a network, from which what pages ask and draw follows.

Knows no particular view, no page and no run.
"""
from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from dlviz.inspect.explanation import Explainer, ProgressCallback
from dlviz.network import NetworkReport
from dlviz.tasks import Task
from dlviz.translation import Text
from dlviz.views.captures import CaptureRequest, Observation, Sibling, Subject, subject
from dlviz.views.drawings import Beside, Drawing, Json, Notice, Numbered, Plot
from dlviz.views.widgets import Choice, Range, Reseed, Widget

Choices = dict[str, Any]  # what a viewer has chosen: key -> value


class View:
    """Something to see in a network. A subclass in a file of this folder is on every page that it names.

    Class attributes:
        key: its name, and that of its script.
        title, sentence: what it is called, and what it shows.
        words, formula: what it shows at length, and in LaTeX; where there are words, a page offers them.
        icon: a Material symbol beside its title, where a page has icons.
        places: where it is: on the pages `train`, `look`, `draw` and `explain`, in a run's `film`.
        order: views stand in ascending order.
        script: the file under static/ that draws a dict; `views/<key>.js` unless another is named.
        answers: names of the values that its script may set; they come back in `choices`, as JSON.
        edits: which of these asks for another value of a weight, `{id, run, name, index, value}`, or for another reward
            of a cell, `{id, run, row, column, value}`.
        diagnosed: whether the doctor is asked above it.
        asks: whether it is about one sample, in the place `explain`.
        compares: whether it stands a run beside its siblings, which are the same but for their memory.
    """

    key: ClassVar[str] = ""
    title: ClassVar[Text | str]
    sentence: ClassVar[Text | str]
    words: ClassVar[Text | str] = ""
    formula: ClassVar[str] = ""
    icon: ClassVar[str] = ""
    places: ClassVar[tuple[str, ...]] = ("train",)
    order: ClassVar[int] = 1_000
    script: ClassVar[str] = ""
    answers: ClassVar[tuple[str, ...]] = ()
    edits: ClassVar[str] = ""
    diagnosed: ClassVar[bool] = False
    compares: ClassVar[bool] = False
    asks: ClassVar[bool] = False

    def suits(self, report: NetworkReport, task: Task) -> tuple[str, ...] | bool:
        """The layers that it can be of, or whether there is such a view of this network on this task at all."""
        raise NotImplementedError

    def choices(self, subject: Subject) -> tuple[Widget, ...]:
        """What a viewer can choose, before anything is captured."""
        return ()

    def refinements(self, subject: Subject, observation: Observation, choices: Choices) -> tuple[Widget, ...]:
        """What a viewer can choose further, of what was captured."""
        return ()

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        """What must be captured for what is chosen."""
        return CaptureRequest()

    def examine(self, explainer: Explainer, subject: Subject, choices: Choices, progress: ProgressCallback) -> Any:
        """What is found in a network at rest, where that takes longer than a capture; in the place `explain`.

        It is called again when there are refinements, with them among the choices.
        """
        return None

    def remember(self, past: Any, subject: Subject, observation: Observation, choices: Choices) -> Any:
        """What is known of a run with this observation, where it was `past` before, None at first."""
        return None

    def earlier(self, past: Any, subject: Subject, observation: Observation, choices: Choices,
                steps: tuple[int, ...]) -> tuple[int, ...]:
        """At which of these earlier steps, whose weights are stored, the same is to be asked too."""
        return ()

    def equation(self, subject: Subject, choices: Choices) -> str:
        """The formula, in LaTeX, of what is chosen."""
        return self.formula

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing | tuple[Drawing, ...]:
        """What the browser draws of what was captured so far. Pure."""
        raise NotImplementedError

    def frame(self, subject: Subject, observation: Observation, choices: Choices) -> tuple[str, np.ndarray]:
        """What a film shows of it, in words and as an array `(C, H, W)`, `(T, D)` or `(D,)`; in the place `film`."""
        raise NotImplementedError

    def program(self) -> str:
        """The file under static/ that draws what is a dict."""
        return self.script or f"views/{self.key}.js"


__all__ = ["Beside", "CaptureRequest", "Choice", "Choices", "Drawing", "Json", "Notice", "Numbered", "Observation",
           "Plot", "Range", "Reseed", "Sibling", "Subject", "View", "Widget", "subject"]
