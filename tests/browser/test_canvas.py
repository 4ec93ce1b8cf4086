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
    context = browser.new_context(viewport={"width": 1500, "height": 1150})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield lambda query="scene=chain": Canvas(page, base, query)
    context.close()
    assert errors == []


def test_a_layer_is_dropped_on_a_wire_and_on_the_canvas(opened):
    canvas = opened()
    canvas.drag(canvas.palette("ReLU"), canvas.wire("maxpool2d1>flatten1>0"))
    edit = canvas.wait("add")
    assert edit["onto"] == {"source": "maxpool2d1", "target": "flatten1", "slot": 0} and edit["kind"] == "ReLU"
    assert canvas.layers()["flatten1"] == ["relu2"] and canvas.layers()["relu2"] == ["maxpool2d1"]
    canvas.drag(canvas.palette("Add"), (1250, 300))
    canvas.page.wait_for_function("harness.applied.filter(edit => edit.type === 'add').length === 2")
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
    canvas.drag(canvas.port("conv2d1", "out"), (1300, 420))
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


def test_keys_go_on_when_what_had_the_focus_is_gone(opened):
    canvas = opened()
    canvas.page.mouse.click(*canvas.palette("Dropout"))
    canvas.wait("add")
    canvas.node("dropout1").click()
    canvas.page.keyboard.press("Control+z")
    canvas.wait("undo")
    assert canvas.node("dropout1").count() == 0
    canvas.page.keyboard.press("Control+y")
    canvas.wait("redo")
    canvas.node("dropout1").click()
    canvas.page.keyboard.press("F2")
    canvas.page.get_by_label("New name of dropout1").fill("second")
    canvas.page.keyboard.press("Enter")
    canvas.wait("rename")
    canvas.page.keyboard.press("Control+z")
    canvas.page.wait_for_function("harness.applied.filter(edit => edit.type === 'undo').length === 2")


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


def test_a_wire_released_outside_is_let_go_and_the_view_stays(opened):
    canvas = opened()
    page = canvas.page
    place = canvas.middle("conv2d1")
    page.mouse.move(*canvas.port("conv2d1", "out"))
    page.mouse.down()
    page.mouse.move(700, 500, steps=4)
    page.mouse.move(700, 5, steps=4)
    page.mouse.up()
    page.wait_for_function("!harness.root.querySelector('.react-flow__connection')")
    let_go = canvas.middle("conv2d1")
    assert let_go == pytest.approx(place, abs=200)  # it glides while a wire is at the edge
    page.wait_for_timeout(300)
    assert canvas.middle("conv2d1") == let_go
    assert canvas.applied() == []


def test_copied_with_wires_and_pasted_also_into_another_tab(opened, browser, base):
    canvas = opened("scene=inception")
    canvas.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    canvas.node("three0").click()
    canvas.node("three1").click(modifiers=["Control"])
    canvas.page.keyboard.press("Control+c")
    canvas.page.get_by_text("Copied 2 layers").wait_for()
    canvas.page.keyboard.press("Control+v")
    edit = canvas.wait("paste")
    assert {layer["name"]: layer["inputs"] for layer in edit["layers"]} == {"three0": ["stem"], "three1": ["three0"]}
    assert canvas.layers()["conv2d2"] == ["conv2d1"] and canvas.layers()["conv2d1"] == ["stem"]
    other = Canvas(canvas.page.context.new_page(), base, "scene=chain")
    other.node("relu1").click()
    other.page.keyboard.press("Control+v")
    assert len(other.wait("paste")["layers"]) == 2
    other.page.close()


def test_several_are_chosen_by_a_box_grouped_folded_and_opened(opened):
    canvas = opened("scene=inception")
    page = canvas.page
    (left, top), (right, bottom) = canvas.middle("five0"), canvas.middle("five2")
    page.keyboard.down("Shift")
    canvas.drag((left - 90, top - 50), (right + 5, bottom + 30))
    page.keyboard.up("Shift")
    page.get_by_role("button", name="Make a block of them (G)").click()
    edit = canvas.wait("group")
    assert {"five0", "five1", "five2"} <= set(edit["layers"]) and edit["title"] == "Block 1"
    page.get_by_role("button", name="Fold Block 1").click()
    canvas.wait("fold")
    canvas.node("block:Block 1").wait_for()
    assert canvas.node("five0").count() == 0
    wires = page.evaluate("[...harness.root.querySelectorAll('[data-wire]')].map(wire => wire.dataset.wire)")
    assert "stem>block:Block 1>0" in wires and not [wire for wire in wires if "five" in wire]
    canvas.node("block:Block 1").focus()
    page.keyboard.press("Enter")
    canvas.node("five0").wait_for()


