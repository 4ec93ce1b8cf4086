"""Every view of the registry: it suits a preset, the engine captures what it asks for, and a browser can draw it."""
from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import plotly.graph_objects as go
import pytest
import torch

from dlviz import network as net
from dlviz import presets, tasks, views
from dlviz.errors import ViewError
from dlviz.training import captures, metrics
from dlviz.training.control import Control, Watch
from dlviz.training.events import Health
from dlviz.training.loop import train
from dlviz.views import Subject, View
from dlviz.views.base import Beside, CaptureRequest, Drawing, Numbered, Observation, Plot

STATIC = Path(__file__).parents[2] / "static"
PRESETS = ("mlp", "cnn", "reverse", "brackets_lstm")


@lru_cache
def subject(preset: str) -> Subject:
    experiment = presets.get(preset).experiment
    task = tasks.get(experiment.task.name, experiment.task.fields)
    return Subject(experiment, task, net.check(experiment.network, task.signature()))


@lru_cache
def network(preset: str) -> net.Network:
    of = subject(preset)
    return net.build(of.experiment.network, of.task.signature(), seed=1)


def suiting(view: View) -> list[str]:
    return [name for name in PRESETS if view.suits(subject(name).report, subject(name).task)]


@lru_cache
def health(preset: str) -> tuple[Health, ...]:
    """What a training tells of its first update."""
    control = Control()
    control.post(Watch(health=True))
    events = train(subject(preset).experiment, control, device="cpu")
    return (next(event for event in events if isinstance(event, Health)),)


def observed(preset: str, request: CaptureRequest) -> Observation:
    """What the engine captures for the request, of the untrained network."""
    of = subject(preset)
    watch = request.watch(3)
    captured = captures.capture(network(preset), of.task, watch, 5) if watch.needs_sample else None
    found = (metrics.evaluate(network(preset), of.task.data().val.first(200), torch.device("cpu"), 5, details=True),) \
        if request.evaluation else ()
    return Observation(5, False, 3, captured, found, found[0].confusion if found else None,
                       found[0].mistakes if found else (), health(preset) if request.health else (), dark=False)


def parts(drawing: Drawing | tuple[Drawing, ...]) -> list[Drawing]:
    """All that is drawn, what stands side by side too."""
    if isinstance(drawing, tuple):
        return [part for each in drawing for part in parts(each)]
    return parts((*drawing.left, *drawing.right)) if isinstance(drawing, Beside) else [drawing]


def drawable(part: Drawing) -> bool:
    """Whether a browser is given what it can draw; raises where it is not."""
    match part:
        case dict():
            return bool(json.dumps(part, allow_nan=False))
        case Plot():
            return part.make().to_json() is not None and bool(part.label)
        case _:
            return isinstance(part, (str, go.Figure, Numbered))


@pytest.mark.parametrize("key", views.VIEWS)
def test_a_view_is_drawn_of_what_the_engine_captures_for_it(key: str):
    view = views.get(key)
    assert suiting(view), "it suits no preset"
    for preset in suiting(view):
        of = subject(preset)
        choices = {choice.key: choice.value(None) for choice in view.choices(of)}
        drawn = parts(view.draw(of, observed(preset, view.request(of, choices)), choices))
        assert drawn and all(map(drawable, drawn))
        assert any(not isinstance(part, str) for part in drawn), f"{preset}: only words"
        assert not any(isinstance(part, dict) for part in drawn) or (STATIC / view.program()).is_file()


@pytest.mark.parametrize("key", views.VIEWS)
def test_a_view_before_the_first_capture_says_so_or_draws_what_there_is(key: str):
    view = views.get(key)
    for preset in suiting(view):
        of = subject(preset)
        choices = {choice.key: choice.value(None) for choice in view.choices(of)}
        assert all(map(drawable, parts(view.draw(of, Observation(), choices))))


@pytest.mark.parametrize("key", views.VIEWS)
def test_a_view_says_what_it_is(key: str):
    view = views.get(key)
    assert key == view.key and str(view.title) and str(view.sentence).endswith(".") and view.places


def test_the_order_is_that_of_the_pages():
    of = subject("mlp")
    assert views.offered("train", of.report, of.task) == ("maps", "weights", "health", "confusion", "mistakes")


def test_a_view_that_does_not_exist_names_the_choices():
    with pytest.raises(ViewError, match=r"'helth' must be one of maps, .*Did you mean health\?"):
        views.get("helth")
