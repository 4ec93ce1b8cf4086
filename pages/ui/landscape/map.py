"""A survey as figures, with what it means in plain words."""
from __future__ import annotations

import math

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from dlviz import english, layers
from dlviz.figures import landscape
from dlviz.landscape.survey import Survey, SurveyRequest, key
from dlviz.runs.info import RunInfo
from dlviz.training.events import Evaluated
from dlviz.translation import numeral
from pages.ui.landscape.texts import texts
from pages.ui.shared import shell
from pages.ui.shared.plot import plot, plot_of

KEY = "landscape.map"
SAME = 1e-4  # share of a loss that rounding explains
MAP, SOLID = "map", "surface"
LOG, PLAIN = "log", "plain"
HEIGHTS = {MAP: 520, SOLID: 560}  # px


def show(run: RunInfo, request: SurveyRequest, found: Survey, val: Evaluated | None) -> None:
    """The figures, what they mean, and how it was measured."""
    with st.container(horizontal=True, gap="small"):
        view = st.segmented_control(texts.HOW_DRAWN, (MAP, SOLID), default=MAP, required=True, key="landscape.drawn",
                                    format_func=texts.DRAWN.__getitem__, label_visibility="collapsed")
        scale = st.segmented_control(texts.SCALE_LOSS, (LOG, PLAIN), default=LOG, required=True,
                                     key="landscape.scale", format_func=texts.SCALES.__getitem__,
                                     label_visibility="collapsed")
    wide, beside = st.columns([1.7, 1], gap="large")
    with wide:
        _hill(found, view, scale == LOG, f"{key(request)} {found.seconds}")
    with beside:
        st.markdown("\n\n".join(shell.plain(text) for text in words(request, found)))
        if len(found.line_at):
            _straight(found, scale == LOG)
    st.caption(" ".join(remarks(run, request, found, val)))


def _hill(found: Survey, view: str, log: bool, of: str) -> None:
    """The map or the surface; a browser without WebGL gets the map for both."""
    def flat() -> go.Figure:
        return landscape.contour(found, titles(found), log=log, theme="page")

    def solid() -> go.Figure:
        return landscape.surface(found, (texts.FIRST_DIRECTION, texts.SECOND_DIRECTION), log=log, theme="page")

    plot_of(f"{KEY}.{view}", (of, view, log), solid if view == SOLID else flat, landscape.describe(found),
            height=HEIGHTS[view],
            flat=flat if view == SOLID else None,
            table=(("step", "loss"), list(zip(found.steps.tolist(), found.losses.tolist()))))
    st.caption(texts.HINTS[view])


def _straight(found: Survey, log: bool) -> None:
    plot("landscape.straight", landscape.straight_line(found, log=log, theme="page"), straight(found) or
         texts.LOSS_STRAIGHT_LINE, height=260)
    st.caption(texts.LINE)


def titles(found: Survey) -> tuple[str, str]:
    if found.explained_variance is None:
        return texts.ALONG_RANDOM_DIRECTION_LONG, texts.ALONG_ANOTHER_RANDOM
    first, second = (english.percent(fraction, 0) for fraction in found.explained_variance)
    return (texts.PATH_S_FIRST_DIRECTION.format(first=first), texts.ITS_SECOND.format(second=second))


def words(request: SurveyRequest, found: Survey) -> list[str]:
    start, end = (numeral(f"{loss:.3g}") for loss in found.losses[[0, -1]])
    sentences = [texts.FROM_LOSS_TO.format(start=start, start_when=_when(found.steps[0]), end=end,
                                           end_when=_when(found.steps[-1]))
                 if len(found.steps) > 1 else texts.LOSS.format(end=end, start_when=_when(found.steps[-1]))]
    if len(found.steps) == 1:
        sentences.append(texts.TWO_RANDOM_DIRECTIONS_SHOW)
    elif found.explained_variance is None:
        sentences.append(texts.TWO_RANDOM_DIRECTIONS_SHOW_SHAPE.format(percent=percent(found.explained_total)))
    else:
        both = percent(float(found.explained_variance.sum()))
        sentences.append(texts.PROJECTION_PRINCIPAL_COMPONENTS.format(both=both))
    if (note := straight(found)):
        sentences.append(note)
    return sentences


def _when(step: int) -> str:
    return texts.AFTER_STEP.format(step=int(step)) if step else texts.BEFORE_FIRST_STEP


def straight(found: Survey) -> str:
    """What the straight line says, where it says something clear."""
    inside = found.line_loss[found.line_at <= 1.0]
    if len(inside) < 3 or not np.isfinite(inside).all():
        return ""
    rise = float(np.max(inside - np.minimum.accumulate(inside)))
    if rise <= 0.02 * float(inside.max() - inside.min() or 1):
        return texts.STRAIGHT_LINE_FROM_START
    return texts.STRAIGHT_LINE_FROM_START_END.format(rise=rise)


def percent(fraction: float) -> str:
    return texts.LESS_THAN if fraction < 1e-3 else english.percent(fraction)


def remarks(run: RunInfo, request: SurveyRequest, found: Survey, val: Evaluated | None) -> list[str]:
    """How it was measured, and how far it can be trusted."""
    sentences = [texts.EACH_HEIGHT_MEAN_LOSS.format(samples=found.samples),
                 texts.END_STEP_RUN_S.format(count=_moments(len(found.steps)), steps=int(found.steps[-1]))]
    if val is not None and val.samples == found.val_samples:
        sentences.append(_check(found, val))
    if any(layers.get(layer.kind).family == "normalization" for layer in run.experiment.network.layers):
        sentences.append(texts.RUNNING_STATISTICS_NORMALIZATION)
    if run.experiment.training.early_stopping and request.step < run.step:
        sentences.append(texts.END_STEP_WHOSE_WEIGHTS.format(step=request.step))
    return sentences


def _check(found: Survey, val: Evaluated) -> str:
    """Whether these are the run's weights can be told: judged again, they give the run's own number."""
    here, own = numeral(f"{found.val_loss:.6f}"), numeral(f"{val.val_loss:.6f}")
    same = texts.THE_SAME if here == own else texts.ROUNDING_ANOTHER_DEVICE_OR \
        if math.isclose(found.val_loss, val.val_loss, rel_tol=SAME) else texts.WHICH_SHOULD_NOT_DIFFER
    return texts.CHECK_ALL_VALIDATION_SAMPLES.format(val_samples=found.val_samples, measured=here, recorded=own,
                                                     same=same)


def _moments(count: int) -> str:
    return {1: texts.NO_KEYFRAME_BEFORE, 2: texts.THE_START}.get(count, texts.KEYFRAMES_PATH.format(count=count - 1))
