"""Saved groups on the canvas, without a browser: a block is kept and put into other designs, wherever it fits."""
from __future__ import annotations

import pytest

from dlviz import groups
from dlviz.errors import SpecError
from pages.ui.build import group_edits
from pages.ui.shared.design import Design
from tests.pages.test_canvas import check, design, do, places, wires


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("DLVIZ_HOME", str(tmp_path))


def block(design: Design, title: str) -> tuple[str, ...]:
    return next(block.layers for block in design.experiment.layout.blocks if block.title == title)


def saved(*more: str) -> Design:
    """A residual part of another design, kept."""
    made = design("conv:Conv2d", "relu:ReLU", "act:Tanh", "add:Add:act,relu", "flat:Flatten", "out:Linear")
    do(made, "move", positions={"act": [10, 20], "add": [10, 120]})
    do(made, "group", title="Residual", layers=["act", "add"])
    return do(made, "save_group", title="Residual")


def test_a_block_is_saved_and_the_palette_says_what_it_holds():
    saved()
    assert group_edits.shown("tester") == [{"title": "Residual", "sentence": "2 layers: Tanh, Add."}]
    group = groups.get("tester", "Residual")
    assert [layer.inputs for layer in group.layers] == [("relu",), ("act", "relu")]
    assert group.places == {"act": (0, 0), "add": (0, 100)}


def test_at_the_end_it_follows_the_last_layer_as_a_block_with_names_of_its_own():
    saved()
    made = design("act:Tanh", "out:ReLU")
    do(made, "add_group", title="Residual")
    assert made.network.names()[:2] == ("act", "out") and len(made.network.names()) == 4
    tanh, add = made.network.names()[2:]
    assert {f"out>{tanh}>0", f"{tanh}>{add}>0", f"out>{add}>1"} <= wires(made)
    assert block(made, "Residual") == (tanh, add) and made.selection == (tanh, add)
    do(made, "add_group", title="Residual")
    assert block(made, "Residual (2)")[0] not in (tanh, add)
    made.undo()
    assert len(made.network.names()) == 4


def test_behind_a_chosen_layer_and_in_a_wire_it_is_put_into_the_path():
    saved()
    made = design("a:ReLU", "b:Tanh")
    do(made, "add_group", title="Residual", after="a")
    _tanh, add = block(made, "Residual")
    assert f"{add}>b>0" in wires(made) and "a>b>0" not in wires(made)
    made = design("a:ReLU", "b:Tanh", "c:Add:b,a", "flat:Flatten")
    do(made, "add_group", title="Residual", onto={"source": "a", "target": "c", "slot": 1})
    _tanh, add = block(made, "Residual")
    assert {f"{add}>c>1", "a>b>0", "b>c>0"} <= wires(made) and "a>c>1" not in wires(made)
    assert check(made).layer("c").out_shape == check(made).layer("a").out_shape


def test_into_an_empty_network_it_takes_what_flows_in_and_stands_where_it_was_dropped():
    saved()
    made = do(design(), "add_group", title="Residual", x=100, y=50)
    tanh, add = made.network.names()
    assert {f"image>{tanh}>0", f"image>{add}>1"} <= wires(made)
    assert places(made) == {tanh: (100, 50), add: (100, 150)}


def test_what_is_gone_or_no_block_is_refused_with_a_sentence():
    made = saved()
    do(made, "remove_group", title="Residual")
    for kind, values, sentence in (("add_group", {"title": "Residual"}, "none is called 'Residual'"),
                                   ("remove_group", {"title": "Residual"}, "none is called 'Residual'"),
                                   ("save_group", {"title": "Nothing"}, "must be a block of this network")):
        before = made.experiment
        with pytest.raises(SpecError, match=sentence):
            do(made, kind, **values)
        assert made.experiment is before
    saved()
    with pytest.raises(SpecError, match="no layer is called"):
        do(made, "add_group", title="Residual", after="gone")
