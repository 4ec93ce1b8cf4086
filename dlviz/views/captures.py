"""What a view is of, what it asks a run for, and what was captured for it: frozen values, made by pages."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from dlviz import network as net
from dlviz import tasks
from dlviz.network import NetworkReport
from dlviz.probes.patterns import NO_PATTERNS, PatternWatch
from dlviz.spec import Experiment
from dlviz.tasks import Task
from dlviz.tasks.decoding import Decoding
from dlviz.training.control import Watch
from dlviz.training.events import Captured, Evaluated, Health, Mistake, QueryResult
from dlviz.views.drawings import Json
from dlviz.views.question import ExplainedInput, SequenceInput
from dlviz.views.texts import texts


@dataclass(frozen=True)
class Subject:
    """What is looked at; it stays the same while a run trains.

    Attributes:
        question: what a network that reads sequences is asked, once it has answered with its own answer written into
            it; None on pages that ask nothing.
        example: the sample that a network at rest is asked about; None where nothing is asked.
    """

    experiment: Experiment
    task: Task
    report: NetworkReport
    question: SequenceInput | None = None
    example: ExplainedInput | None = None

    @property
    def shown(self) -> ExplainedInput:
        """The example, in a view that `asks` for one."""
        assert self.example is not None
        return self.example

    @property
    def asked(self) -> SequenceInput:
        """The question, in a view that is only offered where one is asked."""
        assert self.question is not None
        return self.question


def subject(experiment: Experiment) -> Subject:
    """What an experiment's views are of. Remembered: the check of a network costs some milliseconds."""
    return _subject(experiment.without_layout().to_json())


@lru_cache(maxsize=64)
def _subject(text: str) -> Subject:
    experiment = Experiment.model_validate_json(text)
    task = tasks.get(experiment.task.name, experiment.task.fields)
    return Subject(experiment, task, net.check(experiment.network, task.signature(), experiment.training.batch_size))


@dataclass(frozen=True)
class CaptureRequest:
    """What must be captured for a view; nothing costs nothing.

    Attributes:
        outputs, weights: layers whose outputs for one sample, or whose weights, are wanted.
        health: the health of every layer is wanted.
        evaluation: what the last evaluation on validation samples found is wanted.
        attention, states, gradients: layers whose attention, whose states and gates, or whose gradient through time
            is wanted, for one question.
        readouts: what the network would answer after each step is wanted.
        samples: so many answers of its own, drawn by `sample_decoding`, are wanted.
        forecasts: forecasts of the question's series are wanted.
        plane: what the network says over the plane is wanted.
        parameters: layers all of whose parameters are wanted, and how the loss of the sample depends on them.
        beam: width and length of a beam search that is wanted.
        timed: so many symbols are to be written with and without a cache, and timed.
        lens: layers from whose outputs the layers behind the last of them are to read an answer.
        muted: heads that say nothing meanwhile, each by its attention module and its number.
        game: a game that the network plays is wanted.
        patterns: answers to further samples, codes, and pictures made of codes, are wanted.
    """

    outputs: tuple[str, ...] = ()
    weights: tuple[str, ...] = ()
    health: bool = False
    evaluation: bool = False
    attention: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    gradients: tuple[str, ...] = ()
    readouts: bool = False
    samples: int = 0
    sample_decoding: Decoding = Decoding(1.0)
    forecasts: bool = False
    plane: bool = False
    parameters: tuple[str, ...] = ()
    beam: tuple[int, int] | None = None
    timed: int = 0
    lens: tuple[str, ...] = ()
    muted: tuple[tuple[str, int], ...] = ()
    game: bool = False
    patterns: PatternWatch = NO_PATTERNS

    def watch(self, sample: int) -> Watch:
        """What a run that trains is told to capture, of this test sample."""
        return Watch(sample, self.outputs, self.weights, health=self.health, plane=self.plane,
                     parameters=self.parameters, game=self.game, patterns=self.patterns)

    def query(self, question: SequenceInput) -> Json:
        """The further fields of the `Query` that a run is asked with, beside the question's inputs and `outputs`."""
        return {"attention": self.attention, "states": self.states, "weights": self.weights,
                "readouts": self.readouts, "gradients": self.gradients, "samples": self.samples,
                "sample_decoding": self.sample_decoding, "decoding": question.decoding, "seed": question.seed,
                "target": question.target if self.gradients else None,
                "forecast_window": question.forecast_window if self.forecasts else None, "plane": self.plane,
                "beam": self.beam, "timed": self.timed, "lens": self.lens, "muted": self.muted,
                "patterns": self.patterns}


@dataclass(frozen=True)
class Sibling:
    """A run beside another one: what it is called, of which moment it answers, and what it answered.

    Attributes:
        note: why there is no answer.
        accuracy: on validation samples, 0 to 1.
    """

    name: str
    subject: Subject
    when: str
    over: bool
    result: QueryResult | None
    note: str = ""
    accuracy: float | None = None


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
        run: whose it is.
        result: what the run answered to the question.
        examined: what `View.examine` found in a network at rest.
        past: what `View.remember` made of the observations before.
        earlier: answers at earlier steps, those that `View.earlier` asked for.
        target: the right class, where it is known.
        when: of which step the answer is, in words.
        note, hint: why there is no answer; what to do for one.
        siblings: the runs beside each other, by kind of memory, where the view `compares`.
        editable: whether who looks may change its weights now.
        given: what went in for `result`, as people see it, uint8 `(H, W)`, where it was a picture.
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
    run: str = ""
    result: QueryResult | None = None
    examined: Any = None
    past: Any = None
    earlier: tuple[QueryResult, ...] = ()
    target: int | None = None
    when: str = ""
    note: str = ""
    hint: str = ""
    siblings: Mapping[str, Sibling] = field(default_factory=dict)
    editable: bool = False
    given: np.ndarray | None = None

    @property
    def answered(self) -> QueryResult:
        """The answer, in a view that is only drawn when there is one."""
        assert self.result is not None
        return self.result

    @property
    def nothing_yet(self) -> str:
        """What to say before anything has been captured."""
        return texts.NOTHING_STORED if self.over else texts.APPEARS_FIRST_CAPTURE

    @property
    def evaluated(self) -> str:
        """What the last evaluation was of."""
        last = self.evaluations[-1]
        return texts.EVALUATED_VALIDATION_SAMPLES.format(samples=last.samples, step=last.step)
