"""One survey of the loss around a run, in a process of its own: `python -m dlviz.landscape.survey FOLDER`.

It reads the request in FOLDER, writes the result beside it, and says on its output how far it is, a JSON line
each time. It ends when its standard input is closed, so that none outlives its server. Knows no store and no
page.
"""
from __future__ import annotations

import hashlib
import io
import json
import os
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from dlviz import files, tasks
from dlviz import network as net
from dlviz.errors import DlvizError, RunError
from dlviz.network import Network
from dlviz.probes import surface
from dlviz.probes.surface import FlatWeights, LossSurface
from dlviz.runs import trajectory
from dlviz.runs.process.wire import be_first_to_go, be_modest
from dlviz.runs.process.worker import explain
from dlviz.runs.trajectory import Files, Trajectory
from dlviz.spec import Experiment, from_json
from dlviz.tasks import Split
from dlviz.training import metrics
from dlviz.translation import _

REQUEST, RESULT = "request.json", "survey.npz"
SAMPLES, FEWEST = 1_024, 128
MULTIPLY_ADDS = 4e5  # of one sample; heavier networks are judged on fewer samples
MARGIN = 0.2  # of the path's width, on either side of it
BEYOND = np.linspace(0.0, 1.25, 51)  # fractions of the straight line
SAY = 0.2  # seconds between two words
FORMAT = 3  # of a survey on disk


@dataclass(frozen=True)
class SurveyRequest:
    """What a survey is of.

    Attributes:
        experiment: its JSON.
        run: its id.
        weights: the files with the run's weights at some moments; the last is the end, and the origin.
        directions: `path` for the path's own principal ones, `random` for filter-normalised ones.
        draw: which random ones, from 0.
        points: on a side of the grid, odd.
    """

    experiment: str
    run: str
    weights: Files
    directions: str = "path"
    draw: int = 0
    points: int = 31

    @property
    def step(self) -> int:
        """The end of the path."""
        return self.weights[-1][0]


@dataclass(frozen=True)
class Survey:
    """The loss around a path.

    Attributes:
        x, y: the grid's coordinates, `(n,)` each: lengths in units of the two directions. The end is at (0, 0),
            a point of the grid.
        loss: `(n, n)`, one row a y.
        explained_variance: the fraction of the path's variance, for each of the two directions; None for random ones.
        explained_total: the fraction of the squared path that lies in the plane.
        steps, places, losses: the path: `(m,)`, `(m, 2)`, and each moment's own loss `(m,)`.
        line_at, line_loss: the straight line from first to last moment; empty where there is but one.
        along: how far each moment is along that line, as a fraction, `(m,)`.
        samples: how many training samples each loss is the mean of.
        val_loss, val_samples: the end's loss on all validation samples, which the run's own evaluation can be
            held against.
        seconds: what it took.
    """

    x: np.ndarray
    y: np.ndarray
    loss: np.ndarray
    explained_variance: np.ndarray | None
    explained_total: float
    steps: np.ndarray
    places: np.ndarray
    losses: np.ndarray
    line_at: np.ndarray
    line_loss: np.ndarray
    along: np.ndarray
    samples: int
    val_loss: float
    val_samples: int
    seconds: float

    def pack(self) -> bytes:
        file = io.BytesIO()
        arrays: dict[str, Any] = {name: np.array([]) if value is None else value for name, value in vars(self).items()}
        np.savez(file, **arrays)
        return file.getvalue()

    @classmethod
    def read(cls, path: Path) -> Survey:
        with np.load(path, allow_pickle=False) as arrays:
            values: dict[str, Any] = {name: arrays[name] for name in cls.__dataclass_fields__}
        values |= {name: value.item() for name, value in values.items() if value.ndim == 0}
        if not len(values["explained_variance"]):
            values["explained_variance"] = None
        return cls(**values)


class ProgressReporter:
    """Tells the server how far we are, a few times a second."""

    def __init__(self) -> None:
        self._last = 0.0

    def __call__(self, doing: str, fraction: float, **more) -> None:
        if time.monotonic() - self._last >= SAY or more:
            self._last = time.monotonic()
            print(json.dumps({"doing": doing, "fraction": round(fraction, 4), **more}), flush=True)


def make(request: SurveyRequest, report: ProgressReporter) -> Survey:
    """The whole survey. RunError and the engine's other sentences when it cannot be."""
    begun = time.monotonic()
    experiment = from_json(request.experiment)
    task = tasks.get(experiment.task.name, experiment.task.fields)
    task.require()
    network = net.build(experiment.network, task.signature(), experiment.seed)
    weights = FlatWeights(network)
    way = _way(request, weights, network)
    data = samples(request, network)
    loss_surface = LossSurface(weights, data.inputs, data.targets, metrics.LOSSES[network.signature.loss],
                               metrics.CHUNK, network.cost)
    evaluation = metrics.evaluate(network, task.data().val, torch.device("cpu"), int(way.steps[-1]), details=False)
    origin = way.path[-1]
    directions, explained_variance = _directions(request, weights, way)
    places = surface.coordinates(way.path, origin, directions)
    xs, ys = (_reach(column, request) for column in places.T)
    loss = _grid(loss_surface, origin, directions, (xs, ys), report)
    report("The path and the straight line", 1.0)
    explained_total = surface.variance_in_plane(way.path, origin, directions, places)
    line = _line(network, loss_surface, way)
    return Survey(xs.numpy(), ys.numpy(), loss, explained_variance, explained_total, way.steps.numpy(), places.numpy(),
                  _losses(network, loss_surface, way), BEYOND[:len(line)], line, surface.along(way.path).numpy(),
                  len(loss_surface.targets), evaluation.val_loss, evaluation.samples, time.monotonic() - begun)


