"""A session's catalogue counts for what layers, tasks, optimizers and presets say of themselves, on every page."""
from __future__ import annotations

import re
from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path

import pytest
import torch
from streamlit.testing.v1 import AppTest

from dlviz import presets, tasks, translation
from dlviz.layers import CATALOGUE, FAMILIES
from dlviz.network import build
from dlviz.optimizers import OPTIMIZERS
from dlviz.schedules import SCHEDULES
from dlviz.spec import Experiment, TrainingSpec
from dlviz.studies.presets import STUDY_PRESETS
from dlviz.training import checkpoint
from pages.ui.shared import state
from pages.ui.shared.design import Design
from tests.pages.train_service import OWNER, FakeService

APP = str(Path(__file__).parents[2] / "app.py")
MARK = "¤"
DESCRIBED = (*CATALOGUE.values(), *OPTIMIZERS.values(), *SCHEDULES.values(), TrainingSpec)
FIELDS = tuple(info.description for model in DESCRIBED for info in model.model_fields.values() if info.description)
ENGLISH = tuple(source for source in (*translation.DECLARED, *FIELDS) if re.search(r"[a-z]+ [a-z]+ [a-z]+", source))
LAYERS = {text for cls in CATALOGUE.values() for text in (cls.sentence(), cls.plain, cls.backward, cls.passing) if text}


class Marked(NullTranslations):
    """A language in which each text is the English one with a mark before it."""

    def gettext(self, message: str) -> str:
        return f"{MARK}{message}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"{MARK}{msgid1 if n == 1 else msgid2}"


@pytest.fixture
def language() -> Iterator[NullTranslations]:
    marked = Marked()
    translation.install(lambda: marked)
    yield marked
    translation.install()


@pytest.fixture
def service(monkeypatch) -> FakeService:
    made = FakeService()
    monkeypatch.setattr(state, "service", lambda: made)
    return made


@pytest.fixture
def visit(service, tmp_path):
    """Opens a page on a design, and on a run of it where the page has one."""
    def open_page(page: str, experiment: Experiment) -> AppTest:
        at = AppTest.from_file(APP, default_timeout=120)
        at.session_state["dlviz.visitor"] = OWNER
        at.session_state["dlviz.design"] = design = Design(OWNER, experiment)
        design.selection = experiment.network.names()[:1]
        at.run()
        if page != "build":
            task = tasks.get(experiment.task.name, experiment.task.fields)
            network = build(experiment.network, task.signature(), 1)
            service.weights = tmp_path / "weights.safetensors"
            checkpoint.save(service.weights, network, torch.optim.SGD(network.parameters(), 0.1), 7)
            service.put("r", experiment, state="done", step=7)
            at.switch_page(f"pages/{page}.py")
            if page != "motion":
                at.query_params["run"] = "r"
            at.run()
        assert not at.exception
        return at

    return open_page


def shown(at: AppTest) -> str:
    """All that the page sent, words and what its components are given, without the signs that protect words."""
    protos = (getattr(node, "proto", None) for node in at._tree)
    text = "\n".join(proto.SerializeToString().decode("utf-8", "ignore") for proto in protos if proto is not None)
    text = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text)
    return re.sub(r"[\\\N{WORD JOINER}]", "", text)


def english(text: str) -> set[str]:
    """Sentences of declarations that stand there as in the source, not as the catalogue has them."""
    return {source for source in ENGLISH if re.search(rf"(?<!{MARK}){re.escape(source)}", text)}


@pytest.mark.parametrize("page", ["build", "train", "motion", "explain"])
def test_nothing_that_a_declaration_says_is_left_in_english(visit, language, page: str):
    text = shown(visit(page, presets.get("cnn").experiment))
    assert english(text) == set()
    assert text.count(MARK) > 20


def test_the_walk_finds_english_where_no_catalogue_counts(visit):
    found = english(shown(visit("build", presets.get("cnn").experiment)))
    assert LAYERS & found and set(FIELDS) & found
    assert LAYERS & english(shown(visit("motion", presets.get("cnn").experiment)))


def test_what_is_remembered_is_remembered_for_a_language(visit):
    """A session in English and one in another language open the same design, one after the other."""
    design = presets.get("mlp").experiment
    first = shown(visit("build", design))
    marked = Marked()
    translation.install(lambda: marked)
    try:
        second = shown(visit("build", design))
    finally:
        translation.install()
    assert english(first) and english(second) == set()
    assert english(shown(visit("build", design))) == english(first)


def test_declarations_are_plain_english_and_read_in_the_language(language):
    linear, mnist, mlp = CATALOGUE["Linear"], tasks.get("mnist", {}), presets.get("mlp")
    for text in (linear.sentence(), linear.backward, linear.plain, mnist.title, mnist.metric, mnist.sentence(),
                 type(mnist).title, mlp.title, mlp.sentence, FAMILIES["dense"].title, OPTIMIZERS["Adam"].sentence(),
                 SCHEDULES["StepLR"].title, next(iter(STUDY_PRESETS.values())).question):
        assert text.startswith(MARK) and text[1:] in translation.DECLARED
    assert CATALOGUE["Linear"].passing == "", "nothing to say is nothing in any language"
    assert linear(out_features=2).summary() == f"{MARK}2 neurons"
    translation.install()
    assert linear(out_features=1).summary() == "1 neuron" and linear(out_features=1200).summary() == "1,200 neurons"
    assert linear.plain == "y = W x + b" and mlp.experiment.name == mlp.title
