"""Another schedule for a run while it trains: a draft with its curve, and a button that puts it in force."""
from __future__ import annotations

from typing import Any

import streamlit as st

from dlviz.runs.info import Snapshot
from dlviz.schedules import SCHEDULES, Plan, Schedule
from pages.ui.shared import run_actions, run_words, state
from pages.ui.shared.forms import changed
from pages.ui.train import schedule_form
from pages.ui.train.texts import texts

KEY = "run.schedule"


def popover(snapshot: Snapshot) -> None:
    """The schedule in force, to be changed from the next batch on; the change is marked on the curves.

    The form is drawn once it is opened: closed, it would be a third of the work of each run of the page.
    """
    opened = st.popover(texts.SCHEDULE, icon=":material/trending_down:", key=KEY, help=texts.HOW_LEARNING_RATE_CHANGES,
                        on_change="rerun")
    if opened.open:
        with opened:
            _form(snapshot)


def _form(snapshot: Snapshot) -> None:
    info = snapshot.info
    now = run_words.schedule_in_force(info.experiment.training, snapshot.marks)
    drafts: dict[str, Schedule] = state.session_value("schedule.drafts", dict)
    draft = drafts.get(info.id, now)
    rate = run_words.in_force(info.experiment.training, snapshot.marks)["learning_rate"]
    plan = Plan(max(1, info.planned_steps), run_words.steps_per_epoch(info))

    @run_actions.with_refusals
    def kind(_: str, value: str) -> None:
        drafts[info.id] = SCHEDULES[value]()

    @run_actions.with_refusals
    def field(name: str, value: Any) -> None:
        drafts[info.id] = changed(draft, name, value)

    st.caption(texts.CURRENT_SCHEDULE_NEW_ONE.format(summary=now.summary()))
    schedule_form.show(draft, rate, plan, f"run.schedule.{info.id}", kind, field)
    st.button(texts.APPLY, key="run.schedule.use", type="primary", disabled=draft == now,
              on_click=_use, args=(info.id, draft))


def _use(run: str, schedule: Schedule) -> None:
    run_actions.change(run, "schedule", schedule)
    state.session_value("schedule.drafts", dict).pop(run, None)
