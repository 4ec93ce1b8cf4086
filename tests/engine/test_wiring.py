"""Wires drawn, cut and moved by hand, held to a graph in plain dicts; layers stay in an order in which data flows."""
from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from dlviz import layers as catalogue
from dlviz import network as net
from dlviz import presets, tasks
from dlviz.errors import SpecError
from dlviz.network import wiring
from dlviz.network.wiring import Edge
from dlviz.spec import LayerSpec, NetworkSpec

INPUTS = ("image", "mask")
SIGNATURE = tasks.get("mnist").signature()
NO_LIMIT = None


def network(*layers: str) -> NetworkSpec:
    """'a b:a c:a,b' as layers with what they take; without a colon, the one before."""
    specs = []
    for text in layers:
        name, _, inputs = text.partition(":")
        taken = tuple(filter(None, inputs.split(","))) if ":" in text else None
        specs.append(LayerSpec(name=name, kind="Add", inputs=taken))
    return NetworkSpec(layers=tuple(specs))


def words(made: NetworkSpec) -> list[str]:
    return [layer.name if layer.inputs is None else f"{layer.name}:{','.join(layer.inputs)}" for layer in made.layers]


def take(made: NetworkSpec, source: str, target: str, slot: int | None = None, most: int | None = NO_LIMIT):
    return wiring.connect(made, INPUTS, source, target, slot, most)


def test_a_wire_takes_the_first_free_place():
    assert words(take(network("a", "b", "c"), "a", "c")) == ["a", "b", "c:b,a"]


def test_a_layer_of_one_input_takes_the_new_one():
    assert words(take(network("a", "b", "c"), "a", "c", most=1)) == ["a", "b", "c:a"]


def test_a_wire_to_a_port_replaces_what_is_there():
    assert words(take(network("a", "b", "c:b,a"), "image", "c", 1)) == ["a", "b", "c:b,image"]
    assert words(take(network("a", "b", "c:b"), "image", "c", 7)) == ["a", "b", "c:b,image"]


def test_a_layer_moves_below_what_it_takes_and_nobody_else_takes_anything_else():
    assert words(take(network("a", "b", "c:a", "d"), "d", "b", 0)) == ["a", "c:a", "d", "b:d"]
    assert words(take(network("a", "x:image", "b:a", "c"), "c", "x")) == ["a", "b:a", "c", "x:image,c"]


@pytest.mark.parametrize(("source", "target", "came"), [
    ("a", "a", "both ends are one layer"), ("d", "a", "a leads to d already through b, c"),
    ("b", "a", "a leads to b already\\.")])
def test_a_circle_is_refused_with_the_way_it_would_take(source, target, came):
    with pytest.raises(SpecError, match=f"A wire from {source} to {target} must not close a circle, but {came}"):
        take(network("a", "b", "c", "d"), source, target)


@pytest.mark.parametrize(("source", "target"), [("gone", "a"), ("a", "gone"), ("a", "image"), ("", "a")])
def test_a_wire_needs_both_its_ends(source, target):
    with pytest.raises(SpecError, match="A wire must lead from an output to a layer"):
        take(network("a", "b"), source, target)


def test_a_full_layer_takes_no_more():
    with pytest.raises(SpecError, match="Layer c takes 2 inputs at most, but all of them are wired"):
        take(network("a", "b", "c:a,b"), "image", "c", most=2)
    with pytest.raises(SpecError, match="takes 16 inputs at most"):
        take(network("a", "b:" + ",".join(["a"] * 16)), "image", "b")
    with pytest.raises(SpecError, match="Layer b takes each output once"):
        take(network("a", "b"), "a", "b")


def test_a_wire_is_cut_and_a_layer_may_take_nothing():
    assert words(wiring.disconnect(network("a", "b", "c:b,a"), INPUTS, Edge("b", "c", 0))) == ["a", "b", "c:a"]
    cut = wiring.disconnect(network("a", "b", "c"), INPUTS, Edge("a", "b", 0))
    assert words(cut) == ["a", "b:", "c"]
    assert words(take(cut, "a", "b")) == ["a", "b:a", "c"]
    with pytest.raises(SpecError, match="another edit has removed it"):
        wiring.disconnect(cut, INPUTS, Edge("a", "b", 0))


