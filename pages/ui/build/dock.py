"""The dock of the build page: Play, one batch, the learning rate, a small curve, the scrubber; the run trains in place.

Buttons and numbers stand outside its one fragment, which ticks while the run in focus lives and draws into places
between them. What Play does, `playing` says.
"""
from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dlviz.errors import DlvizError, RunError
from dlviz.figures import table
from dlviz.runs.info import RunInfo, Snapshot
from dlviz.training.control import Pause, Stop
from dlviz.views.pictures import once
from pages.ui.build import bar as build_bar
from pages.ui.build import feed, node_views, own_sample, playing
from pages.ui.build.cards import DesignView
from pages.ui.build.node_views import NodeViews
from pages.ui.build.own_sample import OwnSample
from pages.ui.build.playing import Playing, press
from pages.ui.build.texts import texts
from pages.ui.shared import (
    crowd,
    curves,
    fetch,
    live,
    live_settings,
    run_actions,
    run_views,
    run_words,
    scores,
    scrubber,
    shell,
    state,
    strip,
)
from pages.ui.shared.component import Json, to_json
from pages.ui.shared.design import Design
from pages.ui.shared.following import follow
from pages.ui.shared.live import Pace
from pages.ui.shared.texts import texts as shared_texts
from pages.ui.shared.ticks import placed

HEIGHT = 118  # px of the small curve

take_press = playing.take_press


@dataclass(frozen=True)
class Same:
    """The design in hand, where the run in focus trains it, and the user's own sample, if there is one."""

    view: DesignView
    own: OwnSample | None


def show(design: Design, view: DesignView, of_layer: NodeViews | None = None, own: OwnSample | None = None) -> None:
    """The dock, for the design in hand and the run in focus; `of_layer` is drawn in the inspector at each tick, and
    the user's own sample, where there is one, runs through the cards in place of a test sample."""
    with st.container(key="dock"):
        run_actions.show_refusals()
        try:
            now = playing.now(design, build_bar.reason(view))
        except DlvizError as error:
            st.error(shell.plain(error.sentence), icon=":material/error:")
            return
        snapshot = live.first(now.info.id) if now.info else None
        _show(replace(now, info=snapshot.info) if snapshot else now, design, view, snapshot, of_layer, own)


def _show(now: Playing, design: Design, view: DesignView, snapshot: Snapshot | None,
          of_layer: NodeViews | None, own: OwnSample | None) -> None:
    left, right = st.columns([5, 4], gap="medium")
    with left:
        if view.report.ok and not fetch.offer_download(view.task):
            return
        _controls(now, design, snapshot)
        with st.container(horizontal=True, vertical_alignment="center", key="dock_words"):
            st.caption(_words(now, snapshot))
            if view.sample and not own_sample.shown(view.task):
                run_views.another_sample(view.task, "dock.sample", texts.ANOTHER_SAMPLE, "tertiary")
            own_sample.button(view.task)
        bar, scrubbing = st.container(key="dock_bar"), st.container(key="dock_scrubber")
    with right:
        curve = st.container(key="dock_curve")
    if snapshot is None or not now.same:
        with right:
            feed.still(view)
    if snapshot is None:
        with curve:
            curves.show("dock.curve", _empty_curve())
        return
    pace = Pace(crowd.pace(live.EVERY.get(snapshot.info.state), run_views.viewer()))
    ticking = st.fragment(_tick, run_every=pace.seconds, key="dock.live")
    same = Same(view, own if now.mine else None) if now.same else None
    ticking(_drawn(snapshot), pace, snapshot.info.id, same, bar, curve, scrubbing, of_layer if same else None)


def _controls(now: Playing, design: Design, snapshot: Snapshot | None) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="dock_controls"):
        steered = now.steered
        if steered and steered.state in playing.UNDER_WAY:
            _post(steered, texts.PAUSE, "pause", Pause(), texts.PAUSE_AFTER_BATCH, primary=True)
        else:
            st.button(texts.PLAY, key="dock.play", icon=":material/play_arrow:", type="primary", on_click=press,
                      args=("play",), disabled=now.reason is not None, help=now.reason or _play_words(now))
        waits = steered is not None and steered.state in ("queued", "starting")
        st.button(texts.ONE_BATCH, key="dock.batch", icon=":material/skip_next:", on_click=press, args=("batch",),
                  disabled=waits or now.reason is not None, help=now.reason or texts.ONE_STEP_THEN_PAUSE)
        if now.info and now.mine and not now.info.over:
            _post(now.info, texts.STOP, "stop", Stop(), texts.END_RUN_NOW)
        _learning_rate(now, design, snapshot)


def _post(info: RunInfo, label: str, icon: str, message: Pause | Stop, what: str, primary: bool = False) -> None:
    st.button(label, key=f"dock.{icon}", icon=f":material/{icon}:", type="primary" if primary else "secondary",
              on_click=run_actions.post, args=(info.id, message), help=what)


def _play_words(now: Playing) -> str:
    if now.goes_on:
        return texts.PLAY_ON
    if now.info is None or not now.mine:
        return texts.PLAY_HERE
    return texts.PLAY_AGAIN if now.same else texts.PLAY_CHANGED


