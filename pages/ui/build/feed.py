"""The live pictures of the design in hand: what each layer in sight gives for the pinned test sample, at each tick.

Numbers go to the browser as one column of bytes; the editor paints them over its own pictures. Draws nothing itself.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np
import streamlit as st

from dlviz.figures.tiles import levels
from dlviz.runs.info import Snapshot
from dlviz.training.control import Watch
from dlviz.training.events import Captured
from dlviz.views.pictures import once
from pages.ui.build import canvas, editors
from pages.ui.build.cards import MAPS, PICTURE
from pages.ui.shared import run_views, scores, scrubber, state
from pages.ui.shared.component import Json, callbacks, picture_component, to_json

KEYS = {editors.STACK: "dock.feed", editors.CANVAS: "dock.canvas_feed"}
ROOM = 2_000  # numbers of one picture at most
MOST = 200  # names that a browser may ask for
FIRST = 8  # layers from the top that are shown before the browser has sent which are in sight

_STACK = picture_component("dlviz_feed", "feed")


def watch_of(snapshot: Snapshot) -> Watch:
    """What must be captured for the layers in sight."""
    names = snapshot.info.experiment.network.names()
    sent = (st.session_state.get(KEYS[editors.view()]) or {}).get("visible")
    in_sight = set(_texts(sent)) if isinstance(sent, list) else set(names[:FIRST])
    shown = tuple(name for name in names if name in in_sight)
    return Watch(sample(snapshot), shown, flow=shown if editors.view() == editors.CANVAS else ())


def sample(snapshot: Snapshot) -> int:
    """The number of the pinned test sample; of somebody else's run the one that its owner looks at."""
    if snapshot.info.owner == state.visitor():
        return run_views.pinned_of(scores.task_of(snapshot.info))
    return snapshot.captured.sample if snapshot.captured else 0


def _texts(sent: list[Any]) -> Iterable[str]:
    return (name for name in sent[:MOST] if isinstance(name, str))


def watch(snapshot: Snapshot) -> Watch:
    """Tell the service what this session looks at; what that is."""
    asked = watch_of(snapshot)
    state.service().watch(snapshot.info.id, run_views.viewer(), asked)
    return asked


def show(snapshot: Snapshot, at: int | None, asked: Watch) -> None:
    """Send the pictures as they are now, or as they were at the moment that is looked back at."""
    if at is not None:
        snapshot = scrubber.at_keyframe(snapshot, at, asked, judge=False)
    json, column = packed(snapshot.captured, asked.outputs)
    _mount(json, column)


def none() -> None:
    """Send that there are no live pictures: every card shows its own."""
    _mount(_NOTHING, np.zeros(0, np.uint8))


def _mount(json: Json, pictures: np.ndarray) -> None:
    """Beside the editor that is shown: each has a program of its own, which takes the pictures itself."""
    render = _canvas() if editors.view() == editors.CANVAS else _STACK
    render(key=KEYS[editors.view()], data=json, pictures=pictures, **callbacks(("visible",)))


@cache
def _canvas() -> Callable[..., Any]:
    return picture_component("dlviz_canvas_feed", canvas.KEY)


def packed(captured: Captured | None, names: tuple[str, ...]) -> tuple[Json, np.ndarray]:
    """The pictures of the layers named, as far as they were captured, once for all who look at the same."""
    if captured is None:
        return _NOT_YET, np.zeros(0, np.uint8)
    return once(captured, ("feed", names), None, _packed)


def _packed(captured: Captured, what: tuple[str, tuple[str, ...]], _: None) -> tuple[Json, np.ndarray]:
    pictures = {name: levels(captured.outputs[name], *PICTURE, room=ROOM, most=MAPS)
                for name in what[1] if captured.outputs.get(name, np.zeros(0)).size}
    sizes = [picture.size for picture in pictures.values()]
    offsets = np.cumsum([0, *sizes]).tolist()
    frames = [{"name": name, "width": picture.shape[1], "height": picture.shape[0], "offset": offset, "kind": "signed"}
              for (name, picture), offset in zip(pictures.items(), offsets)]
    column = np.concatenate([np.zeros(0, np.uint8), *(picture.ravel() for picture in pictures.values())])
    gradients = {f"{name}>{slot}": float(f"{size:.3g}") for name in what[1]
                 for slot, size in enumerate(captured.flow.get(name, ())) if size is not None and np.isfinite(size)}
    return _json(frames, captured.step, gradients=gradients), column


def _json(frames: list[dict[str, Any]], step: int | None = None, live: bool = True,
          gradients: Mapping[str, float] = {}) -> Json:
    """`gradients`: of wires, by "target>slot"; how large the gradient is that flows back over each."""
    return to_json({"role": "feed", "json": {"live": live, "step": step, "pictures": frames,
                                             "gradients": dict(gradients)}})


_NOT_YET, _NOTHING = _json([]), _json([], live=False)
