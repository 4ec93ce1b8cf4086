"""Tasks whose answers are pictures: what their samples are, and what is seen of codes, against NumPy."""
from __future__ import annotations

import numpy as np
import pytest
import torch

from dlviz import corruption, layers, presets, tasks
from dlviz import network as net
from dlviz.augmentation import Augmentation
from dlviz.errors import SpecError
from dlviz.figures import anomalies
from dlviz.figures.thinning import running_mean
from dlviz.network.narrowest import narrowest
from dlviz.probes import patterns as probes
from dlviz.probes.patterns import MAP, PatternWatch
from dlviz.shapes import Shape
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, TrainingSpec
from dlviz.tasks.drawing import prepare
from dlviz.training import captures, metrics, patterns
from dlviz.training import events as ev
from dlviz.training.control import Control, Stop, Watch
from dlviz.training.learner import Learner
from dlviz.training.loop import train

AUTOENCODER = presets.get("autoencoder").experiment


def task_of(experiment: Experiment) -> tasks.Task:
    return tasks.get(experiment.task.name, experiment.task.fields)


def fresh(experiment: Experiment) -> net.Network:
    return net.build(experiment.network, task_of(experiment).signature(), seed=1)


@pytest.mark.parametrize("split", ["train", "val", "test"])
def test_a_digit_is_its_own_target(split):
    part, digits = task_of(AUTOENCODER).split(split), tasks.get("mnist")
    assert torch.equal(part.inputs[0], part.targets)
    np.testing.assert_allclose(part.targets[5, 0].numpy(), digits.picture(split, 5) / 255, atol=1e-6)
    assert np.array_equal(task_of(AUTOENCODER).picture(split, 5), digits.picture(split, 5))


def test_correct_says_how_much_of_the_variance_is_explained():
    """Against NumPy; an answer that is the mean of the picture explains nothing, a worse one no less than that."""
    signature, random = task_of(AUTOENCODER).signature(), np.random.default_rng(0)
    targets = random.random((3, 1, 28, 28)).astype(np.float32)
    outputs = targets + random.normal(0, 0.1, targets.shape).astype(np.float32)
    outputs[1], outputs[2] = targets[1].mean(), -5
    found = metrics.correct(torch.from_numpy(outputs), torch.from_numpy(targets), signature).numpy()
    expected = 1 - np.square(outputs[0] - targets[0]).mean() / targets[0].var()
    np.testing.assert_allclose(found, [expected, 0, 0], atol=1e-5)
    assert 0.8 < expected < 0.95


def test_the_baseline_is_principal_component_analysis():
    """Held against the singular values of the validation digits' own distances, on another way: by projection."""
    task = task_of(AUTOENCODER)
    train_pixels, val = (task.split(name).targets.flatten(1).double().numpy() for name in ("train", "val"))
    mean = train_pixels.mean(0)
    _, _, directions = np.linalg.svd((train_pixels - mean)[:20_000], full_matrices=False)
    plane = directions[:2]
    restored = mean + (val - mean) @ plane.T @ plane
    baseline = task.baseline()
    assert baseline is not None and baseline.val_loss == pytest.approx(np.square(restored - val).mean(), rel=0.01)


@pytest.mark.parametrize(("key", "name"), [("autoencoder", "code"), ("mlp", None), ("cnn", None)])
def test_the_narrowest_layer_that_everything_passes(key, name):
    experiment = presets.get(key).experiment
    assert narrowest(net.check(experiment.network, task_of(experiment).signature())) == name


def test_a_layer_with_a_way_around_it_is_no_code():
    rows = [LayerSpec(name="flat", kind="Flatten"), LayerSpec(name="code", kind="Linear", fields={"out_features": 2}),
            LayerSpec(name="both", kind="Concat", inputs=("flat", "code")),
            LayerSpec(name="out", kind="Linear", fields={"out_features": 784}),
            LayerSpec(name="picture", kind="Unflatten", fields={"height": 28})]
    report = net.check(NetworkSpec(layers=tuple(rows)), task_of(AUTOENCODER).signature())
    assert report.ok and narrowest(report) is None


