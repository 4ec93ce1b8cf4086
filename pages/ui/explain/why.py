"""Why this answer: four ways to ask the network about one sample, as the plain data of the component `explain`.

Turns what the engine found into JSON; computes nothing that the engine has not.
"""
from __future__ import annotations

import math
import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import nullcontext
from typing import Any, SupportsFloat

import numpy as np
import streamlit as st

from dlviz.figures import packing
from dlviz.inspect.explanation import Explainer
from dlviz.probes.attribution import AttributionTarget, enlarged
from dlviz.tasks import Modality
from pages.ui.explain.question import ExplainedInput
from pages.ui.explain.texts import texts
from pages.ui.explain.words import methods
from pages.ui.shared import shell, state
from pages.ui.shared.component import callbacks, static_component

KEY = "explain.why"
KEPT = 24  # answers of the engine that a session keeps
THINGS = {Modality.IMAGE: "pixel", Modality.TOKENS: "symbol", Modality.SERIES: "number"}  # what a map has one value of
PATCH = 5  # pixels of the square that occlusion wipes out, at first

_EXPLAIN = static_component("dlviz_explain", "explain")
Json = dict[str, Any]


def mount(key: str, data: Json, *states: str) -> None:
    """Draw one view of the component and keep it drawn; `states` are the values that the browser may set."""
    _EXPLAIN(key=key, data=data, **callbacks(states))


def remembered(key: Hashable, compute: Callable[[], Any]) -> Any:
    """What `compute` gives, computed once for this session while it is among the last few."""
    kept: OrderedDict[Hashable, Any] = state.session_value("explain.answers", OrderedDict)
    if key not in kept:
        kept[key] = compute()
    kept.move_to_end(key)
    while len(kept) > KEPT:
        kept.popitem(last=False)
    return kept[key]


def answer(subject: Explainer, question: ExplainedInput) -> np.ndarray:
    """The raw scores for the question, `(classes,)` or `(T, classes)`."""
    return remembered((subject.key, question.key, "scores"), lambda: subject.scores(question.inputs))


def shares(scores: np.ndarray) -> np.ndarray:
    """Probabilities of raw scores, along the last axis."""
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def show(subject: Explainer, question: ExplainedInput) -> None:
    """The question in words, and its four answers. A fragment has to catch for itself."""
    with shell.show_errors():
        _show(subject, question)


def _show(subject: Explainer, question: ExplainedInput) -> None:
    scores = answer(subject, question)
    if not np.isfinite(scores).all():
        st.warning(texts.OUTPUT_NOT_FINITE_WEIGHTS, icon=":material/error:")
        return
    score = asked(subject, question, scores)
    window, layer = settings(subject, question)
    first = "captum.attr" not in sys.modules  # it takes a moment to load, once a server
    with st.spinner(texts.COMPUTING) if first else nullcontext():
        data = payload(subject, question, scores, score, window, layer)
    mount(KEY, data)


# what is asked

def asked(subject: Explainer, question: ExplainedInput, scores: np.ndarray) -> AttributionTarget:
    """Why this class (its answer, unless another is chosen), and not that one."""
    names = class_names(subject)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        step = _step(question, names, scores)
        row = scores if step is None else scores[step]
        if len(names) < 2:
            return AttributionTarget(0, step=step)
        likely, best = shares(row), int(row.argmax())
        labels = {number: f"{names[number]}  ({percent(likely[number])})" for number in range(len(names))}
        of = st.selectbox(texts.WHY, range(-1, len(names)), key=f"explain.of.{len(names)}", width=220,
                          persist_state="session", format_func=lambda number: labels[number] if number >= 0
                          else texts.PREDICTION.format(name=labels[best]))
        of = best if of < 0 else of
        others = [number for number in range(-1, len(names)) if number != of]
        against = st.selectbox(texts.AGAINST, others, key=f"explain.against.{len(names)}.{of}", width=180,
                               format_func=lambda number: labels[number] if number >= 0 else texts.ANYTHING,
                               persist_state="session")
    return AttributionTarget(of, None if against < 0 else against, step)


def class_names(subject: Explainer) -> tuple[str, ...]:
    """A word for each number that comes out."""
    return (texts.THE_OUTPUT,) if subject.task.signature().loss == "mse" else subject.task.classes


def _step(question: ExplainedInput, names: tuple[str, ...], scores: np.ndarray) -> int | None:
    """Which step of an answer that is a sequence."""
    if scores.ndim == 1:
        return None
    steps = question.steps or tuple(range(len(scores)))
    said = scores.argmax(-1)
    return st.selectbox(texts.OUTPUT_STEP, steps, key=f"explain.step.{len(steps)}", width=220,
                        format_func=lambda step: texts.PREDICTS.format(index=steps.index(step) + 1,
                                                                       name=names[said[step]]),
                        persist_state="session")


def settings(subject: Explainer, question: ExplainedInput) -> tuple[int, str | None]:
    """How large a place occlusion wipes out, and the layer that Grad-CAM looks at."""
    if subject.task.modality is not Modality.IMAGE:
        return 1, None
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        layers = subject.convolutions()
        layer = st.selectbox(texts.GRAD_CAM_LAYER, layers, index=len(layers) - 1, width=220,
                             key=f"explain.layer.{'.'.join(layers)}", persist_state="session") if layers else None
        window = st.slider(texts.OCCLUSION_WINDOW, 2, 12, PATCH, key="explain.patch", width=260,
                           format="%d pixels", persist_state="session")
    return window, layer


def percent(share: float) -> str:
    return f"{share:.1%}" if 0.0005 < share < 0.9995 else f"{share:.0%}"


# what is sent

