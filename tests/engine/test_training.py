"""The loop against a loop written by hand, step by step; the same twice; stopped and gone on; steered."""
from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from safetensors import safe_open
from torch import nn

from dlviz import presets, tasks
from dlviz.errors import RunError, SpecError
from dlviz.optimizers import OPTIMIZERS, SGD, Adam
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, TrainingSpec
from dlviz.training import captures, loop, metrics, packing
from dlviz.training import checkpoint as ckpt
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training.history import History
from dlviz.training.loop import train


def small(key: str = "mlp", **training) -> Experiment:
    settings = {"train_fraction": 0.02, "epochs": 1, "batch_size": 32, "schedule": "Constant", **training}
    base = presets.get(key).experiment
    return base.model_copy(update={"training": TrainingSpec(**dict(base.training) | settings), "seed": 3})


def dropout_net() -> Experiment:
    layers = [("f", "Flatten", {}), ("h", "Linear", {"out_features": 32}), ("n", "BatchNorm1d", {}),
              ("r", "ReLU", {}), ("d", "Dropout", {"p": 0.4}), ("o", "Linear", {"out_features": 10})]
    spec = NetworkSpec(layers=tuple(LayerSpec(name=n, kind=k, fields=f) for n, k, f in layers))
    return Experiment(network=spec, training=TrainingSpec(train_fraction=0.02, epochs=2, batch_size=64), seed=9)


def steps(events) -> list[ev.Step]:
    return [e for e in events if isinstance(e, ev.Step)]


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_losses_equal_a_loop_written_by_hand(kind: str):
    optimizer = OPTIMIZERS[kind](weight_decay=1e-3)
    experiment = small(optimizer=optimizer)
    ours = steps(train(experiment, device="cpu"))

    torch.manual_seed(3)
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(),
                          nn.Linear(64, 10))
    count = round(0.02 * 55_000)
    data = tasks.get("mnist").data().train
    images, labels = data.inputs[0][:count], data.targets[:count]
    by_hand = getattr(torch.optim, kind)(model.parameters(), **_torch_arguments(optimizer))
    order = torch.randperm(count, generator=torch.Generator().manual_seed(3))
    losses, rights = [], []
    for start in range(0, count, 32):
        rows = order[start:start + 32]
        scores = model(images[rows])
        loss = nn.CrossEntropyLoss()(scores, labels[rows])
        by_hand.zero_grad()
        loss.backward()
        by_hand.step()
        losses.append(loss.item())
        rights.append((scores.argmax(1) == labels[rows]).double().mean().item())
    assert len(ours) == len(losses) == math.ceil(count / 32)
    assert np.allclose([s.loss for s in ours], losses, rtol=2e-4, atol=1e-5)
    assert np.allclose([s.accuracy for s in ours][:20], rights[:20])
    assert [s.step for s in ours] == list(range(1, len(losses) + 1))


def _torch_arguments(optimizer) -> dict:
    """Written out anew, so that `arguments()` is checked too; one that is not here has the defaults of torch."""
    common = {"lr": optimizer.learning_rate, "weight_decay": 1e-3}
    own = {
        "SGD": {"momentum": 0.9, "nesterov": True}, "Adam": {"betas": (0.9, 0.999)},
        "AdamW": {"betas": (0.9, 0.999)}, "RMSprop": {"alpha": 0.99}, "Adagrad": {"eps": 1e-10}}
    return common | own.get(optimizer.kind, {})


@pytest.mark.parametrize("experiment", [small("cnn", train_fraction=0.01), dropout_net()], ids=["cnn", "dropout"])
def test_the_same_experiment_gives_the_same_events_twice(experiment: Experiment):
    first, again = list(train(experiment, device="cpu")), list(train(experiment, device="cpu"))
    assert steps(first) == steps(again)
    ends = [e for e in first if isinstance(e, ev.Ended)] + [e for e in again if isinstance(e, ev.Ended)]
    assert ends[0] == ends[1] and ends[0].reason == "done"
    other = steps(train(experiment.model_copy(update={"seed": 4}), device="cpu"))
    assert steps(first)[0].loss != other[0].loss