def test_a_layer_is_renamed_and_replaced_in_place(opened):
    canvas = opened()
    page = canvas.page
    canvas.node("relu1").click()
    page.keyboard.press("F2")
    page.get_by_label("New name of relu1").fill("flatten1")
    page.keyboard.press("Enter")
    assert page.get_by_label("New name of relu1").get_attribute("title") == "Another one is already called flatten1."
    page.get_by_label("New name of relu1").fill("bend")
    page.keyboard.press("Enter")
    assert canvas.wait("rename") == {"type": "rename", "name": "relu1", "to": "bend"}
    canvas.node("bend").click(button="right")
    page.get_by_role("dialog", name="Replace bend by").get_by_role("button", name="Dropout").click()
    assert canvas.wait("replace") == {"type": "replace", "name": "bend", "kind": "Dropout"}


def test_a_wire_is_put_elsewhere_by_its_end(opened):
    canvas = opened("scene=inception")
    x, y = canvas.port("join", "in3")
    scale = (canvas.node("join").bounding_box() or {})["width"] / 258
    canvas.drag((x, y - 23 * scale), canvas.port("flat", "in0"))
    edit = canvas.wait("reconnect")
    assert (edit["from"]["source"], edit["to"]["target"]) == ("pool1", "flat")


def test_tidy_lays_out_anew_in_one_step(opened):
    canvas = opened()
    x, y = canvas.middle("relu1")
    canvas.drag((x, y), (x + 250, y + 30))
    canvas.wait("move")
    canvas.page.keyboard.press("t")
    canvas.wait("tidy")
    canvas.page.wait_for_function("!harness.root.querySelector('.settling')")
    assert canvas.middle("relu1") == pytest.approx((x, y), abs=1)
    assert [edit["type"] for edit in canvas.applied()] == ["move", "tidy"]


def test_pictures_of_the_feed_are_drawn_past_react_and_only_in_sight(opened):
    canvas = opened("scene=resnet")
    page = canvas.page
    page.evaluate("harness.feed([])")
    page.wait_for_function("harness.visible?.names.includes('out')")
    canvas.nearer()
    page.wait_for_function("!harness.visible.names.includes('out')")  # out of sight: not asked for
    canvas.page.get_by_role("button", name="Show the whole network").click()
    page.wait_for_function("harness.visible.names.includes('stem')")
    page.locator(".react-flow__minimap").wait_for(state="detached")  # all is in sight: the view has come to rest
    page.evaluate("harness.feed(['stem'], {'b1_1>0': 0.02, 'b1_2>0': 0.0002})")
    live = canvas.node("stem").locator("canvas.live")
    live.wait_for()
    drawn = "canvas => Array.from(canvas.getContext('2d').getImageData(0, 0, 32, 16).data).join()"
    before = live.evaluate(drawn)
    page.evaluate("""() => { harness.changes = 0;
        const observer = new MutationObserver(list => harness.changes += list.length);
        observer.observe(harness.root, { subtree: true, childList: true }); }""")
    page.evaluate("harness.feed(['stem'])")
    assert live.evaluate(drawn) != before
    assert page.evaluate("harness.changes") == 0
    wire = page.locator('[data-wire="stem>b1_1>0"]')
    assert wire.evaluate("wire => wire.style.getPropertyValue('--gradient')") == "1.000"
    assert "flows back here: 0.02." in wire.locator("title").text_content()
    weaker = page.locator('[data-wire="b1_1>b1_2>0"]')
    assert weaker.evaluate("wire => wire.style.getPropertyValue('--gradient')") == "0.500"
    page.evaluate("harness.feedEnds()")
    live.wait_for(state="detached")


def test_pictures_of_an_untrained_design_stay_until_they_are_of_another(opened):
    canvas = opened("scene=resnet")
    shown = [canvas.node(name).locator("canvas.still:visible") for name in ("stem", "b1_1")]
    canvas.page.evaluate("harness.feed(['stem'], {}, 'one')")
    canvas.page.evaluate("harness.feed(['b1_1'], {}, 'one')")
    for picture in shown:
        picture.wait_for()
    canvas.page.wait_for_function("harness.visible")
    canvas.page.evaluate("harness.visible = null; harness.feed(['b1_1'], {}, 'one', ['stem'])")
    assert canvas.page.evaluate("harness.visible") is None, "all that is kept is there"
    canvas.page.evaluate("harness.feed(['b1_1'], {}, 'two')")
    shown[0].wait_for(state="detached")
    shown[1].wait_for()
    canvas.page.evaluate("harness.feed([], {}, 'two', ['stem', 'b1_1'])")
    assert canvas.page.evaluate("[harness.visible.of, harness.visible.held]") == ["two", ["b1_1"]]


