"""The canvas without a browser: what its messages do to a design, what they cannot do, and what it is shown."""
from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as some

from dlviz import network, presets, settings, tasks
from dlviz.errors import SpecError
from dlviz.layers import CATALOGUE
from dlviz.layout import FAR, Layout
from dlviz.network import wiring
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, from_json
from pages.ui.build import canvas_edits, cards, graph
from pages.ui.build.canvas import LISTS, CanvasInbox, news
from pages.ui.build.canvas_messages import PATCHES, READERS, CanvasEdit, held, names_in, read
from pages.ui.shared.design import Design
from tests.networks import resnet

SIGNATURE = tasks.get("mnist").signature()


def design(*layers: str, preset: str = "") -> Design:
    """'conv:Conv2d' or 'add:Add:conv,image' as layers; or a preset."""
    if preset:
        return Design("tester", presets.get(preset).experiment)
    parts = [text.split(":") for text in layers]
    specs = [LayerSpec(name=name, kind=kind, inputs=tuple(rest[0].split(",")) if rest else None)
             for name, kind, *rest in parts]
    return Design("tester", Experiment(network=NetworkSpec(layers=tuple(specs))))


def message(*edits: dict[str, Any], **more: Any) -> dict[str, Any]:
    entries = [{"rev": rev, "edit": edit} for rev, edit in enumerate(edits, 1)]
    return {"channel": "c", "mount": "m", "have": -1, "edits": entries} | more


def do(made: Design, type: str, /, **values: Any) -> Design:
    """One edit, by the way of a message."""
    found = read(message({"type": type, **values}))
    assert found is not None and len(found.edits) == 1, "the edit was not read"
    canvas_edits.apply(made, found.edits[0])
    return made


def wires(made: Design) -> set[str]:
    return {f"{edge.source}>{edge.target}>{edge.slot}" for edge in wiring.edges(made.network, ["image"])}


def check(made: Design) -> network.NetworkReport:
    return network.check(made.network, SIGNATURE)


def places(made: Design) -> dict[str, tuple[float, float]]:
    return made.experiment.layout.positions


# what edits do

def test_a_layer_comes_where_it_was_dropped_in_one_step():
    moved = {"flatten": [5, 6], "no": [1, 1]}
    made = do(design("flatten:Flatten"), "add", kind="Linear", x=10.4, y=-20.6, positions=moved)
    assert made.network.names() == ("flatten", "linear1") and made.selection == ("linear1",) and check(made).ok
    assert places(made) == {"flatten": (5, 6), "linear1": (10, -21)}
    made.undo()
    assert made.network.names() == ("flatten",) and not places(made) and not made.can_undo


def test_a_layer_is_spliced_into_a_wire_and_behind_a_layer():
    wire = {"source": "a", "target": "add", "slot": 1}
    made = do(design("a:ReLU", "b:ReLU", "add:Add:b,a"), "add", kind="Tanh", onto=wire)
    assert wires(made) == {"image>a>0", "a>b>0", "a>tanh1>0", "b>add>0", "tanh1>add>1"}
    do(made, "add", kind="Sigmoid", after="b")
    assert {"b>sigmoid1>0", "sigmoid1>add>0"} < wires(made)
    do(made, "add", kind="Sigmoid", after="image")
    assert {"image>sigmoid2>0", "sigmoid2>a>0"} < wires(made)


def test_a_wire_pulled_into_empty_space_rewires_nobody_else():
    made = do(design("a:ReLU", "b:Tanh"), "add", kind="Sigmoid", **{"from": "a"})
    assert wires(made) == {"image>a>0", "a>b>0", "a>sigmoid1>0"} and made.network.names()[-1] == "b"
    do(made, "add", kind="ReLU", **{"from": "b"})
    assert made.network.names()[-1] == "relu1" and "b>relu1>0" in wires(made)


