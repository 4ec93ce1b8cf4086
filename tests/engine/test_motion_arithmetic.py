"""The arithmetic inside layers, and updates of experiments: held to the layers' outputs and to training."""
from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from dlviz import layers, presets, tasks
from dlviz.errors import RunError, SpecError
from dlviz.inspect.slow_motion import SlowMotions, record_update
from dlviz.layers.attention import Attention
from dlviz.optimizers import SGD
from dlviz.probes import arithmetic, uses
from dlviz.probes.update import LayerRecord
from dlviz.schedules import Constant, CosineAnnealingLR
from dlviz.spec import NetworkSpec
from dlviz.training import loop, metrics, optimizers
from dlviz.training.checkpoint import load_network


def ran(module: nn.Module, *inputs: torch.Tensor) -> LayerRecord:
    module.train()
    with torch.no_grad():
        return LayerRecord(inputs, module(*inputs))


def slide(sight, pick) -> np.ndarray:
    """A window pushed over padded maps by plain loops; `pick` makes one number of the window `(C, k, k)`."""
    (height, width), (down, across), (hole, gap) = sight.size, sight.stride, sight.dilation
    fill = -np.inf if sight.form == "max" else 0.0
    (top, left) = sight.padding
    padded = np.pad(sight.input, ((0, 0), (top, top), (left, left)), constant_values=fill)
    out = np.empty(sight.output.shape)
    for i, j in np.ndindex(*out.shape):
        out[i, j] = pick(padded[:, i * down:i * down + hole * (height - 1) + 1:hole,
                                j * across:j * across + gap * (width - 1) + 1:gap])
    return out


@pytest.mark.parametrize("fields", [{}, {"padding": 2, "bias": False}, {"stride": 2, "padding": 1},
                                    {"dilation": 2}, {"groups": 2, "stride": 3}], ids=str)
def test_a_convolution_is_its_windows_times_its_kernel(fields):
    torch.manual_seed(1)
    module = nn.Conv2d(4, 6, 3, **fields)
    record = ran(module, torch.randn(2, 4, 9, 8))
    for channel in (0, 5):
        sight = arithmetic.sliding(module, record, 1, channel)
        made = slide(sight, lambda window: (window * sight.kernel).sum()) + sight.bias
        np.testing.assert_allclose(made, sight.output, atol=1e-5)
        np.testing.assert_array_equal(sight.output, record.output[1, channel].numpy())


@pytest.mark.parametrize(("module", "pick"), [
    (nn.MaxPool2d(2), np.max), (nn.MaxPool2d(3, 2, 1), np.max), (nn.AvgPool2d(2), np.mean),
    (nn.AvgPool2d(3, 2, 1), np.mean)],
    ids=["max", "max, overlapping", "mean", "mean, overlapping"])
def test_a_pooling_is_its_windows(module, pick):
    record = ran(module, torch.randn(2, 3, 9, 8, generator=torch.Generator().manual_seed(2)))
    sight = arithmetic.sliding(module, record, 1, 2)
    np.testing.assert_allclose(slide(sight, pick), sight.output, atol=1e-6)


@pytest.mark.parametrize("bend", [layers.get(kind).torch for kind in layers.activations()],
                         ids=lambda kind: kind.__name__)
def test_an_activations_curve_and_slope(bend):
    module = bend()
    record = ran(module, torch.randn(2, 7))
    sight = arithmetic.curve(module, record, 1)
    assert (sight.outputs == record.output[1].numpy()).all() and len(sight.x) == arithmetic.CURVE
    x = torch.from_numpy(sight.x).double()
    np.testing.assert_allclose(sight.y, module(x).numpy(), atol=1e-6)
    smooth = np.abs(sight.x) > 0.1  # at a kink there is no one slope
    nudged = ((module(x + 1e-5) - module(x - 1e-5)) / 2e-5).numpy()
    np.testing.assert_allclose(sight.slope[smooth], nudged[smooth], atol=1e-4)


@pytest.mark.parametrize(("module", "shape"), [
    (nn.BatchNorm1d(5), (4, 5)), (nn.BatchNorm2d(3), (4, 3, 5, 4)), (nn.LayerNorm(6), (4, 3, 6)),
    (nn.LayerNorm([3, 5, 4]), (4, 3, 5, 4)), (nn.GroupNorm(2, 4), (4, 4, 3, 3)),
    (nn.LayerNorm(6, elementwise_affine=False), (4, 6))], ids=str)
