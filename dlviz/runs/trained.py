"""Networks that come trained: the weights and the curve of some presets, opened as a finished run.

`python -m benchmarks.trained` writes the files; weights have 16 bits there. Knows no page and no engine.
"""
from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from dlviz import clock, files, presets
from dlviz.errors import RunError
from dlviz.presets import Preset
from dlviz.runs.lookup import RunLookup
from dlviz.runs.naming import new_id
from dlviz.runs.process.engine import WEIGHTS
from dlviz.runs.run import Run
from dlviz.runs.storage.store import RunRow
from dlviz.spec import Experiment, from_json
from dlviz.training import checkpoint as ckpt
from dlviz.training import events as ev
from dlviz.training import tensorfile
from dlviz.training.history import History
from dlviz.translation import _

FOLDER = Path(__file__).parents[1] / "data" / "trained"
POINTS = 400  # of a curve
COLUMNS = ("step", "loss", "accuracy", "learning_rate")


def shipped() -> tuple[Preset, ...]:
    """The presets whose weights are here and are those of the preset as it is, in the gallery's order."""
    return tuple(preset for key, preset in presets.PRESETS.items() if _is_of(key, preset.experiment))


class TrainedRuns(RunLookup):
    """Runs that were trained elsewhere. The service is one of these."""

    def make_room(self, owner: str, runs: int = 1) -> None:
        raise NotImplementedError

    def open_trained(self, preset: str, owner: str) -> str:
        """The finished run of a preset that comes trained; its id.

        RunError where there is none, where the disk refuses, or where the owner keeps too much already.
        """
        experiment = presets.get(preset).experiment
        if not _is_of(preset, experiment):
            raise RunError(_("The preset {preset!r}", preset=preset), _("must come with weights"), _("it has none"),
                           _("Train it."))
        self.make_room(owner)
        record = json.loads((FOLDER / f"{preset}.json").read_text(encoding="utf-8"))
        with self._lock:
            now = clock.after(run.row.created for run in self._runs.values() if run.row.owner == owner)
        row = RunRow(new_id(), owner, experiment.name, now, now, "done", experiment.to_json(None), record["sentence"])
        _write_weights(FOLDER / f"{preset}.safetensors", self._store.folder(row.id))
        run = Run(row, History())
        for event in _events(record):
            run.apply(event, time.monotonic())
        run.row.state, run.row.checkpoint_step = "done", run.past.step
        self._store.write([run.row], {row.id: run.take()[1]})
        with self._lock:
            self._runs[row.id] = run
        return row.id


def describe(experiment: Experiment, history: History) -> dict[str, Any]:
    """What is written beside the weights: the design, and how training went, thinned."""
    started, ended, train = history.started, history.ended, history.train
    if started is None or ended is None:
        raise RunError(_("A network that comes trained"), _("must have trained to its end"), _("it has not"),
                       _("Train it."))
    at = np.unique(np.linspace(0, len(train["step"].values) - 1, POINTS).astype(int))
    return {"experiment": experiment.to_json(None), "planned": started.planned_steps, "epoch": started.steps_per_epoch,
            "parameters": started.parameters, "chance": started.chance_loss, "constant": started.constant_loss,
            "sentence": "This network came with dlviz, trained already.",
            "train": {name: [_short(value) for value in train[name].values[at]] for name in COLUMNS},
            "evaluations": [[one.step, _short(one.val_loss), _short(one.val_accuracy), one.samples]
                            for one in history.evaluations],
            "ended": [ended.step, _short(ended.test_loss), _short(ended.test_accuracy)]}


def _short(value: Any) -> float:
    return float(f"{float(value):.5g}")


def _is_of(preset: str, experiment: Experiment) -> bool:
    path = FOLDER / f"{preset}.json"
    return path.exists() and from_json(json.loads(path.read_text(encoding="utf-8"))["experiment"]).trains_as(experiment)


def _events(record: dict[str, Any]) -> Iterator[ev.Event]:
    yield ev.Started(0, record["planned"], record["epoch"], "cpu", record["parameters"], chance_loss=record["chance"],
                     constant_loss=record["constant"])
    columns = record["train"]
    yield ev.Steps(np.array(columns["step"], np.int64), *(np.array(columns[name], np.float32) for name in COLUMNS[1:]))
    for step, loss, accuracy, samples in record["evaluations"]:
        yield ev.Evaluated(step, loss, accuracy, samples)
    step, loss, accuracy = record["ended"]
    yield ev.Ended(step, "done", "", loss, accuracy)


def _write_weights(source: Path, folder: Path) -> None:
    with tensorfile.opened(source) as file:
        tensors = {key: file.get_tensor(key).to(torch.float32) for key in file.keys()}
        step = int((file.metadata() or {})["step"])
    try:
        files.replace(folder / WEIGHTS, lambda path: ckpt.write_weights(path, tensors, step))
    except OSError as error:
        raise RunError(_("The weights"), _("must be written into the new run's folder"),
                       _("they cannot be ({reason})", reason=files.reason(error)),
                       _("Make room on the disk.")) from error