def test_a_layer_that_joins_finds_its_partner_on_the_canvas_too():
    made = design("conv1:Conv2d", "relu1:ReLU", "conv2:Conv2d:relu1")
    for name in ("conv1", "conv2"):
        do(made, "select", names=[name])
    made.set_network(NetworkSpec(layers=tuple(
        layer.model_copy(update={"fields": {"padding": 1}}) if layer.kind == "Conv2d" else layer
        for layer in made.network.layers)))
    do(made, "add", kind="Add", **{"from": "conv2"})
    assert made.network.layer("add1").inputs == ("conv2", "relu1")


def test_wires_are_drawn_cut_and_put_elsewhere():
    made = do(design("a:ReLU", "b:Tanh", "add:Add"), "connect", source="a", target="add")
    assert {"b>add>0", "a>add>1"} < wires(made) and check(made).layer("add").out_shape is not None
    wire = {"source": "a", "target": "add", "slot": 1}
    do(made, "reconnect", **{"from": wire}, to={"source": "image", "target": "add"})
    assert "image>add>1" in wires(made)
    do(made, "disconnect", source="image", target="add", slot=1)
    assert wires(made) == {"image>a>0", "a>b>0", "b>add>0"}
    do(made, "connect", source="image", target="b")
    assert "image>b>0" in wires(made) and "a>b>0" not in wires(made), "a layer of one input gets it replaced"


@pytest.mark.parametrize(("kind", "values", "sentence"), [
    ("connect", {"source": "b", "target": "a"}, "must not close a circle"),
    ("connect", {"source": "z", "target": "a"}, "no layer is called 'z'"),
    ("disconnect", {"source": "b", "target": "a", "slot": 0}, "another edit has removed it"),
    ("add", {"kind": "ReLU", "after": "z"}, "no layer is called 'z'"),
    ("add", {"kind": "ReLU", "from": "z"}, "no layer is called 'z'"),
    ("add", {"kind": "ReLU", "onto": {"source": "z", "target": "a", "slot": 0}}, "must be there"),
    ("add", {"kind": "Nonsense"}, "Nonsense"), ("replace", {"name": "a", "kind": "Nonsense"}, "Nonsense"),
    ("replace", {"name": "z", "kind": "ReLU"}, "no layer is called 'z'"),
    ("rename", {"name": "z", "to": "y"}, "no layer is called 'z'"),
    ("rename", {"name": "a", "to": "b"}, "already called"),
    ("rename", {"name": "a", "to": "image"}, "already called"), ("rename", {"name": "a", "to": " "}, "1 to 40"),
    ("repair", {"name": "z"}, "no layer is called 'z'"), ("duplicate", {"names": ["z"]}, "no layer is called 'z'"),
    ("group", {"title": "", "layers": ["a"]}, "A block's title"), ("group", {"title": "x", "layers": ["z"]}, "'z'"),
    ("paste", {"layers": [3], "x": 0, "y": 0}, "must be layers that were copied"),
    ("paste", {"layers": [{"name": "a", "kind": "ReLU"}] * 2, "x": 0, "y": 0}, "must be layers that were copied"),
    ("paste", {"layers": [{"name": "x", "kind": "Add", "inputs": ["x"]}], "x": 0, "y": 0}, "close a circle")])
def test_what_cannot_be_gets_its_sentence_and_changes_nothing(kind, values, sentence):
    made = design("a:ReLU", "b:Tanh")
    with pytest.raises(SpecError, match=sentence):
        do(made, kind, **values)
    assert not made.can_undo and made.network.names() == ("a", "b")


def test_many_go_and_their_neighbours_join():
    made = do(design(preset="mlp"), "delete", names=["relu1", "hidden2", "gone"])
    assert made.network.names() == ("flatten", "hidden1", "relu2", "output") and check(made).ok
    assert all(layer.inputs is None for layer in made.network.layers)


