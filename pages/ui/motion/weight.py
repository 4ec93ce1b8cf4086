"""One weight under the glass: the chain of derivatives that makes its gradient, the optimizer's lines.

Turns what `probes.chain` and the optimizer say into the plain data of the component `motion`.
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
import torch
from torch import nn

from dlviz import layers
from dlviz.inspect.slow_motion import SlowMotion
from dlviz.probes import chain, uses
from dlviz.probes.chain import ActivationLink, Link, LossLink, RemainderLink, WeightedSumLink, WeightGradient
from pages.ui.motion.player import finite, followed, mount
from pages.ui.motion.texts import texts

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


def choose(motion: SlowMotion, names: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """The layer and the place in its weight; at first, and on the button, where the gradient is largest."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="motion.choose"):
        if st.session_state.get("motion.layer") not in names:
            st.session_state["motion.layer"] = first(motion, names)
        name = st.selectbox(texts.LAYER, names, key="motion.layer", width=220, persist_state="session")
        weight = motion.parameter(name).gradient
        labels = _labels(*_place(motion, name))
        keys = [f"motion.at.{'x'.join(map(str, weight.shape))}.{name}.{axis}" for axis in range(weight.ndim)]
        if any(key not in st.session_state for key in keys):
            _largest(keys, weight)
        for key, label, size in zip(keys, labels, weight.shape):
            st.number_input(texts.TO.format(label=label, last=size - 1), 0, size - 1, key=key, width=170,
                            persist_state="session")
        st.button(texts.LARGEST_GRADIENT, icon=":material/vertical_align_top:", key="motion.largest",
                  on_click=_largest, args=(keys, weight), help=texts.WEIGHT_LAYER_LOSS_MOST)
    return name, tuple(st.session_state[key] for key in keys)


def first(motion: SlowMotion, names: Sequence[str]) -> str:
    """The Linear before the last, whose delta comes through weights that can be written; else the last."""
    before = names[-2:][0]
    plain = _form(_place(motion, before)[0]) == "linear" and before in motion.experiment.network.names()
    return before if plain else names[-1]


def _form(module: nn.Module) -> str:
    return layers.of(module).arithmetic


def _place(motion: SlowMotion, weight: str) -> tuple[nn.Module, str]:
    """The module that has the weight, and its name there."""
    name, parameter = motion.weights[weight]
    return motion.modules[name], parameter


def _labels(module: nn.Module, parameter: str) -> tuple[str, ...]:
    axes = module.get_parameter(parameter).ndim
    known = tuple(texts.AXES.get(word, word) for word in layers.of(module).weight_axes)
    if uses.inner(module, parameter) and not known:
        known = texts.ROW_QUERIES_KEYS_VALUES, texts.FROM_FEATURE
    return known if len(known) == axes else tuple(texts.INDEX.format(axis=axis + 1) for axis in range(axes))


def _largest(keys: Sequence[str], weight: torch.Tensor) -> None:
    place = np.unravel_index(int(weight.abs().argmax()), weight.shape)
    for key, at in zip(keys, place):
        st.session_state[key] = int(at)


def payload(motion: SlowMotion, name: str, index: tuple[int, ...], wanted: int | None) -> Json:
    weight, (name, parameter) = name, motion.weights[name]
    module = motion.modules[name]
    shares = uses.shares(motion.update, module, name, parameter, index)
    flat = shares.products.reshape(len(shares.products), -1)
    sample = int(flat.abs().amax(1).argmax()) if wanted is None else wanted
    place = np.unravel_index(int(flat[sample].abs().argmax()), shares.products.shape[1:])
    place = tuple(int(i) for i in place)
    carried = float(shares.carried[(sample, *place)])
    links: list[Link] = [RemainderLink((name,), float(shares.delta[(sample, *place)]))] if uses.inner(module,
                                                                                                      parameter) else \
        chain.trace(motion.update, motion.wiring, name, sample, _unit(module, index, place))
    path = chain.followed_path(links, carried)
    moved, nudge = motion.parameter(weight), motion.nudged(weight, index)
    return {"view": "weight", "layer": weight, "symbol": _symbol(index), "sample": sample,
            "fixed": wanted is not None,
            "samples": [{"number": motion.indices[i], "sum": finite(flat[i].double().sum())} for i
                        in range(len(flat))],
            "nudge": {"step": nudge.step, "above": finite(nudge.above), "below": finite(nudge.below),
                      "slope": finite(nudge.slope)},
            "uses": _uses(shares, module), "judged": motion.wiring.count(),
            "gradient": finite(moved.gradient[index]), "sum": finite(shares.gradient),
            "delta": finite(shares.delta[(sample, *place)]), "carried": finite(carried),
            "place": _where(module, place), "links": [_link(motion, link) for link in links],
            "path": {"factors": [[what, finite(value)] for what, value in path.factors], "count": path.count,
                     "product": finite(path.product)},
            "update": _update(motion, weight, index)}


