"""What the views of sequences are made of: gradients through time, forecasts, written samples, siblings."""
from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from dlviz import layers, presets, tasks
from dlviz import network as net
from dlviz.figures import states
from dlviz.presets.siblings import MEMORIES, memory_of, with_memory
from dlviz.probes import recurrent
from dlviz.shapes import Shape
from dlviz.tasks import decoding
from dlviz.tasks.decoding import Decoding
from dlviz.tasks.forecast import ForecastWindow, forecasts
from dlviz.training.captures import answer_query
from dlviz.training.control import Query

SHAPE = Shape("sequence", (7, 3))
CELLS = {"RNN": nn.RNNCell, "LSTM": nn.LSTMCell, "GRU": nn.GRUCell}


def by_hand(kind: str, memory: nn.RNNBase, output: nn.Linear, x: torch.Tensor, judged: int) -> list[float]:
    """The same from torch's single cells: the gradient of each step's memory, by its own `retain_grad`."""
    cell = CELLS[kind](3, 5)
    cell.load_state_dict({name.removesuffix("_l0"): value for name, value in memory.state_dict().items()})
    state, carries, given = None, [], []
    for value in x:
        state = cell(value[None], state)
        hidden, carried = state if kind == "LSTM" else (state, state)
        carried.retain_grad()
        carries.append(carried)
        given.append(hidden)
    F.cross_entropy(output(given[judged]), torch.tensor([1])).backward()
    return [0.0 if one.grad is None else one.grad.norm().item() for one in carries]


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("judged", [6, 4])
def test_the_gradient_of_each_steps_memory_is_that_of_torchs_cells(kind: str, judged: int):
    torch.manual_seed(2)
    memory = layers.declare(kind, {"hidden_size": 5}).build(SHAPE)
    network, x = nn.Sequential(memory, nn.Linear(5, 4)).eval(), torch.randn(7, 3)
    found = recurrent.gradient_through_time(
        network, memory, (x[None],), lambda out: F.cross_entropy(out[:, judged], torch.tensor([1])))
    expected = by_hand(kind, memory, network[1], x, judged)
    assert np.allclose(found["layer 1"].sizes, expected, rtol=1e-4) and expected[0] > 0
    assert (found["layer 1"].sizes[judged + 1:] == 0).all() and not memory._forward_hooks
    assert found["layer 1"].entry == judged and not found["layer 1"].backwards
    assert all(p.grad is None for p in memory.parameters())


def test_the_gradient_of_a_last_step_and_of_both_directions():
    torch.manual_seed(3)
    x = torch.randn(1, 7, 3)
    last = layers.declare("GRU", {"hidden_size": 5, "output": "last step", "bidirectional": True}).build(SHAPE)
    found = recurrent.gradient_through_time(nn.Sequential(last).eval(), last, (x,), lambda out: out.sum())
    assert list(found) == ["layer 1", "layer 1, backwards"]
    for name, at in (("layer 1", 6), ("layer 1, backwards", 0)):  # the sum hands a one to each of five units
        assert found[name].sizes[at] == pytest.approx(5 ** 0.5) and (found[name].sizes > 0).all()
        assert found[name].entry == at and found[name].backwards == (at == 0)
    unused = layers.declare("RNN", {"hidden_size": 5}).build(SHAPE)
    network = nn.Sequential(unused)
    none = recurrent.gradient_through_time(network, unused, (x,), lambda out: (out * 0).sum())
    assert (none["layer 1"].sizes == 0).all()


def test_a_memory_that_reads_backwards_is_asked_about_the_first_answer():
    torch.manual_seed(4)
    both = layers.declare("GRU", {"hidden_size": 5, "bidirectional": True}).build(SHAPE)
    x = torch.randn(1, 7, 3)
    found = recurrent.gradient_through_time(nn.Sequential(both).eval(), both, (x,), lambda out: out[:, 6].sum(),
                                            lambda out: out[:, 0].sum())
    mirror = recurrent.gradient_through_time(nn.Sequential(both).eval(), both, (x,), lambda out: out[:, 0].sum())
    backwards = found["layer 1, backwards"]
    assert backwards.entry == 0 and (backwards.sizes > 0).all(), "it comes from the first answer, towards the end"
    np.testing.assert_array_equal(backwards.sizes, mirror["layer 1, backwards"].sizes)
    assert found["layer 1"].entry == 6 and (found["layer 1"].sizes > 0).all()


