"""The draw page without a browser: who answers, what is asked, what is said when nothing can be."""
from __future__ import annotations

import base64
import io
import json
import math
import struct
import zlib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from dlviz import network as net
from dlviz import presets, tasks
from dlviz.errors import RunError, TaskError
from dlviz.figures.tiles import tile
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, TaskSpec
from dlviz.tasks.drawing import prepare
from dlviz.training.events import QueryResult
from dlviz.views import prediction
from pages.ui.shared import canvas as draw_canvas
from pages.ui.shared import run_picker, state, view_host
from tests.pages.train_service import OWNER, FakeService, info

APP = str(Path(__file__).parents[2] / "app.py")
MLP = presets.get("mlp").experiment
CNN = presets.get("cnn").experiment
MNIST = tasks.get("mnist")
FASHION = MLP.model_copy(update={"task": TaskSpec(name="fashion_mnist")})
OPEN = ":material/image: Test image"  # the other side of the switch
LOT = range(10_000)


class Asked(FakeService):
    """Answers what it is told to, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, np.ndarray, tuple[str, ...]]] = []
        self.busy: RunError | None = None
        self.probabilities = np.eye(10, dtype=np.float32)[7] * 0.84 + np.full(10, 0.016, np.float32)

    def query(self, run, inputs, outputs=(), timeout=3.0) -> QueryResult:
        self.asked.append((run, inputs[0], outputs))
        if self.busy:
            raise self.busy
        return QueryResult("t", self.infos[run].step, self.probabilities, {})


class Canvas:
    """Stands for the canvas in the browser: holds strokes, and begins again when it is told to."""

    def __init__(self) -> None:
        self.shown: dict = {}
        self.strokes: list[str] = []
        self.begun: str | None = None

    def __call__(self, **shown):
        self.shown = shown
        st.session_state[shown["key"]] = {}  # as a mounted component does
        if shown["initial_drawing"] is not None and json.dumps(shown["initial_drawing"]) != self.begun:
            self.begun = json.dumps(shown["initial_drawing"])
            self.strokes = list(shown["initial_drawing"]["objects"])
        return SimpleNamespace(json_data={"objects": list(self.strokes)}, image_bytes=self.png())

    def png(self) -> bytes:
        picture = np.zeros((280, 280, 4), np.uint8)
        picture[..., 3] = 255
        for at, _ in enumerate(self.strokes):
            picture[60 + 50 * at:80 + 50 * at, 60:200 - 30 * at] = 255
        file = io.BytesIO()
        Image.fromarray(picture).save(file, "PNG")
        return file.getvalue()

    def pixels(self, box: int = 20) -> np.ndarray | None:
        return prepare(np.asarray(Image.open(io.BytesIO(self.png()))), box)


@pytest.fixture
def service(monkeypatch) -> Asked:
    made = Asked()
    monkeypatch.setattr(state, "service", lambda: made)
    return made


@pytest.fixture
def canvas(monkeypatch) -> Canvas:
    made = Canvas()
    monkeypatch.setattr(draw_canvas, "_mount", made)
    return made


@pytest.fixture
def shown(monkeypatch) -> dict:
    """What the answer's component was last given."""
    last: dict = {}

    def mount(key, data, **more):
        json.dumps(data, allow_nan=False)  # one NaN breaks a component for good
        last.clear()
        last.update(data)

    monkeypatch.setattr(view_host, "_MOUNT", lambda key, data, **more: mount(key, data["data"]))
    return last


@pytest.fixture
def draw(service, canvas, shown):
    def open_page(run: str | None = None) -> AppTest:
        at = AppTest.from_file(APP, default_timeout=60)
        at.session_state["dlviz.visitor"] = OWNER
        at.run()
        at.switch_page("pages/draw.py")
        if run:
            at.query_params["run"] = run
        at.run()
        assert not at.exception
        return at

    return open_page


def texts(at: AppTest) -> str:
    parts = [*at.markdown, *at.caption, *at.error]
    return "\n".join(str(part.value).replace("\\", "") for part in parts)


def click(at: AppTest, key: str) -> None:
    at.button(key=key).click().run()
    assert not at.exception


# who answers

def test_same_names_are_numbered_from_the_oldest():
    named = [info("a", MLP, name="One"), info("b", MLP, name="Two"), info("c", MLP, name="One")]
    assert run_picker.titles(named) == {"a": "One (2)", "b": "Two", "c": "One (1)"}