def test_a_layer_without_a_wire_says_so_and_the_button_mends_it():
    mlp = presets.get("mlp").experiment.network
    cut = wiring.disconnect(mlp, ("image",), Edge("hidden1", "relu1", 0))
    report = net.check(cut, SIGNATURE)
    assert "takes 1 input, but nothing is wired to it" in report.layer("relu1").error.sentence
    from dlviz.network import repairs
    assert repairs.repair(cut, report, "relu1").network == mlp


def test_an_end_of_a_wire_is_put_elsewhere():
    made = network("a", "b", "c:b,a", "d")
    assert words(wiring.reconnect(made, INPUTS, Edge("a", "c", 1), "image", "c", None, NO_LIMIT)) == \
        ["a", "b", "c:b,image", "d"]
    assert words(wiring.reconnect(made, INPUTS, Edge("a", "c", 1), "a", "d", None, NO_LIMIT)) == \
        ["a", "b", "c:b", "d:c,a"]
    assert words(wiring.reconnect(made, INPUTS, Edge("b", "c", 0), "b", "d", 0, 1)) == ["a", "b", "c:a", "d:b"]


def test_a_refused_end_leaves_the_wire():
    with pytest.raises(SpecError, match="circle"):
        wiring.reconnect(network("a", "b", "c"), INPUTS, Edge("a", "b", 0), "c", "b", None, 1)


def test_a_layer_goes_into_one_wire_alone():
    made = network("a", "b:a", "c:b,a")
    new = LayerSpec(name="new", kind="ReLU")
    assert words(wiring.insert_into(made, INPUTS, new, Edge("a", "c", 1))) == ["a", "b:a", "new:a", "c:b,new"]
    assert words(wiring.insert_into(network("a", "b"), INPUTS, new, Edge("a", "b", 0))) == ["a", "new", "b"]
    with pytest.raises(SpecError, match="must be there"):
        wiring.insert_into(made, INPUTS, new, Edge("b", "c", 1))


def test_a_branch_rewires_nobody():
    new = LayerSpec(name="new", kind="ReLU")
    assert words(wiring.branch(network("a", "b"), INPUTS, new, "a")) == ["a", "new", "b:a"]
    assert words(wiring.branch(network("a", "b"), INPUTS, new, "b")) == ["a", "b", "new"]
    assert words(wiring.branch(network("a"), INPUTS, new, "mask")) == ["new:mask", "a:image"]


def test_neighbours_join_where_a_layer_of_one_input_goes():
    made = network("a", "b", "c", "d:c,a")
    assert words(wiring.delete(made, INPUTS, ["b", "c"])) == ["a", "d:a,a"]
    assert words(wiring.delete(network("a", "b:a,image", "c"), INPUTS, ["b"])) == ["a", "c:"]
    assert words(wiring.delete(made, INPUTS, ["a", "gone"])) == ["b", "c", "d:c,image"]
    assert words(wiring.delete(network("a", "b:image", "c"), INPUTS, ["b"])) == ["a", "c:image"]
    assert words(wiring.delete(made, INPUTS, made.names())) == []


def test_a_copy_has_its_own_wires_inside_and_the_old_ones_outside():
    made = network("a", "b", "c", "d:c,a")
    copied = [LayerSpec(name="b", kind="Add", inputs=("a",)),
              LayerSpec(name="c", kind="Add", inputs=("b", "elsewhere"))]
    pasted, names = wiring.paste(made, INPUTS, copied)
    assert names == {"b": "b1", "c": "c1"} and words(pasted) == ["a", "b1:a", "c1:b1", "b:a", "c", "d:c,a"]
    strange = [LayerSpec(name="x", kind="Add", inputs=("elsewhere",)), LayerSpec(name="y", kind="Add", inputs=("x",))]
    assert words(wiring.paste(made, INPUTS, strange)[0])[-2:] == ["x:d", "y:x"]
    assert words(wiring.paste(NetworkSpec(), INPUTS, strange)[0]) == ["x:image", "y:x"]


