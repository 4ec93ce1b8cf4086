"""The views of the Look page: which of them a network has, what each asks for and draws."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dlviz import layers
from dlviz.presets.siblings import memory_of
from dlviz.runs.info import RunInfo
from dlviz.tasks import Task
from dlviz.training.events import QueryResult
from pages.ui.look import attention, compare, forecast, gradient, guesses, samples, states, tables, trio
from pages.ui.look.layer_views import LayerViews, layer_views
from pages.ui.look.reply import QueryOptions
from pages.ui.look.texts import texts
from pages.ui.shared.plot import PACE
from pages.ui.shared.sequence_question import SequenceInput

KEY = "look.view"
ICONS = {"forecast": ":material/show_chart:", "samples": ":material/edit_note:",
         "attention": ":material/grid_on:", "guesses": ":material/timeline:", "states": ":material/memory:",
         "compare": ":material/view_column:", "gradients": ":material/trending_down:",
         "positions": ":material/pin:", "embeddings": ":material/bubble_chart:"}


@dataclass(frozen=True)
class LookView:
    """The view that is chosen.

    Attributes:
        options: what a run must be asked for it.
        show: draws it and says what it is.
    """

    options: QueryOptions
    show: Callable[[RunInfo, Task, SequenceInput, QueryResult], None]


def choose(run: RunInfo, task: Task, question: SequenceInput) -> LookView | None:
    """The widgets, and the view that they say; None for a network without anything of the kind."""
    found, names = layer_views(run.experiment.network, task.signature()), offered(run, task)
    if not names:
        st.caption(texts.NETWORK_HAS_NO_ATTENTION)
        return None
    if st.session_state.get(KEY) not in names:
        st.session_state[KEY] = names[0]
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="look.views"):
        name = st.segmented_control(texts.VIEW, names, key=KEY, required=True, label_visibility="collapsed",
                                    format_func=lambda name: f"{ICONS[name]} {texts.TITLES[name]}",
                                    persist_state="session")
        return VIEWS[name](found, task, question)


def offered(run: RunInfo, task: Task) -> list[str]:
    """The names of the views that there are of this network on this task."""
    found, writes = layer_views(run.experiment.network, task.signature()), task.stepwise is not None
    series = task.forecast is not None  # its guess after fewer values is a forecast of another moment
    there = {"forecast": series, "guesses": bool(found.guesses) and not series,
             "samples": writes and not task.signature().exact_match,
             "compare": memory_of(run.experiment.network) is not None and bool(found.states),
             "gradients": found.states}
    return [name for name in texts.TITLES if (there[name] if name in there else getattr(found, name))]


def watched(run: RunInfo) -> tuple[RunInfo, ...]:
    """The runs that are on screen with this one: its siblings where they stand side by side."""
    together = st.session_state.get(KEY) == "compare" and memory_of(run.experiment.network)
    return tuple(trio.found(run).values()) if together else (run,)


def _forecast(found: LayerViews, task: Task, question: SequenceInput) -> LookView:
    def show(run: RunInfo, task: Task, question: SequenceInput, answered: QueryResult) -> None:
        if task.forecast:
            forecast.show(task.forecast, question, answered, pace(run))
        _explain("forecast", r"\hat{y}_{t+1} = f(y_{t-n+1}, \dots, y_t), \quad "
                             r"\hat{y}_{t+2} = f(y_{t-n+2}, \dots, y_t, \hat{y}_{t+1})")

    return LookView(QueryOptions(ahead=True), show)


def _samples(found: LayerViews, task: Task, question: SequenceInput) -> LookView:
    options = samples.choose(task, question)

    def show(run: RunInfo, task: Task, question: SequenceInput, answered: QueryResult) -> None:
        samples.show(run, task, options, question, answered)
        _explain("samples", r"p_i = \frac{e^{s_i / T}}{\sum_j e^{s_j / T}}")

    return LookView(options, show)


def _compare(found: LayerViews, task: Task, question: SequenceInput) -> LookView:
    def show(run: RunInfo, task: Task, question: SequenceInput, answered: QueryResult) -> None:
        compare.show(run, task, question)
        _explain("compare", r"\frac{\partial L}{\partial h_t} = \frac{\partial L}{\partial h_T} "
                            r"\prod_{k=t+1}^{T} \frac{\partial h_k}{\partial h_{k-1}}")

    return LookView(QueryOptions(), show)


def _gradients(found: LayerViews, task: Task, question: SequenceInput) -> LookView:
    def show(run: RunInfo, task: Task, question: SequenceInput, answered: QueryResult) -> None:
        gradient.show(found, question, answered, pace(run))
        _explain("gradients", r"\frac{\partial L}{\partial h_t} = \frac{\partial L}{\partial h_T} "
                              r"\prod_{k=t+1}^{T} \frac{\partial h_k}{\partial h_{k-1}}")

    return LookView(QueryOptions(gradients=tuple(layer_view.name for layer_view in found.states)), show)


def _attention(found: LayerViews, task: Task, question: SequenceInput) -> LookView:
    def show(run: RunInfo, task: Task, question: SequenceInput, answered: QueryResult) -> None:
        if answered.attention:
            attention.show(run.id, found.attention, question, answered)
        _explain("attention", layers.get("MultiheadAttention").formula)

    return LookView(QueryOptions(attention=tuple(layer_view.name for layer_view in found.attention)), show)


def _states(found: LayerViews, task: Task, question: SequenceInput) -> LookView:
    layer_view = states.choose(found.states)

    def show(run: RunInfo, task: Task, question: SequenceInput, answered: QueryResult) -> None:
        states.show(task, layer_view, question, answered)
        _explain("states", layers.get(layer_view.kind).formula)

    return LookView(QueryOptions(states=(layer_view.name,)), show)


def _guesses(found: LayerViews, task: Task, question: SequenceInput) -> LookView:
    def show(run: RunInfo, task: Task, question: SequenceInput, answered: QueryResult) -> None:
        guesses.show(task, found.guesses[-1], question, answered)
        _explain("guesses", r"\hat{y}_t = f(x_1, \dots, x_t)")

    return LookView(QueryOptions(guesses=True), show)


def _positions(found: LayerViews, task: Task, question: SequenceInput) -> LookView:
    layer_view = tables.choose(found.positions)

    def show(run: RunInfo, task: Task, question: SequenceInput, answered: QueryResult) -> None:
        spec = run.experiment.network.layers[run.experiment.network.index(layer_view.name)]
        encoding = layers.declare(spec.kind, spec.fields).encoding
        tables.positions(layer_view, question, answered, encoding)
        waves = encoding == "sinusoidal"
        _explain("positions", layers.get(layer_view.kind).formula if waves else r"y_t = x_t + P_t")

    return LookView(QueryOptions(weights=(layer_view.name,)), show)


def _embeddings(found: LayerViews, task: Task, question: SequenceInput) -> LookView:
    layer_view = tables.choose(found.embeddings)

    def show(run: RunInfo, task: Task, question: SequenceInput, answered: QueryResult) -> None:
        tables.embeddings(run.id, task, layer_view, question, answered, pace(run))
        _explain("embeddings", layers.get(layer_view.kind).formula)

    return LookView(QueryOptions(weights=(layer_view.name,)), show)


def pace(run: RunInfo) -> float:
    """Seconds between two figures: some while the run goes on, none at rest."""
    return 0.0 if run.over else PACE


def _explain(name: str, formula: str) -> None:
    with st.expander(texts.WHAT_DOES_SHOW, icon=":material/help:"):
        st.markdown(texts.WORDS[name])
        st.latex(formula)


VIEWS: dict[str, Callable[[LayerViews, Task, SequenceInput], LookView]] = {
    "forecast": _forecast, "samples": _samples, "attention": _attention, "guesses": _guesses,
    "states": _states, "compare": _compare, "gradients": _gradients, "positions": _positions,
    "embeddings": _embeddings}
