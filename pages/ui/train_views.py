"""What is seen inside a run: feature maps, first-layer weights, the confusion table, the worst mistakes.

Each view says what must be captured for it, and draws what has been. Only the one on screen is asked for.
"""
from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from dlviz import layers, tasks
from dlviz import network as net
from dlviz.figures import confusion, first_weights, gallery
from dlviz.network import LayerReport, NetworkReport
from dlviz.runs.info import Snapshot
from dlviz.spec import Experiment
from dlviz.tasks import ImageTask, Task
from dlviz.training.control import Watch
from pages.ui import state, train_pictures

VIEWS = {"maps": "Feature maps", "weights": "First-layer weights", "confusion": "Confusion", "mistakes": "Mistakes"}
VIEW = "run.view"
SIGNS = "Red is above zero, blue is below."


@dataclass(frozen=True)
class Facts:
    """What does not change while a run trains, gathered once a page and not at each tick."""

    run: str
    task: Task
    views: tuple[str, ...]  # what there is to see: a task without pictures has no gallery
    layers: dict[str, str]  # name -> what the list of layers says
    first: first_weights.FirstLayer | None
    usual: str  # the layer that is shown unless another is chosen


@dataclass
class Pinned:
    """The test sample that this session looks at.

    `turn` counts how often the page chose another one. It is in the widget's key: a number that the page sets anew
    would be set back by a tick that was on its way.
    """

    index: int = 0
    turn: int = 0


def pinned() -> Pinned:
    return state.kept("pinned", Pinned)


def facts(run: str, experiment: Experiment) -> Facts:
    task = tasks.get(experiment.task.name, experiment.task.fields)
    report = net.check(experiment.network, task.signature(), experiment.training.batch_size)
    words = {layer.name: f"{layer.name} · {layer.kind} · {layer.out_shape}" for layer in report.layers}
    views = tuple(VIEWS) if isinstance(task, ImageTask) else ("maps",)
    return Facts(run, task, views, words, first_weights.first_layer(report), _usual(report))


def _usual(report: NetworkReport) -> str:
    """The first activation: what the first layer has found, after its say."""
    def bends(layer: LayerReport) -> bool:
        return layers.get(layer.kind).family == "activation"

    return next((layer.name for layer in report.layers if bends(layer)), report.layers[0].name)


def watch(facts: Facts) -> None:
    """Tell the service what this session looks at."""
    state.service().watch(facts.run, state.kept("viewer", lambda: secrets.token_hex(8)), wish(facts))


def wish(facts: Facts) -> Watch:
    """What must be captured for what is on screen; nothing for views that come from evaluations."""
    view, sample = _view(facts), _sample(facts)
    if view == "maps":
        return Watch(sample, outputs=(_layer(facts),))
    if view == "weights" and facts.first:
        return Watch(sample, weights=(facts.first.name,))
    return Watch(sample)


def _view(facts: Facts) -> str:
    chosen = st.session_state.get(VIEW)
    return chosen if chosen in facts.views else "maps"


def _sample(facts: Facts) -> int:
    return min(pinned().index, facts.task.size("test") - 1)


def _layer(facts: Facts) -> str:
    chosen = st.session_state.get(_layer_key(facts))
    return chosen if chosen in facts.layers else facts.usual


def _layer_key(facts: Facts) -> str:
    return f"run.layer.{facts.run}"


