"""Five steps of one update as the plain data of the component `motion`: what flows, what it is, in words.

Turns a Motion into JSON; computes nothing that the engine has not.
"""
from __future__ import annotations

import math
from typing import Any, SupportsFloat

import numpy as np
import streamlit as st

from dlviz import english, layers
from dlviz import network as net
from dlviz.figures import packing
from dlviz.inspect.flows import LayerFlow
from dlviz.inspect.layer_inside import softmax
from dlviz.inspect.slow_motion import SlowMotion
from dlviz.layers.families import INPUT_COLOR
from dlviz.spec import LayerSpec
from dlviz.tasks import Modality, Task
from pages.ui.motion import words
from pages.ui.motion.texts import texts
from pages.ui.shared.component import callbacks, static_component

KEY = "motion.player"
UNITS = 6  # of a layer whose numbers are written out
USUAL_LINE = 1.0  # of a clip by norm, for experiments that have none
GUESSES = 3  # likeliest classes that are named
MOST = 1_024  # numbers in a card's picture
TILES = 4  # feature maps in a card's picture
Json = dict[str, Any]
_MOTION = static_component("dlviz_motion", "motion")


def mount(key: str, data: Json, *states: str) -> None:
    """Draw one view of the component and keep it drawn; `states` are the values that the browser may set."""
    _MOTION(key=key, data=data, **callbacks(states))


def browser_value(key: str, name: str) -> Any:
    """What the browser has set; None before it has."""
    return (st.session_state.get(key) or {}).get(name)


def show(motion: SlowMotion, task: Task) -> None:
    mount(KEY, payload(motion, task, sample(motion)), "sample")


def sample(motion: SlowMotion) -> int:
    """The sample of the batch that the pictures are of."""
    return followed(motion, KEY) or 0


def followed(motion: SlowMotion, key: str) -> int | None:
    """The sample of the batch that the browser has chosen, if it has, and if there is such a one."""
    index = browser_value(key, "sample")
    return index if type(index) is int and 0 <= index < len(motion.indices) else None  # True is an int too


def payload(motion: SlowMotion, task: Task, chosen: int) -> Json:
    update = motion.update
    return {"view": "player", "of": f"{motion.step} {motion.indices}", "when": when(motion), "chosen": chosen,
            "samples": [_sample(motion, task, index) for index in range(len(motion.indices))],
            "layers": [*_inputs(motion, chosen), *_layers(motion, chosen)],
            "words": words.steps(), "loss": finite(update.loss), "after": finite(update.loss_after),
            "form": motion.wiring.loss, "smoothing": motion.wiring.smoothing,
            "augmented": motion.experiment.training.augmentation.active,
            "even": bool((motion.judged == motion.judged[0]).all()),
            "clip": _clip(motion), "update": _update(motion)}


def when(motion: SlowMotion) -> str:
    steps = motion.step
    return texts.BEFORE_FIRST_STEP if not steps else texts.AFTER(steps)


def finite(value: SupportsFloat) -> float | None:
    """NaN in a component's data breaks it for good."""
    return float(value) if math.isfinite(value) else None


# the batch

def _sample(motion: SlowMotion, task: Task, index: int) -> Json:
    inputs = tuple(x[index] for x in motion.inputs)
    target, scores = motion.targets[index], motion.logits(index)
    data = {"number": motion.indices[index], "picture": None, "images": [], "words": "", "guesses": [], "target": "",
            "p": None,
            "loss": finite(motion.losses[index]), "after": finite(motion.losses_after[index])}
    if motion.signature.out_shape.kind == "image":
        return data | _pictures(motion, task, index)
    match task.modality:
        case Modality.IMAGE:
            data |= _picture(task.picture("train", motion.indices[index]))
        case Modality.TOKENS:
            data["words"] = " ".join(task.input_words(inputs)[0])
        case Modality.POINTS:
            data["words"] = ", ".join(task.input_words(inputs)[0])
    return data | _answer(motion, task, target, scores)


def _picture(picture: np.ndarray) -> Json:
    return {"picture": packing.levels(picture), "size": list(picture.shape)}


def _pictures(motion: SlowMotion, task: Task, index: int) -> Json:
    """A sample whose answer is a picture: what went in, in this very batch, what was to come out, and what did."""
    shown = {texts.GOES_IN: motion.inputs[0][index], texts.TO_COME_OUT: motion.targets[index],
             texts.CAME_OUT: motion.logits(index)}
    score = texts.SCORE.format(percent=english.percent(motion.score(index), 0), metric=task.metric)
    return {"images": [_picture(task.to_picture(values)) | {"title": title} for title, values in shown.items()],
            "prediction": score, "right": True}


def _answer(motion: SlowMotion, task: Task, target: np.ndarray, scores: np.ndarray) -> Json:
    """Truth and guess in words; where the answer is one class, the likeliest with their probabilities."""
    if motion.wiring.loss == "mse":
        off = np.abs(scores.ravel() - np.ravel(target)).max()
        return {"target": " ".join(task.to_words(np.asarray(target))),
                "prediction": " ".join(task.to_words(scores)), "right": bool(off <= motion.signature.tolerance)}
    if scores.ndim == 2:
        guess = np.where(np.asarray(target) < 0, target, scores.argmax(-1))
        return {"target": " ".join(task.to_words(np.asarray(target))), "prediction": " ".join(task.to_words(guess)),
                "right": bool((guess == target).all())}
    shares = softmax(scores).shares
    likely = np.argsort(-shares, kind="stable")[:GUESSES]
    named = task.to_words(likely)
    return {"target": task.to_words(int(target))[0], "prediction": named[0],
            "right": bool(likely[0] == target), "p": finite(shares[int(target)]),
            "guesses": [[name, finite(float(shares[i]))] for name, i in zip(named, likely)]}


