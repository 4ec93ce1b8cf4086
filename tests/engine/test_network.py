"""The check: shapes, sentences, repairs; and designs that nobody would make, invented by hypothesis."""
from __future__ import annotations

import json

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlviz import network as net
from dlviz import presets, tasks
from dlviz import settings as limits
from dlviz.errors import SpecError
from dlviz.layers import CATALOGUE
from dlviz.network import editing, repairs
from dlviz.shapes import Shape, Signature
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, from_json, from_link, from_value

IMAGE = Signature((("image", Shape("image", (1, 28, 28))),), Shape("vector", (10,)), "cross_entropy", "10 classes")


def stack(*rows) -> NetworkSpec:
    return NetworkSpec(layers=tuple(
        LayerSpec(name=row[0], kind=row[1], fields=row[2] if len(row) > 2 else {},
                  inputs=row[3] if len(row) > 3 else None) for row in rows))


FLAT, OUT = ("flatten", "Flatten"), ("out", "Linear", {"out_features": 10})
BROKEN = {
    "Layer out (Linear) takes a vector": (stack(("c", "Conv2d"), OUT), "out", "Insert Flatten"),
    "must give, as the last layer, a vector of 10 (10 classes), but it gives a vector of 20":
        (stack(FLAT, ("out", "Linear", {"out_features": 20})), "out", "Make it 10 wide"),
    "cross-entropy works on raw scores": (stack(FLAT, OUT, ("s", "Softmax")), "s", "Remove s"),
    "looks at windows of 30 x 30, but its input is only an image of 1 x 28 x 28":
        (stack(("c", "Conv2d", {"kernel_size": 30}), FLAT, OUT), "c", "Set kernel_size to 28"),
    "Use BatchNorm2d instead": (stack(("b", "BatchNorm1d"), FLAT, OUT), "b", "Use BatchNorm2d instead"),
    "no layer takes it": (stack(("c", "Conv2d"), ("d", "Conv2d", {}, ("image",)), FLAT, OUT), "c", "Remove c"),
    "adds inputs of one and the same shape":
        (stack(("c", "Conv2d", {"padding": 1}), ("a", "Add", {}, ("c", "image")), FLAT, OUT), "a",
         "Bring image to 16 x 28 x 28 with a Conv2d"),
    "joins 2 or more inputs, but it has only d":
        (stack(("c", "Conv2d", {"padding": 1}), ("d", "Conv2d", {"padding": 1}), ("a", "Add"), FLAT, OUT), "a",
         "Take d and c"),
    "a vector of 10 (10 classes), but it gives an image": (stack(("c", "Conv2d")), "c",
                                                                       "Add Flatten and Linear at the end"),
    "'foo' was given": (stack(("c", "Conv2d", {"foo": 3}), FLAT, OUT), "c", "Remove foo"),
    "but it is 0": (stack(("c", "Conv2d", {"out_channels": 0}), FLAT, OUT), "c", "Set out_channels to 16"),
    "'x' is not above it": (stack(("c", "Conv2d", {}, ("x",)), FLAT, OUT), "c", "Take the layer before"),
    "1 channel goes in": (stack(("g", "GroupNorm"), FLAT, OUT), "g", "Set num_groups to 1"),
    "takes 1 input, but it is given 2": (stack(("c", "Conv2d"), ("r", "ReLU", {}, ("c", "image")), FLAT, OUT), "r",
                                         "Keep only c"),
}


@pytest.mark.parametrize("words", BROKEN)
def test_a_broken_design_names_the_card_and_is_mended_by_its_button(words: str):
    spec, card, label = BROKEN[words]
    report = net.check(spec, IMAGE)
    assert not report.ok
    assert words in report.layer(card).error.sentence
    mend = repairs.repair(spec, report, card)
    assert mend.label == label
    assert net.check(mend.network, IMAGE).ok


TOKENS = Signature((("digits", Shape("tokens", (7,), 5)),), Shape("sequence", (7, 5)), "cross_entropy", "5 digits")
MOOD = Signature((("words", Shape("tokens", (7,), 5)),), Shape("vector", (2,)), "cross_entropy", "2 moods")


