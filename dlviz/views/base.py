"""What a view is: one declaration of something to see in a network, from which what pages ask and draw follows.

Knows no particular view, no page and no run.
"""
from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import plotly.graph_objects as go

from dlviz.network import NetworkReport
from dlviz.spec import Experiment
from dlviz.tasks import Task
from dlviz.training.control import Watch
from dlviz.training.events import Captured, Evaluated, Health, Mistake
from dlviz.translation import Text
from dlviz.views.texts import texts

Json = dict[str, Any]
Choices = Mapping[str, Any]  # what a viewer has chosen: key -> value


@dataclass(frozen=True)
class Subject:
    """What is looked at; it stays the same while a run trains."""

    experiment: Experiment
    task: Task
    report: NetworkReport


@dataclass(frozen=True)
class CaptureRequest:
    """What must be captured for a view; nothing costs nothing.

    Attributes:
        outputs, weights: layers whose outputs for one sample, or whose weights, are wanted.
        health: the health of every layer is wanted.
        evaluation: what the last evaluation on validation samples found is wanted.
    """

    outputs: tuple[str, ...] = ()
    weights: tuple[str, ...] = ()
    health: bool = False
    evaluation: bool = False

    def watch(self, sample: int) -> Watch:
        """What a run that trains is told to capture, of this test sample."""
        return Watch(sample, self.outputs, self.weights, health=self.health)


@dataclass(frozen=True)
class Observation:
    """What has been captured: of one run, with the weights after `step` updates.

    Attributes:
        over: nothing more will come.
        sample: number of the test sample that is looked at.
        captured: what `CaptureRequest.watch` asked for, None before the first capture.
        evaluations, health: all so far, the newest last.
        confusion: int `(classes, classes)` of the last evaluation, targets in rows.
        dark: what theme pictures are drawn for; None for both.
    """

    step: int = 0
    over: bool = False
    sample: int = 0
    captured: Captured | None = None
    evaluations: tuple[Evaluated, ...] = ()
    confusion: np.ndarray | None = None
    mistakes: tuple[Mistake, ...] = ()
    health: tuple[Health, ...] = ()
    dark: bool | None = None
    run: str = ""  # whose it is

    @property
    def nothing_yet(self) -> str:
        """What to say before anything has been captured."""
        return texts.NOTHING_STORED if self.over else texts.APPEARS_FIRST_CAPTURE

    @property
    def evaluated(self) -> str:
        """What the last evaluation was of."""
        last = self.evaluations[-1]
        return texts.EVALUATED_VALIDATION_SAMPLES.format(samples=last.samples, step=last.step)


@dataclass(frozen=True)
class Choice:
    """Something that a viewer can choose in a view; a page makes a widget of it.

    Attributes:
        key: what `choices` calls it.
        options: the values; where there is only one, nothing is asked.
        words: what each option is called.
        default: an option, the first where it is None.
    """

    key: str
    label: str
    options: tuple[Hashable, ...]
    words: tuple[str, ...]
    default: Hashable = None
    kind: Literal["select", "segments"] = "select"
    width: int = 280  # px

    def value(self, chosen: Any) -> Any:
        """`chosen` where it is an option, else the default."""
        if chosen in self.options:
            return chosen
        return self.options[0] if self.default is None else self.default

    def word(self, option: Hashable) -> str:
        return self.words[self.options.index(option)]


@dataclass(frozen=True)
class Plot:
    """A Plotly figure, made only when what it shows has changed.

    Attributes:
        of: what it shows; the same for the same figure.
        make: makes it, with `theme="page"`.
        label: one sentence for those who cannot see it.
        height: px.
        flat: makes what is drawn instead where a browser has no WebGL.
        table: heads and rows of the numbers behind it.
    """

    of: Hashable
    make: Callable[[], go.Figure]
    label: str
    height: int = 320
    flat: Callable[[], go.Figure] | None = None
    table: tuple[Sequence[str], Sequence[Sequence[Any]]] | None = None


@dataclass(frozen=True)
class Numbered:
    """A heading and a numbered list, in plain text."""

    title: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
    """Two parts side by side, the left one wider."""

    left: tuple[Drawing, ...]
    right: tuple[Drawing, ...]


# Data of the view's own script, a figure (with the view's title as its label, or with more said of it), or plain text.
Drawing = Json | go.Figure | Plot | Numbered | Beside | str


class View:
    """Something to see in a network. A subclass in a file of this folder is on every page that it names.

    Class attributes:
        key: its name, and that of its script.
        title, sentence: what it is called, and what it shows.
        places: the pages that have it; so far `train`.
        order: views stand in ascending order.
        script: the file under static/ that draws a dict; `views/<key>.js` unless another is named.
        answers: names of the values that its script may set; they come back in `choices`, as JSON.
        diagnosed: whether the doctor is asked above it.
    """

    key: ClassVar[str] = ""
    title: ClassVar[Text | str]
    sentence: ClassVar[Text | str]
    places: ClassVar[tuple[str, ...]] = ("train",)
    order: ClassVar[int] = 1_000
    script: ClassVar[str] = ""
    answers: ClassVar[tuple[str, ...]] = ()
    diagnosed: ClassVar[bool] = False

    def suits(self, report: NetworkReport, task: Task) -> tuple[str, ...] | bool:
        """The layers that it can be of, or whether there is such a view of this network on this task at all."""
        raise NotImplementedError

    def choices(self, subject: Subject) -> tuple[Choice, ...]:
        """What a viewer can choose, before anything is captured."""
        return ()

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        """What must be captured for what is chosen."""
        return CaptureRequest()

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing | tuple[Drawing, ...]:
        """What the browser draws of what was captured so far. Pure."""
        raise NotImplementedError

    def program(self) -> str:
        """The file under static/ that draws what is a dict."""
        return self.script or f"views/{self.key}.js"
