"""The search for a learning rate: what it tries, what it suggests, and that nothing of it stays."""
from __future__ import annotations

import time

import numpy as np
import pytest
import torch
from torch import nn

from dlviz import presets, tasks
from dlviz.errors import RunError, SpecError
from dlviz.figures.rates import ROW, describe, label_rows, planned, schedule_chart, search_chart, to_the_left
from dlviz.optimizers import SGD, Adam
from dlviz.runs.service import RunService
from dlviz.schedules import CosineAnnealingLR, Plan
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, TrainingSpec
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training.finder import LAST, TRIAL, decided, found, rate, valley
from dlviz.training.loop import train


def small(**training) -> Experiment:
    """With dropout and batch norm, which have random numbers and statistics of their own to be put back."""
    rows = [("f", "Flatten", {}), ("h", "Linear", {"out_features": 32}), ("n", "BatchNorm1d", {}), ("r", "ReLU", {}),
            ("d", "Dropout", {"p": 0.3}), ("o", "Linear", {"out_features": 10})]
    network = NetworkSpec(layers=tuple(LayerSpec(name=n, kind=k, fields=f) for n, k, f in rows))
    settings = {"train_fraction": 0.02, "epochs": 1, "batch_size": 32, **training}
    return Experiment(network=network, training=TrainingSpec(**settings), seed=5)


def searching(experiment: Experiment, at: int = 0) -> list:
    """The events of a training that is asked to search after step `at`."""
    control, events = ctl.Control(), []
    for event in train(experiment, control, device="cpu"):
        events.append(event)
        if (at == 0 and isinstance(event, ev.Started)) or (isinstance(event, ev.Step) and event.step == at):
            control.post(ctl.FindRate())
    return events


@pytest.mark.parametrize("optimizer", [SGD(), Adam()], ids=lambda o: o.kind)
def test_training_goes_on_as_if_nothing_had_been(optimizer):
    experiment = small(optimizer=optimizer, clip="norm")
    events = searching(experiment, at=10)
    plain = list(train(experiment, device="cpu"))
    assert [e for e in events if isinstance(e, ev.Step)] == [e for e in plain if isinstance(e, ev.Step)]
    assert events[-1] == plain[-1]
    tried = [e for e in events if isinstance(e, ev.Progressed)]
    assert [e.done for e in tried] == list(range(1, len(tried) + 1)) and len(tried) > 30
    assert sum(isinstance(e, ev.RateFound) for e in events) == 1


