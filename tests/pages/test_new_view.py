"""One class is a view: declared here and nowhere else, it is offered, asks for what it needs, and is drawn."""
from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from dlviz import views
from dlviz.training import events as ev
from dlviz.views.base import CaptureRequest, Choice, View
from tests.pages import look_page
from tests.pages.look_page import REVERSE, look, shown  # noqa: F401 (fixtures)
from tests.pages.train_page import CNN, MLP, drawn, service, train  # noqa: F401 (fixtures)


class Brightness(View):
    """How large the outputs of a layer are on average."""

    key = "brightness"
    places = ("train", "look")
    title = "Brightness"
    sentence = "The mean output of each channel."

    def suits(self, report, task):
        return tuple(layer.name for layer in report.layers if len(layer.out_shape.axes) > 1)

    def choices(self, subject):
        names = self.suits(subject.report, subject.task)
        return (Choice("bright", "Layer", names, names, names[-1]), Choice("sign", "Sign", (1, -1), ("+", "-"),
                                                                           kind="segments"))

    def request(self, subject, choices):
        return CaptureRequest(outputs=(choices["bright"],))

    def draw(self, subject, observation, choices):
        captured = observation.captured or observation.result
        if captured is None or choices["bright"] not in captured.outputs:
            return observation.nothing_yet
        means = choices["sign"] * np.array([channel.mean() for channel in captured.outputs[choices["bright"]]])
        return go.Figure(go.Bar(y=means)), {"most": float(means.max())}


@pytest.fixture
def toy(monkeypatch, tmp_path) -> Brightness:
    """The view in the registry, with a script of its own."""
    from pages.ui.shared import view_host

    for folder in view_host.STATIC.iterdir():
        if folder.name != "views":
            (tmp_path / folder.name).symlink_to(folder)
    (tmp_path / "views").mkdir()
    (tmp_path / "views" / "brightness.js").write_text("export default class {}")
    monkeypatch.setattr(view_host, "STATIC", tmp_path)
    view_host._files.cache_clear()
    monkeypatch.setitem(views.VIEWS, Brightness.key, Brightness())
    yield views.get("brightness")
    view_host._files.cache_clear()


def test_train_offers_a_new_view_asks_for_what_it_needs_and_draws_it(train, service, drawn, toy):
    outputs = {"relu2": np.stack([np.full((24, 24), channel, np.float32) for channel in range(3)])}
    service.put("r1", CNN, {"captured": ev.Captured(250, 0, outputs)}, step=250)
    at = train("r1")
    at.segmented_control(key="run.view").set_value("brightness").run()
    assert at.segmented_control(key="run.view").options[-1] == "Brightness"
    assert service.watched[-1].outputs == (at.selectbox(key="run.bright.r1").options[-1],)
    at.selectbox(key="run.bright.r1").select("relu2").run()
    assert service.watched[-1].outputs == ("relu2",)
    assert drawn["run.brightness"]["label"] == "The mean output of each channel."
    assert drawn["run.brightness.1"] == {"most": 2.0}
    at.segmented_control(key="run.sign.r1").set_value(-1).run()
    assert drawn["run.brightness.1"] == {"most": -0.0} and not at.exception


def test_look_offers_the_same_view_asks_for_it_and_draws_it(look, shown, toy, monkeypatch):
    service = look_page.Asked()
    monkeypatch.setattr(look_page.state, "service", lambda: service)
    service.put("r", REVERSE, state="done", step=9)
    at = look()
    at.segmented_control(key="look.view").set_value("brightness").run()
    layer = at.selectbox(key="look.bright").value
    assert not at.exception and service.asked[-1].outputs == (layer,)
    assert shown["look.brightness"].label == "The mean output of each channel." and shown["look.brightness.1"].most


def test_a_network_that_a_view_does_not_suit_is_not_offered_it(train, service, drawn, toy):
    service.put("r1", MLP, step=250)
    assert "Brightness" not in train("r1").segmented_control(key="run.view").options
