"""The chain of derivatives and the optimizers' lines, held to autograd, NumPy by hand and torch.optim."""
from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from dlviz import optimizers
from dlviz.optimizers import arithmetic
from dlviz.probes import chain, update
from dlviz.probes.chain import ActivationLink, LossLink, RemainderLink, WeightedSumLink, Wiring

BENDS = [nn.ReLU(), nn.LeakyReLU(0.2), nn.ELU(), nn.GELU(), nn.SiLU(), nn.Sigmoid(), nn.Tanh(), nn.Softplus()]


def cross_entropy(targets):
    return lambda scores: F.cross_entropy(scores.flatten(0, -2), targets.flatten(), ignore_index=-100)


def step_of(modules: list[nn.Module], x: torch.Tensor, targets: torch.Tensor, loss: str = "cross_entropy",
            optimizer=None, **more):
    """A stack's Update and its Wiring; the layers are called by their numbers."""
    network = nn.Sequential(*modules)
    named = {str(i): module for i, module in enumerate(modules)}
    judge = cross_entropy(targets) if loss == "cross_entropy" else lambda scores: F.mse_loss(scores, targets)
    optimizer = optimizer or torch.optim.SGD(network.parameters(), 0.1)
    found = update.record(network, named, (x,), judge, optimizer, **more)
    takers = {str(i): [str(i + 1)] for i in range(len(modules) - 1)}
    return found, Wiring(named, takers, str(len(modules) - 1), loss, targets), network, judge


def mlp(bend: nn.Module) -> list[nn.Module]:
    torch.manual_seed(3)
    return [nn.Flatten(), nn.Linear(6, 5), bend, nn.Linear(5, 4), bend.__class__(), nn.Linear(4, 3)]


IMAGES, CLASSES = torch.randn(4, 1, 2, 3,
                              generator=torch.Generator().manual_seed(1)), torch.tensor([0, 2, 1, 2])