def test_nodes_are_moved_and_tidied():
    made = do(design("a:ReLU", "b:Tanh"), "move", positions={"a": [1, 2], "image": [3, 4], "z": [5, 6]})
    do(made, "move", positions={"a": [7, 8]})
    assert places(made) == {"a": (7, 8), "image": (3, 4)}
    do(made, "tidy", positions={"b": [0, 0]})
    assert places(made) == {"b": (0, 0)} and made.experiment.trains_as(design("a:ReLU", "b:Tanh").experiment)


def test_copies_stand_beside_their_originals_with_wires_of_their_own():
    made = do(design("a:ReLU", "b:Tanh", "c:Sigmoid"), "move", positions={"a": [0, 0], "b": [0, FAR]})
    do(made, "duplicate", names=["b", "a"], dx=200, dy=30)
    assert made.selection == ("a1", "b1") and {"image>a1>0", "a1>b1>0", "b>c>0"} < wires(made)
    assert places(made)["a1"] == (200, 30) and places(made)["b1"] == (200, FAR), "the canvas has an end"


def test_what_was_copied_is_pasted_with_its_wires_and_places():
    source = design(preset="resnet")
    shown = graph.graph(source.experiment, cards.view(source.experiment, False))
    copied = [node["spec"] for node in shown["nodes"] if node["name"] in ("conv1a", "norm1a", "relu1a")]
    copied[0] = copied[0] | {"inputs": ["relu0"]}
    made = do(design("relu0:ReLU"), "paste", layers=copied, x=100, y=50, places=[[0, 0], None, [5, 200]])
    assert made.network.names() == ("relu0", "conv1a", "norm1a", "relu1a") == ("relu0", *made.selection)
    assert places(made) == {"conv1a": (100, 50), "relu1a": (105, 250)}
    assert made.network.layer("conv1a").fields == source.network.layer("conv1a").fields


def test_another_kind_keeps_wires_and_fields_that_fit():
    made = design("a:ReLU", "conv:Conv2d", "b:Tanh")
    made.set_network(made.network.model_copy(update={"layers": tuple(
        layer.model_copy(update={"fields": {"out_channels": 6, "kernel_size": 5, "padding": 2}}) if layer.name == "conv"
        else layer for layer in made.network.layers)}))
    before = wires(made)
    do(made, "replace", name="conv", kind="ConvTranspose2d")
    layer = made.network.layer("conv")
    assert layer.kind == "ConvTranspose2d" and layer.fields["out_channels"] == 6 and wires(made) == before
    assert set(layer.fields) <= set(CATALOGUE["ConvTranspose2d"].model_fields)
    do(made, "replace", name="conv", kind="Dropout2d" if "Dropout2d" in CATALOGUE else "Dropout")
    assert "out_channels" not in made.network.layer("conv").fields


def test_layers_are_grouped_folded_and_set_free():
    made = do(design("a:ReLU", "b:Tanh", "c:Sigmoid"), "group", title="Half", layers=["b", "a"])
    do(made, "fold", title="Half", folded=True, positions={"c": [0, 9]})
    assert made.experiment.layout.blocks[0].model_dump() == {"title": "Half", "layers": ("a", "b"), "folded": True}
    assert places(made) == {"c": (0, 9)}
    do(made, "add", kind="ReLU", after="a")
    assert made.experiment.layout.block_of("relu1") == "Half"
    do(made, "ungroup", title="Half")
    assert made.experiment.layout.blocks == ()
    do(made, "undo")
    do(made, "redo")
    assert made.experiment.layout.blocks == ()


def test_a_broken_wire_is_mended_by_its_button():
    made = do(design(preset="mlp"), "delete", names=["flatten"])
    shown = graph.graph(made.experiment, cards.view(made.experiment, False))
    wire = next(wire for wire in shown["wires"] if wire["target"] == "hidden1")
    assert wire["problem"]["repair"] == {"label": "Insert Flatten"} and wire["shape"] == "1 x 28 x 28"
    do(made, "repair", name="hidden1")
    assert check(made).ok


