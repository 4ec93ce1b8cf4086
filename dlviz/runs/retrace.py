"""The way of a run through its weights: its Experiment trained once more, the weights kept at some moments.

Training is a function of the Experiment, so the second time is the first time over again; changes by hand are
made again at the same steps. Knows no process, no page and no surface.
"""
from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file

from dlviz import files, schedules
from dlviz.network import Network
from dlviz.spec import Experiment
from dlviz.training import checkpoint as ckpt
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training import loop, tensorfile

MOMENTS, FEWEST = 41, 13
MOST_BYTES = 64e6  # of all moments together
STEERED = ("learning_rate", "momentum", "weight_decay", "schedule")  # changes by hand that are made again

Change = tuple[int, str, float | str]  # first update that felt it, setting, new value (a schedule's JSON)
Told = Callable[[float], None]


@dataclass(frozen=True)
class Trace:
    """Weights at several moments of a run.

    Attributes:
        steps: updates behind each moment, int64 `(n,)`, from 0.
        path: all weights in the order of `network.parameters()`, float32 `(n, P)`.
        buffers: what is no weight (running statistics) at the last moment.
    """

    steps: torch.Tensor
    path: torch.Tensor
    buffers: dict[str, torch.Tensor]


def moments(last: int, weights: int) -> list[int]:
    """The steps at which weights are kept: close together at the start, where a run moves fastest."""
    count = int(max(FEWEST, min(MOMENTS, MOST_BYTES / (4 * weights))))
    return sorted({round(last * (index / (count - 1)) ** 2) for index in range(count)})


def retrace(experiment: Experiment, last: int, network: Network, changes: Sequence[Change], folder: Path,
            told: Told = lambda share: None) -> Trace:
    """Train from the seed up to step `last`; `network` is any of this experiment, its weights are lost.

    A run that diverges on the way gives its moments before that.
    """
    wanted = moments(last, sum(p.numel() for p in network.parameters()))
    file = folder / "moment.safetensors"
    control = ctl.Control()
    _steer(control, 0, wanted, changes)
    steps, path = [], []
    for event in loop.train(experiment, control, checkpoint=file, device="cpu", scrub=False):
        match event:
            case ev.Step():
                _steer(control, event.step, wanted, changes)
                told(event.step / last)
            case ev.Checkpointed() if event.step in wanted and event.step not in steps:
                ckpt.load(file, network)
                theta = arrow(network)
                if torch.isfinite(theta).all():
                    steps.append(event.step)
                    path.append(theta)
                    buffers = {name: value.clone() for name, value in network.named_buffers()}
    file.unlink(missing_ok=True)
    return Trace(torch.tensor(steps), torch.stack(path), buffers)


def _steer(control: ctl.Control, step: int, wanted: Sequence[int], changes: Sequence[Change]) -> None:
    """What the loop has to be told between update `step` and the next."""
    if step in wanted:
        control.post(ctl.Save())
    for first, setting, value in changes:
        if first == step + 1:
            control.post(ctl.Set(setting, _schedule(value) if setting == "schedule" else value))
    if step == wanted[-1]:
        control.post(ctl.Stop())


def _schedule(text: str) -> schedules.Schedule:
    fields = json.loads(text)
    return schedules.SCHEDULES[fields["kind"]].model_validate(fields)


def arrow(network: Network) -> torch.Tensor:
    """A copy of all weights as one arrow `(P,)`."""
    return torch.cat([p.detach().reshape(-1) for p in network.parameters()])


def write(trace: Trace, path: Path) -> None:
    tensors = {"steps": trace.steps, "path": trace.path,
               **{f"buffer.{name}": value for name, value in trace.buffers.items()}}
    files.replace(path, lambda file: tensorfile.write(tensors, file))


def read(path: Path) -> Trace:
    tensors = load_file(path)
    path, steps = tensors.pop("path"), tensors.pop("steps")
    return Trace(steps, path, {name.removeprefix("buffer."): value for name, value in tensors.items()})
