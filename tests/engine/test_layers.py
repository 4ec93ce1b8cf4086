"""The contract that every layer of the catalogue keeps."""
from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from dlviz import layers
from dlviz import network as net
from dlviz.errors import LayerError
from dlviz.layers import CATALOGUE, FAMILIES
from dlviz.network import checks
from dlviz.shapes import Shape, Signature, shape_of
from dlviz.spec import LayerSpec, NetworkSpec

SHAPES = {
    "vector": (Shape("vector", (12,)), Shape("vector", (40,))),
    "image": (Shape("image", (8, 14, 14)), Shape("image", (4, 9, 11)), Shape("image", (16, 28, 28))),
    "sequence": (Shape("sequence", (7, 12)), Shape("sequence", (3, 20))),
    "tokens": (Shape("tokens", (9,), 5),),
}
CASES = [(kind, shape) for kind, cls in CATALOGUE.items() for takes in cls.takes for shape in SHAPES[takes]]
IDS = [f"{kind}-{shape.kind}-{shape}" for kind, shape in CASES]


def _inputs(kind: str, shape: Shape) -> tuple[Shape, ...]:
    return (shape,) * CATALOGUE[kind].arity[0]


def _real(shape: Shape, batch: int = 3) -> torch.Tensor:
    if shape.kind == "tokens":
        return torch.randint(0, shape.vocabulary, (batch, *shape.axes))
    return torch.randn(batch, *shape.axes, requires_grad=True)


@pytest.mark.parametrize("kind", CATALOGUE)
def test_a_layer_explains_itself(kind: str):
    cls = CATALOGUE[kind]
    assert cls.family in FAMILIES
    assert len(cls.sentence()) > 30 and cls.sentence().endswith("."), "its docstring begins with a sentence about it"
    assert cls.formula, "`formula` is what it computes, in LaTeX"
    assert all(field.description and field.description.endswith(".") for field in cls.model_fields.values()), \
        "the description of a field is a sentence with a full stop"
    assert cls.stem().isidentifier()
    assert all(other in CATALOGUE and kind_ in CATALOGUE[other].takes for kind_, other in cls.instead.items())


@pytest.mark.parametrize(("kind", "shape"), CASES, ids=IDS)
def test_reported_shape_and_cost_are_those_of_the_real_module(kind: str, shape: Shape):
    torch.manual_seed(0)
    shapes = _inputs(kind, shape)
    layer = layers.declare(kind, {})
    layer.check("x", *shapes)
    profile = checks._measure(kind, "{}", shapes)
    module = layer.build(*shapes)
    real = module(*[_real(s) for s in shapes])
    if shape.kind != "tokens":
        assert shape_of(real) == profile.out
    assert profile.parameters == sum(p.numel() for p in module.parameters())


@pytest.mark.parametrize(("kind", "shape"), [c for c in CASES if c[1].kind != "tokens"],
                         ids=[i for i in IDS if "tokens" not in i])
def test_gradients_flow_and_one_step_of_training_moves_the_weights(kind: str, shape: Shape):
    torch.manual_seed(0)
    shapes = _inputs(kind, shape)
    module = layers.declare(kind, {}).build(*shapes)
    inputs = [_real(s) for s in shapes]
    out = module(*inputs)
    (out * torch.randn_like(out)).sum().backward()
    assert all(x.grad is not None and x.grad.isfinite().all() and x.grad.abs().sum() > 0 for x in inputs)
    before = [p.detach().clone() for p in module.parameters()]
    for parameter in module.parameters():
        assert parameter.grad is not None and parameter.grad.isfinite().all()
    if before:
        torch.optim.SGD(module.parameters(), lr=0.1).step()
        assert any(not torch.equal(old, new) for old, new in zip(before, module.parameters()))


@pytest.mark.parametrize("kind", CATALOGUE)
def test_a_layer_survives_json(kind: str):
    layer = layers.declare(kind, {})
    again = layers.declare(kind, json.loads(layer.model_dump_json()))
    assert again == layer
    spec = LayerSpec(name="x", kind=kind, fields=layer.model_dump())
    assert LayerSpec.model_validate_json(spec.model_dump_json()) == spec


@pytest.mark.parametrize(("kind", "shape"), CASES, ids=IDS)
def test_written_code_computes_the_same(kind: str, shape: Shape):
    shapes = _inputs(kind, shape)
    layer = layers.declare(kind, {})
    module = layer.build(*shapes).eval()
    inputs = [_real(s) for s in shapes]
    names = ["a", "b", "c"][:len(inputs)]
    scope = {"torch": torch, "nn": nn, **{cls.__name__: cls for cls in layer.own}, **dict(zip(names, inputs))}
    holder = SimpleNamespace()
    if code := layer.code(*shapes):
        holder.x = eval(code, scope).eval()
        holder.x.load_state_dict(module.state_dict())
    written = eval(layer.forward_code("x", names, *shapes), {**scope, "self": holder})
    assert torch.equal(written, module(*inputs))