CONVS = {
    "padded": [nn.Conv2d(2, 3, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(3 * 7 * 6, 3)],
    "strides, holes, groups": [nn.Conv2d(2, 4, (3, 2), stride=(2, 1), padding=(1, 2), dilation=(1, 2),
                                         groups=2),
                               nn.Tanh(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3)],
    "normalized": [nn.Conv2d(2, 3, 3, stride=3), nn.BatchNorm2d(3), nn.MaxPool2d(2, padding=1), nn.Flatten(),
                   nn.LazyLinear(3)]}


@pytest.mark.parametrize("bend", BENDS, ids=lambda m: type(m).__name__)
def test_delta_times_input_is_autograds_gradient(bend):
    found, _wiring, network, judge = step_of(mlp(bend), IMAGES, CLASSES)
    expected = torch.autograd.grad(judge(network(IMAGES)), network.parameters())
    for (name, parameter), gradient in zip(network.named_parameters(), expected):
        torch.testing.assert_close(found.parameters[name].gradient, gradient)
        if parameter.ndim == 2:
            layer = name.split(".")[0]
            for index in product(*map(range, parameter.shape)):
                shares = chain.shares(found, network[int(layer)], layer, index)
                assert shares.gradient == pytest.approx(float(gradient[index]), abs=1e-6)


@pytest.mark.parametrize("modules", CONVS.values(), ids=list(CONVS))
def test_a_kernels_gradient_is_its_deltas_times_what_it_slid_over(modules):
    torch.manual_seed(5)
    x = torch.randn(4, 2, 7, 6)
    nn.Sequential(*modules)(x)  # gives a lazy layer its size
    found, _, network, judge = step_of(modules, x, CLASSES)
    network.train()
    [expected] = torch.autograd.grad(judge(network(x)), [network[0].weight])
    for index in product(*map(range, expected.shape)):
        shares = chain.shares(found, network[0], "0", index)
        assert shares.gradient == pytest.approx(float(expected[index]), abs=1e-6)


def test_a_gradient_is_what_a_small_nudge_does():
    layers = [module.double() for module in mlp(nn.Tanh())]
    x = IMAGES.double()
    found, _, network, judge = step_of(layers, x, CLASSES)
    for index in ((0, 0), (2, 3), (4, 5)):
        weight, nudge = network[1].weight, 1e-6
        losses = []
        for sign in (1, -1):
            with torch.no_grad():
                weight[index] += sign * nudge
                losses.append(float(judge(network(x))))
                weight[index] -= sign * nudge
        slope = (losses[0] - losses[1]) / (2 * nudge)
        assert chain.shares(found, network[1], "1", index).gradient == pytest.approx(slope, abs=1e-8)


def by_hand(layers: list[nn.Module]) -> list[np.ndarray]:
    """Backpropagation of the tanh stack in NumPy: delta of each Linear, the last first, `(B, units)`."""
    w1, w2, w3 = (layers[i].weight.detach().numpy().astype(float) for i in (1, 3, 5))
    b1, b2, b3 = (layers[i].bias.detach().numpy().astype(float) for i in (1, 3, 5))
    a0 = IMAGES.numpy().reshape(4, 6).astype(float)
    a1 = np.tanh(a0 @ w1.T + b1)
    a2 = np.tanh(a1 @ w2.T + b2)
    z3 = a2 @ w3.T + b3
    p = np.exp(z3) / np.exp(z3).sum(1, keepdims=True)
    d3 = (p - np.eye(3)[CLASSES.numpy()]) / 4
    d2 = (d3 @ w3) * (1 - a2 ** 2)
    return [d3, d2, (d2 @ w2) * (1 - a1 ** 2)]


def test_deltas_are_those_of_backpropagation_by_hand():
    layers = mlp(nn.Tanh())
    found, *_ = step_of(layers, IMAGES, CLASSES)
    for layer, delta in zip(("5", "3", "1"), by_hand(layers)):
        np.testing.assert_allclose(found.records[layer].gradient.numpy(), delta, atol=1e-7)


@pytest.mark.parametrize("bend", BENDS, ids=lambda m: type(m).__name__)
def test_each_link_makes_its_delta_from_the_one_behind(bend):
    found, wiring, *_ = step_of(mlp(bend), IMAGES, CLASSES)
    for sample, unit in product(range(4), range(5)):
        links = chain.trace(found, wiring, "1", sample, (unit,))
        assert [type(link) for link in links] == [ActivationLink, WeightedSumLink, ActivationLink, WeightedSumLink,
                                                  LossLink]
        for link in links:
            match link:
                case ActivationLink():
                    assert link.back * link.slope == pytest.approx(link.delta, abs=1e-7)
                case WeightedSumLink():
                    assert float((link.deltas * link.weights).sum()) == pytest.approx(link.delta, abs=1e-7)
                case LossLink():
                    assert (link.prediction - link.target) / link.count == pytest.approx(link.delta, abs=1e-7)
        assert links[0].delta == pytest.approx(float(found.records["1"].gradient[sample, unit]), abs=1e-9)


def test_all_paths_together_are_the_whole_and_the_followed_one_is_among_them():
    layers = mlp(nn.Tanh())
    found, wiring, *_ = step_of(layers, IMAGES, CLASSES)
    sample, unit, column = 1, 2, 4
    links = chain.trace(found, wiring, "1", sample, (unit,))
    carried = float(IMAGES[sample].flatten()[column])
    path = chain.followed_path(links, carried)
    w2, w3 = layers[3].weight.detach(), layers[5].weight.detach()
    slopes1 = 1 - found.records["2"].output[sample] ** 2
    slopes2 = 1 - found.records["4"].output[sample] ** 2
    last = found.records["5"].gradient[sample]
    every = [float(last[k] * w3[k, j] * slopes2[j] * w2[j, unit] * slopes1[unit]) * carried
             for k, j in product(range(3), range(4))]
    assert path.count == len(every)
    assert any(path.product == pytest.approx(one, abs=1e-8) for one in every)
    assert sum(every) == pytest.approx(links[0].delta * carried, abs=1e-7)


def test_the_way_through_a_flatten_finds_the_right_pixel():
    torch.manual_seed(2)
    layers = [nn.Conv2d(1, 2, 2), nn.ReLU(), nn.Flatten(), nn.Linear(4, 3)]
    found, wiring, *_ = step_of(layers, IMAGES, CLASSES)
    links = chain.trace(found, wiring, "0", 0, (1, 0, 1))
    assert [type(link) for link in links] == [ActivationLink, WeightedSumLink, LossLink]
    assert torch.equal(torch.from_numpy(links[1].weights), layers[3].weight[:, 3])
    assert links[0].back == pytest.approx(links[1].delta)


@pytest.mark.parametrize("pool", [nn.MaxPool2d(2), nn.MaxPool2d((1, 2), padding=(0, 1)), nn.AvgPool2d(2),
                                  nn.AvgPool2d(2, 3)], ids=str)
def test_the_way_through_a_pooling(pool):
    torch.manual_seed(6)
    x = torch.randn(4, 1, 6, 6)
    layers = [nn.Conv2d(1, 2, 1), nn.ReLU(), pool, nn.Flatten(), nn.LazyLinear(3)]
    nn.Sequential(*layers)(x)
    found, wiring, *_ = step_of(layers, x, CLASSES)
    passed = 0
    for row, column in product(range(6), repeat=2):
        links = chain.trace(found, wiring, "0", 1, (1, row, column))
        if len(links) == 4:
            assert links[1].slope * links[1].back == pytest.approx(links[1].delta, abs=1e-8)
            passed += links[1].slope > 0
        else:  # no window has this pixel
            assert isinstance(links[-1], RemainderLink) and links[-1].delta == 0
    windows = found.records["2"].output[1, 1].numel()
    assert passed == (windows if isinstance(pool, nn.MaxPool2d) else 4 * windows)


def test_windows_that_overlap_are_named_only():
    layers = [nn.Conv2d(1, 2, 1), nn.MaxPool2d(3, 1), nn.Flatten(), nn.Linear(2 * 4 * 4, 3)]
    found, wiring, *_ = step_of(layers, torch.randn(4, 1, 6, 6), CLASSES)
    assert chain.trace(found, wiring, "0", 0, (0, 2, 2))[0].layers == ("1", "2", "3")


def test_what_is_not_written_out_is_named():
    torch.manual_seed(2)
    layers = [nn.Flatten(), nn.Linear(6, 4), nn.ReLU(), nn.BatchNorm1d(4), nn.Linear(4, 3)]
    found, wiring, *_ = step_of(layers, IMAGES, CLASSES)
    links = chain.trace(found, wiring, "1", 0, (2,))
    assert [type(link) for link in links] == [ActivationLink, RemainderLink] and links[1].layers == ("3", "4")
    assert links[1].delta == pytest.approx(links[0].back)


def test_steps_that_do_not_count_and_numbers_instead_of_classes():
    torch.manual_seed(4)
    x, targets = torch.randn(2, 3, 4), torch.tensor([[0, -100, 1], [2, 2, -100]])
    layers = [nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3)]
    found, wiring, network, judge = step_of(layers, x, targets)
    assert wiring.count() == 4
    expected = torch.autograd.grad(judge(network(x)), network[0].weight)[0]
    assert chain.shares(found, network[0], "0", (2, 1)).gradient == pytest.approx(float(expected[2, 1]),
                                                                                  abs=1e-7)
    loss = chain.trace(found, wiring, "0", 0, (2, 4))[-1]
    assert (loss.prediction - loss.target) / 4 == pytest.approx(loss.delta, abs=1e-7)
    assert chain.trace(found, wiring, "0", 0, (1, 4))[-1].form == "ignored"
    numbers = torch.randn(2, 3, 3)
    found, wiring, *_ = step_of(layers, x, numbers, loss="mse")
    loss = chain.trace(found, wiring, "0", 1, (0, 2))[-1]
    assert 2 * (loss.prediction - loss.target) / loss.count == pytest.approx(loss.delta, abs=1e-7)


