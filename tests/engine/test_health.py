"""What the probe says of each layer, against numbers worked out by hand; when it looks; what is kept."""
from __future__ import annotations

import copy
import math
import time

import numpy as np
import pytest
import torch
from torch import nn

from dlviz import presets
from dlviz.probes import gates, health, recurrent
from dlviz.probes.histogram import BINS, MOST, histogram, sampled
from dlviz.runs.storage import health_table
from dlviz.runs.storage.store import RunRow, Store
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, TrainingSpec
from dlviz.training import events as ev
from dlviz.training import health_schedule, retention
from dlviz.training.history import History
from dlviz.training.loop import train


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def _network(**modules: nn.Module) -> nn.Sequential:
    made = nn.Sequential()
    for name, module in modules.items():
        made.add_module(name, module)
    return made


def _update(network: nn.Module, x: torch.Tensor, memory: health.Memory | None = None, rate: float = 0.1,
            clip: float | None = None) -> dict[str, health.LayerHealth]:
    """One update by SGD, the gradients clipped as a loop may do."""
    optimizer = torch.optim.SGD(network.parameters(), rate)
    with health.measure(dict(network.named_children()), memory or health.Memory()) as found:
        network(x).square().sum().backward()
        if clip:
            nn.utils.clip_grad_norm_(network.parameters(), clip)
        optimizer.step()
    return found


def test_gradient_and_update_of_a_layer_by_hand():
    network = _network(a=nn.Linear(3, 2), b=nn.Linear(2, 1))
    x = torch.randn(5, 3)
    w, bias = network.a.weight.detach().numpy().copy(), network.a.bias.detach().numpy().copy()
    v, last = network.b.weight.detach().numpy().copy(), network.b.bias.detach().numpy().copy()
    found = _update(network, x)
    hidden = x.numpy() @ w.T + bias
    delta = 2 * (hidden @ v.T + last) @ v  # (5, 2): of the sum of squares
    gradient, of_bias = delta.T @ x.numpy(), delta.sum(0)
    length = math.hypot(np.linalg.norm(gradient), np.linalg.norm(of_bias))
    assert found["a"].gradient_norm == pytest.approx(length, rel=1e-4)
    assert found["a"].weight_norm == pytest.approx(np.linalg.norm(w), rel=1e-5)
    moved = 0.1 * np.linalg.norm(gradient)
    assert found["a"].update_ratio == pytest.approx(moved / np.linalg.norm(w), rel=1e-4)
    assert sum(found["a"].weights.counts) == sum(found["a"].gradients.counts) == 6
    assert found["a"].gradients.low == pytest.approx(gradient.min(), rel=1e-4)


def test_the_gradient_is_that_before_clipping_and_the_update_that_after_it():
    network = _network(a=nn.Linear(3, 2))
    x = torch.randn(5, 3)
    twin = copy.deepcopy(network)
    free, clipped = _update(network, x), _update(twin, x, clip=1e-3)
    assert clipped["a"].gradient_norm == pytest.approx(free["a"].gradient_norm, rel=1e-5)
    assert clipped["a"].gradients == free["a"].gradients
    assert clipped["a"].update_ratio < free["a"].update_ratio / 100


def test_activity_of_each_kind_of_activation():
    x = torch.tensor([[-9.0, 0.0, 0.5, 9.0], [-9.0, -1.0, 0.5, 1.0]])
    linear = nn.Linear(4, 4)
    sums = linear(x).detach().numpy()
    found = {kind: _update(_network(a=copy.deepcopy(linear), act=module), x)["act"]
             for kind, module in (("relu", nn.ReLU()), ("sigmoid", nn.Sigmoid()), ("tanh", nn.Tanh()))}
    assert found["relu"].density == pytest.approx((sums > 0).mean())
    assert found["relu"].silent == pytest.approx((sums <= 0).all(0).mean()) and found["relu"].saturated is None
    slope = np.exp(-sums) / (1 + np.exp(-sums)) ** 2
    assert found["sigmoid"].saturated == pytest.approx((slope < 0.05 * 0.25).mean())
    assert found["tanh"].saturated == pytest.approx((1 - np.tanh(sums) ** 2 < 0.05).mean())
    assert 0 < found["sigmoid"].saturated < 1 and 0 < found["tanh"].saturated < 1, "or nothing was compared"
    assert found["sigmoid"].silent is None and found["sigmoid"].density == 1


def test_units_of_an_image_are_its_maps_and_dead_means_silent_in_every_recent_look():
    network = _network(conv=nn.Conv2d(1, 4, 3), relu=nn.ReLU(), flat=nn.Flatten(), out=nn.Linear(16, 2))
    with torch.no_grad():
        network.conv.weight[2:].zero_()
        network.conv.bias[2:] = torch.tensor([-1.0, 0.5])
    memory = health.Memory()
    looks = [_update(network, torch.rand(3, 1, 4, 4), memory, rate=0.0)["relu"] for _ in range(health.DEAD_AFTER)]
    assert [look.dead for look in looks[:-1]] == [None] * (health.DEAD_AFTER - 1)
    assert looks[-1].silent >= 0.25 and looks[-1].dead >= 0.25
    with torch.no_grad():
        network.conv.bias[2] = 1.0
    again = _update(network, torch.rand(3, 1, 4, 4), memory, rate=0.0)["relu"]
    assert again.dead == pytest.approx(looks[-1].dead - 0.25), "it woke, so it was not dead"


