"""What a language model writes by itself while it learns, and what it holds for the next letter.

Turns what a run answered into the plain data of the component `look`; asks for nothing itself.
"""
from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st

from dlviz.runs.info import RunInfo
from dlviz.tasks import Task
from dlviz.tasks.decoding import Decoding, probabilities
from dlviz.training.events import QueryResult
from pages.ui.look.reply import QueryOptions
from pages.ui.look.texts import texts
from pages.ui.shared import sequence_answer, sequence_question, state
from pages.ui.shared.sequence_question import SequenceInput

KEY = "look.samples"
HEAT, FEW = "look.samples.temperature", "look.samples.top_k"
COUNT = 8  # answers at each moment
ROWS = 7  # moments that are shown
BEGUN = 2  # letters of a test sample after which the next is guessed
Json = dict[str, Any]


@dataclass
class SampleHistory:
    """What was written at the moments that this session has seen: of one run, drawn in one way."""

    of: Hashable = None
    steps: list[int] = field(default_factory=list)
    texts: list[tuple[str, ...]] = field(default_factory=list)

    def fits(self, of: Hashable, step: int) -> bool:
        """Whether this moment belongs behind those that are here."""
        return self.of == of and (not self.steps or step >= self.steps[-1])

    def begin(self, of: Hashable) -> None:
        self.of, self.steps, self.texts = of, [], []

    def see(self, step: int, texts: tuple[str, ...]) -> None:
        if not self.steps or step > self.steps[-1]:
            self.steps.append(step)
            self.texts.append(texts)

    def rows(self) -> list[tuple[int, tuple[str, ...]]]:
        """`ROWS` moments at most, the newest first, the older the wider apart: learning slows down."""
        return [(self.steps[at], self.texts[at]) for at in reversed(spaced(self.steps))]


def spaced(steps: Sequence[int]) -> list[int]:
    """The places of `ROWS` of these ascending steps at most, each gap about twice the one before it."""
    wanted = [steps[0] + (steps[-1] - steps[0]) * 0.5 ** back for back in range(ROWS - 1)] + [steps[0]]
    return sorted({int(np.argmin(np.abs(np.array(steps) - step))) for step in wanted})


def choose(task: Task, question: SequenceInput) -> QueryOptions:
    """How boldly it draws: two sliders, unless those of an own beginning are there already."""
    if question.decoding is not None:
        return QueryOptions(samples=COUNT,
                            sample_decoding=question.decoding if question.decoding.temperature else Decoding(1.0))
    symbols = len(task.classes)
    heat = st.slider(texts.TEMPERATURE, 0.1, 2.0, 1.0, 0.1, key=HEAT, width=220, persist_state="session",
                     help=texts.SAMPLES_FROM_PREDICTED)
    few = st.slider(texts.TOP_K, 1, symbols, symbols, key=FEW, width=220,
                    persist_state="session", help=texts.SAMPLES_ONLY_FROM_K)
    st.button(texts.SAMPLE_AGAIN, icon=":material/casino:", key="look.samples.again", on_click=sequence_question.reseed,
              help=texts.SAMPLE_OTHER_NAMES_SAME)
    return QueryOptions(samples=COUNT, sample_decoding=Decoding(heat, few))


def show(run: RunInfo, task: Task, options: QueryOptions, question: SequenceInput, answered: QueryResult) -> None:
    if not answered.samples:
        st.caption(texts.APPEARS_FIRST_CAPTURE)
        return
    past = state.session_value(KEY, SampleHistory)
    of = (run.id, options.sample_decoding, question.seed, question.key if answered.generation else None)
    if not past.fits(of, answered.step):
        past.begin(of)
        for step, names in before(run, options, question, answered.step):
            past.see(step, names)
    past.see(answered.step, answered.samples)
    sequence_answer.mount(KEY, payload(task, options.sample_decoding, question, answered, past))


def before(run: RunInfo, options: QueryOptions, question: SequenceInput,
           step: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """What it wrote at moments before this step that the run has kept; 10 to 40 ms each, once for each choice."""
    kept = [moment for moment in state.service().scrubber.keyframes(run.id) if moment < step]
    for moment in ([kept[at] for at in spaced(kept)] if kept else ()):
        answered = state.service().scrubber.query(run.id, moment, question.inputs, samples=options.samples,
                                             sample_decoding=options.sample_decoding, decoding=question.decoding,
                                             seed=question.seed)
        yield moment, answered.samples


def payload(task: Task, sample_decoding: Decoding, question: SequenceInput, answered: QueryResult,
            past: SampleHistory) -> Json:
    rows = [{"step": step, "texts": [{"text": text, "known": task.is_known(text)}
                                     for text in names]} for step, names in past.rows()]
    after, chances = next_letter(task, sample_decoding, question, answered)
    bars = [{"word": word, "share": round(float(share), 4)}
            for word, share in zip(sequence_answer.visible(task.classes), chances)]
    return {"view": "samples", "rows": rows, "after": after, "bars": bars}


def next_letter(task: Task, sample_decoding: Decoding, question: SequenceInput,
                answered: QueryResult) -> tuple[str, np.ndarray]:
    """A beginning, and the chance of each symbol to come next, after temperature and top-k."""
    row = answered.generation[0].row if answered.generation else BEGUN
    scores = np.log(np.maximum(answered.probabilities[row], 1e-30))
    return "".join(question.words[0][1:row + 1]), probabilities(scores, sample_decoding)
