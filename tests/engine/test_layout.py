"""Where nodes stand goes where a design goes, in bounds, and is no part of what is trained or compared."""
from __future__ import annotations

import json

import pytest

from dlviz import presets, settings, views
from dlviz.errors import SpecError
from dlviz.inspect.slow_motion import SlowMotions
from dlviz.layout import FAR, Block, Layout
from dlviz.spec import Experiment, from_json, from_link, from_value
from pages.ui.build import cards
from pages.ui.build import edits as build_edits
from pages.ui.build.stack import Edit
from pages.ui.shared.design import Design

PLAIN = presets.get("mlp").experiment
LAYOUT = Layout(positions={"image": (0, -80), "hidden1": (10.5, 200), "relu1": (10, 300)},
                blocks=(Block(title="First half", layers=("hidden1", "relu1"), folded=True),))
LAID = PLAIN.model_copy(update={"layout": LAYOUT})


def value(**layout: object) -> dict:
    return json.loads(PLAIN.to_json()) | {"layout": layout}


def test_files_and_links_carry_it():
    assert from_json(LAID.to_json()) == LAID == from_link(LAID.to_link()) != PLAIN
    assert from_value(value(positions={"hidden1": [1, 2.5]})).layout.positions == {"hidden1": (1, 2.5)}


def test_a_file_without_one_opens_and_the_largest_fits_into_a_file():
    old = json.loads(PLAIN.to_json())
    del old["layout"]
    assert from_value(old) == PLAIN
    names = [f"{number:03}" + "n" * (settings.MAX_NAME - 3) for number in range(settings.MAX_LAYERS)]
    blocks = tuple(Block(title=name, layers=(name,)) for name in names)
    layout = Layout(positions=dict.fromkeys(names, (-FAR + 0.123, FAR)), blocks=blocks)
    large = PLAIN.model_copy(update={"layout": layout})
    assert from_json(large.to_json()) == large


@pytest.mark.parametrize("layout", [
    {"positions": {"hidden1": [1, FAR + 1]}}, {"positions": {"hidden1": [1e308, 0]}}, {"positions": {"hidden1": [1]}},
    {"positions": {"hidden1": [1, 2, 3]}}, {"positions": {"hidden1": ["1", 2]}}, {"positions": {"hidden1": None}},
    {"positions": {"x" * 41: [1, 2]}}, {"positions": {"": [1, 2]}}, {"positions": [1]}, {"zoom": 2},
    {"positions": {f"l{number}": [0, 0] for number in range(settings.MAX_LAYERS + 17)}},
    {"blocks": [{"title": "", "layers": ["a"]}]}, {"blocks": [{"title": "x" * 41, "layers": ["a"]}]},
    {"blocks": [{"title": "a\nb", "layers": ["a"]}]}, {"blocks": [{"title": " a", "layers": ["a"]}]},
    {"blocks": [{"title": "a", "layers": []}]}, {"blocks": [{"title": "a", "layers": ["a"], "folded": 1}]},
    {"blocks": [{"title": "a", "layers": ["a"]}, {"title": "a", "layers": ["b"]}]},
    {"blocks": [{"title": "a", "layers": ["c"]}, {"title": "b", "layers": ["c"]}]},
    {"blocks": [{"title": "a", "layers": ["x" * 41]}]}])
def test_what_is_out_of_bounds_is_refused_in_a_sentence(layout):
    with pytest.raises(SpecError, match="The experiment's layout"):
        from_value(value(**layout))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_place_is_a_number(number):
    text = LAID.to_json().replace("10.5", number)
    with pytest.raises(SpecError):
        from_json(text)


def test_it_is_none_of_what_trains():
    other = LAID.model_copy(update={"name": "Other"})
    assert other.trains_as(PLAIN) and PLAIN.trains_as(other) and LAID.without_layout() == PLAIN
    assert PLAIN.without_layout() is PLAIN
    assert not other.trains_as(PLAIN.model_copy(update={"seed": 2}))


def test_what_is_remembered_of_a_design_is_not_made_anew_when_a_node_moves():
    assert views.subject(LAID) is views.subject(PLAIN)
    assert cards.view(LAID, dark=False) is cards.view(PLAIN, dark=False)
    motions = SlowMotions()
    assert motions.get(LAID) is motions.get(PLAIN)


def test_layers_keep_their_places_under_other_names_and_lose_them_when_they_go():
    design = Design("tester", LAID)
    build_edits.apply(design, Edit("rename", "hidden1", to="first"))
    assert design.experiment.layout.positions == {"image": (0, -80), "first": (10.5, 200), "relu1": (10, 300)}
    assert design.experiment.layout.blocks[0].layers == ("first", "relu1")
    build_edits.apply(design, Edit("duplicate", "first"))
    assert set(design.experiment.layout.positions) == {"image", "first", "relu1"}
    assert set(design.experiment.layout.blocks[0].layers) == {"first", "relu1", design.selected}
    design.undo()
    build_edits.apply(design, Edit("delete", "first"))
    assert design.experiment.layout == Layout(positions={"image": (0, -80), "relu1": (10, 300)},
                                              blocks=(Block(title="First half", layers=("relu1",), folded=True),))
    build_edits.apply(design, Edit("delete", "relu1"))
    assert design.experiment.layout == Layout(positions={"image": (0, -80)})
    for _ in range(3):
        design.undo()
    assert design.experiment == LAID
    design.redo()
    assert "first" in design.experiment.layout.positions


def test_a_move_is_an_edit_that_can_be_undone():
    design = Design("tester", PLAIN)
    design.set_layout(PLAIN.layout.placed({"hidden1": (5.0, 6.0)}))
    assert design.can_undo and design.experiment.trains_as(PLAIN) and design.experiment != PLAIN
    design.undo()
    assert design.experiment == PLAIN


def test_layers_are_grouped_folded_opened_and_set_free():
    made = Layout().grouped(" Encoder ", ["a", "b", "b"]).grouped("Rest", ["b", "c"])
    assert [(block.title, block.layers) for block in made.blocks] == [("Encoder", ("a",)), ("Rest", ("b", "c"))]
    assert made.block_of("b") == "Rest" and made.block_of("z") is None
    assert made.folded("Rest", True).blocks[1].folded and not made.folded("Rest", True).blocks[0].folded
    assert made.ungrouped("Rest").grouped("Encoder", ["a", "c"]).blocks == (Block(title="Encoder", layers=("a", "c")),)
    for title in ("", "x" * 41, "a\nb", "Rest"):
        with pytest.raises(SpecError, match="A block's title"):
            made.grouped(title, ["a"])


def test_the_same_curve_with_and_without():
    from dlviz.training.loop import train
    quick = {"training": PLAIN.training.model_copy(update={"epochs": 1, "train_fraction": 0.002})}
    with_it, without = (list(train(each.model_copy(update=quick), device="cpu")) for each in (LAID, PLAIN))
    losses = [[event.loss for event in events if type(event).__name__ == "Step"] for events in (with_it, without)]
    assert losses[0] == losses[1] and losses[0]


def test_an_experiment_of_nothing_has_none():
    assert Experiment().layout == Layout()