def test_it_tries_rising_rates_on_the_first_weights():
    """Losses of a loop by hand with the same rates; a learner of its own that shares nothing with ours."""
    experiment = Experiment(network=presets.get("mlp").experiment.network, seed=3,
                            training=TrainingSpec(train_fraction=0.02, epochs=1, batch_size=32, optimizer=SGD()))
    result = next(e for e in searching(experiment) if isinstance(e, ev.RateFound))
    assert np.allclose(result.rates, [1e-6 * 10 ** (7 * i / 99) for i in range(len(result.rates))], rtol=1e-5)
    torch.manual_seed(3)
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(),
                          nn.Linear(64, 10))
    data = tasks.get("mnist").data().train
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0, momentum=0.9, nesterov=True)
    losses = []
    order = torch.cat([torch.randperm(1_100, generator=torch.Generator().manual_seed(3 - n)) for n in (1, 2)])
    for step, rows in enumerate(order[:1_100].split(32)):
        optimizer.param_groups[0]["lr"] = rate(step)
        loss = nn.functional.cross_entropy(model(data.inputs[0][rows]), data.targets[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert np.allclose(result.losses[:len(losses)], losses, rtol=1e-3)
    assert 0.003 < result.suggestion < 0.3  # SGD with momentum learns there
    assert result.suggestion in {way.rate for way in result.suggestions}


def falling(middle: float, noise: float = 0.0) -> ev.RateFound:
    """A loss that falls from 2.3 to 0.5 around `middle` and explodes at 100 times of that."""
    rates = np.array([rate(step) for step in range(100)])
    losses = 0.5 + 1.8 / (1 + (rates / middle) ** 1.5) + (rates / (100 * middle)) ** 2
    return found(rates, losses + noise * np.random.default_rng(1).normal(size=100))


@pytest.mark.parametrize("middle", [1e-4, 1e-3, 1e-2])
def test_the_curve_speaks_for_several_rates_each_with_its_reason(middle: float):
    for noise in (0.0, 0.05):
        result = falling(middle, noise)
        rates = [way.rate for way in result.suggestions]  # two that agree are one
        assert len(set(rates)) == len(rates) >= 2 and any(middle / 2 < one < middle * 2 for one in rates)
        lowest = result.rates[result.smoothed.argmin()]
        assert any(one == pytest.approx(lowest / 10, rel=0.06) for one in rates)
        assert all(f"{way.rate:g}" in way.reason for way in result.suggestions)
        labels = [note.text for note in search_chart(result).layout.annotations]
        assert {text.replace("<b>", "").replace("</b>", "") for text in labels} == {f"{way.title}: {way.rate:g}"
                                                                                    for way in result.suggestions}


def test_a_suggestion_is_a_point_on_the_average():
    result = falling(1e-2)
    points = {trace.name: trace for trace in search_chart(result).data if trace.mode == "markers"}
    assert len(points) == len(result.suggestions)
    for way in result.suggestions:
        point = points[f"{way.title}: {way.rate:g}"]
        near = np.abs(np.log(result.rates / way.rate)).argsort()[:2]
        assert point.x == (way.rate,
                           ) and result.smoothed[near].min() - 1e-6 <= point.y[0] <= result.smoothed[near].max() + 1e-6


@pytest.mark.parametrize("middle", [1e-6, 1e-3, 1.0])
def test_no_line_runs_through_the_label_of_a_suggestion(middle: float):
    """A label leads away from its own line; each line that would cross it ends in a row below it."""
    result = falling(middle)
    left, placed = to_the_left(result), label_rows(result)
    assert sorted(row for _, row in placed) == list(range(len(placed)))
    for way, row in placed:
        ahead = [other_row for other, other_row in placed if (other.rate < way.rate if left else other.rate > way.rate)]
        assert all(other_row < row for other_row in ahead)
    chart = search_chart(result)
    assert chart.layout.margin.t > ROW * len(placed) and all(note.y == 1 for note in chart.layout.annotations)


def test_the_valley_is_the_longest_unbroken_fall():
    losses = np.concatenate([np.linspace(3, 2.9, 4), [3.0], np.linspace(2.9, 1, 20), np.linspace(1.1, 5, 9)])
    assert valley(losses) == (4, 24)


def ending(rates: dict[float, float]) -> dict[float, list[float]]:
    """Trials whose last losses lie a little around these."""
    return {rate: [2.0] * (TRIAL - LAST) + [end + 0.01 * (-1) ** n for n in range(LAST)]
            for rate, end in rates.items()}


def test_the_suggestion_that_does_best_when_tried_is_the_default():
    search_result = falling(1e-3)
    low, *_, high = sorted(way.rate for way in search_result.suggestions)
    tried = {way.rate: 1.0 for way in search_result.suggestions}
    result = decided(search_result, ending(tried | {low: 0.3}))
    assert result.suggestion == low and f"{low:g} came to the lowest loss" in result.sentence
    assert {way.rate: way.loss for way in result.suggestions}[low] == pytest.approx(0.3)
    assert decided(search_result, ending(tried) | {high: [2.0, float("inf")]}).suggestion < high  # it flew


def test_of_several_that_do_equally_well_the_middle_one_is_the_default():
    search_result = falling(1e-3)
    rates = sorted(way.rate for way in search_result.suggestions)
    result = decided(search_result, ending(dict.fromkeys(rates, 1.0)))
    assert result.suggestion == rates[len(rates) // 2] and "did equally well" in result.sentence


def test_of_two_that_do_equally_well_none_is_called_the_middle_one():
    search_result = falling(1e-3)
    low, high, *others = sorted(way.rate for way in search_result.suggestions)
    result = decided(search_result, ending({low: 1.0, high: 1.0} | dict.fromkeys(others, 2.0)))
    assert result.suggestion == high
    assert f"2 did equally well, and {high:g} is the larger one" in result.sentence


def test_where_every_trial_flies_nothing_is_suggested():
    search_result = falling(1e-3)
    result = decided(search_result, {way.rate: [1.0, float("nan")] for way in search_result.suggestions})
    assert result.suggestion is None and "none to suggest" in result.sentence


def test_where_nothing_falls_nothing_is_suggested():
    rates = np.array([rate(step) for step in range(100)])
    for losses in (np.full(100, 2.3), 2.3 + rates, np.full(100, np.nan), np.array([2.3])):
        result = found(rates[:len(losses)], losses)
        assert result.suggestion is None and "none to suggest" in result.sentence
        if len(result.rates) > 1:
            assert len(search_chart(result).data) == 2 and "suggestions" not in describe(result)
        else:
            with pytest.raises(ValueError, match="from two rates on"):
                search_chart(result)


def test_a_schedule_is_drawn_as_it_will_be():
    plan = Plan(430, 86)
    steps, rates = planned(CosineAnnealingLR(), 0.2, plan)
    assert steps[0] == 0 and steps[-1] == 429 and len(steps) <= 240
    assert np.allclose(rates, 0.1 * (1 + np.cos(np.pi * steps / 430)))
    chart = schedule_chart(CosineAnnealingLR(), 0.2, plan)
    axis = chart.layout.xaxis
    assert list(axis.ticktext) == list("012345") and list(axis.tickvals) == [86 * epoch for epoch in range(6)]
    np.testing.assert_allclose(chart.data[0].y[:-1], rates)
    assert chart.data[0].x[-1] == 430  # the last rate holds to the end
    assert planned(CosineAnnealingLR(), 0.2, Plan(1, 1))[0].tolist() == [0]


def test_a_search_in_a_process_of_its_own_leaves_nothing(tmp_path):
    service = RunService()
    try:
        ticket = service.find_rate(small())
        until = time.monotonic() + 180  # a test gives up then; not a measurement
        while not (search := service.rate_search(ticket)).over and time.monotonic() < until:
            time.sleep(0.05)
        assert search.found is not None and search.fraction == 1.0, search.sentence
        assert search.found.suggestion == next(
            e for e in searching(small()) if isinstance(e, ev.RateFound)).suggestion
        assert service.list("me") == ()
        wrong = small(batch_size=32).model_copy(update={"network": NetworkSpec()})
        with pytest.raises(SpecError, match="it has none"):
            service.find_rate(wrong)
        assert "Start it again" in service.rate_search("find-nothing").sentence
        folder = tmp_path / "dlviz" / "finding"
        while folder.exists() and any(folder.iterdir()) and time.monotonic() < until:
            time.sleep(0.05)
        assert not folder.exists() or not any(folder.iterdir())
    finally:
        service.close()


def test_only_so_many_searches_at_a_time(tmp_path, monkeypatch):
    from dlviz.runs import rate_search
    from tests.engine.test_runs_service import FakeEngine
    monkeypatch.setattr(rate_search, "AT_ONCE", 2)
    searches = rate_search.RateSearches(FakeEngine(), tmp_path)
    for _ in range(2):
        searches.start(small())
    with pytest.raises(RunError, match="Try again in a minute"):
        searches.start(small())
