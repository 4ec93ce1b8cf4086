"""A run as a film to take home: its kept moments as an animated GIF, and as one HTML page with a slider."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from PIL import Image

from dlviz import tasks
from dlviz.export.names import file_stem
from dlviz.figures import film
from dlviz.runs.info import RunInfo, Snapshot
from dlviz.tasks import Modality
from dlviz.training.control import Watch
from pages.ui.shared import run_views, shell, state
from pages.ui.train.texts import texts

MOST = 60  # frames; each takes 15 to 30 ms to make and some 40 KB in the two files


@dataclass
class _FilmFiles:
    """The last film of this session."""

    of: tuple[str, str, int, int] | None = None  # run, layer, sample, moments
    gif: bytes = b""
    page: bytes = b""


@st.dialog(texts.FILM_TRAINING, width="medium", icon=":material/movie:")
def dialog(info: RunInfo) -> None:
    moments = state.service().scrubber.keyframes(info.id)
    if len(moments) < 2:
        st.markdown(texts.NO_FILM_YET_RUN)
        return
    with shell.show_errors():
        _choose(info, moments)


def _choose(info: RunInfo, moments: Sequence[int]) -> None:
    st.markdown(texts.ONE_FRAME_EACH_KEYFRAMES.format(count=len(moments)))
    names = info.experiment.network.names()
    layer = st.selectbox(texts.LAYER, names, key=f"film.layer.{info.id}", index=min(1, len(names) - 1))
    sample, made = run_views.pinned_sample().index, state.session_value("film", _FilmFiles)
    wanted = (info.id, layer, sample, len(moments))
    place = st.empty()
    if made.of != wanted and place.button(texts.MAKE_THE_FILM, type="primary", icon=":material/movie:"):
        made.gif, made.page = _make(state.service().snapshot(info.id), layer, sample, thinned(moments))
        made.of = wanted
        place.empty()
    if made.of == wanted:
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


def _make(snapshot: Snapshot, layer: str, sample: int, moments: Sequence[int]) -> tuple[bytes, bytes]:
    """The two files. A bar shows how far it is."""
    bar = st.progress(0.0, texts.LOADING_THE_KEYFRAMES)
    frames = []
    for number, image in enumerate(_frames(snapshot, layer, sample, moments), 1):
        frames.append(image)
        bar.progress(number / len(moments), texts.FRAME_OF.format(number=number, count=len(moments)))
    bar.progress(1.0, texts.WRITING_THE_FILES)
    files = film.gif(frames), film.page(frames, moments, snapshot.info.name)
    bar.empty()
    return files


def _frames(snapshot: Snapshot, layer: str, sample: int, moments: Sequence[int]) -> Iterator[Image.Image]:
    info = snapshot.info
    task = tasks.get(info.experiment.task.name, info.experiment.task.fields)
    sample = min(sample, task.size("test") - 1)
    drawn = task.modality is Modality.IMAGE
    scene = film.Scene(info.name, snapshot.train["step"], snapshot.train["loss"], texts.OUTPUT_OF.format(layer=layer),
                       task.classes if drawn else (), task.picture("test", sample) if drawn else None)
    for step in moments:
        captured = state.service().scrubber.capture(info.id, step, Watch(sample, outputs=(layer,)))
        shares = captured.probabilities if drawn else None
        yield film.frame(scene, film.FilmFrame(step, _words(snapshot, step), captured.outputs[layer], shares))


def _words(snapshot: Snapshot, step: int) -> str:
    """What is known of a moment: the step, and the last judgement until then."""
    judged = [one for one in snapshot.evaluations if one.step <= step]
    said = texts.VALIDATION_ACCURACY.format(accuracy=judged[-1].val_accuracy) if judged else ""
    return texts.AFTER_STEP_OF.format(step=step, total=snapshot.info.planned_steps, text=said)
