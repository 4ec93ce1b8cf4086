"""The pictures of the layers in sight: what each gives for the pinned test sample, at each tick while a run trains it.

Numbers go to the browser as one column of bytes. The stack paints them over its own pictures; the canvas has no others,
so that here it is also brought what the untrained design gives. Draws nothing itself.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import streamlit as st

from dlviz.figures.tiles import levels
from dlviz.runs.info import RunInfo, Snapshot
from dlviz.training.control import Watch
from dlviz.training.events import Captured
from dlviz.views.pictures import once
from pages.ui.build import canvas, editors, own_sample
from pages.ui.build.cards import MAPS, PICTURE, DesignView
from pages.ui.build.own_sample import OwnSample
from pages.ui.shared import run_views, scores, scrubber, state
from pages.ui.shared.component import Json, callbacks, picture_component, to_json

KEYS = {editors.STACK: "dock.feed", editors.CANVAS: "dock.canvas_feed"}
ROOM, LEAST_ROOM = 2_000, 64  # numbers of one picture at most, and what a browser that draws it small may ask for
MOST = 200  # names that a browser may ask for
FIRST = 8  # layers from the top that are shown before the browser has sent which are in sight

_STACK = picture_component("dlviz_feed", "feed")


def watch_of(snapshot: Snapshot) -> Watch:
    """What must be captured for the layers in sight."""
    shown = in_sight(snapshot.info.experiment.network.names()).names
    return Watch(sample(snapshot), shown, flow=shown if editors.view() == editors.CANVAS else ())


def sample(snapshot: Snapshot) -> int:
    """The number of the pinned test sample; of somebody else's run the one that its owner looks at."""
    if snapshot.info.owner == state.visitor():
        return run_views.pinned_of(scores.task_of(snapshot.info))
    return snapshot.captured.sample if snapshot.captured else 0


@dataclass(frozen=True)
class Sight:
    """Which layers are in sight, and how many numbers a picture of one may have; what the browser has of which design.
    """

    names: tuple[str, ...]
    room: int = ROOM
    held: tuple[str, ...] = ()
    of: str = ""


def in_sight(names: tuple[str, ...]) -> Sight:
    """Of the layers of these names, as the browser has said; it can say anything."""
    sent = (st.session_state.get(KEYS[editors.view()]) or {}).get("visible")
    sent = sent if isinstance(sent, Mapping) else {"names": sent}
    wished, room = sent.get("names"), sent.get("room")
    visible = set(_texts(wished)) if isinstance(wished, list) else set(names[:FIRST])
    held, of = sent.get("held"), sent.get("of")
    return Sight(tuple(name for name in names if name in visible),
                 max(LEAST_ROOM, min(room, ROOM)) if isinstance(room, int) else ROOM,
                 tuple(_texts(held)) if isinstance(held, list) else (), of if isinstance(of, str) else "")


def _texts(sent: list[Any]) -> Iterable[str]:
    return (name for name in sent[:MOST] if isinstance(name, str))


def watch(snapshot: Snapshot) -> Watch:
    """Tell the service what this session looks at; what that is."""
    asked = watch_of(snapshot)
    state.service().watch(snapshot.info.id, run_views.viewer(), asked)
    return asked


def show(snapshot: Snapshot, at: int | None, asked: Watch, view: DesignView) -> None:
    """Send the pictures as they are now, or as they were at the moment that is looked back at; before the first of
    them those of the untrained design."""
    if at is not None:
        snapshot = scrubber.at_keyframe(snapshot, at, asked, judge=False)
    if snapshot.captured is None and editors.view() == editors.CANVAS:
        _mount(*_untrained(view))
        return
    _mount(*packed(snapshot.captured, asked.outputs, in_sight(asked.outputs).room))