def test_a_resnet_block_is_drawn_from_nothing():
    made = design()
    for kind, source in (("Conv2d", "image"), ("BatchNorm2d", "conv1"), ("ReLU", "batchnorm1"), ("Conv2d", "relu1"),
                         ("BatchNorm2d", "conv2")):
        do(made, "add", kind=kind, **{"from": source})
    for name in ("conv1", "conv2"):
        made.set_network(made.network.model_copy(update={"layers": tuple(
            layer.model_copy(update={"fields": {"padding": 1}}) if layer.name == name else layer
            for layer in made.network.layers)}))
    do(made, "add", kind="ReLU", **{"from": "batchnorm2"})
    do(made, "add", kind="Add", onto={"source": "batchnorm2", "target": "relu2", "slot": 0})
    if made.network.layer("add1").inputs != ("batchnorm2", "relu1"):
        do(made, "connect", source="relu1", target="add1")
    assert {"batchnorm2>add1>0", "relu1>add1>1", "add1>relu2>0"} < wires(made)
    assert check(made).layer("add1").out_shape is not None


# what it is shown

def test_the_graph_is_json_and_says_all_of_the_network():
    made = do(design(preset="resnet"), "move", positions={"conv0": [1, 2]})
    do(made, "group", title="Stem", layers=["conv0", "norm0"])
    shown = graph.graph(made.experiment, cards.view(made.experiment, False))
    assert json.loads(json.dumps(shown)) == shown
    assert [node["name"] for node in shown["nodes"]] == list(made.network.names())
    assert {f"{w['source']}>{w['target']}>{w['slot']}" for w in shown["wires"]} == wires(made)
    first = shown["nodes"][0]
    assert (first["x"], first["y"], first["block"], first["ports"]) == (1, 2, "Stem", {"least": 1, "most": 1})
    assert shown["output"] == made.network.names()[-1] and shown["targets"] == "10"
    assert NetworkSpec.model_validate({"layers": [LayerSpec.model_validate(node["spec"]) for node in shown["nodes"]]}) \
        == made.network
    assert {wire["explicit"] for wire in shown["wires"] if wire["target"] == "add1"} == {True}


@pytest.mark.parametrize("key", presets.PRESETS)
def test_every_ready_network_has_a_graph_without_problems(key):
    experiment = presets.get(key).experiment
    shown = graph.graph(experiment, cards.view(experiment, False))
    assert not [wire for wire in shown["wires"] if wire["problem"]] and len(shown["nodes"]) == len(
        experiment.network.layers)


def test_a_wire_from_what_is_gone_is_not_drawn_but_said():
    made = design("a:ReLU", "b:Tanh:gone,a")
    shown = graph.graph(made.experiment, cards.view(made.experiment, False))
    assert [wire["source"] for wire in shown["wires"]] == ["image", "a"] and shown["nodes"][1]["problem"]


def shown_graph(made: Design) -> dict:
    return graph.graph(made.experiment, cards.view(made.experiment, False))


def test_only_what_is_new_is_sent_to_a_browser_that_can_put_it_together():
    made, box = design(preset="resnet"), CanvasInbox(channel="c")
    first = shown_graph(made)
    assert box.shown(first) == {"version": 1, "design": first}
    box.take(message(have=1, delta=PATCHES))
    assert box.shown(first) == {"version": 1, "design": None}
    do(made, "move", positions={"add1": [5, 5]})
    second = shown_graph(made)
    shown = box.shown(second)
    assert shown["base"] == 1 and joined(first, shown["design"]) == second
    assert len(json.dumps(shown)) < 1_000 < len(json.dumps(second)) / 10
    for older in (message(have=1, delta=2), message(have=1), message(have=-1, delta=PATCHES)):
        box.take(older)
        assert box.shown(second) == {"version": 2, "design": second}


@pytest.mark.parametrize(("kind", "values"), [
    ("move", {"positions": {"stem": [5, 5]}}), ("rename", {"name": "out", "to": "logits"}),
    ("add", {"kind": "Dropout", "after": "flatten"}), ("add", {"kind": "ReLU", "after": "out"}),
    ("disconnect", {"source": "pool", "target": "flatten", "slot": 0}),
    ("delete", {"names": ["flatten"]}), ("group", {"title": "Stem", "layers": ["stem", "relu"]})])
