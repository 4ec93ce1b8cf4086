"""A run as a film to take home: its kept moments as an animated GIF, and as one HTML page with a slider."""
from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from PIL import Image

from dlviz import english, views
from dlviz.export.names import file_stem
from dlviz.figures import film
from dlviz.runs.info import RunInfo, Snapshot
from dlviz.tasks import Modality
from dlviz.views import Subject, View
from dlviz.views.base import Choices, Observation, Widget
from pages.ui.shared import run_views, shell, state, view_host
from pages.ui.train.texts import texts

MOST = 60  # frames; each takes 15 to 30 ms to make and some 40 KB in the two files


@dataclass
class _FilmFiles:
    """The last film of this session."""

    of: Hashable = None  # the run, the view and what is chosen in it, the sample, how many keyframes
    gif: bytes = b""
    page: bytes = b""


@shell.dialog(lambda: texts.FILM_TRAINING, width="medium", icon=":material/movie:")
def dialog(info: RunInfo) -> None:
    moments = state.service().scrubber.keyframes(info.id)
    if len(moments) < 2:
        st.markdown(texts.NO_FILM_YET_RUN)
        return
    with shell.show_errors():
        _choose(info, moments)


def _choose(info: RunInfo, moments: Sequence[int]) -> None:
    st.markdown(texts.ONE_FRAME_EACH_KEYFRAMES.format(count=len(moments)))
    subject = views.subject(info.experiment)
    view = view_host.pick("film", views.offered("film", subject.report, subject.task))
    widgets = view.choices(subject)
    view_host.choose(widgets, partial(_widget_key, info.id), labels=True)
    choices = view_host.chosen(widgets, partial(_widget_key, info.id))
    sample, made = run_views.pinned_sample().index, state.session_value("film", _FilmFiles)
    of = (info.id, view.key, tuple(choices.items()), sample, len(moments))
    place = st.empty()
    if made.of != of and place.button(texts.MAKE_THE_FILM, type="primary", icon=":material/movie:"):
        made.gif, made.page = _make(_Shooting(info.id, subject, view, choices, sample), thinned(moments))
        made.of = of
        place.empty()
    if made.of == of:
        st.image(made.gif)
        _downloads(info, made)


def _downloads(info: RunInfo, made: _FilmFiles) -> None:
    stem = file_stem(info.experiment)
    with st.container(horizontal=True):
        st.download_button("GIF", made.gif, f"{stem}.gif", "image/gif", icon=":material/gif_box:",
                           on_click="ignore", help=texts.SLIDES_MESSAGES_PLAYS_ITSELF)
        st.download_button(texts.HTML_PAGE, made.page, f"{stem}.html", "text/html", icon=":material/html:",
                           on_click="ignore", help=texts.OPENS_ANY_BROWSER_SLIDER)


def thinned(moments: Sequence[int]) -> tuple[int, ...]:
    """At most `MOST` of them, the first and the last among them."""
    if len(moments) <= MOST:
        return tuple(moments)
    return tuple(moments[at] for at in np.linspace(0, len(moments) - 1, MOST).round().astype(int))


@dataclass(frozen=True)
class _Shooting:
    """What is filmed: a view of a run, on one sample."""

    run: str
    subject: Subject
    view: View
    choices: Choices
    sample: int


def _widget_key(run: str, widget: Widget) -> str:
    return f"film.{widget.key}.{run}"


def _make(shooting: _Shooting, moments: Sequence[int]) -> tuple[bytes, bytes]:
    """The two files. A bar shows how far it is."""
    bar, snapshot = st.progress(0.0, texts.LOADING_THE_KEYFRAMES), state.service().snapshot(shooting.run)
    frames = []
    for number, image in enumerate(_frames(shooting, snapshot, moments), 1):
        frames.append(image)
        bar.progress(number / len(moments), texts.FRAME_OF.format(number=number, count=len(moments)))
    bar.progress(1.0, texts.WRITING_THE_FILES)
    files = film.gif(frames), film.page(frames, moments, snapshot.info.name)
    bar.empty()
    return files


def _frames(shooting: _Shooting, snapshot: Snapshot, moments: Sequence[int]) -> Iterator[Image.Image]:
    task = shooting.subject.task
    sample, drawn = min(shooting.sample, task.size("test") - 1), task.modality is Modality.IMAGE
    watch = shooting.view.request(shooting.subject, shooting.choices).watch(sample)
    for step in moments:
        captured = state.service().scrubber.capture(shooting.run, step, watch)
        title, array = shooting.view.frame(shooting.subject, Observation(step, captured=captured), shooting.choices)
        scene = film.Scene(snapshot.info.name, snapshot.train["step"], snapshot.train["loss"], title,
                           task.classes if drawn else (), task.picture("test", sample) if drawn else None)
        yield film.frame(scene, film.FilmFrame(step, _words(snapshot, step), array,
                                               captured.probabilities if drawn else None))


def _words(snapshot: Snapshot, step: int) -> str:
    """What is known of a moment: the step, and the last judgement until then."""
    judged = [one for one in snapshot.evaluations if one.step <= step]
    total = snapshot.info.planned_steps
    if not judged:
        return texts.AFTER_STEP_OF.format(step=step, total=total)
    accuracy = english.percent(judged[-1].val_accuracy)
    return texts.AFTER_STEP_OF_ACCURACY.format(step=step, total=total, accuracy=accuracy)
