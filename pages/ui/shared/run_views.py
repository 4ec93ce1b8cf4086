"""What is seen inside a run: feature maps, first-layer weights, health, confusion table, worst mistakes.

Each view says what must be captured for it, and draws what has been. Only the one on screen is asked for.
"""
from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from dlviz import english, layers, tasks
from dlviz import network as net
from dlviz.figures import first_weights, mistakes
from dlviz.figures.first_weights import FirstLayer
from dlviz.network import LayerReport, NetworkReport
from dlviz.runs.info import Snapshot
from dlviz.tasks import ImageTask, Task
from dlviz.training.control import Watch
from dlviz.training.events import Captured
from pages.ui.shared import confusion, health, state
from pages.ui.shared import pictures as train_pictures
from pages.ui.shared.texts import texts

ANYWHERE = ("maps", "health")  # of tasks that have no pictures too
VIEW = "run.view"


@dataclass(frozen=True)
class RunFacts:
    """What does not change while a run trains, gathered once a page and not at each tick."""

    run: str
    task: Task
    views: tuple[str, ...]  # what there is to see: a task without pictures has no gallery
    layers: dict[str, str]  # name -> what the list of layers says
    first: FirstLayer | None
    usual: str  # the layer that is shown unless another is chosen
    report: NetworkReport
    held: int | None = None  # a guest's: the sample that the owner had chosen, which a guest must not change


@dataclass
class PinnedSample:
    """The test sample that this session looks at.

    `turn` counts how often the page chose another one. It is in the widget's key: a number that the page sets
    anew would be set back by a tick that was on its way.
    """

    index: int = 0
    turn: int = 0


def pinned_sample() -> PinnedSample:
    return state.session_value("pinned", PinnedSample)


def facts(snapshot: Snapshot, mine: bool) -> RunFacts:
    experiment = snapshot.info.experiment
    task = tasks.get(experiment.task.name, experiment.task.fields)
    report = net.check(experiment.network, task.signature(), experiment.training.batch_size)
    words = {layer.name: f"{layer.name} · {layer.kind} · {layer.out_shape}" for layer in report.layers}
    views = tuple(texts.VIEWS) if isinstance(task, ImageTask) else ANYWHERE
    held = None if mine else snapshot.captured.sample if snapshot.captured else 0
    first = first_weights.first_layer(report)
    return RunFacts(snapshot.info.id, task, views, words, first, _usual(report), report, held)


def _usual(report: NetworkReport) -> str:
    """The first activation: what the first layer has found, after its say."""
    def bends(layer: LayerReport) -> bool:
        return layers.get(layer.kind).family == "activation"

    return next((layer.name for layer in report.layers if bends(layer)), report.layers[0].name)


def viewer() -> str:
    """This session's name among those that look at runs."""
    return state.session_value("viewer", lambda: secrets.token_hex(8))


def watch(facts: RunFacts) -> None:
    """Tell the service what this session looks at."""
    state.service().watch(facts.run, viewer(), watch_for(facts))


def watch_for(facts: RunFacts) -> Watch:
    """What must be captured for what is on screen; nothing for views that come from evaluations."""
    view, sample = _view(facts), _sample(facts)
    if view == "maps":
        return Watch(sample, outputs=(_layer(facts),))
    if view == "weights" and facts.first:
        return Watch(sample, weights=(facts.first.name,))
    return Watch(sample, health=view == "health")


def needs_evaluation(facts: RunFacts) -> bool:
    """Whether what is on screen comes from judging the network, not from one sample."""
    return _view(facts) in ("confusion", "mistakes")


def _view(facts: RunFacts) -> str:
    chosen = st.session_state.get(VIEW)
    return chosen if chosen in facts.views else "maps"


def _sample(facts: RunFacts) -> int:
    chosen = pinned_sample().index if facts.held is None else facts.held
    return min(chosen, facts.task.size("test") - 1)


def _layer(facts: RunFacts) -> str:
    chosen = st.session_state.get(_layer_key(facts))
    return chosen if chosen in facts.layers else facts.usual


def _layer_key(facts: RunFacts) -> str:
    return f"run.layer.{facts.run}"


def show(snapshot: Snapshot, facts: RunFacts) -> None:
    """The view that is chosen."""
    DRAW[_view(facts)](snapshot, facts)


