"""When a run gives up threads and when it takes them back, on a made-up clock."""
from __future__ import annotations

from dlviz.runs.process.crowding import LONGEST, NEEDED, RETRY, SPAN, CrowdingMonitor


class Machine:
    """A computer whose time passes when told, giving the process a share of each thread's time."""

    def __init__(self) -> None:
        self.now = self.worked = 0.0
        self.crowding = CrowdingMonitor(lambda: self.now, lambda: self.worked)

    def spend(self, seconds: float, cores: float) -> int | None:
        self.now += seconds
        self.worked += seconds * cores
        return self.crowding.update()


def test_a_run_that_gets_its_cores_keeps_its_threads():
    machine = Machine()
    machine.crowding.allow(2)
    assert all(machine.spend(0.5, 1.9) is None for _ in range(100))


def test_a_crowded_run_goes_on_with_one_thread_and_tries_again_more_and_more_rarely():
    machine = Machine()
    machine.crowding.allow(2)
    waits = []
    for _ in range(6):
        assert machine.spend(SPAN, 2 * NEEDED - 0.1) == 1
        waited = 0.0
        while machine.spend(0.5, 1.0) is None:
            waited += 0.5
        waits.append(waited + 0.5)
    assert waits[:3] == [RETRY, 2 * RETRY, 4 * RETRY] and waits[-1] == LONGEST


def test_success_makes_it_hopeful_again():
    machine = Machine()
    machine.crowding.allow(2)
    assert machine.spend(SPAN, 0.5) == 1 and machine.spend(RETRY, 1.0) == 2
    assert machine.spend(SPAN, 2.0) is None
    assert machine.spend(SPAN, 0.5) == 1 and machine.spend(RETRY - 0.5, 1.0) is None and machine.spend(0.5, 1.0) == 2


def test_one_thread_and_a_pause_are_never_crowded():
    machine = Machine()
    machine.crowding.allow(1)
    assert machine.spend(60, 0.01) is None
    machine.crowding.allow(2)
    machine.now += 60
    machine.crowding.rest()
    assert machine.spend(0.5, 0.0) is None
