"""What the doctor says of a run and may do about it. Asks the service for nothing but the parent's name."""
from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dlviz import doctor
from dlviz.errors import RunError
from dlviz.network import NetworkReport
from dlviz.runs.info import RunInfo, Snapshot
from pages.ui.shared import cure_trial, shell, state
from pages.ui.shared.texts import texts


def show(snapshot: Snapshot, report: NetworkReport) -> bool:
    """The doctor's word, drawn again at each tick; whether there is any health to be shown below it."""
    if st.query_params.get("run") not in (None, snapshot.info.id):
        state.draw_page()  # the doctor's button, pressed within the fragment, has put another run in focus
    if not snapshot.step:
        st.caption(texts.RUN_ENDED_BEFORE_FIRST if snapshot.info.over
                   else texts.FIRST_HEALTH_CHECK_COMES)
        return False
    _before(snapshot.info)
    _say(snapshot, _diagnosis(snapshot, report))
    if not snapshot.health:
        first = state.service().snapshot(snapshot.info.id, since=snapshot.info.step).health[:1]
        st.caption(texts.FIRST_HEALTH_CHECK_STEP.format(step=first[0].step) if first else
                   texts.NO_HEALTH_CHECK_STORED)
    return bool(snapshot.health)


# the doctor

@dataclass
class _DiagnosisCache:
    """The last checkup of this session, so that a tick without news costs nothing."""

    of: tuple | None = None
    diagnosis: doctor.Diagnosis | None = None


def _diagnosis(snapshot: Snapshot, report: NetworkReport) -> doctor.Diagnosis:
    cache = state.session_value("doctor", _DiagnosisCache)
    last = snapshot.health[-1].step if snapshot.health else 0
    of = (snapshot.info.id, snapshot.info.state, snapshot.at, last, len(snapshot.evaluations))
    if cache.of != of or cache.diagnosis is None:
        cache.of, cache.diagnosis = of, doctor.diagnose(snapshot.info.experiment, report, _record(snapshot))
    return cache.diagnosis


def _record(snapshot: Snapshot) -> doctor.RunRecord:
    """The run's past as the doctor reads it, up to the moment that is looked back at."""
    started, train = snapshot.started, snapshot.train
    if snapshot.at is not None:
        train = {name: values[:snapshot.at] for name, values in train.items()}
    ended = snapshot.ended if snapshot.at is None else None
    over = snapshot.info.over and snapshot.at is None
    return doctor.RunRecord(train, snapshot.evaluations, snapshot.health, ended, over,
                         started and started.chance_loss, started and started.constant_loss)


def _say(snapshot: Snapshot, diagnosis: doctor.Diagnosis) -> None:
    with st.container(key="run.doctor", gap="small"):
        for place, finding in enumerate(diagnosis.findings):
            _finding(snapshot.info, finding, main=place == 0)
        if not diagnosis.findings:
            _well(diagnosis, snapshot.step)
        if diagnosis.results:
            with st.expander(texts.WHAT_DOCTOR_CHECKED, icon=":material/stethoscope:"):
                st.markdown("\n".join(f"- **{shell.plain(each.title)}**: {shell.plain(each.sentence)}"
                                      for each in diagnosis.results))


def _well(diagnosis: doctor.Diagnosis, steps: int) -> None:
    if diagnosis.early:
        st.caption(f":material/stethoscope: {texts.DOCTOR_NEEDS(doctor.STEPS)}")
    elif diagnosis.brief:
        st.caption(f":material/stethoscope: {texts.ENDED_EARLY(steps, needed=doctor.STEPS)}")
    else:
        known = all(each.known for each in diagnosis.results)
        st.success(texts.DOCTOR_CHECKED_EVERYTHING if known else texts.DOCTOR_FOUND_NOTHING,
                   icon=":material/stethoscope:")


def _finding(info: RunInfo, finding: doctor.Finding, main: bool) -> None:
    """One illness; the first is likely the cause of the others, so its button stands out."""
    with st.container(border=True, gap="small"):
        st.markdown(f":material/stethoscope: **{shell.plain(finding.title)}**")
        st.markdown(shell.plain(finding.cause))
        st.markdown("\n".join(f"- {shell.plain(each)}" for each in finding.evidence))
        cure_trial.show(info, finding, main)


def _before(info: RunInfo) -> None:
    """For a run that was made from another one: the way to see both side by side."""
    parent = _parent(info)
    if parent is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="run.before"):
        st.caption(texts.MADE_FROM.format(name=shell.plain(parent.name)), width="content")
        st.page_link("pages/runs.py", label=texts.COMPARE_BEFORE_AFTER, icon=":material/stacked_line_chart:",
                     query_params={"compare": f"{parent.id}.{info.id}"})


def _parent(info: RunInfo) -> RunInfo | None:
    if info.parent is None:
        return None
    try:
        parent = state.service().get(info.parent)
    except RunError:
        return None  # it was deleted
    return None if parent.experiment.trains_as(info.experiment) else parent
