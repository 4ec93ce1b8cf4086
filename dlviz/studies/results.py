"""What a study shows: all runs at one moment, scores against values, a mean with its band. Knows no page."""
from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from dlviz import english, tasks
from dlviz.runs.info import RunInfo, Snapshot
from dlviz.runs.reading import NEAR
from dlviz.runs.reading import reading as read_curve
from dlviz.spec import Experiment, Scalar
from dlviz.studies import hyperparameters
from dlviz.studies.plan import say, variant
from dlviz.studies.study import Member, Study
from dlviz.translation import FilledText, Words, _, _n, in_a_row

GRID = 160  # points of a band
SURE = 2  # standard errors that two scores must lie apart: by chance one pair in twenty does
PEEK = 1_000  # samples of an evaluation within an epoch, at least: what a run that is not done may be judged by
CEILING = 3  # times the loss that the runs began with: what lies above is off the chart, once a loss explodes
EXPLODED = 10  # times that ceiling


By = Literal["step", "sample"]  # by what runs are compared; see `scale`


@dataclass(frozen=True)
class StudyScores:
    """A run at a moment. `at` is the step that it is read at: its last one where it has not come so far."""

    at: int
    loss: float | None
    accuracy: float | None
    val_loss: float | None
    val_accuracy: float | None


@dataclass(frozen=True)
class Band:
    """Several runs as one: their mean, the least and the greatest, at the same steps."""

    steps: np.ndarray  # int64 (n,)
    mean: np.ndarray  # float64 (n,)
    low: np.ndarray
    high: np.ndarray


def scale(infos: Sequence[RunInfo]) -> By:
    """By what runs are compared: steps where all batches are alike, else the samples that they have seen."""
    return "step" if len({info.experiment.training.batch_size for info in infos}) <= 1 else "sample"


def common(snapshots: Sequence[Snapshot], by: By) -> int:
    """The latest step (or count of samples) that all have reached; those that ended early do not count."""
    waited = [s for s in snapshots if not s.info.over or s.step >= s.info.planned_steps] or list(snapshots)
    return min((moment(s, by) for s in waited), default=0)


def moment(snapshot: Snapshot, by: By) -> int:
    """How far the run has come: steps, or samples seen."""
    return snapshot.step * (snapshot.info.experiment.training.batch_size if by == "sample" else 1)


