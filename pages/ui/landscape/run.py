"""Which run, which directions; then the survey, how far it is, or the button that asks for it."""
from __future__ import annotations

import atexit
from dataclasses import dataclass

import streamlit as st

from dlviz import network as net
from dlviz import once, tasks
from dlviz.landscape.survey import BEYOND, SurveyRequest, count
from dlviz.landscape.surveys import SurveyProgress, Surveys
from dlviz.runs import trajectory
from dlviz.runs.estimate import measuring_seconds
from dlviz.runs.info import RunInfo
from dlviz.training.events import Evaluated
from pages.ui.landscape import map
from pages.ui.landscape.texts import texts
from pages.ui.shared import fetch, offers, places, shell, state
from pages.ui.shared.run_picker import has_weights

PATH, RANDOM = "path", "random"

def direction_labels() -> dict[str, str]:
    """What the choices of directions are called."""
    return {PATH: texts.PATH_S_OWN, RANDOM: texts.RANDOM}


POLL = 0.5  # seconds between two looks at a survey that is being made
LONG = 30.0  # seconds of measuring that are said before they begin
LEAST = {PATH: 3, RANDOM: 1}  # moments whose weights the directions need


@dataclass(frozen=True)
class SurveyChoice:
    """What is wished for, and of which run."""

    run: RunInfo
    request: SurveyRequest
    latest: int  # the newest step whose weights there are
    val: Evaluated | None  # the run's own evaluation at the wish's end


def surveys() -> Surveys:
    return once.get("surveys", _make_surveys)


def _make_surveys() -> Surveys:
    made = Surveys()
    atexit.register(made.close)
    return made


def show() -> None:
    run = state.focus()
    if run is None:
        offers.empty(texts.NO_RUN_YET, texts.TRAIN_NETWORK_HERE)
    elif not places.supervised(offers.task_of(run.experiment)):
        offers.empty(texts.LEARNT_FROM_GAMES, texts.SURVEYS_SAMPLES, places.supervised)
    elif not has_weights(run):
        _too_few(run, 0)
    else:
        _forget_moment(run)
        choose()
        if fetch.offer_download(tasks.get(run.experiment.task.name, run.experiment.task.fields)):
            _show(run)


def _forget_moment(run: RunInfo) -> None:
    """What the address says of a moment was said of the run that was in focus then."""
    last = state.session_value("landscape.last", dict)
    if last.get("run", run.id) != run.id:
        st.query_params.pop("at", None)
    last["run"] = run.id


def _show(run: RunInfo) -> None:
    choice = _choice(run)
    if choice is None:
        return
    found = surveys().find(choice.request)
    if found is not None:
        map.show(choice.run, choice.request, found, choice.val)
        if choice.request.step < choice.latest:
            st.button(texts.UP_NOW_STEP.format(latest=choice.latest), icon=":material/refresh:", on_click=_to_now,
                      args=(run,))
    elif surveys().progress(choice.request) is not None:
        st.fragment(_watch, run_every=POLL)(choice)
    else:
        _offer(choice)


