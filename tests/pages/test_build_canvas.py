"""The build page with the canvas, without a browser: messages lie in the component's state as a browser puts them."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dlviz import presets
from dlviz.errors import RunError
from dlviz.spec import Experiment
from pages.ui.build import canvas, canvas_messages, editors
from pages.ui.shared import state
from pages.ui.shared.design import Design

APP = str(Path(__file__).parents[2] / "app.py")


class Service:
    """Stands for the runs' service: there are none yet, and whatever is asked to train is remembered."""

    def __init__(self) -> None:
        self.created: list[Experiment] = []

    def create(self, experiment: Experiment, owner: str, **more: object) -> str:
        self.created.append(experiment)
        return "run1"

    def list(self, owner: str) -> tuple:
        return ()

    def get(self, run: str):
        raise RunError("The run", "exists", "there is none", "Choose another.")


class Browser:
    """Stands for the canvas: remembers what it was shown, and sends all edits that were not acknowledged."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.data: dict[str, Any] = {}
        self.values: dict[str, Any] = {}
        self.waiting: list[dict[str, Any]] = []
        self.rev = 0
        monkeypatch.setattr(canvas, "_mount", lambda: self.mount)
        monkeypatch.setattr(canvas, "sent", self.values.get)

    def mount(self, *, data: dict[str, Any], **more: object) -> None:
        self.data = data
        self.waiting = [entry for entry in self.waiting if entry["rev"] > data["ack"]]

    def do(self, at: AppTest, *edits: dict[str, Any], **more: Any) -> None:
        for edit in edits:
            self.rev += 1
            self.waiting.append({"rev": self.rev, "edit": edit})
        self.values["edits"] = {"channel": self.data["channel"], "mount": "m", "have": self.data["version"],
                                "edits": list(self.waiting), **more}
        at.run()
        assert not at.exception

    def node(self, name: str) -> dict[str, Any]:
        return next(node for node in self.data["design"]["nodes"] if node["name"] == name)


@pytest.fixture
def service(monkeypatch) -> Service:
    made = Service()
    monkeypatch.setattr(state, "service", lambda: made)
    return made


@pytest.fixture
def browser(monkeypatch) -> Browser:
    return Browser(monkeypatch)


@pytest.fixture
def page(service, browser) -> AppTest:
    at = AppTest.from_file(APP, default_timeout=60)
    at.session_state["dlviz.visitor"] = "a-visitor-of-the-tests"
    at.query_params["view"] = "canvas"
    at.run()
    assert not at.exception
    return at


def design(at: AppTest) -> Design:
    return at.session_state["dlviz.design"]


def words(at: AppTest) -> str:
    return "\n".join(element.value for element in [*at.markdown, *at.caption, *at.subheader]).replace("\\", "")


def test_the_address_opens_the_canvas_with_the_design(page, browser):
    assert browser.data["role"] == "canvas" and browser.data["palette"] and "view" not in page.query_params
    assert [node["name"] for node in browser.data["design"]["nodes"]] == list(design(page).network.names())
    assert browser.node("hidden1")["picture"] is True
    assert browser.data["design"]["inputs"][0]["picture"].startswith("data:image/png;base64,")


def test_edits_come_into_the_design_the_inspector_and_the_other_view(page, browser):
    browser.do(page, {"type": "add", "kind": "Dropout", "after": "relu1"}, {"type": "select", "names": ["hidden1"]})
    assert "dropout1" in design(page).network.names() and browser.data["ack"] == 2 and not browser.waiting
    assert browser.data["selected"] == ["hidden1"]
    page.number_input(key="layer.hidden1.Linear.out_features").set_value(50).run()
    assert browser.node("hidden1")["out_shape"] == "50"
    page.session_state[editors.VIEW] = "stack"
    browser.values.clear()
    page.run()
    assert not page.exception and design(page).selected == "hidden1"


def test_a_design_that_the_browser_holds_is_not_sent_again(page, browser):
    browser.do(page)
    assert browser.data["design"] is None
    browser.do(page, {"type": "move", "positions": {"hidden1": [3, 4]}}, delta=canvas_messages.PATCHES)
    assert browser.data["base"] == browser.data["version"] - 1 and browser.data["palette"] is None
    changed = browser.data["design"]["nodes"]["set"]
    assert [(node["name"], node["x"]) for node in changed] == [("hidden1", 3)]
    assert browser.data["design"]["wires"] is None
    browser.do(page, have=-1)
    assert browser.node("hidden1")["x"] == 3 and browser.data["palette"]
    browser.do(page, {"type": "move", "positions": {"image": [5, 6]}}, delta=canvas_messages.PATCHES)
    assert [(one["x"], one["picture"]) for one in browser.data["design"]["inputs"]["set"]] == [(5, "=")]


def test_what_is_refused_goes_back_and_is_said(page, browser):
    circle = {"type": "connect", "source": "output", "target": "flatten"}
    browser.do(page, circle, {"type": "delete", "names": ["relu2"]})
    assert [one["rev"] for one in browser.data["refused"]] == [1] and "relu2" not in design(page).network.names()
    assert "must not close a circle" in page.toast[0].value.replace("\\", "")


def test_several_layers_are_said_together(page, browser):
    browser.do(page, {"type": "select", "names": ["hidden1", "hidden2"]})
    assert "2 layers are selected" in words(page) and "hidden1, hidden2" in words(page) and "108,736" in words(page)
    browser.do(page, {"type": "delete", "names": ["hidden1"]})
    assert browser.data["selected"] == ["hidden2"]


def test_undo_and_redo_by_the_canvas(page, browser):
    before = design(page).experiment
    browser.do(page, {"type": "delete", "names": ["flatten"]})
    assert browser.data["can_undo"] and browser.node("hidden1")["problem"]["repair"]
    browser.do(page, {"type": "undo"})
    assert design(page).experiment == before and browser.data["can_redo"]


def test_edits_that_come_with_a_press_on_play_count_first(page, browser, service):
    browser.rev = 1
    browser.waiting = [{"rev": 1, "edit": {"type": "delete", "names": ["hidden2"]}}]
    browser.values["edits"] = {"channel": browser.data["channel"], "mount": "m", "have": 1, "edits": browser.waiting}
    next(button for button in page.button if button.label == "Play").click().run()
    assert ["hidden2" in one.network.names() for one in service.created] in ([False], [])
    assert "hidden2" not in design(page).network.names()


def test_a_canvas_that_is_too_narrow_gives_way_to_the_stack(page, browser):
    browser.values["narrow"] = True
    browser.data = {}
    page.run()
    assert not page.exception and not browser.data and page.session_state[editors.VIEW] == "stack"
    assert "needs a wider window" in page.toast[0].value


@pytest.mark.parametrize("value", [None, 3, "x", [], {}, {"edits": 3}, {"channel": 3, "mount": {}, "edits": [[]]}])
def test_what_no_browser_sends_ends_no_page(page, browser, value):
    browser.values.update(edits=value, narrow=value)
    page.run()
    assert not page.exception and design(page).experiment == presets.get("mlp").experiment