def test_the_smaller_a_network_is_drawn_the_coarser_are_the_pictures_that_are_asked_for(opened):
    canvas = opened("scene=large")
    canvas.page.evaluate("harness.feed([])")
    canvas.page.wait_for_function("harness.visible?.room < 1000 && harness.visible.names.includes('out')")
    canvas.nearer()
    canvas.page.wait_for_function("harness.visible.room === 2000 && !harness.visible.names.includes('out')")


def test_a_block_is_saved_and_added_by_click_by_drag_and_by_keyboard_and_removed(opened, keep):
    canvas = opened("scene=folded")
    page = canvas.page
    page.get_by_role("button", name="Save Residual 1 to your groups").click()
    assert canvas.wait("save_group")["title"] == "Residual 1"
    group = page.locator('.palette [data-group="Residual 1"]')
    assert page.locator(".palette .group .head").first.text_content() == "Your groups"
    group.click()
    assert canvas.wait("add_group")["title"] == "Residual 1"
    keep(page, "your groups")
    box = group.bounding_box()
    canvas.drag((box["x"] + 30, box["y"] + box["height"] / 2), canvas.wire("flat>out>0"))
    page.wait_for_function("harness.applied.filter(edit => edit.type === 'add_group').length === 2")
    assert canvas.applied()[-1]["onto"] == {"source": "flat", "target": "out", "slot": 0}
    page.get_by_role("textbox", name="Find a layer").fill("residual")
    page.keyboard.press("Enter")
    page.wait_for_function("harness.applied.filter(edit => edit.type === 'add_group').length === 3")
    page.get_by_role("button", name="Remove Residual 1 from your groups").click()
    canvas.wait("remove_group")
    group.wait_for(state="detached")


def test_a_design_that_comes_while_a_node_is_dragged_waits(opened):
    canvas = opened()
    page = canvas.page
    x, y = canvas.middle("relu1")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 120, y, steps=4)
    page.evaluate("harness.elsewhere('linear1', 'Dropout')")
    page.mouse.move(x + 240, y, steps=4)
    assert canvas.middle("relu1")[0] == pytest.approx(x + 240, abs=40)  # a drag begins with the first step
    page.mouse.up()
    assert canvas.wait("move")["positions"]["relu1"]
    assert canvas.node("linear1").get_attribute("aria-roledescription") == "Dropout"


def test_a_layer_that_was_added_out_of_sight_is_shown(opened):
    canvas = opened("scene=large")
    canvas.nearer()
    canvas.page.mouse.click(*canvas.palette("Dropout"))
    canvas.wait("add")
    canvas.page.wait_for_function("""() => {
        const box = harness.root.querySelector('[data-node="dropout1"]')?.getBoundingClientRect();
        return box && box.top > 100 && box.bottom < 1100 && box.right < 1480; }""")


def test_a_long_network_stands_in_columns_and_all_of_it_is_seen(opened):
    canvas = opened("scene=large")
    page = canvas.page
    boxes = page.evaluate("""() => [...harness.root.querySelectorAll('.react-flow__node')].map(node => {
        const box = node.getBoundingClientRect();
        return [box.left, box.top, box.right, box.bottom]; })""")
    assert len(boxes) == 103 and len({round(left / 40) for left, *_ in boxes}) > 5
    assert all(left > 200 and top > 90 and right < 1500 and bottom < 1100 for left, top, right, bottom in boxes)
    assert page.locator(".react-flow__minimap").count() == 0, "all is in sight"
    name = canvas.node("b9_59").locator(".name")
    assert name.evaluate("name => parseFloat(getComputedStyle(name).fontSize) * name.getBoundingClientRect().width"
                         " / name.offsetWidth") > 9, "and its names can be read"
    canvas.nearer(2)
    page.locator(".react-flow__minimap").wait_for()
    page.keyboard.press("Escape")


def test_a_layer_spliced_into_a_placed_column_moves_only_who_stands_below_it(opened):
    canvas = opened("scene=large")
    page = canvas.page
    page.mouse.click(*canvas.middle("b13_87"))
    page.keyboard.press("Alt+ArrowRight")  # from now on everybody has a place
    canvas.wait("move")
    before = {name: canvas.node(name).bounding_box() for name in ("b9_57", "b11_71")}
    canvas.drag(canvas.palette("Dropout"), canvas.wire("b9_58>b9_59>0"))
    canvas.wait("add")
    moved = {name: canvas.node(name).bounding_box() for name in before}
    assert moved == before, "what stands above it, and another column, stay"