def test_a_copy_with_a_circle_is_refused():
    copied = [LayerSpec(name="x", kind="Add", inputs=("y",)), LayerSpec(name="y", kind="Add", inputs=("x",))]
    with pytest.raises(SpecError, match="its wires close a circle"):
        wiring.paste(network("a"), INPUTS, copied)


def test_a_network_has_room_for_so_many():
    full = NetworkSpec(layers=tuple(LayerSpec(name=f"l{n}", kind="Add") for n in range(120)))
    for call in (lambda: wiring.branch(full, INPUTS, LayerSpec(name="x", kind="Add"), "l3"),
                 lambda: wiring.insert_into(full, INPUTS, LayerSpec(name="x", kind="Add"), Edge("l3", "l4", 0)),
                 lambda: wiring.paste(full, INPUTS, [LayerSpec(name="x", kind="Add", inputs=("l3",))])):
        with pytest.raises(SpecError, match="may have 120 layers at most"):
            call()


def test_a_file_with_a_circle_can_be_edited():
    made = network("a:b", "b:a", "c:b")
    assert words(wiring.delete(made, INPUTS, ["a", "b"])) == ["c:"]
    assert words(wiring.disconnect(made, INPUTS, Edge("a", "b", 0))) == ["b:", "a:b", "c:b"]


@pytest.mark.parametrize("key", presets.PRESETS)
def test_what_is_written_out_computes_the_same(key):
    experiment = presets.get(key).experiment
    signature = tasks.get(experiment.task.name, experiment.task.fields).signature()
    inputs, design = [name for name, _ in signature.inputs], experiment.network
    assert wiring.delete(design, inputs, ()) == design
    resolved = [net.resolved_inputs(design, signature, at) for at in range(len(design.layers))]
    found: dict[str, list[str]] = {name: [] for name in design.names()}
    for edge in wiring.edges(design, inputs):
        found[edge.target].append(edge.source)
    assert [tuple(found[name]) for name in design.names()] == resolved
    for name in design.names():
        assert net.check(wiring.paste(design, inputs, [design.layer(name)])[0], signature) is not None


Graph = dict[str, list[str]]  # who takes what


class Slow:
    """The same edits on a graph in a dict, without any order: the obvious way."""

    def __init__(self) -> None:
        self.taken: Graph = {}

    def reaches(self, start: str, end: str) -> bool:
        return start == end or any(self.reaches(name, end) for name, taken in self.taken.items() if start in taken)

    def connect(self, source: str, target: str, slot: int | None, most: int | None) -> bool:
        taken = self.taken.get(target)
        if taken is None or source not in [*self.taken, *INPUTS] or self.reaches(target, source):
            return False
        if slot is None and most == 1:
            self.taken[target] = [source, *taken[1:]]
            return True
        if slot is None and source in taken:
            return False
        slot = len(taken) if slot is None else min(slot, len(taken))
        if slot >= (most or 16):
            return False
        taken[slot:slot + 1] = [source]
        return True

    def disconnect(self, source: str, target: str, slot: int) -> bool:
        taken = self.taken.get(target, [])
        if slot >= len(taken) or taken[slot] != source:
            return False
        del taken[slot]
        return True

    def delete(self, names: list[str]) -> bool:
        old = {name: list(taken) for name, taken in self.taken.items()}

        def heirs(name: str) -> list[str]:
            if name not in names or name not in old:
                return [name]
            return heirs(old[name][0]) if len(old[name]) == 1 else []

        self.taken = {name: [heir for source in taken for heir in heirs(source)] for name, taken in old.items()
                      if name not in names}
        return True

    def branch(self, name: str, source: str) -> bool:
        if source not in [*self.taken, *INPUTS]:
            return False
        self.taken[name] = [source]
        return True

    def insert_into(self, name: str, source: str, target: str, slot: int) -> bool:
        if slot >= len(self.taken.get(target, [])) or self.taken[target][slot] != source:
            return False
        self.taken[name] = [source]
        self.taken[target][slot] = name
        return True