# the layers

def _inputs(motion: SlowMotion, chosen: int) -> list[Json]:
    cards = []
    for (name, shape), flow in zip(motion.signature.inputs, motion.input_flows()):
        card = _flow(flow, chosen) | {"name": name, "kind": "input", "light": INPUT_COLOR[0],
                                      "dark": INPUT_COLOR[1],
                                      "sentence": texts.INPUT, "formula": "", "weights": 0,
                                      "takes": [],
                                      "behind": texts.BACK_AT_INPUT}
        if shape.kind == "tokens":  # numbers of symbols: their mean says nothing
            card |= {"mean": None, "spread": None, "zeros": None, "units": []}
        cards.append(card)
    return cards


def _layers(motion: SlowMotion, chosen: int) -> list[Json]:
    """A card for each layer."""
    network = motion.experiment.network
    return [_layer(motion, spec, chosen) | {"takes": list(net.resolved_inputs(network, motion.signature, index))}
            for index, spec in enumerate(network.layers)]


def _layer(motion: SlowMotion, spec: LayerSpec, chosen: int) -> Json:
    declared = layers.get(spec.kind)
    family = layers.FAMILIES[declared.family]
    own = motion.movement(spec.name)
    return _flow(motion.flow(spec.name), chosen) | {
        "name": spec.name, "kind": spec.kind, "light": family.light, "dark": family.dark,
        "sentence": declared.sentence(), "formula": declared.plain or texts.Y_LAYER_X,
        "behind": declared.backward or texts.ELSEWHERE,
        "weights": own.count, "slope": finite(own.gradient),
        "moved": finite(own.moved), "ratio": finite(own.moved / own.before) if own.before else None}


def _flow(flow: LayerFlow, chosen: int) -> Json:
    """What comes out and what gradient comes back: pictures of one sample, a few units of all samples."""
    output, gradient = flow.output, flow.gradient
    values = output[np.isfinite(output)].astype(np.float64)
    return {"shape": " x ".join(f"{n:,}" for n in output.shape[1:]),
            "mean": finite(values.mean()) if len(values) else None,
            "spread": finite(values.std()) if len(values) else None,
            "zeros": finite((output == 0).mean()), "back": finite(float(np.linalg.norm(gradient.astype(np.float64)))),
            "picture": picture(output[chosen]), "slopes": picture(gradient[chosen]),
            "units": _units(output, gradient)}


def _units(output: np.ndarray, gradient: np.ndarray) -> list[Json]:
    """The outputs that matter most to the loss (output times gradient), with the numbers of all samples."""
    values, slopes = output.reshape(len(output), -1), gradient.reshape(len(gradient), -1)
    weight = np.abs(values * slopes).sum(0)
    if not weight.any():
        weight = np.abs(values).sum(0)
    best = sorted(np.argsort(-weight, kind="stable")[:UNITS].tolist())
    rows = []
    for flat in best:
        place = np.unravel_index(flat, output.shape[1:])
        rows.append({"place": words.place(tuple(int(i) for i in place)),
                     "values": [finite(v) for v in values[:, flat]],
                     "slopes": [finite(v) for v in slopes[:, flat]]})
    return rows


def picture(values: np.ndarray) -> Json:
    """One sample's numbers as a small picture: signed levels, 128 is zero, 0 is nothing."""
    grid = _grid(np.asarray(values, np.float32))
    most = float(np.nanmax(np.abs(grid), initial=0.0)) if np.isfinite(grid).any() else 0.0
    scaled = np.where(np.isfinite(grid), 128 + np.round(grid / (most or 1.0) * 127), 0)
    return {"size": list(grid.shape), "levels": packing.levels(scaled), "most": finite(most)}


def _grid(values: np.ndarray) -> np.ndarray:
    if values.ndim == 3:
        maps = values[:TILES]
        return np.concatenate(maps, axis=1) if len(maps) < TILES else np.block([[maps[0], maps[1]],
                                                                                [maps[2], maps[3]]])
    if values.ndim == 2:
        return values[:48, :64].T[:32]
    flat = values.ravel()[:MOST]
    columns = math.ceil(math.sqrt(len(flat)))
    filled = np.full(-(-len(flat) // columns) * columns, np.nan, np.float32)
    filled[:len(flat)] = flat
    return filled.reshape(-1, columns)


# clip and update

def _clip(motion: SlowMotion) -> Json:
    """The experiment's own clip, else what a usual one would do."""
    spec, moved = motion.experiment.training, motion.movement()
    size, line = motion.update.norm, spec.clip_threshold if spec.clip != "off" else USUAL_LINE
    return {"norm": finite(size), "by": spec.clip, "line": line, "factor": finite(min(1.0, line / size))
            if size else 1.0,
            "largest": finite(moved.largest), "cut": moved.beyond(line), "weights": moved.count,
            "after": finite(moved.clipped)}


def _update(motion: SlowMotion) -> Json:
    optimizer = motion.experiment.training.optimizer
    return {"optimizer": optimizer.kind, "sentence": optimizer.sentence(), "rate": motion.update.group["lr"]}
