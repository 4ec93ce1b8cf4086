"""The scrubber: every panel of a run shows the same moment, on all pages of a session; the newest unless one is chosen.

What a moment looks like follows from the weights that the run has kept (`service.scrubber`). Draws one bar.
"""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from dlviz.runs.info import RunInfo, Snapshot
from dlviz.training.control import Watch
from pages.ui.shared import lesson, state
from pages.ui.shared.component import static_component

FEW = 2  # moments below which there is nothing to scrub
KEEP = 200  # runs whose chosen moment a session remembers

_MOUNT = static_component("dlviz_scrubber", "scrubber")


def bar(run: RunInfo, key: str) -> int | None:
    """The slider, with play; the step that is chosen, None for the newest. Call it inside a fragment."""
    moments = state.service().scrubber.keyframes(run.id)
    if len(moments) < FEW:
        moments = ()  # an empty bar keeps the place, so that nothing jumps when the first ones come
    _take(run.id, st.session_state.get(key))
    at = scrubbed_step(run.id)
    if at is not None and at not in moments:
        at = _scrubbed_steps()[run.id] = None
    _MOUNT(key=key, data={"run": run.id, "moments": list(moments), "shown": at, "live": not run.over},
           on_at_change=lambda: None)
    return at


def scrubbed_step(run: str) -> int | None:
    """The moment of this run that is on screen; None for the newest."""
    return _scrubbed_steps().get(run)


def _scrubbed_steps() -> dict[str, int | None]:
    return state.session_value("moments", dict)


def _take(run: str, message: Any) -> None:
    """What the browser chose, once: another page's bar may have chosen since."""
    at = (message or {}).get("at")
    if not isinstance(at, dict) or at.get("run") != run or state.session_value("moments.taken", dict).get("at") == at:
        return
    state.session_value("moments.taken", dict)["at"] = at
    step = at.get("step")
    if len(_scrubbed_steps()) > KEEP:
        _scrubbed_steps().clear()
    chosen = step if isinstance(step, int) and not isinstance(step, bool) else None
    _scrubbed_steps()[run] = chosen
    lesson.note("scrubbed", run, state.service().get(run).step if chosen is None else chosen, at.get("number"))


def at_keyframe(snapshot: Snapshot, step: int, watch: Watch, judge: bool) -> Snapshot:
    """The run as it was after `step` updates: what is seen inside, and what it had been told of until then.

    Its whole curve stays. With `judge` it is judged anew, for the confusion and the mistakes of that moment.
    """
    scrub, run = state.service().scrubber, snapshot.info.id
    evaluations = tuple(one for one in snapshot.evaluations if one.step <= step)
    judged = scrub.evaluate(run, step) if judge else None
    return replace(
        snapshot, captured=scrub.capture(run, step, watch) if watch.needs_sample else None,
        evaluations=(*evaluations, judged) if judged else evaluations,
        confusion=judged.confusion if judged else None, mistakes=judged.mistakes if judged else (),
        health=tuple(one for one in snapshot.health if one.step <= step + 1),  # update n starts from step n - 1
        at=step)
