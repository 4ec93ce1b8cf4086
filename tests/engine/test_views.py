"""Every view of the registry: it suits a preset, the engine captures what it asks for, and a browser can draw it."""
from __future__ import annotations

import json
import sys
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import ModuleType

import plotly.graph_objects as go
import pytest
import torch

from dlviz import network as net
from dlviz import presets, views
from dlviz.errors import ViewError
from dlviz.inspect import explanation
from dlviz.inspect.explanation import Explainer, no_progress
from dlviz.presets.siblings import MEMORIES, with_memory
from dlviz.spec import Experiment
from dlviz.tasks import Modality
from dlviz.tasks.decoding import Decoding
from dlviz.training import captures, metrics
from dlviz.training.control import Control, Query, Watch
from dlviz.training.events import Health, QueryResult
from dlviz.training.loop import train
from dlviz.views import Subject, View, top_activations
from dlviz.views.base import Beside, CaptureRequest, Choices, Drawing, Notice, Numbered, Observation, Plot, Sibling
from dlviz.views.question import ExplainedInput, question_of

STATIC = Path(__file__).parents[2] / "static"
PRESETS = ("mlp", "cnn", "vae", "anomalies", "scene", "diffusion", "spiral", "hills", "reverse", "order_gru", "names",
           "airline", "dates", "book_pieces", "masked", "recall_rotary", "catch")
SAMPLE = 3


@lru_cache
def subject(preset: str) -> Subject:
    """A preset, and for a network that reads sequences a question."""
    of = views.subject(presets.get(preset).experiment)
    inputs, target = of.task.sample("test", SAMPLE)
    shown = of.task.view(inputs, target)
    picture = of.task.picture("test", SAMPLE) if of.task.modality is Modality.IMAGE else None
    of = replace(of, example=ExplainedInput(inputs, picture, target, shown.inputs, shown.steps))
    if of.task.modality in (Modality.IMAGE, Modality.GAME):
        return of
    question = question_of(of.task, *of.task.sample("test", SAMPLE))
    if of.task.forecast:
        return replace(of, question=replace(question, moments=of.task.forecast.time_labels("test", SAMPLE),
                                            forecast_window=of.task.forecast.forecast_window("test", SAMPLE)))
    return replace(of, question=question)


@lru_cache
def network(text: str) -> net.Network:
    of = views.subject(Experiment.model_validate_json(text))
    return net.build(of.experiment.network, of.task.signature(), seed=1)


@pytest.fixture(autouse=True)
def few_samples(monkeypatch):
    monkeypatch.setattr(explanation, "TOP_SAMPLES", 90)
    monkeypatch.setattr(top_activations, "TOP_SAMPLES", 90)


def suiting(view: View) -> list[str]:
    return [name for name in PRESETS if view.suits(subject(name).report, subject(name).task)]


@lru_cache
def health(preset: str) -> tuple[Health, ...]:
    """What a training tells of its first update."""
    control = Control()
    control.post(Watch(health=True))
    events = train(subject(preset).experiment, control, device="cpu")
    return (next(event for event in events if isinstance(event, Health)),)


def answer(experiment: Experiment, of: Subject, request: CaptureRequest) -> QueryResult:
    question = of.question or question_of(of.task, *of.task.sample("test", SAMPLE))
    query = Query("t", question.inputs, request.outputs, **request.query(question))
    return captures.answer_query(network(experiment.to_json()), of.task, query, 5)


def siblings(view: View, of: Subject, choices: Choices) -> dict[str, Sibling]:
    found = {}
    for kind in MEMORIES if view.compares else ():
        other = views.subject(with_memory(of.experiment, kind))
        request = view.request(other, choices)
        found[kind] = Sibling(kind, other, "now", True, answer(other.experiment, of, request), accuracy=0.5)
    return found


def observed(preset: str, view: View, choices: Choices) -> Observation:
    """What the engine captures for the view, of the untrained network."""
    of, request = subject(preset), view.request(subject(preset), choices)
    own, watch = network(of.experiment.to_json()), request.watch(SAMPLE)
    captured = captures.capture(own, of.task, watch, 5) if watch.needs_sample else None
    found = (metrics.evaluate(own, of.task.data().val.first(200), torch.device("cpu"), 5, details=True),) \
        if request.evaluation else ()
    result = answer(of.experiment, of, request) if of.question or "draw" in view.places else None
    examined = None
    if "explain" in view.places:
        explainer = Explainer(of.experiment, own, 5, (preset, 5))
        first = Observation(examined=view.examine(explainer, of, choices, no_progress))
        choices |= {choice.key: choice.value(None) for choice in view.refinements(of, first, choices)}
        examined = view.examine(explainer, of, choices, no_progress)
    return Observation(5, False, SAMPLE, captured, found, found[0].confusion if found else None,
                       found[0].mistakes if found else (), health(preset) if request.health else (), dark=False,
                       result=result, siblings=siblings(view, of, choices), examined=examined)


