"""The build page without a browser: what it opens with, the inspector's forms, files, links, hostile names."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dlviz import presets
from dlviz.errors import RunError, SpecError, TaskError, TooLargeError
from dlviz.network import editing
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, TaskSpec, from_json, from_link
from pages.ui.build import files, stack
from pages.ui.shared import shell, state
from pages.ui.shared.design import Design
from tests.networks import resnet
from tests.pages.shown import shown

APP = str(Path(__file__).parents[2] / "app.py")
DESIGN = "dlviz.design"  # the session's key


class Service:
    """Stands for the runs' service: remembers what it was asked to train."""

    def __init__(self):
        self.created: list[Experiment] = []
        self.refuse: RunError | None = None

    def create(self, experiment: Experiment, owner: str, **more: object) -> str:
        if self.refuse:
            raise self.refuse
        self.created.append(experiment)
        return "run1"

    def list(self, owner: str) -> tuple:
        return ()

    def get(self, run: str):
        raise RunError("The run", "exists", "there is none", "Choose another.")


@pytest.fixture
def service(monkeypatch) -> Service:
    made = Service()
    monkeypatch.setattr(state, "service", lambda: made)
    return made


class Editor:
    """Stands for the editor in the browser: remembers what it was shown, and hands over edits at the next run."""

    def __init__(self):
        self.shown: dict = {}
        self.waiting: list[stack.Edit] = []

    def __call__(self, key: str, **shown: object) -> tuple[stack.Edit, ...]:
        self.shown = shown
        taken, self.waiting = tuple(self.waiting), []
        return taken

    def card(self, name: str) -> dict:
        return next(card for card in self.shown["cards"] if card["name"] == name)

    def do(self, at: AppTest, type: stack.EditType, /, **values: Any) -> None:
        self.waiting.append(stack.Edit(type, **values))
        at.run()


@pytest.fixture
def editor(monkeypatch) -> Editor:
    made = Editor()
    monkeypatch.setattr(stack, "stack", made)
    return made


def fresh() -> AppTest:
    at = AppTest.from_file(APP, default_timeout=60)
    at.session_state["dlviz.visitor"] = "a-visitor-of-the-tests"
    return at


@pytest.fixture
def page(service, editor) -> AppTest:
    at = fresh().run()
    assert not at.exception
    return at


def design(at: AppTest) -> Design:
    return at.session_state[DESIGN]


def words(at: AppTest) -> str:
    return "\n".join(element.value for element in [*at.markdown, *at.caption, *at.subheader])


def button(at: AppTest, label: str):
    return next(b for b in at.button if b.label == label)


def test_the_page_opens_with_the_classic_mlp_ready_to_train(page):
    assert design(page).experiment == presets.get("mlp").experiment
    assert "Classic MLP" in words(page) and "109,386" in words(page) and "ready to train" in words(page)
    assert not button(page, "Play").disabled


def test_every_card_of_the_first_network_has_its_numbers_and_its_picture(page, editor):
    cards = editor.shown["cards"]
    hidden = editor.card("hidden1")
    assert (hidden["out_shape"], hidden["parameters"], hidden["multiply_adds"]) == ("128", 100_480, 100_352)
    assert all(card["picture"].startswith("data:image/png;base64,") and not card["error"] for card in cards)
    assert editor.shown["inputs"][0]["shape"] == "1 x 28 x 28"


def test_the_palette_has_every_layer(page, editor):
    from dlviz.layers import CATALOGUE
    kinds = [layer["kind"] for family in editor.shown["palette"] for layer in family["layers"]]
    assert sorted(kinds) == sorted(CATALOGUE)


@pytest.mark.parametrize("key", presets.PRESETS)
def test_every_ready_network_opens_and_can_be_undone(page, editor, key):
    button(page, "Presets").click().run()
    page.button(key=f"preset.{key}").click().run()
    assert not page.exception
    assert design(page).experiment == presets.get(key).experiment
    assert all(card["error"] is None for card in editor.shown["cards"]) and not button(page, "Play").disabled
    design(page).undo()
    page.run()
    assert design(page).experiment == presets.get("mlp").experiment


