"""The loss as a landscape: every figure worked out another way, one point or one formula at a time."""
from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from dlviz.probes import surface
from dlviz.probes.surface import FlatWeights, LossSurface


def small() -> nn.Module:
    """A convolution, a normalization and two Linears: axes of every kind."""
    torch.manual_seed(3)
    return nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Dropout(0.5),
                         nn.Linear(48, 7), nn.Tanh(), nn.Linear(7, 4))


@pytest.fixture
def loss_surface() -> LossSurface:
    inputs, targets = torch.randn(1_500, 1, 6, 6), torch.randint(0, 4, (1_500,))  # more than one chunk
    return LossSurface(FlatWeights(small()), (inputs,), targets, F.cross_entropy, 400)


def by_hand(loss_surface: LossSurface, theta: torch.Tensor) -> float:
    """The loss with the weights put into a copy of the network, parameter by parameter."""
    network = copy.deepcopy(loss_surface.weights.network).eval()
    start = 0
    with torch.no_grad():
        for p in network.parameters():
            p.copy_(theta[start:start + p.numel()].reshape(p.shape))
            start += p.numel()
        return F.cross_entropy(network(*loss_surface.inputs), loss_surface.targets).item()


def test_a_network_keeps_its_weights_when_they_are_put_in_one_piece():
    before, network = small(), small()
    weights = FlatWeights(network)
    for old, new in zip(before.parameters(), network.parameters()):
        assert torch.equal(old, new)
    with torch.no_grad():
        weights.flat.zero_()
    assert all((p == 0).all() for p in network.parameters())


def test_the_grid_against_one_point_at_a_time(loss_surface):
    origin = loss_surface.weights.flat.clone()
    directions = torch.randn(2, len(origin))
    xs, ys = torch.linspace(-1, 1, 5), torch.linspace(-0.5, 0.7, 4)
    grid = torch.stack(list(surface.rows(loss_surface, origin, directions, xs, ys)))
    assert grid.shape == (4, 5)
    expected = [[by_hand(loss_surface, origin + x * directions[0] + y * directions[1]) for x in xs] for y in ys]
    np.testing.assert_allclose(grid, expected, rtol=2e-5)
    assert grid.max() > 1.2 * grid.min()


def test_the_centre_of_the_grid_is_the_loss_there(loss_surface):
    origin = loss_surface.weights.flat.clone()
    loss_surface.weights.flat.add_(1.0)  # wherever the weights were left
    xs = torch.tensor([-1.0, 0.0, 1.0])
    row, = surface.rows(loss_surface, origin, torch.randn(2, len(origin)), xs, torch.zeros(1))
    assert row[1] == pytest.approx(by_hand(loss_surface, origin), rel=1e-6) == loss_surface.at(origin)


def test_each_filter_is_as_long_as_the_networks_own(loss_surface):
    weights = loss_surface.weights
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
    directions, fractions = surface.principal(path)
    centred = path.double().numpy() - path.double().numpy().mean(0)
    _, lengths, rows = np.linalg.svd(centred, full_matrices=False)
    np.testing.assert_allclose(fractions[:3], (lengths ** 2 / (lengths ** 2).sum())[:3], rtol=1e-6)
    for mine, expected in zip(directions.double().numpy(), rows):
        assert abs(mine @ expected) == pytest.approx(1, abs=1e-6)
        assert np.linalg.norm(mine) == pytest.approx(1, abs=1e-6)
        assert centred[-1] @ mine > centred[0] @ mine
    assert abs(float(directions[0] @ directions[1])) < 1e-5


def test_places_on_the_plane_are_the_nearest_ones():
    origin, path = torch.randn(50), torch.randn(6, 50)
    directions = torch.randn(2, 50) + 0.5  # not at right angles
    places = surface.coordinates(path, origin, directions)
    for moment, place in zip(path, places):
        away = (moment.double() - origin.double()).numpy()
        expected, *_ = np.linalg.lstsq(directions.T.double().numpy(), away, rcond=None)
        np.testing.assert_allclose(place, expected, rtol=1e-6)
    inside = [(place @ directions.double()).square().sum() for place in places]
    total = sum((moment - origin).double().square().sum() for moment in path)
    fraction = surface.variance_in_plane(path, origin, directions, places)
    assert fraction == pytest.approx(float(sum(inside) / total), rel=1e-5) and 0 < fraction < 0.5
    within = origin + torch.tensor([[2.0, -1.0]]) @ directions
    assert surface.variance_in_plane(within, origin, directions, surface.coordinates(within, origin, directions)) \
        == pytest.approx(1, rel=1e-5)


def test_the_straight_line_from_start_to_end(loss_surface):
    end = loss_surface.weights.flat.clone()
    start = end + 0.3 * torch.randn(len(end))
    found = list(surface.line(loss_surface, start, end, torch.tensor([0.0, 0.25, 1.0, 1.25])))
    expected = [by_hand(loss_surface, (1 - fraction) * start + fraction * end) for fraction in (0, 0.25, 1, 1.25)]
    np.testing.assert_allclose(found, expected, rtol=2e-5)


def test_how_far_along_the_way():
    start, way = torch.randn(40), torch.randn(40)
    aside = torch.randn(40)
    aside -= (aside @ way) / (way @ way) * way
    path = torch.stack([start, start + 0.3 * way + aside, start + 1.2 * way, start + way])
    np.testing.assert_allclose(surface.along(path), [0, 0.3, 1.2, 1], atol=1e-5)
