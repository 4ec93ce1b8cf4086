"""A run that begins with another one's weights: what fits, what is written, what stays true when it is interrupted."""
from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
import torch

from dlviz import network as net
from dlviz import presets, tasks
from dlviz.errors import RunError
from dlviz.network import editing, transfer
from dlviz.runs import places
from dlviz.runs.info import Origin
from dlviz.runs.process.engine import FIRST_WEIGHTS, WEIGHTS
from dlviz.runs.service import RunService
from dlviz.runs.storage.migration import VERSION
from dlviz.runs.storage.store import Store
from dlviz.spec import Experiment, LayerSpec, TrainingSpec
from dlviz.training import checkpoint as ckpt
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training import optimizers
from dlviz.training.learner import Learner
from dlviz.training.loop import train
from tests.engine.test_runs_service import FakeEngine

MNIST = tasks.get("mnist").signature()
OLD = Path(__file__).with_name("old_files") / "store_v3.sql"  # written by version 3 itself, `iterdump` of its file


def small(key: str = "mlp") -> Experiment:
    base = presets.get(key).experiment
    training = dict(base.training) | {"train_fraction": 0.01, "batch_size": 32, "epochs": 1}
    return base.model_copy(update={"training": TrainingSpec(**training)})


def changed(experiment: Experiment) -> Experiment:
    """Another width for hidden2, an output of another kind's name, one layer more."""
    network = editing.set_fields(experiment.network, "hidden2", {"out_features": 20})
    network = editing.rename(network, "output", "classes")
    network = editing.insert(network, LayerSpec(name="norm", kind="BatchNorm1d"), network.index("relu1"))
    return experiment.model_copy(update={"network": network})