def test_the_decoder_goes_on_from_a_code_as_the_network_does():
    network = fresh(AUTOENCODER).eval()
    pixels = task_of(AUTOENCODER).split("test").inputs[0][:4]
    with torch.no_grad():
        _, outputs = captures.forward_sample(network, (pixels[2].numpy(),), ("code",))
        made = patterns.answer_from(network, "code", torch.from_numpy(outputs["code"])[None])
        torch.testing.assert_close(made, network(pixels[2:3]))


def test_two_numbers_are_their_own_plane():
    codes = np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32)
    plane = probes.code_plane(codes)
    np.testing.assert_array_equal(plane.points, codes)
    np.testing.assert_allclose(plane.code(plane.points), codes, rtol=1e-6)
    assert plane.explained_variance == 1.0


def test_many_numbers_lie_in_the_plane_of_largest_variance():
    random = np.random.default_rng(1)
    flat = random.normal(size=(200, 2)) * (5, 3) @ np.linalg.qr(random.normal(size=(7, 7)))[0][:2]
    plane = probes.code_plane(flat + 0.01 * random.normal(size=flat.shape))
    assert plane.explained_variance > 0.999
    np.testing.assert_allclose(plane.code(plane.points), flat, atol=0.1)
    covariance = np.cov(plane.points.T)
    assert covariance[0, 0] > covariance[1, 1] and abs(covariance[0, 1]) < 1e-3 * covariance[0, 0]


@pytest.mark.parametrize("shape", [(30, 200), (200, 30)])
def test_the_plane_is_that_of_a_singular_value_decomposition(shape):
    codes = np.random.default_rng(2).normal(size=shape) * np.linspace(1, 3, shape[1])
    _, sizes, directions = np.linalg.svd(codes - codes.mean(0), full_matrices=False)
    plane = probes.code_plane(codes)
    np.testing.assert_allclose(np.abs((plane.axes * directions[:2]).sum(1)), 1, atol=1e-4)
    assert plane.explained_variance == pytest.approx((sizes[:2] ** 2).sum() / (sizes ** 2).sum(), rel=1e-4)


def test_codes_that_are_all_alike_have_a_plane_too():
    plane = probes.code_plane(np.ones((20, 5), np.float32))
    assert np.isfinite(plane.points).all() and np.isfinite(plane.axes).all() and 0 <= plane.explained_variance <= 1


def test_a_capture_has_what_is_watched():
    network, task = fresh(AUTOENCODER), task_of(AUTOENCODER)
    watch = PatternWatch((3, 7), "code", (0.5, -0.25), plane=True)
    found = captures.capture(network, task, Watch(patterns=watch), 0).patterns
    assert found.examples.shape == (2, 1, 28, 28) and found.codes.points.shape == (patterns.CODED, 2)
    assert found.plane.shape == (MAP * MAP, 1, 28, 28)
    with torch.no_grad():
        expected = patterns.answer_from(network, "code", torch.tensor([[0.5, -0.25]]))[0]
    np.testing.assert_allclose(found.walked, expected.numpy(), atol=1e-6)
    answer, outputs = captures.forward_sample(network, task.sample("test", 7)[0], ("code",))
    np.testing.assert_allclose(found.examples[1], answer, atol=1e-6)
    np.testing.assert_allclose(found.codes.points[7], outputs["code"], atol=1e-5)
    assert captures.capture(network, task, Watch(), 0).patterns is None


def test_the_wishes_of_several_viewers_are_joined():
    union = probes.merged([PatternWatch((2, 1)), PatternWatch((), "code", (1.0, 2.0)), PatternWatch((5,), "code")])
    assert union == PatternWatch((1, 2, 5), "code", (1.0, 2.0))


def test_the_autoencoder_with_two_codes_reaches_its_goal():
    *_, end = train(AUTOENCODER, device="cpu")
    baseline = task_of(AUTOENCODER).baseline()
    assert isinstance(end, ev.Ended) and end.reason == "done" and baseline is not None
    assert end.test_loss < 0.044 < 0.8 * baseline.test_loss


# corruption and diffusion

RESTORE, DIFFUSION = tasks.get("restore"), tasks.get("diffusion")


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_just_one_half_is_hidden():
    images = torch.ones(400, 1, 28, 28)
    (shown,), targets = corruption.hide([images], generator(), half=True)
    assert torch.equal(targets, images)
    pictures = {tuple(map(tuple, picture[0].int().tolist())) for picture in shown}
    assert len(pictures) == 4 and all(sum(map(sum, picture)) == 28 * 14 for picture in pictures)


