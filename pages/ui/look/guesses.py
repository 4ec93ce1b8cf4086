"""What a network would answer after each step, below what it reads. Asks for nothing itself."""
from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from torch import nn

from dlviz import layers
from dlviz.figures import packing, states
from dlviz.layers.sequence import TimePooling
from dlviz.tasks import Task
from dlviz.training.events import QueryResult
from pages.ui.look.attention import words
from pages.ui.look.layer_views import LayerView
from pages.ui.look.texts import texts
from pages.ui.shared import sequence_answer, shell
from pages.ui.shared.sequence_question import SequenceInput

KEY = "look.guesses"


def show(task: Task, layer_view: LayerView, question: SequenceInput, answered: QueryResult) -> None:
    if answered.readouts is None:
        st.caption(texts.APPEARS_FIRST_CAPTURE)
    else:
        sequence_answer.mount(KEY, payload(task, layer_view, question, answered.readouts))
        reads = issubclass(layers.get(layer_view.kind).torch, (nn.RNNBase, TimePooling))
        st.caption(texts.STEP_BY_STEP.format(layer=shell.plain(layer_view.name)) if reads else texts.AT_ONCE)


def payload(task: Task, layer_view: LayerView, question: SequenceInput, guesses: np.ndarray) -> dict[str, Any]:
    """What is sent: the answers `(T, classes)` as rows, what was read then, when it was decided."""
    source = layer_view.steps[0]
    beside = source is not None and not task.downwards
    read = sequence_answer.signal(question.inputs[source]) if beside else None
    data = {"view": "guesses", "values": packing.floats(guesses.T), "steps": len(guesses), "read": read,
            "words": words(question, source, len(guesses))}
    if task.signature().loss == "mse":
        truth = None if question.target is None else np.ravel(question.target).astype(float).tolist()
        return data | {"form": "numbers", "truth": truth, "span": states.span(guesses)}
    names = sequence_answer.visible(task.to_words(np.arange(guesses.shape[1])))
    truth = None if question.target is None else int(question.target)
    return data | {"form": "classes", "classes": names, "said": int(guesses[-1].argmax()), "truth": truth,
                   "settled": states.stable_from(guesses)}