@pytest.mark.parametrize("kind", ["SGD", "Adam", "RMSprop", "Adagrad"])
def test_going_on_from_a_checkpoint_equals_not_having_stopped(kind: str, tmp_path):
    base = dropout_net()
    experiment = base.model_copy(
        update={"training": base.training.model_copy(update={"optimizer": OPTIMIZERS[kind]()})}
    )
    uninterrupted = list(train(experiment, device="cpu"))
    path, control = tmp_path / "weights.safetensors", ctl.Control()
    first = []
    for event in train(experiment, control, checkpoint=path, device="cpu"):
        first.append(event)
        if isinstance(event, ev.Step) and event.step == 23:  # in the second epoch of 18 steps
            control.post(ctl.Stop())
    torch.rand(100)
    rest = list(train(experiment, checkpoint=path, resume=True, device="cpu"))
    assert first[-1].reason == "stopped" and rest[0].step == 23
    assert steps(first) + steps(rest) == steps(uninterrupted)
    assert rest[-1] == uninterrupted[-1]


def test_pause_steps_and_resume():
    control = ctl.Control()
    control.post(ctl.Pause())
    log = []
    for event in train(small(epochs=2), control, device="cpu"):
        log.append(event)
        if isinstance(event, ev.Paused):
            control.post({0: ctl.Advance("batch"), 1: ctl.Advance("epoch")}.get(event.step, ctl.Stop()))
    assert [e.step for e in log if isinstance(e, ev.Paused)] == [0, 1, 35]
    assert [e.step for e in log if isinstance(e, ev.Resumed)] == [0, 1]
    assert log[-1].reason == "stopped" and log[-1].step == 35


def test_resume_takes_back_a_pause_that_is_still_to_come():
    control = ctl.Control()
    control.post(ctl.Pause())
    log = []
    for event in train(small(), control, device="cpu"):
        log.append(event)
        if isinstance(event, ev.Paused):
            control.post(ctl.Advance("epoch"))
        if isinstance(event, ev.Step) and event.step == 5:
            control.post(ctl.Resume())
    assert [e.step for e in log if isinstance(e, ev.Paused)] == [0] and log[-1].reason == "done"


def test_pausing_changes_no_number():
    control, paused = ctl.Control(), []
    for event in train(dropout_net(), control, device="cpu"):
        paused.append(event)
        if isinstance(event, ev.Step) and event.step in (5, 20):
            control.post(ctl.Pause())
            control.post(ctl.Watch(sample=3, outputs=("h", "d"), weights=("h",)))
            control.post(ctl.Resume())
    assert steps(paused) == steps(train(dropout_net(), device="cpu"))
    assert any(isinstance(e, ev.Captured) for e in paused)


@pytest.mark.parametrize(("optimizer", "setting"), [
    (SGD(), "learning_rate"), (SGD(), "momentum"),
    (Adam(), "momentum"), (Adam(), "weight_decay")])
def test_a_setting_changes_between_two_batches_and_is_marked(optimizer, setting):
    control, events = ctl.Control(), []
    for event in train(small(optimizer=optimizer), control, device="cpu"):
        events.append(event)
        if isinstance(event, ev.Step) and event.step == 7:
            control.post(ctl.Set(setting, 0.5))
    [mark] = [e for e in events if isinstance(e, ev.Changed)]
    assert (mark.step, mark.setting, mark.new) == (8, setting, 0.5)
    plain = steps(train(small(optimizer=optimizer), device="cpu"))
    changed = steps(events)
    assert changed[:8] == plain[:8] or (setting == "learning_rate" and changed[:7] == plain[:7])
    assert changed[9].loss != plain[9].loss


