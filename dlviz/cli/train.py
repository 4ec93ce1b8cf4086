"""`dlviz train`: one training in this process, with a progress bar. What it leaves behind opens everywhere."""
from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from dlviz import api
from dlviz.errors import RunError
from dlviz.export.weights import model_weights
from dlviz.figures.table import to_csv
from dlviz.spec import Experiment
from dlviz.training.control import Control, Stop
from dlviz.training.events import Ended, Event, Started
from dlviz.training.history import History
from dlviz.training.loop import train as events_of
from dlviz.translation import _

CHECKPOINT, DESIGN, CURVES, WEIGHTS = "checkpoint.safetensors", "design.json", "curves.csv", "weights.safetensors"


def train(experiment: Experiment, folder: Path, resume: bool = False) -> int:
    """Train, and write design, checkpoint, curves and weights to `folder`. Ctrl-C stops after the next batch.

    Returns 0, or 1 for a training that diverged. RunError when the folder cannot be made.
    """
    _make(folder)
    control, history = Control(), History()
    events = events_of(experiment, control, checkpoint=folder / CHECKPOINT, resume=resume)
    with _stop_on_interrupt(control), tqdm(unit="step", desc=experiment.name[:24]) as bar:
        for event in events:
            history.apply(event)
            _show(bar, event, history)
    api.save(experiment, folder / DESIGN)
    (folder / CURVES).write_text(_curves(history), encoding="utf-8")
    (folder / WEIGHTS).write_bytes(model_weights(folder / CHECKPOINT))
    return _say(history.ended, folder)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(_("The folder {folder}", folder=folder), _("must be made"),
                       _("that failed ({reason})", reason=error.strerror),
                       _("Choose another one with --out.")) from error


@contextmanager
def _stop_on_interrupt(control: Control) -> Iterator[None]:
    before = signal.signal(signal.SIGINT, lambda *_: control.post(Stop()))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _show(bar: tqdm, event: Event, history: History) -> None:
    if isinstance(event, Started):
        bar.total = event.planned_steps
    if history.step != bar.n:
        bar.n = history.step
        bar.set_postfix(_figures(history), refresh=False)
        bar.update(0)


def _figures(history: History) -> dict[str, str]:
    figures = {"loss": f"{history.train['loss'].values[-1]:.4f}"} if len(history.train["loss"]) else {}
    if history.evaluations:
        figures["val_accuracy"] = f"{history.evaluations[-1].val_accuracy:.1%}"
    return figures


def _curves(history: History) -> str:
    columns = {name: column.values for name, column in history.train.items()}
    return to_csv(columns, history.evaluations, history.started.steps_per_epoch if history.started else 1)


def _say(ended: Ended | None, folder: Path) -> int:
    if ended is None or ended.reason == "diverged":
        print(ended.sentence if ended else "The training ended early.")
        return 1
    print(f"{ended.reason}: test accuracy {ended.test_accuracy:.2%}, test loss {ended.test_loss:.4f}; in {folder}")
    return 0
