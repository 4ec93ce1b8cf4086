"""A disk that takes nothing for a while: training waits and says why, goes on to the bit, and loses nothing."""
from __future__ import annotations

import errno
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dlviz import files
from dlviz.training import checkpoint, keyframes, loop, tensorfile
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training.loop import train
from tests.engine.test_checkpoint import losses, tiny


class Disk:
    """Takes files, or says what a real one says when it is full."""

    def __init__(self) -> None:
        self.full = False
        self._write = tensorfile.write

    def write(self, tensors, path, metadata=None) -> None:
        if self.full:
            path.write_bytes(b"the first part")
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        self._write(tensors, path, metadata)


@pytest.fixture
def disk(monkeypatch) -> Disk:
    disk = Disk()
    monkeypatch.setattr(tensorfile, "write", disk.write)
    monkeypatch.setattr(loop, "ROOM", 0.0)
    return disk


FULL = "The weights of step 4 cannot be saved: the disk is full."
WAITS = f"{FULL} Training waits, nothing is lost, and it goes on by itself as soon as they can be saved."


def driven(path: Path, on: Callable[[ev.Event, ctl.Control], None]) -> list[ev.Event]:
    """Train up to step 9, with `on` called at each event."""
    control, events = ctl.Control(), []
    for event in train(tiny(), control, checkpoint=path, device="cpu"):
        events.append(event)
        on(event, control)
        if (isinstance(event, ev.Step) and event.step == 9) or isinstance(event, ev.Ended):
            break
    return events


def fill_at_4(disk: Disk, control: ctl.Control, event: ev.Event, then: ctl.Message) -> None:
    if isinstance(event, ev.Step) and event.step == 4:
        disk.full = True
        control.post(then)


def test_training_waits_for_room_and_goes_on_to_the_bit(tmp_path, disk):
    looks = []

    def on(event, control):
        fill_at_4(disk, control, event, ctl.Save())
        if isinstance(event, ev.Paused):
            looks.append(event)
            if len(looks) == 1:
                control.post(ctl.Resume())
            disk.full = len(looks) < 2

    path = tmp_path / "w.safetensors"
    events = driven(path, on)
    assert looks == [ev.Paused(4, WAITS)] * 2, "once by itself, once as it was told to go on and could not"
    chosen = [event for event in events if isinstance(event, (ev.Paused, ev.Resumed, ev.Checkpointed))]
    assert [type(event) for event in chosen] == [ev.Paused, ev.Paused, ev.Checkpointed, ev.Resumed]
    assert losses(iter(events), 9) == losses(train(tiny(), device="cpu"), 9)
    assert checkpoint.load_network(tiny(), path)[1] == 4
    assert not [file for pattern in files.UNFINISHED for file in tmp_path.rglob(pattern)]


def test_moments_that_were_due_on_a_full_disk_are_kept_later(tmp_path, disk):
    def on(event, control):
        disk.full = isinstance(event,
                               ev.Started) or (disk.full and not (isinstance(event, ev.Step) and event.step == 3))

    driven(tmp_path / "w.safetensors", on)
    steps = keyframes.steps(tmp_path / keyframes.FOLDER)
    assert steps[0] == 0 and 1 not in steps and 4 in steps


def test_a_run_that_is_stopped_there_says_what_is_not_saved(tmp_path, disk):
    def on(event, control):
        fill_at_4(disk, control, event, ctl.Save())
        if isinstance(event, ev.Paused):
            control.post(ctl.Stop())

    assert driven(tmp_path / "w.safetensors", on)[-1] == ev.Ended(4, "stopped", f"{FULL} What is kept is older.")


def test_a_pause_on_a_full_disk_is_a_pause(tmp_path, disk):
    def on(event, control):
        fill_at_4(disk, control, event, ctl.Pause())
        if isinstance(event, ev.Paused):
            disk.full = False
            control.post(ctl.Resume())

    events = driven(tmp_path / "w.safetensors", on)
    assert ev.Paused(4, f"{FULL} Make room before you resume.") in events and ev.Resumed(4) in events


@contextmanager
def small_files(size: int) -> Iterator[None]:
    """No file may become larger: what a full disk says too, for whoever may not mount one."""
    old, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="this system limits no file sizes")
def test_what_safetensors_says_of_a_real_limit_is_understood(tmp_path):
    import torch
    with small_files(10_000), pytest.raises(OSError, match="(?i)large") as caught:
        files.replace(tmp_path / "w.safetensors", lambda file: tensorfile.write({"a": torch.zeros(9_000)}, file))
    assert files.reason(caught.value) == "the disk is full" and not list(tmp_path.iterdir())
