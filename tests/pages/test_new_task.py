"""One class is a task: declared here and nowhere else, it is chosen, trained, exported, asked and explained."""
from __future__ import annotations

import json
import subprocess
import sys
from typing import ClassVar

import numpy as np
import pytest
import torch
from pydantic import Field
from streamlit.testing.v1 import AppTest

from dlviz import network as net
from dlviz import once, tasks
from dlviz.errors import TaskError
from dlviz.export.data import data_file, file_name
from dlviz.export.script import script
from dlviz.inspect import explanation
from dlviz.shapes import Shape, Signature
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, TaskSpec, TrainingSpec
from dlviz.studies import studies
from dlviz.tasks import ImageTask, SyntheticTask, Task
from dlviz.tasks.sequence import SampleBatch
from dlviz.training import checkpoint
from dlviz.training import events as ev
from dlviz.training.captures import answer_query
from dlviz.training.control import Query
from dlviz.training.loop import train as training
from pages.ui.motion import player
from pages.ui.shared import state, view_host
from pages.ui.shared.design import Design
from tests.pages.test_draw import OPEN
from tests.pages.test_explain import TOP, WITHOUT
from tests.pages.test_lab import LabService, press
from tests.pages.test_motion import to_layers
from tests.pages.train_page import APP, texts
from tests.pages.train_service import OWNER

COUNT = 120  # pictures in each split


class Stripes(ImageTask):
    """Stripes on a noisy ground: do they lie or stand?"""

    noise: int = Field(default=20, ge=0, le=80, description="How strong the noise is, of 255.")
    name: ClassVar[str] = "toy_stripes"
    title: ClassVar[str] = "Toy stripes"
    classes: ClassVar[tuple[str, ...]] = ("lying", "standing")
    mean: ClassVar[float] = 0.2
    std: ClassVar[float] = 0.3

    def images(self, split):
        random = np.random.default_rng(("train", "val", "test").index(split))
        labels = random.integers(0, 2, COUNT).astype(np.uint8)
        lying = np.zeros((28, 28), int)
        lying[::4] = 170
        pictures = np.where(labels[:, None, None] == 0, lying, lying.T)
        return (pictures + random.integers(0, self.noise + 1, pictures.shape)).astype(np.uint8), labels


class Successor(SyntheticTask):
    """A row of digits goes in; of each, the next one comes out."""

    length: int = Field(default=5, ge=2, le=9, description="How many digits a row has.")
    samples: int = Field(default=500, ge=500, le=1_000, description="How many samples there are to learn from.")
    name: ClassVar[str] = "toy_successor"
    title: ClassVar[str] = "Toy successor"
    held_out: ClassVar[int] = 60

    @property
    def symbols(self):
        return tuple("0123456789")

    @property
    def example(self):
        return "31415926535"[:self.length]

    def signature(self):
        return Signature((("digits", Shape("tokens", (self.length,), 10)),), Shape("sequence", (self.length, 10)),
                         "cross_entropy", "10 digits at each step")

    def draw(self, random, count):
        digits = random.integers(0, 10, (count, self.length))
        return SampleBatch((digits,), (digits + 1) % 10)

    def solve(self, inputs):
        return (inputs[0] + 1) % 10

    def parse(self, text):
        return (self.encode(text.strip(), self.length),)


def experiment(task: type[Task], *layers: tuple[str, dict]) -> Experiment:
    made = tuple(LayerSpec(name=f"{kind.lower()}{at}", kind=kind, fields=fields)
                 for at, (kind, fields) in enumerate(layers, 1))
    return Experiment(name=f"A network on {task.title}", network=NetworkSpec(layers=made),
                      task=TaskSpec(name=task.name), training=TrainingSpec(epochs=2, batch_size=40))


STRIPES = experiment(Stripes, ("Conv2d", {"out_channels": 3, "kernel_size": 5}), ("ReLU", {}), ("Flatten", {}),
                     ("Linear", {"out_features": 2}))
SUCCESSOR = experiment(Successor, ("Embedding", {"embedding_dim": 12}), ("LSTM", {"hidden_size": 16}),
                       ("Linear", {"out_features": 10}))
