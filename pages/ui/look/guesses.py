"""What a network would answer after each step, below what it reads. Asks for nothing itself."""
from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from torch import nn

from dlviz import layers
from dlviz.figures import packing, states
from dlviz.layers.sequence import TimePooling
from dlviz.tasks import SequenceTask
from dlviz.training.events import Answered
from pages.ui.shared import sequence_answer, shell
from pages.ui.look.attention import words
from pages.ui.shared.sequence_question import Question
from pages.ui.look.sights import Sight

KEY = "look.guesses"
AT_ONCE = ("This network reads the whole at once, and was trained on whole rows. Each column is what it says when only the "
           "beginning up to there is heard, and silence after it.")
STEP_BY_STEP = ("Only the last column is what the network was trained to say: its read-out, the layers behind {layer}, "
                "has learned from the state after the last step alone. The other columns show what the same read-out makes of "
                "earlier states. It never learned to read these, so a guess that is wrong there is no mistake.")


def show(task: SequenceTask, sight: Sight, question: Question, answered: Answered) -> None:
    if answered.guesses is None:
        st.caption("It comes with the first look at the network.")
    else:
        sequence_answer.mount(KEY, payload(task, sight, question, answered.guesses))
        reads = issubclass(layers.get(sight.kind).torch, (nn.RNNBase, TimePooling))
        st.caption(STEP_BY_STEP.format(layer=shell.plain(sight.name)) if reads else AT_ONCE)


def payload(task: SequenceTask, sight: Sight, question: Question, guesses: np.ndarray) -> dict[str, Any]:
    """What is sent: the answers `(T, classes)` as rows, what was read then, when it was decided."""
    source = sight.steps[0]
    beside = source is not None and not task.downwards
    read = sequence_answer.signal(question.inputs[source]) if beside else None
    data = {"view": "guesses", "values": packing.floats(guesses.T), "steps": len(guesses), "read": read,
            "words": words(question, source, len(guesses))}
    if task.signature().loss == "mse":
        truth = None if question.target is None else np.ravel(question.target).astype(float).tolist()
        return data | {"form": "numbers", "truth": truth, "span": states.span(guesses)}
    names = sequence_answer.visible(task.say(np.arange(guesses.shape[1])))
    truth = None if question.target is None else int(question.target)
    return data | {"form": "classes", "classes": names, "said": int(guesses[-1].argmax()), "truth": truth,
                   "settled": states.stable_from(guesses)}
