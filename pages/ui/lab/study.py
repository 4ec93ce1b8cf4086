"""One study as it goes: its runs in the same charts, at the same moment, and what came out of them.

One fragment ticks while it lives; a change of what can be pressed is drawn by the whole page.
"""
from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dlviz.errors import RunError
from dlviz.runs.info import RunInfo, Snapshot
from dlviz.studies import results
from dlviz.studies.study import Study
from dlviz.translation import listing
from pages.ui.lab import actions, list, views
from pages.ui.lab.gallery import unbroken
from pages.ui.lab.lines import lines
from pages.ui.lab.texts import texts
from pages.ui.shared import crowd, run_list, run_views, shell, state
from pages.ui.shared.following import follow

EVERY = 0.5  # seconds between two looks
LEADS = (0, 1, 5, 20, 100)
MANY = 8  # runs beyond which each look costs more, so that there are fewer


def show(study: Study) -> None:
    """The whole page of one study."""
    infos = actions.studies().infos(study)
    mine = study.owner == state.visitor()
    _head(study, infos, mine)
    if study.trouble:
        st.error(shell.plain(study.trouble), icon=":material/error:")
    live = _live(study, infos)
    every = crowd.pace((EVERY if len(infos) <= MANY else 2 * EVERY) if live else None, run_views.viewer())
    st.fragment(_tick, run_every=every, key="lab.live")(study.id, _drawn(study, infos))


def _head(study: Study, infos: Sequence[RunInfo | None], mine: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(shell.plain(study.name), anchor=False, width="content")
        st.space("stretch")
        st.button(texts.ALL_STUDIES, icon=":material/arrow_back:", on_click=actions.leave, type="tertiary")
        if mine:
            list.confirm(study)
    if study.observation:
        st.markdown(texts.WHAT_TO_WATCH.format(text=unbroken(study.observation)))
    st.caption(_same(study))
    if mine:
        _controls(study, infos)


def _same(study: Study) -> str:
    """What all runs have in common."""
    turned = listing([hyperparameter.title for hyperparameter in study.hyperparameters])
    paths = {hyperparameter.path for hyperparameter in study.hyperparameters}
    first = "" if ("mechanism", "first_weights") in paths else texts.SAME_FIRST_WEIGHTS
    seed = "" if ("seed",) in paths else texts.THE_SAME_BATCHES.format(first=first)
    fitted = results.fitted(study)
    quick = texts.FOR_THIS_STUDY.format(fitted=fitted) if fitted else ""
    return shell.plain(texts.ALL_RUNS_DIFFER_ONLY.format(name=study.base.name, names=turned, seed=seed, note=quick))


def _controls(study: Study, infos: Sequence[RunInfo | None]) -> None:
    known = [info for info in infos if info]
    going = any(not info.over and info.state != "paused" for info in known)
    resting = any(info.state in ("paused", "stopped") for info in known) or study.stopped
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(texts.PAUSE_ALL, icon=":material/pause:", disabled=not going, on_click=actions.pause,
                  args=(study.id,))
        st.button(texts.RESUME, icon=":material/play_arrow:", disabled=not resting, on_click=actions.resume,
                  args=(study.id,))
        st.button(texts.STOP, icon=":material/stop:", disabled=not _live(study, infos), on_click=actions.stop,
                  args=(study.id,), help=texts.END_ALL_RUNS_NOW)
        if len(known) > 1 and study.search is None and _live(study, infos):
            _lock(study)
        st.space("stretch")
        if len(known) > 1:
            ids = ".".join(info.id for info in known[:run_list.MOST])
            st.page_link("pages/runs.py", label=texts.COMPARE_IN_RUNS, icon=":material/stacked_line_chart:",
                         query_params={"compare": ids})


def _lock(study: Study) -> None:
    key = f"lab.lead.{study.id}"
    if st.session_state.get(key) != (study.lead or 0):
        st.session_state[key] = study.lead or 0
    leads = sorted({*LEADS, study.lead or 0})
    st.selectbox(texts.LOCK_STEP, leads, leads.index(study.lead or 0), key=key, width=230, format_func=lead_words,
                 label_visibility="collapsed", on_change=actions.lock, args=(study.id, key))


def lead_words(lead: int) -> str:
    if not lead:
        return texts.NO_LOCK_STEP
    return texts.LOCK_STEP_EVERY_STEPS(lead)


def _live(study: Study, infos: Sequence[RunInfo | None]) -> bool:
    return not study.complete or any(info and not info.over for info in infos)


def _drawn(study: Study, infos: Sequence[RunInfo | None]) -> tuple:
    """What the page outside the fragment shows."""
    return study, tuple(info and (info.over, info.state == "paused") for info in infos)


def _tick(name: str, drawn: tuple) -> None:
    try:
        study = actions.studies().get(name)
        infos = actions.studies().infos(study)
        found = lines(study, infos, [_followed(info) for info in infos])
    except RunError:
        state.draw_page()  # it was deleted in another tab
    with shell.show_errors():
        views.show(study, infos, found)
    if _head_of(_drawn(study, infos)) != _head_of(drawn):
        state.draw_page()


def _head_of(drawn: tuple) -> tuple:
    """What of it needs the whole page: buttons and lock-step, not each run that a sweep adds."""
    study, states = drawn
    known = [state for state in states if state]
    return (study.lead, study.stopped, study.trouble, study.complete and all(over for over, _ in known),
            any(paused for _, paused in known), any(not over and not paused for over, paused in known),
            min(len(known), 2))


def _followed(info: RunInfo | None) -> Snapshot | None:
    """The run with its whole curve; of one that is over the last that there is, for no tick comes after."""
    return follow(info.id, None if info.over else EVERY) if info else None