BOTH = pytest.mark.parametrize("design", [STRIPES, SUCCESSOR], ids=lambda design: design.task.name)


@pytest.fixture(autouse=True)
def declared(monkeypatch) -> None:
    for toy in (Stripes, Successor):
        monkeypatch.setitem(tasks.TASKS, toy.name, toy)


def task_of(design: Experiment) -> Task:
    return tasks.get(design.task.name, design.task.fields)


class Service(LabService):
    """Answers with an untrained network of the run's design."""

    def query(self, run, inputs, outputs=(), timeout=3.0, **captures) -> ev.QueryResult:
        info = self.infos[run]
        network = net.build(info.experiment.network, task_of(info.experiment).signature(), seed=1).eval()
        return answer_query(network, task_of(info.experiment), Query("t", inputs, outputs, **captures), info.step)


@pytest.fixture
def service(monkeypatch) -> Service:
    made = Service()
    monkeypatch.setattr(state, "service", lambda: made)
    monkeypatch.setattr(studies, "TICK", 1e6)  # no study goes on by itself
    return made


@pytest.fixture
def shown(monkeypatch) -> dict[str, dict]:
    """What each component was given last, by its key."""
    last: dict[str, dict] = {}

    def mount(key, data, **more):
        json.dumps(data, allow_nan=False)  # one NaN breaks a component for good
        last[key] = data

    monkeypatch.setattr(player, "_MOTION", mount)
    monkeypatch.setattr(view_host, "_MOUNT", lambda key, data, **more: mount(key, data["data"]))
    return last


@pytest.fixture
def visit(service, shown, tmp_path):
    """Opens a page on a design, and on a run of it that has made 7 steps."""
    def open_page(page: str, design: Experiment, **query: str) -> AppTest:
        network = net.build(design.network, task_of(design).signature(), 1)
        service.weights = tmp_path / "weights.safetensors"
        checkpoint.save(service.weights, network, torch.optim.SGD(network.parameters(), 0.1), 7)
        service.put("r", design, state="done", step=7)
        at = AppTest.from_file(APP, default_timeout=60)
        at.session_state["dlviz.visitor"] = OWNER
        at.session_state["dlviz.design"] = Design(OWNER, design)
        at.run()
        at.switch_page(f"pages/{page}.py")
        for name, value in query.items():
            at.query_params[name] = value
        at.run()
        assert not at.exception and not at.error
        return at

    return open_page


# the engine

