"""A study of one's own: which hyperparameter, which values, perhaps a second one; lock-step or some at a time."""
from __future__ import annotations

import streamlit as st

from dlviz import settings
from dlviz.errors import DlvizError
from dlviz.spec import Experiment, Scalar
from dlviz.studies import hyperparameters, plan
from dlviz.studies.hyperparameters import Domain, Hyperparameter
from dlviz.studies.plan import Axis
from dlviz.studies.study import LEAD
from dlviz.translation import listing
from pages.ui.lab import actions
from pages.ui.lab.texts import texts
from pages.ui.shared import shell, state


def show() -> None:
    """The form over the design in hand. Nothing of it is kept until the button is pressed."""
    base = state.design().experiment
    st.caption(texts.EVERYTHING_ELSE_STAYS_YOUR.format(name=shell.plain(base.name)))
    asked = [_axis(base, "first")]
    if st.toggle(texts.SECOND_HYPERPARAMETER_GRID, key="lab.two"):
        asked.append(_axis(base, "second"))
    lead, at_once = _how()
    axes = [axis for axis in asked if axis is not None]
    if len(axes) < len(asked):
        return
    count = len(axes[0].values) * (len(axes[1].values) if len(axes) > 1 else 1)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(texts.START_THE_STUDY, key="lab.begin", type="primary", icon=":material/play_arrow:",
                  disabled=count < 2, on_click=actions.begin,
                  args=(_name(axes), base, axes, lead, at_once))
        st.caption(texts.RUNS(count) if count > 1 else texts.STUDY_NEEDS_TWO_OR)


def choose(base: Experiment, key: str, label: str = "") -> Hyperparameter:
    """A box with all hyperparameters of the experiment."""
    paths = [hyperparameter.path for hyperparameter in hyperparameters.available(base)]
    return Hyperparameter(path=st.selectbox(label or texts.WHAT_IS_VARIED, paths, key=key, format_func=title))


def title(path: tuple[str, ...]) -> str:
    return f"{texts.GROUPS[path[0]]} · {Hyperparameter(path=path).title}"


def _axis(base: Experiment, which: str) -> Axis | None:
    """One hyperparameter and its values; None, and a sentence, while they make no sense."""
    left, right = st.columns([2, 3], gap="medium")
    with left:
        hyperparameter = choose(base, f"lab.{which}.hyperparameter")
        known = hyperparameters.domain(base, hyperparameter)
    with right:
        try:
            values = _values(known, f"lab.{which}.{'.'.join(hyperparameter.path)}")
        except DlvizError as error:
            st.error(shell.plain(error.sentence), icon=":material/error:")
            return None
    if known.sentence:
        left.caption(shell.plain(known.sentence))
    return Axis(hyperparameter=hyperparameter, values=values)


def _values(known: Domain, key: str) -> tuple[Scalar, ...]:
    if known.kind == "choice":
        return tuple(st.multiselect(texts.VALUES, known.choices, known.choices, key=f"{key}.some",
                                    format_func=hyperparameters.word))
    how = st.segmented_control(texts.VALUES, [texts.A_LIST, texts.A_RANGE], key=f"{key}.how", default=texts.A_LIST,
                               required=True)
    if how == texts.A_LIST:
        usual = ", ".join(map(hyperparameters.word, plan.usual(known)))
        typed = st.text_input(texts.LIST_COMMAS_BETWEEN, usual, key=f"{key}.list", max_chars=600)
        return plan.parse(typed, known)
    low, high = plan.reach(known)
    places = st.columns(4, vertical_alignment="bottom")
    first = places[0].number_input(texts.FROM, value=float(low), key=f"{key}.low", format="%g")
    last = places[1].number_input(texts.TO, value=float(high), key=f"{key}.high", format="%g")
    count = places[2].number_input(texts.HOW_MANY, 2, plan.MOST, 5, key=f"{key}.count")
    log = places[3].toggle(texts.LOGARITHMIC, known.log, key=f"{key}.log",
                           help=texts.LOGARITHMIC_RANGE_NOT)
    values = plan.spread(first, last, count, log=log, integer=known.kind == "integer")
    st.caption(shell.plain(", ".join(map(hyperparameters.word, values))))
    return values


def _how() -> tuple[int | None, int]:
    """Steps between two meetings in lock-step or None, and how many train at once without."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        together = st.toggle(texts.IN_LOCK_STEP, True, key="lab.lock", help=texts.ALL_TRAIN_ONCE_MEET.format(lead=LEAD))
        at_once = st.number_input(texts.RUNS_AT_ONCE, 1, actions.most_at_once(), actions.at_once(4),
                                  key="lab.at_once", width=160, disabled=together)
    return (LEAD if together else None), at_once


def _name(axes: list[Axis]) -> str:
    name = listing([axis.hyperparameter.title for axis in axes])
    return (name[:1].upper() + name[1:])[:2 * settings.MAX_NAME]