def test_a_field_is_edited_undone_and_done_again(page, editor):
    editor.do(page, "select", name="hidden1")
    field = shown(page.number_input, "layer.hidden1.Linear.out_features")
    assert field.value == 128
    field.set_value(50).run()
    assert design(page).network.layer("hidden1").fields == {"out_features": 50}
    assert [card["out_shape"] for card in editor.shown["cards"]][:3] == ["784", "50", "50"]
    editor.do(page, "undo")
    assert shown(page.number_input, "layer.hidden1.Linear.out_features").value == 128 and editor.shown["can_redo"]
    editor.do(page, "redo")
    assert shown(page.number_input, "layer.hidden1.Linear.out_features").value == 50


def test_a_switch_and_a_name_are_edited(page, editor):
    editor.do(page, "select", name="hidden1")
    shown(page.toggle, "layer.hidden1.Linear.bias").set_value(False).run()
    assert design(page).network.layer("hidden1").fields["bias"] is False
    shown(page.text_input, "layer.hidden1.Linear.name").set_value("first").run()
    assert design(page).selected == "first" and "hidden1" not in design(page).network.names()
    shown(page.text_input, "layer.first.Linear.name").set_value("relu1").run()
    assert "another layer is already called" in shell_text(page.toast[0].value)
    assert design(page).selected == "first" and shown(page.text_input, "layer.first.Linear.name").value == "first"


def test_a_layer_is_frozen_and_its_card_says_so(page, editor):
    assert editor.card("hidden1")["trainable"]
    editor.do(page, "select", name="hidden1")
    shown(page.toggle, "layer.hidden1.Linear.trainable").set_value(False).run()
    assert not design(page).network.layer("hidden1").trainable and not editor.card("hidden1")["trainable"]
    editor.do(page, "undo")
    assert shown(page.toggle, "layer.hidden1.Linear.trainable").value and editor.card("hidden1")["trainable"]
    editor.do(page, "select", name="relu1")
    assert not any("trainable" in toggle.key for toggle in page.toggle)


def shell_text(markdown: str) -> str:
    """Markdown as it is read, without the signs that `shell.plain` puts before markup."""
    return markdown.replace("\\", "")


def test_inputs_are_chosen_among_the_layers_above(page, editor):
    design(page).open(presets.get("resnet").experiment)
    editor.do(page, "select", name="add1")
    inputs = shown(page.multiselect, "layer.add1.Add.inputs")
    assert inputs.value == ["norm1b", "relu0"]
    inputs.set_value(["norm1b", "conv0"]).run()
    assert design(page).network.layer("add1").inputs == ("norm1b", "conv0") and not page.exception
    editor.do(page, "select", name="relu0")
    shown(page.selectbox, "layer.relu0.ReLU.inputs").set_value("conv0").run()
    assert design(page).network.layer("relu0").inputs == ("conv0",)
    shown(page.selectbox, "layer.relu0.ReLU.inputs").set_value("").run()
    assert design(page).network.layer("relu0").inputs is None


def test_every_layer_of_every_preset_can_be_inspected(page, editor):
    for preset in presets.PRESETS.values():
        design(page).open(preset.experiment)
        for name in {layer.kind: layer.name for layer in preset.experiment.network.layers}.values():
            editor.do(page, "select", name=name)
            assert not page.exception, name
            assert page.latex and preset.experiment.network.layer(name).kind in shell_text(words(page))


def test_every_kind_can_be_added_and_inspected(page, editor):
    from dlviz.layers import CATALOGUE
    for kind in CATALOGUE:
        editor.do(page, "add", kind=kind, at=0)
        assert not page.exception and CATALOGUE[kind].sentence() in words(page)


