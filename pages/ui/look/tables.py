"""Positions and embeddings: what stands for a place and for a symbol, as pictures. Asks for nothing."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from dlviz.figures import embedding, packing, states
from dlviz.tasks import Task
from dlviz.training.events import QueryResult
from pages.ui.look.attention import words
from pages.ui.look.layer_views import LayerView
from pages.ui.look.texts import texts
from pages.ui.shared import sequence_answer, state
from pages.ui.shared.plot import plot_of
from pages.ui.shared.sequence_question import SequenceInput

LAYER = "look.table"
TALL = 460  # px


def choose(layer_views: tuple[LayerView, ...]) -> LayerView:
    """The layer that is looked into; a select where there are several."""
    names = [layer_view.name for layer_view in layer_views]
    if len(names) == 1:
        return layer_views[0]
    if st.session_state.get(LAYER) not in names:
        st.session_state[LAYER] = names[0]
    name = st.selectbox(texts.LAYER, names, key=LAYER, width=240, label_visibility="collapsed",
                        persist_state="session")
    return layer_views[names.index(name)]


def positions(layer_view: LayerView, question: SequenceInput, answered: QueryResult, encoding: str) -> None:
    table = answered.weights.get(layer_view.name)
    if table is None:
        st.caption(texts.APPEARS_FIRST_CAPTURE)
    elif encoding == "none":
        st.caption(texts.NOTHING_SHOW_NETWORK_HAS)
    else:
        sequence_answer.mount("look.positions", positions_payload(layer_view, question, table))


def positions_payload(layer_view: LayerView, question: SequenceInput, table: np.ndarray) -> dict[str, Any]:
    """The table `(T, D)` and how alike its rows are."""
    return {"view": "positions", "table": packing.floats(table), "size": list(table.shape),
            "span": states.span(table), "alike": packing.floats(embedding.similarity(table)),
            "words": words(question, layer_view.steps[0], len(table))}


@dataclass
class _ProjectionCache:
    """The points that were shown last, so that the next ones lie over them."""

    of: tuple[str, str, int] | None = None
    points: np.ndarray | None = None


def embeddings(run: str, task: Task, layer_view: LayerView, question: SequenceInput, answered: QueryResult,
               every: float) -> None:
    """The symbols of a layer as points; `every` so many seconds while the run goes on."""
    table = answered.weights.get(layer_view.name)
    if table is None:
        st.caption(texts.APPEARS_FIRST_CAPTURE)
        return
    dimensions = st.segmented_control(texts.DIMENSIONS, (2, 3), default=2, required=True, key="look.dimensions",
                                      format_func="{}-D".format, label_visibility="collapsed")
    symbols, used = marked(task, layer_view, question, len(table))
    before = state.session_value("look.plane", _ProjectionCache)
    if before.of != (run, layer_view.name, dimensions):
        before.of, before.points = (run, layer_view.name, dimensions), None
    found = embedding.project(table, before.points, dimensions)
    before.points = found.points
    plot_of("look.embedding", (run, table.tobytes(), tuple(used), dimensions),
            lambda: embedding.scatter(found, symbols, used, theme="page"),
            texts.SYMBOLS_POINTS.format(count=len(symbols), used=sum(used)),
            height=TALL,
            flat=(lambda: embedding.scatter(embedding.project(table), symbols, used, theme="page")) if dimensions == 3
            else None, every=every)
    st.caption(texts.NEAR_MEANS_ALIKE.format(percent=found.explained_variance))


def marked(task: Task, layer_view: LayerView, question: SequenceInput, size: int) -> tuple[list[str],
                                                                                                   list[bool]]:
    """A word for each symbol, and whether it is in the question."""
    source = layer_view.steps[0]
    used = set() if source is None else set(np.unique(question.inputs[source]).tolist())
    return vocabulary(task, question, source, size), [number in used for number in range(size)]


def vocabulary(task: Task, question: SequenceInput, source: int | None, size: int) -> list[str]:
    """A word for each token of an input: what the task calls it, else its number."""
    if source is None:
        return [str(token) for token in range(size)]
    inputs = (*question.inputs[:source], np.arange(size), *question.inputs[source + 1:])
    named = task.input_words(inputs)[source]
    return sequence_answer.visible(named) if len(named) == size else [str(token) for token in range(size)]
