"""What is trained again after a lost process is the same to the bit, though the threads changed meanwhile."""
from __future__ import annotations

import torch

from dlviz.runs.process.worker import replay
from dlviz.runs.storage import tail
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training import packing
from dlviz.training.loop import train
from dlviz.training.threads import ThreadCount
from tests.engine.test_checkpoint import losses, tiny


def trained(changes: dict[int, int], path, last: int, save: int | None = None):
    """Events of a training whose threads change behind these steps."""
    control = ctl.Control()
    control.post(ctl.SetThreads(changes[0]))
    for event in train(tiny(), control, checkpoint=path, device="cpu"):
        yield event
        if isinstance(event, ev.Step):
            if event.step in changes:
                control.post(ctl.SetThreads(changes[event.step]))
            if event.step == save:
                control.post(ctl.Save())
            if event.step == last:
                return


def test_the_same_threads_at_the_same_steps(tmp_path):
    """Killed after step 8, gone on from 3: between them two threads, then one, then two, as the first time."""
    path = tmp_path / "w.safetensors"
    first = list(trained({0: 2, 5: 1, 7: 2}, path, 8, save=3))
    written = tail.Tail(tmp_path)
    written.add(packing.pack(first))
    control = ctl.Control()
    control.post(ctl.SetThreads(1))  # what the server wants now
    control.post(replay(tail.read(tmp_path)))
    again, threads = [], []
    for event in train(tiny(), control, checkpoint=path, resume=True, device="cpu"):
        again.append(event)
        if isinstance(event, ev.Step):
            threads.append(torch.get_num_threads())
            if event.step == 9:
                break
    assert threads == [2, 2, 1, 1, 2, 1]
    assert losses(iter(again), 8) == losses(iter(first), 8)[3:]


def test_without_an_earlier_process_a_wish_counts_at_once():
    threads = ThreadCount()
    assert list(threads.ask(2, 0)) == [ev.ThreadsChanged(0, 2)] and torch.get_num_threads() == 2
    assert list(threads.ask(2, 4)) == [] and not threads.replaying
    assert list(threads.replay(ctl.ReplayThreads((), 0), 4)) == [] and not threads.replaying


def test_a_wish_while_replaying_waits():
    threads = ThreadCount()
    assert list(threads.replay(ctl.ReplayThreads(((0, 2), (6, 1)), 8), 4)) == [ev.ThreadsChanged(4, 2)]
    assert list(threads.ask(3, 4)) == [] and threads.replaying
    assert list(threads.turn(6)) == [ev.ThreadsChanged(6, 1)]
    assert list(threads.turn(8)) == [ev.ThreadsChanged(8, 3)] and not threads.replaying