def test_a_normalization_number_by_number(module, shape):
    torch.manual_seed(3)
    for parameter in module.parameters():
        nn.init.normal_(parameter)
    record = ran(module, torch.randn(shape) * 3 + 1)
    for place in (tuple(0 for _ in shape[1:]), tuple(size - 1 for size in shape[1:])):
        sight = arithmetic.norm(module, record, 2, place)
        made = sight.scale * (sight.x - sight.mean) / np.sqrt(sight.variance + sight.eps) + sight.shift
        assert made == pytest.approx(float(record.output[(2, *place)]), abs=1e-5)
        assert sight.mean == pytest.approx(float(np.mean(sight.numbers)), abs=1e-5)


def test_a_unit_of_a_linear_and_softmax():
    module = nn.Linear(5, 4)
    record = ran(module, torch.randn(2, 3, 5))
    sight = arithmetic.linear(module, record, 1, 2, (0,))
    assert (sight.weights * sight.inputs).sum() + sight.bias == pytest.approx(float(record.output[1, 0, 2]),
                                                                              abs=1e-6)
    scores = torch.randn(6) * 40
    found = arithmetic.softmax(scores)
    np.testing.assert_allclose(found.shares, F.softmax(scores.double(), -1).numpy(), atol=1e-12)
    np.testing.assert_allclose(found.exps / found.total, found.shares)


@pytest.mark.parametrize(("causal", "crossing"), [(False, False), (True, False), (False, True)])
def test_rows_of_attention_make_the_layers_output(causal, crossing):
    torch.manual_seed(4)
    module = Attention(8, 2, causal=causal)
    nn.init.normal_(module.in_proj_bias)
    inputs = (torch.randn(2, 5, 8), *([torch.randn(2, 7, 8)] if crossing else []))
    record = ran(module, *inputs)
    rows = [[arithmetic.attention(module, record, 1, head, row) for head in (0, 1)] for row in range(5)]
    mixed = torch.tensor(np.array([np.concatenate([head.mixed for head in heads]) for heads in rows]))
    torch.testing.assert_close(module.out_proj(mixed).detach(), record.output[1], atol=1e-5, rtol=1e-4)
    for at, heads in enumerate(rows):
        for head in heads:
            np.testing.assert_allclose(head.keys @ head.query, head.scores, atol=1e-5)
            np.testing.assert_allclose(head.weights @ head.values, head.mixed, atol=1e-5)
            assert (head.weights[at + 1:] == 0).all() or not causal


# whole experiments

MLP = presets.get("mlp").experiment


def loss_of(motion, network) -> torch.Tensor:
    scores = network(*(torch.from_numpy(x) for x in motion.inputs))
    return metrics.LOSSES[motion.wiring.loss](scores, torch.from_numpy(motion.targets))


def test_an_untrained_design_is_updated_as_training_would():
    motion = record_update(MLP)
    assert motion.step == 0 and len(set(motion.indices)) == 4
    network = motion.network.train()
    optimizer = optimizers.build(MLP.training.optimizer, network)
    loss = loss_of(motion, network)
    loss.backward()
    assert motion.update.loss == pytest.approx(loss.item(), rel=1e-6)
    assert motion.losses.mean() == pytest.approx(loss.item(), rel=1e-5)
    optimizer.step()
    for name, parameter in network.named_parameters():
        torch.testing.assert_close(motion.update.parameters[name].after, parameter.detach())
    assert motion.update.loss_after == pytest.approx(loss_of(motion, network).item(), rel=1e-4)
    assert motion.update.loss_after < motion.update.loss
    sample, target = tasks.get("mnist").sample("train", motion.indices[2])
    np.testing.assert_array_equal(motion.inputs[0][2], sample[0])
    assert motion.targets[2] == target


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    path = tmp_path_factory.mktemp("motion") / "weights.safetensors"
    short = presets.get("reverse").experiment
    training = short.training.model_copy(update={"epochs": 1, "train_fraction": 0.02})
    short = short.model_copy(update={"training": training})
    steps = list(loop.train(short, checkpoint=path, device="cpu"))
    return short, path, steps


def test_a_checkpoint_brings_its_weights_and_the_optimizers_memory(trained):
    experiment, path, _ = trained
    motion = record_update(experiment, path, 3)
    network, step = load_network(experiment, path)
    assert motion.step == step > 0
    for name, parameter in network.named_parameters():
        assert torch.equal(motion.update.parameters[name].before, parameter.detach())
        assert motion.update.parameters[name].state["exp_avg"].abs().sum() > 0
    assert {name.split(".")[1] for name in motion.modules if "." in name} >= {"linear1", "self_attn"}
    assert motion.formed()["block1.self_attn"] == "attention"


