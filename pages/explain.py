"""The explain page: why a network gives this answer, what its units like best, and what happens without them."""
from __future__ import annotations

from functools import partial

import streamlit as st

from dlviz import tasks, views
from dlviz.inspect.explanation import Explainer
from dlviz.runs.info import RunInfo
from dlviz.tasks import Modality
from dlviz.translation import _, translated
from dlviz.views import View
from pages.ui.explain import ablation, examined, source
from pages.ui.explain import question as explain_question
from pages.ui.explain.texts import texts
from pages.ui.shared import fetch, offers, places, run_actions, run_picker, shell, state

WITHOUT = _(":material/toggle_off: Switch parts off").source
STAY = """<style>@media (min-width: 900px) and (min-height: 700px) {
    div:has(> .st-key-explain_left) { position: sticky; top: 4.5rem; align-self: flex-start; } }</style>"""


def page() -> None:
    state.require_frame()
    run_actions.show_refusals()
    st.title(texts.EXPLAIN, width="content", anchor=False)
    run = state.focus()
    if run is None:
        offers.empty(texts.NO_NETWORK_EXPLAIN_YET, texts.TRAIN_ONE_HERE)
    elif not places.supervised(offers.task_of(run.experiment)):
        offers.empty(texts.LEARNT_FROM_GAMES, texts.EXPLAINS_TARGETS, places.supervised)
    elif not run_picker.has_weights(run):
        _not_yet(run)
    elif fetch.offer_download(tasks.get(run.experiment.task.name, run.experiment.task.fields)):
        subject = source.take(run)
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            named = _named_views(subject)
            part = st.segmented_control(texts.WHAT_IS_EXPLAINED, (*named, WITHOUT), default=next(iter(named)),
                                        required=True, key="explain.part", label_visibility="collapsed",
                                        format_func=lambda name: translated(name) if name == WITHOUT else name,
                                        persist_state="session")
            source.freshness(run, subject)
        if part in named and not named[part].asks:
            st.fragment(examined.show)(named[part], subject)
        else:
            _asked(subject, partial(examined.show, named[part]) if part in named else ablation.show)


def _named_views(subject: Explainer) -> dict[str, View]:
    """The views that there are of this network, by icon and title."""
    found = map(views.get, views.offered("explain", subject.report, subject.task))
    return {f"{view.icon} {view.title}".strip(): view for view in found}


def _not_yet(run: RunInfo) -> None:
    if run.over:
        offers.empty(texts.RUN_HAS_NO_TRAINED, texts.ENDED_BEFORE_FIRST_STEP)
    else:
        shell.empty(texts.RUN_HAS_NOT_MADE, texts.SOON_HAS_TRAINED_WEIGHTS, "pages/train.py", texts.GO_TO_TRAIN)


def _asked(subject: Explainer, show) -> None:
    """A part that is about one sample: the sample, and beside or below it what is said of it."""
    if subject.task.modality is not Modality.IMAGE:
        st.fragment(show)(subject, explain_question.choose(subject.task))
        return
    st.html(STAY)
    with st.container(horizontal=True, gap="large"):
        with st.container(width=explain_question.LEFT, key="explain_left"):
            question = explain_question.choose(subject.task)
        with st.container(width="stretch", key="explain_right"):
            if question is None:
                st.caption(texts.DRAW_LEFT_EXPLANATION)
            else:
                st.fragment(show)(subject, question)


with shell.show_errors():
    page()
shell.dress("look")
