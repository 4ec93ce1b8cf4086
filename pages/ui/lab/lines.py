"""A study's runs as lines: each with its label and its colour, the same in every chart of the page."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dlviz.figures.theme import RAMP
from dlviz.runs.info import RunInfo, Snapshot
from dlviz.spec import Scalar
from dlviz.studies.plan import say
from dlviz.studies.study import Study
from pages.ui.shared.curves import RUN_COLORS


@dataclass(frozen=True)
class RunLine:
    """One run on the page."""

    run: str
    label: str
    values: tuple[Scalar, ...]
    colors: tuple[str, str]  # light, dark
    snapshot: Snapshot

    @property
    def info(self) -> RunInfo:
        return self.snapshot.info


def lines(study: Study, infos: Sequence[RunInfo | None], snapshots: Sequence[Snapshot | None]) -> list[RunLine]:
    """A line for each run that is still there."""
    found = [(member, snapshot) for member, info, snapshot in zip(study.members, infos, snapshots)
             if info is not None and snapshot is not None]
    colors = palette(max(len(found), study.planned))
    return [RunLine(member.run, say(study.hyperparameters, member.values), member.values, colors[index], snapshot)
            for index, (member, snapshot) in enumerate(found)]


def palette(count: int) -> list[tuple[str, str]]:
    """Eight hues for few runs; a ramp, in order, for many."""
    if count <= len(RUN_COLORS):
        return list(RUN_COLORS)
    return [_on_ramp(index / (count - 1) * (len(RAMP) - 1)) for index in range(count)]


def _on_ramp(at: float) -> tuple[str, str]:
    start = min(int(at), len(RAMP) - 2)
    (low_light, low_dark), (high_light, high_dark) = RAMP[start], RAMP[start + 1]
    return _between(low_light, high_light, at - start), _between(low_dark, high_dark, at - start)


def _between(start: str, end: str, fraction: float) -> str:
    channels = [(int(start[at:at + 2], 16), int(end[at:at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(low + (high - low) * fraction):02X}" for low, high in channels)
