"""Groups of layers that a visitor keeps: as they were saved, each visitor their own, and not without end."""
from __future__ import annotations

import pytest

from dlviz import groups
from dlviz.errors import SpecError
from dlviz.groups import LayerGroup
from dlviz.layout import Block
from dlviz.spec import LayerSpec


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("DLVIZ_HOME", str(tmp_path))
    return tmp_path


def group(title: str, *names: str, note: str = "") -> LayerGroup:
    layers = tuple(LayerSpec(name=name, kind="ReLU", inputs=("x",), fields={"note": note} if note else {})
                   for name in names or ("a",))
    return LayerGroup(block=Block(title=title, layers=tuple(layer.name for layer in layers)), layers=layers,
                 places={layers[0].name: (1.5, 2.0)})


def test_a_group_comes_back_as_it_was_saved_and_to_nobody_else():
    groups.save("ann", group("Norm"))
    groups.save("ann", group("Head", "a", "b"))
    assert groups.of("ann") == (group("Norm"), group("Head", "a", "b")) and groups.of("ben") == ()
    assert groups.get("ann", "Head") == group("Head", "a", "b")
    with pytest.raises(SpecError, match="none is called 'Head'"):
        groups.get("ben", "Head")


def test_one_of_the_same_title_takes_the_place_of_the_one_before():
    groups.save("ann", group("Norm"))
    groups.save("ann", group("Norm", "b"))
    assert groups.of("ann") == (group("Norm", "b"),)


def test_a_group_is_removed_and_all_are_forgotten():
    for title in ("One", "Two"):
        groups.save("ann", group(title))
    groups.remove("ann", "One")
    assert [one.title for one in groups.of("ann")] == ["Two"]
    with pytest.raises(SpecError):
        groups.remove("ann", "One")
    groups.forget("ann")
    groups.forget("ann")
    assert groups.of("ann") == ()


def test_when_there_are_too_many_or_too_large_ones_a_sentence_says_what_to_do():
    for number in range(groups.MOST):
        groups.save("ann", group(f"Group {number}"))
    with pytest.raises(SpecError, match="Remove one that you need no more"):
        groups.save("ann", group("One more"))
    groups.save("ann", group("Group 3", "b"))
    assert len(groups.of("ann")) == groups.MOST
    with pytest.raises(SpecError, match="may take 250 KB"):
        groups.save("ann", group("Group 4", *(f"n{number}" for number in range(100)), note="x" * 4_000))
    assert groups.get("ann", "Group 4") == group("Group 4")


def test_a_file_that_cannot_be_read_holds_no_groups_and_takes_new_ones(home):
    groups.path_of("ann").parent.mkdir()
    groups.path_of("ann").write_text("[{}]")
    assert groups.of("ann") == ()
    groups.save("ann", group("Norm"))
    assert groups.of("ann") == (group("Norm"),)


def test_the_output_is_what_no_other_takes_and_all_from_outside_becomes_one():
    layers = (LayerSpec(name="a", kind="ReLU", inputs=("x",)), LayerSpec(name="b", kind="Add", inputs=("a", "y", "x")),
              LayerSpec(name="c", kind="Tanh", inputs=("b",)))
    made = LayerGroup(block=Block(title="G", layers=("a", "b", "c")), layers=layers)
    assert made.output == "c"
    copied = made.behind("b", {"a": "a", "b": "b2", "c": "c"})
    assert [(layer.name, layer.inputs) for layer in copied] == [("a", ("b",)), ("b2", ("a", "b")), ("c", ("b2",))]
