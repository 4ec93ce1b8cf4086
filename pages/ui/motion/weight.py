"""One weight under the glass: the chain of derivatives that makes its gradient, the optimizer's lines.

Turns what `probes.chain` and the optimizer say into the plain data of the component `motion`.
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from dlviz import layers
from dlviz.inspect.slow_motion import SlowMotion
from dlviz.inspect.weight_inside import NumberUpdate, WeightInside, WeightUses
from dlviz.probes.chain import ActivationLink, Link, LossLink, RemainderLink, WeightedSumLink, followed_path
from pages.ui.motion import answer_box
from pages.ui.motion.player import finite, followed, mount
from pages.ui.motion.texts import texts
from pages.ui.shared.forms import option

KEY = "motion.weight"
TERMS = 5  # of a sum that are written out
USES = 6  # of a weight that is used at many places
Json = dict[str, Any]


def show(motion: SlowMotion) -> None:
    names = tuple(motion.weights)
    if not names:
        st.caption(texts.NETWORK_HAS_NO_WEIGHTS)
        return
    st.subheader(texts.ONE_WEIGHT, anchor=False)
    name, index = choose(motion, names)
    mount(KEY, payload(motion, name, index, followed(motion, KEY)), "sample")
    answer_box.show(motion, name, index)


def choose(motion: SlowMotion, names: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """The layer and the place in its weight; at first, and on the button, where the gradient is largest."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="motion.choose"):
        now = option("motion.layer", names, first(motion, names))
        name = st.selectbox(texts.LAYER, names, names.index(now), key="motion.layer", width=220,
                            persist_state="session")
        weight = motion.weight(name).gradient
        labels = _labels(motion.weight(name))
        keys = [f"motion.at.{'x'.join(map(str, weight.shape))}.{name}.{axis}" for axis in range(weight.ndim)]
        if any(key not in st.session_state for key in keys):
            _largest(keys, weight)
        for key, label, size in zip(keys, labels, weight.shape):
            st.number_input(texts.TO.format(label=label, last=size - 1), 0, size - 1, st.session_state[key], key=key,
                            width=170, persist_state="session")
        st.button(texts.LARGEST_GRADIENT, icon=":material/vertical_align_top:", key="motion.largest",
                  on_click=_largest, args=(keys, weight), help=texts.WEIGHT_LAYER_LOSS_MOST)
    return name, tuple(st.session_state[key] for key in keys)


def first(motion: SlowMotion, names: Sequence[str]) -> str:
    """The Linear before the last, whose delta comes through weights that can be written; else the last."""
    before = names[-2:][0]
    plain = motion.weight(before).form == "linear" and before in motion.experiment.network.names()
    return before if plain else names[-1]


def _labels(weight: WeightInside) -> tuple[str, ...]:
    """What the axes of a weight are called."""
    axes = weight.gradient.ndim
    known = tuple(texts.AXES.get(word, word) for word in weight.axes)
    if weight.inner and not known:
        known = texts.ROW_QUERIES_KEYS_VALUES, texts.FROM_FEATURE
    return known if len(known) == axes else tuple(texts.INDEX.format(axis=axis + 1) for axis in range(axes))


def _largest(keys: Sequence[str], weight: np.ndarray) -> None:
    place = np.unravel_index(int(np.abs(weight).argmax()), weight.shape)
    for key, at in zip(keys, place):
        st.session_state[key] = int(at)


def payload(motion: SlowMotion, name: str, index: tuple[int, ...], fixed: int | None) -> Json:
    weight = motion.weight(name)
    uses, optimizer = weight.uses(index), motion.experiment.training.optimizer
    sample, place = uses.largest(fixed)
    carried, delta = float(uses.carried[(sample, *place)]), float(uses.delta[(sample, *place)])
    links = weight.links(index, uses, sample, place)
    path, moved, nudge = followed_path(links, carried), weight.updated(index, optimizer), motion.nudged(name, index)
    sums = uses.products.reshape(len(uses.products), -1).sum(1, dtype=np.float64)
    return {"view": "weight", "layer": name, "symbol": _symbol(index), "sample": sample,
            "fixed": fixed is not None,
            "samples": [{"number": number, "sum": finite(total)} for number, total in zip(motion.indices, sums)],
            "nudge": {"step": nudge.step, "above": finite(nudge.above), "below": finite(nudge.below),
                      "slope": finite(nudge.slope)},
            "uses": _uses(uses), "judged": motion.wiring.count(),
            "gradient": finite(moved.gradient), "sum": finite(uses.gradient), "delta": finite(delta),
            "carried": finite(carried),
            "place": _where(uses.form, place), "links": [_link(motion, link) for link in links],
            "path": {"factors": [[what, finite(value)] for what, value in path.factors], "count": path.count,
                     "product": finite(path.product)},
            "update": _update(moved, optimizer.kind)}