def samples(request: SurveyRequest, network: Network) -> Split:
    """The same training samples each time, drawn from those that the run learns from."""
    experiment = from_json(request.experiment)
    train = tasks.get(experiment.task.name, experiment.task.fields).data().train
    learned = max(1, round(experiment.training.train_fraction * len(train)))
    chosen = torch.randperm(learned, generator=torch.Generator().manual_seed(0))[:count(experiment)]
    return Split(tuple(x[chosen] for x in train.inputs), train.targets[chosen])


def count(experiment: Experiment) -> int:
    """On how many samples each point's loss is measured, if there are as many."""
    task = tasks.get(experiment.task.name, experiment.task.fields)
    cost = net.check(experiment.network, task.signature()).multiply_adds
    return int(min(SAMPLES, max(FEWEST, SAMPLES * MULTIPLY_ADDS / max(cost, 1))))


def _way(request: SurveyRequest, weights: FlatWeights, network: Network) -> Trajectory:
    way = trajectory.read(weights, network, request.weights)
    if not len(way.steps):
        raise RunError(_("The survey"), _("must start from weights that the run has saved"),
                       _("none of them are numbers"), _("Lower the learning rate and train again."))
    weights.flat.copy_(way.path[-1])
    trajectory.place_buffers(network, way.buffers[-1])
    return way


def _directions(request: SurveyRequest, weights: FlatWeights, way: Trajectory) -> tuple[torch.Tensor,
                                                                                        np.ndarray | None]:
    if request.directions == "random":
        made = [surface.random_direction(weights, way.path[-1], 2 * request.draw + k) for k in (0, 1)]
        return torch.stack(made), None
    if len(way.steps) < 3:
        raise RunError(_("The path's own directions"), _("need the weights of three moments"),
                       _("this run has kept those of {count}", count=len(way.steps)),
                       _("Train it further, or choose random directions."))
    directions, explained_variance = surface.principal(way.path)
    return directions, explained_variance[:2].numpy()


def _reach(column: torch.Tensor, request: SurveyRequest) -> torch.Tensor:
    """Where the grid's lines stand on one axis: the path and some room, one line through the end at 0.

    From -1 to 1 for random directions.
    """
    if request.directions == "random":
        return (torch.arange(request.points, dtype=torch.float64) - request.points // 2) / (request.points // 2)
    low, high = float(column.min()), float(column.max())
    room = MARGIN * (high - low)
    width = (high - low + 2 * room) / (request.points - 1)
    return (torch.arange(request.points, dtype=torch.float64) - round((room - low) / width)) * width


def _losses(network: Network, loss_surface: LossSurface, way: Trajectory) -> np.ndarray:
    """Each moment's own loss, with its own running statistics; the network is left with the end's."""
    found = []
    for theta, buffers in zip(way.path, way.buffers):
        trajectory.place_buffers(network, buffers)
        found.append(loss_surface.at(theta))
    return np.array(found)


def _line(network: Network, loss_surface: LossSurface, way: Trajectory) -> np.ndarray:
    """The loss straight from start to end and beyond; running statistics go along as far as the end's."""
    if len(way.path) < 2:
        return np.array([])
    found = []
    for fraction in BEYOND:
        first, last = way.buffers[0], way.buffers[-1]
        trajectory.place_buffers(network, {name: _between(first[name], last[name], min(fraction, 1.0))
                                           for name in last})
        found += surface.line(loss_surface, way.path[0], way.path[-1], torch.tensor([fraction]))
    return np.array(found)


def _between(start: torch.Tensor, end: torch.Tensor, fraction: float) -> torch.Tensor:
    return torch.lerp(start, end, fraction) if start.is_floating_point() else end


def _grid(loss_surface: LossSurface, origin: torch.Tensor, directions: torch.Tensor,
          axes: Sequence[torch.Tensor], report: ProgressReporter) -> np.ndarray:
    found = []
    for row in surface.rows(loss_surface, origin, directions, *axes):
        found.append(row)
        report("Measuring the loss around it", len(found) / len(axes[1]))
    return torch.stack(found).numpy()


def main(folder: Path) -> None:
    be_first_to_go()
    be_modest()
    torch.set_num_threads(1)
    threading.Thread(target=_end_with_server, daemon=True).start()
    report = ProgressReporter()
    report("Getting ready", 0.0, pid=os.getpid())
    try:
        values = json.loads((folder / REQUEST).read_text())
        found = make(SurveyRequest(**values | {"weights": tuple(map(tuple, values["weights"]))}), report)
        files.replace(folder / RESULT, lambda file: file.write_bytes(found.pack()))
    except Exception as error:  # the process's edge: the page is told in a sentence, the log has the rest
        report("", 1.0, error=_sentence(error))
        if not isinstance(error, DlvizError):
            raise


def _sentence(error: Exception) -> str:
    sentence = explain(error)
    return sentence.replace("Training broke off", "The survey broke off").replace("This run", "This survey")


def _end_with_server() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def key(request: SurveyRequest) -> str:
    """Names the survey; wherever the same wish comes from, it is made once."""
    steps = [step for step, _ in request.weights]
    values = asdict(request) | {"weights": steps, "format": FORMAT}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:20]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    sys.stdout.flush()
    os._exit(0)  # a thread still sits in a read of our input
