"""In a language that shares no letter with English no page has an English sentence, whatever it has to say.

What has not been translated is all that is still in English (`tests/wide.py`): no list says what to look for.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from streamlit.testing.v1 import AppTest

from dlviz import network, presets, tasks
from dlviz.errors import SpecError
from dlviz.layers import CATALOGUE
from dlviz.network import build, editing, repairs
from dlviz.spec import Experiment, LayerSpec
from dlviz.studies import studies
from dlviz.training import checkpoint
from pages.ui.shared import component, state
from pages.ui.shared.design import Design
from tests.pages import train_service
from tests.pages.look_page import Asked
from tests.pages.test_lab import LabService
from tests.pages.test_train_health import flat, starved
from tests.pages.train_service import OWNER
from tests.wide import english, spoken, wide

APP = str(Path(__file__).parents[2] / "app.py")
CODE = re.compile(r"<style>(?s:.*?)</style>|from [\w.]+ import .*")
CNN, DEEP, REVERSE, GAME = (presets.get(key).experiment.model_copy(update={"name": key})  # a name stays what it is
                            for key in ("cnn", "sigmoid", "reverse", "tictactoe"))
PAGES = {"build": CNN, "train": CNN, "motion": CNN, "explain": CNN, "draw": CNN, "look": REVERSE, "landscape": CNN,
         "lab": CNN, "runs": CNN, "play": GAME, "classroom": CNN}


class Service(Asked, LabService):
    """Answers whatever a page may ask."""


@pytest.fixture
def language() -> Iterator[None]:
    with spoken():
        yield


@pytest.fixture
def service(monkeypatch, tmp_path) -> Service:
    made = Service()
    monkeypatch.setattr(state, "service", lambda: made)
    monkeypatch.setattr(studies, "TICK", 1e6)
    made.weights = tmp_path / "weights.safetensors"
    return made


def visit(service: Service, page: str, experiment: Experiment, more: dict | None = None, **session: object) -> AppTest:
    """The page with this design in hand and a finished run of it in focus."""
    task = tasks.get(experiment.task.name, experiment.task.fields)
    at = AppTest.from_file(APP, default_timeout=120)
    at.session_state["dlviz.visitor"] = OWNER
    at.session_state["dlviz.design"] = design = Design(OWNER, experiment)
    design.selection = experiment.network.names()[:1]
    for name, value in session.items():
        at.session_state[name] = value
    at.run()
    if page != "build":
        made = build(experiment.network, task.signature(), 1)
        checkpoint.save(service.weights, made, torch.optim.SGD(made.parameters(), 0.1), 7)
        service.put("r", experiment, more, state="done", step=250)
        at.switch_page(f"pages/{page}.py")
        if page not in ("motion", "classroom", "lab"):
            at.query_params["run"] = "r"
        at.run()
    assert not at.exception
    return at


def sent(at: AppTest) -> str:
    """All that the page sent, without the signs that protect words, styles, code and the loader of components."""
    protos = (getattr(node, "proto", None) for node in at._tree)
    text = "\n".join(proto.SerializeToString().decode("utf-8", "ignore") for proto in protos if proto is not None)
    text = text.replace(component.LOADER, "")
    text = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text)
    return CODE.sub("", re.sub(r"[\\\N{WORD JOINER}]", "", text))


@pytest.mark.parametrize("page", PAGES)
def test_no_page_has_an_english_sentence(service, language, page: str):
    text = sent(visit(service, page, PAGES[page]))
    assert english(text) == set() and len(re.findall("[ａ-ｚ]{3}", text)) > 5


def test_without_a_catalogue_there_are_many(service):
    assert len(english(sent(visit(service, "build", CNN)))) > 50


def test_a_design_that_cannot_be_built_says_so_in_the_language(service, language):
    broken = CNN.model_copy(update={"network": editing.delete(CNN.network, CNN.network.names()[-1])})
    text = sent(visit(service, "build", broken))
    assert english(text) == set()
    for part in ("must give, as the last layer", "End with", "at the end"):
        assert part not in text and wide(part) in text, part


def test_a_finding_of_the_doctor_is_said_in_the_language(service, language, monkeypatch):
    monkeypatch.setattr(train_service, "columns", flat)
    text = sent(visit(service, "train", DEEP, starved(), **{"run.view": "health"}))
    assert wide("vanishing gradient") in text and english(text) == set()


@pytest.mark.parametrize("kind", CATALOGUE)
def test_whatever_a_layer_refuses_is_refused_in_the_language(language, kind: str):
    """Each kind with fields, inputs and a place that do not fit."""
    signature = tasks.get("mnist", {}).signature()
    first, *others = ("image", *CNN.network.names()[:2])
    for inputs in (None, (), ("gone",), (first, first), (first, *others)):
        spec = LayerSpec(name="tried", kind=kind, fields={}, inputs=inputs)
        found = editing.insert(CNN.network, spec, 2)
        report = network.check(found, signature)
        lines = [layer.error.sentence for layer in report.layers if layer.error]
        lines += [offer.label for layer in report.layers if (offer := repairs.repair(found, report, layer.name))]
        assert english("\n".join(lines)) == set()


def test_an_error_is_read_in_the_language_of_who_reads_it_wherever_it_was_made():
    with pytest.raises(SpecError) as caught:
        editing.rename(CNN.network, CNN.network.names()[0], "")
    error = caught.value
    with spoken():
        assert english(error.sentence) == set() and str(error) == error.sentence
    assert str(error) == "A name must have 1 to 40 printable characters, but '' was given. Choose another name."
