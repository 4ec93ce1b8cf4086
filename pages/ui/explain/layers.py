"""Which layers of a network can be looked into, the one that is worth it first, and a bar for what takes long."""
from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from dlviz import english
from dlviz.inspect.explanation import Explainer
from dlviz.views.choosable import about, choosable, first
from pages.ui.explain.texts import texts

SOON = 0.4  # seconds after which a bar appears


def choose(subject: Explainer, key: str, last: bool = True) -> str | None:
    """A select of layers; None where there is none to choose."""
    found = choosable(subject.report, last)
    if not found:
        return None
    names = list(found)
    return st.selectbox(texts.LAYER, names, index=names.index(first(found)), key=f"{key}.{'.'.join(names)}",
                        width=265, format_func=lambda name: about(found[name]), persist_state="session")


@contextmanager
def waiting(text: str) -> Iterator[Callable[[float], None]]:
    """What is told the fraction that is done; a bar is shown when that takes longer than a moment."""
    place, began = st.empty(), time.monotonic()

    def report_progress(fraction: float) -> None:
        if time.monotonic() - began > SOON:
            place.progress(min(1.0, fraction), text=f"{text} {english.percent(fraction, 0)}")

    try:
        yield report_progress
    finally:
        place.empty()