def test_what_is_sent_of_an_edit_grows_with_the_edit_and_not_with_the_network(kind, values):
    def size(blocks: int) -> int:
        made = Design("tester", Experiment(network=resnet(blocks)))
        before = shown_graph(made)
        do(made, kind, **values)
        return len(json.dumps(news(before, shown_graph(made))))

    small, large = size(1), size(12)  # 12 and 89 layers
    assert abs(large - small) < 100, (small, large)


def joined(base: dict, new: dict) -> dict:
    """What a browser makes of it."""
    found = {}
    for part, key in LISTS.items():
        patch, held = new[part], {key(one): one for one in base[part]}
        if patch is None:
            found[part] = base[part]
            continue
        keys = [name for name in held if name not in patch["gone"]]
        for name, above in patch["after"]:
            keys.insert(keys.index(above) + 1 if above else 0, name)
        for one in patch["set"]:
            picture = {"picture": held[key(one)]["picture"]} if one.get("picture") == "=" else {}
            held[key(one)] = {**one, **picture}
        found[part] = [held[name] for name in patch["order"] or keys]
    return {**new, **found}


def test_news_of_any_two_designs_are_put_together_again():
    shown = [graph.graph(each.experiment, cards.view(each.experiment, False)) for each in presets.PRESETS.values()
             if each.experiment.task.name == "mnist"]
    for one in shown:
        for other in shown:
            assert joined(one, news(one, other)) == other


# the list of edits

def test_each_edit_is_taken_once_however_often_it_is_sent():
    box = CanvasInbox(channel="c")
    undo, select = {"type": "undo"}, {"type": "select", "names": ["a"]}
    assert [edit.rev for edit in box.take(message(undo))] == [1] and box.ack == 1
    assert [edit.type for edit in box.take(message(undo, select, undo))] == ["select", "undo"]
    assert box.take(message(undo, select)) == () and box.ack == 3


def test_a_new_mount_counts_anew_and_an_old_one_is_remembered():
    box = CanvasInbox(channel="c")
    box.take(message({"type": "undo"}, {"type": "undo"}, mount="one"))
    assert len(box.take(message({"type": "undo"}, mount="two"))) == 1 and box.ack == 1
    assert box.take(message({"type": "undo"}, {"type": "undo"}, mount="one")) == () and box.ack == 2
    assert box.take(message({"type": "undo"}, channel="another")) == ()


def test_a_refusal_goes_back_until_the_next_mount():
    box = CanvasInbox(channel="c")
    edit, = box.take(message({"type": "undo"}))
    box.refuse(edit, "No.")
    assert box.refused == [{"rev": 1, "sentence": "No."}]
    for rev in range(40):
        box.refuse(CanvasEdit(rev, "undo", {}), "No.")
    assert len(box.refused) == 20
    box.take(message(mount="two"))
    assert box.refused == []


def test_of_what_the_browser_says_that_it_holds_the_later_word_counts_wherever_it_came():
    box = CanvasInbox(channel="c")
    box.take(message({"type": "undo"}, have=3, turn=10))
    box.hear(held(message(have=4, turn=11)))
    assert box.take(message({"type": "undo"}, have=3, turn=10)) == () and box.have == 4  # sent along with a later run
    box.hear(held(message(have=7, turn=12, channel="another")))
    box.hear(held(message(have=7, turn=9)))
    assert box.have == 4 and box.ack == 1
    box.hear(held(message(have=1, turn=12, mount="two")))
    assert (box.have, box.mount, box.ack) == (1, "two", 0)


