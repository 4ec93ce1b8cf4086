"""Explanations: each figure against numbers worked out another way, by autograd, by hand, or by brute force."""
from __future__ import annotations

import threading

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from dlviz import presets
from dlviz.inspect import explanation
from dlviz.inspect.explanation import Explainer, Explainers, flow_of
from dlviz.network import build
from dlviz.probes import ablation, attribution, receptive_field, top_activations
from dlviz.probes.ablation import HeadsOff, LayerBypass, UnitsOff, WeightNoise
from dlviz.probes.attribution import AttributionInput, AttributionTarget
from dlviz.probes.dataflow import Flow, Node
from dlviz.tasks import get
from dlviz.training import loop, metrics


def subject(key: str) -> Explainer:
    """A preset's network with its first weights."""
    experiment = presets.get(key).experiment
    network = build(experiment.network, get(experiment.task.name, experiment.task.fields).signature(), 3).eval()
    return Explainer(experiment, network, 0, (key, 0))


@pytest.fixture(scope="module")
def cnn() -> Explainer:
    return subject("cnn")


@pytest.fixture(scope="module")
def few():
    """Few samples are enough to hold figures."""
    before = explanation.ABLATION_SAMPLES, explanation.TOP_SAMPLES
    explanation.ABLATION_SAMPLES, explanation.TOP_SAMPLES = 120, 430
    yield
    explanation.ABLATION_SAMPLES, explanation.TOP_SAMPLES = before


@pytest.fixture(autouse=True)
def _few(few):
    """Everywhere in this file."""


def digit(index: int = 3) -> tuple[np.ndarray]:
    return get("mnist").sample("test", index)[0]


def score_of(subject: Explainer, value: torch.Tensor, score: AttributionTarget) -> torch.Tensor:
    return score(subject._network(value))


# why

def test_a_score_is_of_a_class_or_between_two_or_of_a_step():
    scores = torch.arange(24.0).reshape(2, 3, 4)
    assert AttributionTarget(2)(scores[:, 0]).tolist() == [2, 14]
    assert AttributionTarget(3, against=1)(scores[:, 0]).tolist() == [2, 2]
    assert AttributionTarget(1, step=2)(scores).tolist() == [9, 21] and AttributionTarget(1)(scores).tolist() == [9, 21]


