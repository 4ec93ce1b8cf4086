"""One survey of the loss around a run, in a process of its own: `python -m dlviz.runs.survey FOLDER`.

It reads the wish in FOLDER, writes the result beside it, and says on its output how far it is, a JSON line
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

import numpy as np
import torch

from dlviz import files, tasks
from dlviz import network as net
from dlviz.errors import DlvizError, RunError
from dlviz.network import Network
from dlviz.probes import surface
from dlviz.probes.surface import Ground, Weights
from dlviz.runs import retrace
from dlviz.runs.retrace import Change, Trace
from dlviz.runs.wire import be_first_to_go, be_modest
from dlviz.runs.worker import explain
from dlviz.spec import from_json
from dlviz.training import checkpoint as ckpt
from dlviz.training import scoring

WISH, RESULT, TRACE = "wish.json", "survey.npz", "trace.safetensors"
SAMPLES, FEWEST = 1_024, 128
MULTIPLY_ADDS = 4e5  # of one sample; heavier networks are judged on fewer samples
MARGIN = 0.2  # of the path's width, on either side of it
BEYOND = np.linspace(0.0, 1.25, 51)  # shares of the straight line
SAY = 0.2  # seconds between two words
FORMAT = 1  # of a survey on disk


@dataclass(frozen=True)
class Wish:
    """What a survey is of.

    Attributes:
        experiment: its JSON.
        step: the end of the path; its weights are the origin.
        changes: what was changed by hand while the run trained.
        directions: `path` for the path's own principal ones, `random` for filter-normalised ones.
        draw: which random ones, from 0.
        points: on a side of the grid, odd.
        retraced: whether the moments between start and end are wanted; without, `directions` is `random`, and
            the end is what `weights` holds.
        weights: the run's checkpoint, if there is one.
    """

    experiment: str
    step: int
    changes: tuple[Change, ...] = ()
    directions: str = "path"
    draw: int = 0
    points: int = 31
    retraced: bool = True
    weights: str | None = None


@dataclass(frozen=True)
class Survey:
    """The loss around a path.

    Attributes:
        x, y: the grid's coordinates, `(n,)` each: lengths in units of the two directions, the end at (0, 0).
        loss: `(n, n)`, one row a y.
        shares: of the path's variance, for each of the two directions; None for random ones.
        inside: how much of the way (squared) lies in the plane.
        steps, places, losses: the path: `(m,)`, `(m, 2)`, and each moment's own loss `(m,)`.
        line_at, line_loss: the straight line from first to last moment.
        along: how far each moment is along that line, as a share, `(m,)`.
        samples: how many training samples each loss is the mean of.
        apart: how far the end is from the run's own weights, as a share of their length; NaN where these are
            unknown.
        seconds: what it took.
    """

    x: np.ndarray
    y: np.ndarray
    loss: np.ndarray
    shares: np.ndarray | None
    inside: float
    steps: np.ndarray
    places: np.ndarray
    losses: np.ndarray
    line_at: np.ndarray
    line_loss: np.ndarray
    along: np.ndarray
    samples: int
    apart: float
    seconds: float

    def pack(self) -> bytes:
        file = io.BytesIO()
        arrays = {name: np.array([]) if value is None else value for name, value in vars(self).items()}
        np.savez(file, **arrays)
        return file.getvalue()

    @classmethod
    def read(cls, path: Path) -> Survey:
        with np.load(path, allow_pickle=False) as arrays:
            values = {name: arrays[name] for name in cls.__dataclass_fields__}
        whole = {name: value.item() for name, value in values.items() if value.ndim == 0}
        return cls(**values | whole | {"shares": values["shares"] if len(values["shares"]) else None})


class Said:
    """Tells the server how far we are, a few times a second."""

    def __init__(self) -> None:
        self._last = 0.0

    def __call__(self, doing: str, share: float, **more) -> None:
        if time.monotonic() - self._last >= SAY or more:
            self._last = time.monotonic()
            print(json.dumps({"doing": doing, "share": round(share, 4), **more}), flush=True)


def make(wish: Wish, folder: Path, traces: Path, said: Said) -> Survey:
    """The whole survey. RunError and the engine's other sentences when it cannot be.

    Args:
        folder: for what is written on the way.
        traces: where retraced paths are kept from one survey of a run to the next.
    """
    begun = time.monotonic()
    experiment = from_json(wish.experiment)
    task = tasks.get(experiment.task.name, experiment.task.fields)
    task.require()
    network = net.build(experiment.network, task.signature(), experiment.seed)
    own = _own(network, wish)
    trace = _trace(wish, network, own, folder, traces, said)
    _put_buffers(network, trace)
    ground = Ground(Weights(network), *samples(wish, network), scoring.LOSSES[network.signature.loss])
    origin = trace.path[-1]
    directions, shares = _directions(wish, ground, trace)
    places = surface.coordinates(trace.path, origin, directions)
    xs, ys = (_reach(column, wish) for column in places.T)
    loss = _grid(ground, origin, directions, (xs, ys), said)
    said("The path and the straight line", 1.0)
    straight = list(surface.line(ground, trace.path[0], origin, torch.tensor(BEYOND)))
    inside = surface.captured(trace.path, origin, directions, places)
    return Survey(xs.numpy(), ys.numpy(), loss, shares, inside, trace.steps.numpy(), places.numpy(),
                  np.array([ground.at(theta) for theta in trace.path]),
                  BEYOND, np.array(straight), surface.along(trace.path).numpy(), len(ground.targets),
                  _apart(own, origin), time.monotonic() - begun)


def samples(wish: Wish, network: Network) -> tuple[tuple[torch.Tensor, ...], torch.Tensor]:
    """The same training samples each time, drawn from those that the run learns from."""
    experiment = from_json(wish.experiment)
    task = tasks.get(experiment.task.name, experiment.task.fields)
    train = task.data().train
    kept = max(1, round(experiment.training.share * len(train)))
    cost = net.check(experiment.network, task.signature()).multiply_adds
    count = int(min(SAMPLES, max(FEWEST, SAMPLES * MULTIPLY_ADDS / max(cost, 1))))
    chosen = torch.randperm(kept, generator=torch.Generator().manual_seed(0))[:count]
    return tuple(x[chosen] for x in train.inputs), train.targets[chosen]


def _own(network: Network, wish: Wish) -> Trace | None:
    """The first weights and, from the run's checkpoint, its last, if that is of the wished-for step."""
    first = retrace.arrow(network)
    if wish.weights is None or not Path(wish.weights).exists():
        return None
    step = ckpt.load(Path(wish.weights), network)
    if step != wish.step and wish.retraced:
        return None
    buffers = {name: value.clone() for name, value in network.named_buffers()}
    return Trace(torch.tensor([0, step]), torch.stack([first, retrace.arrow(network)]), buffers)