def choose() -> None:
    """The directions and the detail."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="landscape.choices"):
        st.segmented_control(texts.DIRECTIONS, (PATH, RANDOM), key="landscape.directions", default=PATH,
                             required=True, format_func=direction_labels().__getitem__, bind="query-params",
                             width="content", help=texts.HELP)
        st.selectbox(texts.DETAIL, list(texts.POINTS), index=1, key="landscape.points",
                     format_func=texts.POINTS.__getitem__,
                     width=180, bind="query-params")
        if st.session_state["landscape.directions"] == RANDOM:
            st.button(texts.OTHER_DIRECTIONS, icon=":material/casino:", on_click=_draw_again)


def _draw_again() -> None:
    st.query_params["draw"] = str(_number("draw") + 1)


def _number(name: str) -> int:
    text = st.query_params.get(name, "0")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _choice(run: RunInfo) -> SurveyChoice | None:
    """The wish in the address and the widgets: up to the step at which it was asked for, else up to now.

    None, and a sentence on the page, where the run has kept too few weights.
    """
    directions = st.session_state["landscape.directions"]
    weights = _weights(run)
    until = min(_number("at") or _asked_at().get(run.id, 0), run.step) or run.step
    held = tuple(moment for moment in weights if moment[0] <= until) or weights
    if len(held) < LEAST[directions]:
        _too_few(run, len(held))
        return None
    text = run.experiment.without_layout().model_copy(update={"name": "-"}).to_json(None)
    request = SurveyRequest(text, run.id, held, directions, _number("draw") if directions == RANDOM else 0,
                            st.session_state["landscape.points"])
    judged = [one for one in state.service().snapshot(run.id, since=run.step).evaluations if one.step == request.step]
    return SurveyChoice(run, request, weights[-1][0], judged[-1] if judged else None)


def _weights(run: RunInfo) -> trajectory.Files:
    """The files of what the run has kept; while it trains, without the checkpoint, which it writes anew."""
    service = state.service()
    checkpoint = None if run.state in ("starting", "training") else service.weights_path(run.id)
    ended = service.snapshot(run.id, since=run.step).ended
    return service.scrubber.trajectory(run.id, checkpoint, best=ended.best_step if ended else None)


def _too_few(run: RunInfo, count: int) -> None:
    """What to do where there is no path to be drawn."""
    task = tasks.get(run.experiment.task.name, run.experiment.task.fields)
    report = net.check(run.experiment.network, task.signature())
    if run.state in ("starting", "training"):
        return shell.empty(texts.RUN_DOES_NOT_HAVE, texts.LANDSCAPE_DRAWN_THROUGH,
                           "pages/train.py", texts.WATCH_IT_TRAIN)
    if count == 0:
        return shell.empty(texts.RUN_HAS_NO_KEYFRAMES, texts.LANDSCAPE_DRAWN_THROUGH_KEYFRAMES, "pages/train.py",
                           texts.TRAIN)
    large = trajectory.too_large(4 * report.parameters)
    why = (texts.NETWORK_LARGE_ONLY_LATEST if large else
           texts.TRAINED_EARLIER_VERSION_DLVIZ)
    shell.empty(texts.RUN_HAS_TOO_FEW, texts.CHOOSE_RANDOM_DIRECTIONS.format(why=why), "pages/train.py", texts.TRAIN)
    return None


def _offer(choice: SurveyChoice) -> None:
    request = choice.request
    with st.container(border=True, key="landscape.offer"):
        st.markdown(texts.LOSS_LANDSCAPE_RUN)
        st.markdown(texts.ALL_WEIGHTS_NETWORK_TOGETHER.format(how=_how(request)))
        times = request.points ** 2 + len(BEYOND) + len(request.weights)
        seconds = measuring_seconds(choice.run.experiment, count(choice.run.experiment), times)
        if seconds > LONG:
            st.caption(texts.TAKES_ABOUT.format(duration=shell.duration(seconds)))
        st.button(texts.DRAW_THE_LANDSCAPE, type="primary", icon=":material/landscape:", on_click=_ask,
                  args=(choice,))


def _how(request: SurveyRequest) -> str:
    return texts.RUN_HAS_UP_STEP.format(count=_moments(len(request.weights)), step=request.step,
                                        points=request.points ** 2)


def _moments(number: int) -> str:
    return texts.KEYFRAMES(number)


def _ask(choice: SurveyChoice) -> None:
    if not choice.run.over:
        st.query_params["at"] = str(choice.request.step)
        _asked_at()[choice.run.id] = choice.request.step
    surveys().start(choice.request)


def _to_now(run: RunInfo) -> None:
    st.query_params.pop("at", None)
    _asked_at().pop(run.id, None)


def _asked_at() -> dict[str, int]:
    """Run -> the step at which its landscape was asked for; other pages' addresses forget it."""
    return state.session_value("landscape.at", dict)


def _watch(choice: SurveyChoice) -> None:
    progress = surveys().progress(choice.request)
    if progress is None:
        state.draw_page()
    if progress.error:
        st.error(shell.plain(progress.error), icon=":material/error:")
        st.button(texts.TRY_AGAIN, on_click=_ask, args=(choice,))
        return
    st.progress(min(1.0, progress.fraction), text=status(progress))
    st.button(texts.CANCEL, on_click=surveys().cancel, args=(choice.request,), icon=":material/close:")


def status(progress: SurveyProgress) -> str:
    left = progress.seconds_left
    return progress.doing + (texts.ABOUT_LEFT.format(duration=shell.duration(left)) if left and left >= 1 else " ...")