def _learning_rate(now: Playing, design: Design, snapshot: Snapshot | None) -> None:
    """Of the run where it can still be changed, else of the design, for the next one."""
    if snapshot and now.steered and not snapshot.info.over:
        values = run_words.in_force(snapshot.info.experiment.training, snapshot.marks)
        live_settings.number(snapshot.info.id, "learning_rate", values["learning_rate"], "dock")
        return
    rate = design.experiment.training.optimizer.learning_rate
    key = f"dock.rate.{rate!r}.{run_actions.refusal_count()}"
    st.number_input(texts.LEARNING_RATE, 0.0, value=float(rate), key=key, step=live_settings.rate_step(rate),
                    format="%g", width=140, help=texts.LEARNING_RATE_OF_DESIGN, on_change=playing.set_rate,
                    args=(key, design.experiment.name))


def _words(now: Playing, snapshot: Snapshot | None) -> str:
    """Whose curve it is, where that is not plain, and how the run stands."""
    if now.info is None or snapshot is None:
        return texts.NOTHING_TRAINED
    name = shell.plain(now.info.name)
    if not now.mine:
        return texts.SOMEBODY_ELSES.format(name=name)
    if not now.same and now.reason is not None:
        return texts.OTHER_DESIGN_NOT_NOW.format(name=name)
    if not now.same:
        return (texts.OTHER_DESIGN if now.info.over else texts.OTHER_DESIGN_TRAINS).format(name=name)
    words = run_words.state_words(snapshot.info.state)
    paused = snapshot.info.state == "paused"  # what to do then, the buttons say
    text = shell.plain(snapshot.info.sentence if paused else run_words.explanation(snapshot.info))
    return f":{words.color}[{words.icon} {words.word}]{'  ·  ' if text else ''}{text}"


def _drawn(snapshot: Snapshot) -> tuple[str, str, int | None, int]:
    """What the page outside the fragment shows of the run."""
    info = snapshot.info
    return info.state, info.sentence, info.position, len(snapshot.marks)


@placed
def _tick(drawn: tuple, pace: Pace, run: str, same: Same | None, bar: DeltaGenerator, curve: DeltaGenerator,
          scrubbing: DeltaGenerator, of_layer: NodeViews | None) -> None:
    try:
        snapshot = follow(run, pace.seconds)
        asked = feed.watch(snapshot) if same and not same.own else None
        if of_layer:
            node_views.watch(snapshot, of_layer, feed.sample(snapshot))
        if asked and snapshot.info.over:
            snapshot = follow(run)  # nothing ticks any more: what is looked at has just been captured
    except RunError:
        state.draw_page()  # it was deleted in another tab
    bar.progress(*_progress(snapshot))
    with scrubbing:
        at = scrubber.bar(snapshot.info, "dock.moments")
    with curve:
        window = curves.zoom("dock.curve", run)
        curves.show("dock.curve", once(snapshot, ("dock", window, at), None, _drawn_curve))
        if same:
            with st.container(key="dock_feed"), shell.show_errors():
                if same.own:
                    feed.show_own(snapshot.info, same.own)
                elif asked:
                    feed.show(snapshot, at, asked, same.view)
    if of_layer:
        with shell.show_errors():
            node_views.draw(snapshot, of_layer, feed.sample(snapshot), at)
    if _drawn(snapshot) != drawn or strip.behind(snapshot.info):
        state.draw_page()
    pace.fit(live.EVERY.get(snapshot.info.state))


def _progress(snapshot: Snapshot) -> tuple[float, str]:
    """How far it is, and how well it does."""
    fraction, words = run_words.progress(snapshot, brief=True)
    found = scores.in_short(snapshot)
    figures = ", ".join(found[split] for split in ("train", "val") if split in found)
    title = scores.title(scores.task_of(snapshot.info))
    return fraction, "  ·  ".join([words, *([texts.SCORE_IS.format(title=title, figures=figures)] if figures else [])])


def _empty_curve() -> Json:
    """What stands there before the first run; its program is then in the browser already when Play is pressed."""
    return to_json(curves.payload((curves.LOSS,), {}, planned_steps=0, steps_per_epoch=1, marks=(), x_axis="step",
                                  log_y=False, height=HEIGHT, run="", window=None, empty=texts.CURVE_COMES))


def _drawn_curve(snapshot: Snapshot, wish: tuple, _: None) -> Json:
    """What the browser is sent of the loss; the same for all who look at the same."""
    _name, window, at = wish
    info = snapshot.info
    history = table.curves(snapshot.train, snapshot.evaluations) | scores.columns(snapshot)
    return to_json(curves.payload(
        scores.panels(info)[:1], history, planned_steps=info.planned_steps,
        steps_per_epoch=run_words.steps_per_epoch(info), marks=[run_words.mark(change) for change in snapshot.marks],
        x_axis="step", log_y=False, height=HEIGHT, run=info.id, window=window, moment=at,
        empty=shared_texts.NOTHING if info.over else shared_texts.SOON))