def test_a_broken_network_says_where_and_cannot_be_trained(page, editor):
    editor.do(page, "delete", name="flatten")
    wrong = [card for card in editor.shown["cards"] if card["error"]]
    assert [card["name"] for card in wrong] == ["hidden1"]
    assert wrong[0]["error"]["repair"]["label"] == "Insert Flatten"
    assert button(page, "Play").disabled and "1 layer has an error" in words(page)
    editor.do(page, "repair", name="hidden1")
    assert not button(page, "Play").disabled and not any(card["error"] for card in editor.shown["cards"])


def test_an_empty_network_says_what_to_do(page):
    design(page).set_network(NetworkSpec())
    page.run()
    assert not page.exception and button(page, "Play").disabled
    assert "Add a layer, or open one of the presets." in shell_text(page.error[0].value)


def test_play_makes_a_run_of_the_design_in_hand(page, service):
    button(page, "Play").click().run()
    assert service.created == [presets.get("mlp").experiment]


def test_edits_that_come_with_a_press_on_play_count_first(page, service, editor, monkeypatch):
    monkeypatch.setattr(stack, "coming", lambda key: bool(editor.waiting))
    editor.waiting.append(stack.Edit("delete", "hidden2"))
    button(page, "Play").click().run()
    assert ["hidden2" in one.network.names() for one in service.created] == [False]


def test_play_that_is_refused_says_why(page, service):
    service.refuse = RunError("The queue", "has room", "it is full", "Wait.")
    button(page, "Play").click().run()
    assert "The queue has room, but it is full" in shell_text(page.error[0].value) and not page.exception


def test_a_link_reopens_an_experiment_exactly(service, editor):
    linked = presets.get("lenet").experiment.model_copy(update={"seed": 77})
    at = fresh()
    at.query_params["experiment"] = linked.to_link()
    at.run()
    assert design(at).experiment == linked and "experiment" not in at.query_params
    assert "is open" in at.toast[0].value
    assert design(at).can_undo


def test_a_large_network_that_comes_in_a_link_shows_what_repeats_itself_as_one_block(service, editor):
    linked = presets.get("resnet").experiment.model_copy(update={"network": resnet(8)})
    at = fresh()
    at.query_params["experiment"] = linked.to_link()
    at.run()
    block, = design(at).experiment.layout.blocks
    assert (block.title, len(block.layers), block.folded) == ("Conv2d to ReLU x 8", 56, True)
    assert design(at).experiment.without_layout() == linked and len(editor.shown["cards"]) == 61


@pytest.mark.parametrize("break_it", [lambda text: text[:-9], lambda text: "!" + text, lambda text: "",
                                      lambda text: text[1:]])
def test_a_broken_link_gets_its_sentence_and_changes_nothing(service, editor, break_it):
    at = fresh()
    at.query_params["experiment"] = break_it(presets.get("lenet").experiment.to_link())
    at.run()
    assert design(at).experiment == presets.get("mlp").experiment and not at.exception
    assert "it is cut or changed" in at.toast[0].value and not design(at).can_undo


def test_a_link_is_the_page_s_address_with_the_experiment():
    made = presets.get("vgg").experiment
    for page, start in (("http://localhost:8501", "http://localhost:8501/?experiment="),
                        ("https://school.example/nets/?x=1", "https://school.example/nets/?experiment=")):
        link = files.link(made, page)
        assert link.startswith(start) and from_link(link.split("experiment=")[1]) == made


def test_a_file_is_opened_only_when_all_of_it_is_known():
    good = presets.get("resnet").experiment
    assert files.checked(from_json(good.to_json())) == good
    strange = Experiment(network=NetworkSpec(layers=(LayerSpec(name="x", kind="Lineer"),)))
    with pytest.raises(SpecError, match="Did you mean Linear"):
        files.checked(strange)
    with pytest.raises(TaskError, match="must be one of mnist"):
        files.checked(Experiment(task=TaskSpec(name="chess")))


def test_a_file_beyond_the_caps_is_refused_in_a_sentence():
    wide = [LayerSpec(name="flat", kind="Flatten")]
    wide += [LayerSpec(name=f"l{n}", kind="Linear", fields={"out_features": 16_000}) for n in range(2)]
    with pytest.raises(TooLargeError, match="at most 20,000,000 parameters"):
        files.checked(Experiment(network=NetworkSpec(layers=tuple(wide))))