def test_three_edits_at_once_and_a_refused_one_among_them():
    made, box = design("a:ReLU", "b:Tanh", "c:Sigmoid"), CanvasInbox(channel="c")
    three = ({"type": "rename", "name": "a", "to": "x"}, {"type": "connect", "source": "c", "target": "x"},
             {"type": "delete", "names": ["b"]})
    for edit in box.take(message(*three)):
        try:
            canvas_edits.apply(made, edit)
        except SpecError as error:
            box.refuse(edit, error.sentence)
    assert made.network.names() == ("x", "c") and [one["rev"] for one in box.refused] == [2] and box.ack == 3


# what a browser may send

BIG = 10**400
EVIL = [None, True, False, 0, -1, 1.5, float("nan"), float("inf"), 1e308, BIG, -BIG, "", "x" * 50_000, "\ud800", "a\nb",
        "\0", [], {}, [[]], [None], [BIG, BIG], [1e9, 0], ["a"], {"a": 1}, {"source": "a"}, {"a": [0, float("nan")]},
        {"a": [0, BIG]}, {"source": "a", "target": "b", "slot": BIG}, {"source": 1, "target": [], "slot": {}},
        ["a"] * 5_000, [{"name": "x", "kind": "\ud800"}], [{"name": "x", "kind": "ReLU", "fields": {"\ud800": 1}}],
        [{"name": "x", "kind": "ReLU", "inputs": ["a"] * 99}], [{"name": "x" * 41, "kind": "ReLU"}]]


def hostile() -> Iterator[dict[str, Any]]:
    """Every field of every edit with everything that it should not be, the others as they should."""
    good: dict[str, Any] = {"kind": "ReLU", "name": "a", "names": ["a"], "layers": ["a"], "source": "a", "target": "b",
                            "slot": 0, "positions": {"a": [0, 0]}, "title": "t", "folded": True, "to": "n", "x": 0,
                            "y": 0, "from": {"source": "a", "target": "b", "slot": 0}}
    for kind, fields in READERS.items():
        for field in fields:
            for value in EVIL:
                own = {"to": {"source": "a", "target": "b"}} if kind == "reconnect" else {}
                layers = {"layers": [{"name": "p", "kind": "ReLU", "inputs": ["a"]}]} if kind == "paste" else {}
                branch = {"from": "a"} if kind == "add" else {}
                usual = {name: good.get(name) for name in fields}
                yield {"type": kind, **usual, **own, **layers, **branch, field: value}


def test_no_edit_of_a_browser_ends_in_a_traceback_or_a_design_that_cannot_be_written():
    for raw in hostile():
        made = design("a:ReLU", "b:Tanh")
        found = read(message(raw))
        assert found is not None and found.last_rev == 1
        for edit in found.edits:
            try:
                canvas_edits.apply(made, edit)
            except SpecError as error:
                error.sentence.encode()
            assert from_json(made.experiment.to_json()) == made.experiment, raw
            json.dumps(graph.graph(made.experiment, cards.view(made.experiment, False)), ensure_ascii=False).encode()


@pytest.mark.parametrize("value", EVIL, ids=str)
def test_what_is_no_message_is_no_message(value):
    assert read(value) is None and held(value) is None
    for field in ("channel", "mount", "have", "edits", "delta", "turn"):
        found = read(message({"type": "undo"}, **{field: value}))
        assert found is None or found.held.have in (-1, 0) or field != "have"
        assert found is None or found.held.turn == 0 or field != "turn"
    for entry in (value, {"rev": value, "edit": {"type": "undo"}}, {"rev": 1, "edit": value},
                  {"rev": 1, "edit": {"type": value}}):
        found = read(message() | {"edits": [entry]})
        assert found is not None and len(found.edits) <= 1


def test_of_an_endless_message_a_hundred_edits_are_read():
    found = read(message(*[{"type": "undo"}] * 5_000))
    assert found is not None and len(found.edits) == 100 and found.last_rev == 100


def test_names_are_a_short_list_of_short_names():
    assert names_in(["a", "b", "a"]) == ("a", "b") and names_in([]) == ()
    assert [names_in(value) for value in (None, "ab", ["a", 3], ["x" * 41], ["a"] * 5_000)] == [None] * 5