@pytest.mark.parametrize("score", [AttributionTarget(7), AttributionTarget(7, against=1)])
def test_saliency_is_the_size_of_the_gradient(cnn, score):
    value = torch.from_numpy(digit()[0])[None].requires_grad_()
    gradient, = torch.autograd.grad(score_of(cnn, value, score).sum(), value)
    found, = cnn.saliency(digit(), score)
    assert gradient.abs().max() > 0
    np.testing.assert_allclose(found, gradient[0].abs().numpy(), rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("key", ["mlp", "cnn"])
def test_integrated_gradients_add_up_to_the_difference_of_the_scores(key):
    it, score = subject(key), AttributionTarget(4, against=9)
    black = torch.from_numpy(it.task.blank_inputs()[0])[None]
    given = torch.from_numpy(digit()[0])[None]
    with torch.no_grad():
        difference = float(score_of(it, given, score) - score_of(it, black, score))
    found = it.integrated_gradients(digit(), score)
    assert found.values[0].sum() == pytest.approx(difference, abs=0.01) and abs(found.gap) <= 0.01
    assert found.given - found.blank == pytest.approx(difference, abs=1e-5)
    assert np.abs(found.values[0][given[0].numpy() == black[0].numpy()]).max() == 0


def test_integrated_gradients_of_a_polynomial_are_known():
    values, blank = torch.tensor([[2.0, 3.0]]), torch.zeros(1, 2)
    entrance = AttributionInput(lambda x: (x[:, :1] ** 2 * x[:, 1:]), (values,), (blank,))
    found = attribution.integrated_gradients(entrance, AttributionTarget(0))
    np.testing.assert_allclose(found.values[0], [8.0, 4.0], rtol=1e-5)  # 2/3 and 1/3 of 2 * 2 * 3, by hand
    assert found.given == 12 and found.blank == 0


def test_the_walk_gets_finer_until_the_sum_is_right(cnn, monkeypatch):
    asked = []
    real = attribution.integrated_gradients
    monkeypatch.setattr(attribution, "integrated_gradients",
                        lambda entrance, score, steps: asked.append(steps) or real(entrance, score, steps // 32))
    cnn.integrated_gradients(digit(), AttributionTarget(2))
    assert asked[0] == attribution.STEPS and asked == sorted(set(asked)) and asked[-1] <= explanation.FINEST


@pytest.mark.parametrize(("window", "stride"), [(5, 1), (4, 3)])
def test_occlusion_is_brute_force(window, stride):
    it, score = subject("mlp"), AttributionTarget(3)
    picture, black = digit()[0], it.task.blank_inputs()[0][0, 0, 0]
    total, times = np.zeros((28, 28)), np.zeros((28, 28))
    unwiped = it.scores((picture,))[3]
    tops = [min(top, 28) for top in range(0, 28 - window + stride, stride)]
    for top in tops:
        for left in tops:
            wiped = picture.copy()
            wiped[0, top:top + window, left:left + window] = black
            fall = unwiped - it.scores((wiped,))[3]
            total[top:top + window, left:left + window] += fall
            times[top:top + window, left:left + window] += 1
    found, = it.occlusion((picture,), score, window, stride)
    np.testing.assert_allclose(found[0], total / np.maximum(times, 1), atol=1e-4)


def test_grad_cam_by_hand(cnn):
    score, network = AttributionTarget(5), cnn._network
    maps = network.module_of("pool1")(F.relu(network.module_of("conv1")(torch.from_numpy(digit()[0])[None])))
    conv = network.module_of("conv2")(maps).detach().requires_grad_()
    rest = F.max_pool2d(F.relu(conv), 2).flatten(1)
    answer = network.module_of("output")(F.relu(network.module_of("hidden")(rest)))
    gradient, = torch.autograd.grad(answer[0, 5], conv)
    by_hand = F.relu((gradient.mean((2, 3), keepdim=True) * conv).sum(1))[0].detach()
    found = cnn.grad_cam(digit(), score, "conv2")
    assert found.shape == (11, 11) and found.max() > 0
    np.testing.assert_allclose(found, by_hand.numpy(), rtol=1e-4, atol=1e-7)
    assert not network.module_of("conv2")._forward_hooks


def test_a_map_is_enlarged_smoothly():
    large = attribution.enlarged(np.array([[0, 4], [8, 12]], np.float32), 4, 4)
    np.testing.assert_allclose(large[0], [0, 1, 3, 4])
    np.testing.assert_allclose(large[:, 0], [0, 2, 6, 8])


def test_only_convolutions_can_be_looked_at(cnn):
    assert cnn.convolutions() == ("conv1", "conv2") and subject("mlp").convolutions() == ()


# symbols

def test_symbols_are_explained_behind_their_embedding():
    it = subject("facts")
    inputs, _ = it.task.sample("test", 0)
    score = AttributionTarget(2, against=5)
    embed = [it._network.module_of(name) for name in ("embed_facts", "embed_question")]
    tokens = [torch.from_numpy(value)[None] for value in inputs]
    values = [part(value).detach().requires_grad_() for part, value in zip(embed, tokens)]
    found = it._network.module_of("look")(values[1], values[0])
    answer = it._network.module_of("output")(it._network.module_of("found")(found))
    gradients = torch.autograd.grad(score(answer).sum(), values)
    assert it.entrances == (0, 1)
    for mine, gradient in zip(it.saliency(inputs, score), gradients):
        np.testing.assert_allclose(mine, gradient[0].abs().numpy(), rtol=1e-4, atol=1e-7)
    integrated = it.integrated_gradients(inputs, score)
    assert integrated.given == pytest.approx(float(score(answer).detach()), abs=1e-5) and abs(integrated.gap) < 0.01


def test_occlusion_of_a_symbol_is_brute_force():
    it = subject("reverse")
    inputs, _ = it.task.sample("test", 1)
    score, network = AttributionTarget(4, step=2), it._network
    embedded = network.module_of("embed")(torch.from_numpy(inputs[0])[None]).detach()
    mean = network.module_of("embed").weight.detach().mean(0)

    def asked(values: torch.Tensor) -> float:
        with torch.no_grad():
            out = network.module_of("output")(network.module_of("block1")(network.module_of("position")(values)))
            return float(out[0, 2, 4])

    falls = []
    for step in range(embedded.shape[1]):
        wiped = embedded.clone()
        wiped[0, step] = mean
        falls.append(asked(embedded) - asked(wiped))
    found, = it.occlusion(inputs, score, 1)
    np.testing.assert_allclose(found.mean(-1), falls, atol=1e-5)


# what units like

@pytest.mark.parametrize("layer", ["conv2", "hidden"])
def test_favourites_are_the_samples_that_a_plain_sort_finds(cnn, layer):
    inputs, _ = explanation.test_samples(cnn.task, 430)
    with torch.no_grad():
        output = cnn._flow.collect({"image": inputs[0]}, (layer,))[layer]
    strongest = output.flatten(2).amax(2) if output.ndim == 4 else output
    shares = []
    found = cnn.top_activations(layer, shares.append)
    order = strongest.numpy().argsort(0)[::-1][:6].T
    np.testing.assert_allclose(found.values, np.take_along_axis(strongest.numpy().T, order, 1), rtol=1e-5)
    assert shares == sorted(shares) and len(shares) == 3 and shares[-1] == 1
    for unit in range(0, len(order), 7):
        for rank, sample in enumerate(found.samples[unit]):
            map_ = output[sample, unit]
            at = tuple(found.places[unit, rank])
            assert map_[at] == pytest.approx(found.values[unit, rank], abs=1e-5) == float(map_.max())
    assert not found.dead().any()


def test_a_unit_that_never_answers_is_dead():
    dead = nn.Linear(2, 3)
    with torch.no_grad():
        dead.weight[1], dead.bias[1] = 0, -1
    flow = Flow(("x",), (Node("a", lambda x: F.relu(dead(x)), ("x",)),))
    found = top_activations.top_activations(flow, "a", {"x": torch.randn(50, 2)}, most=2)
    assert found.dead().tolist() == [False, True, False] and found.places.shape == (3, 2, 0)


def test_favourites_of_a_sequence_say_at_which_step():
    output = torch.zeros(3, 4, 2)
    output[1, 3, 0], output[2, 0, 0], output[0, 2, 1] = 5, 4, 1
    flow = Flow(("x",), (Node("a", lambda x: x, ("x",)),))
    found = top_activations.top_activations(flow, "a", {"x": output}, most=2)
    assert found.samples[0].tolist() == [1, 2] and found.places[0].tolist() == [[3], [0]]
    assert found.samples[1, 0] == 0 and found.places[1, 0].tolist() == [2]


@pytest.mark.parametrize(("key", "layer"), [("cnn", "conv1"), ("cnn", "conv2"), ("lenet", "pool2"), ("vgg", "conv3b"),
                                        ("resnet", "relu2b")])
def test_the_reach_is_where_gradients_can_come_from(key, layer):
    """The real thing, with weights that cannot cancel, averages for maxima and no bends."""
    it = subject(key)
    linear = it._flow.replaced({node.name: _positive(node.apply) for node in it._flow.nodes})
    value = torch.rand(1, 1, 28, 28).requires_grad_()
    output = linear.collect({"image": value}, (layer,))[layer]
    rows, columns = it.reach(layer)
    for place in (0, output.shape[-1] // 2, output.shape[-1] - 1):
        gradient, = torch.autograd.grad(output[0, 0, place, place], value, retain_graph=True)
        touched = gradient[0, 0].ne(0)
        rows_touched = np.flatnonzero(touched.any(1))
        assert (rows_touched[0], rows_touched[-1] + 1) == rows.extent(place, 28) == columns.extent(place, 28)


def _positive(apply):
    if isinstance(apply, nn.Conv2d):
        return lambda x: F.conv2d(x, apply.weight.abs(), None, apply.stride, apply.padding, apply.dilation)
    if isinstance(apply, nn.MaxPool2d):
        return lambda x: F.avg_pool2d(x, apply.kernel_size, apply.stride, apply.padding)
    if isinstance(apply, nn.ReLU | nn.Tanh | nn.BatchNorm2d):
        return lambda x: x
    return apply


def test_a_layer_of_the_whole_picture_has_no_reach(cnn):
    assert cnn.reach("hidden") is None and receptive_field.reach(cnn._flow, "flatten") is None


# without

def test_switching_a_unit_off_is_a_zero_row_of_weights():
    it = subject("mlp")
    changes = (UnitsOff("relu1", (3, 90)),)
    found = it.outcome(changes)
    with torch.no_grad():
        other = subject("mlp")._network
        other.module_of("hidden2").weight[:, [3, 90]] = 0
        np.testing.assert_allclose(it.scores(digit(), changes), other(torch.from_numpy(digit()[0])[None])[0], atol=1e-5)
        inputs, targets = explanation.test_samples(it.task, 120)
        scores = other(*inputs)
    assert found.accuracy == pytest.approx((scores.argmax(1) == targets).float().mean().item())
    assert found.loss == pytest.approx(F.cross_entropy(scores, targets).item(), abs=1e-5)
    assert found.confusion.sum() == found.count == 120
    assert np.trace(found.confusion) == pytest.approx(120 * found.accuracy)


def test_a_channel_at_its_mean(cnn):
    inputs, _ = explanation.test_samples(cnn.task, 120)
    network = cnn._network
    with torch.no_grad():
        maps = F.relu(network.module_of("conv1")(inputs[0]))
        changed = F.relu(network.module_of("conv1")(torch.from_numpy(digit()[0])[None]))
        changed[:, 5] = maps[:, 5].mean()
        rest = F.max_pool2d(F.relu(network.module_of("conv2")(F.max_pool2d(changed, 2))), 2).flatten(1)
        by_hand = network.module_of("output")(F.relu(network.module_of("hidden")(rest)))[0]
    found = cnn.scores(digit(), (UnitsOff("relu1", (5,), "mean"),))
    np.testing.assert_allclose(found, by_hand, atol=1e-5)


def test_a_whole_layer_off_leaves_the_biases_behind_it():
    it = subject("mlp")
    bias = it._network.module_of("output").bias.detach().numpy()
    np.testing.assert_allclose(it.scores(digit(), (UnitsOff("relu2"),)), bias, atol=1e-6)


def test_a_way_around_a_layer():
    it = subject("mlp")
    with torch.no_grad():
        network, value = it._network, torch.from_numpy(digit()[0])[None].flatten(1)
        hidden = network.module_of("hidden2")(network.module_of("hidden1")(value))
        by_hand = network.module_of("output")(F.relu(hidden))[0]
    np.testing.assert_allclose(it.scores(digit(), (LayerBypass("relu1"),)), by_hand, atol=1e-5)


@pytest.mark.parametrize("to", ["zero", "mean"])
def test_a_head_off_is_a_hole_in_what_it_says(to):
    it = subject("dates_transformer")
    part = "encoder.self_attn"
    assert it.heads("encoder") == {part: 4} and set(it.heads("decoder")) == {"decoder.self_attn",
                                                                             "decoder.multihead_attn"}
    inputs, _ = it.task.sample("test", 0)
    found = it.scores(inputs, (HeadsOff(part, (1, 3), to),))
    projection = it._network.module_of("encoder").self_attn.out_proj
    width = projection.in_features // 4
    holes = [*range(width, 2 * width), *range(3 * width, 4 * width)]
    given_out: list[torch.Tensor] = []
    samples = explanation.test_samples(it.task, 120)[0]

    def hole(_, given):
        changed = given[0].clone()
        changed[..., holes] = 0.0 if to == "zero" else given_out[0][holes]
        return (changed,)

    with torch.no_grad():
        handle = projection.register_forward_pre_hook(lambda _, given: given_out.append(given[0].flatten(0, 1).mean(0)))
        it._network(*samples)
        handle.remove()
        handle = projection.register_forward_pre_hook(hole)
        by_hand = it._network(*(torch.from_numpy(value)[None] for value in inputs))[0]
        handle.remove()
    np.testing.assert_allclose(found, by_hand, atol=1e-5)
    assert not np.allclose(found, it.scores(inputs), atol=1e-4)


def test_noise_has_the_spread_that_is_asked_for_and_is_the_same_each_time():
    it = subject("mlp")
    weight = it._network.module_of("hidden1").weight.detach()
    node = ablation.ablate(it._flow, (WeightNoise("hidden1", 0.5),), {}).nodes[1]
    noise = (node.apply.weight - weight).detach()
    assert noise.std() == pytest.approx(0.5 * float(weight.std()), rel=0.02)
    torch.testing.assert_close(node.apply.bias, it._network.module_of("hidden1").bias)
    again, other = it.outcome((WeightNoise(None, 0.5),)), it.outcome((WeightNoise(None, 0.5, seed=1),))
    assert again.loss == it.outcome((WeightNoise(None, 0.5),)).loss != other.loss
    assert it.outcome((WeightNoise(None, 0.0),)).loss == pytest.approx(it.outcome(()).loss)


def test_several_changes_at_once_and_the_network_stays_as_it_was(cnn):
    before = {name: value.clone() for name, value in cnn._network.state_dict().items()}
    scores, modules = cnn.scores(digit()), list(cnn._network.modules())
    changes = (UnitsOff("relu1", (0, 1)), UnitsOff("relu2", None, "mean"), LayerBypass("relu3"), WeightNoise(None, 1.0))
    assert cnn.outcome(changes).loss != cnn.outcome(()).loss
    cnn.ranking("conv2")
    assert all(torch.equal(value, before[name]) for name, value in cnn._network.state_dict().items())
    assert list(cnn._network.modules()) == modules
    np.testing.assert_array_equal(cnn.scores(digit()), scores)


@pytest.mark.parametrize(("key", "layer", "to"), [
    ("mlp", "relu2", "zero"), ("cnn", "relu1", "mean"), ("reverse", "embed", "zero"),
    ("adding_lstm", "memory", "zero"), ("resnet", "relu1b", "zero")])
def test_the_ranking_is_each_unit_off_in_turn(key, layer, to, monkeypatch):
    if key == "resnet":
        monkeypatch.setattr(explanation, "ABLATION_SAMPLES", 20)
    it, shares = subject(key), []
    found = it.ranking(layer, to, shares.append)
    assert len(found) == it.units(layer) and shares == sorted(shares) and shares[-1] == pytest.approx(1)
    for unit in (0, len(found) - 1):
        one = it.outcome((UnitsOff(layer, (unit,), to),))
        assert found[unit] == pytest.approx([one.accuracy, one.loss], abs=1e-5)


# the flow and the store

def test_a_flow_runs_only_what_is_needed():
    ran = []
    node = lambda name, *reads: Node(name, lambda *x: (ran.append(name), sum(x))[1], reads)  # noqa: E731
    flow = Flow(("x",), (node("a", "x"), node("b", "a"), node("c", "b", "a"), node("d", "c")))
    assert flow.run({"x": torch.ones(1)}) == 2 and ran == ["a", "b", "c", "d"]
    ran.clear()
    assert flow.crossing("b") == ("a", "b") and flow.crossing("c") == ("c",)
    assert flow.run({"a": torch.ones(1), "b": torch.zeros(1)}) == 1 and ran == ["c", "d"]
    ran.clear()
    assert flow.collect({"x": torch.ones(1)}, ("a", "x"))["a"] == 1 and ran == ["a"]
    with pytest.raises(KeyError):
        flow.run({"b": torch.ones(1)})


def test_subjects_come_from_checkpoints_and_are_kept(tmp_path):
    experiment = presets.get("mlp").experiment
    training = experiment.training.model_copy(update={"epochs": 1, "train_fraction": 0.01})
    short = experiment.model_copy(update={"training": training})
    path = tmp_path / "w.safetensors"
    list(loop.train(short, checkpoint=path, device="cpu"))
    subjects, threads = Explainers(), torch.get_num_threads()
    found = subjects.get(short, path)
    assert found is subjects.get(short, path) and found.step == 9
    other = build(short.network, found.task.signature(), short.seed)
    explanation.load_network.__globals__["load"](path, other)
    np.testing.assert_allclose(found.scores(digit()), other.eval()(torch.from_numpy(digit()[0])[None])[0].detach())
    inputs, targets = explanation.test_samples(found.task, 50)
    data = found.task.data().test
    assert torch.equal(inputs[0], data.inputs[0][:50]) and torch.equal(targets, data.targets[:50])
    with torch.no_grad():
        assert found.outcome(()).accuracy == pytest.approx(
            metrics.correct(other(data.inputs[0][:120]), data.targets[:120], other.signature).mean().item())
    assert torch.get_num_threads() == threads


def test_several_visitors_at_once_get_the_same_as_alone(cnn):
    one_by_one = cnn.grad_cam(digit(), AttributionTarget(1), "conv2"), cnn.scores(digit(), (UnitsOff("relu1", (1,)),))
    found: list = []

    def ask() -> None:
        for _ in range(3):
            found.append((cnn.grad_cam(digit(), AttributionTarget(1), "conv2"),
                          cnn.scores(digit(), (UnitsOff("relu1", (1,)),))))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 9
    for map_, scores in found:
        np.testing.assert_allclose(map_, one_by_one[0], atol=1e-6)
        np.testing.assert_allclose(scores, one_by_one[1], atol=1e-5)


def test_every_layer_of_every_preset_flows_as_in_the_network():
    for key in ("resnet", "dates", "facts", "airline"):
        it = subject(key)
        inputs, _ = it.task.sample("test", 0)
        known = {name: torch.from_numpy(value)[None] for name, value in
                 zip((name for name, _ in it.task.signature().inputs), inputs)}
        with torch.no_grad():
            np.testing.assert_allclose(flow_of(it._network).run(known)[0], it.scores(inputs), atol=1e-5)
