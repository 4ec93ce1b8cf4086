"""Checkpoints: going on is the same to the bit, a damaged one is noticed, the one before it stays."""
from __future__ import annotations

import errno
import itertools
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from dlviz import network as net
from dlviz import presets, tasks
from dlviz.errors import RunError
from dlviz.spec import Experiment
from dlviz.training import checkpoint, keyframes, tensorfile
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training.learner import Learner
from dlviz.training.loop import train


def tiny(name: str = "mlp", **training) -> Experiment:
    """Some 12 steps, so that a test takes a moment."""
    experiment = presets.get(name).experiment
    short = experiment.training.model_copy(update={"train_fraction": 0.014, "epochs": 1, **training})
    return experiment.model_copy(update={"training": short})


def losses(events, last: int) -> list[float]:
    """Of the steps up to this one; the evaluation at the end of the epoch is left out."""
    steps = (event for event in events if isinstance(event, ev.Step))
    return [event.loss for event in itertools.takewhile(lambda step: step.step <= last, steps)]


def saved_at(experiment: Experiment, path: Path, *at: int) -> None:
    """Train with a checkpoint after each of these steps, and break off after the last."""
    control = ctl.Control()
    for event in train(experiment, control, checkpoint=path, device="cpu"):
        if isinstance(event, ev.Step) and event.step in at:
            control.post(ctl.Save())
        if isinstance(event, ev.Checkpointed) and event.step == at[-1]:
            return


@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "RMSprop"])
def test_an_image_network_goes_on_to_the_bit(tmp_path, optimizer):
    """Its kernels lie channels last; a fused optimizer walks the bytes of weights and moments side by side."""
    from dlviz import optimizers
    experiment = tiny("cnn", optimizer=getattr(optimizers, optimizer)())
    path = tmp_path / "w.safetensors"
    saved_at(experiment, path, 4)
    uninterrupted = losses(train(experiment, device="cpu"), 9)
    assert losses(train(experiment, checkpoint=path, resume=True, device="cpu"), 9) == uninterrupted[4:]


def test_the_checkpoint_before_stays_beside_the_newest(tmp_path):
    path = tmp_path / "w.safetensors"
    saved_at(tiny(), path, 3, 5)
    assert [checkpoint.load_network(tiny(), file)[1] for file in (path, checkpoint.older(path))] == [5, 3]
    assert {file.name for file in tmp_path.iterdir()} == {"w.safetensors", "w.older.safetensors", "keyframes"}


def test_a_file_system_without_links_keeps_both_too(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr("os.link", refuse)
    path = tmp_path / "w.safetensors"
    saved_at(tiny(), path, 3, 5)
    assert [checkpoint.load_network(tiny(), file)[1] for file in (path, checkpoint.older(path))] == [5, 3]


def test_zeros_in_a_file_of_the_right_length_are_noticed(tmp_path):
    path = tmp_path / "w.safetensors"
    saved_at(tiny(), path, 3)
    data = bytearray(path.read_bytes())
    data[-200_000:-150_000] = bytes(50_000)  # what a power cut leaves of blocks that were still to be written
    path.write_bytes(data)
    learner = Learner(tiny(), "cpu")
    with pytest.raises(RunError, match="its bytes are not those that were written"):
        checkpoint.load(path, learner.network, learner.optimizer)


def spoil(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:1_000])


def goes_on(path: Path, last: int = 9) -> tuple[ev.Started, list[float]]:
    events = train(tiny(), checkpoint=path, resume=True, device="cpu")
    return next(events), losses(events, last)


def test_a_damaged_checkpoint_gives_way_to_the_one_before_it_to_the_bit(tmp_path):
    path = tmp_path / "w.safetensors"
    saved_at(tiny(), path, 3, 5)
    spoil(path)
    started, rest = goes_on(path)
    assert started.sentence == ("The newest checkpoint was damaged, so training went on from the one before it, of "
                                "step 3.")
    assert rest == losses(train(tiny(), device="cpu"), 9)[3:]


def test_where_only_the_older_one_is_left_it_is_gone_on_from(tmp_path):
    path = tmp_path / "w.safetensors"
    saved_at(tiny(), path, 3, 5)
    path.unlink()
    started, rest = goes_on(path)
    assert (started.step, started.sentence) == (3, "") and rest == losses(train(tiny(), device="cpu"), 9)[3:]


def test_two_damaged_checkpoints_give_way_to_weights_that_were_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(keyframes, "CREDIT", 1e6)
    path = tmp_path / "w.safetensors"
    saved_at(tiny(), path, 3, 5)
    last = keyframes.steps(tmp_path / keyframes.FOLDER)[-1]
    spoil(path)
    spoil(checkpoint.older(path))
    started, rest = goes_on(path)
    assert started.step == last > 0
    assert started.sentence.startswith("Both checkpoints were damaged, so training went on from the weights kept at "
                                       f"step {last:,}.")
    assert rest[0] == losses(train(tiny(), device="cpu"), 9)[last], "the same weights on the same batch"