def test_label_smoothing_moves_what_is_wanted():
    layers = mlp(nn.ReLU())
    network = nn.Sequential(*layers)
    named = {str(i): module for i, module in enumerate(layers)}
    found = update.record(network, named, (IMAGES,),
                          lambda s: F.cross_entropy(s, CLASSES, label_smoothing=0.3),
                          torch.optim.SGD(network.parameters(), 0.1))
    wiring = Wiring(named, {"4": ["5"]}, "5", "cross_entropy", CLASSES, smoothing=0.3)
    for unit in range(3):
        [loss] = chain.trace(found, wiring, "5", 2, (unit,))
        assert (loss.prediction - loss.target) / 4 == pytest.approx(loss.delta, abs=1e-7)


def test_dropout_sleeps_alike_before_and_after_and_chance_goes_on():
    layers = [nn.Flatten(), nn.Linear(6, 50), nn.Dropout(0.5), nn.Linear(50, 3)]
    torch.manual_seed(8)
    expected = torch.rand(3)
    torch.manual_seed(8)
    found, wiring, _network, _ = step_of(layers, IMAGES, CLASSES, seed=7)
    assert torch.equal(torch.rand(3), expected)
    again, *_ = step_of(layers, IMAGES, CLASSES, seed=7)
    assert torch.equal(found.records["2"].output, again.records["2"].output)
    dead = int((found.records["2"].output[0] == 0).nonzero()[0])
    awake = int((found.records["2"].output[0] != 0).nonzero()[0])
    assert chain.trace(found, wiring, "1", 0, (dead,))[0].slope == 0
    assert chain.trace(found, wiring, "1", 0, (awake,))[0].slope == pytest.approx(2, rel=1e-4)