def _trace(wish: Wish, network: Network, own: Trace | None, folder: Path, traces: Path, said: Said) -> Trace:
    if not wish.retraced:
        if own is None:
            raise RunError("The survey", "needs weights that the run has saved",
                           "there are none yet", "Wait until the run has made some steps.")
        return own
    if not traces.exists():
        trace = retrace.retrace(from_json(wish.experiment), wish.step, network, wish.changes, folder,
                                lambda share: said("Training once more from the same seed", share))
        retrace.write(trace, traces)
    return retrace.read(traces)


def _put_buffers(network: Network, trace: Trace) -> None:
    for name, value in network.named_buffers():
        value.copy_(trace.buffers[name])


def _directions(wish: Wish, ground: Ground, trace: Trace) -> tuple[torch.Tensor, np.ndarray | None]:
    if wish.directions == "random":
        made = [surface.random_direction(ground.weights, trace.path[-1], 2 * wish.draw + k) for k in (0, 1)]
        return torch.stack(made), None
    if len(trace.steps) < 3:
        raise RunError("The path's own directions", "need at least two updates", f"this run made {wish.step}",
                       "Train it further, or choose random directions.")
    directions, shares = surface.principal(trace.path)
    return directions, shares[:2].numpy()


def _reach(column: torch.Tensor, wish: Wish) -> torch.Tensor:
    """Where the grid's lines stand on one axis: the path and some room; -1 to 1 for random directions."""
    if wish.directions == "random":
        return torch.linspace(-1, 1, wish.points, dtype=torch.float64)
    low, high = float(column.min()), float(column.max())
    room = MARGIN * (high - low)
    return torch.linspace(low - room, high + room, wish.points, dtype=torch.float64)


def _grid(ground: Ground, origin: torch.Tensor, directions: torch.Tensor,
          axes: Sequence[torch.Tensor], said: Said) -> np.ndarray:
    found = []
    for row in surface.rows(ground, origin, directions, *axes):
        found.append(row)
        said("Measuring the loss around it", len(found) / len(axes[1]))
    return torch.stack(found).numpy()


def _apart(own: Trace | None, origin: torch.Tensor) -> float:
    if own is None:
        return float("nan")
    return float((own.path[-1] - origin).norm() / own.path[-1].norm())


def main(folder: Path) -> None:
    be_first_to_go()
    be_modest()
    torch.set_num_threads(1)
    threading.Thread(target=_end_with_server, daemon=True).start()
    said = Said()
    said("Getting ready", 0.0, pid=os.getpid())
    try:
        values = json.loads((folder / WISH).read_text())
        wish = Wish(**values | {"changes": tuple(map(tuple, values["changes"]))})
        found = make(wish, folder, folder.parent / f"{trace_key(wish)}.{TRACE}", said)
        files.replace(folder / RESULT, lambda file: file.write_bytes(found.pack()))
    except Exception as error:  # the process's edge: the page is told in a sentence, the log has the rest
        said("", 1.0, error=_sentence(error))
        if not isinstance(error, DlvizError):
            raise


def _sentence(error: Exception) -> str:
    told = explain(error)
    return told.replace("Training broke off", "The survey broke off").replace("This run", "This survey")


def _end_with_server() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def trace_key(wish: Wish) -> str:
    """Names the path alone: surveys of one run in other directions share it."""
    return digest({"experiment": wish.experiment, "step": wish.step, "changes": wish.changes})


def key(wish: Wish) -> str:
    """Names the survey; wherever the same wish comes from, it is made once."""
    values = asdict(wish) | {"format": FORMAT}
    if wish.retraced:
        del values["weights"]
    return digest(values)


def digest(values: dict) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:20]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    sys.stdout.flush()
    os._exit(0)  # a thread still sits in a read of our input