@pytest.mark.parametrize("values", [torch.randn(100), torch.randn(300, 40), torch.zeros(7),
                                    torch.tensor([2.0])])
def test_histograms_count_as_numpy_does(values):
    found = histogram(values)
    picked = values.flatten()[::math.ceil(values.numel() / MOST)].numpy()
    assert len(found.counts) == BINS and sum(found.counts) == len(picked) <= MOST
    if picked.min() < picked.max():
        expected = np.histogram(picked.astype(np.float64), BINS)[0]
        assert np.abs(np.array(found.counts) - expected).sum() <= 4, "but for what lies on an edge"
    assert (found.low, found.high) == (picked.min(), picked.max())


def test_a_histogram_leaves_out_what_is_no_number():
    found = histogram(torch.tensor([1.0, math.nan, 3.0, math.inf]))
    assert (found.low, found.high, sum(found.counts)) == (1.0, 3.0, 2)
    assert sum(histogram(torch.full((3,), math.nan)).counts) == 0


@pytest.mark.parametrize("shape", [(6, 4), (6, 3, 5, 5)])
def test_a_batch_normalization_tells_what_comes_in_and_what_would_go_out_in_use(shape):
    norm = nn.BatchNorm1d(4) if len(shape) == 2 else nn.BatchNorm2d(3)
    network = _network(norm=norm)
    with torch.no_grad():
        norm.running_mean += 0.3
        norm.weight *= 2
    x = 3 * torch.randn(shape) + 1
    axes = (0, 2, 3)[:len(shape) - 1]
    was = x.numpy()
    found = _update(network, x, rate=0.0)["norm"].normalized
    assert found.batch_mean == pytest.approx(was.mean(axes), rel=1e-4)
    assert found.batch_std == pytest.approx(was.std(axes), rel=1e-4)
    assert found.running_mean == pytest.approx(0.9 * 0.3 + 0.1 * was.mean(axes), rel=1e-4)
    with torch.no_grad():
        in_use = network.eval()(x).numpy()
    assert found.evaluation.low == pytest.approx(in_use.min(), rel=1e-3)
    assert found.evaluation.high == pytest.approx(in_use.max(), rel=1e-3)
    assert found.entering.low == pytest.approx(was.min(), rel=1e-5)


@pytest.mark.parametrize(("module", "shape"), [(nn.Dropout(0.4), (5, 300)), (nn.Dropout(0.4), (5, 4, 6, 6)),
                                           (nn.Dropout2d(0.5), (5, 40, 3, 3))])
def test_who_sleeps_is_known_even_where_a_zero_comes_in(module, shape):
    torch.manual_seed(1)
    x = torch.rand(shape)
    state = torch.get_rng_state()
    expected = module(torch.ones(shape)) == 0
    after = torch.get_rng_state()
    torch.set_rng_state(state)
    zeros = (x > 0.5) * x
    with health.measure({"drop": module}, health.Memory()) as found:
        module(zeros)
    assert torch.equal(torch.get_rng_state(), after), "the dice lie as they would have"
    first = expected[0].flatten(1).all(1) if isinstance(module, nn.Dropout2d) else expected[0].flatten()
    assert found["drop"].dropped == tuple(first[:256].tolist()) and 0 < sum(first) < len(first)
    assert found["drop"].dropped_fraction == pytest.approx(expected.float().mean().item())


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU])
def test_gates_are_those_of_the_formulas_and_stuck_ones_are_counted(kind):
    torch.manual_seed(2)
    module, x = kind(3, 5, batch_first=True), torch.randn(2, 7, 3)
    with torch.no_grad():
        for weight in module.parameters():
            weight *= 8
        found = gates.open_gates(module, x, module(x)[0])
    names = ("input", "forget", "output") if kind is nn.LSTM else ("reset", "update")
    read = [recurrent.read(module, sample)["layer 1"].gates for sample in x]
    expected = np.array([[reading[name] for reading in read] for name in names])
    assert found.numpy() == pytest.approx(expected, abs=1e-4)
    stuck = gates.saturated(module, x, 0.05).item()
    assert stuck == pytest.approx((expected * (1 - expected) < 0.0125).mean(), abs=1e-3) and stuck > 0.1


def _mixed(train_fraction: float = 0.01, epochs: int = 2) -> Experiment:
    """A little of everything that draws random numbers or keeps a state of its own."""
    layers = [("flat", "Flatten", {}), ("a", "Linear", {"out_features": 20}), ("norm", "BatchNorm1d", {}),
              ("relu", "ReLU", {}), ("drop", "Dropout", {"p": 0.3}), ("out", "Linear", {"out_features": 10})]
    network = NetworkSpec(layers=tuple(LayerSpec(name=n, kind=k, fields=f) for n, k, f in layers))
    training = TrainingSpec(train_fraction=train_fraction, epochs=epochs, batch_size=50)
    return Experiment(network=network, training=training)


