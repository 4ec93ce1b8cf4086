"""Sealed test results on the pages: a word in their place, one envelope to open, and no way round."""
from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dlviz import lessons, presets
from pages.ui.shared import run_list, run_words, state
from tests.pages.train_service import OWNER, FakeService, info

MLP = presets.get("mlp").experiment


@pytest.fixture
def service(monkeypatch) -> FakeService:
    made = FakeService()
    made.seals.add(lessons.sealing.rule(lessons.record()))
    monkeypatch.setattr(state, "service", lambda: made)
    lessons.record().begin(OWNER, "sealed-envelope")
    now = lessons.record().progress(OWNER, "sealed-envelope").started + 1
    for name, accuracy in (("good", 0.9), ("better", 0.92)):
        made.put(name, MLP, state="done", step=50, val_accuracy=accuracy, test_accuracy=0.88, created=now)
    return made


def envelope(run: str) -> None:
    from pages.ui.shared import envelope, state

    envelope.show(state.service().get(run))


def opened(run: str) -> AppTest:
    at = AppTest.from_function(envelope, kwargs={"run": run}, default_timeout=60)
    at.session_state["dlviz.visitor"] = OWNER
    return at.run()


def test_a_word_stands_in_place_of_the_result(service):
    found = service.get("good")
    assert run_list.test_score(found) == "sealed" and "choose by validation" in run_words.explanation(found)
    assert run_list.test_score(info("free", MLP, state="done", test_accuracy=0.88)) == "88.0 %"


def test_the_envelope_of_the_winner_is_opened_once(service):
    refused = opened("good").button(key="run.envelope").click().run()
    assert "highest validation accuracy" in refused.toast[0].value and service.get("good").sealed
    opened("better").button(key="run.envelope").click().run()
    assert service.get("better").test_accuracy == 0.88 and service.get("good").sealed
    assert not opened("good").button and not opened("better").button


def test_parts_are_not_switched_off_on_sealed_samples(service):
    def page() -> None:
        from pages.ui.explain import ablation

        ablation.show(None, None)

    at = AppTest.from_function(page, default_timeout=60)
    at.session_state["dlviz.visitor"], at.session_state["dlviz.run"] = OWNER, "good"
    at.run()
    assert not at.exception and "measured on the test samples" in at.info[0].value