def test_noise_has_the_spread_that_is_asked_for():
    (shown,), _ = corruption.hide([torch.full((50, 1, 28, 28), 0.5)], generator(), noise=0.3)
    assert (shown.mean().item(), shown.std().item()) == pytest.approx((0.5, 0.3), abs=0.005)


def test_the_schedule_is_that_of_the_paper():
    """Nichol and Dhariwal 2021, equation 17, in NumPy; and a picture of spread 1 keeps this spread at all times."""
    time = np.linspace(0, 1, 11)
    expected = np.cos((time + 0.008) / 1.008 * np.pi / 2) ** 2 / np.cos(0.008 / 1.008 * np.pi / 2) ** 2
    level = corruption.signal_level(torch.from_numpy(time)).numpy()
    np.testing.assert_allclose(level, expected.clip(1e-5, 0.9999), rtol=1e-6)
    assert (np.diff(level) < 0).all()


@pytest.mark.parametrize("predict", ["image", "noise"])
def test_a_diffused_picture_is_picture_and_noise_by_the_formula(predict):
    clean = torch.rand(6, 1, 14, 14) * 2 - 1
    named = torch.eye(10)[:6]
    (noisy, shown, time), targets = corruption.diffuse([clean, named], generator(3), predict)
    again = generator(3)
    drawn_time, noise = torch.rand(6, 1, generator=again), torch.randn(clean.shape, generator=again)
    level = corruption.signal_level(drawn_time).numpy()[:, :, None, None]
    np.testing.assert_allclose(noisy, np.sqrt(level) * clean.numpy() + np.sqrt(1 - level) * noise.numpy(), atol=1e-6)
    assert torch.equal(time, drawn_time) and torch.equal(shown, named)
    assert torch.equal(targets, clean if predict == "image" else noise)


@pytest.mark.parametrize("predict", ["image", "noise"])
def test_one_who_knows_the_picture_draws_just_that(predict):
    """With an oracle in the network's place, whatever the noise."""
    task, expected_picture = tasks.get("diffusion", {"predict": predict}), torch.rand(2, 1, 14, 14) * 1.8 - 0.9

    def oracle(noisy, named, time):
        level = corruption.signal_level(time)[:, :, None, None]
        noise = (noisy - level.sqrt() * expected_picture) / (1 - level).sqrt()
        return expected_picture if predict == "image" else noise

    way = task.draw(oracle, (3, 5), seed=4)
    assert way.shape == (21, 2, 1, 14, 14)
    torch.testing.assert_close(way[-1], expected_picture, atol=0.05, rtol=0)
    assert torch.equal(way[0], torch.randn(2, 1, 14, 14, generator=generator(4)))


@pytest.mark.parametrize("task", [RESTORE, DIFFUSION], ids=lambda task: task.name)
def test_validation_and_test_are_spoilt_once_and_for_all(task):
    data = task.data()
    for seed, part in enumerate((data.train, data.val, data.test)):
        inputs, targets = task.corruption(part.clean, generator(seed))
        assert all(map(torch.equal, inputs, part.inputs)) and torch.equal(targets, part.targets)
        assert len(part.clean) == task.corruption.tensors


def test_each_batch_is_spoilt_anew_and_a_run_that_goes_on_draws_what_it_would_have_drawn(tmp_path):
    experiment = presets.get("half_digits").experiment
    short = experiment.training.model_copy(update={"epochs": 1, "train_fraction": 0.05})
    experiment = experiment.model_copy(update={"training": short})
    learner = Learner(experiment, "cpu")
    first, second = (learner.batch(torch.arange(32))[0][0] for _ in range(2))
    assert not torch.equal(first, second)
    losses = [event.loss for event in train(experiment, device="cpu") if isinstance(event, ev.Step)]
    control = Control()
    path, before = tmp_path / "checkpoint.safetensors", []
    for event in train(experiment, control, checkpoint=path, device="cpu"):
        if isinstance(event, ev.Step):
            before.append(event.loss)
            if event.step == 3:
                control.post(Stop())
    again = [event.loss for event in train(experiment, checkpoint=path, resume=True, device="cpu")
             if isinstance(event, ev.Step)]
    assert before + again == losses