def test_longer_answers_count_more_in_the_mean():
    motion = record_update(presets.get("dates").experiment)
    weighted = (motion.losses * motion.judged).sum() / motion.judged.sum()
    assert motion.update.loss == pytest.approx(weighted, rel=1e-5)


@pytest.mark.parametrize("key", [key for key, preset in presets.PRESETS.items()
                                 if preset.experiment.task.name != "speech"  # seconds to synthesize
                                 and tasks.TASKS[preset.experiment.task.name].supervised])
def test_every_ready_network_can_be_slowed_down(key):
    experiment = presets.get(key).experiment
    motion = record_update(experiment)
    names = list(motion.weights)
    assert names and np.isfinite(motion.update.loss)
    owned = {id(motion.modules[module].get_parameter(own)) for module, own in motion.weights.values()}
    assert {id(p) for name, p in motion.network.named_parameters() if "bias" not in name} == owned
    for weight in {names[0], names[len(names) // 2], names[-1]}:
        name, parameter = motion.weights[weight]
        gradient = motion.parameter(weight).gradient
        index = tuple(int(i) for i in np.unravel_index(int(gradient.abs().argmax()), gradient.shape))
        found = uses.shares(motion.update, motion.modules[name], name, parameter, index)
        assert found.gradient == pytest.approx(float(gradient[index]), rel=1e-3, abs=1e-6), weight
        assert motion.nudged(weight, index).slope == pytest.approx(float(gradient[index]), rel=1e-2, abs=1e-5), weight


def test_what_was_recorded_is_remembered_until_something_changes(trained):
    experiment, path, _ = trained
    motions = SlowMotions()
    first = motions.get(experiment, path)
    assert motions.get(experiment, path) is first
    assert motions.get(experiment, path, 1) is not first and motions.get(experiment) is not first
    for batch in range(2, 12):
        motions.get(MLP, None, batch)
    assert motions.get(experiment, path) is not first


def test_errors_are_sentences(tmp_path):
    with pytest.raises(SpecError, match="needs at least one layer"):
        record_update(MLP.model_copy(update={"network": NetworkSpec()}))
    (tmp_path / "x.safetensors").write_bytes(b"no weights")
    with pytest.raises(RunError, match="must hold the weights"):
        record_update(MLP, tmp_path / "x.safetensors")


@pytest.mark.parametrize(("clip", "at"), [("norm", 0.05), ("value", 0.001)])
def test_clip_smoothing_and_schedule_are_the_experiments_own(clip, at):
    training = MLP.training.model_copy(update={
        "clip": clip, "clip_threshold": at, "label_smoothing": 0.2, "schedule": CosineAnnealingLR(warmup_ratio=0.5),
        "optimizer": SGD(momentum=0.0)})
    motion = record_update(MLP.model_copy(update={"training": training}))
    gradients = [m.gradient.clone() for m in motion.update.parameters.values()]
    length = float(torch.cat([g.flatten() for g in gradients]).norm())
    expected = [g * at / length if clip == "norm" else g.clamp(-at, at) for g in gradients]
    rate = 0.05 / (round(0.5 * 860 * 5) + 1)  # the first step of the rise; 55,000 samples in batches of 64
    for moved, gradient in zip(motion.update.parameters.values(), expected):
        torch.testing.assert_close(moved.clipped, gradient, rtol=1e-4, atol=1e-9)
        torch.testing.assert_close(moved.after, moved.before - rate * moved.clipped)
    smoothed = F.cross_entropy(motion.update.outputs, torch.from_numpy(motion.targets), label_smoothing=0.2)
    assert motion.update.loss == pytest.approx(smoothed.item()) == motion.losses.mean()


def test_a_penalty_is_a_part_of_what_the_optimizer_is_given():
    plain = record_update(MLP).update.parameters
    training = MLP.training.model_copy(update={"l1": 0.01, "l2": 0.1})
    for name, moved in record_update(MLP.model_copy(update={"training": training})).update.parameters.items():
        extra = 0.01 * moved.before.sign() + 0.2 * moved.before if moved.before.ndim > 1 else 0 * moved.before
        torch.testing.assert_close(moved.gradient, plain[name].gradient)
        torch.testing.assert_close(moved.clipped, plain[name].gradient + extra)


def test_a_schedule_changed_on_the_way_is_followed(trained):
    experiment, path, _ = trained
    usual = record_update(experiment, path).update.group["lr"]
    changed = experiment.model_copy(update={"training": experiment.training.model_copy(
        update={"schedule": Constant()})})
    assert record_update(changed, path).update.group["lr"] == usual  # the checkpoint knows the run's own
