"""When a run writes its next checkpoint, on a clock of the test's own."""
from __future__ import annotations

import pytest

from dlviz import files
from dlviz.runs.process.checkpoint_times import EVERY, NEW_FILES, WORKED, CheckpointSchedule
from dlviz.training import checkpoint, events
from dlviz.training.control import Control, Save
from dlviz.training.loop import train
from tests.engine.test_checkpoint import tiny

UPDATE = 0.09  # seconds that an update of 19 million weights takes
NEW, OVER = 0.45, 0.085  # seconds that its checkpoint takes in a new file, and over an older one


class Computer:
    """Trains, and writes a checkpoint whenever one is due."""

    def __init__(self, new_files: int) -> None:
        self.now, self.written, self._new_files = 0.0, [0.0], new_files
        self.writing = 0.0
        self._schedule = CheckpointSchedule(lambda: self.now, lambda: self.now)

    def train(self, seconds: float) -> None:
        while self.now < seconds:
            self.now += UPDATE
            if self._schedule.due():
                self._save(new=len(self.written) <= self._new_files)

    def _save(self, new: bool) -> None:
        took = NEW if new else OVER
        self.now += took
        self.writing += took
        self._schedule.on_checkpoint(events.Checkpointed(1, "w", took, took, new))
        self.written.append(self.now)

    @property
    def longest(self) -> float:
        return max(after - before for before, after in zip(self.written, self.written[1:]))


def test_the_dear_first_files_of_a_large_network_do_not_put_the_next_ones_off():
    computer = Computer(new_files=NEW_FILES)
    computer.train(60)
    assert computer.longest < EVERY + NEW + 2 * UPDATE


def test_where_every_file_is_new_a_tenth_of_the_time_goes_into_them_at_most():
    computer = Computer(new_files=10**6)
    computer.train(600)
    assert computer.writing / computer.now <= WORKED + NEW_FILES * NEW / 600


def test_cheap_checkpoints_are_written_each_half_second():
    now = 0.0
    schedule = CheckpointSchedule(lambda: now, lambda: now)
    now = EVERY + 0.01
    assert schedule.due()
    schedule.on_checkpoint(events.Checkpointed(1, "w", 0.002, 0.002))
    assert not schedule.due()
    now += EVERY
    assert schedule.due()


@pytest.mark.parametrize("killed", [False, True])
def test_a_run_that_goes_on_after_a_kill_has_the_room_of_its_older_checkpoint(tmp_path, monkeypatch, killed):
    monkeypatch.setattr(checkpoint, "LARGE", 0)
    path = tmp_path / "w.safetensors"
    assert [event.new_room for event in saved(path, 4)] == [True, True, True, False]
    if killed:
        files.clear_unfinished(tmp_path)
    assert [event.new_room for event in saved(path, 2)] == [False, False]


def saved(path, count: int) -> list[events.Checkpointed]:
    """So many checkpoints of one training, which is then left alone."""
    control, found = Control(), []
    training = train(tiny(), control, checkpoint=path, resume=True, device="cpu")
    for event in training:
        if isinstance(event, events.Step):
            control.post(Save())
        elif isinstance(event, events.Checkpointed):
            found.append(event)
            if len(found) == count:
                training.close()
                break
    return found
