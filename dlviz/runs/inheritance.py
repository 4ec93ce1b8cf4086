"""Runs that begin with the weights of another run: what is taken, and the file of first weights in a run's folder.

The file is the run's own: it stays what it was when the other run trains on or is deleted. Knows no page and no engine.
"""
from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from dlviz import files, tasks
from dlviz.errors import DlvizError, RunError
from dlviz.network import transfer
from dlviz.network.transfer import Transfer
from dlviz.runs.info import Origin, RunInfo
from dlviz.runs.process.engine import FIRST_WEIGHTS
from dlviz.runs.run import Run
from dlviz.runs.storage.store import RunRow
from dlviz.shapes import Signature
from dlviz.spec import Experiment
from dlviz.training import checkpoint as ckpt
from dlviz.translation import _


def fitting(source: Experiment, experiment: Experiment) -> Transfer:
    """Which layers of `experiment` can begin with the weights of `source`; none for a task or design that is wrong."""
    try:
        return _fitting(source.model_dump_json(include={"network", "task"}),
                        experiment.model_dump_json(include={"network", "task"}))
    except DlvizError:
        return Transfer()


@lru_cache(maxsize=256)
def _fitting(source: str, experiment: str) -> Transfer:
    one, other = Experiment.model_validate_json(source), Experiment.model_validate_json(experiment)
    return transfer.match(one.network, _signature(one), other.network, _signature(other))


def _signature(experiment: Experiment) -> Signature:
    return tasks.get(experiment.task.name, experiment.task.fields).signature()


def inherit(source: RunInfo, weights: Path | None, experiment: Experiment, folder: Path) -> str:
    """Write the first weights of a new run of `experiment` into its folder; an `Origin` as JSON.

    RunError where the other run has no weights yet, where they are damaged, or where no layer fits.
    """
    if weights is None:
        raise RunError(_("The run {name!r}", name=source.name), _("must have weights that a new run can begin with"),
                       _("it has none yet, or they are gone"), _("Let it train first, or begin with new weights."))
    fits = fitting(source.experiment, experiment)
    if not fits.taken:
        raise RunError(_("The run {name!r}", name=source.name),
                       _("must have a layer with the name, the kind and the shapes of one of this network's"),
                       _("it has none"), _("Begin with new weights, or give layers their old names."))
    state, step = ckpt.read_weights(weights, source.experiment)
    carried = transfer.carried(state, source.experiment.network, experiment.network, fits.taken)
    _write(lambda path: ckpt.write_weights(path, carried, step), folder)
    return json.dumps(asdict(Origin(source.id, source.name, step, fits.taken, fits.changed, fits.new)))


def repeated(parent: Run | None, row: RunRow, experiment: Experiment, folder: Callable[[str], Path]) -> str | None:
    """The first weights of the owner's own run `parent` once more, where the new run repeats its experiment."""
    if parent is None or parent.row.origin is None or parent.row.owner != row.owner \
            or not experiment.trains_as(parent.experiment):
        return None
    _write(lambda path: shutil.copyfile(folder(parent.id) / FIRST_WEIGHTS, path), folder(row.id))
    return parent.row.origin


def _write(write: Callable[[Path], object], folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files.replace(folder / FIRST_WEIGHTS, write)
    except OSError as error:
        raise RunError(_("The first weights"), _("must be written into the new run's folder"),
                       _("they cannot be ({reason})", reason=files.reason(error)),
                       _("Make room on the disk, or begin with new weights.")) from error
