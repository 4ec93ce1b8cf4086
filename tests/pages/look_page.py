"""What the tests of the look page share: the page over a made-up service, and what the browser is given.

The network that answers is a real one, untrained: what is sent can be held to it.
"""
from __future__ import annotations

import base64
import json
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dlviz import network as net
from dlviz import presets, tasks
from dlviz.errors import RunError
from dlviz.spec import Experiment
from dlviz.tasks import SequenceTask
from dlviz.training.captures import answer_query
from dlviz.training.control import Query
from dlviz.training.events import QueryResult
from pages.ui.shared import plot, state, view_host
from pages.ui.shared.sequence_question import OWN
from tests.pages.train_service import OWNER, FakeService

APP = str(Path(__file__).parents[2] / "app.py")
REVERSE, LOST, BRACKETS, DATES, NAMES, FACTS, ORDER = (
    presets.get(key).experiment
    for key in ("reverse", "reverse_lost", "brackets_lstm", "dates", "names", "facts", "order_gru"))
IMAGES = presets.get("mlp").experiment


def task_of(experiment: Experiment) -> SequenceTask:
    return tasks.get(experiment.task.name, experiment.task.fields)


@lru_cache
def network(text: str):
    experiment = Experiment.model_validate_json(text)
    return net.build(experiment.network, task_of(experiment).signature(), seed=5).eval()


class Asked(FakeService):
    """Answers with an untrained network, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Query] = []
        self.busy: RunError | None = None
        self.broken = False

    def query(self, run, inputs, outputs=(), timeout=3.0, **captures) -> QueryResult:
        ask, info = Query("t", inputs, outputs, **captures), self.infos[run]
        self.asked.append(ask)
        if self.busy:
            raise self.busy
        result = answer_query(network(info.experiment.to_json()), task_of(info.experiment), ask, info.step)
        return replace(result, probabilities=result.probabilities * np.nan) if self.broken else result


def answered(experiment: Experiment, inputs: tuple, **captures) -> QueryResult:
    """What the untrained network answers, with the insides that are wanted."""
    return answer_query(network(experiment.to_json()), task_of(experiment), Query("t", inputs, **captures), 9)


@pytest.fixture
def service(monkeypatch) -> Asked:
    made = Asked()
    monkeypatch.setattr(state, "service", lambda: made)
    return made


@pytest.fixture
def shown(monkeypatch) -> dict:
    """What each mounted component was given in the last run of the page."""
    last: dict = {}

    def mount(key, data, **more):
        json.dumps(data, allow_nan=False)  # one NaN breaks a component for good
        last[key] = SimpleNamespace(**data)

    monkeypatch.setattr(view_host, "_MOUNT", lambda key, data, **more: mount(key, data["data"]))
    monkeypatch.setattr(plot, "_MOUNT", mount)
    return last


@pytest.fixture
def look(service, shown):
    def open_page(run: str | None = None) -> AppTest:
        at = AppTest.from_file(APP, default_timeout=60)
        at.session_state["dlviz.visitor"] = OWNER
        at.run()
        at.switch_page("pages/look.py")
        if run:
            at.query_params["run"] = run
        rerun(at)
        return at

    def rerun(at: AppTest) -> None:
        shown.clear()
        at.run()
        assert not at.exception

    open_page.again = rerun
    return open_page


def texts(at: AppTest) -> str:
    parts = [*at.markdown, *at.caption, *at.error, *at.info]
    return "\n".join(str(part.value).replace("\\", "") for part in parts)


def views(at: AppTest) -> list[str]:
    return at.segmented_control(key="look.view").options


def floats(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f4")


def traces(data: SimpleNamespace) -> list[dict]:
    """The traces of a figure that the page was given, their `y` as arrays."""
    drawn = json.loads(data.figure)["data"]
    for trace in drawn:
        values = trace["y"]
        trace["y"] = np.frombuffer(base64.b64decode(values["bdata"]),
                                   values["dtype"]) if isinstance(values, dict) else np.array(values, float)
    return drawn


def layout(data: SimpleNamespace) -> dict:
    return json.loads(data.figure)["layout"]


def own(at: AppTest, task: str, text: str | None = None) -> None:
    at.segmented_control(key="look.source").set_value(OWN).run()
    if text is not None:
        at.text_input(key=f"look.text.{task}").set_value(text).run()
    assert not at.exception
