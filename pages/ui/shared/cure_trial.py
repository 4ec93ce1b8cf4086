"""Whether a remedy helps, tried on a short copy before it is offered: its progress, what came of it, the button.

Knows the doctor's findings and the service's trials; nothing of how either comes to be.
"""
from __future__ import annotations

import time

import streamlit as st

from dlviz import doctor
from dlviz.runs.info import RunInfo
from dlviz.runs.trials import Trial
from dlviz.training.events import Compared, Outcome
from pages.ui.shared import run_actions, shell, state

ONCE = 3.0  # seconds within which a second press is the first one, told again
EVERY = 0.5  # seconds between two looks at a trial
LEARNED = 0.05  # of its first loss: a batch that is known by heart
RIGHT = 0.99  # of its answers


def show(info: RunInfo, finding: doctor.Finding, main: bool) -> None:
    """What to do about a finding. A remedy is offered once a short copy has shown that it helps."""
    remedies = _first(info.id, finding)
    if not remedies:
        _advice(finding)
        return
    trial = _trial(info, remedies)
    if trial.over:
        _result(info, finding, remedies, trial, main)
    else:
        _advice(finding)
        st.fragment(_tick, run_every=EVERY, key=f"run.trial.{finding.illness}")(info, remedies)


def _first(run: str, finding: doctor.Finding) -> tuple[doctor.Remedy, ...]:
    """The remedies as they were when this illness was first found: a number that has changed since is no new trial."""
    return state.kept("doctor.remedies", dict).setdefault((run, finding.illness), finding.remedies)


def _trial(info: RunInfo, remedies: tuple[doctor.Remedy, ...]) -> Trial:
    return state.service().trials.ask(info.experiment, [remedy.experiment for remedy in remedies])


def _tick(info: RunInfo, remedies: tuple[doctor.Remedy, ...]) -> None:
    trial = _trial(info, remedies)
    if trial.over:
        st.rerun()
    st.progress(trial.share, "The doctor tries in a short copy whether this helps" if trial.running else
                "The doctor has another copy to try first")


def _advice(finding: doctor.Finding) -> None:
    st.markdown(f"**What to try:** {shell.plain(finding.advice)}")


def _result(info: RunInfo, finding: doctor.Finding, remedies: tuple[doctor.Remedy, ...], trial: Trial,
            main: bool) -> None:
    if trial.helped is None:
        _advice(finding)
        st.caption(shell.plain(trial.sentence or _without(remedies, trial.compared)))
    else:
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            st.markdown(f"**What to do:** {shell.plain(finding.advice)}", width="stretch")
            _try(info, finding.illness, remedies[trial.helped], main)
        st.caption(shell.plain(_with(remedies[trial.helped], trial.compared)))
    if trial.compared is not None:
        st.caption(shell.plain(by_heart(trial.compared)))


def _with(remedy: doctor.Remedy, compared: Compared) -> str:
    return (f"Tried in a short copy of {compared.unchanged.steps:,} updates: {remedy.label} brings the validation loss "
            f"to {_loss(compared.changed[-1])}; unchanged it is {_loss(compared.unchanged)}.")


def _without(remedies: tuple[doctor.Remedy, ...], compared: Compared) -> str:
    """What was tried and did not help, in numbers."""
    tried = [f"{remedy.label} {_loss(outcome)}" for remedy, outcome in zip(remedies, compared.changed)]
    return (f"In a short copy of {compared.unchanged.steps:,} updates no change clearly helped (validation loss "
            f"unchanged {_loss(compared.unchanged)}, {', '.join(tried)}), so none is offered.")


def _loss(outcome: Outcome) -> str:
    return f"{outcome.val_loss:.3g}"


def by_heart(compared: Compared) -> str:
    """What came of learning one batch again and again."""
    came = f"One batch, learned again and again: the loss went from {compared.batch_first:.3g} to " \
           f"{compared.batch_loss:.3g}"
    if compared.batch_loss < LEARNED * compared.batch_first or compared.batch_accuracy >= RIGHT:
        return f"{came}. The network can learn it by heart, so gradients arrive where they are needed."
    return f"{came}. It cannot learn even that by heart: the cause is in the design or the settings, not in the data."


def _try(info: RunInfo, illness: str, remedy: doctor.Remedy, main: bool) -> None:
    st.button(f"Try it in a copy: {shell.plain(remedy.label)}", key=f"run.doctor.{illness}", width="content",
              icon=":material/healing:", type="primary" if main else "secondary",
              on_click=_start, args=(info.id, illness, remedy),
              help="A new run of the changed network and settings starts at once. This one stays as it is; "
              "then compare before and after.")


def _start(run: str, illness: str, remedy: doctor.Remedy) -> None:
    """A press counts once: when it comes beside a tick, Streamlit may tell of it twice."""
    pressed, now = state.kept("doctor.pressed", dict), time.monotonic()
    if now - pressed.get((run, illness), -ONCE) >= ONCE:
        pressed[run, illness] = now
        run_actions.start(remedy.experiment, run)
