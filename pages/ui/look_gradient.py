"""How far back the gradient reaches: its size at each step of a memory, beside that at the end.

Turns what a run answered into the plain data of the component `look`; asks for nothing itself.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from dlviz.figures import states
from dlviz.training.events import Answered
from pages.ui import look_answer
from pages.ui.look_attention import words
from pages.ui.look_forecast import line
from pages.ui.look_question import Question
from pages.ui.look_sights import Sights

KEY = "look.gradient"
UNKNOWN = "Nobody knows the right answer here, so there is no error whose gradient could flow back."
Json = dict[str, Any]


def show(found: Sights, question: Question, answered: Answered) -> None:
    if question.target is None:
        st.info(UNKNOWN, icon=":material/help:")
    elif not answered.gradients:
        st.caption("It comes with the first look at the network.")
    else:
        look_answer.mount(KEY, payload(found, question, answered))


def payload(found: Sights, question: Question, answered: Answered) -> Json:
    """What is sent: a line for each memory, layer by layer and direction by direction."""
    by_name = {sight.name: sight for sight in found.states}
    paths = [Path(layer if len(readings) == 1 else f"{layer}, {reading}", by_name[layer].kind, sizes,
                  "backwards" in reading, bool(found.attention))
             for layer, readings in answered.gradients.items() for reading, sizes in readings.items()]
    longest = max(len(path.sizes) for path in paths)
    first = by_name[next(iter(answered.gradients))]
    return chart(paths, words(question, first.steps[0], longest))


@dataclass(frozen=True)
class Path:
    """How large the gradient is at each step of one memory `(T,)`; `kind` is its layer's.

    With `attention` it does not only come in at the end, so that it is seen beside its largest.
    """

    name: str
    kind: str
    sizes: np.ndarray
    backwards: bool = False
    attention: bool = False

    @property
    def shares(self) -> np.ndarray:
        if self.attention:
            return self.sizes / max(self.sizes.max(), 1e-30)
        return states.beside_the_end(self.sizes, self.backwards)


def chart(paths: Sequence[Path], named: list[str]) -> Json:
    series = [line(path.name, path.kind.lower(), len(named), 0, np.maximum(path.shares, states.FAINT))
              for path in paths]
    beside = "its largest" if any(path.attention for path in paths) else "that at the end"
    return {"view": "lines", "title": f"Gradient norm at each step, beside {beside}", "words": named,
            "series": series, "log": True, "note": " ".join(sentence(path, named) for path in paths)}


def sentence(path: Path, named: list[str]) -> str:
    """What is left of a gradient when it has come back to the first step that was read."""
    known = path.shares[np.isfinite(path.shares)]
    if not known.any():
        return f"{path.name}: no gradient comes back at all."
    if path.attention:
        most = int(path.sizes.argmax())
        return f"{path.name}: most of the error reaches it at step {most + 1} “{named[most]}”."
    left = known[-1 if path.backwards else 0]
    if left > 3:
        return f"{path.name}: it grows to {left:,.0f} times on the way back."
    return f"{path.name}: {share(left)} of it comes back to the first step."


def share(left: float) -> str:
    """0.034 -> '3 %'; 0.00002 -> '1 part in 50,000'."""
    if left >= 0.01:
        return f"{100 * left:.0f} %"
    if left <= states.FAINT:
        return "nothing"
    parts = 1 / left
    digits = int(np.floor(np.log10(parts)))
    return f"1 part in {round(parts, -digits):,.0f}" if digits < 9 else "less than a billionth"