NAMES = some.sampled_from([*"abcdef", "n0", "n1", "n2", "n3", *INPUTS])
SLOTS = some.none() | some.integers(0, 3)
EDITS = some.lists(some.one_of(
    some.tuples(some.just("connect"), NAMES, NAMES, SLOTS, some.sampled_from([1, 2, None])),
    some.tuples(some.just("disconnect"), NAMES, NAMES, some.integers(0, 2)),
    some.tuples(some.just("delete"), some.lists(NAMES, max_size=3)),
    some.tuples(some.just("branch"), NAMES), some.tuples(some.just("insert_into"), NAMES, NAMES, some.integers(0, 2)),
    some.tuples(some.just("paste"), some.lists(some.sampled_from("abcdef"), min_size=1, max_size=3, unique=True))),
    max_size=14)


def done(made: NetworkSpec, slow: Slow, edit: tuple[Any, ...], new: str) -> NetworkSpec:
    """The edit on both; where one refuses it, the other must do so too."""
    kind, *rest = edit
    layer = LayerSpec(name=new, kind="ReLU")
    act = {"connect": lambda: wiring.connect(made, INPUTS, *rest),
           "disconnect": lambda: wiring.disconnect(made, INPUTS, Edge(*rest)),
           "delete": lambda: wiring.delete(made, INPUTS, *rest),
           "branch": lambda: wiring.branch(made, INPUTS, layer, *rest),
           "insert_into": lambda: wiring.insert_into(made, INPUTS, layer, Edge(*rest))}[kind]
    fits = getattr(slow, kind)(*([new] if kind in ("branch", "insert_into") else []), *rest)
    if fits:
        return act()
    with pytest.raises(SpecError):
        act()
    return made


def pasted(made: NetworkSpec, slow: Slow, names: list[str]) -> NetworkSpec:
    here = [name for name in names if name in slow.taken]
    copied = [made.layer(name).model_copy(update={"inputs": tuple(slow.taken[name]) or None}) for name in here]
    made, new = wiring.paste(made, INPUTS, copied)
    resolved = taken(made)
    for name in here:
        outer = [new.get(source, source) for source in slow.taken[name]]
        slow.taken[new[name]] = outer or resolved[new[name]]
        assert outer or len(resolved[new[name]]) == 1
    return made


def taken(made: NetworkSpec) -> Graph:
    """What each layer takes, worked out from the rule of `LayerSpec.inputs` alone."""
    before = [INPUTS[0], *made.names()]
    return {layer.name: [before[at]] if layer.inputs is None else list(layer.inputs)
            for at, layer in enumerate(made.layers)}


@given(edits=EDITS)
@example(edits=[("disconnect", "a", "c", 0), ("paste", ["d", "c"])])
@settings(max_examples=400, deadline=None)
def test_after_any_edits_the_network_is_the_graph_and_data_flows_down(edits):
    made = network("a", "b", "c:a", "d", "e:d,b", "f")
    slow = Slow()
    slow.taken = taken(made)
    for number, edit in enumerate(edits):
        made = pasted(made, slow, edit[1]) if edit[0] == "paste" else done(made, slow, edit, f"n{number}")
        assert taken(made) == slow.taken
        above = set(INPUTS)
        for layer in made.layers:
            assert set(taken(made)[layer.name]) <= above, words(made)
            above.add(layer.name)
        assert NetworkSpec.model_validate_json(made.model_dump_json()) == made


@given(sources=some.lists(some.tuples(some.integers(0, 11), some.integers(0, 11)), max_size=20))
@settings(deadline=None)
def test_an_order_in_which_data_flows_stays_as_it_is(sources):
    """Only a wire that leads up moves a layer."""
    made = network(*(f"l{n}:{'image' if not n else f'l{n - 1}'}" for n in range(12)))
    for one, other in sources:
        low, high = sorted((one, other))
        if low < high and f"l{low}" not in taken(made)[f"l{high}"]:
            made = take(made, f"l{low}", f"l{high}")
    assert made.names() == tuple(f"l{n}" for n in range(12))


def test_every_kind_says_how_many_it_takes():
    for cls in catalogue.CATALOGUE.values():
        least, most = cls.arity
        assert least >= 1 and (most is None or least <= most <= 16)