def test_the_run_in_the_address_is_in_focus_even_if_it_is_anothers(draw, service):
    service.put("mine", MLP, state="done", step=9)
    service.put("theirs", CNN, state="done", step=9, owner="somebody-else")
    at = draw("theirs")
    assert at.session_state["dlviz.run"] == "theirs"


# what is asked and shown

def test_a_drawing_is_asked_about_as_the_network_gets_it(draw, service, canvas, shown):
    service.put("r", CNN, state="done", step=344)
    at = draw()
    assert service.asked == [] and shown["probabilities"] is None and "Draw" in shown["hint"]
    canvas.strokes.append("one")
    at.run()
    run, pixels, outputs = service.asked.pop()
    assert run == "r" and outputs == CNN.network.names()
    np.testing.assert_array_equal(pixels, MNIST.from_picture(canvas.pixels())[0])
    assert shown["probabilities"] == pytest.approx(service.probabilities.tolist(), abs=1e-4)
    assert shown["when"] == "after 344 steps, finished"
    assert shown["target"] is None and shown["note"] == ""


def test_a_resting_run_is_asked_once_and_a_training_one_at_each_tick(draw, service, canvas, shown):
    service.put("r", MLP, state="done", step=344, planned_steps=600)
    canvas.strokes.append("one")
    at = draw()
    at.run()
    assert len(service.asked) == 1
    service.become("r", state="training", step=400)
    at.run()
    service.become("r", step=500)
    at.run()
    assert len(service.asked) == 3
    assert shown["when"] == "after 500 steps of 600, training"


def test_undo_and_clear(draw, service, canvas, shown):
    service.put("r", MLP, state="done", step=9)
    at = draw()
    assert at.button(key="draw.undo").disabled and at.button(key="draw.clear").disabled
    canvas.strokes += ["one", "two", "three"]
    at.run()
    at.run()  # the canvas's own message comes first, the buttons follow
    click(at, "draw.undo")
    assert canvas.strokes == ["one", "two"]
    click(at, "draw.undo")
    assert canvas.strokes == ["one"]
    np.testing.assert_array_equal(service.asked[-1][1], MNIST.from_picture(canvas.pixels())[0])
    click(at, "draw.clear")
    assert canvas.strokes == [] and shown["probabilities"] is None


def test_pen_and_eraser(draw, service, canvas):
    service.put("r", MLP, state="done", step=9)
    at = draw()
    assert (canvas.shown["stroke_color"], canvas.shown["stroke_width"]) == ("#ffffff", 22)
    at.segmented_control(key="draw.tool").set_value(draw_canvas.ERASER).run()
    at.slider(key="draw.width").set_value(33).run()
    assert (canvas.shown["stroke_color"], canvas.shown["stroke_width"]) == ("#000000", 33)


def test_a_drawing_outlives_a_visit_to_another_page(draw, service, canvas, shown):
    service.put("r", MLP, state="done", step=9)
    at = draw()
    canvas.strokes += ["one"]
    at.run()
    before = shown["probabilities"]
    at.switch_page("pages/runs.py").run()
    canvas.strokes, canvas.begun = [], None  # the browser forgets what left the page, and so does Streamlit
    del at.session_state["draw.canvas"]
    at.switch_page("pages/draw.py").run()
    assert canvas.strokes == ["one"] and shown["probabilities"] == before


def test_a_test_image_instead_of_a_drawing(draw, service, shown):
    service.put("r", MLP, state="done", step=9)
    at = draw()
    click(at, "draw.try")
    index = at.number_input(key="draw.index").value
    np.testing.assert_array_equal(service.asked[-1][1], MNIST.sample("test", index)[0][0])
    assert shown["target"] == MNIST.labels("test")[index]
    assert f"Target: **{shown['target']}**" in texts(at)
    at.number_input(key="draw.index").set_value(42).run()
    np.testing.assert_array_equal(service.asked[-1][1], MNIST.sample("test", 42)[0][0])


def test_a_test_image_by_class(draw, service, shown):
    service.put("r", MLP, state="done", step=9)
    at = draw()
    at.segmented_control(key="draw.source").set_value(OPEN).run()
    at.selectbox(key="draw.class").set_value("3").run()
    first = at.number_input(key="draw.index").value
    chosen = {first}
    for _ in range(4):
        click(at, "draw.another")
        assert shown["target"] == 3
        chosen.add(at.number_input(key="draw.index").value)
    assert len(chosen) > 1


# what cannot be

def test_no_run_yet(draw):
    at = draw()
    assert "There is no network yet" in texts(at)