def learned(experiment: Experiment, path: Path, seed: int = 7) -> dict[str, torch.Tensor]:
    """A checkpoint of weights that no training starts with; what is in it."""
    network = net.build(experiment.network, MNIST, seed=seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    ckpt.save(path, network, optimizers.build(experiment.training.optimizer, network), 12)
    return {name: value.clone() for name, value in network.state_dict().items()}


def first_weights(experiment: Experiment, source: Experiment, folder: Path) -> Path:
    weights = learned(source, folder / "source.safetensors")
    fits = transfer.match(source.network, MNIST, experiment.network, MNIST)
    path = folder / FIRST_WEIGHTS
    ckpt.write_weights(path, transfer.carried(weights, source.network, experiment.network, fits.taken), 12)
    return path


def test_layers_that_have_name_kind_and_shapes_are_taken_others_are_not():
    before = small()
    fits = transfer.match(before.network, MNIST, changed(before).network, MNIST)
    assert fits == transfer.Transfer(taken=("hidden1",), changed=("hidden2",), new=("norm", "classes"))
    everything = transfer.match(before.network, MNIST, before.network, MNIST)
    assert everything == transfer.Transfer(taken=("hidden1", "hidden2", "output"))


def test_a_layer_of_another_kind_or_without_its_bias_is_not_taken():
    network = small().network
    nobias = editing.set_fields(network, "hidden1", {"bias": False})
    assert transfer.match(network, MNIST, nobias, MNIST).changed == ("hidden1",)
    norm = editing.insert(network, LayerSpec(name="norm", kind="BatchNorm1d"), 2)
    other = editing.change_kind(norm, "norm", "LayerNorm")
    assert "norm" in transfer.match(norm, MNIST, other, MNIST).changed


def test_a_design_with_an_error_takes_nothing():
    wrong = editing.delete(small().network, "flatten")
    assert transfer.match(small().network, MNIST, wrong, MNIST) == transfer.Transfer()


def test_names_that_would_be_one_identifier_are_told_apart():
    network = editing.rename(editing.rename(small().network, "hidden1", "a b"), "hidden2", "a-b")
    swapped = editing.insert(network, LayerSpec(name="a_b", kind="BatchNorm1d"), 1)
    state = net.build(network, MNIST, seed=3).state_dict()
    fits = transfer.match(network, MNIST, swapped, MNIST)
    built = net.build(swapped, MNIST, seed=4)
    built.load_state_dict(transfer.carried(state, network, swapped, fits.taken), strict=False)
    own = net.build(network, MNIST, seed=3)
    for name in ("a b", "a-b"):
        assert torch.equal(built.module_of(name).weight, own.module_of(name).weight)


def test_taken_layers_begin_with_the_weights_and_new_ones_as_the_seed_draws_them(tmp_path):
    before, after = small(), changed(small())
    path = first_weights(after, before, tmp_path)
    source = net.build(before.network, MNIST, seed=7).state_dict()
    learner, drawn = Learner(after, "cpu", path), Learner(after, "cpu")
    for name, value in learner.network.state_dict().items():
        expected = source if name.startswith("hidden1.") else drawn.network.state_dict()
        assert torch.equal(value, expected[name]), name


def test_a_run_that_is_interrupted_has_the_curve_of_one_that_is_not(tmp_path):
    before, after = small(), changed(small())
    path = first_weights(after, before, tmp_path)
    straight = [event.loss for event in train(after, device="cpu", first_weights=path) if isinstance(event, ev.Step)]
    again = [event.loss for event in train(after, device="cpu", first_weights=path) if isinstance(event, ev.Step)]
    other = [event.loss for event in train(after, device="cpu") if isinstance(event, ev.Step)]
    losses, control = [], ctl.Control()
    weights = tmp_path / WEIGHTS
    for event in train(after, control, checkpoint=weights, device="cpu", first_weights=path):
        if isinstance(event, ev.Step):
            losses.append(event.loss)
            if event.step == 5:
                control.post(ctl.Stop())
    path.write_bytes(b"")  # nobody needs it any more
    losses += [event.loss for event in train(after, checkpoint=weights, resume=True, device="cpu", first_weights=path)
               if isinstance(event, ev.Step)]
    assert losses == straight == again and other != straight


@pytest.mark.parametrize("damage", [lambda data: data[:200], lambda data: data[:-3] + bytes([data[-3] ^ 1]) + data[-2:],
                                    lambda data: b""])
def test_damaged_first_weights_are_one_sentence(tmp_path, damage):
    path = first_weights(small(), small(), tmp_path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(RunError, match="must hold the first weights of this run"):
        list(train(small(), device="cpu", first_weights=path))


# the service


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def service(engine, monkeypatch):
    monkeypatch.setattr(places, "cores", lambda: 4)
    made = RunService(engine)
    yield made
    made.close()


def trained(service: RunService, engine: FakeEngine, owner: str = "me") -> tuple[str, dict[str, torch.Tensor]]:
    """A run that has ended, with weights on disk."""
    run = service.create(small(), owner)
    engine.begin(run)
    weights = learned(small(), folder(service, run) / WEIGHTS)
    engine.up(run, ev.Ended(12, "done"))
    return run, weights


def folder(service: RunService, run: str) -> Path:
    return service._store.folder(run)


def test_a_run_says_where_its_weights_come_from_and_has_them_in_a_file_of_its_own(service, engine):
    source, weights = trained(service, engine)
    service.rename(source, "The first", "me")
    run = service.create(changed(small()), "me", weights_from=source)
    origin = Origin(source, "The first", 12, ("hidden1",), ("hidden2",), ("norm", "classes"))
    assert service.get(run).origin == origin and service.get(source).origin is None
    service.delete(source, "me")
    network = net.build(changed(small()).network, MNIST, seed=1)
    ckpt.load_some(folder(service, run) / FIRST_WEIGHTS, network)
    assert torch.equal(network.module_of("hidden1").weight, weights["hidden1.weight"])
    service.close()
    again = RunService(FakeEngine())
    assert again.get(run).origin == origin
    again.close()


def test_training_the_same_again_begins_with_the_same_weights(service, engine):
    source, _ = trained(service, engine)
    run = service.create(changed(small()), "me", weights_from=source)
    learned(small(), folder(service, source) / WEIGHTS, seed=8)  # the first one has trained on
    repeat = service.create(service.get(run).experiment, "me", parent=run, name="Another name")
    other = service.create(small(), "me", parent=run)
    assert service.get(repeat).origin == service.get(run).origin and service.get(other).origin is None
    one, two = (folder(service, each) / FIRST_WEIGHTS for each in (run, repeat))
    assert one.read_bytes() == two.read_bytes()


def test_weights_of_somebody_else_are_not_taken(service, engine):
    source, _ = trained(service, engine)
    with pytest.raises(RunError, match="owner alone"):
        service.create(small(), "you", weights_from=source)
    run = service.create(changed(small()), "me", weights_from=source)
    mine = service.create(service.get(run).experiment, "you", parent=run)
    assert service.get(mine).origin is None and not (folder(service, mine) / FIRST_WEIGHTS).exists()


@pytest.mark.parametrize(("content", "words"), [(None, "it has none yet"), (b"", "cannot be used"),
                                                (b"x" * 999, "cannot be used")])
def test_missing_and_damaged_weights_are_a_sentence_and_leave_no_run(service, engine, content, words):
    source, _ = trained(service, engine)
    path = folder(service, source) / WEIGHTS
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(RunError, match=words):
        service.create(changed(small()), "me", weights_from=source)
    assert [run.id for run in service.list("me")] == [source]


def test_a_network_that_nothing_fits_into_is_refused(service, engine):
    source, _ = trained(service, engine)
    network = small().network
    for name in ("hidden1", "hidden2", "output"):
        network = editing.rename(network, name, f"{name} b")
    with pytest.raises(RunError, match="it has none"):
        service.create(small().model_copy(update={"network": network}), "me", weights_from=source)


def test_a_run_whose_first_weights_are_gone_fails_with_a_sentence_instead_of_beginning_with_others(service, engine):
    source, _ = trained(service, engine)
    run = service.create(changed(small()), "me", weights_from=source, start=False)
    shutil.rmtree(folder(service, run))
    service.post(run, ctl.Resume(), "me")
    info = service.get(run)
    assert info.state == "failed" and "first weights of this run" in info.sentence


def test_a_store_of_version_3_opens_with_its_runs(tmp_path):
    with sqlite3.connect(tmp_path / "runs.sqlite") as db:
        db.executescript(OLD.read_text())
    db.close()
    for _ in range(2):
        store = Store(tmp_path)
        (row,) = store.rows()
        assert (row.id, row.name, row.parent, row.note) == ("oldrun33", "Version 3", "older", "a note")
        assert row.origin is None and row.checkpoint_step == 4 and row.test_accuracy == 0.79
        assert store.history("oldrun33").marks == [ev.Changed(2, "learning_rate", 0.1, 0.05)]
        store.write([row])
        store.close()
    with sqlite3.connect(tmp_path / "runs.sqlite") as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == VERSION
