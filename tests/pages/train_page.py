"""What the tests of the train page share: the page over a made-up service, and its parts by what they are."""
from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dlviz import presets
from dlviz.spec import Experiment
from dlviz.training import events as ev
from pages.ui.shared import state
from pages.ui.shared.design import Design
from tests.pages.train_service import OWNER, FakeService

APP = str(Path(__file__).parents[2] / "app.py")
MLP = presets.get("mlp").experiment
CNN = presets.get("cnn").experiment


@pytest.fixture
def service(monkeypatch) -> FakeService:
    made = FakeService()
    monkeypatch.setattr(state, "service", lambda: made)
    return made


@pytest.fixture
def train(service):
    """Opens the train page, by an address where one is given."""
    def open_page(run: str | None = None, design: Experiment | None = None) -> AppTest:
        at = AppTest.from_file(APP, default_timeout=60)
        at.session_state["dlviz.visitor"] = OWNER
        at.session_state["dlviz.design"] = Design(OWNER, design or MLP)
        at.run()
        at.switch_page("pages/train.py")
        if run:
            at.query_params["run"] = run
        at.run()
        assert not at.exception
        return at

    return open_page


@pytest.fixture
def drawn(monkeypatch):
    """What the browser's components are given, by key."""
    from pages.ui.shared import curves, plot, scrubber, view_host

    mounted: dict[str, dict] = {}
    monkeypatch.setattr(curves, "_MOUNT", lambda key, data, **more: mounted.__setitem__(key, json.loads(data)))
    monkeypatch.setattr(view_host, "_MOUNT", lambda key, data, **more: mounted.__setitem__(key, data["data"]))
    monkeypatch.setattr(scrubber, "_MOUNT", lambda key, data, **more: mounted.__setitem__(key, data))
    monkeypatch.setattr(plot, "_MOUNT", lambda key, data, **more: mounted.__setitem__(key, data))
    return mounted


def texts(at: AppTest) -> str:
    """Everything that the page says, without the backslashes that keep Markdown from reading it."""
    parts = [*at.markdown, *at.caption, *at.subheader, *at.error, *at.success, *at.warning, *at.info]
    return "\n".join(str(part.value).replace("\\", "") for part in parts)


def enabled(at: AppTest) -> set[str]:
    return {button.label for button in at.button if not button.disabled}


def setting(at: AppTest, name: str):
    """The number that changes a setting of the run."""
    found, = [box for box in at.number_input if box.key.startswith(f"run.set.{name}.")]
    return found


def sample(at: AppTest):
    found, = [box for box in at.number_input if box.key.startswith("run.sample.")]
    return found


def marks(*changes: tuple[int, str, float, float]) -> dict:
    return {"marks": tuple(ev.Changed(*change) for change in changes)}


def reversing() -> Experiment:
    """A ready network over symbols instead of images."""
    return next(preset.experiment for preset in presets.PRESETS.values()
                if preset.experiment.task.name == "reverse")


def captured(**values: object) -> ev.Captured:
    probabilities = np.full(10, 0.01, np.float32)
    probabilities[7] = 0.91
    return ev.Captured(250, 0, probabilities=probabilities, **values)
