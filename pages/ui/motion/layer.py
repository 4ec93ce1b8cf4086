"""Inside a layer: which one, which of its numbers, and the plain data of its arithmetic for the browser.

The numbers are those of `probes.arithmetic`; the browser multiplies and adds them anew as the pointer moves.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import streamlit as st

from dlviz import layers, tasks
from dlviz.figures import packing
from dlviz.inspect import layer_inside
from dlviz.inspect.slow_motion import SlowMotion
from dlviz.tasks import Task
from pages.ui.motion.player import finite, mount
from pages.ui.motion.texts import texts
from pages.ui.shared.forms import option

KEY = "motion.arithmetic"
TERMS = 14  # of a long sum that are written out
NUMBERS = 4_096  # of an activation or a group that are drawn
Json = dict[str, Any]


def show(motion: SlowMotion, task: Task) -> None:
    forms = motion.formed() | ({texts.LOSS: "softmax"} if motion.wiring.loss == "cross_entropy" else {})
    if not forms:
        st.caption(texts.NO_LAYER_NETWORK_CAN)
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="motion.inside"):
        names = list(forms)
        name = st.selectbox(texts.LAYER, names, names.index(option("motion.inner", names, first(forms))),
                            key="motion.inner", width=230, persist_state="session")
        sample = st.selectbox(texts.SAMPLE, range(len(motion.indices)), key="motion.inner.sample", width=120,
                              format_func=lambda i: texts.OF.format(number=i + 1, total=len(motion.indices)),
                              persist_state="session")
        data = SHOWN[forms[name]](motion, name, sample)
        st.latex(layers.get(kind(motion, name)).formula, width="content")
    mount(KEY, {"view": "layer", "form": forms[name], "layer": name, "words": words(motion, task, sample)}
          | data)


def first(forms: dict[str, str]) -> str:
    """The most telling layer: a convolution, else attention, else the first Linear."""
    return next((name for form in ("sliding", "attention", "linear") for name, own in forms.items()
                 if own == form),
                next(iter(forms)))


def kind(motion: SlowMotion, name: str) -> str:
    """The layer of the catalogue whose formula holds; for a part inside a block the layer of its own."""
    if name in motion.experiment.network.names():
        return motion.experiment.network.layer(name).kind
    if name == texts.LOSS:
        return layers.first(lambda cls: cls.arithmetic == "softmax").kind()
    return motion.inside(name).kind


def words(motion: SlowMotion, task: Task, sample: int) -> list[str]:
    """A word for each step of the first input, where words flow in."""
    inputs = tuple(x[sample] for x in motion.inputs)
    return list(task.input_words(inputs)[0])


def axis(label: str, size: int, name: str, default: int = 0) -> int:
    """One number input for an axis of a layer, kept for each; nothing to choose where there is only one."""
    if size < 2:
        return 0
    key = f"motion.axis.{name}.{label}.{size}"
    now = option(key, range(size), min(default, size - 1))
    return st.number_input(texts.TO.format(label=label, last=size - 1), 0, size - 1, now, key=key, width=150,
                           persist_state="session")


def _sliding(motion: SlowMotion, name: str, sample: int) -> Json:
    inside = motion.inside(name)
    convolves = inside.window == "convolution"
    channel = axis(texts.FILTER if convolves else texts.MAP, inside.out_shape[0], name)
    sight = inside.sliding(sample, channel)
    kernel = None if sight.kernel is None else packing.floats(sight.kernel)
    return {"slides": sight.form, "input": packing.floats(sight.input), "shape": list(sight.input.shape),
            "kernel": kernel, "bias": finite(sight.bias), "output": packing.floats(sight.output),
            "out": list(sight.output.shape), "size": sight.size, "stride": sight.stride,
            "padding": sight.padding,
            "dilation": sight.dilation, "first": sight.first, "channel": channel}


def _curve(motion: SlowMotion, name: str, sample: int) -> Json:
    inside = motion.inside(name)
    axes = inside.out_shape
    label = {2: texts.STEP, 3: texts.MAP}.get(len(axes), "")
    channel = axis(label, axes[0], name) if len(axes) > 1 else None
    sight = inside.curve(sample, channel)
    width = axes[-1] if len(axes) == 3 else int(np.ceil(np.sqrt(len(sight.inputs))))
    return {"function": inside.kind, "width": width,
            "inputs": packing.floats(sight.inputs[:NUMBERS]),
            "outputs": packing.floats(sight.outputs[:NUMBERS]), "x": packing.floats(sight.x),
            "y": packing.floats(sight.y), "slope": packing.floats(sight.slope)}


def _softmax(motion: SlowMotion, name: str, sample: int) -> Json:
    row = motion.logits(sample) if name == texts.LOSS else motion.inside(name).logits(sample)
    if row.ndim == 2:
        row = row[axis(texts.STEP, len(row), name)]
    sight = layer_inside.softmax(row)
    best = np.argsort(-sight.shares, kind="stable")[:TERMS]
    called = answers(motion) if name == texts.LOSS else ()
    return {"terms": [{"word": called[k] if called else str(k), "logit": finite(sight.scores[k]),
                       "exp": finite(sight.exps[k]),
                       "probability": finite(sight.shares[k])} for k in best],
            "others": len(sight.shares) - len(best),
            "largest": finite(sight.scores.max()), "total": finite(sight.total),
            "rest": finite(sight.shares.sum() - sight.shares[best].sum())}


def answers(motion: SlowMotion) -> tuple[str, ...]:
    """The classes of the task in words."""
    return tasks.get(motion.experiment.task.name, motion.experiment.task.fields).classes


def _norm(motion: SlowMotion, name: str, sample: int) -> Json:
    inside = motion.inside(name)
    axes = inside.out_shape
    labels: Sequence[str] = {1: (texts.UNIT,), 2: (texts.STEP, texts.UNIT),
                             3: (texts.MAP, texts.ROW, texts.COLUMN)}[len(axes)]
    middle = [size // 2 if len(axes) == 3 and at else 0 for at, size in enumerate(axes)]
    place = tuple(axis(*row) for row in zip(labels, axes, [name] * 3, middle))
    sight = inside.norm(sample, place)
    spread = (sight.variance + sight.eps) ** 0.5
    after = (sight.numbers - sight.mean) / spread * sight.scale + sight.shift
    step = max(1, len(after) // NUMBERS)
    return {"kind": inside.kind, "over": sight.over, "count": len(after),
            "numbers": packing.floats(sight.numbers[::step])} | {
                key: finite(getattr(sight, key)) for key in ("x", "mean", "variance", "scale", "shift",
                                                             "y")} | {
                "eps": sight.eps, "root": finite(spread)}


def _linear(motion: SlowMotion, name: str, sample: int) -> Json:
    inside = motion.inside(name)
    place = (axis(texts.STEP, inside.out_shape[0], name),) if len(inside.out_shape) == 2 else ()
    unit = axis(texts.UNIT, inside.out_shape[-1], name, inside.largest_unit(sample, place))
    sight = inside.linear(sample, unit, place)
    products = sight.weights.astype(np.float64) * sight.inputs
    best = np.argsort(-np.abs(products), kind="stable")[:TERMS]
    terms = [{"input": int(j), "weight": finite(sight.weights[j]), "value": finite(sight.inputs[j]),
              "product": finite(products[j])} for j in best]
    return {"unit": unit, "terms": terms, "others": len(products) - len(best), "bias": finite(sight.bias),
            "rest": finite(products.sum() - products[best].sum()), "output": finite(sight.output),
            "inputs": packing.floats(sight.inputs[:NUMBERS]),
            "weights": packing.floats(sight.weights[:NUMBERS])}


def _attention(motion: SlowMotion, name: str, sample: int) -> Json:
    inside = motion.inside(name)
    head = axis(texts.HEAD, inside.num_heads, name)
    row = axis(texts.QUERY_AT_PLACE, inside.in_shape[0], name)
    sight = inside.attention(sample, head, row)
    crossing = inside.inputs > 1
    return {"head": head, "row": row, "crossing": crossing, "width": len(sight.query),
            "query": packing.floats(sight.query), "keys": packing.floats(sight.keys),
            "values": packing.floats(sight.values), "scores": packing.floats(sight.scores),
            "scaled": packing.floats(sight.scaled), "weights": packing.floats(sight.weights),
            "mixed": packing.floats(sight.mixed), "places": len(sight.scores), "position": inside.position,
            "score_weight": packing.floats(sight.score_weight) if len(sight.score_weight) else None}


SHOWN: dict[str, Callable[[SlowMotion, str, int], Json]] = {
    "sliding": _sliding, "curve": _curve, "softmax": _softmax, "norm": _norm, "linear": _linear,
    "attention": _attention}
