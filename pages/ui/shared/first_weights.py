"""What a new run begins with: weights drawn from the seed, or those of an earlier run of the visitor where they fit.

Shows and remembers the choice, with the layers that are taken; `runs.inheritance` takes them.
"""
from __future__ import annotations

import streamlit as st

from dlviz.errors import RunError
from dlviz.network import editing
from dlviz.network.transfer import Transfer
from dlviz.runs import inheritance
from dlviz.runs.info import Origin, RunInfo
from dlviz.spec import Experiment, NetworkSpec
from pages.ui.shared import shell, state
from pages.ui.shared.design import Design
from pages.ui.shared.texts import texts

OFFERED = 12  # runs that a visitor can choose from, the newest first
LOOKED_AT = 60  # runs that are asked whether they fit


def chosen(design: Design) -> str | None:
    """The run whose weights the design begins with, while it has some that fit."""
    if design.weights_from is None:
        return None
    try:
        source = state.service().get(design.weights_from)
    except RunError:
        return None  # it was deleted
    return source.id if inheritance.fitting(source.experiment, design.experiment).taken else None


def choose(design: Design) -> None:
    """The choice, where there is one; below it what becomes of each layer, and the button that freezes the old ones."""
    offered = _offered(design.experiment)
    if not offered:
        return
    now = chosen(design)
    if now is not None and now not in offered:
        offered[now] = state.service().get(now)
    with st.container(key="first_weights", gap="xsmall"):
        key = f"first_weights.{design.epoch}"
        if key not in st.session_state or st.session_state[key] != (now or ""):
            st.session_state[key] = now or ""
        titles = {run: _title(design, offered.get(run)) for run in ("", *offered)}
        st.selectbox(texts.INITIAL_WEIGHTS, list(titles), list(titles).index(now or ""), key=key,
                     on_change=_take, args=(design, key), width=440, format_func=titles.__getitem__,
                     help=texts.INITIAL_WEIGHTS_WHY)
        if now is not None:
            _layers(design, inheritance.fitting(offered[now].experiment, design.experiment))


def origin(info: RunInfo) -> None:
    """Of a run that began with another one's weights: from which run, and which layers took them."""
    if info.origin is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="run.origin"):
        st.caption(f":material/line_start_arrow: {_sentence(info.origin)}", width="content")
        if _exists(info.origin.run):
            st.page_link("pages/train.py", label=texts.OPEN_THAT_RUN, icon=":material/show_chart:",
                         query_params={"run": info.origin.run})


def _sentence(origin: Origin) -> str:
    began = texts.BEGAN_WITH_WEIGHTS.format(name=shell.plain(origin.name), step=origin.step,
                                            layers=_names(origin.taken))
    fresh = (*origin.changed, *origin.new)
    return f"{began} {texts.OTHERS_BEGAN_ANEW.format(layers=_names(fresh))}" if fresh else began


def _offered(experiment: Experiment) -> dict[str, RunInfo]:
    runs = [run for run in state.service().list(state.visitor())[:LOOKED_AT] if run.step]
    found = {run.id: run for run in runs if inheritance.fitting(run.experiment, experiment).taken}
    return dict(list(found.items())[:OFFERED])


def _title(design: Design, run: RunInfo | None) -> str:
    if run is None:
        return texts.NEW_WEIGHTS
    fits = inheritance.fitting(run.experiment, design.experiment)
    count, of = len(fits.taken), len(fits.taken) + len(fits.changed) + len(fits.new)
    return texts.WEIGHTS_OF_RUN.format(name=run.name, step=run.step, count=count, of=of)


def _take(design: Design, key: str) -> None:
    design.weights_from = st.session_state[key] or None


def _layers(design: Design, fits: Transfer) -> None:
    lines = [(texts.LAYERS_TAKEN, fits.taken), (texts.LAYERS_NEW, fits.new), (texts.LAYERS_CHANGED, fits.changed)]
    st.caption("  \n".join(text.format(layers=_names(names)) for text, names in lines if names))
    frozen = all(not design.network.layer(name).trainable for name in fits.taken)
    learning = [name for name in (*fits.new, *fits.changed) if design.network.layer(name).trainable]
    st.button(texts.UNFREEZE_TAKEN(len(fits.taken)) if frozen else texts.FREEZE_TAKEN(len(fits.taken)),
              key="first_weights.freeze", icon=":material/lock_open:" if frozen else ":material/lock:",
              disabled=not (frozen or learning), on_click=_freeze, args=(design, fits.taken, frozen),
              help=texts.FREEZE_TAKEN_WHY if frozen or learning else texts.NOTHING_LEFT_TO_LEARN)


def _freeze(design: Design, names: tuple[str, ...], trainable: bool) -> None:
    network: NetworkSpec = design.network
    for name in names:
        if name in network.names():
            network = editing.set_trainable(network, name, trainable)
    design.set_network(network)


def _names(names: tuple[str, ...]) -> str:
    shown = ", ".join(shell.plain(name) for name in names[:12])
    return texts.AND_MORE.format(names=shown, count=len(names) - 12) if len(names) > 12 else shown


def _exists(run: str) -> bool:
    try:
        state.service().get(run)
    except RunError:
        return False
    return True
