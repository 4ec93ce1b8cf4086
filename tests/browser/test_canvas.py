"""The canvas by mouse and by keyboard, without Streamlit: each story looks at the edits that Python would get."""
from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.browser.canvas_page import Canvas

ROOT = Path(__file__).parents[2]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(ROOT)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def opened(browser, base):
    """`opened("scene=resnet")`: a canvas; errors of the page fail the test."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield lambda query="scene=chain": Canvas(page, base, query)
    page.close()
    assert errors == []


def test_a_layer_is_dropped_on_a_wire_and_on_the_canvas(opened):
    canvas = opened()
    canvas.drag(canvas.palette("ReLU"), canvas.wire("maxpool2d1>flatten1>0"))
    edit = canvas.wait("add")
    assert edit["onto"] == {"source": "maxpool2d1", "target": "flatten1", "slot": 0} and edit["kind"] == "ReLU"
    assert canvas.layers()["flatten1"] == ["relu2"] and canvas.layers()["relu2"] == ["maxpool2d1"]
    canvas.drag(canvas.palette("Add"), (1000, 300))
    assert {"x", "y"} < set(canvas.applied()[-1]) and "onto" not in canvas.applied()[-1]


def test_wires_are_made_refused_and_taken_away(opened):
    canvas = opened("scene=inception")
    canvas.drag(canvas.port("one0", "out"), canvas.port("five2", "in0"))
    assert canvas.wait("connect") == {"type": "connect", "source": "one0", "target": "five2", "slot": 0}
    canvas.drag(canvas.port("five2", "out"), canvas.port("one0", "in0"),
                lambda: canvas.page.get_by_text("would close a circle").wait_for())
    assert canvas.applied()[-1]["type"] == "connect" and len(canvas.applied()) == 1
    canvas.page.mouse.click(*canvas.wire("three1>join>1"))
    canvas.page.keyboard.press("Delete")
    assert canvas.wait("disconnect") == {"type": "disconnect", "source": "three1", "target": "join", "slot": 1}


def test_a_wire_let_go_in_empty_space_asks_what_follows(opened):
    canvas = opened()
    canvas.drag(canvas.port("conv2d1", "out"), (1050, 420))
    canvas.page.get_by_role("dialog", name="What follows conv2d1?").get_by_label("Find a layer").fill("batch")
    canvas.page.keyboard.press("Enter")
    edit = canvas.wait("add")
    assert (edit["kind"], edit["from"]) == ("BatchNorm2d", "conv2d1")


def test_nodes_are_moved_and_it_is_undone(opened):
    canvas = opened()
    x, y = canvas.middle("relu1")
    canvas.drag((x, y), (x + 200, y + 10))
    edit = canvas.wait("move")
    assert set(edit["positions"]) == {"image", *canvas.layers()}, "nothing else may jump"
    assert edit["positions"]["relu1"][0] > edit["positions"]["conv2d1"][0] + 100
    canvas.page.keyboard.press("Control+z")
    canvas.wait("undo")
    assert abs(canvas.middle("relu1")[0] - x) < 1


def test_by_keyboard_alone(opened):
    canvas = opened()
    page = canvas.page
    page.locator(".palette input").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.wait_for_function("harness.state.selected.join() === 'relu1'")
    page.keyboard.press("a")
    page.keyboard.type("dropout")
    page.keyboard.press("Enter")
    assert canvas.wait("add") == {"type": "add", "kind": "Dropout", "after": "relu1"}
    page.keyboard.press("Delete")
    page.keyboard.press("Control+z")
    canvas.wait("undo")
    assert "dropout1" in canvas.layers()


def test_a_wire_by_keyboard_and_why_not(opened):
    canvas = opened("scene=inception")
    canvas.node("one0").click()
    canvas.page.keyboard.press("c")
    canvas.page.keyboard.press("ArrowUp")
    canvas.page.get_by_text("would close a circle").wait_for()
    canvas.page.keyboard.press("Escape")
    canvas.page.keyboard.press("c")
    canvas.page.keyboard.press("ArrowDown")
    canvas.page.keyboard.press("Enter")
    assert canvas.wait("connect")["source"] == "one0"


def test_delete_elsewhere_on_the_page_deletes_nothing(opened):
    canvas = opened()
    canvas.node("relu1").click()
    canvas.page.wait_for_function("harness.state.selected.join() === 'relu1'")
    canvas.page.locator("#outside").focus()
    canvas.page.keyboard.press("Delete")
    canvas.node("relu1").click()
    canvas.page.keyboard.press("Delete")
    canvas.wait("delete")
    assert [edit["type"] for edit in canvas.applied()] == ["delete"]


def test_edits_at_once_on_a_slow_server_all_arrive_once(opened):
    canvas = opened("scene=chain&delay=600")
    for kind in ("ReLU", "Dropout", "Add", "Concat"):
        canvas.page.mouse.click(*canvas.palette(kind))
    canvas.page.wait_for_function("harness.applied.filter(edit => edit.type === 'add').length === 4")
    assert [edit["kind"] for edit in canvas.applied()] == ["ReLU", "Dropout", "Add", "Concat"]