def test_a_transformer_block_opens_into_its_parts_and_closes_by_undo(service, editor):
    at = fresh()
    experiment = presets.get("reverse").experiment
    block = next(layer for layer in experiment.network.layers if layer.kind == "TransformerEncoderLayer")
    design = Design("a-visitor-of-the-tests", experiment)
    design.selected = block.name
    at.session_state[DESIGN] = design
    at.run()
    at.button(key=f"layer.{block.name}.open").click().run()
    assert not at.exception
    assert {"MultiheadAttention", "FeedForward"} <= {layer.kind for layer in design.network.layers}
    opened, = design.experiment.layout.blocks
    assert opened.title == block.name and block.name in opened.layers and not opened.folded
    assert set(opened.layers) - {block.name} == set(design.network.names()) - set(experiment.network.names())
    design.undo()
    assert design.experiment == experiment


@pytest.mark.parametrize(("name", "file"), [
    ("Classic MLP", "Classic-MLP.json"), ("../../etc/passwd", "etc-passwd.json"), ("???", "design.json"),
    ("Größe 2", "Größe-2.json")])
def test_a_file_has_a_name_that_every_system_takes(name, file):
    assert files.file_name(name) == file


def test_an_unknown_task_leaves_a_page_on_which_another_design_can_be_opened(service, editor):
    at = fresh()
    at.session_state[DESIGN] = Design("a-visitor-of-the-tests", Experiment(task=TaskSpec(name="chess")))
    at.run()
    assert not at.exception and "must be one of" in shell_text(at.error[0].value)


HOSTILE = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "**bold** [a](http://b)", "$x^2$ :red[x]",
           "`code` # ~~no~~", "| a | b |", "layer.name.key"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text(page, editor, name):
    network = editing.rename(design(page).network, "hidden1", name)
    design(page).open(Experiment(name=name, network=network))
    editor.do(page, "select", name=name)
    assert not page.exception and page.number_input[0].value == 128
    design(page).selected = None
    design(page).set_network(editing.delete(network, "flatten"))
    editor.do(page, "select", name=name)
    assert not page.exception
    for text in [*page.markdown, *page.caption, *page.subheader, *page.error]:
        assert not getattr(text.proto, "allow_html", False)
        if name in shell_text(text.value):
            assert shell.plain(name) in text.value


@pytest.mark.parametrize("fields", [{"out_features": "many"}, {"out_features": 0}, {"out_features": None, "bias": 1},
                                    {"out_features": 10**12}, {"colour": "red"}])
def test_values_that_cannot_be_are_named_and_can_be_replaced(page, editor, fields):
    out = LayerSpec(name="out", kind="Linear", fields=fields)
    network = NetworkSpec(layers=(LayerSpec(name="f", kind="Flatten"), out))
    design(page).open(Experiment(network=network))
    editor.do(page, "select", name="out")
    assert not page.exception and editor.card("out")["error"]["repair"]
    assert ("is not valid" in words(page)) == ("colour" not in fields)
    editor.do(page, "repair", name="out")
    assert not page.exception


def test_the_design_outlives_the_session(page, service, editor):
    editor.do(page, "select", name="hidden1")
    shown(page.number_input, "layer.hidden1.Linear.out_features").set_value(33).run()
    owner = design(page).owner
    from pages.ui.shared.design import load_draft
    assert load_draft(owner) == design(page).experiment


def test_a_task_whose_data_is_not_here_has_cards_without_pictures(page, editor):
    fashion = presets.get("cnn").experiment.model_copy(update={"task": TaskSpec(name="fashion_mnist")})
    design(page).open(fashion)
    page.run()
    assert not page.exception and not page.error
    assert {card["picture"] for card in editor.shown["cards"]} == {None}
    assert "not on this computer yet" in words(page)
    assert "Download" in [one.label for one in page.button] and "Play" not in [one.label for one in page.button]
