"""Why this prediction: four ways to ask a network about one sample, a map each."""
from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

import numpy as np

from dlviz import english
from dlviz.figures import packing
from dlviz.inspect.explanation import Explainer, ProgressCallback
from dlviz.network import NetworkReport
from dlviz.probes.attribution import AttributionTarget, enlarged
from dlviz.tasks import Modality, Task
from dlviz.translation import _, numeral
from dlviz.views.base import Choice, Choices, Drawing, Json, Notice, Observation, Range, Subject, View, Widget
from dlviz.views.methods import methods
from dlviz.views.question import ExplainedInput
from dlviz.views.texts import texts

PATCH = 5  # pixels of the square that occlusion wipes out, at first
MOST_REMEMBERED = 200  # maps that several sessions may use; 3 KB each

Found = tuple[list[np.ndarray], list[list[str]]]
_lock = threading.Lock()
_maps: OrderedDict[Hashable, Found] = OrderedDict()


@dataclass(frozen=True)
class Attributions:
    """What was found of one sample: raw scores, and by method its maps and numbers, once it is known what is asked."""

    scores: np.ndarray
    convolutions: tuple[str, ...]
    by_method: dict[str, Found] = field(default_factory=dict)


class Why(View):
    key = "why"
    title = _("Why this prediction")
    sentence = _("Which parts of a sample raise or lower the output, by four methods.")
    icon = ":material/help:"
    places = ("explain",)
    order = 10
    script = "explain/why.js"
    asks = True

    def suits(self, report: NetworkReport, task: Task) -> bool:
        """A picture has as many outputs as pixels: there is no one prediction whose reasons could be asked for."""
        return task.supervised and report.signature.out_shape.kind != "image"

    def examine(self, explainer: Explainer, subject: Subject, choices: Choices,
                progress: ProgressCallback) -> Attributions:
        scores, example = explainer.scores(subject.shown.inputs), subject.shown
        if "of" not in choices or not np.isfinite(scores).all():
            return Attributions(scores, explainer.convolutions())
        target, patch, layer = asked(subject.task, scores, choices), _patch(choices), choices.get("layer")
        names = [name for name in COMPUTED if name != "cam" or layer is not None]
        return Attributions(scores, explainer.convolutions(),
                            {name: _map(name, explainer, example, target, patch, layer) for name in names})

    def refinements(self, subject: Subject, observation: Observation, choices: Choices) -> tuple[Widget, ...]:
        found = observation.examined
        if not isinstance(found, Attributions) or not np.isfinite(found.scores).all():
            return ()
        image = subject.task.modality is Modality.IMAGE
        return (*_steps(subject, found.scores), *_targets(subject.task, found.scores, choices),
                *(_settings(found.convolutions) if image else ()))

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing:
        found = observation.examined
        if not isinstance(found, Attributions):
            return texts.APPEARS_FIRST_CAPTURE
        if not np.isfinite(found.scores).all():
            return Notice(texts.OUTPUT_NOT_FINITE_WEIGHTS, warns=True)
        return payload(subject, found, choices)


# what is asked

def asked(task: Task, scores: np.ndarray, choices: Choices) -> AttributionTarget:
    """Why this class (its answer, unless another is chosen), and not that one."""
    step, of, against = choices.get("step"), choices["of"], choices.get("against", -1)
    row = scores if step is None else scores[step]
    return AttributionTarget(int(row.argmax()) if of < 0 else of, None if against < 0 else against, step)


def class_names(task: Task) -> tuple[str, ...]:
    """A word for each number that comes out."""
    return (texts.THE_OUTPUT,) if task.signature().loss == "mse" else task.classes


def _steps(subject: Subject, scores: np.ndarray) -> tuple[Choice, ...]:
    """Which step of an answer that is a sequence."""
    if scores.ndim == 1:
        return ()
    steps, names = subject.shown.steps or tuple(range(len(scores))), class_names(subject.task)
    words = tuple(texts.STEP_PREDICTS.format(index=at + 1, name=names[scores[step].argmax()])
                  for at, step in enumerate(steps))
    return (Choice("step", texts.OUTPUT_STEP, steps, words, width=220),)


