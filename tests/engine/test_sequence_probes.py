"""Attention maps, gates, states and gradients through time, each against numbers worked out another way."""
from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from dlviz import layers, presets, tasks
from dlviz.probes import attention, recurrent
from dlviz.shapes import Shape

SHAPE = Shape("sequence", (7, 12))


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_states_worked_out_from_the_weights_are_torchs_own(kind: str, bidirectional: bool):
    module = layers.declare(kind, {"hidden_size": 5, "num_layers": 2, "bidirectional": bidirectional}).build(SHAPE)
    x = torch.randn(7, 12)
    readings = recurrent.read(module, x)
    last = [reading.hidden for name, reading in readings.items() if name.startswith("layer 2")]
    assert np.allclose(np.concatenate(last, -1), module(x[None])[0].detach().numpy(), atol=1e-6)
    assert len(readings) == 2 * (1 + bidirectional)


def test_gates_open_and_close_and_carry_the_cell():
    module = layers.declare("LSTM", {"hidden_size": 4}).build(SHAPE)
    x = torch.randn(7, 12)
    reading = recurrent.read(module, x)["layer 1"]
    cell = np.zeros(4)
    for t in range(7):
        cell = reading.gates["forget"][t] * cell + reading.gates["input"][t] * reading.gates["candidate"][t]
        assert np.allclose(cell, reading.gates["cell"][t], atol=1e-6)
    _, (_, final) = nn.LSTM.forward(_plain(module, nn.LSTM), x[None])
    assert np.allclose(final[0, 0].detach().numpy(), cell, atol=1e-6)
    assert all(((reading.gates[g] > 0) & (reading.gates[g] < 1)).all() for g in ("input", "forget", "output"))


def _plain(module: nn.Module, cls: type[nn.RNNBase]) -> nn.RNNBase:
    plain = cls(module.input_size, module.hidden_size, batch_first=True)
    plain.load_state_dict(module.state_dict())
    return plain


def test_a_watched_block_tells_its_attention_and_forgets_it():
    block = layers.declare("TransformerDecoderLayer", {"nhead": 3}).build(SHAPE, SHAPE).eval()
    x, memory = torch.randn(2, 7, 12), torch.randn(2, 5, 12)
    before = block(x, memory)
    with attention.watched({"block": block}) as maps:
        during = block(x, memory)
    assert torch.allclose(before, during, atol=1e-6) and torch.equal(before, block(x, memory))
    assert set(maps) == {"block.self_attn", "block.multihead_attn"}
    own, cross = maps["block.self_attn"], maps["block.multihead_attn"]
    assert own.weights.shape == (3, 7, 7) and cross.weights.shape == (3, 7, 5)
    assert cross.crossing and not own.crossing
    assert np.allclose(own.weights.sum(-1), 1, atol=1e-6) and (np.triu(own.weights[0], 1) == 0).all()
    assert np.allclose(own.scores[:, 3, :4] / 2, own.scaled[:, 3, :4], atol=1e-6)  # heads of width 4
    assert not any(part.watching or part.published is not None for part in attention.attentions("b", block).values())


def test_sharpness_is_one_for_a_pointer_and_zero_for_a_blur():
    pointer, blur = np.eye(6)[None], np.full((1, 6, 6), 1 / 6)
    zeros = np.zeros((1, 6, 6))
    assert np.isclose(attention.AttentionMaps(pointer, zeros, zeros).sharpness()[0], 1, atol=1e-6)
    assert np.isclose(attention.AttentionMaps(blur, zeros, zeros).sharpness()[0], 0, atol=1e-6)
    mask = np.where(np.triu(np.ones((6, 6)), 1), -np.inf, 0)[None]
    causal_blur = np.tril(np.ones((6, 6)))[None] / np.arange(1, 7)[None, :, None]
    assert np.isclose(attention.AttentionMaps(causal_blur, zeros, mask).sharpness()[0], 0, atol=1e-6)


def test_the_tracing_unit_is_found_by_correlation():
    depth = np.array([0, 1, 2, 1, 2, 3, 2, 1, 0.0])
    hidden = np.random.randn(9, 6)
    hidden[:, 4] = -0.3 * depth + 0.2
    found = recurrent.most_correlated_unit(hidden, depth)
    assert found.unit == 4 and np.isclose(found.correlation, -1)
    assert np.isclose(np.corrcoef(hidden[:, 4], depth)[0, 1], found.correlation)
    assert recurrent.most_correlated_unit(np.zeros((9, 2)), depth).correlation == 0


def test_units_on_only_here_by_brute_force():
    hidden = np.random.rand(8, 30)
    hidden[2:5, 7], hidden[:2, 7], hidden[5:, 7] = 0.9, 0.1, 0.2
    slow = [u for u in range(30) if all((hidden[t, u] > 0.5) == (2 <= t < 5) for t in range(8))]
    assert recurrent.units_active_only_within(hidden, 2, 5, 0.5) == slow and 7 in slow