@pytest.mark.parametrize("over", ["paused", "failed", "stopped", "diverged"])
def test_a_run_that_never_learned(draw, service, over):
    service.put("r", MLP, state=over, step=0)
    service.busy = RunError("The run 'Classic MLP'", "answers with what it has learned",
                            "it has not begun to learn", "Start it, or choose another run.")
    assert ("This run has no trained weights" in texts(draw())) == (over != "paused")


def test_a_run_without_weights_says_so_in_the_answers_place(draw, service, canvas, shown):
    service.put("r", MLP, state="queued", step=0)
    service.busy = RunError("The run 'Classic MLP'", "answers with what it has learned",
                            "it has not begun to learn", "Start it, or choose another run.")
    canvas.strokes.append("one")
    draw()
    assert shown["probabilities"] is None and shown["note"] == service.busy.sentence


def test_a_busy_run_leaves_its_last_answer_standing(draw, service, canvas, shown):
    service.put("r", MLP, state="training", step=100)
    canvas.strokes.append("one")
    at = draw()
    before = shown["probabilities"]
    service.busy = RunError("The run 'r'", "answers in time", "it is busy with a long step", "Wait.")
    service.become("r", step=200)
    at.run()
    assert shown["probabilities"] == before and shown["note"] == ""
    assert shown["when"].startswith("after 100 steps")
    canvas.strokes.append("two")  # to another picture it has not answered yet
    at.run()
    assert shown["probabilities"] is None and "busy with a long step" in shown["note"]


def test_weights_that_are_no_numbers_are_no_answer(draw, service, canvas, shown):
    service.put("r", MLP, state="diverged", step=100)
    service.probabilities = np.full(10, np.nan, np.float32)
    canvas.strokes.append("one")
    draw()
    assert shown["probabilities"] is None
    assert "not finite" in shown["note"]


def test_a_run_without_pictures(draw, service):
    sequences = MLP.model_copy(update={"task": TaskSpec(name="reverse")})
    service.put("r", sequences, state="done", step=9)
    assert "This run does not take images" in texts(draw())


def test_a_deleted_run_is_a_sentence(draw, service, canvas):
    service.put("r", MLP, state="done", step=9)
    at = draw()
    service.get = lambda run: (_ for _ in ()).throw(RunError("The run 'r'", "is one that this dlviz keeps",
                                                             "there is none of this name", "Choose another."))
    at.run()
    assert not at.exception and "there is none of this name" in texts(at)


def test_names_are_text(draw, service):
    name = "**<b>bold</b>**"
    network = NetworkSpec(layers=(LayerSpec(name=name, kind="Flatten"),
                                  LayerSpec(name="out", kind="Linear", fields={"out_features": 10})))
    service.put("r", MLP.model_copy(update={"name": name, "network": network}), state="done", step=9)
    at = draw()
    assert "<b>" not in texts(at)


# tasks that have to be fetched

def test_a_drawing_needs_no_download_but_a_test_image_does(draw, service, canvas, shown, monkeypatch):
    service.put("r", FASHION, state="done", step=9)
    canvas.strokes.append("one")
    at = draw()
    np.testing.assert_array_equal(service.asked[-1][1], tasks.FashionMnist().from_picture(canvas.pixels(28))[0])
    assert shown["classes"][9] == "Ankle boot"
    at.segmented_control(key="draw.source").set_value(OPEN).run()
    assert "Fashion-MNIST is not on this computer yet" in texts(at) and shown["probabilities"] is None
    assert shown["hint"] == "The test images have to be downloaded first."
    offline = TaskError("The download of Fashion-MNIST", "must bring four files", "nothing came", "Go online.")

    def fetch(task, progress):
        progress(0.5)
        raise offline

    monkeypatch.setattr(tasks.FashionMnist, "fetch", fetch)
    click(at, "fetch.fashion_mnist")
    assert "must bring four files, but nothing came" in texts(at)
    monkeypatch.setattr(tasks.FashionMnist, "fetch", lambda task, progress: progress(1.0))
    monkeypatch.setattr(tasks.FashionMnist, "ready", lambda task: True)
    for name in ("picture", "sample", "size", "labels"):
        borrowed = getattr(MNIST, name)
        monkeypatch.setattr(tasks.FashionMnist, name, lambda task, *where, use=borrowed: use(*where))
    at.run()
    assert "Target: **Sneaker**" in texts(at)  # number 0 of the test set has label 7


# what is sent

def maps(experiment: Experiment, task=MNIST) -> tuple[prediction.AnswerRow, ...]:
    return prediction.rows(net.check(experiment.network, task.signature()))


def levels(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), np.uint8)