def test_where_nothing_is_whole_that_is_said(tmp_path):
    path = tmp_path / "w.safetensors"
    saved_at(tiny(), path, 3, 5)
    for file in (path, checkpoint.older(path), *(tmp_path / keyframes.FOLDER).iterdir()):
        spoil(file)
    with pytest.raises(RunError,
                       match="The checkpoint w.safetensors must hold the weights of this network, but it cannot"):
        next(train(tiny(), checkpoint=path, resume=True, device="cpu"))


def test_what_the_disk_refuses_is_an_os_error_and_leaves_nothing(tmp_path):
    with pytest.raises(OSError, match="No such file") as caught:
        tensorfile.write({"a": torch.zeros(3)}, tmp_path / "missing" / "w.safetensors")
    assert caught.value.errno == errno.ENOENT and not list(tmp_path.iterdir())


# checkpoints in the room of older ones

def small() -> tuple[net.Network, torch.optim.Optimizer]:
    made = net.build(tiny().network, tasks.get("mnist").signature(), 0)
    return made, torch.optim.Adam(made.parameters())


def update(network: net.Network, optimizer: torch.optim.Optimizer) -> None:
    optimizer.zero_grad()
    network(torch.randn(4, 1, 28, 28)).sum().backward()
    optimizer.step()


@pytest.fixture
def recycling(tmp_path, monkeypatch):
    """Saves a changed network as often as it is told to, in the room of older files; gives their path."""
    monkeypatch.setattr(checkpoint, "LARGE", 0)
    network, optimizer = small()

    def save(times: int) -> Path:
        for _ in range(times):
            update(network, optimizer)
            checkpoint.save(tmp_path / "w.safetensors", network, optimizer, save.step)
            save.step += 1
            save.inodes.add((tmp_path / "w.safetensors").stat().st_ino)
        return tmp_path / "w.safetensors"

    save.step, save.inodes, save.network, save.optimizer = 1, set(), network, optimizer
    return save


def test_a_large_checkpoint_takes_the_room_of_an_older_one_and_is_whole(recycling):
    path = recycling(8)
    assert len(recycling.inodes) == 3
    network, optimizer = small()
    update(network, optimizer)
    assert checkpoint.load(checkpoint.older(path), network, optimizer) == 7
    assert checkpoint.load(path, network, optimizer) == 8
    for mine, theirs in zip(network.parameters(), recycling.network.parameters()):
        assert torch.equal(mine, theirs)
        states = optimizer.state[mine], recycling.optimizer.state[theirs]
        assert all(torch.equal(states[0][name], states[1][name]) for name in ("exp_avg", "exp_avg_sq", "step"))


def test_who_reads_a_checkpoint_reads_it_to_the_end(recycling):
    path = recycling(3)
    before = path.read_bytes()
    with tensorfile.opened(path) as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}
        copies = {name: tensor.clone() for name, tensor in tensors.items()}
        recycling(6)
        assert all(torch.equal(file.get_tensor(name), copy) for name, copy in copies.items())
        assert all(torch.equal(tensors[name], copy) for name, copy in copies.items())
    assert path.read_bytes() != before


def test_a_checkpoint_with_a_second_name_stays_as_it_is(recycling, tmp_path):
    path = recycling(3)
    (tmp_path / "mine").hardlink_to(path)
    before = path.read_bytes()
    recycling(6)
    assert (tmp_path / "mine").read_bytes() == before != path.read_bytes()


def test_what_is_written_over_is_a_safetensors_file(tmp_path):
    tensors = {str(kind): torch.ones(3, 2).to(kind) for kind in tensorfile.DTYPES} | {"none": torch.zeros(0),
                                                                                       "one": torch.tensor(3.5)}
    for length in (0, 10, 100_000):
        (tmp_path / "w").write_bytes(b"x" * length)
        assert tensorfile.write_over(tensors, tmp_path / "w", {"step": "3", "text": "\u00e4 \"quoted\""})
        with safe_open(tmp_path / "w", "pt") as file:
            assert file.metadata() == {"step": "3", "text": "\u00e4 \"quoted\""}
            assert set(file.keys()) == set(tensors)
            for name, tensor in tensors.items():
                assert torch.equal(file.get_tensor(name), tensor) and file.get_tensor(name).dtype == tensor.dtype


def test_a_training_that_has_ended_keeps_no_spare_room(tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoint, "LARGE", 0)
    saved_at(tiny(), tmp_path / "w.safetensors", 2, 3, 4, 5)
    assert checkpoint.spare(tmp_path / "w.safetensors").exists()
    for _ in train(tiny(), checkpoint=tmp_path / "w.safetensors", resume=True, device="cpu"):
        pass
    assert {file.name for file in tmp_path.iterdir()} == {"w.safetensors", "w.older.safetensors", "keyframes"}