@pytest.mark.parametrize(("signature", "spec", "card", "label"), [
    (TOKENS, stack(("g", "GRU"), ("o", "Linear", {"out_features": 5})), "g", "Insert Embedding"),
    (TOKENS, stack(("o", "Linear", {"out_features": 5})), "o", "Insert Embedding"),
    (TOKENS, stack(("e", "Embedding"), ("a", "MultiheadAttention", {"num_heads": 5}),
                   ("o", "Linear", {"out_features": 5})), "a", "Set num_heads to 4"),
    (MOOD, stack(("e", "Embedding"), ("g", "GRU")), "g", "Add TimePool and Linear at the end"),
    (TOKENS, stack(("e", "Embedding"), ("b", "BatchNorm1d"), ("o", "Linear", {"out_features": 5})), "b",
     "Use LayerNorm instead"),
])
def test_designs_for_sequences_are_mended_too(signature, spec, card, label):
    report = net.check(spec, signature)
    assert repairs.repair(spec, report, card).label == label
    assert net.check(repairs.repair(spec, report, card).network, signature).ok


def test_layers_behind_an_error_are_not_blamed():
    report = net.check(stack(("c", "Conv2d", {"kernel_size": 30}), ("r", "ReLU"), FLAT, OUT), IMAGE)
    assert [layer.error is not None for layer in report.layers] == [True, False, False, False]
    assert report.layers[1].out_shape is None


def test_an_empty_network_says_what_to_do():
    [error] = net.check(NetworkSpec(), IMAGE).errors
    assert error.sentence.startswith("The network needs at least one layer, but it has none. Add a layer")


def test_a_network_beyond_the_caps_is_refused_without_allocating_it():
    wide = stack(FLAT, ("a", "Linear", {"out_features": 16_000}), ("b", "Linear", {"out_features": 16_000}), OUT)
    assert "20,000,000 parameters" in net.check(wide, IMAGE).layer("b").error.sentence
    big = stack(("c", "Conv2d", {"out_channels": 512, "padding": 1}), ("d", "ReLU"), FLAT, ("e", "Flatten"), OUT)
    errors = net.check(big, IMAGE, batch_size=4096).errors
    assert any("GB of memory" in error.sentence for error in errors)


@pytest.mark.parametrize("key", presets.PRESETS)
def test_a_preset_is_right_and_its_reported_shapes_are_true(key: str):
    experiment = presets.get(key).experiment
    signature = tasks.get(experiment.task.name, experiment.task.fields).signature()
    report = net.check(experiment.network, signature, experiment.training.batch_size)
    assert report.ok
    module = net.build(experiment.network, signature, seed=1)
    assert sum(p.numel() for p in module.parameters()) == report.parameters
    shapes = {}
    for name in experiment.network.names():
        module.module_of(name).register_forward_hook(
            lambda m, i, out, name=name: shapes.__setitem__(name, tuple(out.shape[1:])))
    module(*(torch.zeros_like(shape.meta(3), device="cpu") for _, shape in signature.inputs))
    assert shapes == {layer.name: layer.out_shape.axes for layer in report.layers}


def test_a_skip_computes_what_it_says():
    spec = stack(("c", "Conv2d", {"out_channels": 1, "kernel_size": 1, "bias": False}),
                 ("a", "Add", {}, ("c", "image")), FLAT, OUT)
    module = net.build(spec, IMAGE, seed=3)
    image = torch.randn(2, 1, 28, 28)
    weight = module.module_of("c").weight.item()
    by_hand = module.module_of("out")(((weight + 1) * image).flatten(1))
    assert torch.allclose(module(image), by_hand, atol=1e-6)


def test_the_seed_alone_decides_the_weights():
    spec = presets.get("cnn").experiment.network
    first = net.build(spec, IMAGE, seed=5).state_dict()
    torch.rand(7)
    again, other = net.build(spec, IMAGE, seed=5).state_dict(), net.build(spec, IMAGE, seed=6).state_dict()
    assert all(torch.equal(first[k], again[k]) for k in first)
    assert not all(torch.equal(first[k], other[k]) for k in first)


def test_identifiers_are_unique_and_harmless():
    names = ("conv 1", "conv-1", "class", "forward", "1st", "Schicht ä", "add_module", "")
    made = net.attributes(names)
    assert len(set(made.values())) == len(names)
    assert all(value.isidentifier() and not hasattr(torch.nn.Module, value) for value in made.values())


FIELDS = st.dictionaries(st.sampled_from([*sorted({f for c in CATALOGUE.values() for f in c.model_fields}), "junk"]),
                         st.one_of(st.integers(-2, 40), st.floats(-1, 2), st.booleans(), st.text(max_size=3),
                                   st.none()), max_size=3)
LAYERS = st.lists(st.tuples(st.sampled_from([*CATALOGUE, "Nonsense"]), FIELDS,
                            st.one_of(st.none(), st.lists(st.sampled_from(["image", "l0", "l1", "l3", "no"]),
                                                          min_size=1, max_size=3))), max_size=7)


