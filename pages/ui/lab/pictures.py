"""The runs' pictures side by side at the same step: first-layer weights, or the maps of one test sample."""
from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from dlviz import layers, tasks
from dlviz import network as net
from dlviz.errors import RunError
from dlviz.figures import first_weights
from dlviz.figures.first_weights import FirstLayer
from dlviz.studies.study import Study
from dlviz.tasks import Modality
from dlviz.training.control import Watch
from dlviz.training.events import Captured
from dlviz.views import pictures
from pages.ui.lab import blocks as lab_blocks
from pages.ui.lab.lines import RunLine
from pages.ui.lab.texts import texts
from pages.ui.shared import run_views, state

MOST = 8  # runs side by side
SHOWN = 16  # maps of each
MOST_CAPTURES = 6  # captures of each run among which one and the same step is looked for


@dataclass
class _CaptureCache:
    """The latest captures of a study's runs, for this session."""

    study: str = ""
    captures: dict[str, deque[Captured]] = field(default_factory=dict)

    def add(self, run: str, captured: Captured | None) -> None:
        row = self.captures.setdefault(run, deque(maxlen=MOST_CAPTURES))
        if captured is not None and (not row or row[-1] is not captured):
            row.append(captured)

    def same_step(self, runs: Sequence[str], what: Watch) -> int | None:
        """The latest step at which all these runs were captured for this wish."""
        steps = [{c.step for c in self.captures.get(run, ()) if fits(c, what)} for run in runs]
        return max(set.intersection(*steps), default=None) if steps else None

    def picture(self, run: str, what: Watch, step: int | None) -> Captured | None:
        """The run's capture at that step, else its latest."""
        found = [c for c in self.captures.get(run, ()) if fits(c, what)]
        return next((c for c in found if c.step == step), found[-1] if found else None)


def fits(captured: Captured, what: Watch) -> bool:
    """Whether the capture shows what is wished for."""
    return captured.sample == what.sample and all(name in captured.outputs for name in what.outputs) \
        and all(name in captured.weights for name in what.weights)


def show(study: Study, lines: Sequence[RunLine]) -> None:
    """Choose what, ask all runs for it, draw what they have."""
    task = tasks.get(study.base.task.name, study.base.task.fields)
    report = net.check(lines[0].info.experiment.network, task.signature())
    first = first_weights.first_layer(report)
    what = _choose(study, lines, task.size("test"), first, task.modality is Modality.IMAGE)
    cache: _CaptureCache = state.session_value("lab.album", _CaptureCache)
    if cache.study != study.id:
        cache.study, cache.captures = study.id, {}
    for line in lines:
        _watch(line, what)
        cache.add(line.run, line.snapshot.captured)
    step = cache.same_step([line.run for line in lines], what)
    if step is None:  # one diverged long ago, say: the others are still of one step
        step = cache.same_step([line.run for line in lines if not line.info.over], what)
    drawn = [_block(line, cache.picture(line.run, what, step), what, first) for line in lines]
    blocks = [block for block in drawn if block]
    if blocks:
        lab_blocks.show(f"lab.pictures.{study.id}", blocks)
    else:
        st.caption(texts.IMAGES_APPEAR_NEXT_STEP)


def _watch(line: RunLine, what: Watch) -> None:
    try:
        state.service().watch(line.run, run_views.viewer(), what)
    except RunError:
        return  # deleted just now; the next look leaves it out


def _choose(study: Study, lines: Sequence[RunLine], size: int, first: FirstLayer | None, images: bool) -> Watch:
    names = common_layers(lines)
    options = ([texts.WEIGHTS] if first and first.name in names else []) + names
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        chosen = st.selectbox(texts.WHAT_IS_SHOWN, options, key=f"lab.shown.{study.id}", width=280,
                              format_func=lambda name: (name if name == texts.WEIGHTS else
                                                        texts.OUTPUT_OF.format(name=name)))
        if chosen == texts.WEIGHTS and first:
            return Watch(weights=(first.name,))
        word = texts.TEST_IMAGE if images else texts.TEST_SAMPLE
        sample = st.number_input(word, 0, size - 1, 0, key=f"lab.sample.{study.id}", width=160)
    return Watch(int(sample), outputs=(str(chosen),))


def common_layers(lines: Sequence[RunLine]) -> list[str]:
    """Layers that all runs have, what bends or weighs first: reshaping shows nothing new."""
    networks = [line.info.experiment.network for line in lines]
    names = [layer for layer in networks[0].layers if all(layer.name in other.names() for other in networks)]
    return [layer.name for layer in names if layers.get(layer.kind).family != "reshape"]


def _block(line: RunLine, captured: Captured | None, what: Watch, first: FirstLayer | None) -> dict | None:
    if captured is None:
        return None
    if what.weights and first is not None:
        array = first_weights.pictures(captured.weights[what.weights[0]], first)
    else:
        array = np.asarray(captured.outputs[what.outputs[0]])
    shown = array[:SHOWN] if array.ndim == 3 else array
    drawn = pictures.maps(shown, noun="map", note="", dark=None)
    return {name: drawn[name] for name in ("kind", "pictures", "width", "height")} | {
        "label": line.label, "light": line.colors[0], "dark": line.colors[1],
        "when": texts.STEP.format(step=captured.step),
        "alt": texts.AFTER_STEP.format(label=line.label, picture=drawn["alt"], step=captured.step)}
