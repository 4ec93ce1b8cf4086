"""The canvas in the whole app: networks are drawn by mouse, broken, mended, undone and trained on this one screen."""
from __future__ import annotations

import re

import pytest

from dlviz import presets
from dlviz.spec import Experiment, NetworkSpec
from tests.browser.canvas_app import WAIT, CanvasApp
from tests.browser.serving import serving
from tests.networks import resnet

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect
MLP = ("flatten", "hidden1", "relu1", "hidden2", "relu2", "output")
LIVE = "node => { const live = node.querySelector('canvas.live'); return !!live && !live.hidden; }"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    home = tmp_path_factory.mktemp("canvas_app")
    with serving("app.py", home) as address:
        yield address, home


@pytest.fixture
def visit(server, browser, request):
    """`visit(experiment)`: a tab with this design; a second call opens another tab of the same visitor."""
    address, home = server
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    visitor = re.sub(r"\W", "", request.node.name)[:50].ljust(20, "x")
    yield lambda experiment=None: CanvasApp(context.new_page(), address, home, visitor, experiment)
    for page in context.pages:
        assert page.locator('[data-testid="stException"]').count() == 0
    context.close()
    assert faults == []


def nothing() -> Experiment:
    """A design without layers, that trains quickly."""
    mlp = presets.get("mlp").experiment
    training = mlp.training.model_copy(update={"train_fraction": 0.05, "epochs": 1})
    return mlp.model_copy(update={"network": NetworkSpec(), "training": training, "name": "Drawn"})


def padded(canvas: CanvasApp, name: str) -> None:
    """In the inspector, give a convolution a border, so that its maps stay as large as they come."""
    canvas.node(name).click()
    expect(canvas.page.get_by_role("textbox", name="Name", exact=True)).to_have_value(name)
    field = canvas.page.get_by_role("spinbutton", name="padding")
    field.fill("1")
    field.press("Enter")
    canvas.until(lambda: canvas.experiment().network.layer(name).fields.get("padding") == 1, "no padding came")


def test_a_residual_block_is_drawn_from_nothing_and_trained_on_this_screen(visit, keep):
    canvas = visit(nothing())
    page = canvas.page
    expect(page.get_by_text("Drag a layer here, or click one")).to_be_visible()
    canvas.drag(canvas.palette("Conv2d"), canvas.empty())
    canvas.has("conv1")
    padded(canvas, "conv1")
    for source, kind, made in (("conv1", "Conv2d", "conv2"), ("conv2", "ReLU", "relu1"), ("relu1", "Conv2d", "conv3"),
                               ("conv3", "Add", "add1")):
        canvas.follow(source, kind)
        canvas.node(made).wait_for()
        if kind == "Conv2d":
            padded(canvas, made)
    canvas.page.get_by_role("button", name="Tidy: lay the network out anew (T)").click()
    canvas.fit()
    canvas.drag(canvas.port("conv1", "out"), canvas.port("add1", "in1"))
    canvas.takes("add1", "conv3", "conv1")
    keep(page, "1 the block")
    canvas.drag(canvas.port("add1", "out"), canvas.port("relu1", "in0"),
                lambda: page.get_by_text("would close a circle").wait_for())
    canvas.node("add1").get_by_role("button", name="Add Flatten and Linear at the end").click(force=True)
    canvas.has("conv1", "conv2", "relu1", "conv3", "add1", "flatten1", "linear1")
    expect(page.get_by_text("ready to train")).to_be_visible()
    canvas.fit()
    canvas.play()
    for name in ("conv1", "add1", "linear1"):
        canvas.until(lambda name=name: canvas.node(name).evaluate(LIVE), f"{name} shows nothing while it trains")
    wire = page.locator('[data-wire="conv1>add1>1"]')
    canvas.until(lambda: float(wire.evaluate("one => one.style.getPropertyValue('--gradient')") or 0) > 0,
                 "no gradient on the skip")
    keep(page, "2 it trains")
    canvas.node("conv1").click()
    page.locator(".st-key-node_view canvas, .st-key-node_view img").first.wait_for()
    page.locator(".st-key-inspector").get_by_text("Weights of a layer", exact=True).click()
    page.locator(".st-key-node_view .js-plotly-plot").wait_for()
    keep(page, "3 a layer's weights")
    assert "/train" not in page.url


def test_a_wire_that_an_edit_broke_is_red_and_is_repaired_and_all_is_undone(visit, keep):
    canvas = visit(presets.get("mlp").experiment)
    page = canvas.page
    canvas.fit()
    canvas.node("flatten").click()
    canvas.press("Delete")
    canvas.has(*MLP[1:])
    broken = page.locator('[data-wire="image>hidden1>0"]')
    expect(broken).to_have_class(re.compile("wrong"))
    expect(page.locator(".st-key-dock").get_by_role("button", name="Play", exact=True).first).to_be_disabled()
    keep(page, "broken")
    canvas.node("hidden1").get_by_role("button", name="Insert Flatten").click()
    canvas.has("flatten1", *MLP[1:])
    expect(page.locator(".wire.wrong")).to_have_count(0)
    page.mouse.click(*canvas.palette("Dropout"))
    canvas.node("dropout1").wait_for()
    canvas.press("Control+z", "Control+z", "Control+z")
    canvas.has(*MLP)
    page.get_by_role("button", name="Redo (Ctrl+Shift+Z)").click()
    canvas.has(*MLP[1:])


