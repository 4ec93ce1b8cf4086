"""A small Streamlit app that feeds the live curves with a made-up run; the browser test and eyes look at it.

The query decides what is shown: start (points at first), grow (points a tick), planned, runs (0: one run with
loss and accuracy; up to 8: that many losses in one chart), every (seconds a tick), nan (1: the run diverges).
"""
from __future__ import annotations

import json
import time

import numpy as np
import streamlit as st

from pages.ui.shared import curves as live

STEPS_PER_EPOCH = 938
NAMES = ("a small one", "wide & deep", "<b>no bold</b>", "with dropout",
         "convolutions, three of them, and a long name", "LSTM", "learning rate 0.1", "the teacher's")


def asked(name: str, default: float) -> float:
    return float(st.query_params.get(name, default))


@st.cache_data
def made_up(seed: int, size: int, nan: bool) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Columns of a run of `size` steps that learns, noisily, with one spike."""
    rng = np.random.default_rng(seed)
    steps = np.arange(1, size + 1)
    pace = 40 * rng.uniform(0.6, 2.5) * max(1.0, size / 5000)
    clean = 2.25 * np.exp(-steps / pace) ** 0.5 + 0.06 * (1 + seed)
    loss = (clean * rng.lognormal(0, 0.22, size)).astype(np.float32)
    loss[size * 2 // 3] = 3.1
    if nan:
        loss[-size // 10:] = np.nan
    accuracy = np.clip(1 - clean / 2.6 + rng.normal(0, 0.02, size), 0.05, 1).astype(np.float32)
    at = steps[STEPS_PER_EPOCH // 4 - 1::STEPS_PER_EPOCH // 4]
    return {"train_loss": (steps, loss), "train_accuracy": (steps, accuracy),
            "val_loss": (at, clean[at - 1] * 1.15),
            "val_accuracy": (at, np.clip(0.97 - clean[at - 1] / 2.6, 0, 1))}


def until(history: dict, step: int) -> dict:
    cut = {name: int(np.searchsorted(steps, step, side="right")) for name, (steps, _) in history.items()}
    return {name: (steps[:cut[name]], values[:cut[name]]) for name, (steps, values) in history.items()}


def compared(count: int, size: int, step: int) -> tuple[tuple[live.Panel, ...], dict]:
    """`count` runs in one chart."""
    series = tuple(live.Series(f"run{i}", NAMES[i], *live.RUN_COLORS[i]) for i in range(count))
    history = {f"run{i}": until(made_up(i, size, False), step)["train_loss"] for i in range(count)}
    return (live.Panel("Loss on the training data", series),), history


@st.fragment(run_every=asked("every", 0.25))
def watch() -> None:
    state = st.session_state
    state.ticks = state.get("ticks", 0) + 1
    planned, grow = int(asked("planned", 5000)), int(asked("grow", 20))
    step = min(planned, int(asked("start", 0)) + grow * (state.ticks - 1))
    panels = (live.LOSS, live.ACCURACY)
    history = until(made_up(state.run, planned, bool(asked("nan", 0))), step)
    if runs := int(asked("runs", 0)):
        panels, history = compared(runs, planned, step)
    marks = [(planned * 3 // 10, "learning rate 0.001 → 0.0003"), (planned * 8 // 10, "dropout 0.2 → 0")]
    marks = [mark for mark in marks if mark[0] <= step]
    options = {"planned_steps": planned, "steps_per_epoch": STEPS_PER_EPOCH, "marks": marks,
               "run": str(state.run), "x_axis": "epoch" if state.epochs else "step", "log_y": state.log}
    began = time.perf_counter()
    live.curves("curves", panels, history, **options)
    took = time.perf_counter() - began
    meter(live.payload(panels, history, height=260, empty="",
                       window=live.zoomed(state.get("curves"), str(state.run)), **options), took)


def meter(sent: dict, took: float) -> None:
    size = len(json.dumps(sent, separators=(",", ":")))
    points = max(len(series["points"]["values"]) for panel in sent["panels"] for series in panel["series"])
    st.text(f"tick {st.session_state.ticks}; {size} bytes; {points} points; {took * 1e3:.1f} ms")


def page() -> None:
    st.session_state.setdefault("run", 0)
    with st.container(horizontal=True):
        st.toggle("Log scale", key="log")
        st.toggle("Epochs", key="epochs")
        if st.button("Another run"):
            st.session_state.update(run=st.session_state.run + 1, ticks=0)
    watch()


def home() -> None:
    st.write("The curves are on the other page.")


st.set_page_config(layout="wide")
st.navigation([st.Page(home, default=True), st.Page(page, title="Train", url_path="train")]).run()