def _symbol(index: tuple[int, ...]) -> str:
    return "w[" + ", ".join(map(str, index)) + "]"


def _where(form: str, place: tuple[int, ...]) -> str:
    if not place:
        return ""
    if len(place) == 1:
        return texts.STEP_2.format(place=place[0] + 1)
    if form == "sliding":
        return texts.ROW_COLUMN.format(place=place[0], column=place[1])
    if form == "attention" and len(place) == 2:
        return texts.QUERY_KEY.format(query=place[0], key=place[1])
    return texts.OUTPUT.format(indices=", ".join(map(str, place)))


def _uses(uses: WeightUses) -> Json:
    """Every sample's product; for a weight used at many places the largest, and the sum of the others.

    Of many places only those with a product count: of LayerNorm and Embedding most lie where another weight is used.
    """
    products = uses.products
    flat = products.ravel()
    found = int(np.count_nonzero(flat))
    most = min(USES, max(1, found), len(flat))
    order = range(len(flat)) if products.ndim == 1 else np.argsort(-np.abs(flat), kind="stable")[:most].tolist()
    rows = []
    for at in order:
        sample, *place = (int(i) for i in np.unravel_index(at, products.shape))
        rows.append({"sample": sample, "place": _where(uses.form, tuple(place)),
                     "carried": finite(uses.carried.flat[at]), "delta": finite(uses.delta.flat[at]),
                     "product": finite(flat[at])})
    others = max(0, found - len(rows))
    rest = float(flat.sum(dtype=np.float64)) - sum(row["product"] or 0.0 for row in rows)
    return {"rows": rows, "others": others, "rest": finite(rest) if others else 0.0}


def _link(motion: SlowMotion, link: Link) -> Json:
    match link:
        case LossLink():
            return {"form": link.form, "unit": link.unit, "prediction": finite(link.prediction),
                    "target": finite(link.target),
                    "judged": link.count, "delta": finite(link.delta)}
        case ActivationLink():
            kind = motion.kind(link.layer)
            return {"form": "slope", "layer": link.layer, "kind": kind, "rule": layers.get(kind).passing,
                    "z": finite(link.z), "slope": finite(link.slope), "back": finite(link.back),
                    "delta": finite(link.delta)}
        case WeightedSumLink():
            return _sum(link)
        case RemainderLink():
            return {"form": "rest", "layers": list(link.layers), "delta": finite(link.delta)}
    raise TypeError(link)


def _sum(link: WeightedSumLink) -> Json:
    products = link.deltas.astype(np.float64) * link.weights
    best = np.argsort(-np.abs(products), kind="stable")[:TERMS].tolist()
    terms = [{"unit": k, "delta": finite(link.deltas[k]), "weight": finite(link.weights[k]),
              "product": finite(products[k])} for k in best]
    return {"form": "sum", "layer": link.layer, "terms": terms, "others": len(products) - len(best),
            "rest": finite(products.sum() - products[best].sum()), "delta": finite(link.delta)}


def _update(moved: NumberUpdate, kind: str) -> Json:
    lines = [{"symbol": line.symbol, "formula": line.formula, "numbers": line.numbers,
              "value": finite(line.value),
              "meaning": line.meaning} for line in moved.step.lines]
    return {"optimizer": kind, "lines": lines, "before": finite(moved.before), "after": finite(moved.after),
            "clipped": finite(moved.clipped), "fresh": moved.fresh}
