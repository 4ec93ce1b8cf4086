"""What each unit of a layer likes best, as the plain data of the component `explain`: test samples, and where in them.

Turns what the engine found into JSON; computes nothing that the engine has not.
"""
from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import streamlit as st

from dlviz.figures import packing
from dlviz.inspect.explanation import TOP_SAMPLES, Explainer
from dlviz.probes.receptive_field import ReceptiveField
from dlviz.probes.top_activations import TopActivations
from dlviz.tasks import Modality
from dlviz.views.question import visible
from pages.ui.explain import layers
from pages.ui.explain.question import picture_of
from pages.ui.explain.texts import texts
from pages.ui.explain.why import mount
from pages.ui.shared import shell

KEY = "explain.likes"
SHOWN = 32  # units at a time
Json = dict[str, Any]


def show(subject: Explainer) -> None:
    with shell.show_errors():
        _show(subject)


def _show(subject: Explainer) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        layer = layers.choose(subject, "explain.likes.layer")
        labelled = truths_of(subject) is not None
        order = st.selectbox(texts.ORDER, (texts.BY_NUMBER, texts.AGREED), key="explain.likes.order", width=200,
                             persist_state="session") if labelled else texts.BY_NUMBER
        pages = -(-subject.units(layer) // SHOWN)
        page = st.selectbox(texts.UNITS, range(pages), width=160, key=f"explain.likes.page.{layer}.{pages}",
                            format_func=lambda page: _range(page, subject.units(layer))) if pages > 1 else 0
    with layers.waiting(texts.RUNNING_TEST_SAMPLES) as report_progress:
        found = subject.top_activations(layer, report_progress)
    mount(KEY, payload(subject, layer, found, order == texts.AGREED, page))


def _range(page: int, units: int) -> str:
    return texts.TO.format(first=page * SHOWN, count=min(units, (page + 1) * SHOWN) - 1)


def truths_of(subject: Explainer) -> np.ndarray | None:
    """The class of each test sample that was looked through; None where samples have no class."""
    labels = subject.task.labels("test")
    return None if labels is None else labels[:TOP_SAMPLES].astype(int)


def payload(subject: Explainer, layer: str, found: TopActivations, agreed_first: bool, page: int) -> Json:
    truths, names, dead = truths_of(subject), subject.task.classes, found.dead()
    classes = None if truths is None else truths[found.samples]
    order = list(range(len(found.values)))
    if agreed_first and classes is not None:
        order.sort(key=lambda unit: (bool(dead[unit]), -common(classes[unit])[1], common(classes[unit])[0]))
    shown = order[page * SHOWN:(page + 1) * SHOWN]
    report = subject.report.layer(layer)
    units = [_unit(subject, layer, found, unit, bool(dead[unit]), None if classes is None else classes[unit], names)
             for unit in shown]
    wanted = sorted({int(sample) for unit in shown if not dead[unit] for sample in found.samples[unit]})
    looked = min(TOP_SAMPLES, subject.task.size("test"))
    word = layers.unit_word(report)
    return {"view": "likes", "word": word, "units": units, "samples": {str(n): _sample(subject, n) for n in wanted},
            "note": texts.TEST_SAMPLES_AMONG_FIRST.format(count=looked, which=word, layer=layer,
                                                          note=_framed(subject, layer))}


def _framed(subject: Explainer, layer: str) -> str:
    if _reach(subject, layer):
        return texts.FRAME_RECEPTIVE_FIELD_HIGHEST
    steps = subject.report.layer(layer).out_shape.kind == "sequence"
    return texts.MARK_STEP_HIGHEST_ACTIVATION if steps else ""


def common(classes: np.ndarray) -> tuple[int, int]:
    """The class that comes most often, and how often."""
    (best, count), = Counter(classes.tolist()).most_common(1)
    return best, count


def _unit(subject: Explainer, layer: str, found: TopActivations, unit: int, dead: bool, classes: np.ndarray | None,
          names: tuple[str, ...]) -> Json:
    if dead:
        return {"number": unit, "about": texts.CONSTANT_OUTPUT, "likes": []}
    about = ""
    if classes is not None:
        best, count = common(classes)
        about = texts.OF_ARE.format(count=count, name=len(classes),
                                    name_2=names[best]) if count > 1 else texts.ALL_DIFFERENT_CLASSES
    reach = _reach(subject, layer)
    likes = [{"sample": int(sample), "value": float(value), "truth": None if classes is None else names[classes[rank]],
              **_place(subject, sample, reach, found.places[unit, rank])}
             for rank, (sample, value) in enumerate(zip(found.samples[unit], found.values[unit]))
             if np.isfinite(value)]
    return {"number": unit, "about": about, "likes": likes}


def _reach(subject: Explainer, layer: str) -> tuple[ReceptiveField, ReceptiveField] | None:
    return subject.reach(layer) if subject.task.modality is Modality.IMAGE else None


def _place(subject: Explainer, sample: int, reach: tuple[ReceptiveField, ReceptiveField] | None,
           place: np.ndarray) -> Json:
    """Where in the sample: a frame [top, left, bottom, right] in a picture, or a step of an input."""
    if subject.task.modality is Modality.IMAGE:
        if reach is None or len(place) != 2:
            return {"frame": None}
        top, bottom = reach[0].seen(int(place[0]), 28)
        left, right = reach[1].seen(int(place[1]), 28)
        return {"frame": None if (top, left, bottom, right) == (0, 0, 28, 28) else [top, left, bottom, right]}
    return {"frame": None, "step": int(place[0]) if len(place) else None}


def _sample(subject: Explainer, number: int) -> Json:
    """A test sample as it is shown: a picture, or words."""
    task = subject.task
    if task.modality is Modality.IMAGE:
        return {"ink": packing.levels(task.picture("test", number)), "size": [28, 28]}
    inputs, target = task.sample("test", number)
    picture = picture_of(inputs)
    if picture is not None:
        return {"ink": packing.levels(picture), "size": list(picture.shape)}
    words = task.view(inputs, target).inputs
    shown = [visible(row) if values.ndim == 1 else [f"{step[0]:.1f}" for step in values]
             for row, values in zip(words, inputs)]
    return {"words": shown}