def _targets(task: Task, scores: np.ndarray, choices: Choices) -> tuple[Choice, ...]:
    names = class_names(task)
    row = scores if scores.ndim == 1 else scores[choices.get("step", 0)]
    if len(names) < 2:
        return (Choice("of", texts.WHY, (0,), names),)
    likely, best = shares(row), int(row.argmax())
    labels = [f"{name}  ({percent(likely[number])})" for number, name in enumerate(names)]
    why = Choice("of", texts.WHY, tuple(range(-1, len(names))), (texts.PREDICTION.format(name=labels[best]), *labels),
                 width=220)
    of = why.value(choices.get("of"))
    others = tuple(number for number in range(-1, len(names)) if number != (best if of < 0 else of))
    words = tuple(labels[number] if number >= 0 else texts.ANYTHING for number in others)
    return why, Choice("against", texts.AGAINST, others, words, width=180)


def _settings(convolutions: tuple[str, ...]) -> tuple[Widget, ...]:
    """The layer that Grad-CAM looks at, and how large a place occlusion wipes out."""
    layer = (Choice("layer", texts.GRAD_CAM_LAYER, convolutions, convolutions, convolutions[-1], width=220),) \
        if convolutions else ()
    return *layer, Range("patch", texts.OCCLUSION_WINDOW, 2, 12, 1, PATCH, form="%d pixels")


def _patch(choices: Choices) -> int:
    return int(choices.get("patch", 1))


def shares(scores: np.ndarray) -> np.ndarray:
    """Probabilities of raw scores, along the last axis."""
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def percent(fraction: float) -> str:
    return english.percent(fraction, 1 if 0.0005 < fraction < 0.9995 else 0)


# what is sent

def payload(subject: Subject, found: Attributions, choices: Choices) -> Json:
    """A card for each method, those that cannot be had last."""
    target, names, example = asked(subject.task, found.scores, choices), class_names(subject.task), subject.shown
    row = found.scores if target.step is None else found.scores[target.step]
    lead = float(row[target.of] - (0 if target.against is None else row[target.against]))
    of, scale = subject_words(names, target), subject.task.forecast and subject.task.forecast.scale_words
    image = subject.task.modality is Modality.IMAGE
    cards = [_card(name, subject, found, of, choices) for name in COMPUTED if image or name != "cam"]
    return {"of": of, "scale": scale or "", "logit": len(names) > 1, "score": lead, "shape": shape(example),
            "ink": packing.levels(example.picture) if example.picture is not None else None,
            "words": [list(words) for words in example.words],
            "cards": sorted(cards, key=lambda card: bool(card["missing"]))}


def subject_words(names: tuple[str, ...], score: AttributionTarget) -> str:
    """What the maps are about, in words that fit into a sentence."""
    if len(names) == 1:
        return texts.THE_PREDICTION
    own = texts.THE_LOGIT_OF.format(name=names[score.of])
    return own if score.against is None else texts.LOGIT_MINUS.format(name=names[score.of], other=names[score.against])


def shape(question: ExplainedInput) -> list[int]:
    """Rows and columns of the maps; none where words are coloured."""
    return list(question.picture.shape) if question.picture is not None else []


def _card(name: str, subject: Subject, found: Attributions, of: str, choices: Choices) -> Json:
    method, modality = methods(subject.task.modality)[name], subject.task.modality
    pictured = subject.shown.picture is not None
    words = {"of": of, "blank": blank(modality), "layer": choices.get("layer") or "",
             "patch": _hidden(modality, pictured, choices)}
    says, limits = method.sentences(**words)
    card = {"name": name, "title": method.title, "term": method.term.format(**words), "says": says,
            "not": limits, "signed": method.signed, "missing": "", "figures": [], "values": []}
    if name not in found.by_method:
        return card | {"missing": texts.NO_MAPS}
    values, figures = found.by_method[name]
    return card | {"values": [packing.floats(value) for value in values], "figures": figures,
                   "most": max(float(np.nanmax(np.abs(value), initial=0)) for value in values)}


