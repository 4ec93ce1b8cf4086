"""A study's runs as figures: scores against values, parallel coordinates with a table of the best, bands of seeds."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from dlviz.english import percent
from dlviz.figures import study as figures
from dlviz.figures.study import ValueAxis
from dlviz.spec import Scalar
from dlviz.studies import hyperparameters, results
from dlviz.studies.study import Study
from pages.ui.lab.lines import RunLine
from pages.ui.lab.texts import texts
from pages.ui.shared.plot import PACE, plot_of

ROOM = 0.06  # of the scores' span, above and below
MOST = 10  # trials in the table of the best


def scores(study: Study, lines: Sequence[RunLine]) -> None:
    """A figure a hyperparameter: each run's validation accuracy against its value."""
    scored = with_score(lines)
    if not scored:
        st.caption(texts.FIRST_SCORE_FIRST_EVALUATION)
        return
    top = winner(study, scored)
    numbers = {line.run: number for number, line in enumerate(lines)}
    places = st.columns(min(2, len(study.hyperparameters)), gap="large")
    for index in range(len(study.hyperparameters)):
        with places[index % len(places)]:
            _scores(study, index, scored, top, [numbers[line.run] for line in scored], max(len(lines), study.planned))
    st.caption(texts.ONE_DOT_RUN_POINT.format(ring=texts.RING[top is not None]))


def _scores(study: Study, index: int, lines: Sequence[RunLine], top: RunLine | None, runs: list[int],
            total: int) -> None:
    axis, column = value_axis(study, index, lines), values(study, index, lines)
    places = np.array([results.position(line.values[index], column) for line in lines])
    found, labels = _found(lines), [line.label for line in lines]
    best = lines.index(top) if top else None
    plot_of(f"lab.scores.{study.id}.{index}", (places.tobytes(), found.tobytes(), best),
            lambda: figures.scores(axis, places, found, labels, best=best,
                                   connected=len(study.hyperparameters) == 1 and not axis.words,
                                   runs=runs, total=total, theme="page"),
            texts.ACCURACY_AGAINST.format(title=axis.title, between=_between(found)), every=pace(lines),
            table=((texts.RUN, texts.VALIDATION_ACCURACY_COLUMN), _rows(labels, found)))


def parallel(study: Study, lines: Sequence[RunLine]) -> None:
    """Each run as a line over its values to its score, and the best of them in a table."""
    scored = with_score(lines)
    if not scored:
        st.caption(texts.FIRST_SCORE_FIRST_EVALUATION)
        return
    top, count = winner(study, scored), len(study.hyperparameters)
    best = scored.index(top) if top else None
    axes = [*(value_axis(study, index, scored) for index in range(count)), score_axis(scored)]
    columns = [values(study, index, scored) for index in range(count)]
    rows = np.array([[*map(results.position, line.values, columns), results.score(line.info)] for line in scored])
    wide, beside = st.columns([2.2, 1], gap="large")
    with wide:
        plot_of(f"lab.parallel.{study.id}", (rows.tobytes(), best, tuple(axes)),
                lambda: figures.parallel(axes, rows, best, theme="page"),
                texts.RUNS_TO_ACCURACY(len(scored), between=_between(rows[:, -1])),
                height=420, every=pace(lines),
                flat=lambda: figures.parallel_lines(axes, rows, [line.label for line in scored], best, theme="page"))
        st.caption(texts.STRONGER_LINE_BETTER_RUN.format(best=texts.BEST_LINE[top is not None]))
    with beside:
        _table(study, scored)


def _table(study: Study, lines: Sequence[RunLine]) -> None:
    """The best trials, the best first. A data frame shows names as plain text."""
    ordered = sorted(lines, key=lambda line: -(results.score(line.info) or 0.0))[:MOST]
    columns = {hyperparameter.title: [hyperparameters.word(line.values[index]) for line in ordered] for index,
               hyperparameter in enumerate(study.hyperparameters)}
    st.markdown(texts.BEST_OF.format(count=len(ordered), total=len(lines)))
    st.dataframe({"accuracy": [results.percent(results.score(line.info)) for line in ordered]} | columns,
                 hide_index=True,
                 width="stretch", height="content")


