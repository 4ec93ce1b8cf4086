"""Which run, which directions; then the survey, how far it is, or the button that asks for it."""
from __future__ import annotations

import atexit
from dataclasses import dataclass, replace

import streamlit as st

from dlviz import once, tasks
from dlviz.errors import RunError
from dlviz.runs.estimate import retracing_seconds
from dlviz.runs.retrace import STEERED
from dlviz.runs.service import RunInfo
from dlviz.runs.survey import Wish
from dlviz.runs.surveys import Progress, Surveys
from pages.ui import fetch, landscape_map, shell, state
from pages.ui.draw_runs import titles

KEY = "landscape.run"
PATH, RANDOM = "path", "random"
LABELS = {PATH: "The path's own", RANDOM: "Random"}
POINTS = {21: "Coarse (21 × 21)", 31: "Normal (31 × 31)", 41: "Fine (41 × 41)"}
POLL = 0.5  # seconds between two looks at a survey that is being made
LONG = 180.0  # seconds of training that nobody should wait for unasked


@dataclass(frozen=True)
class Choice:
    """What is wished for, and of which run."""

    run: RunInfo
    wish: Wish
    foreign: tuple[str, ...]  # settings changed while it trained that cannot be made again


def surveys() -> Surveys:
    return once.get("surveys", _make_surveys)


def _make_surveys() -> Surveys:
    made = Surveys()
    atexit.register(made.close)
    return made


def show() -> None:
    run = choose()
    if run is None:
        shell.empty("There is no run to look around yet", "Train a network; then come back and see the "
                    "landscape that its weights walked through.", "pages/train.py", "Train")
        return
    if not fetch.offer_download(tasks.get(run.experiment.task.name, run.experiment.task.fields)):
        return
    choice = _choice(run)
    found = surveys().find(choice.wish)
    if found is not None:
        landscape_map.show(choice.run, choice.wish, found, choice.foreign)
        if choice.wish.step < run.step:
            st.button(f"Up to now (step {run.step:,})", icon=":material/refresh:", on_click=_to_now,
                      args=(run,))
    elif surveys().progress(choice.wish) is not None:
        st.fragment(_watch, run_every=POLL)(choice)
    else:
        _offer(choice)


def choose() -> RunInfo | None:
    """The select over the visitor's runs that have learned something; the one in the address comes first."""
    runs = {run.id: run for run in _runs()}
    if not runs:
        return None
    focus = state.focus()
    if st.session_state.get(KEY) not in runs:
        st.session_state[KEY] = focus.id if focus and focus.id in runs else next(iter(runs))
    labels = titles(list(runs.values()))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="landscape.choices"):
        picked = st.selectbox("Run", list(runs), key=KEY, format_func=labels.__getitem__, width=300,
                              on_change=_focus)
        st.segmented_control("Directions", (PATH, RANDOM), key="landscape.directions", default=PATH,
                             required=True, format_func=LABELS.__getitem__, bind="query-params",
                             width="content", help=HELP)
        st.selectbox("Detail", list(POINTS), index=1, key="landscape.points", format_func=POINTS.__getitem__,
                     width=180, bind="query-params")
        if st.session_state["landscape.directions"] == RANDOM:
            st.button("Other directions", icon=":material/casino:", on_click=_draw_again)
    return runs[picked]


HELP = ("A landscape over all weights has thousands of directions; a picture has two. **The path's own**: "
        "the two in which this run moved most (principal directions). **Random**: two by chance, each "
        "neuron's part as long as the neuron's own weights (filter-normalised).")


def _runs() -> list[RunInfo]:
    runs = list(state.service().list(state.visitor()))
    asked = st.query_params.get("run")
    if asked and all(run.id != asked for run in runs):
        try:
            runs.insert(0, state.service().get(asked))
        except RunError:
            pass  # an old link: the others are offered
    return [run for run in runs if run.step > 0]


def _focus() -> None:
    state.set_focus(st.session_state[KEY])
    st.query_params.pop("at", None)


def _draw_again() -> None:
    st.query_params["draw"] = str(_number("draw") + 1)


def _number(name: str) -> int:
    text = st.query_params.get(name, "0")
    return int(text) if text.isdigit() and len(text) < 9 else 0


def _choice(run: RunInfo) -> Choice:
    """The wish in the address and the widgets: up to the step at which it was asked for, else up to now."""
    step = min(_number("at") or _asked_at().get(run.id, 0), run.step) or run.step
    made = [mark for mark in state.service().snapshot(run.id, since=run.step).marks if mark.step <= step]
    changes = tuple((mark.step, mark.setting, mark.new) for mark in made if mark.setting in STEERED)
    foreign = tuple(sorted({mark.setting for mark in made} - set(STEERED) - {"plateau"}))
    random = st.session_state["landscape.directions"] == RANDOM
    retraced = not random or retracing_seconds(run.experiment, step) <= LONG
    wish = Wish(run.experiment.model_copy(update={"name": "-"}).to_json(None), step, changes,
                RANDOM if random else PATH, _number("draw") if random else 0,
                st.session_state["landscape.points"], retraced, None if retraced else _weights(run))
    return Choice(run, wish, foreign)


def _weights(run: RunInfo) -> str | None:
    path = state.service().weights_path(run.id)
    return str(path) if path else None


def _offer(choice: Choice) -> None:
    run, wish = choice.run, choice.wish
    with st.container(border=True, key="landscape.offer"):
        st.markdown("#### What did this run walk through?")
        st.markdown("All the weights of a network together are one point in a space of many dimensions, and "
                    f"over each point stands a height: the loss. {_how(wish)}")
        seconds = retracing_seconds(run.experiment, wish.step) if wish.retraced else 0
        if seconds > LONG:
            st.caption(":material/hourglass: Training it once more takes long: about "
                       f"{shell.duration(seconds)}. It goes on while you look at other pages. Random "
                       "directions are quicker.")
        st.button("Draw the landscape", type="primary", icon=":material/landscape:", on_click=_ask,
                  args=(choice,))


def _how(wish: Wish) -> str:
    if not wish.retraced:
        return f"To draw it, the loss is measured at {wish.points ** 2:,} points around this run's weights."
    return ("To draw it, a copy of the run is trained once more from the same seed (same experiment, same "
            f"curve) up to step {wish.step:,}, its weights are kept at some moments, and the loss is "
            f"measured at {wish.points ** 2:,} points around them.")


def _ask(choice: Choice) -> None:
    if not choice.run.over:
        st.query_params["at"] = str(choice.wish.step)
        _asked_at()[choice.run.id] = choice.wish.step
    surveys().ask(replace(choice.wish, weights=_weights(choice.run)))


def _to_now(run: RunInfo) -> None:
    st.query_params.pop("at", None)
    _asked_at().pop(run.id, None)


def _asked_at() -> dict[str, int]:
    """Run -> the step at which its landscape was asked for; other pages' addresses forget it."""
    return state.kept("landscape.at", dict)


def _watch(choice: Choice) -> None:
    progress = surveys().progress(choice.wish)
    if progress is None:
        st.rerun()
    if progress.error:
        st.error(shell.plain(progress.error), icon=":material/error:")
        st.button("Try again", on_click=_ask, args=(choice,))
        return
    st.progress(min(1.0, progress.share), text=said(progress))
    st.button("Do not go on", on_click=surveys().cancel, args=(choice.wish,), icon=":material/close:")


def said(progress: Progress) -> str:
    left = progress.seconds_left
    return progress.doing + (f", about {shell.duration(left)} left" if left and left >= 1 else " ...")