def test_targets_that_are_pictures_are_not_augmented():
    spec = TrainingSpec(augmentation=Augmentation(shift=2))
    with pytest.raises(SpecError, match="the targets of this task are pictures"):
        spec.require(task_of(AUTOENCODER).signature())


def test_a_drawing_of_a_half_stays_where_it_is():
    drawing = np.zeros((280, 280), np.uint8)
    drawing[40:140, 100:120] = 255
    found = prepare(drawing, box=0)
    expected = np.zeros((28, 28), np.uint8)
    expected[4:14, 10:12] = 255
    assert np.array_equal(found, expected) and prepare(np.zeros((280, 280), np.uint8), box=0) is None


def test_the_way_from_noise_to_a_picture_is_captured():
    experiment = presets.get("diffusion").experiment
    network, task = fresh(experiment), task_of(experiment)
    found = captures.capture(network, task, Watch(patterns=PatternWatch(drawn=(7, 7, 1), seed=2)), 0).patterns.drawn
    assert found.shape == (3, probes.FRAMES, 14, 14) and found.dtype == np.uint8
    expected = task.draw(network.eval(), (7, 7, 1), 2)
    assert np.array_equal(found[:, -1], np.stack([task.to_picture(frame.numpy()) for frame in expected[-1]]))


def test_diffusion_learns_to_draw_what_is_asked_for():
    """Half of the preset's training; what it draws is nearer to the mean of the digit asked for than to any other."""
    experiment = presets.get("diffusion").experiment
    short = experiment.training.model_copy(update={"epochs": 2})
    learner = Learner(experiment.model_copy(update={"training": short}), "cpu")
    for epoch in range(2):
        for indices in learner.batches(epoch, 0):
            learner.update(indices)
    images, named = learner.train.clean
    means = torch.stack([images[named[:, digit] == 1].mean(0) for digit in range(10)]).flatten(1)
    asked = torch.arange(10).repeat_interleave(10)
    drawn = task_of(experiment).diffusion.draw(learner.network.eval(), asked.tolist(), seed=0)[-1].flatten(1)
    nearest = torch.cdist(drawn, means).argmin(1)
    real = torch.cdist(images[:2_000].flatten(1), means).argmin(1) == named[:2_000].argmax(1)
    assert (nearest == asked).float().mean() >= 0.9 > real.float().mean()


# the variational autoencoder

VAE = presets.get("vae").experiment


def divergence_by_hand(mean: np.ndarray, log_variance: np.ndarray) -> np.ndarray:
    """KL of normal distributions against the standard one, by adding up p ln(p / q) on a fine grid; `(N, D)`."""
    x = np.linspace(-30, 30, 200_001)
    spread = np.exp(log_variance / 2)
    log_p = -0.5 * ((x - mean[..., None]) / spread[..., None]) ** 2 - np.log(spread[..., None] * np.sqrt(2 * np.pi))
    log_q = -0.5 * x ** 2 - np.log(np.sqrt(2 * np.pi))
    return (np.exp(log_p) * (log_p - log_q)).sum(-1) * (x[1] - x[0])


def test_the_divergence_is_that_of_the_integral():
    random = np.random.default_rng(0)
    mean, log_variance = random.normal(0, 2, (4, 3)), random.normal(0, 1, (4, 3))
    module = layers.declare("GaussianSampling", {"kl_weight": 0.5}).build(Shape("vector", (6,))).eval()
    code = module(torch.from_numpy(np.concatenate([mean, log_variance], 1)))
    expected = divergence_by_hand(mean, log_variance).mean(0)
    np.testing.assert_allclose(module.divergence.numpy(), expected, rtol=1e-6)
    assert module.cost.item() == pytest.approx(0.5 * expected.sum()) and np.array_equal(code.numpy(), mean)