@pytest.fixture
def no_budget(monkeypatch):
    monkeypatch.setattr(health_schedule, "CREDIT", math.inf)


def test_a_training_that_is_looked_at_goes_as_one_that_is_not(monkeypatch, no_budget):
    looked = list(train(_mixed(), device="cpu"))
    monkeypatch.setattr(health_schedule.HealthSchedule, "_due", lambda self, step, watched: False)
    unwatched = list(train(_mixed(), device="cpu"))
    readings = [event for event in looked if isinstance(event, ev.Health)]
    assert len(readings) >= 20 and set(readings[-1].layers) == {"a", "norm", "relu", "drop", "out"}
    assert [e for e in looked if isinstance(e, ev.Step)] == [e for e in unwatched if isinstance(e, ev.Step)]
    assert readings[-1].layers["relu"].dead is not None and readings[0].step == 1


def test_it_looks_at_spread_moments_often_while_somebody_does_and_never_spends_more_than_its_share():
    times = iter(np.arange(0, 1000, 0.125).tolist())
    made = health_schedule.HealthSchedule(_built(_mixed()), planned=600, wall=lambda: next(times))
    made._sure = frozenset()
    assert [step for step in range(1, 40) if made._due(step, watched=False)] == [1, 11, 21, 31]
    made._looked = next(times)
    assert [step for step in range(2, 11) if made._due(step, watched=True)] == [5, 6, 7, 8, 9, 10]
    made._spent = 1000.0
    assert not made._due(1, watched=True)


def test_what_the_doctor_needs_is_looked_at_whatever_it_costs():
    made = health_schedule.HealthSchedule(_built(_mixed()), planned=600)
    made._spent = 1000.0
    due = [step for step in range(1, 601) if made._due(step, watched=False)]
    assert due == retention.geometric_steps(600, health_schedule.SURE) and (due[0], due[-1]) == (1, 600)
    assert len(due) >= 12 and len([step for step in due if step <= 30]) >= 5, "enough to call a unit dead by then"


def test_a_look_is_paid_by_the_threads_own_time(monkeypatch):
    """A look during which others have the processor costs nothing."""
    made = health_schedule.HealthSchedule(_built(_mixed()), planned=600)
    for step in range(1, 4):
        with made.around(step, watched=True):
            time.sleep(0.05)
    assert made._spent < 0.05


def _built(experiment: Experiment):
    from dlviz import network, tasks

    return network.build(experiment.network, tasks.get("mnist").signature(), 1)


def test_moments_are_thinned_where_they_are_dense_and_the_ends_stay():
    steps = [1, 2, 10, 20, 21, 40]
    assert retention.most_redundant(steps) == 1 or steps[retention.most_redundant(steps)] in (2, 20, 21)
    history = History()
    for step in range(1, 3 * retention.LIMIT):
        history.apply(ev.Health(step, {}))
    health_steps = [moment.step for moment in history.health]
    assert len(health_steps) == retention.LIMIT and health_steps[0] == 1 and health_steps[-1] == 3 * retention.LIMIT - 1
    assert max(np.diff(health_steps)) <= 8, "spread over the whole run"


def test_health_survives_a_restart_and_a_process_that_goes_back(tmp_path, no_budget):
    training = train(_mixed(epochs=1), device="cpu")
    events = [event for event in training if isinstance(event, (ev.Started, ev.Health))]
    events.append(ev.Started(events[5].step, 20, 10, "cpu", 1))
    history = History()
    for event in events:
        history.apply(event)
    store = Store(tmp_path)
    store.write([RunRow("r", "me", "A run", 1.0, 1.0, "training", presets.get("mlp").experiment.to_json(None))],
                {"r": events})
    store.close()
    again = Store(tmp_path)
    stored = again.history("r").health
    again.delete("r")
    assert again.history("r").health == []
    again.close()
    assert len(stored) == 5 and stored == history.health
    assert stored[-1].layers["norm"].normalized.evaluation is not None and stored[-1].layers["drop"].dropped


def test_a_moment_is_small_and_not_a_number_survives():
    layer = health.LayerHealth(gradient_norm=math.inf, update_ratio=math.nan,
                               weights=histogram(torch.randn(4096)), gradients=histogram(torch.randn(4096)))
    data = health_table.to_bytes(ev.Health(7, {"a": layer}))
    back = health_table.from_bytes(7, data).layers["a"]
    assert math.isinf(back.gradient_norm) and math.isnan(back.update_ratio) and back.weights == layer.weights
    assert len(data) < 600


def test_sampling_is_even():
    assert sampled(torch.arange(10 * MOST)).tolist() == list(range(0, 10 * MOST, 10))


def test_gradients_that_have_nearly_vanished_have_a_histogram():
    """Numbers so small that their span has no inverse among 32-bit numbers, as behind a saturated sigmoid."""
    tiny = torch.tensor([0.0, 1e-45, 1.2e-44, 3e-44])
    found = histogram(tiny)
    assert sum(found.counts) == 4 and found.counts[0] == 1 and found.counts[-1] == 1 and found.high > 0