@BOTH
def test_it_trains_and_is_evaluated(design: Experiment):
    steps, evaluations = [], []
    for event in training(design, device="cpu"):
        steps += [event] if isinstance(event, ev.Step) else []
        evaluations += [event] if isinstance(event, ev.Evaluated) else []
    assert len(steps) == 2 * -(-task_of(design).size("train") // 40)
    assert evaluations[-1].samples == task_of(design).size("val")
    assert evaluations[-1].val_loss < evaluations[0].val_loss


@BOTH
def test_its_script_runs_without_dlviz(design: Experiment, tmp_path):
    task = task_of(design)
    (tmp_path / "exported.py").write_text(script(design, task), encoding="utf-8")
    (tmp_path / file_name(task)).write_bytes(data_file(task))
    done = subprocess.run([sys.executable, "-I", "exported.py", "--data", "."], cwd=tmp_path, capture_output=True,
                          text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    end = list(training(design, device="cpu"))[-1]
    assert f"test: loss {end.test_loss:.4f}, accuracy {end.test_accuracy:.2%}" in done.stdout


def test_a_wrong_field_names_the_bounds():
    with pytest.raises(TaskError, match="Toy successor needs fields that fit .*length.* less than or equal to 9"):
        tasks.get("toy_successor", {"length": 10})


# Build and Train

@BOTH
def test_build_says_what_it_is_and_checks_the_network(visit, design: Experiment):
    at = visit("build", design)
    content = texts(at)
    assert task_of(design).title in content and task_of(design).sentence() in content and "ready to train" in content
    wrong = design.network.layers[-1].model_copy(update={"fields": {"out_features": 3}})
    at.session_state["dlviz.design"].replace(design.model_copy(update={
        "network": NetworkSpec(layers=(*design.network.layers[:-1], wrong))}))
    at.run()
    assert "ready to train" not in texts(at) and not at.exception


@pytest.mark.parametrize(("task", "field"), [(Stripes, "noise"), (Successor, "length")])
def test_it_is_chosen_and_its_fields_are_a_form(visit, task: type[Task], field: str):
    at = visit("train", STRIPES, run="new")
    choice = at.selectbox(key="settings.task")
    assert task.title in choice.options
    choice.set_value(task.name).run()
    assert at.session_state["dlviz.design"].experiment.task.name == task.name
    box = at.number_input(key=f"settings.{task.name}.{field}")
    box.set_value(int(box.value) + 1).run()
    assert at.session_state["dlviz.design"].experiment.task.fields == {field: int(box.value)} and not at.exception


def test_only_pictures_can_be_changed_at_random(visit):
    sliders = [{slider.label for slider in visit("train", design, run="new").slider} for design in (STRIPES, SUCCESSOR)]
    assert "rotate" in sliders[0] and "rotate" not in sliders[1]


# what is seen inside

@BOTH
def test_slow_motion_shows_a_batch_and_its_layers(visit, shown, design: Experiment):
    at = visit("motion", design)
    samples, task = shown["motion.player"]["samples"], task_of(design)
    for sample in samples:
        inputs, target = task.sample("train", sample["number"])
        assert sample["target"] == " ".join(task.view(inputs, target).target)
        assert bool(sample["picture"]) == (design is STRIPES)
        assert sample["words"] == ("" if design is STRIPES else " ".join(map(str, inputs[0])))
    to_layers(at, design.network.names()[-1])
    assert shown["motion.arithmetic"]["form"] == "linear"


def test_draw_asks_about_its_pictures(visit, shown):
    at = visit("draw", STRIPES)
    at.segmented_control(key="draw.source").set_value(OPEN).run()
    at.number_input(key="draw.index").set_value(3).run()
    assert shown["draw.answer"]["classes"] == ["lying", "standing"] and len(shown["draw.answer"]["probabilities"]) == 2
    at.selectbox(key="draw.class").set_value("standing").run()
    assert Stripes().sample("test", at.number_input(key="draw.index").value)[1] == 1 and not at.exception


def test_look_shows_its_rows_and_reads_typed_ones(visit, shown):
    at = visit("look", SUCCESSOR)
    target = Successor().sample("test", 0)[1]
    assert [step["target"] for step in shown["look.answer"]["steps"]] == [str(digit) for digit in target]
    at.segmented_control(key="look.source").set_value(":material/keyboard: My own").run()
    at.text_input(key="look.text.toy_successor").set_value("90123").run()
    assert shown["look.answer"]["inputs"][0]["words"] == list("90123") and not at.error
    assert [step["target"] for step in shown["look.answer"]["steps"]] == list("01234")
    at.text_input(key="look.text.toy_successor").set_value("9x").run()
    assert "knows the symbols" in texts(at)


@BOTH
def test_explain_answers_why_what_and_without(visit, shown, monkeypatch, design: Experiment):
    monkeypatch.setattr(explanation, "ABLATION_SAMPLES", 40)
    monkeypatch.setattr(explanation, "TOP_SAMPLES", 40)
    once.forget("subjects")
    at = visit("explain", design)
    assert {card["name"] for card in shown["explain.why"]["cards"]} >= {"saliency", "integrated", "occlusion"}
    for part in (TOP, WITHOUT):
        at.segmented_control(key="explain.part").set_value(part).run()
        assert not at.exception and not at.error
    assert shown["explain.top_activations"]["units"] and shown["explain.without"]["metric"] == task_of(design).metric


@BOTH
def test_the_lab_starts_a_study_of_it(visit, service, design: Experiment):
    at = visit("lab", design)
    at.selectbox(key="lab.first.hyperparameter").set_value(("training", "batch_size")).run()
    at.text_input(key="lab.first.training.batch_size.list").input("20, 40").run()
    press(at, "Start the study")
    found, = studies.of(service).list(OWNER)
    assert found.base.task.name == design.task.name and len(found.members) == 2
    assert not at.exception and not at.error
