"""A study's runs at one step as a block for its browser component: plain JSON, whatever the runs' numbers are."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dlviz.runs.reading import NEAR
from dlviz.studies import results
from dlviz.studies.results import By
from pages.ui.lab.lines import RunLine
from pages.ui.lab.texts import texts
from pages.ui.shared import run_words
from pages.ui.shared.component import static_component

Block = dict[str, Any]

def heads() -> tuple[dict[str, Any], ...]:
    """The columns of the table of runs."""
    return ({"title": texts.TRAINING_LOSS, "least": True}, {"title": texts.TRAINING_ACCURACY, "percent": True},
            {"title": texts.VALIDATION_LOSS, "least": True}, {"title": texts.VALIDATION_ACCURACY, "percent": True})


_MOUNT = static_component("dlviz_lab", "lab")


def show(key: str, blocks: Sequence[Block]) -> None:
    """Draw the blocks; call it again with the same key at each look. What has not changed is not touched."""
    if blocks:
        _MOUNT(key=key, data={"blocks": list(blocks)})


def moment(lines: Sequence[RunLine], at: int, by: By, latest: bool = False) -> Block:
    """Every run at one and the same moment; with `latest` each where it has come to."""
    title = texts.ALL_RUNS_AT_STEP.format(at=at) if by == "step" else texts.ALL_RUNS_AT_SAMPLES(at)
    title = texts.ALL_RUNS_LATEST if latest else title
    note = texts.TRAINING_NUMBERS_MEAN_STEPS.format(count=NEAR)
    return {"kind": "table", "title": title, "heads": list(heads()), "note": note,
            "rows": [_row(line, at, by) for line in lines]}


def _row(line: RunLine, at: int, by: By) -> Block:
    read = results.scores_at(line.snapshot, at, by)
    words = run_words.state_words(line.info.state).word
    batch = line.info.experiment.training.batch_size if by == "sample" else 1
    short = line.info.over and read.at and (read.at + 1) * batch <= at
    state = (texts.AT_STEP_READ.format(words=words, step=line.info.step, at=read.at) if short else
             texts.AT_STEP.format(words=words, step=line.info.step))
    return {"label": line.label, "light": line.colors[0], "dark": line.colors[1],
            "values": [*map(_short, (read.loss, read.accuracy, read.val_loss, read.val_accuracy))],
            "state": state}


def _short(value: float | None) -> float | None:
    """Five digits, and null for what is no number: one NaN breaks a component for good."""
    return None if value is None or not np.isfinite(value) else float(f"{value:.5g}")