# what is found

def _map(name: str, explainer: Explainer, example: ExplainedInput, target: AttributionTarget, patch: int,
         layer: str | None) -> Found:
    """A method's maps, computed once for all sessions that ask the same."""
    key = (explainer.key, example.key, name, target, patch, layer)
    with _lock:
        found = _maps.get(key)
    if found is None:
        found = COMPUTED[name](explainer, example, target, patch, layer)
    with _lock:
        _maps[key] = found
        _maps.move_to_end(key)
        while len(_maps) > MOST_REMEMBERED:
            _maps.popitem(last=False)
    return found


def _hidden(modality: Modality, pictured: bool, choices: Choices) -> str:
    """What occlusion hides at a time."""
    if pictured and modality is not Modality.IMAGE:
        return texts.A_STEP
    return {Modality.IMAGE: texts.SQUARE_PIXELS.format(window=_patch(choices)), Modality.TOKENS: texts.A_SYMBOL,
            Modality.SERIES: texts.A_NUMBER, Modality.POINTS: texts.A_FEATURE}[modality]


def blank(modality: Modality) -> str:
    return {Modality.IMAGE: texts.A_BLACK_PICTURE, Modality.TOKENS: texts.THE_AVERAGE_SYMBOL,
            Modality.SERIES: texts.ALL_ZEROS, Modality.POINTS: texts.ALL_ZEROS}[modality]


def _saliency(explainer: Explainer, question: ExplainedInput, score: AttributionTarget, window: int,
              layer: str | None) -> Found:
    return _per_place(explainer, question, explainer.saliency(question.inputs, score), np.linalg.norm), []


def _integrated(explainer: Explainer, question: ExplainedInput, score: AttributionTarget, window: int,
                layer: str | None) -> Found:
    found = explainer.integrated_gradients(question.inputs, score)
    figures = [[texts.SUM, number(found.total)],
               [texts.OUTPUT_MINUS.format(blank=blank(explainer.task.modality)), number(found.given - found.blank)]]
    return _per_place(explainer, question, found.values, np.sum), figures


def _occlusion(explainer: Explainer, question: ExplainedInput, score: AttributionTarget, window: int,
               layer: str | None) -> Found:
    values = explainer.occlusion(question.inputs, score, window)
    fallen = max(float(value.max()) for value in values)
    return _per_place(explainer, question, values, np.mean), [[texts.LARGEST_DROP, numeral(f"{fallen:.2f}")]]


def _cam(explainer: Explainer, question: ExplainedInput, score: AttributionTarget, window: int,
         layer: str | None) -> Found:
    if layer is None or question.picture is None:
        raise ValueError("Grad-CAM needs a layer and a picture")
    small = explainer.grad_cam(question.inputs, score, layer)
    return [enlarged(small, *question.picture.shape)], [[texts.SIZE_MAP, f"{small.shape[0]} x {small.shape[1]}"]]


COMPUTED: dict[str, Callable[..., Found]] = {"saliency": _saliency, "integrated": _integrated, "cam": _cam,
                                             "occlusion": _occlusion}


def _per_place(explainer: Explainer, question: ExplainedInput, values: tuple[np.ndarray, ...],
               joined: Callable[..., np.ndarray]) -> list[np.ndarray]:
    """One number a pixel, or a step of each input: channels and numbers of a symbol are taken together."""
    if question.picture is not None:
        return [joined(value, axis=0) if value.ndim == 3 else np.abs(value) if joined is np.linalg.norm else value
                for value in values]
    rows: list[list[np.ndarray]] = [[] for _ in question.inputs]
    for slot, value in zip(explainer.entrances, values):
        rows[slot].append(joined(value, axis=-1))
    return [np.sum(parts, axis=0) for parts in rows]


def number(value: float) -> str:
    """With its sign and a true minus; what rounds to zero has none."""
    if not math.isfinite(value):
        return "–"
    return "0.00" if abs(value) < 0.005 else f"{value:+.2f}".replace("-", "−")


