"""What a run's mechanisms add to its curves: the learning rate where it is wanted, gradients against their line.

Hands panels and columns to the live curves; draws nothing itself.
"""
from __future__ import annotations

import numpy as np
import streamlit as st

from dlviz import english
from dlviz.figures.table import Curve
from dlviz.optimizers import LIVE
from dlviz.runs.info import RunInfo, Snapshot
from pages.ui.shared.curves import RUN_COLORS, Panel, Series
from pages.ui.shared.texts import texts

LAST = 10  # records whose mean fraction is shown


def switch() -> None:
    """Whether the learning rate has a panel."""
    st.toggle(texts.RATE_CURVE, key="run.rates", persist_state="session",
              help=texts.LEARNING_RATE_OVER_RUN)


def shown() -> bool:
    """Whether the switch is on."""
    return bool(st.session_state.get("run.rates"))


def panels(info: RunInfo, rates: bool) -> tuple[Panel, ...]:
    """What there is beside loss and accuracy: the learning rate where it is wanted (`rates`), norms where it clips."""
    rate = Panel(texts.RATE_PANEL, (Series("learning_rate", LIVE["learning_rate"].title, *RUN_COLORS[2]),))
    found = (rate,) if rates else ()
    return (*found, _clipping(info)) if _clips(info) else found


def columns(snapshot: Snapshot) -> dict[str, Curve]:
    """Steps and values of each series of `panels`."""
    found: dict[str, Curve] = {"learning_rate": (snapshot.train["step"], snapshot.train["learning_rate"])}
    if _clips(snapshot.info):
        steps = np.array([record.step for record in snapshot.clipped], np.int64)
        line = snapshot.info.experiment.training.clip_threshold
        found |= {"before": (steps, np.array([record.mean_before for record in snapshot.clipped])),
                  "after": (steps, np.array([record.mean_after for record in snapshot.clipped])),
                  "line": (steps, np.full(len(steps), line))}
    return found


def clipping_note(snapshot: Snapshot) -> str:
    """How often clipping bites; empty without clipping."""
    last = snapshot.clipped[-LAST:]
    if not last:
        return ""
    before = snapshot.clipped[-LAST - 1].step if len(snapshot.clipped) > LAST else 0
    fraction = english.percent(sum(record.fraction for record in last) / len(last), 0)
    line = snapshot.info.experiment.training.clip_threshold
    largest = max(record.max_before for record in last)
    return texts.GRADIENTS_WERE_CLIPPED_LAST.format(fraction=fraction, step=last[-1].step - before, norm=largest,
                                                    line=line)


def _clips(info: RunInfo) -> bool:
    return info.experiment.training.clip != "off"


def _clipping(info: RunInfo) -> Panel:
    return Panel(texts.NAMES[info.experiment.training.clip],
                 (Series("before", texts.BEFORE_CLIPPING, *RUN_COLORS[1]),
                  Series("after", texts.AFTER_CLIPPING, *RUN_COLORS[0]),
                  Series("line", texts.THRESHOLD, *RUN_COLORS[6], "dashed")))
