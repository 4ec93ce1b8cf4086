"""A runs' service for tests of the pages: runs are what a test makes them, and every wish is remembered."""
from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from dlviz import presets, settings
from dlviz.errors import RunError
from dlviz.runs import inheritance
from dlviz.runs.info import OVER, Origin, RunInfo, Snapshot
from dlviz.runs.sealing import Seals
from dlviz.runs.trials import Trial
from dlviz.spec import Experiment
from dlviz.training import events as ev
from dlviz.training.control import Message, Set, Watch

STEPS_PER_EPOCH = 100
OWNER = "visitor-of-these-tests"


def info(run: str, experiment: Experiment, **values: object) -> RunInfo:
    """A run as the service describes it; whatever is not given is that of a run that has not begun."""
    empty = dict.fromkeys(("position", "loss", "accuracy", "val_loss", "val_accuracy", "best_val_accuracy",
                           "test_accuracy", "parent"))
    return RunInfo(**(empty | {
        "id": run, "owner": OWNER, "name": experiment.name, "created": time.time() - 120,
        "updated": time.time(), "state": "training", "sentence": "", "experiment": experiment, "step": 0,
        "note": "",
        "planned_steps": STEPS_PER_EPOCH * experiment.training.epochs} | values))


def columns(step: int) -> dict[str, np.ndarray]:
    """A loss that falls: what a run of `step` updates has behind it."""
    steps = np.arange(1, step + 1)
    return {"step": steps, "loss": (2.3 * np.exp(-steps / 80)).astype(np.float32),
            "accuracy": (1 - np.exp(-steps / 40)).astype(np.float32),
            "learning_rate": np.full(step, 0.002, np.float32)}


class FakeScrub:
    """The moments that a test says a run has kept, each with ones for what is asked of it."""

    def __init__(self) -> None:
        self.steps: dict[str, tuple[int, ...]] = {}
        self.judged_at: list[int] = []
        self.asked_at: list[int] = []
        self.thin: set[str] = set()

    def thinned(self, run: str) -> bool:
        return run in self.thin

    def keyframes(self, run: str) -> tuple[int, ...]:
        return self.steps.get(run, ())

    def trajectory(self, run: str, checkpoint: Path | None, until: int | None = None, best: int | None = None) -> tuple:
        found = {step: f"{step}.safetensors" for step in self.keyframes(run)}
        if checkpoint is not None:
            found[best or max(found, default=1)] = str(checkpoint)
        return tuple(sorted(found.items()))

    def capture(self, run: str, step: int, watch: Watch) -> ev.Captured:
        outputs = {name: np.full((4, 5, 5), step, np.float32) for name in watch.outputs}
        return ev.Captured(step, watch.sample, outputs, {}, np.full(10, 0.1, np.float32))

    def evaluate(self, run: str, step: int) -> ev.Evaluated:
        self.judged_at.append(step)
        return ev.Evaluated(step, 1.0, 0.5, 1_000, np.eye(10, dtype=np.int32) * step)

    def query(self, run: str, step: int, inputs: tuple, outputs: tuple[str, ...] = (),
              **captures: object) -> ev.QueryResult:
        self.asked_at.append(step)
        samples = (f"made at {step}",) * int(captures.get("samples", 0))
        return ev.QueryResult("", step, np.full(10, 0.1, np.float32), {}, samples=samples)


class FakeTrials:
    """What a test says came of trying; by default the first change helps."""

    HELPED = ev.TrialsCompared(ev.Outcome(300, 2.3, 0.1), (ev.Outcome(300, 0.4, 0.9),), 2.3, 0.01, 1.0)

    def __init__(self) -> None:
        self.trial = Trial(1.0, compared=self.HELPED)
        self.asked: list[tuple[Experiment, tuple[Experiment, ...]]] = []

    def get(self, experiment: Experiment, changed: Sequence[Experiment]) -> Trial:
        self.asked.append((experiment, tuple(changed)))
        return self.trial