def drawn(preset: str, view: View) -> list[Drawing]:
    """What the view draws with everything as it is chosen at first."""
    of = subject(preset)
    choices = {choice.key: choice.value(None) for choice in view.choices(of)}
    observation = observed(preset, view, choices)
    if of.question or "explain" in view.places:
        choices |= {choice.key: choice.value(None) for choice in view.refinements(of, observation, choices)}
    return parts(view.draw(of, observation, choices))


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
            return isinstance(part.make(), go.Figure) and (part.flat is None or isinstance(part.flat(), go.Figure))
        case _:
            return isinstance(part, (str, go.Figure, Numbered, Notice))


@pytest.mark.parametrize("key", views.VIEWS)
def test_a_view_is_drawn_of_what_the_engine_captures_for_it(key: str):
    view = views.get(key)
    assert suiting(view), "it suits none of PRESETS: enter there a preset that it suits"
    for preset in suiting(view):
        found = drawn(preset, view)
        assert found and all(map(drawable, found))
        assert any(not isinstance(part, str) for part in found), f"{preset}: only words"
        assert not any(isinstance(part, dict) for part in found) or (STATIC / view.program()).is_file()


@pytest.mark.parametrize("key", views.VIEWS)
def test_a_view_before_the_first_capture_says_so_or_draws_what_there_is(key: str):
    view = views.get(key)
    for preset in suiting(view):
        of = subject(preset)
        choices = {choice.key: choice.value(None) for choice in view.choices(of)}
        result = answer(of.experiment, of, CaptureRequest()) if of.question else None
        assert all(map(drawable, parts(view.draw(of, Observation(result=result), choices))))


@pytest.mark.parametrize("key", views.VIEWS)
def test_a_view_says_what_it_is(key: str):
    view = views.get(key)
    assert key == view.key and str(view.title) and str(view.sentence).endswith(".") and view.places


def test_the_order_is_that_of_the_pages():
    of = subject("mlp")
    first = ("maps", "neurons", "weights", "health", "confusion", "calibration", "mistakes")
    assert views.offered("train", of.report, of.task)[:len(first)] == first  # a new view without `order` comes after


def test_a_view_that_does_not_exist_names_the_choices():
    with pytest.raises(ViewError, match=r"'helth' must be one of .*maps, .*Did you mean health\?"):
        views.get("helth")


@pytest.mark.parametrize("preset", ["cnn", "dates", "hills"])
def test_a_view_of_a_film_gives_a_title_and_an_array(preset: str):
    of = subject(preset)
    keys = views.offered("film", of.report, of.task)
    assert keys
    for view in map(views.get, keys):
        choices = {choice.key: choice.value(None) for choice in view.choices(of)}
        title, array = view.frame(of, observed(preset, view, choices), choices)
        assert title and array.ndim in (1, 2, 3)


# what views ask for

def test_samples_remember_steps_and_ask_for_earlier_ones_once():
    view, of = views.get("samples"), subject("names")
    choices = {choice.key: choice.value(None) for choice in view.choices(of)}
    request = view.request(of, choices)
    assert (request.samples, request.sample_decoding) == (8, Decoding(1.0, len(of.task.classes)))
    observation = replace(observed("names", view, choices), run="r")
    assert view.earlier(None, of, observation, choices, (0, 2, 5)) == (0, 2)
    before = replace(observation.answered, step=2)
    past = view.remember(None, of, replace(observation, earlier=(before,)), choices)
    assert past.steps == [2, 5] and view.earlier(past, of, observation, choices, (0, 2, 5)) == ()


def test_a_gradient_is_asked_for_with_the_target_and_nothing_else_is():
    of = subject("dates")
    assert CaptureRequest(gradients=("reader",)).query(of.asked)["target"] is of.asked.target
    assert CaptureRequest(states=("reader",)).query(of.asked)["target"] is None


def test_the_example_of_the_contributors_page_is_a_view_and_is_drawn(monkeypatch):
    guide = (STATIC.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    diff = guide.split("+++ b/dlviz/views/recall.py\n")[1].split("```")[0]
    module = ModuleType("dlviz.views.recall")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec("\n".join(line[1:] for line in diff.splitlines()), vars(module))
    view, = views._declared(module)
    assert view.key == "recall" and "mlp" in suiting(view)
    figure, = drawn("mlp", view)
    assert isinstance(figure, go.Figure) and len(figure.data[0].y) == 10