def choose(facts: RunFacts) -> None:
    """What there is to see, and of which layer and sample."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="run.looking"):
        view = st.segmented_control(texts.VIEW, facts.views, key=VIEW, default="maps", required=True,
                                    format_func=texts.VIEWS.__getitem__, label_visibility="collapsed",
                                    persist_state="session")
        if view == "maps":
            _choose_layer(facts)
            _choose_sample(facts)


def _choose_layer(facts: RunFacts) -> None:
    names = list(facts.layers)
    st.selectbox(texts.LAYER, names, names.index(facts.usual), facts.layers.__getitem__, key=_layer_key(facts),
                 label_visibility="collapsed", width=280, persist_state="session")


def _choose_sample(facts: RunFacts) -> None:
    if facts.held is not None:
        return
    size, key = facts.task.size("test"), f"run.sample.{pinned_sample().turn}"
    st.number_input(texts.TEST_SAMPLE_2, 0, size - 1, _sample(facts), key=key, step=1, label_visibility="collapsed",
                    width=140, help=texts.NUMBER_TEST_SAMPLE, on_change=_pin, args=(key,))
    st.button(texts.ANOTHER, key="run.random", icon=":material/casino:", on_click=_any_sample, args=(size,),
              help=texts.ANY_OTHER_TEST_SAMPLE)


def _pin(key: str) -> None:
    pinned_sample().index = st.session_state[key] or 0


def _any_sample(size: int) -> None:
    pinned_sample().index, pinned_sample().turn = secrets.randbelow(size), pinned_sample().turn + 1


# the views

def _maps(snapshot: Snapshot, facts: RunFacts) -> None:
    captured, layer = snapshot.captured, _layer(facts)
    index = captured.sample if captured else _sample(facts)
    blocks = []
    if isinstance(facts.task, ImageTask):
        blocks.append(train_pictures.sample(facts.task, index, captured.probabilities if captured else None))
    if captured and layer in captured.outputs:
        blocks.append(train_pictures.once(captured, layer, _dark(snapshot), _outputs))
    train_pictures.show("run.maps", blocks)


def _weights(snapshot: Snapshot, facts: RunFacts) -> None:
    if facts.first is None:
        st.caption(texts.FIRST_LAYER_NETWORK_DOES)
        return
    captured = snapshot.captured
    if captured is None or facts.first.name not in captured.weights:
        _nothing_yet(snapshot)
        return
    block = train_pictures.once(captured, facts.first, _dark(snapshot), _kernels)
    train_pictures.show("run.weights", [block])


def _outputs(captured: Captured, layer: str, dark: bool | None) -> train_pictures.Block:
    output = captured.outputs[layer]
    noun = "number" if output.ndim == 1 else "map"
    return train_pictures.maps(output, noun=noun, note=_note(output, noun, captured.step), dark=dark)


def _kernels(captured: Captured, first: FirstLayer, dark: bool | None) -> train_pictures.Block:
    weight = captured.weights[first.name]
    pictures = first_weights.pictures(weight, first)
    noun = "neuron" if weight.ndim == 2 else "kernel"
    note = texts.WEIGHTS_EACH.format(noun=noun, name=first.name, note=_note(pictures, noun, captured.step))
    return train_pictures.maps(pictures, noun=noun, note=note, dark=dark)


def _health(snapshot: Snapshot, facts: RunFacts) -> None:
    health.show(snapshot, facts.report)


def _confusion(snapshot: Snapshot, facts: RunFacts) -> None:
    if snapshot.confusion is None:
        _nothing_yet(snapshot)
        return
    confusion.show("run.confusion", snapshot.confusion, facts.task.classes, _evaluation_note(snapshot))


def _mistakes(snapshot: Snapshot, facts: RunFacts) -> None:
    if not snapshot.evaluations:
        _nothing_yet(snapshot)
        return
    cards = mistakes.cards(snapshot.mistakes, facts.task.classes,
                          lambda index: facts.task.picture("val", index))
    note = texts.MOST_CONFIDENT_MISTAKES if cards else texts.NO_MISTAKES
    train_pictures.show("run.mistakes", [train_pictures.gallery(cards, note + _evaluation_note(snapshot))])


def _evaluation_note(snapshot: Snapshot) -> str:
    last = snapshot.evaluations[-1]
    return texts.EVALUATED_VALIDATION_SAMPLES.format(samples=last.samples, step=last.step)


def _nothing_yet(snapshot: Snapshot) -> None:
    over = snapshot.info.over
    st.caption(texts.NOTHING_STORED if over else texts.APPEARS_FIRST_CAPTURE)


def _note(array: np.ndarray, noun: str, step: int) -> str:
    count = len(array) if array.ndim != 2 else 1
    size = "" if array.ndim == 1 else texts.OF_X.format(height=array.shape[-2], width=array.shape[-1])
    most = train_pictures.MOST
    shown = texts.THE_FIRST_SHOWN.format(most=most) if array.ndim == 3 and count > most else ""
    return texts.CAPTURE_NOTE.format(count=english.count(count, noun), last=size, count_2=shown, step=step,
                                     signs=texts.SIGNS)


def _dark(snapshot: Snapshot) -> bool | None:
    """The page's theme, which each tick knows; at rest there are none, so both are drawn."""
    return None if snapshot.info.over else st.context.theme.type == "dark"


DRAW: dict[str, Callable[[Snapshot, RunFacts], None]] = {
    "maps": _maps, "weights": _weights, "health": _health, "confusion": _confusion, "mistakes": _mistakes}