def test_below_the_top_of_a_stack_the_error_comes_in_at_every_step():
    torch.manual_seed(5)
    stack = layers.declare("LSTM", {"hidden_size": 4, "num_layers": 2, "output": "last step"}).build(SHAPE)
    found = recurrent.gradient_through_time(nn.Sequential(stack).eval(), stack, (torch.randn(1, 7, 3),),
                                            lambda out: out.sum())
    assert (found["layer 1"].entry, found["layer 2"].entry) == (None, 6)


def test_a_mean_over_time_brings_the_error_in_everywhere():
    torch.manual_seed(6)
    memory = layers.declare("RNN", {"hidden_size": 4}).build(SHAPE)
    found = recurrent.gradient_through_time(nn.Sequential(memory).eval(), memory, (torch.randn(1, 7, 3),),
                                            lambda out: out.mean(1).sum())
    assert found["layer 1"].entry is None


def test_an_ask_brings_the_gradient_of_the_last_judged_step():
    experiment = presets.get("names").experiment
    task = tasks.get("names")
    network = net.build(experiment.network, task.signature(), seed=3).eval()
    inputs, target = task.sample("test", 0)
    result = answer_query(network, task, Query("a", inputs, gradients=("memory", "gone"), target=target), 1)
    sizes, last = result.gradients["memory"]["layer 1"].sizes, int((target != -100).nonzero()[0][-1])
    assert (sizes[:last + 1] > 0).all() and (sizes[last + 1:] == 0).all()
    assert answer_query(network, task, Query("a", inputs, gradients=("memory",)), 1).gradients == {}
    assert not network.training and all(p.grad is None for p in network.parameters())


def test_sizes_beside_that_where_the_error_comes_in():
    forward = states.relative_to_entry(np.array([0.5, 1.0, 2.0, 0.0]), 2)
    np.testing.assert_array_equal(forward, [0.25, 0.5, 1.0, np.nan])
    backwards = states.relative_to_entry(np.array([0.0, 4.0, 2.0, 1.0]), 1, backwards=True)
    np.testing.assert_array_equal(backwards, [np.nan, 1.0, 0.5, 0.25])
    np.testing.assert_array_equal(states.relative_to_entry(np.array([1.0, 4.0, 2.0]), None), [0.25, 1.0, 0.5])
    assert states.relative_to_entry(np.zeros(3), 1).tolist() == [0, 0, 0]


# forecasts

def test_a_network_that_says_no_change_repeats_the_year():
    task = tasks.get("airline")
    series, forecast_window = task.series(), task.forecast_window("test", 0)
    found = forecasts(task, forecast_window, lambda inputs: np.zeros(1, np.float32))
    np.testing.assert_allclose(found.one_step, series[108:132])  # January 1958 to December 1959
    np.testing.assert_allclose(found.many_steps, np.tile(series[108:120], 2))
    assert task.time_labels("test", 0)[task.window] == "Jan 1959" and len(task.time_labels("test", 0)) == 48
    late = task.forecast_window("test", 20)
    assert len(late.following) == 4
    assert len(forecasts(task, late, lambda inputs: np.zeros(1)).one_step) == 5  # the next that nobody knows, too


