"""Clipping, label smoothing, early stopping, augmentation and first weights, each against numbers worked out by hand.
"""
from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import nn

from dlviz import layers, presets, tasks
from dlviz import network as net
from dlviz.augmentation import Augmentation
from dlviz.distortion import bend, distort
from dlviz.errors import SpecError
from dlviz.export.weights import model_weights
from dlviz.figures.augmentation import examples
from dlviz.layers import CATALOGUE
from dlviz.optimizers import SGD
from dlviz.penalty import add_penalty
from dlviz.runs.storage.store import RunRow, Store
from dlviz.shapes import Shape
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, TrainingSpec, from_json
from dlviz.training import checkpoint as ckpt
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training.history import History
from dlviz.training.loop import train
from dlviz.training.stopping import EarlyStopping

ALL = Augmentation(shift=3, rotate=15, scale=0.1, elastic=1)


def small(**training) -> Experiment:
    base = presets.get("mlp").experiment
    settings = {"train_fraction": 0.01, "epochs": 2, "batch_size": 32, "schedule": "Constant",
                "optimizer": SGD(learning_rate=0.1), **training}
    return base.model_copy(update={"training": TrainingSpec(**dict(base.training) | settings), "seed": 3})


def steps(events) -> list[ev.Step]:
    return [e for e in events if isinstance(e, ev.Step)]