def test_the_cosine_schedule_is_torchs_own_and_survives_a_stop(tmp_path):
    experiment = small(schedule="CosineAnnealingLR", epochs=2, optimizer=SGD(learning_rate=0.2))
    uninterrupted = steps(train(experiment, device="cpu"))
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=len(uninterrupted))
    for step in uninterrupted:
        assert np.isclose(step.learning_rate, optimizer.param_groups[0]["lr"], rtol=1e-5, atol=1e-9)
        optimizer.step()
        schedule.step()
    path, control = tmp_path / "w.safetensors", ctl.Control()
    first = []
    for event in train(experiment, control, checkpoint=path, device="cpu"):
        first.append(event)
        if isinstance(event, ev.Step) and event.step == 11:
            control.post(ctl.Stop())
    assert steps(first) + steps(train(experiment, checkpoint=path, resume=True, device="cpu")) == uninterrupted


def test_an_impossible_change_is_refused_in_a_sentence():
    from dlviz.training import optimizers
    model = nn.Linear(2, 2)
    adagrad = optimizers.build(OPTIMIZERS["Adagrad"](), model)
    with pytest.raises(RunError, match="Adagrad works without momentum") as refused:
        optimizers.change(OPTIMIZERS["Adagrad"](), adagrad, ctl.Set("momentum", 0.5))
    assert refused.value.sentence.endswith("Use SGD, Adam, AdamW or RMSprop for that.")
    with pytest.raises(RunError, match="between 0 and 100"):
        optimizers.change(OPTIMIZERS["Adagrad"](), adagrad, ctl.Set("learning_rate", -1.0))


def test_a_loss_that_is_no_number_stops_with_advice(tmp_path):
    path = tmp_path / "w.safetensors"
    *_, end = train(small(optimizer=SGD(learning_rate=100.0, momentum=0.99)), checkpoint=path, device="cpu")
    assert end.reason == "diverged"
    assert "learning rate ten times smaller than 100" in end.sentence
    assert not path.exists()


def test_the_advice_names_a_rate_as_the_button_below_it_does():
    """A schedule has moved the rate a little: 49.5841 of 50, and the button offers 5."""
    sentence = loop._diverged(ev.Step(6, math.nan, 0.1, 49.5841))
    assert "ten times smaller than 50, or" in sentence


def test_a_wrong_design_is_refused_before_the_first_event():
    with pytest.raises(SpecError, match="it has none"):
        next(train(Experiment()))


def test_evaluation_matches_numpy():
    experiment = small()
    events = list(train(experiment, device="cpu"))
    judged = [e for e in events if isinstance(e, ev.Evaluated)][-1]
    assert judged.samples == 5_000 and judged.confusion.sum() == 5_000
    assert np.isclose(np.trace(judged.confusion) / 5_000, judged.val_accuracy)
    labels = tasks.get("mnist").labels("val")
    assert (judged.confusion.sum(1) == np.bincount(labels)).all()
    assert [m.probability for m in judged.mistakes] == sorted((m.probability for m in judged.mistakes), reverse=True)
    assert all(labels[m.index] == m.target != m.prediction for m in judged.mistakes)
    assert judged.calibration.counts.sum() == 5_000
    assert judged.calibration.correct.sum() == np.trace(judged.confusion)


def test_confusion_and_worst_by_brute_force():
    scores = torch.randn(200, 4)
    targets = torch.randint(0, 4, (200,))
    predictions = scores.argmax(1)
    slow = np.zeros((4, 4), int)
    for target, guess in zip(targets.tolist(), predictions.tolist()):
        slow[target, guess] += 1
    assert (metrics.confusion(targets, predictions, 4) == slow).all()
    sure = np.exp(scores.numpy()) / np.exp(scores.numpy()).sum(1, keepdims=True)
    wrong = sorted((i for i in range(200) if predictions[i] != targets[i]), key=lambda i: -sure[i].max())
    found = metrics.worst_mistakes(scores.softmax(1).amax(1), targets, predictions)
    assert [m.index for m in found] == wrong[:metrics.MAX_MISTAKES]