KEYS = some.sampled_from(["type", "name", "names", "kind", "positions", "layers", "a"])
ANY = some.recursive(some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=5)
                     | some.sampled_from(["a", "b", *READERS]), lambda inner: some.lists(inner, max_size=3)
                     | some.dictionaries(KEYS, inner, max_size=4), max_leaves=12)


@given(edits=some.lists(ANY, max_size=5))
@rules(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_anything_is_read_or_left_out(edits):
    made = design("a:ReLU", "b:Tanh")
    found = read(message() | {"edits": [{"rev": rev, "edit": edit} for rev, edit in enumerate(edits)]})
    assert found is not None
    for edit in found.edits:
        try:
            canvas_edits.apply(made, edit)
        except SpecError:
            continue
    assert from_json(made.experiment.to_json()) == made.experiment


NAME = some.sampled_from(["a", "b", "c", "relu1", "relu2", "a1", "image"])
POINT = some.lists(some.integers(-9, 9), min_size=2, max_size=2)
EDIT = some.one_of(
    some.fixed_dictionaries({"type": some.just("add"), "kind": some.sampled_from(["ReLU", "Add", "Flatten"])},
                            optional={"after": NAME, "from": NAME}),
    some.fixed_dictionaries({"type": some.just("connect"), "source": NAME, "target": NAME}),
    some.fixed_dictionaries({"type": some.just("disconnect"), "source": NAME, "target": NAME, "slot": some.just(0)}),
    some.fixed_dictionaries({"type": some.sampled_from(["delete", "duplicate", "select"]),
                             "names": some.lists(NAME, max_size=3)}),
    some.fixed_dictionaries({"type": some.just("move"), "positions": some.dictionaries(NAME, POINT, max_size=3)}),
    some.fixed_dictionaries({"type": some.just("rename"), "name": NAME, "to": NAME}),
    some.fixed_dictionaries({"type": some.just("group"), "title": some.sampled_from("xy"), "layers": some.lists(NAME)}),
    some.fixed_dictionaries({"type": some.sampled_from(["undo", "redo"])}))


@given(edits=some.lists(EDIT, max_size=12))
@rules(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_undo_gives_back_every_value_that_there_was(edits):
    made = design("a:ReLU", "b:Tanh", "c:Sigmoid")
    past = [made.experiment]
    for raw in edits:
        if raw["type"] in ("undo", "redo"):
            continue
        try:
            do(made, raw["type"], **{key: value for key, value in raw.items() if key != "type"})
        except SpecError:
            assert made.experiment == past[-1]
        if made.experiment != past[-1]:
            past.append(made.experiment)
        known = {*made.network.names(), "image"}
        assert set(places(made)) <= known and set(made.selection) <= known
        assert {name for block in made.experiment.layout.blocks for name in block.layers} <= known
        above = {"image"}
        for at, layer in enumerate(made.network.layers):
            assert set(network.resolved_inputs(made.network, SIGNATURE, at)) <= above
            above.add(layer.name)
    for experiment in reversed(past[:-1]):
        made.undo()
        assert made.experiment == experiment
    assert not made.can_undo
    for experiment in past[1:]:
        made.redo()
        assert made.experiment == experiment


def test_a_network_at_its_limit_says_so():
    made = design(*(f"l{n}:ReLU" for n in range(settings.MAX_LAYERS)))
    for kind, values in (("add", {"kind": "ReLU"}), ("duplicate", {"names": ["l1"]}),
                         ("paste", {"layers": [{"name": "x", "kind": "ReLU"}], "x": 0, "y": 0})):
        with pytest.raises(SpecError, match="may have 120 layers at most"):
            do(made, kind, **values)


def test_an_empty_design_is_drawn():
    made = design()
    shown = graph.graph(made.experiment, cards.view(made.experiment, False))
    assert shown["nodes"] == [] and shown["output"] is None and shown["inputs"][0]["name"] == "image"
    assert made.experiment.layout == Layout()
