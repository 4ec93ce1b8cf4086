"""What the editor's edits do to a design: new layers fit their place, wires follow, nothing raises a traceback."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as rules
from hypothesis import strategies as some

from dlviz import network, presets
from dlviz.errors import SpecError
from dlviz.layers import CATALOGUE
from dlviz.spec import Experiment, LayerSpec, NetworkSpec
from dlviz.tasks import get as task
from pages.ui.build import edits as build_edits
from pages.ui.build.stack import Edit
from pages.ui.shared.design import Design

SIGNATURE = task("mnist").signature()


def design(*layers: tuple, preset: str | None = None) -> Design:
    if preset:
        return Design("tester", presets.get(preset).experiment)
    specs = [LayerSpec(name=name, kind=kind, fields=rest[0] if rest else {}, inputs=rest[1] if len(rest) > 1 else None)
             for name, kind, *rest in layers]
    return Design("tester", Experiment(network=NetworkSpec(layers=tuple(specs))))


def do(made: Design, type: str, **values) -> Design:
    build_edits.apply(made, Edit(type, **values))
    return made


def check(made: Design) -> network.NetworkReport:
    return network.check(made.network, SIGNATURE)


def names(made: Design) -> tuple[str, ...]:
    return made.network.names()


def test_a_new_layer_has_a_free_name_stands_in_its_place_and_is_selected():
    made = do(design(preset="mlp"), "add", kind="ReLU", at=2)
    assert names(made)[1:4] == ("hidden1", "relu3", "relu1") and made.selected == "relu3"
    assert check(made).ok


def test_a_last_layer_of_neurons_has_as_many_as_there_are_classes():
    made = do(design(("flatten", "Flatten")), "add", kind="Linear", at=1)
    assert made.network.layer("linear1").fields == {"out_features": 10} and check(made).ok
    do(made, "add", kind="Linear", at=1)
    assert made.network.layer("linear2").fields == {}


def test_a_place_behind_the_end_is_the_end():
    assert names(do(design(("flatten", "Flatten")), "add", kind="ReLU", at=99)) == ("flatten", "relu1")


def test_fields_that_would_not_fit_are_chosen_so_that_they_do():
    made = do(design(("conv", "Conv2d", {"out_channels": 6})), "add", kind="GroupNorm", at=1)
    assert made.network.layer("groupnorm1").fields == {"num_groups": 3}
    assert check(made).layer("groupnorm1").out_shape is not None
    tiny = do(design(("pool", "AdaptiveAvgPool2d")), "add", kind="Conv2d", at=1)
    assert check(tiny).layer("conv1").out_shape is not None


def test_add_skips_back_past_a_layer_that_learns():
    made = design(("conv1", "Conv2d", {"padding": 1}), ("relu1", "ReLU"), ("conv2", "Conv2d", {"padding": 1}),
                  ("norm", "BatchNorm2d"))
    assert do(made, "add", kind="Add", at=4).network.layer("add1").inputs == ("norm", "relu1")


def test_add_takes_the_nearest_of_its_shape_where_nothing_learns_between():
    made = design(("relu", "ReLU"), ("tanh", "Tanh"))
    assert do(made, "add", kind="Add", at=2).network.layer("add1").inputs == ("tanh", "relu")
    assert do(design(("relu", "ReLU")), "add", kind="Add", at=1).network.layer("add1").inputs == ("relu", "image")


def test_add_without_a_partner_waits_for_one():
    made = do(design(("flatten", "Flatten")), "add", kind="Add", at=1)
    assert made.network.layer("add1").inputs is None
    assert "joins 2 or more inputs" in check(made).layer("add1").error.sentence


def test_a_layer_dropped_before_a_join_gets_into_the_path():
    made = do(design(preset="resnet"), "add", kind="Tanh", at=8)  # between norm1b and add1
    assert made.network.layer("add1").inputs == ("tanh1", "relu0") and check(made).ok


def test_a_layer_dropped_between_a_branch_and_its_skip_gets_into_the_path():
    made = design(preset="resnet")
    at = made.network.index("norm2b") + 1  # the next card is the skip's own convolution
    do(made, "add", kind="Tanh", at=at)
    assert made.network.layer("add2").inputs == ("tanh1", "skip2") and check(made).ok


def test_a_kind_that_does_not_exist_is_let_pass():
    made = design(preset="mlp")
    assert do(made, "add", kind="Nonsense", at=0).network == presets.get("mlp").experiment.network


def test_a_name_of_an_input_is_not_given_and_not_taken():
    made = design(("flatten", "Flatten"))
    with pytest.raises(SpecError, match="what flows in is already called 'image'"):
        do(made, "rename", name="flatten", to="image")
    assert names(made) == ("flatten",)


def test_a_copy_takes_the_original_and_its_takers_take_the_copy():
    made = do(design(preset="resnet"), "duplicate", name="norm1b")
    copy = made.selected
    assert made.network.layer(copy).inputs is None and made.network.layer("add1").inputs == (copy, "relu0")
    assert check(made).ok
    do(made, "duplicate", name="add1")
    assert made.network.layer(made.selected).inputs == ("add1", "relu0") and check(made).ok


def test_renaming_keeps_the_selection_and_the_wires():
    made = design(preset="resnet")
    do(made, "select", name="relu0")
    do(made, "rename", name="relu0", to="start")
    assert made.selected == "start" and made.network.layer("add1").inputs == ("norm1b", "start")
    do(made, "undo")
    assert "relu0" in names(made) and made.selected is None


def test_a_taken_name_is_refused_with_a_sentence():
    made = design(preset="mlp")
    with pytest.raises(SpecError, match="another layer is already called 'relu2'"):
        do(made, "rename", name="relu1", to="relu2")


def test_moving_deleting_undoing():
    made = design(preset="mlp")
    do(made, "move", name="relu2", to=0)
    assert names(made)[0] == "relu2"
    do(made, "delete", name="relu2")
    assert "relu2" not in names(made)
    do(do(made, "undo"), "undo")
    assert made.network == presets.get("mlp").experiment.network
    do(made, "redo")
    assert names(made)[0] == "relu2"


def test_repair_mends_the_card():
    made = do(design(preset="mlp"), "delete", name="flatten")
    assert "takes a vector" in check(made).layer("hidden1").error.sentence
    assert check(do(made, "repair", name="hidden1")).ok


@pytest.mark.parametrize("type", ["move", "duplicate", "delete", "rename", "repair", "select"])
def test_an_edit_of_a_layer_that_is_gone_is_let_pass(type):
    made = design(preset="mlp")
    before = made.experiment
    assert do(made, type, name="gone", to="x" if type == "rename" else 0).experiment == before
    assert made.selected is None


def test_one_layer_too_many_is_refused():
    made = design(*[(f"relu{n}", "ReLU") for n in range(120)])
    with pytest.raises(SpecError, match="120 layers at most"):
        do(made, "add", kind="ReLU", at=3)


@pytest.mark.parametrize("kind", CATALOGUE)
@pytest.mark.parametrize("preset", presets.PRESETS)
def test_any_layer_can_be_added_anywhere_and_undone(kind, preset):
    made = design(preset=preset)
    before = made.network
    for at in range(0, len(before.layers) + 1, 3):
        do(made, "add", kind=kind, at=at)
        assert len(check(made).layers) == len(before.layers) + 1
        assert do(made, "undo").network == before


_PLACE = some.integers(0, 12)
_NAME = some.sampled_from(["flatten", "hidden1", "relu1", "conv0", "add1", "relu0", "add2", "gone", "output"])
_EDITS = some.one_of(
    some.builds(Edit, some.just("add"), kind=some.sampled_from(sorted(CATALOGUE)), at=_PLACE),
    some.builds(Edit, some.just("move"), name=_NAME, to=_PLACE),
    some.builds(Edit, some.sampled_from(["duplicate", "delete", "repair", "select"]), name=_NAME),
    some.builds(Edit, some.just("rename"), name=_NAME, to=some.text(min_size=1, max_size=41)),
    some.builds(Edit, some.sampled_from(["undo", "redo"])))


@rules(max_examples=30, deadline=None)
@given(some.sampled_from(["mlp", "resnet"]), some.lists(_EDITS, max_size=8))
def test_any_edits_leave_a_design_that_can_be_checked(preset, edits):
    made = design(preset=preset)
    for edit in edits:
        try:
            build_edits.apply(made, edit)
        except SpecError as error:
            assert error.sentence.endswith(".")
    report = check(made)
    assert [layer.name for layer in report.layers] == list(names(made))
    assert made.selected is None or made.selected in names(made)