class FakeService:
    """The methods of `dlviz.runs.service.RunService` that pages use."""

    def __init__(self) -> None:
        self.infos: dict[str, RunInfo] = {}
        self.more: dict[str, dict] = {}  # run -> further values of its snapshot
        self.revision: dict[str, int] = {}
        self.asked_since: list[int] = []
        self.posted: list[tuple[str, Message]] = []
        self.watched: list[Watch] = []
        self.refuse: RunError | None = None
        self.weights: Path | None = None
        self.choice: tuple[str, ...] = ()
        self.room, self.computers = 10**6, 1
        self.devices_of: dict[str, str] = {}
        self.scrubber = FakeScrub()
        self.trials = FakeTrials()
        self.seals = Seals()

    def put(self, run: str, experiment: Experiment, more: Mapping[str, object] | None = None,
            **values: object) -> RunInfo:
        self.infos[run] = info(run, experiment, **values)
        self.more[run] = dict(more or {})
        return self.infos[run]

    def become(self, run: str, **values: object) -> None:
        self.infos[run] = replace(self.infos[run], **values)

    # what pages call

    def create(self, experiment: Experiment, owner: str, *, name: str | None = None,
               parent: str | None = None, start: bool = True, weights_from: str | None = None,
               device: str = "") -> str:
        self._refuse()
        run = f"made{len(self.infos)}"
        self.devices_of[run] = device
        origin = None
        if weights_from is not None:
            source = self.get(weights_from)
            fits = inheritance.fitting(source.experiment, experiment)
            origin = Origin(source.id, source.name, source.step, fits.taken, fits.changed, fits.new)
        self.put(run, experiment, owner=owner, name=name or experiment.name, parent=parent, state="starting",
                 origin=origin)
        return run

    def open_trained(self, preset: str, owner: str) -> str:
        self._refuse()
        self.put(f"trained {preset}", presets.get(preset).experiment, owner=owner, state="done", step=100)
        return f"trained {preset}"

    def devices(self) -> tuple[str, ...]:
        return self.choice

    def capacity(self) -> int:
        return min(settings.max_running(), self.room)

    def nodes(self) -> int:
        return self.computers

    def get(self, run: str) -> RunInfo:
        if run not in self.infos:
            raise RunError(f"The run {run!r}", "is one that this dlviz keeps", "there is none of this name",
                           "Choose another run from the list.")
        return self.seals.info(self.infos[run])

    def list(self, owner: str) -> tuple[RunInfo, ...]:
        mine = [found for found in self.infos.values() if found.owner == owner]
        return self.seals.infos(owner, tuple(reversed(mine)))

    def snapshot(self, run: str, since: int = 0) -> Snapshot:
        found = self.get(run)
        self.asked_since.append(since)
        everything = columns(found.step)
        usual = {"samples_per_second": None, "seconds_left": None, "captured": None, "confusion": None,
                 "mistakes": (), "evaluations": (), "marks": ()}
        ended = ev.Ended(found.step, "done") if found.state in OVER else None
        return Snapshot(info=found, step=found.step, revision=self.revision.get(run, 0),
                        train={name: values[since:] for name, values in everything.items()},
                        paused=found.state == "paused", ended=ended, epoch=found.step // STEPS_PER_EPOCH + 1,
                        **(usual | self.more.get(run, {})))

    def post(self, run: str, message: Message, by: str) -> None:
        self._refuse()
        self.get(run)
        self.posted.append((run, message))
        if isinstance(message, Set):
            old, new = 0.002, message.value
            if message.setting == "schedule":
                old, new = self.infos[run].experiment.training.schedule.model_dump_json(), new.model_dump_json()
            change = ev.Changed(self.infos[run].step + 1, message.setting, old, new)
            self.more[run]["marks"] = (*self.more[run].get("marks", ()), change)

    def watch(self, run: str, viewer: str, watch: Watch) -> None:
        self.watched.append(watch)

    def rename(self, run: str, name: str, by: str) -> None:
        self._refuse()
        self.become(run, name=name)

    def delete(self, run: str, by: str) -> None:
        self._refuse()
        del self.infos[run]

    def weights_path(self, run: str) -> Path | None:
        return self.weights

    def _refuse(self) -> None:
        if self.refuse:
            raise self.refuse
