"""One program for engines to run: what it does is in the experiment's name, so that one engine serves every test."""
from __future__ import annotations

from dlviz.training import events as ev
from dlviz.training import loop
from tests.engine import runs_programs

BURST = 20_000  # events that `burst` tells as fast as it can


def warm() -> None:
    loop.warm()


def by_name(experiment, control, **options):
    """`burst`, a program of `runs_programs`, or else what dlviz does itself."""
    if experiment.name == "burst":
        yield from burst()
    elif hasattr(runs_programs, experiment.name):
        yield from getattr(runs_programs, experiment.name)(experiment, control, **options)
    else:
        yield from loop.train(experiment, control, **options)


def burst():
    yield ev.Started(0, BURST, BURST, "cpu", 1)
    for step in range(1, BURST + 1):
        yield ev.Evaluated(step, 1 / step, 0.5, 1)
    yield ev.Ended(BURST, "done")