def _unit(module: nn.Module, index: tuple[int, ...], place: tuple[int, ...]) -> tuple[int, ...]:
    """Where in the layer's output the unit stands that the weight feeds at `place`."""
    if _form(module) == "linear":
        return (*place, index[0])
    return (index[0], *place) if _form(module) == "sliding" else place


def _symbol(index: tuple[int, ...]) -> str:
    return "w[" + ", ".join(map(str, index)) + "]"


def _where(module: nn.Module, place: tuple[int, ...]) -> str:
    if not place:
        return ""
    if len(place) == 1:
        return texts.STEP_2.format(place=place[0] + 1)
    if _form(module) == "sliding":
        return texts.ROW_COLUMN.format(place=place[0], column=place[1])
    return texts.OUTPUT.format(indices=", ".join(map(str, place)))


def _uses(shares: WeightGradient, module: nn.Module) -> Json:
    """Every sample's product; for a weight used at many places the largest, and the sum of the others.

    Of many places only those with a product count: of LayerNorm and Embedding most lie where another weight is used.
    """
    products = shares.products
    flat = products.flatten()
    found = int(flat.count_nonzero())
    order = range(len(flat)) if products.ndim == 1 else flat.abs().topk(min(USES, max(1, found))).indices.tolist()
    rows = []
    for at in order:
        sample, *place = (int(i) for i in np.unravel_index(at, products.shape))
        rows.append({"sample": sample, "place": _where(module, tuple(place)),
                     "carried": finite(shares.carried.flatten()[at]),
                     "delta": finite(shares.delta.flatten()[at]), "product": finite(flat[at])})
    others = max(0, found - len(rows))
    rest = float(flat.double().sum()) - sum(row["product"] or 0.0 for row in rows)
    return {"rows": rows, "others": others, "rest": finite(rest) if others else 0.0}


def _link(motion: SlowMotion, link: Link) -> Json:
    match link:
        case LossLink():
            return {"form": link.form, "unit": link.unit, "share": finite(link.prediction),
                    "wanted": finite(link.target),
                    "judged": link.count, "delta": finite(link.delta)}
        case ActivationLink():
            kind = layers.of(motion.modules[link.layer]).kind()
            return {"form": "slope", "layer": link.layer, "kind": kind, "z": finite(link.z),
                    "slope": finite(link.slope), "back": finite(link.back), "delta": finite(link.delta)}
        case WeightedSumLink():
            return _sum(link)
        case RemainderLink():
            return {"form": "rest", "layers": list(link.layers), "delta": finite(link.delta)}
    raise TypeError(link)


def _sum(link: WeightedSumLink) -> Json:
    products = (link.deltas * link.weights).double()
    best = products.abs().topk(min(TERMS, len(products))).indices.tolist()
    terms = [{"unit": k, "delta": finite(link.deltas[k]), "weight": finite(link.weights[k]),
              "product": finite(products[k])} for k in best]
    return {"form": "sum", "layer": link.layer, "terms": terms, "others": len(products) - len(best),
            "rest": finite(products.sum() - products[best].sum()), "delta": finite(link.delta)}


def _update(motion: SlowMotion, name: str, index: tuple[int, ...]) -> Json:
    moved, optimizer = motion.parameter(name), motion.experiment.training.optimizer
    state = {key: float(value if value.ndim == 0 else value[index]) for key, value in moved.state.items()}
    before, after = float(moved.before[index]), float(moved.after[index])
    steps = optimizer.arithmetic(before, float(moved.clipped[index]), motion.update.group, state)
    lines = [{"symbol": line.symbol, "formula": line.formula, "numbers": line.numbers,
              "value": finite(line.value),
              "meaning": line.meaning} for line in steps.lines]
    return {"optimizer": optimizer.kind, "lines": lines, "before": finite(before), "after": finite(after),
            "clipped": finite(moved.clipped[index]), "fresh": not any(state.get(k) for k in state)}