def by_hand(epochs: int, loss_of=nn.CrossEntropyLoss(), before_step=lambda model: None,
            change=lambda x: x) -> list[float]:
    """Losses of the experiment `small`, by a loop that shares nothing with ours."""
    torch.manual_seed(3)
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(),
                          nn.Linear(64, 10))
    data = tasks.get("mnist").data().train
    images, labels = data.inputs[0][:550], data.targets[:550]
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True)
    losses = []
    for epoch in range(epochs):
        for rows in torch.randperm(550, generator=torch.Generator().manual_seed(3 + epoch)).split(32):
            loss = loss_of(model(change(images[rows])), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            before_step(model)
            optimizer.step()
            losses.append(loss.item())
    return losses


def close(events, losses: list[float]) -> bool:
    return np.allclose([s.loss for s in steps(events)], losses, rtol=2e-3, atol=1e-5)


# clipping

def clip_by_hand(mode: str, at: float, sizes: list[float]):
    def clip(model: nn.Module) -> None:
        gradients = [p.grad for p in model.parameters()]
        if mode == "norm":
            sizes.append(math.sqrt(sum(float((g.double() ** 2).sum()) for g in gradients)))
            for gradient in gradients:
                gradient.mul_(min(1.0, at / (sizes[-1] + 1e-6)))
        else:
            sizes.append(max(float(g.abs().max()) for g in gradients))
            for gradient in gradients:
                gradient.clamp_(-at, at)
    return clip


@pytest.mark.parametrize(("mode", "at"), [("norm", 1.0), ("value", 0.15)])
def test_clipped_gradients_are_those_of_a_loop_by_hand(mode: str, at: float):
    sizes: list[float] = []
    losses = by_hand(1, before_step=clip_by_hand(mode, at, sizes))
    events = list(train(small(epochs=1, clip=mode, clip_threshold=at), device="cpu"))
    assert close(events, losses)
    clipped = [e for e in events if isinstance(e, ev.Clipped)]
    assert [e.step for e in clipped] == list(range(1, 19))  # a short run has a record a step
    assert np.allclose([e.mean_before for e in clipped], sizes, rtol=1e-2)
    assert [e.fraction for e in clipped] == [float(size > at) for size in sizes]
    assert np.allclose([e.mean_after for e in clipped], np.minimum(sizes, at), rtol=1e-2)
    assert 0 < sum(e.fraction for e in clipped) < 18


# L1 and L2

@pytest.mark.parametrize(("l1", "l2"), [(0.002, 0.0), (0.0, 0.01), (0.001, 0.005)])
def test_regularized_losses_are_those_of_a_penalty_that_autograd_differentiates(l1: float, l2: float):
    def penalize(model: nn.Module) -> None:
        weights = [module.weight for module in model if isinstance(module, nn.Linear)]
        (l1 * sum(w.abs().sum() for w in weights) + l2 * sum((w * w).sum() for w in weights)).backward()

    events = list(train(small(epochs=1, l1=l1, l2=l2), device="cpu"))
    assert close(events, by_hand(1, before_step=penalize))
    plain = by_hand(1)
    assert events[1].loss == pytest.approx(plain[0], rel=1e-5), "the first loss is told without the penalty"
    assert not close(events, plain)


def test_biases_scales_and_frozen_weights_have_no_penalty():
    rows = (nn.Linear(3, 4), nn.LayerNorm(4), nn.Conv2d(1, 2, 3))
    weights = [p for module in rows for p in module.parameters()]
    for weight in weights[:-1]:
        weight.grad = torch.zeros_like(weight)
    add_penalty(weights, 0.5, 0.25)
    matrix = weights[0].detach()
    torch.testing.assert_close(weights[0].grad, 0.5 * matrix.sign() + 0.5 * matrix)
    assert all(not weight.grad.any() for weight in weights[1:4]) and weights[4].grad.abs().min() > 0
    assert weights[5].grad is None


def test_clipping_comes_after_the_penalty():
    events = list(train(small(epochs=1, l2=10.0, clip="norm", clip_threshold=0.1,
                              optimizer=SGD(learning_rate=0.01)), device="cpu"))
    sizes = [e.mean_before for e in events if isinstance(e, ev.Clipped)]
    plain = [e.mean_before for e in train(small(epochs=1, clip="norm", optimizer=SGD(learning_rate=0.01)), device="cpu")
             if isinstance(e, ev.Clipped)]
    assert sizes[0] > 10 * plain[0]


def test_without_clipping_nothing_is_recorded():
    assert not any(isinstance(e, ev.Clipped) for e in train(small(epochs=1), device="cpu"))


def test_a_long_run_has_a_record_for_several_steps():
    from dlviz.training.clipping import Clipping, every

    weight = nn.Parameter(torch.zeros(4))
    clipping = Clipping("norm", 1.0, [weight], every(2_000))
    records = []
    for step in range(1, 9):
        weight.grad = torch.tensor([0.0, 0.0, 0.0, step / 4])  # norms 0.25, 0.5, ... 2
        clipping()
        records.append(clipping.record(step))
    first, second = records[3], records[7]
    assert [r for r in records if r] == [first, second]
    assert (first.mean_before, first.max_before, first.fraction, first.mean_after) == (0.625, 1.0, 0.0, 0.625)
    assert (second.mean_before, second.max_before, second.fraction, second.mean_after) == (1.625, 2.0, 1.0, 1.0)


def test_the_record_of_clipping_is_kept_and_cut(tmp_path):
    events = list(train(small(epochs=1, clip="norm"), device="cpu"))
    store = Store(tmp_path)
    try:
        store.write([RunRow("run", "me", "it", 0.0, 0.0, "training", small().to_json())], {"run": events})
        live = History()
        for event in events:
            live.apply(event)
        assert store.history("run").clipped == live.clipped != []
        again = ev.Started(5, 18, 18, "cpu", 1)
        store.write([], {"run": [again]})
        live.apply(again)
        assert [c.step for c in store.history("run").clipped] == [c.step for c in live.clipped] == [1, 2, 3, 4, 5]
        store.delete("run")
        assert store.history("run").clipped == []
    finally:
        store.close()


# label smoothing

def test_smoothed_losses_are_torchs_and_validation_is_plain():
    losses = by_hand(1, nn.CrossEntropyLoss(label_smoothing=0.2))
    path_free = list(train(small(epochs=1, label_smoothing=0.2), device="cpu"))
    assert close(path_free, losses)
    judged = next(e for e in path_free if isinstance(e, ev.Evaluated))
    assert judged.val_loss < np.log(10)  # smoothed by 0.2 it could not be as low as it is for this accuracy
    forecast = next(p.experiment for p in presets.PRESETS.values()
                    if tasks.get(p.experiment.task.name, p.experiment.task.fields).signature().loss == "mse")
    spec = TrainingSpec(**dict(forecast.training) | {"label_smoothing": 0.1})
    with pytest.raises(SpecError, match="Label smoothing softens answers that are classes"):
        next(train(forecast.model_copy(update={"training": spec}), device="cpu"))


# early stopping

def test_best_counts_as_keras_does():
    network, best = nn.Linear(1, 1), EarlyStopping(patience=2)
    over = []
    for step, loss in enumerate([1.0, 0.8, 0.9, 0.7, 0.71, 0.7], start=1):
        nn.init.constant_(network.weight, step)
        best.update(loss, step, network)
        over.append(best.should_stop)
    assert over == [False, False, False, False, False, True]
    assert (best.best_step, best.best) == (4, 0.7)
    sentence = best.restore_best_weights(network, 6)
    assert network.weight.item() == 4
    assert sentence == ("Training stopped early, after step 6: 2 evaluations in a row brought no lower validation "
                        "loss. The weights of step 4 were put back: their validation loss, 0.7000, was the lowest.")


def stopping() -> Experiment:
    return small(train_fraction=0.003, epochs=40, early_stopping=2, optimizer=SGD(learning_rate=0.3))


def test_an_early_end_has_the_best_weights_and_says_which(tmp_path):
    path = tmp_path / "weights.safetensors"
    events = list(train(stopping(), checkpoint=path, device="cpu"))
    judged = [(e.step, e.val_loss) for e in events if isinstance(e, ev.Evaluated)]
    best_step, best_loss = min(judged, key=lambda pair: pair[1])
    end = events[-1]
    assert end.reason == "done" and end.best_step == best_step and end.step == judged[-1][0] < 40 * 6
    assert len([step for step, _ in judged if step > best_step]) == 2
    assert f"after step {end.step:,}" in end.sentence and f"weights of step {best_step:,}" in end.sentence
    network, _ = ckpt.load_network(stopping(), path)
    val = tasks.get("mnist").data().val
    with torch.no_grad():
        assert nn.functional.cross_entropy(network(val.inputs[0]), val.targets).item() == pytest.approx(best_loss,
                                                                                                        rel=1e-4)
    assert len(model_weights(path)) < path.stat().st_size / 2  # the best weights of then are no part of the model


def test_without_patience_left_a_whole_run_ends_with_its_best():
    events = list(train(small(train_fraction=0.003, epochs=5, early_stopping=50, optimizer=SGD(learning_rate=0.3)),
                        device="cpu"))
    judged = {e.step: e.val_loss for e in events if isinstance(e, ev.Evaluated)}
    assert len(judged) == 5 and judged[events[-1].best_step] == min(judged.values())
    assert "stopped early" not in events[-1].sentence


# augmentation

def images(count: int = 8) -> torch.Tensor:
    return tasks.get("mnist").data().train.inputs[0][:count]


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_no_amounts_change_nothing():
    assert torch.allclose(distort(images(), generator()), images(), atol=1e-5)


def drawn(count: int, seed: int = 0) -> np.ndarray:
    """turn, grow, right and down of each picture."""
    return (2 * torch.rand(4, count, generator=generator(seed)) - 1).numpy()


@pytest.mark.parametrize("amounts", [{"shift": 4.0}, {"rotate": 40.0}, {"scale": 0.4},
                                     {"shift": 2.0, "rotate": 30.0, "scale": 0.2}], ids=str)
def test_pictures_move_as_worked_out_pixel_by_pixel(amounts: dict):
    """Each new pixel is looked up in the old picture, with NumPy, in pixels around the middle."""
    pictures = images(3) + torch.arange(3)[:, None, None, None]
    distorted = distort(pictures, generator(), **amounts).numpy()
    turn, grow, right, down = drawn(3)
    for i, old in enumerate(pictures[:, 0].numpy()):
        angle, size = np.radians(amounts.get("rotate", 0)) * turn[i], 1 + amounts.get("scale", 0) * grow[i]
        v, u = np.mgrid[:28, :28] - 13.5
        x = (np.cos(angle) * u - np.sin(angle) * v) / size + amounts.get("shift", 0) * right[i] + 13.5
        y = (np.sin(angle) * u + np.cos(angle) * v) / size + amounts.get("shift", 0) * down[i] + 13.5
        assert np.allclose(distorted[i, 0], looked_up(old, x, y), atol=2e-3)


def looked_up(old: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Between four pixels; outside it is as dark as the darkest."""
    wide = np.pad(old, 40, constant_values=old.min())
    x, y = x + 40, y + 40
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    a, b = x - left, y - top
    return ((1 - a) * (1 - b) * wide[top, left] + a * (1 - b) * wide[top, left + 1]
            + (1 - a) * b * wide[top + 1, left] + a * b * wide[top + 1, left + 1])


def test_bending_is_smooth_and_as_far_as_asked():
    field = bend(200, 28, 28, generator(), pixels=1.5).numpy() * 14
    middle = field[:, 12:16, 12:16]  # away from the edges, where there is less to average
    assert middle.std() == pytest.approx(1.5, rel=0.1) and abs(middle.mean()) < 0.15
    assert np.abs(np.diff(field, axis=1)).mean() < 0.35  # neighbours go together
    assert 34 * (1 / np.sqrt(3)) / (2 * 4 * np.sqrt(np.pi)) == pytest.approx(1.4, abs=0.05)  # Simard's 34 and 4


def test_each_picture_and_each_batch_is_changed_anew():
    same, own = images(1).repeat(4, 1, 1, 1), generator()
    first, second = distort(same, own, rotate=30.0, elastic=1.0), distort(same, own, rotate=30.0, elastic=1.0)
    assert not torch.equal(first[0], first[1]) and not torch.equal(first, second)
    assert torch.equal(first, distort(same, generator(), rotate=30.0, elastic=1.0))


def test_training_sees_changed_pictures_and_validation_does_not():
    own = generator(3)
    losses = by_hand(2, change=lambda x: distort(x, own, **ALL.model_dump()))
    assert close(list(train(small(augmentation=ALL), device="cpu")), losses)
    assert not np.allclose(losses, by_hand(2), rtol=1e-2)
    reverse = next(p.experiment for p in presets.PRESETS.values() if p.experiment.task.name == "reverse")
    spec = TrainingSpec(**dict(reverse.training) | {"augmentation": ALL})
    with pytest.raises(SpecError,
                       match="Augmentation shifts, turns, scales and bends pictures, but this task has none"):
        next(train(reverse.model_copy(update={"training": spec}), device="cpu"))


def test_the_examples_show_originals_above():
    pictures = (images(5)[:, 0].numpy() * 50 + 60).clip(0, 255).astype(np.uint8)
    picture = examples(pictures, ALL, seed=1, scale=1)
    assert picture.shape == (3 * 30 + 6, 5 * 30) and picture.dtype == np.uint8
    assert np.array_equal(picture[:28, 30:58], pictures[1])
    assert not np.array_equal(picture[36:64, 30:58], pictures[1])


# all of them, stopped and gone on

@pytest.mark.parametrize("settings", [
    {"clip": "norm"}, {"label_smoothing": 0.1}, {"early_stopping": 3}, {"augmentation": ALL},
    {"clip": "value", "clip_threshold": 0.02, "label_smoothing": 0.1, "early_stopping": 3, "augmentation": ALL,
     "schedule": "ReduceLROnPlateau"}], ids=lambda s: "+".join(s))
def test_going_on_equals_not_having_stopped(settings: dict, tmp_path):
    experiment = small(train_fraction=0.003, epochs=8, **settings)  # 6 steps an epoch
    uninterrupted = list(train(experiment, device="cpu"))
    control, path, first = ctl.Control(), tmp_path / "weights.safetensors", []
    for event in train(experiment, control, checkpoint=path, device="cpu"):
        first.append(event)
        if isinstance(event, ev.Step) and event.step == 15:
            control.post(ctl.Stop())
    torch.rand(100)
    rest = list(train(experiment, checkpoint=path, resume=True, device="cpu"))
    assert steps(first) + steps(rest) == steps(uninterrupted)
    assert rest[-1] == uninterrupted[-1]
    assert from_json(experiment.to_json()) == experiment


@pytest.mark.parametrize(("field", "value"), [("clip", "both"), ("clip_threshold", 0.0), ("label_smoothing", 1.0),
                                          ("early_stopping", -1), ("augmentation", {"shift": 99.0})])
def test_a_bad_value_gets_a_sentence(field: str, value):
    import json

    wrong = json.loads(small().to_json())
    wrong["training"][field] = value
    with pytest.raises(SpecError, match=rf"The experiment's training\.{field}.* must keep its rule"):
        from_json(json.dumps(wrong))


# first weights

WEIGHTED = [kind for kind, cls in CATALOGUE.items() if "init" in cls.model_fields]
INPUT = {"vector": Shape("vector", (48,)), "image": Shape("image", (8, 12, 12)), "sequence": Shape("sequence", (5, 48)),
         "tokens": Shape("tokens", (5,), vocabulary=48)}


def drawn_layer(kind: str, init: str, **fields) -> nn.Module:
    layer = layers.declare(kind, {"init": init, **fields})
    shapes = (INPUT[layer.takes[0]],) * layer.arity[0]
    module = layer.build(*shapes)
    layer.initialise(module)
    return module


def test_layers_with_weights_have_the_choice_at_their_end():
    assert {"Linear", "Conv2d", "ConvTranspose2d", "Conv1d", "Embedding", "RNN", "LSTM", "GRU", "MultiheadAttention",
            "FeedForward", "TransformerEncoderLayer", "TransformerDecoderLayer"} == set(WEIGHTED)
    assert all(list(CATALOGUE[kind].model_fields)[-2:] == ["init", "init_std"] for kind in WEIGHTED)


@pytest.mark.parametrize("kind", WEIGHTED)
def test_every_weight_is_drawn_and_every_bias_starts_at_zero(kind: str):
    for init, std in (("zeros", 0.0), ("normal", 0.5)):
        module = drawn_layer(kind, init, **({"init_std": std} if std else {}))
        for name, parameter in module.named_parameters():
            if "norm" in name:
                continue
            expected = 0.0 if parameter.ndim == 1 else std
            assert float(parameter.detach().std(correction=0)) == pytest.approx(expected, rel=0.25)
    norms = [p for name, p in drawn_layer(kind, "zeros").named_parameters() if "norm" in name and "weight" in name]
    assert all(torch.equal(p, torch.ones_like(p)) for p in norms)


@pytest.mark.parametrize(("init", "spread"), [
    ("xavier_uniform", math.sqrt(2 / (48 + 200))), ("xavier_normal", math.sqrt(2 / (48 + 200))),
    ("kaiming_uniform", math.sqrt(2 / 48)), ("kaiming_normal", math.sqrt(2 / 48)), ("normal", 0.02)])
def test_weights_spread_as_the_papers_say(init: str, spread: float):
    weight = drawn_layer("Linear", init, out_features=200).weight.detach()
    assert float(weight.std()) == pytest.approx(spread, rel=0.05) and abs(float(weight.mean())) < spread / 20
    if "uniform" in init:
        assert float(weight.abs().max()) <= spread * math.sqrt(3) * 1.0001


def test_orthogonal_weights_keep_lengths():
    weight = drawn_layer("Linear", "orthogonal", out_features=48).weight.detach()
    assert torch.allclose(weight @ weight.T, torch.eye(48), atol=1e-5)


def test_the_default_is_torchs_own_and_changes_no_old_network():
    spec = presets.get("mlp").experiment.network
    signature = tasks.get("mnist").signature()
    torch.manual_seed(1)
    by_torch = nn.Sequential(nn.Linear(784, 128), nn.Linear(128, 64), nn.Linear(64, 10))
    ours = net.build(spec, signature, seed=1)
    assert all(torch.equal(a, b) for a, b in zip(ours.parameters(), by_torch.parameters()))


def test_a_wrong_init_is_a_sentence():
    spec = NetworkSpec(layers=(LayerSpec(name="f", kind="Flatten"),
                               LayerSpec(name="o", kind="Linear", fields={"out_features": 10, "init": "ones"})))
    error, = net.check(spec, tasks.get("mnist").signature()).errors
    assert "Layer o (Linear) needs another value of init" in error.sentence and "'default'" in error.sentence