def payload(subject: Explainer, question: ExplainedInput, scores: np.ndarray, score: AttributionTarget, window: int,
            layer: str | None) -> Json:
    names = class_names(subject)
    row = scores if score.step is None else scores[score.step]
    of, lead = said_of(names, score), row[score.of] - (0 if score.against is None else row[score.against])
    cards = [card for name in methods() if (card := _card(name, subject, question, score, of, window, layer))]
    raw = texts.BEFORE_SOFTMAX if len(names) > 1 else ""
    return {"view": "why", "of": of, "raw": raw, "score": finite(float(lead)), "shape": shape(question),
            "ink": packing.levels(question.picture) if question.picture is not None else None,
            "words": [list(words) for words in question.words],
            "cards": sorted(cards, key=lambda card: bool(card["missing"]))}


def said_of(names: tuple[str, ...], score: AttributionTarget) -> str:
    """What the maps are about, in words that fit into a sentence."""
    if len(names) == 1:
        return texts.THE_PREDICTION
    own = texts.THE_LOGIT_OF.format(name=names[score.of])
    return own if score.against is None else texts.LOGIT_MINUS.format(name=names[score.of], other=names[score.against])


def shape(question: ExplainedInput) -> list[int]:
    """Rows and columns of the maps; none where words are coloured."""
    return list(question.picture.shape) if question.picture is not None else []


def _card(name: str, subject: Explainer, question: ExplainedInput, score: AttributionTarget, of: str, window: int,
          layer: str | None) -> Json | None:
    method, pictured = methods()[name], question.picture is not None
    image = subject.task.modality is Modality.IMAGE
    if name == "cam" and not image:
        return None
    words = {"thing": THINGS[subject.task.modality],
             "of": of, "blank": blank(subject), "layer": layer or "",
             "patch": (texts.SQUARE_PIXELS.format(window=window) if image else
                       texts.A_STEP if pictured else texts.WHAT_IS),
             "signs": texts.SIGNS if subject.task.signature().loss == "cross_entropy" else texts.SIGNS_OF_A_NUMBER}
    says, not_said = method.told(**words)
    card = {"name": name, "title": method.title, "term": method.term.format(**words), "says": says,
            "not": not_said, "signed": method.signed, "missing": "", "figures": [], "values": []}
    if name == "cam" and layer is None:
        return card | {"missing": texts.NO_MAPS}
    values, figures = remembered((subject.key, question.key, name, score, window, layer),
                                 lambda: COMPUTED[name](subject, question, score, window, layer))
    return card | {"values": [packing.floats(value) for value in values], "figures": figures,
                   "most": max(float(np.nanmax(np.abs(value), initial=0)) for value in values)}


def blank(subject: Explainer) -> str:
    return {Modality.IMAGE: texts.A_BLACK_PICTURE, Modality.TOKENS: texts.THE_AVERAGE_SYMBOL,
            Modality.SERIES: texts.ALL_ZEROS}[subject.task.modality]


Found = tuple[list[np.ndarray], list[list[str]]]


def _saliency(subject: Explainer, question: ExplainedInput, score: AttributionTarget, window: int,
              layer: str | None) -> Found:
    return _per_place(subject, question, subject.saliency(question.inputs, score), np.linalg.norm), []


def _integrated(subject: Explainer, question: ExplainedInput, score: AttributionTarget, window: int,
                layer: str | None) -> Found:
    found = subject.integrated_gradients(question.inputs, score)
    figures = [[texts.SUM, number(found.total)],
               [texts.OUTPUT_MINUS.format(blank=blank(subject)), number(found.given - found.blank)]]
    return _per_place(subject, question, found.values, np.sum), figures


def _occlusion(subject: Explainer, question: ExplainedInput, score: AttributionTarget, window: int,
               layer: str | None) -> Found:
    values = subject.occlusion(question.inputs, score, window)
    fallen = max(float(value.max()) for value in values)
    return _per_place(subject, question, values, np.mean), [[texts.LARGEST_DROP, f"{fallen:.2f}"]]


def _cam(subject: Explainer, question: ExplainedInput, score: AttributionTarget, window: int,
         layer: str | None) -> Found:
    if layer is None or question.picture is None:
        raise ValueError("Grad-CAM needs a layer and a picture")
    small = subject.grad_cam(question.inputs, score, layer)
    return [enlarged(small, *question.picture.shape)], [[texts.SIZE_MAP, f"{small.shape[0]} x {small.shape[1]}"]]


COMPUTED: dict[str, Callable[..., Found]] = {"saliency": _saliency, "integrated": _integrated, "cam": _cam,
                                             "occlusion": _occlusion}


def _per_place(subject: Explainer, question: ExplainedInput, values: tuple[np.ndarray, ...],
               joined: Callable[..., np.ndarray]) -> list[np.ndarray]:
    """One number a pixel, or a step of each input: channels and numbers of a symbol are taken together."""
    if question.picture is not None:
        return [joined(value, axis=0) if value.ndim == 3 else np.abs(value) if joined is np.linalg.norm else value
                for value in values]
    rows: list[list[np.ndarray]] = [[] for _ in question.inputs]
    for slot, value in zip(subject.entrances, values):
        rows[slot].append(joined(value, axis=-1))
    return [np.sum(parts, axis=0) for parts in rows]


def number(value: float) -> str:
    """With its sign and a true minus; what rounds to zero has none."""
    if not math.isfinite(value):
        return "–"
    return "0.00" if abs(value) < 0.005 else f"{value:+.2f}".replace("-", "−")


def finite(value: SupportsFloat) -> float | None:
    """NaN in a component's data breaks it for good."""
    return float(value) if math.isfinite(value) else None