def test_an_ask_brings_forecasts_that_feed_on_themselves():
    task, experiment = tasks.get("sine"), presets.get("sine").experiment
    network = net.build(experiment.network, task.signature(), seed=3).eval()
    forecast_window = ForecastWindow(task.past("test", 5), task.target("test", 5, 3), 4)
    result = answer_query(network, task, Query("a", task.inputs(forecast_window.past), forecast_window=forecast_window),
                  1).forecasts
    window = list(forecast_window.past)
    with torch.no_grad():
        for step in range(4):
            tail = torch.tensor(window[-24:], dtype=torch.float32)[None, :, None]
            window.append(network(tail).item())
            assert result.many_steps[step] == pytest.approx(window[-1], abs=1e-5)
        known = np.concatenate([forecast_window.past, forecast_window.following])
        for step in range(4):
            tail = torch.tensor(known[step:step + 24], dtype=torch.float32)[None, :, None]
            assert result.one_step[step] == pytest.approx(network(tail).item(), abs=1e-5)


# what it writes

def certain(word: str):
    """Scores of a network that is sure to write this word and to end."""
    def ask(inputs):
        scores = np.full((len(inputs[0]), 14, 27), -50.0)
        for row, letter in enumerate([*word, "."]):
            scores[:, row, ".abcdefghijklmnopqrstuvwxyz".index(letter)] = 50.0
        return scores
    return ask


def test_many_samples_are_written_at_once():
    task, nothing = tasks.get("names"), (np.zeros(12, np.int64),)
    random = np.random.default_rng(0)
    assert decoding.generate_batch(task, nothing, certain("ada"), Decoding(1.0), random, 3) == ("ada",) * 3
    begun = task.parse("ad")
    assert decoding.generate_batch(task, begun, certain("xya"), Decoding(1.0), random, 2) == ("ada",) * 2
    endless = decoding.generate_batch(task, nothing, certain("abcdefghijkl"), Decoding(1.0), random, 1)
    assert endless == ("abcdefghijkl",)
    even = [decoding.generate_batch(task, nothing, lambda x: np.zeros((4, 12, 27)), Decoding(1.0, 5),
                          np.random.default_rng(seed), 4) for seed in (1, 1, 2)]
    assert even[0] == even[1] != even[2] and set("".join(even[2])) <= set("abcd")


def test_an_ask_brings_samples_that_the_seed_decides():
    task, experiment = tasks.get("names"), presets.get("names").experiment
    network = net.build(experiment.network, task.signature(), seed=3).eval()
    inputs, _ = task.sample("test", 0)
    drawn = [answer_query(network, task, Query("a", inputs, samples=4, seed=seed), 1).samples for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2] and len(drawn[0]) == 4
    begun = answer_query(network, task, Query("a", task.parse("zo"), samples=3, decoding=Decoding(), seed=1), 1).samples
    assert all(text.startswith("zo") for text in begun)
    assert task.is_known("anna") and not task.is_known("zzzz")


def test_a_sum_is_written_as_people_do():
    task = tasks.get("addition")
    for first, second in ((27, 68), (50, 50), (0, 0)):
        inputs = task.parse(f"{first}+{second}")
        answer = task.solve(inputs)
        assert task.to_text(inputs, answer[answer != -100]) == str(first + second)
    assert task.to_text(task.parse("1+2"), np.array([3, 10, 0])) == "0+3"  # nonsense is shown as it is


# siblings

def test_siblings_differ_in_their_memory_only():
    own = presets.get("order_rnn").experiment
    taken = own.model_copy(update={"seed": 9, "task": own.task.model_copy(update={"fields": {"length": 40}})})
    for kind in MEMORIES:
        sibling, ready = with_memory(taken, kind), presets.get(f"order_{kind.lower()}").experiment
        assert memory_of(sibling.network) == kind and sibling.network == ready.network
        assert sibling.training == ready.training and (sibling.seed, sibling.task) == (9, taken.task)
    adding = with_memory(presets.get("adding_lstm").experiment, "RNN")
    assert adding == presets.get("adding_rnn").experiment.model_copy(update={"seed": adding.seed})
    rows = presets.get("rows").experiment
    other = with_memory(rows, "GRU")
    assert other.training == rows.training and other.name == "MNIST row by row: GRU"
    assert net.check(other.network, tasks.get("rows").signature()).ok
    assert memory_of(presets.get("dates").experiment.network) is None  # it has two