def test_a_record_leaves_the_weights_and_statistics_as_they_were():
    layers = [nn.Flatten(), nn.Linear(6, 4), nn.BatchNorm1d(4), nn.Linear(4, 3)]
    network = nn.Sequential(*layers)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    found, _, network, _judge = step_of(layers, IMAGES, CLASSES)
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())
    assert not any(module._forward_hooks for module in network.modules())
    for moved in found.parameters.values():
        torch.testing.assert_close(moved.after, moved.before - 0.1 * moved.gradient)
    flat = torch.cat([moved.gradient.flatten() for moved in found.parameters.values()])
    assert found.norm == pytest.approx(float(flat.norm()), rel=1e-6)


def test_the_clip_is_what_the_optimizer_gets():
    layers = mlp(nn.ReLU())
    found, *_ = step_of(layers, IMAGES, CLASSES, clip=lambda: nn.utils.clip_grad_norm_(
        nn.Sequential(*layers).parameters(), 0.01))
    assert update.norm(m.clipped for m in found.parameters.values()) == pytest.approx(0.01, rel=1e-4)
    assert found.norm > 0.05
    for moved in found.parameters.values():
        torch.testing.assert_close(moved.after, moved.before - 0.1 * moved.clipped)


OPTIMIZERS = [
    ("SGD", {"lr": 0.1}), ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.05}),
    ("Adam", {"lr": 0.01}), ("Adam", {"lr": 0.01, "betas": (0.5, 0.9), "weight_decay": 0.1, "amsgrad": True}),
    ("AdamW", {"lr": 0.01, "weight_decay": 0.2}), ("RMSprop", {"lr": 0.01}),
    ("RMSprop", {"lr": 0.01, "momentum": 0.8, "centered": True, "weight_decay": 0.1}),
    ("Adagrad", {"lr": 0.1}), ("Adagrad", {"lr": 0.1, "lr_decay": 0.3, "initial_accumulator_value": 0.5}),
    *((kind, cls(weight_decay=0.05).arguments()) for kind, cls in optimizers.OPTIMIZERS.items())]


@pytest.mark.parametrize(("kind", "settings"), OPTIMIZERS, ids=[f"{k} {len(s)}" for k, s in OPTIMIZERS])
@pytest.mark.parametrize("behind", [0, 1, 4])
def test_the_lines_end_where_torchs_optimizer_does(kind, settings, behind):
    random = torch.Generator().manual_seed(behind)
    weight = nn.Parameter(torch.randn(6, generator=random, dtype=torch.float64))
    optimizer = getattr(torch.optim, kind)([weight], **settings)
    for _ in range(behind):
        weight.grad = torch.randn(6, generator=random, dtype=torch.float64)
        optimizer.step()
    before, state = weight.detach().clone(), update._state(optimizer, weight)
    weight.grad = torch.randn(6, generator=random, dtype=torch.float64)
    gradient = weight.grad.clone()
    optimizer.step()
    for at in range(6):
        own = {name: float(value if value.ndim == 0 else value[at]) for name, value in state.items()}
        lines = optimizers.get(kind).arithmetic(float(before[at]), float(gradient[at]), optimizer.param_groups[0], own)
        assert lines.after == pytest.approx(float(weight.detach()[at]), rel=1e-9, abs=1e-12)
        assert lines.lines[-1].value == pytest.approx(float(before[at]) * (
            1 - settings["lr"] * settings["weight_decay"] if kind == "AdamW" else 1) - lines.lines[-2].value)


def test_numbers_are_written_for_people():
    assert [arithmetic.n(v) for v in (0, 0.5, -1.23456, 1e-8, -2.5e7)] == [
        "0", "0.5", "−1.235", "1.00 · 10^−8", "−2.50 · 10^7"]
