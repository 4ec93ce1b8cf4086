"""The form for how the learning rate goes over a run, with its curve. For the next run and for one that trains."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from dlviz.figures.rates import schedule_chart
from dlviz.schedules import SCHEDULES, Plan, Schedule
from dlviz.translation import at_start
from pages.ui.shared import forms
from pages.ui.shared.plot import plot_of
from pages.ui.train.texts import texts

OnChange = Callable[[str, Any], None]
HEIGHT = 180  # px


def show(schedule: Schedule, rate: float, plan: Plan, key: str, on_kind_change: OnChange, on_change: OnChange) -> None:
    """Which schedule, its fields, and the learning rate that it makes of `rate`."""
    with forms.row("schedule", schedule.sentence()):
        forms.choose("schedule", list(SCHEDULES), schedule.kind, key, on_kind_change,
                     lambda kind: at_start(SCHEDULES[kind].title))
    for name, info in type(schedule).model_fields.items():
        if name != "kind":
            forms.field(name, info, getattr(schedule, name), f"{key}.{schedule.kind}.{name}", on_change)
    plot_of(f"{key}.chart", (schedule, rate, plan), lambda: schedule_chart(schedule, rate, plan, theme="page"),
            texts.ALT, height=HEIGHT)
    if schedule.follows_loss:
        st.caption(texts.WHEN_LEARNING_RATE_FALLS)
