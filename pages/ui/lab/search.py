"""Search for the best values: which hyperparameters, between what, in how many runs. Optuna chooses."""
from __future__ import annotations

import streamlit as st

from dlviz import settings
from dlviz.errors import DlvizError, SpecError
from dlviz.spec import Experiment
from dlviz.studies import hyperparameters, plan, search
from dlviz.studies.hyperparameters import Hyperparameter
from dlviz.studies.study import Search, Span
from dlviz.translation import _, listing
from pages.ui.lab import actions, form
from pages.ui.lab.texts import texts
from pages.ui.shared import shell, state

MOST_KNOBS = 4
USUAL = ("training", "optimizer", "learning_rate")


def show() -> None:
    """The form over the design in hand."""
    if not search.available():
        st.info(texts.SEARCH_NEEDS_PACKAGE_OPTUNA,
                icon=":material/info:")
        return
    base = state.design().experiment
    st.caption(texts.RESULTS_EARLIER_RUNS_GUIDE)
    paths = [hyperparameter.path for hyperparameter in hyperparameters.available(base)]
    chosen = st.multiselect(texts.WHAT_IS_SEARCHED, paths, [USUAL], key="lab.search.hyperparameters",
                            format_func=form.title, max_selections=MOST_KNOBS)
    asked = [_span(base, Hyperparameter(path=path)) for path in chosen]
    trials, at_once, prune = _how()
    spans = tuple(span for span in asked if span is not None)
    if len(spans) < len(asked) or not spans:
        return
    wish = Search(spans=spans, trials=trials, seed=base.seed, prune=prune)
    name = texts.BEST_SEARCHED.format(names=listing([span.hyperparameter.title for span in spans]))
    st.button(texts.START_THE_SEARCH, key="lab.search.begin", type="primary", icon=":material/search:",
              on_click=actions.begin_search, args=(name[:2 * settings.MAX_NAME], base, wish, at_once))


def _span(base: Experiment, hyperparameter: Hyperparameter) -> Span | None:
    """Where to look for one hyperparameter; None, and a sentence, while that makes no sense."""
    known, key = hyperparameters.domain(base, hyperparameter), f"lab.search.{'.'.join(hyperparameter.path)}"
    name, *places = st.columns([2, 1.2, 1.2, 1], vertical_alignment="bottom")
    name.markdown(f"**{shell.plain(hyperparameter.title)}**")
    if known.kind == "choice":
        values = places[0].multiselect(texts.CHOICES, known.choices, known.choices, key=f"{key}.some",
                                       format_func=hyperparameters.word)
        return Span(hyperparameter=hyperparameter, choices=tuple(values)) if values else None
    low, high = plan.reach(known)
    first = places[0].number_input(texts.FROM, value=float(low), key=f"{key}.low", format="%g")
    last = places[1].number_input(texts.TO, value=float(high), key=f"{key}.high", format="%g")
    log = places[2].toggle(texts.LOGARITHMIC, known.log, key=f"{key}.log",
                           help=texts.SAMPLES_LOGARITHMIC_SCALE)
    try:
        return span(base, hyperparameter, first, last, log)
    except DlvizError as error:
        st.error(shell.plain(error.sentence), icon=":material/error:")
        return None


def span(base: Experiment, hyperparameter: Hyperparameter, low: float, high: float, log: bool) -> Span:
    """A span whose ends the hyperparameter takes. SpecError for one that is none."""
    known = hyperparameters.domain(base, hyperparameter)
    plan.spread(low, high, 2, log=log, integer=False)  # its sentences fit here too
    for end in (low, high):
        hyperparameters.set_value(base, hyperparameter,
                                  int(end) if known.kind == "integer" and float(end).is_integer() else end)
    if known.kind == "integer" and log and low < 1:
        raise SpecError(_("A range by equal factors"), _("starts above zero"), _("it starts at {low:g}", low=low),
                        _("Choose a start above zero, or equal distances."))
    return Span(hyperparameter=hyperparameter, low=low, high=high, log=log, integer=known.kind == "integer")


def _how() -> tuple[int, int, bool]:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        trials = st.number_input(texts.NUMBER_OF_RUNS, 2, plan.MOST, 12, key="lab.search.trials", width=160)
        at_once = st.number_input(texts.RUNS_AT_ONCE, 1, actions.most_at_once(), actions.at_once(2),
                                  key="lab.search.at_once", width=160)
        prune = st.toggle(texts.PRUNE_BAD_RUNS, True, key="lab.search.prune",
                          help=texts.RUN_BELOW_MEDIAN_EARLIER)
    return trials, at_once, prune
