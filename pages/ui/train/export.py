"""What can be taken home from a run: script, weights with an example, curves, data, a film. Made when asked for."""
from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dlviz import tasks
from dlviz.errors import RunError
from dlviz.export import data
from dlviz.export.names import file_stem
from dlviz.export.script import script
from dlviz.export.weights import loading_example, model_weights
from dlviz.figures import table
from dlviz.runs.info import RunInfo
from dlviz.tasks import Task
from dlviz.translation import _
from pages.ui.shared import run_words, state
from pages.ui.train import film
from pages.ui.train.texts import texts


def popover(info: RunInfo) -> None:
    """A button that opens what can be downloaded."""
    stem = file_stem(info.experiment)
    with st.popover(texts.EXPORT, icon=":material/download:", type="tertiary"):
        st.markdown(texts.EVERYTHING_WORKS_WITHOUT)
        _download(texts.PYTORCH_SCRIPT, ":material/code:", f"{stem}.py", "text/x-python",
                  lambda: _script(info),
                  texts.NETWORK_DATA_TRAINING_LOOP if _task(info).supervised else texts.NETWORK_AND_GAME)
        _download(texts.WEIGHTS, ":material/memory:", f"{stem}.safetensors", "application/octet-stream",
                  lambda: _weights(info), texts.LEARNED_PARAMETERS_SAFETENSORS)
        _download(texts.CURVES, ":material/table_chart:", f"{stem}.csv", "text/csv", lambda: _curves(info),
                  texts.LOSS_ACCURACY_EVERY_STEP)
        if not _task(info).source():
            _download(texts.DATA, ":material/dataset:", data.file_name(_task(info)), "application/octet-stream",
                      lambda: data.data_file(_task(info)), texts.GENERATED_TRAINING_DATA_WHICH)
        if st.button(texts.FILM, icon=":material/movie:", key="home.film", width="stretch",
                     help=texts.TRAINING_ANIMATED_GIF_OR):
            film.dialog(info)
        st.caption(texts.SCRIPT_WEIGHTS_ONE_FOLDER)
        st.code(loading_example(info.experiment), language="python")


def _download(label: str, icon: str, name: str, kind: str, make: Callable[[], str | bytes],
              what: str) -> None:
    st.download_button(label, make, name, kind, key=f"home.{label}", icon=icon, help=what, on_click="ignore",
                       width="stretch")


def _task(info: RunInfo) -> Task:
    return tasks.get(info.experiment.task.name, info.experiment.task.fields)


def _script(info: RunInfo) -> str:
    return script(info.experiment, _task(info))


def _weights(info: RunInfo) -> bytes:
    path = state.service().weights_path(info.id)
    if path is None:
        raise RunError(_("The run {name!r}", name=info.name), _("has weights once it has made a step"),
                       _("it has not begun to learn"), _("Wait a moment."))
    return model_weights(path)


def _curves(info: RunInfo) -> str:
    snapshot = state.service().snapshot(info.id)
    return table.to_csv(snapshot.train, snapshot.evaluations, run_words.steps_per_epoch(info))