def bands(study: Study, lines: Sequence[RunLine]) -> None:
    """Loss and accuracy of runs that differ by their seed alone: their mean, and the band around it."""
    until = results.common([line.snapshot for line in lines], "step")
    if until < 1:
        st.caption(texts.BAND_FIRST_STEPS)
        return
    for what, place in zip(("loss", "accuracy"), st.columns(2, gap="large")):
        with place:
            _band(study, lines, what, until)
    st.caption(texts.LINE_MEAN_BAND_REACHES)


def _band(study: Study, lines: Sequence[RunLine], what: str, until: int) -> None:
    found = results.band([(line.snapshot.train["step"], line.snapshot.train[what]) for line in lines], until)
    plot_of(f"lab.band.{study.id}.{what}", (until, len(lines)),
            lambda: figures.band(what, found.steps, found.mean, found.low, found.high, len(lines), theme="page"),
            texts.BANDS[what].format(count=len(lines), step=until, mean=found.mean[-1], low=found.low[-1],
                                     high=found.high[-1]), every=pace(lines))


def pace(lines: Sequence[RunLine]) -> float:
    """Seconds between two figures: some while a run goes on, none at rest."""
    return PACE if any(not line.info.over for line in lines) else 0.0


def with_score(lines: Sequence[RunLine]) -> list[RunLine]:
    return [line for line in lines if results.score(line.info) is not None]


def winner(study: Study, lines: Sequence[RunLine]) -> RunLine | None:
    """The best run's line; None where others cannot be told from it."""
    infos = {line.run: line.info for line in lines}
    even = results.equals(study, [infos.get(member.run) for member in study.members])
    return next(line for line in lines if line.run == even[0][0].run) if len(even) == 1 else None


def values(study: Study, index: int, lines: Sequence[RunLine]) -> list[Scalar]:
    """The values of one hyperparameter, in the order of its axis: as the study lists them, else as they came."""
    listed = study.search.spans[index].choices if study.search else study.axes[index].values
    return list(listed) or [line.values[index] for line in lines]


def value_axis(study: Study, index: int, lines: Sequence[RunLine]) -> ValueAxis:
    title, known = study.hyperparameters[index].title, values(study, index, lines)
    if any(isinstance(value, str | bool | None) for value in known):
        return ValueAxis(title, -0.5, len(known) - 0.5, words=tuple(hyperparameters.word(value) for value in known))
    low, high = _ends(study, index, known)
    if low == high:
        low, high = low - 0.5, high + 0.5
    log = (study.search.spans[index].log if study.search else results.is_log(known)) and low > 0
    return ValueAxis(title, low, high, log=log)


def _ends(study: Study, index: int, known: Sequence[Scalar]) -> tuple[float, float]:
    if study.search:
        return study.search.spans[index].low, study.search.spans[index].high
    numbers = [float(value) for value in known if value is not None]
    return min(numbers), max(numbers)


def score_axis(lines: Sequence[RunLine]) -> ValueAxis:
    found = _found(lines)
    room = ROOM * float(found.max() - found.min()) or 0.01
    low, high = max(0.0, float(found.min()) - room), min(1.0, float(found.max()) + room)
    return ValueAxis(texts.VALIDATION_ACCURACY_2, low, high,
                     percent=True)


def _found(lines: Sequence[RunLine]) -> np.ndarray:
    return np.array([results.score(line.info) for line in lines], float)


def _between(found: np.ndarray) -> str:
    return texts.BETWEEN.format(low=percent(found.min()), high=percent(found.max()))


def _rows(labels: Sequence[str], found: np.ndarray) -> list[tuple[str, str]]:
    return [(label, percent(each)) for label, each in zip(labels, found)]