def scores_at(snapshot: Snapshot, at: int, by: By) -> StudyScores:
    """The run at that moment: its training curve over the last steps, its latest judgement.

    Args:
        snapshot: with the whole curve.
        at: the step, or the count of samples seen.
    """
    batch = snapshot.info.experiment.training.batch_size if by == "sample" else 1
    train = snapshot.train
    end = int(np.searchsorted(train["step"], at // batch, side="right"))
    loss, accuracy = (read_curve(train["step"], train[name], at // batch, NEAR) for name in ("loss", "accuracy"))
    evaluations = [e for e in snapshot.evaluations if e.step * batch <= at]
    last = evaluations[-1] if evaluations else None
    return StudyScores(int(train["step"][end - 1]) if end else 0, loss, accuracy,
                       _finite(last.val_loss) if last else None,
                   _finite(last.val_accuracy) if last else None)


def band(curves: Sequence[tuple[np.ndarray, np.ndarray]], until: int) -> Band:
    """Mean and reach of several curves (steps, values) up to step `until`, between the points of a grid."""
    edges = np.unique(np.linspace(0, until, min(GRID, until) + 1).astype(np.int64))
    rows = np.stack([_binned(np.asarray(steps), np.asarray(values, np.float64), edges)
                     for steps, values in curves])
    return Band(edges[1:], rows.mean(0), rows.min(0), rows.max(0))


def _binned(steps: np.ndarray, values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """The mean of the values with edges[i] < step <= edges[i + 1]; NaN where there are none."""
    ends = np.searchsorted(steps, edges, side="right")
    sums = np.concatenate([[0.0], np.cumsum(values)])
    counts = np.diff(ends)
    nothing = np.full(len(counts), np.nan)
    return np.divide(sums[ends[1:]] - sums[ends[:-1]], counts, out=nothing, where=counts > 0)


def ceiling(snapshots: Sequence[Snapshot]) -> float | None:
    """Where a chart of losses ends when one of them explodes, so that the others can be seen; else None.

    It is `CEILING` times the lowest of the runs' first losses.
    """
    losses = [np.asarray(s.train["loss"], np.float64) for s in snapshots if len(s.train["loss"])]
    begun = [float(loss[0]) for loss in losses if math.isfinite(loss[0]) and loss[0] > 0]
    if not begun:
        return None
    top = CEILING * min(begun)
    highest = max(np.max(loss, where=np.isfinite(loss), initial=0.0) for loss in losses)
    return top if highest > EXPLODED * top else None


def explodes(snapshot: Snapshot, top: float) -> bool:
    """Whether its loss goes far above a chart that ends at `top`, or is no number any more."""
    losses = np.asarray(snapshot.train["loss"], np.float64)
    return bool((losses > EXPLODED * top).any() or not np.isfinite(losses).all())


def capped(losses: np.ndarray, top: float) -> np.ndarray:
    """The losses float64 `(n,)`, drawn at `top` where they lie above it; from then on also where their mean does.

    With the mean over `NEAR` steps, since a curve of which only the low points are left would seem lower than it is.
    """
    losses = np.asarray(losses, np.float64)
    width = min(NEAR, len(losses))
    if not width:
        return losses
    around = np.convolve(np.pad(losses, (width // 2, width - 1 - width // 2), mode="edge"),
                         np.full(width, 1 / width), mode="valid")
    since = np.logical_or.accumulate(losses > top)
    return np.where(since & ~np.isnan(losses) & ~((losses <= top) & (around <= top)), top, losses)


# scores

def score(info: RunInfo) -> float | None:
    """The validation accuracy that a run is judged by: its last once it is done, else its best."""
    return info.val_accuracy if info.state == "done" and info.val_accuracy is not None \
        else info.best_val_accuracy


def best(study: Study, infos: Sequence[RunInfo | None]) -> tuple[Member, RunInfo] | None:
    """The run with the highest score so far."""
    scored = [(member, info) for member, info in zip(study.members, infos)
              if info is not None and score(info) is not None]
    return max(scored, key=lambda pair: (score(pair[1]), -pair[1].created), default=None)


def equals(study: Study, infos: Sequence[RunInfo | None]) -> list[tuple[Member, RunInfo]]:
    """The runs that the evaluation cannot tell from the best one, that one first: their scores differ by noise.

    A share p of n samples has the binomial standard error sqrt(p (1 - p) / n); a difference of two counts from
    `SURE` of its standard errors on.
    """
    found = best(study, infos)
    if found is None:
        return []
    top = score(found[1]) or 0.0
    rest = [(member, info, reached) for member, info in zip(study.members, infos)
            if info is not None and info is not found[1] and (reached := score(info)) is not None
            and top - reached <= SURE * math.hypot(error(found[1]), error(info))]
    return [found, *((member, info) for member, info, _ in sorted(rest, key=lambda one: -one[2]))]


def error(info: RunInfo) -> float:
    """The standard error of a run's score that comes from judging it on so many samples and no more."""
    fraction, samples = score(info) or 0.0, sample_count(info)
    fraction = min(max(fraction, 1 / (samples + 2)), 1 - 1 / (samples + 2))  # 0 and 1 are not certain either
    return math.sqrt(fraction * (1 - fraction) / samples)


def sample_count(info: RunInfo) -> int:
    """How many validation samples its score is of: all once it is done, perhaps those of a quick look before."""
    task = info.experiment.task
    size = max(1, tasks.get(task.name, task.fields).size("val"))
    return size if info.state == "done" else min(size, PEEK)


def by_luck(study: Study) -> bool:
    """Whether its runs differ in their seed alone: then none is better than another."""
    return [hyperparameter.path for hyperparameter in study.hyperparameters] == [("seed",)]


def verdict(study: Study, infos: Sequence[RunInfo | None]) -> str:
    """A sentence on the best run so far, and how far the others lie apart; empty before the first score."""
    found = best(study, infos)
    if found is None:
        return ""
    member, info = found
    scores = sorted(reached for other in infos if other and (reached := score(other)) is not None)
    if by_luck(study) and len(scores) > 1:
        return str(_("By luck alone the validation accuracy of {runs} lies between {low} and {high}: a smaller "
                     "difference between two networks says little.", runs=_runs(study, infos, len(scores)),
                     low=percent(scores[0]), high=percent(scores[-1])))
    if len(even := equals(study, infos)) > 1:
        return str(_no_winner(study, infos, even))
    sentences = [_("Best of {runs}: {values} reaches {score} on validation data.",
                   runs=_runs(study, infos, len(scores)), values=say(study.hyperparameters, member.values),
                   score=percent(score(info)))]
    if len(scores) == 2:
        sentences.append(_("The other one reaches {score}.", score=percent(scores[0])))
    elif len(scores) > 2:
        sentences.append(_("The others lie between {low} and {high}.", low=percent(scores[0]),
                           high=percent(scores[-2])))
    return " ".join(map(str, sentences))


def _runs(study: Study, infos: Sequence[RunInfo | None], scored: int) -> FilledText:
    """What was compared: the runs so far, or all that came to an accuracy, and how many did not."""
    if not _over(study, infos):
        return _n("{count:,} run so far", "{count:,} runs so far", count=scored)
    runs, missing = _n("{count:,} run", "{count:,} runs", count=scored), len(infos) - scored
    return _("{runs} ({missing} ended without an accuracy)", runs=runs, missing=missing) if missing else runs


def _no_winner(study: Study, infos: Sequence[RunInfo | None], even: Sequence[tuple[Member, RunInfo]]) -> FilledText:
    """What is said where the best cannot be told from others."""
    (first, top), (second, near), *more = even
    scored = sum(info is not None and score(info) is not None for info in infos)
    others = _("{second} and {more} more", second=_reaches(study, second, near), more=len(more)) if more else \
        _reaches(study, second, near)
    return _("No winner among {runs}: {first} reaches {score} on validation data, {others}. That is within the noise "
             "of {samples:,} validation samples (± {noise}: {errors} binomial standard errors).",
             runs=_runs(study, infos, scored), first=say(study.hyperparameters, first.values),
             score=percent(score(top)), others=others, samples=sample_count(top),
             noise=percent(SURE * math.hypot(error(top), error(near))), errors=SURE)


def _reaches(study: Study, member: Member, info: RunInfo) -> str:
    return f"{say(study.hyperparameters, member.values)} {percent(score(info))}"


def change(study: Study, member: Member) -> str:
    """What taking these values over would change in the base: 'learning rate 0.002 to 0.01'; may be empty."""
    parts: list[Words] = []
    for hyperparameter, value in zip(study.hyperparameters, member.values):
        known = hyperparameters.domain(study.base, hyperparameter)
        if known.now != value and hyperparameter.path[0] in ("toggle", "present"):
            parts.append(_("it to one {values}", values=say([hyperparameter], [value])))
        elif known.now != value and hyperparameter.path[0] == "mechanism" and known.now is not None:
            parts.append(_("{title} from “{now}” to “{value}”", title=hyperparameter.title, now=known.now, value=value))
        elif known.now != value:
            parts.append(_changed(hyperparameter.title, known, value))
    return str(in_a_row(parts))


def _changed(title: str, known: hyperparameters.Domain, value: Scalar) -> FilledText:
    new = hyperparameters.word(value)
    if known.now is None and not known.optional:
        return _("{title} to {value}", title=title, value=new)
    return _("{title} {now} to {value}", title=title, now=hyperparameters.word(known.now), value=new)


def fitted(study: Study) -> str:
    """What the study set otherwise than the user's own design has it: 'epochs 5 to 40'; may be empty."""
    if study.design is None:
        return ""
    mine, theirs = study.design.training, study.base.training
    return ", ".join(f"{hyperparameters.Hyperparameter(path=('training', name)).title} "
                     f"{hyperparameters.word(getattr(mine, name))} to {hyperparameters.word(getattr(theirs, name))}"
                     for name in ("train_fraction", "epochs") if getattr(mine, name) != getattr(theirs, name))


def taken(study: Study, member: Member, info: RunInfo) -> Experiment:
    """What taking over gives: the run as it is, or the user's own design with the run's values alone."""
    if study.design is None:
        return info.experiment
    return variant(study.design, study.hyperparameters, member.values).experiment


def position(value: Scalar, values: Sequence[Scalar]) -> float:
    """Where a value stands on its axis: a number by itself, anything else by its place in the row."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return float(list(values).index(value))


def is_log(values: Sequence[Scalar]) -> bool:
    """Whether an axis is better logarithmic: all values above zero, the largest 8 times the smallest."""
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    return len(numbers) == len(values) > 1 and min(numbers) > 0 and max(numbers) / min(numbers) >= 8


def percent(fraction: float | None) -> str:
    return "–" if fraction is None else english.percent(fraction)


def _over(study: Study, infos: Sequence[RunInfo | None]) -> bool:
    return study.complete and all(info is None or info.over for info in infos)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