def test_codes_are_drawn_with_the_mean_and_variance_that_go_in():
    module = layers.declare("GaussianSampling", {}).build(Shape("vector", (4,))).train()
    torch.manual_seed(0)
    codes = module(torch.tensor([[1.0, -2.0, 0.0, np.log(9.0)]]).expand(40_000, 4))
    np.testing.assert_allclose(codes.mean(0), [1, -2], atol=0.06)
    np.testing.assert_allclose(codes.std(0), [1, 3], rtol=0.02)


def test_the_loss_is_the_negative_elbo_of_a_normal_decoder():
    """With w the weight of KL and D pixels: MSE + w KL = -2 w (ELBO + D/2 ln(2 pi s²)), where s² = w D / 2."""
    learner = Learner(VAE, "cpu")
    indices = torch.arange(64)
    torch.manual_seed(5)
    loss = learner.update(indices).loss
    again = Learner(VAE, "cpu")
    torch.manual_seed(5)
    pixels = again.train.targets[indices]
    with torch.no_grad():
        outputs = again.network(again.train.inputs[0][indices])
    sampler, weight, count = again.network.module_of("code"), 1e-3, 784
    variance = weight * count / 2
    squares = np.square((outputs - pixels).double().numpy()).reshape(64, -1).sum(1)
    log_likelihood = (-squares / (2 * variance) - count / 2 * np.log(2 * np.pi * variance)).mean()
    bound = log_likelihood - sampler.divergence.double().sum().item()
    assert loss == pytest.approx(-2 * variance / count * (bound + count / 2 * np.log(2 * np.pi * variance)), rel=1e-4)


def test_evaluation_counts_both_parts_as_the_view_tells_them():
    network, task = fresh(VAE), task_of(VAE)
    part = task.split("test").first(patterns.CODED)
    evaluated = metrics.evaluate(network, part, torch.device("cpu"), 0, details=False)
    found = captures.capture(network, task, Watch(patterns=PatternWatch(divergence="code")), 0).patterns
    assert evaluated.val_loss == pytest.approx(found.loss + found.cost, rel=1e-5)
    assert found.cost == pytest.approx(1e-3 * found.divergence.sum(), rel=1e-5) and len(found.divergence) == 2


# anomalies

def test_a_digit_that_is_left_out_is_among_the_test_digits_only():
    task = tasks.get("autoencoder", {"left_out": "2"})
    for split, digits in (("train", 9), ("val", 9), ("test", 10)):
        labels = task.group_labels(split)
        assert len(np.unique(labels)) == digits and len(labels) == task.size(split) == len(task.split(split))
    mnist = tasks.get("mnist")
    places = np.flatnonzero(mnist.labels("val") != 2)
    assert np.array_equal(task.picture("val", 100), mnist.picture("val", places[100]))


def test_the_roc_curve_against_every_pair():
    """The area is the chance that something new has the larger score; scores that are equal count half."""
    random = np.random.default_rng(0)
    scores, positive = random.integers(0, 12, 90).astype(float), random.random(90) < 0.3
    scores[positive] += 3
    pairs = [(new > usual) + 0.5 * (new == usual) for new in scores[positive] for usual in scores[~positive]]
    false_rate, true_rate = anomalies.roc_curve(scores, positive)
    assert anomalies.area(false_rate, true_rate) == pytest.approx(np.mean(pairs))
    assert (false_rate[0], true_rate[0], false_rate[-1], true_rate[-1]) == (0, 0, 1, 1)
    for threshold in np.unique(scores):
        above = scores >= threshold
        point = above[~positive].mean(), above[positive].mean()
        assert any(np.allclose(point, both) for both in zip(false_rate, true_rate))


def test_errors_are_those_of_each_sample():
    experiment = presets.get("anomalies").experiment
    network, task = fresh(experiment).eval(), task_of(experiment)
    found = captures.capture(network, task, Watch(patterns=PatternWatch(errors=30)), 0).patterns.errors
    answer, _ = captures.forward_sample(network, task.sample("test", 17)[0], ())
    assert found.shape == (30,)
    assert found[17] == pytest.approx(np.square(answer - task.sample("test", 17)[1]).mean(), rel=1e-4)


# segmentation