def test_captures_are_the_outputs_of_the_network_and_leave_nothing_behind():
    experiment = small("cnn", train_fraction=0.01)
    control, captured = ctl.Control(), None
    control.post(ctl.Watch(sample=11, outputs=("conv1", "relu2", "gone"), weights=("conv1", "pool1")))
    for event in train(experiment, control, device="cpu"):
        if isinstance(event, ev.Captured):
            captured = event
            break
    assert captured.step == 0 and set(captured.outputs) == {"conv1", "relu2"} and set(captured.weights) == {"conv1"}
    from dlviz import network as net
    module = net.build(experiment.network, tasks.get("mnist").signature(), 3).eval()
    image = tasks.get("mnist").data().test.inputs[0][11:12]
    by_hand = nn.functional.conv2d(image, module.module_of("conv1").weight, module.module_of("conv1").bias)[0]
    assert np.allclose(captured.outputs["conv1"], by_hand.detach().numpy(), atol=1e-6)
    assert np.isclose(captured.probabilities.sum(), 1)
    assert not any(m._forward_hooks for m in module.modules())
    captures.forward_sample(module, (image[0].numpy(),), ("conv1",))
    assert not any(m._forward_hooks for m in module.modules())


def test_an_answer_uses_the_newest_weights_and_refuses_another_shape(tmp_path):
    experiment, path = small(), tmp_path / "w.safetensors"
    control, digit = ctl.Control(), tasks.get("mnist").sample("test", 5)[0]
    control.post(ctl.Query("a", digit, ("relu1",)))
    control.post(ctl.Query("b", (np.zeros((1, 9, 9), np.float32),)))
    answers = {}
    for event in train(experiment, control, checkpoint=path, device="cpu"):
        if isinstance(event, ev.QueryResult):
            answers[event.ticket] = event
        if isinstance(event, ev.Step) and event.step == 30:
            control.post(ctl.Query("c", digit))
    assert answers["a"].step == 0 and answers["a"].outputs["relu1"].shape == (128,)
    assert "1 x 28 x 28, but 1 x 9 x 9 was given" in answers["b"].error
    assert answers["c"].step == 30 and not np.allclose(answers["a"].probabilities, answers["c"].probabilities)
    network, step = ckpt.load_network(experiment, path)
    assert step == 35
    assert np.isclose(captures.answer_query(network, tasks.get("mnist"), ctl.Query("d", digit),
                                            step).probabilities.sum(), 1,
                      atol=1e-5)


def test_a_checkpoint_is_safetensors_and_a_wrong_one_is_refused(tmp_path):
    path = tmp_path / "w.safetensors"
    list(train(small(), checkpoint=path, device="cpu"))
    with safe_open(path, "pt") as file:
        assert {"hidden1.weight", "output.bias", "random.cpu", "optimizer.0.exp_avg"} <= set(file.keys())
    with pytest.raises(RunError, match="must hold the weights of this network"):
        ckpt.load_network(small("cnn"), path)
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(RunError, match="it cannot be used"):
        ckpt.load_network(small(), path)
    assert [file for file in tmp_path.iterdir() if file.is_file()] == [path]


def test_history_is_what_the_events_said_and_forgets_what_a_resumed_run_repeats():
    events = list(train(small(epochs=2), device="cpu"))
    one, packed = History(), History()
    for event in events:
        one.apply(event)
    for event in packing.pack(events):
        packed.apply(event)
    for history in (one, packed):
        assert history.train["step"].values.tolist() == [s.step for s in steps(events)]
        assert np.array_equal(history.train["loss"].values, np.float32([s.loss for s in steps(events)]))
        assert history.ended.reason == "done" and history.step == len(steps(events))
        assert sum(e.confusion is not None for e in history.evaluations) == 1
    one.apply(ev.Started(10, 70, 35, "cpu", 1))
    assert one.step == 10 and one.ended is None and not one.evaluations


def test_data_of_the_splits_is_what_the_files_say():
    data = tasks.get("mnist").data()
    assert [len(s) for s in (data.train, data.val, data.test)] == [55_000, 5_000, 10_000]
    assert abs(data.train.inputs[0].mean()) < 0.01 and abs(data.train.inputs[0].std() - 1) < 0.01
