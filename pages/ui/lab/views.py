"""What is drawn of a study at each look: curves, all runs at one moment, and the view that is chosen."""
from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from dlviz.figures import table
from dlviz.runs.info import RunInfo
from dlviz.runs.reading import reading
from dlviz.studies import results
from dlviz.studies.results import By
from dlviz.studies.study import Study
from dlviz.translation import listing, within
from pages.ui.lab import blocks, figures, pictures, result
from pages.ui.lab.lines import RunLine
from pages.ui.lab.texts import texts
from pages.ui.shared import curves, run_words, shell
from pages.ui.shared.curves import Panel, Series

MOST = 12  # curves in one chart; of more runs, the best
UNIT = 1_000  # parts of an epoch on the axis of runs with unequal batches


def show(study: Study, infos: Sequence[RunInfo | None], lines: Sequence[RunLine]) -> None:
    """Everything that moves on a study's page."""
    if not lines:
        st.caption(texts.FIRST_RUN_STARTING if not study.complete else texts.RUNS_WERE_DELETED)
        return
    by = results.scale([line.info for line in lines])
    moment, now = _moment(study, lines, by)
    _curves(study, lines, by, moment, now)
    latest = moment == now and not study.lead
    blocks.show(f"lab.table.{study.id}", [blocks.moment(lines, moment, by, latest)])
    result.show(study, infos)
    DRAW[_view(study, lines)](study, lines)


def _moment(study: Study, lines: Sequence[RunLine], by: By) -> tuple[int, int]:
    """The moment at which all runs are read, and the latest that there is.

    In lock-step the latest is that which all have reached; else each run is read where it has come to.
    """
    snapshots = [line.snapshot for line in lines]
    now = results.common(snapshots, by) if study.lead else max(results.moment(s, by) for s in snapshots)
    planned = max(_planned(line.info, by) for line in lines)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(texts.CURVES_OF, list(texts.KINDS), key="lab.kind", required=True,
                             default=st.session_state.get("lab.kind", "train"), format_func=texts.KINDS.__getitem__,
                             label_visibility="collapsed",
                             persist_state="session")
        st.toggle(texts.LOG_SCALE, key="lab.log", persist_state="session")
        if not planned:
            return now, now
        chosen = st.slider(texts.READ_ALL_RUNS.format(by=by), 0, planned, planned, key=f"lab.moment.{study.id}",
                           help=texts.FAR_RIGHT_LATEST_LOCK)
    return min(now, chosen), now


def _planned(info: RunInfo, by: By) -> int:
    return info.planned_steps * (info.experiment.training.batch_size if by == "sample" else 1)


# curves

def _curves(study: Study, lines: Sequence[RunLine], by: By, moment: int, now: int) -> None:
    kind = st.session_state.get("lab.kind") or "train"
    shown = sorted(lines, key=lambda line: -(results.score(line.info) or 0))[:MOST]
    shown = [line for line in lines if line in shown]
    each = max(run_words.steps_per_epoch(line.info) for line in lines)
    stepless = by == "sample"
    marks = [] if moment == now or stepless else [(moment, texts.READ_HERE)]
    planned = max(line.info.experiment.training.epochs for line in lines) * UNIT if stepless \
        else max(line.info.planned_steps for line in lines)
    log = bool(st.session_state.get("lab.log"))
    top = None if log else results.ceiling([line.snapshot for line in shown])
    curves.curves("lab.curves", (*panels(shown, kind), *rates(study, shown)),
                  columns(shown, stepless, top), planned_steps=planned,
                  steps_per_epoch=UNIT if stepless else each, x_axis="epoch" if stepless else "step",
                  marks=marks, log_y=log, height=300, run=study.id,
                  empty=texts.FIRST_POINTS_WILL_APPEAR, stepless=stepless,
                  reads=reads(shown, moment, by), top=top)
    if len(lines) > len(shown):
        st.caption(texts.CURVES_BEST_RUNS.format(count=len(shown), total=len(lines)))
    if top is not None:
        st.caption(_exploded(shown, top))


