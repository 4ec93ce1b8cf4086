"""Whether a remedy helps, tried on a short copy before it is offered: its progress, what came of it, the button.

Knows the doctor's findings and the service's trials; nothing of how either comes to be.
"""
from __future__ import annotations

import time

import streamlit as st

from dlviz import doctor
from dlviz.runs.info import RunInfo
from dlviz.runs.trials import Trial
from dlviz.training.events import Outcome, TrialsCompared
from dlviz.translation import numeral
from pages.ui.shared import offers, run_actions, shell, state
from pages.ui.shared.texts import texts
from pages.ui.shared.ticks import retime

ONCE = 3.0  # seconds within which a second press is the first one, told again
EVERY = 0.5  # seconds between two looks at a trial
LEARNED = 0.05  # of its first loss: a batch that is known by heart
RIGHT = 0.99  # of its answers


def show(info: RunInfo, finding: doctor.Finding, main: bool) -> None:
    """What to do about a finding. A remedy is offered once a short copy has shown that it helps; copies are judged on
    samples, so that of a network that learns from games there is the advice alone."""
    remedies = _first(info.id, finding)
    if not remedies or not offers.task_of(info.experiment).supervised:
        _advice(finding)
        return
    trial = _trial(info, remedies)
    if trial.over:
        _draw_page_once(info.id, finding.problem)
        _result(info, finding, remedies, trial, main)
    else:
        _advice(finding)
        _progress(info, finding.problem, trial)


def _first(run: str, finding: doctor.Finding) -> tuple[doctor.Remedy, ...]:
    """The remedies as they were when this illness was first found: a number that has changed since is no new trial."""
    return state.session_value("doctor.remedies", dict).setdefault((run, finding.problem), finding.remedies)


def _trial(info: RunInfo, remedies: tuple[doctor.Remedy, ...]) -> Trial:
    return state.service().trials.get(info.experiment, [remedy.experiment for remedy in remedies])


def _progress(info: RunInfo, problem: str, trial: Trial) -> None:
    """How far the trial is. The fragment around this one ticks with the run; where that is over, for the trial."""
    _going().add((info.id, problem))
    st.progress(trial.fraction, texts.DOCTOR_TESTING_SHORT_COPY if trial.running else
                texts.DOCTOR_TESTING_ANOTHER_COPY)
    if info.over:
        retime(EVERY)


def _draw_page_once(run: str, problem: str) -> None:
    """At the end of a trial that this session has followed: a run of the page also ends the ticks."""
    if (run, problem) in _going():
        _going().discard((run, problem))
        state.draw_page()


def _going() -> set[tuple[str, str]]:
    return state.session_value("doctor.going", set)


def _advice(finding: doctor.Finding) -> None:
    st.markdown(texts.WHAT_TO_TRY.format(advice=shell.plain(finding.advice)))


def _result(info: RunInfo, finding: doctor.Finding, remedies: tuple[doctor.Remedy, ...], trial: Trial,
            main: bool) -> None:
    if trial.helped is None:
        _advice(finding)
        if sentence := trial.sentence or (trial.compared and _without(remedies, trial.compared)):
            st.caption(shell.plain(sentence))
    else:
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            st.markdown(texts.WHAT_TO_DO.format(advice=shell.plain(finding.advice)), width="stretch")
            _try(info, finding.problem, remedies[trial.helped], main)
        if trial.compared is not None:
            st.caption(shell.plain(_with(remedies[trial.helped], trial.compared)))
    if trial.compared is not None:
        st.caption(shell.plain(by_heart(trial.compared)))


def _with(remedy: doctor.Remedy, compared: TrialsCompared) -> str:
    return texts.TESTED_SHORT_COPY_STEPS.format(steps=compared.unchanged.steps, label=remedy.label,
                                                loss=_loss(compared.changed[-1]), unchanged=_loss(compared.unchanged))


def _without(remedies: tuple[doctor.Remedy, ...], compared: TrialsCompared) -> str:
    """What was tried and did not help, in numbers."""
    tried = [f"{remedy.label} {_loss(outcome)}" for remedy, outcome in zip(remedies, compared.changed)]
    return texts.SHORT_COPY_STEPS_NO.format(steps=compared.unchanged.steps, loss=_loss(compared.unchanged),
                                            trials=", ".join(tried))


def _loss(outcome: Outcome) -> str:
    return numeral(f"{outcome.val_loss:.3g}")


def by_heart(compared: TrialsCompared) -> str:
    """What came of learning one batch again and again."""
    came = texts.TRAINING_SINGLE_BATCH_BROUGHT.format(batch_first=compared.batch_first, batch_loss=compared.batch_loss)
    if compared.batch_loss < LEARNED * compared.batch_first or compared.batch_accuracy >= RIGHT:
        return texts.NETWORK_CAN_MEMORIZE.format(result=came)
    return texts.NETWORK_CANNOT_MEMORIZE_EVEN.format(result=came)


def _try(info: RunInfo, problem: str, remedy: doctor.Remedy, main: bool) -> None:
    st.button(texts.TRY_COPY.format(label=shell.plain(remedy.label)), key=f"run.doctor.{problem}", width="content",
              icon=":material/healing:", type="primary" if main else "secondary",
              on_click=_start, args=(info.id, problem, remedy),
              help=texts.NEW_RUN_CHANGED_NETWORK)


def _start(run: str, problem: str, remedy: doctor.Remedy) -> None:
    """A press counts once: when it comes beside a tick, Streamlit may tell of it twice."""
    pressed, now = state.session_value("doctor.pressed", dict), time.monotonic()
    if now - pressed.get((run, problem), -ONCE) >= ONCE:
        pressed[run, problem] = now
        run_actions.start(remedy.experiment, run)