def show(snapshot: Snapshot, facts: Facts, mine: bool) -> None:
    """The choice of views and the one chosen."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="run.looking"):
        view = st.segmented_control("Look at", facts.views, key=VIEW, default="maps", required=True,
                                    format_func=VIEWS.__getitem__, label_visibility="collapsed",
                                    persist_state="session")
        if view == "maps":
            _choose_layer(facts)
            _choose_sample(facts, mine)
    DRAW[view](snapshot, facts)


def _choose_layer(facts: Facts) -> None:
    names = list(facts.layers)
    st.selectbox("Layer", names, names.index(facts.usual), facts.layers.__getitem__, key=_layer_key(facts),
                 label_visibility="collapsed", width=280, persist_state="session")


def _choose_sample(facts: Facts, mine: bool) -> None:
    size, key = facts.task.size("test"), f"run.sample.{pinned().turn}"
    st.number_input("Test sample", 0, size - 1, _sample(facts), key=key, step=1, label_visibility="collapsed",
                    width=140, help="Number of the test sample that is shown", disabled=not mine, on_change=_pin,
                    args=(key,))
    st.button("Another", key="run.random", icon=":material/casino:", on_click=_any_sample, args=(size,),
              disabled=not mine, help="Any other test sample")


def _pin(key: str) -> None:
    pinned().index = st.session_state[key] or 0


def _any_sample(size: int) -> None:
    pinned().index, pinned().turn = secrets.randbelow(size), pinned().turn + 1


# the views

def _maps(snapshot: Snapshot, facts: Facts) -> None:
    captured, layer = snapshot.captured, _layer(facts)
    index = captured.sample if captured else _sample(facts)
    blocks = []
    if isinstance(facts.task, ImageTask):
        blocks.append(train_pictures.sample(facts.task, index, captured.probabilities if captured else None))
    if captured and layer in captured.outputs:
        output = captured.outputs[layer]
        noun = "number" if output.ndim == 1 else "map"
        blocks.append(train_pictures.maps(output, noun=noun, note=_note(output, noun, captured.step), dark=_dark()))
    train_pictures.show("run.maps", blocks)


def _weights(snapshot: Snapshot, facts: Facts) -> None:
    if facts.first is None:
        st.caption("The first weights of this network do not look at an image directly, so they make no pictures.")
        return
    captured = snapshot.captured
    if captured is None or facts.first.name not in captured.weights:
        _nothing_yet(snapshot)
        return
    pictures = first_weights.pictures(captured.weights[facts.first.name], facts.first)
    noun = "neuron" if captured.weights[facts.first.name].ndim == 2 else "kernel"
    note = f"What each {noun} of {facts.first.name} looks for, " + _note(pictures, noun, captured.step)
    train_pictures.show("run.weights", [train_pictures.maps(pictures, noun=noun, note=note, dark=_dark())])


def _confusion(snapshot: Snapshot, facts: Facts) -> None:
    if snapshot.confusion is None:
        _nothing_yet(snapshot)
        return
    figure = confusion.confusion(snapshot.confusion, facts.task.classes)
    train_pictures.show("run.confusion", [train_pictures.confusion(figure, snapshot.confusion, _judged(snapshot))])


def _mistakes(snapshot: Snapshot, facts: Facts) -> None:
    if not snapshot.evaluations:
        _nothing_yet(snapshot)
        return
    cards = gallery.cards(snapshot.mistakes, facts.task.classes, lambda index: facts.task.picture("val", index))
    note = "Wrong, and most sure of it. " if cards else "Not one mistake. "
    train_pictures.show("run.mistakes", [train_pictures.gallery(cards, note + _judged(snapshot))])


def _judged(snapshot: Snapshot) -> str:
    last = snapshot.evaluations[-1]
    return f"Judged on {last.samples:,} validation samples after step {last.step:,}."


def _nothing_yet(snapshot: Snapshot) -> None:
    st.caption("Nothing was kept of it." if snapshot.info.over else "It comes with the first look at the network.")


def _note(array: np.ndarray, noun: str, step: int) -> str:
    count = len(array) if array.ndim != 2 else 1
    size = "" if array.ndim == 1 else f" of {array.shape[-2]} x {array.shape[-1]}"
    shown = f", the first {train_pictures.MOST} shown" if array.ndim == 3 and count > train_pictures.MOST else ""
    plural = noun if count == 1 else f"{noun}s"
    return f"{count:,} {plural}{size}{shown}, after step {step:,}. {SIGNS}"


def _dark() -> bool:
    return st.context.theme.type == "dark"


DRAW: dict[str, Callable[[Snapshot, Facts], None]] = {"maps": _maps, "weights": _weights, "confusion": _confusion,
                                                      "mistakes": _mistakes}
