"""A button that searches for a learning rate before the run, what it saw, and one more that takes it over."""
from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dlviz.figures.rates import describe, search_chart
from dlviz.runs.rate_search import RateSearch
from dlviz.spec import Experiment
from dlviz.training.events import RateFound
from pages.ui.shared import shell, state
from pages.ui.shared.forms import OnChange
from pages.ui.shared.plot import plot
from pages.ui.shared.run_actions import with_refusals
from pages.ui.train.texts import texts

EVERY = 0.3  # seconds between two looks at a search


@dataclass
class _OwnRateSearch:
    """The search that this session has begun, and for which experiment."""

    ticket: str = ""
    experiment: Experiment | None = None


def button(experiment: Experiment) -> RateSearch | None:
    """Begins a search, and stops it. The search of this session, if it has begun one."""
    own_search = state.session_value("rate.search", _OwnRateSearch)
    search = state.service().rate_search(own_search.ticket) if own_search.ticket else None
    running = search is not None and not search.over
    st.button(texts.FIND_LEARNING_RATE, key="settings.find", icon=":material/query_stats:", disabled=running,
              on_click=_begin, args=(experiment,), help=texts.LEARNING_RATE_RANGE_TEST)
    if running:
        st.button(texts.STOP, key="settings.find.stop", on_click=_stop, type="tertiary")
    return search


def result(search: RateSearch, experiment: Experiment, on_change: OnChange) -> None:
    """How far it is, or what it found. `on_change("learning_rate", value)` takes a suggestion over."""
    own_search = state.session_value("rate.search", _OwnRateSearch)
    if not search.over:
        st.fragment(_tick, run_every=EVERY, key="settings.finding")(own_search.ticket)
    elif search.found is None:
        st.caption(shell.plain(search.sentence))
    else:
        _result(search.found, own_search, experiment, on_change)


@with_refusals
def _begin(experiment: Experiment) -> None:
    own_search = state.session_value("rate.search", _OwnRateSearch)
    own_search.ticket, own_search.experiment = state.service().find_rate(experiment), experiment


def _stop() -> None:
    own_search = state.session_value("rate.search", _OwnRateSearch)
    state.service().stop_search(own_search.ticket)
    own_search.ticket = ""


def _tick(ticket: str) -> None:
    search = state.service().rate_search(ticket)
    if search.over:
        state.draw_page()
    st.progress(search.fraction, texts.TESTING_LEARNING_RATES if search.fraction else texts.STARTING)


def _result(found: RateFound, own_search: _OwnRateSearch, experiment: Experiment, on_change: OnChange) -> None:
    if len(found.rates) > 1:
        plot("settings.find.chart", search_chart(found, theme="page"), describe(found))
    st.caption(texts.LOSS_AGAINST_LEARNING_RATE_SINGLE
               + (f" {found.sentence}" if found.suggestion is None else ""))
    if own_search.experiment is not None and _changed(own_search.experiment, experiment):
        st.caption(texts.NETWORK_OR_SETTINGS_HAVE)
    if found.suggestion is not None:
        _choice(found, experiment.training.optimizer.learning_rate, on_change)


def _choice(found: RateFound, now: float, on_change: OnChange) -> None:
    """The suggestions, the best one pressed, the sentence of the one that is pressed, and a button that takes it."""
    ways = {way.title: way for way in sorted(found.suggestions, key=lambda way: way.rate)}
    best = next(title for title, way in ways.items() if way.rate == found.suggestion)
    pressed = st.segmented_control(texts.SUGGESTIONS, list(ways), default=best, required=True,
                                   format_func=lambda title: f"{title} {ways[title].rate:g}",
                                   key=f"settings.find.way.{found.suggestion:g}", label_visibility="collapsed")
    way = ways[pressed]
    tried = "" if way.loss is None else texts.SHORT_TRIAL_ENDED_LOSS.format(loss=way.loss)
    st.caption(found.sentence if way.rate == found.suggestion else way.reason + tried)
    st.button(texts.USE.format(learning_rate=way.rate), key="settings.find.use", type="primary", on_click=on_change,
              args=("learning_rate", way.rate), disabled=now == way.rate)


def _changed(then: Experiment, now: Experiment) -> bool:
    """Whether more than the learning rate and the name is another than at the search."""
    def rest(experiment: Experiment) -> tuple:
        training = experiment.training
        optimizer = training.optimizer.model_copy(update={"learning_rate": 1.0})
        return experiment.network, experiment.task, training.model_copy(update={"optimizer": optimizer})

    return rest(then) != rest(now)