def test_copied_and_pasted_with_their_wires_here_and_in_another_tab(visit):
    canvas = visit(presets.get("mlp").experiment)
    canvas.fit()
    canvas.node("hidden2").click()
    canvas.node("relu2").click(modifiers=["Control"])
    expect(canvas.page.get_by_text("2 layers are selected")).to_be_visible()
    canvas.press("Control+c")
    canvas.page.get_by_text("Copied 2 layers").wait_for()
    canvas.press("Control+v")
    canvas.until(lambda: len(canvas.experiment().network.layers) == 8, "nothing was pasted")
    canvas.takes("relu3", "hidden3")
    canvas.takes("hidden3", "relu1")
    other = visit()
    other.fit()
    other.node("relu1").click()
    other.press("Control+v")
    other.until(lambda: len(other.experiment().network.layers) == 10, "nothing was pasted in the other tab")


def test_two_tabs_on_one_design_lose_no_edit_and_say_what_came_too_late(visit, keep):
    one = visit(presets.get("mlp").experiment)
    other = visit()
    one.fit()
    other.fit()
    for kind in ("Dropout", "Tanh", "ReLU"):  # both at once, each without having seen what the other does
        one.page.mouse.click(*one.palette(kind))
        other.page.mouse.click(*other.palette(kind))
    made = {"dropout1", "dropout2", "tanh1", "tanh2", "relu3", "relu4", *MLP}
    one.until(lambda: set(one.experiment().network.names()) == made, "an edit of one of the tabs is lost")
    one.fit()
    one.node("hidden2").click()
    one.press("Delete")
    one.until(lambda: "hidden2" not in one.experiment().network.names(), "nothing was deleted")
    expect(other.node("hidden2")).to_have_count(1)  # it has not been told yet
    other.fit()
    other.node("hidden2").locator(".name").dblclick()
    other.page.get_by_label("New name of hidden2").fill("second")
    other.press("Enter")
    expect(other.page.get_by_text("no layer is called 'hidden2'").first).to_be_visible()
    keep(other.page, "too late")
    other.has(*one.experiment().network.names())
    for _ in range(7):
        other.press("Control+z")
    other.has(*MLP)


OVERLAPS = """(pane) => {
  const nodes = [...pane.querySelectorAll('[data-node]')].map((one) => [one.dataset.node, one.getBoundingClientRect()]);
  return nodes.flatMap(([name, a], at) => nodes.slice(at + 1).filter(([, b]) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).map(([other]) => `${name} ${other}`));
}"""


def test_a_resnet_of_sixty_layers_from_a_file_is_folded_opened_in_place_and_laid_out_without_overlaps(
        visit, keep, tmp_path):
    file = tmp_path / "resnet.json"
    file.write_text(nothing().model_copy(update={"network": resnet(8), "name": "ResNet of 61 layers"}).to_json())
    canvas = visit(presets.get("mlp").experiment)
    page = canvas.page
    page.get_by_role("button", name="Open", exact=True).click()
    page.get_by_role("dialog").wait_for()
    page.wait_for_timeout(2_000)  # which version of the design is shown is told meanwhile: that closes no dialog
    page.get_by_role("dialog").locator('input[type="file"]').set_input_files(file)
    expect(page.get_by_role("heading", name="ResNet of 61 layers", exact=True)).to_be_visible(timeout=WAIT)
    keep(page, "opened")
    block = canvas.node("block:Conv2d to ReLU x 8")
    block.wait_for()
    assert page.locator(".canvas [data-node]").count() == 7  # input, stem, relu, the block, pool, flatten, out
    canvas.fit()
    keep(page, "folded")
    block.get_by_role("button", name="Open").click()
    canvas.node("add7").wait_for()
    assert page.locator(".canvas [data-node]").count() == 62
    canvas.fit()
    assert page.locator(".canvas .pane").evaluate(OVERLAPS) == []
    keep(page, "open")
    canvas.press("Control+z")
    block.wait_for()
    expect(page.get_by_text("ready to train")).to_be_visible()


def test_an_encoder_layer_opens_in_place_and_is_put_together_again(visit, keep):
    reverse = presets.get("reverse").experiment
    canvas = visit(reverse)
    name = next(layer.name for layer in reverse.network.layers if layer.kind == "TransformerEncoderLayer")
    canvas.fit()
    canvas.node(name).get_by_role("button", name=re.compile("Open")).click()
    canvas.page.get_by_role("button", name=f"Fold {name}").wait_for()
    parts = canvas.experiment().layout.blocks[0].layers
    assert name in parts and len(parts) > 4
    canvas.fit()
    assert canvas.page.locator(".canvas .pane").evaluate(OVERLAPS) == []
    keep(canvas.page, "opened")
    canvas.press("Control+z")
    canvas.has(*reverse.network.names())


def test_a_phone_shows_the_same_network_as_a_stack(visit, keep):
    canvas = visit(presets.get("mlp").experiment)
    page = canvas.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(page.url.partition("?")[0] + "?view=canvas")
    expect(page.locator(".stack .card")).to_have_count(6, timeout=WAIT)
    expect(page.get_by_text("The canvas needs a wider window")).to_be_visible()
    card, picture = (page.locator(f".slot:has-text('hidden1') {part}").first.bounding_box()
                     for part in (".card", "img.picture"))
    assert picture["width"] > 1.5 * picture["height"], "all units, not the first half"
    assert card["x"] < picture["x"] and picture["x"] + picture["width"] < card["x"] + card["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    keep(page, "phone")