CURVES = [kind for kind, cls in CATALOGUE.items() if cls.placewise and layers.declare(kind, {}).traits().pointwise]


@pytest.mark.parametrize("kind", CURVES)
def test_the_traits_of_an_activation_are_those_of_its_curve(kind: str):
    x = torch.linspace(-40, 40, 8_001, dtype=torch.float64, requires_grad=True)
    layer = layers.declare(kind, {})
    y, traits = layer.build(Shape("vector", (len(x),)))(x), layer.traits()
    slope = torch.autograd.grad(y.sum(), x)[0].abs()
    reached, sides = (y.min().item(), y.max().item()), (slope[x < -10], slope[x > 10])
    assert traits.slope == pytest.approx(slope.max().item(), abs=0.01), "`slope` is the steepest there is"
    assert traits.flat == tuple(end for end, last in (("low", slope[0]), ("high", slope[-1])) if last < 5e-3), \
        "`flat` names the ends at which the slope goes to zero"
    assert traits.off == any(bool((side == 0).all()) for side in sides), "`off` where a whole side is exactly flat"
    assert traits.positive == (reached[0] > 0), "`positive` where all outputs are above zero"
    assert traits.bounds == (pytest.approx(reached, abs=0.05) if max(map(abs, reached)) < 30 else None), \
        "outputs lie between the `bounds`"


@pytest.mark.parametrize("kind", CATALOGUE)
@pytest.mark.parametrize("value", [-1, 10**9, "many", None, 1.5, True])
def test_a_wrong_field_is_refused_in_a_sentence_that_names_it(kind: str, value):
    for name, field in CATALOGUE[kind].model_fields.items():
        try:
            layers.declare(kind, {name: value}, "mine")
        except LayerError as error:
            assert "Layer mine" in error.sentence and name in error.sentence
            assert error.change == {name: field.default}


def test_an_unknown_kind_is_answered_with_the_nearest():
    with pytest.raises(LayerError, match="Did you mean Conv2d"):
        layers.get("Conv2D")


def test_convolution_costs_match_a_count_by_hand():
    cost = checks._measure("Conv2d", json.dumps({"out_channels": 6, "kernel_size": 3, "stride": 2}),
                        (Shape("image", (4, 9, 11)),))
    assert cost.out == Shape("image", (6, 4, 5))
    assert cost.multiply_adds == 6 * 4 * 5 * 4 * 3 * 3
    assert cost.parameters == 6 * 4 * 3 * 3 + 6


def test_grouped_convolution_and_linear_costs_match_a_count_by_hand():
    grouped = checks._measure("Conv2d", json.dumps({"out_channels": 8, "kernel_size": 3, "groups": 4}),
                           (Shape("image", (8, 6, 6)),))
    assert grouped.multiply_adds == 8 * 4 * 4 * 2 * 9
    dense = checks._measure("Linear", json.dumps({"out_features": 5}), (Shape("sequence", (7, 12)),))
    assert dense.multiply_adds == 7 * 12 * 5
    assert dense.parameters == 12 * 5 + 5


def test_merges_match_numpy():
    a, b = torch.randn(2, 3, 4, 4), torch.randn(2, 5, 4, 4)
    shapes = (Shape("image", (3, 4, 4)), Shape("image", (5, 4, 4)))
    joined = layers.declare("Concat", {}).build(*shapes)(a, b)
    assert (joined.numpy() == __import__("numpy").concatenate([a.numpy(), b.numpy()], 1)).all()
    added = layers.declare("Add", {}).build(shapes[0], shapes[0])(a, a)
    assert (added.numpy() == 2 * a.numpy()).all()


@pytest.mark.parametrize(("other", "offered"), [((5, 4, 4), True), ((3, 8, 8), False)])
def test_unequal_images_are_sent_to_concat_only_where_it_can_join_them(other, offered):
    shapes = (Shape("image", (3, 4, 4)), Shape("image", other))
    with pytest.raises(LayerError) as refused:
        layers.declare("Add", {}).check("add1", *shapes)
    assert ("use Concat" in refused.value.sentence) is offered
    if offered:
        layers.declare("Concat", {}).check("concat1", *shapes)


def test_every_layer_can_end_a_network_that_asks_for_its_shape():
    shape = Shape("image", (4, 9, 11))
    for kind, cls in CATALOGUE.items():
        if "image" not in cls.takes:
            continue
        profile = checks._measure(kind, "{}", _inputs(kind, shape))
        signature = Signature((("x", shape), ("y", shape)), profile.out, "mse", "")
        names = ("x", "y")[:cls.arity[0]]
        spec = NetworkSpec(layers=(LayerSpec(name="first", kind=kind, inputs=names),))
        errors = [e for e in net.check(spec, signature).errors if "weights that can learn" not in e.sentence]
        assert not errors