def test_a_mask_is_the_ink_of_the_digit_that_is_looked_for():
    """Each marked cell holds a digit that a nearest neighbour among the small digits names as the one looked for."""
    task, mnist = tasks.get("scene", {"digit": "3", "samples": 500}), tasks.get("mnist")
    part = task.split("test")
    small = mnist.images("test")[0].reshape(-1, 14, 2, 14, 2).mean((2, 4)) / 255
    for scene, mask in zip(part.inputs[0][:25, 0].numpy(), part.targets[:25, 0].numpy()):
        for row, column in ((0, 0), (0, 14), (14, 0), (14, 14)):
            cell, marked = (picture[row:row + 14, column:column + 14] for picture in (scene, mask))
            shifts = [np.roll(cell, (down, right), (0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
            off = [np.abs(small - shifted).sum((1, 2)) for shifted in shifts]
            digit = mnist.labels("test")[min(off, key=np.min).argmin()]
            assert marked.any() == (digit == 3)
            assert not marked.any() or np.array_equal(marked == 1, cell > 0.3)


def test_overlap_against_sets_of_pixels():
    random, signature = np.random.default_rng(0), tasks.get("scene").signature()
    outputs, targets = random.random((6, 1, 28, 28)), (random.random((6, 1, 28, 28)) < 0.2).astype(np.float32)
    targets[4], targets[5], outputs[5] = 0, 0, 0.1
    found = metrics.correct(torch.from_numpy(outputs), torch.from_numpy(targets), signature)
    expected = []
    for output, target in zip(outputs, targets):
        one, other = (set(map(tuple, np.argwhere(mask >= 0.5))) for mask in (output, target))
        expected.append(len(one & other) / len(one | other) if one | other else 1.0)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert found[4] == 0 and found[5] == 1


# the projector

def test_the_nearest_samples_against_every_distance():
    experiment = presets.get("mlp").experiment
    network, task = fresh(experiment).eval(), task_of(experiment)
    found = captures.capture(network, task, Watch(9, patterns=PatternWatch(codes="relu1")), 0).patterns
    with torch.no_grad():
        codes = [captures.forward_sample(network, task.sample("test", index)[0], ("relu1",))[1]["relu1"]
                 for index in range(patterns.CODED)]
    away = [float(np.square(code - codes[9]).sum()) for code in codes]
    assert list(found.nearest) == sorted(range(patterns.CODED), key=away.__getitem__)[:probes.NEIGHBOURS + 1]
    assert found.nearest[0] == 9 and found.codes.points.shape == (patterns.CODED, 2)


# anomalies in a series

def test_the_wrong_beats_are_among_the_test_values_only_and_the_windows_that_hold_one_are_strange():
    task = tasks.get("pulse")
    assert task.group_labels("train").sum() == task.group_labels("val").sum() == 0
    strange = task.group_labels("test")
    turns = np.flatnonzero(np.diff(strange)) + 1
    assert len(turns) == 12 and set(turns[1::2] - turns[::2]) == {24 + task.window}, "six beats, and the window behind"
    usual = task.series()[:24 * 100].reshape(-1, 24).mean(0)
    beats = task.target("test", 0, 960).reshape(-1, 24)
    off = np.flatnonzero(np.abs(beats - usual).mean(1) > 3 * task.noise)
    assert off.tolist() == [turn // 24 for turn in turns[::2]]


def test_a_forecaster_finds_wrong_beats_and_the_series_shows_where():
    learner, task = Learner(presets.get("wrong_beats").experiment, "cpu"), tasks.get("pulse")
    for epoch in range(8):
        for batch in learner.batches(epoch, 0):
            learner.update(batch)
    errors = patterns.capture(learner.network, task, PatternWatch(errors=2_000)).errors
    scores, strange = running_mean(errors, task.averaged), task.group_labels("test") == 1
    assert anomalies.area(*anomalies.roc_curve(scores, strange)) > 0.94
    threshold = float(np.quantile(scores[~strange], 0.95))
    figure = anomalies.series(task.target("test", 0, 960), scores, strange, threshold, "strange", theme="light")
    assert len(figure.layout.shapes) == 6 and len(figure.data[1].x) == (scores > threshold).sum() > 200


def test_a_running_mean_is_of_a_value_and_those_before_it():
    values = np.random.default_rng(0).random(20)
    expected = [values[max(0, at - 3):at + 1].mean() for at in range(20)]
    assert running_mean(values, 4) == pytest.approx(expected)
