"""A network that is told no order: the page says so, and offers the same one with positions. Asks for nothing."""
from __future__ import annotations

import streamlit as st

from dlviz import layers, views
from dlviz.errors import DlvizError
from dlviz.presets.siblings import with_network
from dlviz.runs.info import RunInfo
from dlviz.spec import Experiment, LayerSpec, NetworkSpec
from dlviz.tasks import Task
from dlviz.views.layers import shown_layers
from pages.ui.look import trio
from pages.ui.look.texts import texts
from pages.ui.shared import shell


def show(run: RunInfo, task: Task) -> None:
    """Nothing for a network that knows where its symbols stand."""
    lost = without_positions(run, task)
    if not lost:
        return
    score = "" if run.val_accuracy is None else texts.ACCURACY_SO_FAR.format(number=100 * run.val_accuracy,
                                                                             metric=task.metric)
    with st.container(horizontal=True, vertical_alignment="center", key="look.lost"):
        st.info(texts.NETWORK_HAS_NO_POSITIONAL.format(score=score), icon=":material/shuffle:")
        st.button(texts.TRAIN_POSITIONAL_ENCODING, icon=":material/play_arrow:", on_click=_train,
                  args=(run.experiment, lost), key="look.lost.train",
                  help=texts.SAME_NETWORK_FROM_SAME)


def without_positions(run: RunInfo, task: Task) -> tuple[str, ...]:
    """The layers that could tell the order and do not; empty where another one tells it, or none is there."""
    found = shown_layers(views.subject(run.experiment).report)
    network = run.experiment.network
    encodings = {place.name: _encoding(network.layer(place.name)) for place in found.positions}
    if found.states or any(encoding != "none" for encoding in encodings.values()):
        return ()
    return tuple(encodings)


def _encoding(layer: LayerSpec) -> str:
    return layers.declare(layer.kind, layer.fields).model_dump()["encoding"]


def with_positions(experiment: Experiment, names: tuple[str, ...]) -> Experiment:
    """The experiment with these layers telling where each symbol stands."""
    changed = tuple(layer.model_copy(update={"fields": {**layer.fields, "encoding": "sinusoidal"}})
                    if layer.name in names else layer for layer in experiment.network.layers)
    return with_network(experiment, NetworkSpec(layers=changed), texts.WITH_POSITIONS)


def _train(experiment: Experiment, names: tuple[str, ...]) -> None:
    try:
        trio.open_new(with_positions(experiment, names))
    except DlvizError as error:
        shell.notice(error)