def test_one_row_a_layer_with_its_shape():
    rows = maps(CNN)
    assert [row.name for row in rows] == list(CNN.network.names())
    assert (rows[0].shape, rows[0].count, rows[0].height, rows[0].width) == ("16 × 26 × 26", 16, 26, 26)
    assert (rows[-1].shape, rows[-1].count, rows[-1].vector) == ("10", 10, True)


def test_a_closed_layer_sends_one_line_and_an_open_one_all():
    rows = maps(CNN)
    outputs = {row.name: np.ones((row.count, row.height, row.width), np.float32) for row in rows}
    sent = prediction.payload(rows, MNIST.classes, None, outputs, frozenset({"conv2"}))["layers"]
    sizes = {layer["name"]: len(levels(layer["levels"])) for layer in sent}
    assert sizes["conv1"] == prediction.LINE * 26 * 26
    assert sizes["conv2"] == 32 * 11 * 11 and sizes["flatten"] == 800 and sizes["output"] == 10


def test_the_levels_against_plain_loops():
    """Zero in the middle, one scale for all maps of the layer, also for those that are not sent."""
    output = np.random.default_rng(3).normal(size=(20, 4, 4)).astype(np.float32)
    output[19, 0, 0] = -9.0
    output[0, 0, 0] = 0
    sent = levels(prediction._levels(output, 12))
    expected = [128 + round(float(value) / 9.0 * 127) for value in output[:12].ravel()]
    assert np.abs(sent.astype(int) - expected).max() <= 1 and sent[0] == 128


def test_levels_of_what_is_no_number():
    output = np.array([1.0, np.nan, np.inf, -np.inf, -1.0, 0.0], np.float32)
    assert levels(prediction._levels(output, 6)).tolist() == [255, 0, 0, 0, 1, 128]
    assert levels(prediction._levels(np.zeros(3, np.float32), 3)).tolist() == [128, 128, 128]


@pytest.mark.parametrize("dark", [False, True])
def test_the_palette_is_that_of_all_pictures(dark):
    palette = levels(prediction._palette(dark=dark)).reshape(256, 3)
    values = np.random.default_rng(0).normal(size=500)
    picture = tile(values, gap=0, columns=500, dark=dark)[0]
    places = levels(prediction._levels(values.astype(np.float32), 500))
    np.testing.assert_array_equal(palette[places], picture)


@pytest.mark.parametrize("state_", [None, {}, "conv1", [3, {}]])
def test_what_the_browser_says_is_open_is_believed_only_when_it_makes_sense(state_):
    assert prediction.opened(state_) == frozenset()
    assert prediction.opened(["conv1", 3]) == {"conv1"}


def test_a_message_of_the_largest_preset_stays_small():
    rows = maps(presets.get("resnet").experiment)
    outputs = {row.name: np.ones((row.count, row.height, row.width), np.float32) for row in rows}
    sent = prediction.payload(rows, MNIST.classes, np.full(10, 0.1), outputs, frozenset())
    assert len(json.dumps(sent)) < 200_000
    assert math.isclose(sum(sent["probabilities"]), 1)


def png(width: int, height: int) -> bytes:
    """A picture whose head says that it is this large."""
    file = io.BytesIO()
    Image.new("L", (28, 28)).save(file, "PNG")
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return file.getvalue()[:12] + head + struct.pack(">I", zlib.crc32(head)) + file.getvalue()[33:]


@pytest.mark.parametrize("sent", [png(9_000, 9), png(9, 9_000), png(90_000, 90_000), b"",
                                  b"\x89PNG\r\n\x1a\n" + b"\0" * 50, png(28, 28)[:-30], b"GIF89a" + b"\0" * 50])
def test_a_picture_that_no_canvas_sends_is_a_sentence_and_not_unpacked(sent):
    with pytest.raises(TaskError, match="takes a drawing of its own size"):
        draw_canvas._prepared(sent, 20)


@pytest.mark.parametrize("message", [{"drawing": 1}, {"drawing": []}, {"drawing": {"raw": 1, "data": None}},
                                     {"drawing": {"raw": {"objects": 1}, "data": "x"}},
                                     {"drawing": {"raw": {"objects": []}, "data": 1}}, {"drawing": {}},
                                     {"drawing": None, "backgroundFit": {}}])
def test_what_a_canvas_cannot_say_is_a_sentence(message):
    draw_canvas._check({"drawing": {"raw": {"objects": [{}]}, "data": "data:image/png;base64,AA"}})
    with pytest.raises(TaskError, match="something else was sent. Reload the page."):
        draw_canvas._check(message)