def test_an_answer_brings_the_attention_states_and_weights_that_were_asked_for():
    from dlviz import network as net
    from dlviz.shapes import Signature
    from dlviz.spec import LayerSpec, NetworkSpec
    from dlviz.training.captures import answer_query
    from dlviz.training.control import Query
    signature = Signature((("digits", Shape("tokens", (7,), 5)),), Shape("sequence", (7, 5)), "cross_entropy", "")
    rows = [("e", "Embedding", {"embedding_dim": 12}), ("p", "PositionalEncoding", {}),
            ("g", "GRU", {"hidden_size": 12}),
            ("t", "TransformerEncoderLayer", {"nhead": 2}), ("o", "Linear", {"out_features": 5})]
    spec = NetworkSpec(layers=tuple(LayerSpec(name=n, kind=k, fields=f) for n, k, f in rows))
    network = net.build(spec, signature, seed=0).eval()
    tokens = np.array([0, 1, 2, 3, 4, 0, 1])
    answer = answer_query(network, tasks.get("reverse"),
                  Query("a", (tokens,), ("p",), ("t", "gone"), ("g", "o"), ("e", "p", "g", "gone")), 3)
    assert set(answer.outputs) == {"p"} and set(answer.attention) == {"t.self_attn"} and set(answer.states) == {"g"}
    assert answer.probabilities.shape == (7, 5) and np.allclose(answer.probabilities.sum(-1), 1, atol=1e-5)
    assert set(answer.weights) == {"e", "p"} and answer.weights["p"].shape == (7, 12)  # of a GRU there is no single one
    assert np.allclose(answer.weights["e"][tokens] + answer.weights["p"], answer.outputs["p"])
    expected = network.module_of("g")(torch.from_numpy(answer.outputs["p"])[None])[0]
    assert np.allclose(answer.states["g"]["layer 1"].hidden, expected.detach().numpy(), atol=1e-6)


def test_a_network_answers_alone_and_shows_what_it_looked_at_then():
    from dlviz import network as net
    from dlviz import presets
    from dlviz.tasks.decoding import Decoding
    from dlviz.training.captures import answer_query, forward_sample
    from dlviz.training.control import Query
    task, spec = tasks.get("sort"), presets.get("sort").experiment.network
    network = net.build(spec, task.signature(), seed=3).eval()
    inputs, _ = task.sample("test", 0)
    answer = answer_query(network, task, Query("a", inputs, attention=("block1",), decoding=Decoding()), 7)
    assert [step.row for step in answer.generation] == list(range(5, 11)) and answer.step == 7
    grown = answer.generation[-1].inputs[0]
    assert grown[:6].tolist() == inputs[0][:6].tolist()
    assert grown[6:].tolist() == [step.token for step in answer.generation[:-1]]
    single, _ = forward_sample(network, (grown,), ())
    assert np.allclose(single, answer.probabilities) and not np.allclose(single, forward_sample(network, inputs, ())[0])
    for step in answer.generation:  # causal: what comes later changes nothing
        assert np.allclose(step.probabilities, answer.probabilities[step.row], atol=1e-5)
        assert step.token == answer.probabilities[step.row].argmax()
    drawn = [tuple(step.token
                   for step in answer_query(network, task, Query("a", inputs, decoding=Decoding(1.0), seed=seed),
                                                 7).generation)
             for seed in (1, 1, 2, 3, 4)]
    assert drawn[0] == drawn[1] and len(set(drawn)) > 1
    assert answer_query(network, task, Query("a", inputs), 7).generation == ()


@pytest.mark.parametrize("rows", [
    [("memory", "LSTM", {"hidden_size": 9, "output": "last step"}), ("output", "Linear", {"out_features": 4})],
    [("memory", "GRU", {"hidden_size": 9}), ("last", "TimePool", {"mode": "last"}),
     ("hidden", "Linear", {"out_features": 7}), ("relu", "ReLU", {}), ("output", "Linear", {"out_features": 4})]],
    ids=["last step", "pooled"])
def test_a_guess_after_each_step_is_the_answer_to_that_beginning(rows):
    from dlviz import network as net
    from dlviz.shapes import Signature
    from dlviz.spec import LayerSpec, NetworkSpec
    from dlviz.training.captures import answer_query, forward_sample
    from dlviz.training.control import Query
    spec = NetworkSpec(layers=tuple(LayerSpec(name=n, kind=k, fields=f) for n, k, f in rows))

    def built(length: int):
        signature = Signature((("x", Shape("sequence", (length, 5))),), Shape("vector", (4,)), "cross_entropy", "")
        return net.build(spec, signature, seed=4).eval()

    network, x = built(8), np.random.default_rng(0).normal(size=(8, 5)).astype(np.float32)
    answer = answer_query(network, tasks.get("reverse"), Query("a", (x,), readouts=True), 3)
    assert answer.readouts.shape == (8, 4) and np.allclose(answer.readouts[-1], answer.probabilities, atol=1e-6)
    for length in (1, 3, 7):
        assert np.allclose(answer.readouts[length - 1], forward_sample(built(length), (x[:length],), ())[0], atol=1e-6)
    assert forward_sample(network, (x,), ())[0].shape == (4,)  # folded again
    assert answer_query(network, tasks.get("reverse"), Query("a", (x,)), 3).readouts is None


def test_a_network_that_reads_all_at_once_is_asked_about_each_beginning():
    """Each guess anew, one beginning at a time: what follows is as quiet as the quietest step, feature by feature."""
    from dlviz import network as net
    from dlviz.training.captures import answer_query, forward_sample
    from dlviz.training.control import Query

    experiment = presets.get("speech_conv").experiment
    task = tasks.get("speech")
    network = net.build(experiment.network, task.signature(), seed=3)
    (recording,), _ = task.sample("test", 5)
    guesses = answer_query(network, task, Query("a", (recording,), readouts=True), 3).readouts
    for step in (0, 7, 30, len(recording) - 1):
        beginning = recording.copy()
        for later in range(step + 1, len(recording)):
            for band in range(recording.shape[1]):
                beginning[later, band] = min(recording[:, band])
        assert np.allclose(guesses[step], forward_sample(network, (beginning,), ())[0], atol=1e-5)
    assert len(guesses) == len(recording)
