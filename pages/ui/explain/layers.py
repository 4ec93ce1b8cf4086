"""Which layers of a network can be looked into, the one that is worth it first, and a bar for what takes long."""
from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from dlviz import layers
from dlviz.inspect.explanation import Explainer
from dlviz.network import LayerReport
from pages.ui.explain.texts import texts

QUIET = ("reshape", "regularization")  # families that only pass on, once training is over
SOON = 0.4  # seconds after which a bar appears


def choosable(subject: Explainer, last: bool) -> dict[str, LayerReport]:
    """The layers that do something by name; the `last` too, or without it."""
    found = subject.report.layers if last else subject.report.layers[:-1]
    return {layer.name: layer for layer in found if layers.get(layer.kind).family not in QUIET}


def choose(subject: Explainer, key: str, last: bool = True) -> str | None:
    """A select of layers; None where there is none to choose."""
    found = choosable(subject, last)
    if not found:
        return None
    names = list(found)
    return st.selectbox(texts.LAYER, names, index=names.index(first(found)), key=f"{key}.{'.'.join(names)}",
                        width=265, format_func=lambda name: about(found[name]), persist_state="session")


def first(found: dict[str, LayerReport]) -> str:
    """The layer that is worth it first: the last bend of pictures, the first other bend, attention, a memory."""
    def of(family: str, kind: str | None = None) -> list[str]:
        return [name for name, layer in found.items() if layers.get(layer.kind).family == family
                and kind in (None, layer.out_shape.kind)]

    for names in (of("activation", "image")[::-1], of("activation"), of("attention"), of("recurrent")):
        if names:
            return names[0]
    return next(iter(found))


def about(layer: LayerReport) -> str:
    return f"{layer.name}  ({layer.kind}, {layer.out_shape})"


def unit_word(layer: LayerReport) -> str:
    return "channel" if layer.out_shape.kind == "image" else "unit"


@contextmanager
def waiting(text: str) -> Iterator[Callable[[float], None]]:
    """What is told the share that is done; a bar is shown when that takes longer than a moment."""
    place, began = st.empty(), time.monotonic()

    def report_progress(share: float) -> None:
        if time.monotonic() - began > SOON:
            place.progress(min(1.0, share), text=f"{text} {share:.0%}")

    try:
        yield report_progress
    finally:
        place.empty()