@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(LAYERS)
def test_any_design_is_either_built_or_refused_in_a_sentence(rows):
    spec = NetworkSpec(layers=tuple(LayerSpec(name=f"l{i}", kind=kind, fields=fields, inputs=inputs)
                                    for i, (kind, fields, inputs) in enumerate(rows)))
    report = net.check(spec, IMAGE, batch_size=2)
    for layer in report.layers:
        mend = repairs.repair(spec, report, layer.name)
        if layer.error is None:
            assert mend is None
        elif mend is not None:
            after = net.check(mend.network, IMAGE, batch_size=2)
            assert all(card.name != layer.name or card.error is None for card in after.layers)
    if report.ok and report.parameters < 200_000 and report.step_bytes < 2**27:
        module = net.build(spec, IMAGE, seed=0)
        assert tuple(module(torch.randn(2, 1, 28, 28)).shape) == (2, 10)
    for error in report.errors:
        assert error.sentence.endswith(".") and "Traceback" not in error.sentence


JSON = st.recursive(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
                    lambda inner: st.one_of(st.lists(inner, max_size=4),
                                            st.dictionaries(st.sampled_from(
                                                ["version", "name", "network", "layers", "kind", "fields", "inputs",
                                                 "training", "optimizer", "task", "seed", "x"]), inner, max_size=5)),
                    max_leaves=20)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(JSON)
def test_any_json_is_an_experiment_or_refused_in_a_sentence(value):
    if isinstance(value, dict):
        value = {"version": 1, **value}
    for read in (from_value, lambda v: from_json(json.dumps(v))):
        try:
            assert isinstance(read(value), Experiment)
        except SpecError as error:
            assert error.sentence.endswith(".")


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.binary(max_size=60))
def test_any_bytes_are_refused_in_a_sentence(raw):
    for read in (lambda: from_json(raw), lambda: from_link(raw.decode("latin-1"))):
        with pytest.raises(SpecError):
            read()


def test_an_experiment_survives_json_and_link_exactly():
    for preset in presets.PRESETS.values():
        experiment = preset.experiment.model_copy(update={"seed": 77})
        assert from_json(experiment.to_json()) == experiment
        link = experiment.to_link()
        assert from_link(link) == experiment and len(link) < limits.MAX_LINK_BYTES
        with pytest.raises(SpecError, match="cut or changed"):
            from_link(link[:len(link) // 2])


@pytest.mark.parametrize(("text", "words"), [
    ("{", "cannot be read"), ("[]", "it holds []"), ('{"version": 4}', "Open it with a newer dlviz"),
    ('{"version": 0}', "this one says 0"), ("{}", "this one says None"),
    ('{"version": 1, "seed": "a"}', "seed"), ('{"version": 1, "colour": 3}', "colour"),
    ('{"version": 1, "training": {"optimizer": {"kind": "Foo"}}}', "one of SGD, Adam"),
    ('{"version": 1, "network": {"layers": [{"name": "a", "kind": "x"}, {"name": "a", "kind": "x"}]}}',
     "two layers are called 'a'"),
    ("[" * 100_000, "cannot be read"), ('{"version": 1, "seed": ' + "9" * 5000 + "}", "cannot be read"),
])
def test_a_wrong_file_is_refused_in_a_sentence(text: str, words: str):
    with pytest.raises(SpecError) as caught:
        from_json(text)
    assert words in caught.value.sentence


def test_a_link_that_unpacks_to_a_bomb_is_refused():
    import base64
    import zlib
    bomb = base64.urlsafe_b64encode(zlib.compress(b" " * (limits.MAX_JSON_BYTES * 50), 9)).decode()
    with pytest.raises(SpecError):
        from_link(bomb)


def test_edits_keep_the_wiring():
    spec = stack(("c", "Conv2d", {"padding": 1}), ("r", "ReLU"), ("d", "Conv2d", {"padding": 1}),
                 ("a", "Add", {}, ("d", "r")), FLAT, OUT)
    renamed = editing.rename(spec, "r", "bend")
    assert renamed.layer("a").inputs == ("d", "bend")
    deleted = editing.delete(spec, "r")
    assert deleted.layer("a").inputs == ("d", "c")
    copied, name = editing.duplicate(spec, "c")
    assert copied.names()[:2] == ("c", name) and name != "c"
    moved = editing.move(spec, "flatten", 0)
    assert moved.names()[0] == "flatten" and len(moved.layers) == 6
    with pytest.raises(SpecError, match="already called"):
        editing.rename(spec, "r", "d")
    with pytest.raises(SpecError, match="printable"):
        editing.rename(spec, "r", "a\nb")
