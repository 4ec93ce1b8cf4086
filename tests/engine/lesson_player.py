"""A learner that plays a lesson: real runs of a real service, and events as the pages note them."""
from __future__ import annotations

import time

from dlviz import lessons
from dlviz.inspect.explanation import Explainer, Explainers
from dlviz.lessons import Lesson, LessonRecord, PageEvent
from dlviz.probes.ablation import Ablation
from dlviz.runs.service import RunService
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, Scalar
from dlviz.training.control import Advance, Message, Resume, SetWeight

PATIENCE = 600.0  # seconds until a test gives up; not a measurement
_networks = Explainers()


class Player:
    """One owner in one lesson."""

    def __init__(self, service: RunService, record: LessonRecord, lesson: Lesson, owner: str) -> None:
        self.service, self.record, self.lesson, self.owner = service, record, lesson, owner
        record.begin(owner, lesson.id)

    def design(self, name: str, **training: object) -> Experiment:
        """A design of the lesson, with some training settings changed."""
        found = self.lesson.designs[name]
        return changed(found, **training) if training else found

    def train(self, experiment: Experiment | str, name: str | None = None) -> str:
        """A run to its end; its id."""
        made = self.design(experiment) if isinstance(experiment, str) else experiment
        run = self.service.create(made, self.owner, name=name)
        self.wait(run, "done", "diverged", "stopped", "failed")
        return run

    def pause_after_a_batch(self, experiment: Experiment | str) -> str:
        made = self.design(experiment) if isinstance(experiment, str) else experiment
        run = self.service.create(made, self.owner, start=False)
        self.post(run, Advance("batch"))
        self.until(lambda: self.service.get(run).state == "paused" and self.service.get(run).step == 1)
        return run

    def post(self, run: str, message: Message) -> None:
        self.service.post(run, message, self.owner)

    def resume(self, run: str) -> None:
        self.post(run, Resume())
        self.wait(run, "done")

    def set_weight(self, run: str, name: str, index: tuple[int, ...], value: float) -> None:
        marks = len(self.service.snapshot(run).marks)
        self.post(run, SetWeight(name, index, value))
        self.until(lambda: len(self.service.snapshot(run).marks) > marks)

    def note(self, kind: str, run: str = "", step: int = 0, **facts: float | str | bool) -> None:
        """As a page does."""
        self.record.note(self.owner, PageEvent(kind, time.time(), run, step, facts))

    def network(self, run: str) -> Explainer:
        """As the Explain page has it."""
        path = self.service.weights_path(run)
        assert path is not None
        return _networks.get(self.service.get(run).experiment, path)

    def switch_off(self, run: str, what: Ablation, fraction: float) -> None:
        """Switch parts off, as the Explain page does and notes it."""
        network = self.network(run)
        self.note("switched_off", run, network.step, off_fraction=fraction,
                  accuracy_on=network.outcome(()).accuracy, accuracy_off=network.outcome((what,)).accuracy)

    def unseal(self, run: str) -> None:
        """Open the envelope of a run, as the Train page does."""
        lessons.sealing.unseal(self.service, self.record, self.owner, run)

    def measured(self, step: str) -> float | None:
        """What a prediction is laid under at this step."""
        progress = self.record.progress(self.owner, self.lesson.id)
        return lessons.measured(self.service, self.record, progress, self.lesson.step(step))

    def wait(self, run: str, *states: str) -> None:
        self.until(lambda: self.service.get(run).state in states)

    def until(self, condition) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, "the run did not come so far"
            time.sleep(0.02)

    def earned(self) -> dict[str, bool]:
        """Each tick of the lesson, and whether it is earned."""
        progress = self.record.progress(self.owner, self.lesson.id)
        return {step.id: lessons.observe(self.service, self.record, progress, step) is not None
                for step in self.lesson.steps if step.tick is not None}


def changed(experiment: Experiment, **training: object) -> Experiment:
    """With other training settings; `learning_rate` is the optimizer's."""
    settings = dict(training)
    optimizer = experiment.training.optimizer
    if "learning_rate" in settings:
        settings["optimizer"] = optimizer.model_copy(update={"learning_rate": settings.pop("learning_rate")})
    return experiment.model_copy(update={"training": experiment.training.model_copy(update=settings)})


def with_layers(experiment: Experiment, *layers: LayerSpec) -> Experiment:
    """With other layers in place of all."""
    return experiment.model_copy(update={"network": NetworkSpec(layers=layers)})


def behind(experiment: Experiment, name: str, kind: str, **fields: Scalar) -> Experiment:
    """With a new layer behind the one of this name."""
    layers = list(experiment.network.layers)
    layers.insert(experiment.network.index(name) + 1, LayerSpec(name=kind.lower(), kind=kind, fields=fields))
    return with_layers(experiment, *layers)


def resized(experiment: Experiment, **widths: int) -> Experiment:
    """Linear layers with another number of neurons, by name."""
    return with_layers(experiment, *(
        layer if layer.name not in widths else
        layer.model_copy(update={"fields": {**layer.fields, "out_features": widths[layer.name]}})
        for layer in experiment.network.layers))