def show_own(run: RunInfo, own: OwnSample) -> None:
    """Send what the layers in sight give for the user's own sample, as the run is now; no test sample is looked at."""
    state.service().watch(run.id, run_views.viewer(), Watch())
    shown = in_sight(run.experiment.network.names())
    step, outputs = own_sample.outputs(run, own, shown.names)
    _mount(*_frames(outputs, shown, step=step))


@st.fragment
def still(view: DesignView) -> None:
    """Send that nothing lives: every card of the stack shows its own picture; those of the canvas are sent here."""
    with st.container(key="dock_feed"):
        _mount(*(_untrained(view) if editors.view() == editors.CANVAS else _NOTHING))


def _untrained(view: DesignView) -> tuple[Json, np.ndarray]:
    shown = in_sight(tuple(view.outputs))
    of = f"{view.digest} {shown.room}"
    present = [name for name in shown.names if name in shown.held] if shown.of == of else []
    fresh = replace(shown, names=tuple(name for name in shown.names if name not in present))
    return _frames(view.outputs, fresh, live=False, of=of, present=present)


def _mount(json: Json, pictures: np.ndarray) -> None:
    """Beside the editor that is shown: each has a program of its own, which takes the pictures itself."""
    if editors.view() == editors.CANVAS:
        _canvas()(key=KEYS[editors.CANVAS], data=json, pictures=pictures, on_visible_change=_hear)
    else:
        _STACK(key=KEYS[editors.STACK], data=json, pictures=pictures, **callbacks(("visible",)))


def _hear() -> None:
    """The canvas says here which version of the design it holds: an edit would start the whole page anew."""
    sent = (st.session_state.get(KEYS[editors.CANVAS]) or {}).get("visible")
    canvas.hear(sent.get("design") if isinstance(sent, Mapping) else None)


@cache
def _canvas() -> Callable[..., Any]:
    return picture_component("dlviz_canvas_feed", canvas.KEY)


def packed(captured: Captured | None, names: tuple[str, ...], room: int = ROOM) -> tuple[Json, np.ndarray]:
    """The pictures of the layers named, as far as they were captured, once for all who look at the same."""
    if captured is None:
        return _NOT_YET
    return once(captured, ("feed", Sight(names, room)), None, _packed)


def _packed(captured: Captured, what: tuple[str, Sight], _: None) -> tuple[Json, np.ndarray]:
    gradients = {f"{name}>{slot}": float(f"{size:.3g}") for name in what[1].names
                 for slot, size in enumerate(captured.flow.get(name, ())) if size is not None and np.isfinite(size)}
    return _frames(captured.outputs, what[1], step=captured.step, gradients=gradients)


def _frames(outputs: Mapping[str, np.ndarray], shown: Sight, **more: Any) -> tuple[Json, np.ndarray]:
    pictures = {name: levels(outputs[name], *PICTURE, room=shown.room, most=MAPS)
                for name in shown.names if outputs.get(name, np.zeros(0)).size}
    sizes = [picture.size for picture in pictures.values()]
    offsets = np.cumsum([0, *sizes]).tolist()
    frames = [{"name": name, "width": picture.shape[1], "height": picture.shape[0], "offset": offset, "kind": "signed"}
              for (name, picture), offset in zip(pictures.items(), offsets)]
    column = np.concatenate([np.zeros(0, np.uint8), *(picture.ravel() for picture in pictures.values())])
    return _json(frames, **more), column


def _json(frames: list[dict[str, Any]], step: int | None = None, live: bool = True,
          gradients: Mapping[str, float] = {}, of: str | None = None, present: Sequence[str] = ()) -> Json:
    """`gradients`: of wires, by "target>slot"; how large the gradient is that flows back over each. `of`: which design
    they show; pictures of one and the same are added to those that the browser has. `present`: those that it should
    have; it asks where it has not."""
    return to_json({"role": "feed", "json": {"live": live, "step": step, "pictures": frames,
                                             "gradients": dict(gradients), "of": of, "present": list(present)}})


_NOT_YET, _NOTHING = ((_json([], live=live), np.zeros(0, np.uint8)) for live in (True, False))
