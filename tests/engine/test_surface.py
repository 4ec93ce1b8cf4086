"""The loss as a landscape: every figure worked out another way, one point or one formula at a time."""
from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from dlviz.probes import surface
from dlviz.probes.surface import Ground, Weights


def small() -> nn.Module:
    """A convolution, a normalization and two Linears: axes of every kind."""
    torch.manual_seed(3)
    return nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Dropout(0.5),
                         nn.Linear(48, 7), nn.Tanh(), nn.Linear(7, 4))


@pytest.fixture
def ground() -> Ground:
    inputs, targets = torch.randn(1_500, 1, 6, 6), torch.randint(0, 4, (1_500,))  # more than one chunk
    return Ground(Weights(small()), (inputs,), targets, F.cross_entropy, 400)


def by_hand(ground: Ground, theta: torch.Tensor) -> float:
    """The loss with the weights put into a copy of the network, parameter by parameter."""
    network = copy.deepcopy(ground.weights.network).eval()
    start = 0
    with torch.no_grad():
        for p in network.parameters():
            p.copy_(theta[start:start + p.numel()].reshape(p.shape))
            start += p.numel()
        return F.cross_entropy(network(*ground.inputs), ground.targets).item()


def test_a_network_keeps_its_weights_when_they_are_put_in_one_piece():
    before, network = small(), small()
    weights = Weights(network)
    for old, new in zip(before.parameters(), network.parameters()):
        assert torch.equal(old, new)
    with torch.no_grad():
        weights.flat.zero_()
    assert all((p == 0).all() for p in network.parameters())


def test_the_grid_against_one_point_at_a_time(ground):
    origin = ground.weights.flat.clone()
    directions = torch.randn(2, len(origin))
    xs, ys = torch.linspace(-1, 1, 5), torch.linspace(-0.5, 0.7, 4)
    grid = torch.stack(list(surface.rows(ground, origin, directions, xs, ys)))
    assert grid.shape == (4, 5)
    wanted = [[by_hand(ground, origin + x * directions[0] + y * directions[1]) for x in xs] for y in ys]
    np.testing.assert_allclose(grid, wanted, rtol=2e-5)
    assert grid.max() > 1.2 * grid.min()


def test_the_centre_of_the_grid_is_the_loss_there(ground):
    origin = ground.weights.flat.clone()
    ground.weights.flat.add_(1.0)  # wherever the weights were left
    xs = torch.tensor([-1.0, 0.0, 1.0])
    row, = surface.rows(ground, origin, torch.randn(2, len(origin)), xs, torch.zeros(1))
    assert row[1] == pytest.approx(by_hand(ground, origin), rel=1e-6) == ground.at(origin)


def test_each_filter_is_as_long_as_the_networks_own(ground):
    weights = ground.weights
    theta = weights.flat.clone()
    arrow = surface.random_direction(weights, theta, seed=5)
    parts = dict(zip((name for name, _ in weights.network.named_parameters()), weights.split(arrow)))
    for name, own in weights.network.named_parameters():
        if own.ndim < 2:
            assert not parts[name].any(), name
            continue
        for mine, theirs in zip(parts[name], own):
            assert mine.norm().item() == pytest.approx(theirs.norm().item(), rel=1e-5), name
    assert torch.equal(arrow, surface.random_direction(weights, theta, seed=5))
    other = surface.random_direction(weights, theta, seed=6)
    assert abs(F.cosine_similarity(arrow, other, 0)) < 0.3


def test_principal_directions_against_numpys_svd(monkeypatch):
    monkeypatch.setattr(surface, "COLUMNS", 70)  # in several pieces
    steps = torch.linspace(0, 1, 12)[:, None]
    path = (torch.sin(steps * 3) @ torch.randn(1, 300) * 5 + steps ** 2 @ torch.randn(1, 300) * 2
            + torch.randn(12, 300) * 0.05 + 7)
    directions, shares = surface.principal(path)
    centred = path.double().numpy() - path.double().numpy().mean(0)
    _, lengths, rows = np.linalg.svd(centred, full_matrices=False)
    np.testing.assert_allclose(shares[:3], (lengths ** 2 / (lengths ** 2).sum())[:3], rtol=1e-6)
    for mine, wanted in zip(directions.double().numpy(), rows):
        assert abs(mine @ wanted) == pytest.approx(1, abs=1e-6)
        assert np.linalg.norm(mine) == pytest.approx(1, abs=1e-6)
        assert centred[-1] @ mine > centred[0] @ mine
    assert abs(float(directions[0] @ directions[1])) < 1e-5


def test_places_on_the_plane_are_the_nearest_ones():
    origin, path = torch.randn(50), torch.randn(6, 50)
    directions = torch.randn(2, 50) + 0.5  # not at right angles
    places = surface.coordinates(path, origin, directions)
    for moment, place in zip(path, places):
        away = (moment.double() - origin.double()).numpy()
        wanted, *_ = np.linalg.lstsq(directions.T.double().numpy(), away, rcond=None)
        np.testing.assert_allclose(place, wanted, rtol=1e-6)
    inside = [(place @ directions.double()).square().sum() for place in places]
    whole = sum((moment - origin).double().square().sum() for moment in path)
    share = surface.captured(path, origin, directions, places)
    assert share == pytest.approx(float(sum(inside) / whole), rel=1e-5) and 0 < share < 0.5
    within = origin + torch.tensor([[2.0, -1.0]]) @ directions
    assert surface.captured(within, origin, directions, surface.coordinates(within, origin, directions)) \
        == pytest.approx(1, rel=1e-5)


def test_the_straight_line_from_start_to_end(ground):
    end = ground.weights.flat.clone()
    start = end + 0.3 * torch.randn(len(end))
    found = list(surface.line(ground, start, end, torch.tensor([0.0, 0.25, 1.0, 1.25])))
    wanted = [by_hand(ground, (1 - share) * start + share * end) for share in (0, 0.25, 1, 1.25)]
    np.testing.assert_allclose(found, wanted, rtol=2e-5)


def test_how_far_along_the_way():
    start, way = torch.randn(40), torch.randn(40)
    aside = torch.randn(40)
    aside -= (aside @ way) / (way @ way) * way
    path = torch.stack([start, start + 0.3 * way + aside, start + 1.2 * way, start + way])
    np.testing.assert_allclose(surface.along(path), [0, 0.3, 1.2, 1], atol=1e-5)