def _exploded(lines: Sequence[RunLine], top: float) -> str:
    names = listing([f"“{shell.plain(line.label)}”" for line in lines if results.explodes(line.snapshot, top)])
    return texts.LOSS_EXPLODES_WHERE_LIES.format(name=names, top=top)


def reads(lines: Sequence[RunLine], moment: int, by: By) -> dict[str, float | None]:
    """The legend's numbers: those of the table, by the names of the curves."""
    found = {}
    for line in lines:
        read = results.scores_at(line.snapshot, moment, by)
        found |= {f"{line.run}.train_loss": read.loss, f"{line.run}.train_accuracy": read.accuracy,
                  f"{line.run}.val_loss": read.val_loss, f"{line.run}.val_accuracy": read.val_accuracy,
                  f"{line.run}.rate": reading(line.snapshot.train["step"],
                                                    line.snapshot.train["learning_rate"], read.at)}
    return found


def panels(lines: Sequence[RunLine], kind: str) -> tuple[Panel, ...]:
    """Loss and accuracy, one line a run."""
    style = "points" if kind == "val" else "line"

    def panel(title: str, what: str) -> Panel:
        return Panel(f"{title}, {within(texts.KINDS[kind])}",
                     tuple(Series(f"{line.run}.{kind}_{what}", line.label, *line.colors, style)
                           for line in lines),
                     percent=what == "accuracy")

    return panel(texts.LOSS, "loss"), panel(texts.ACCURACY, "accuracy")


RATE = ("training", "schedule")


def rates(study: Study, lines: Sequence[RunLine]) -> tuple[Panel, ...]:
    """The learning rate of each run, where that is what the study is about."""
    if not any(hyperparameter.path == RATE for hyperparameter in study.hyperparameters):
        return ()
    return (Panel(texts.LEARNING_RATE, tuple(Series(f"{line.run}.rate", line.label, *line.colors)
                                         for line in lines)),)


def columns(lines: Sequence[RunLine], stepless: bool, top: float | None = None) -> dict[str, table.Curve]:
    """All curves by name; steps as they are, or in thousandths of an epoch; losses above `top` drawn there."""
    found = {}
    for line in lines:
        each = run_words.steps_per_epoch(line.info)
        train = line.snapshot.train
        known = table.curves(train, line.snapshot.evaluations)
        known["rate"] = train["step"], train["learning_rate"]
        for name, (steps, values) in known.items():
            if top is not None and name.endswith("loss"):
                values = results.capped(values, top)
            found[f"{line.run}.{name}"] = (np.asarray(steps) * UNIT // each if stepless else steps, values)
    return found


# the view that is chosen

def _view(study: Study, lines: Sequence[RunLine]) -> str:
    possible = [name for name in texts.VIEWS if name in possible_views(study, lines)]
    key = f"lab.view.{study.id}"
    chosen = st.segmented_control(texts.VIEW, possible, key=key, default=usual(study, possible), required=True,
                                  format_func=texts.VIEWS.__getitem__, label_visibility="collapsed")
    return chosen if chosen in possible else possible[0]


def possible_views(study: Study, lines: Sequence[RunLine]) -> set[str]:
    """Views that make sense of this study: a band needs runs that differ by luck alone."""
    seeds = results.by_luck(study)
    found = {"pictures"} if len(lines) <= pictures.MOST else set()
    found |= {"band"} if seeds else {"scores"}
    if not seeds and (len(study.hyperparameters) > 1 or len(lines) > 3):
        found.add("parallel")
    return found


def usual(study: Study, possible: Sequence[str]) -> str:
    view = "parallel" if len(study.hyperparameters) > 1 else "scores" if study.search else "band"
    return view if view in possible else possible[0]


DRAW: dict[str, Callable[[Study, Sequence[RunLine]], None]] = {
    "pictures": pictures.show, "scores": figures.scores, "parallel": figures.parallel, "band": figures.bands}
