"""Blocks of pictures for the script `pictures/main.js`: maps, a sample with its answer, mistakes. Knows no view."""
from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import Any, Literal, TypeVar

import numpy as np

from dlviz.figures.mistakes import MistakeCard
from dlviz.figures.tiles import data_url, tile
from dlviz.tasks import Task
from dlviz.translation import catalogue
from dlviz.views.texts import texts

SCRIPT = "pictures/main.js"
Block = dict[str, Any]
Drawn = TypeVar("Drawn")

Noun = Literal["number", "map", "neuron", "kernel"]
COUNTED = {"number": texts.NUMBERS, "map": texts.MAPS, "neuron": texts.NEURONS, "kernel": texts.KERNELS}
AFTER = {"map": (texts.MAPS_AFTER, texts.FIRST_MAPS_AFTER),  # all of them, the first ones
         "neuron": (texts.NEURONS_AFTER, texts.FIRST_NEURONS_AFTER),
         "kernel": (texts.KERNELS_AFTER, texts.FIRST_KERNELS_AFTER)}
MOST = 64  # maps in one picture
TALL = 320  # CSS pixels that a picture of maps may be high
TINY, LARGER = 16, 48  # maps of fewer pixels than TINY are sent about LARGER wide: gaps stay thin beside them
SQUARE = 16  # pixels of one number of a vector

MOST_REMEMBERED = 128  # pictures and curves that several sessions may use; 30 KB each

_lock = threading.Lock()
_drawn: OrderedDict[tuple, tuple[Any, Any]] = OrderedDict()  # with its source, so that its id stays its own


def once(source: Any, what: Hashable, dark: bool | None, draw: Callable[..., Drawn]) -> Drawn:
    """`draw(source, what, dark)`, drawn once for all sessions that look at the same."""
    key = (id(source), what, dark, catalogue())
    with _lock:
        found = _drawn.get(key)
    if found is None or found[0] is not source:
        found = source, draw(source, what, dark)
    with _lock:
        _drawn[key] = found
        _drawn.move_to_end(key)
        while len(_drawn) > MOST_REMEMBERED:
            _drawn.popitem(last=False)
    return found[1]


def maps(array: np.ndarray, *, noun: Noun, note: str, dark: bool | None) -> Block:
    """A layer's output or weights: maps `(C, H, W)`, a sequence `(T, D)` or a vector `(D,)`. 2 to 4 ms.

    `dark` says for what page; None for both, where the theme may change and nothing is drawn anew.
    """
    array = np.asarray(array)
    if array.ndim == 1:
        scale, gap, columns = SQUARE, 1, vector_columns(len(array))
        count, cell = len(array), [scale, scale]
    else:
        array = array if array.ndim == 3 else array[None]
        side = max(array.shape[1:])
        scale, gap = (1, 1) if side >= TINY else (math.ceil(LARGER / side), 2)
        count = min(MOST, len(array))
        columns = map_columns(count)
        cell = [array.shape[2] * scale + gap, array.shape[1] * scale + gap]
    images = [tile(array, scale=scale, gap=gap, columns=columns, most=MOST, dark=theme)
                for theme in ((False, True) if dark is None else (dark,))]
    height, width, _ = images[0].shape
    return {"kind": "maps", "pictures": [data_url(picture) for picture in images],
            "width": width, "height": height, "cell": cell, "columns": columns, "count": count,
            "noun": noun, "note": note, "tall": TALL,
            "alt": COUNTED[noun](count)}


def map_columns(count: int) -> int:
    """Maps in a row: about twice as many as rows, in even rows where that can be."""
    return min(count, 8 if count <= 32 else 16)


def vector_columns(size: int) -> int:
    """Squares in a row: a divisor of the size, so that the rectangle is full; one row for few numbers."""
    if size <= 16:
        return size
    wide = math.isqrt(2 * size)
    divisor = next(n for n in range(wide, 0, -1) if size % n == 0)
    return divisor if divisor >= wide // 3 else wide


def sample(task: Task, index: int, probabilities: np.ndarray | None) -> Block:
    """A test sample and what the network says to it: one bar a class, none before the first answer."""
    picture, target = _test_sample(task, index)
    heights = None if probabilities is None else [float(p) if math.isfinite(p) else 0.0 for p in probabilities]
    return {"kind": "sample", "picture": picture, "classes": list(task.classes),
            "target": target, "probabilities": heights, "title": texts.THIS_IS.format(name=task.classes[target]),
            "alt": texts.TEST_SAMPLE.format(index=index, name=task.classes[target])}


@lru_cache(maxsize=512)
def _test_sample(task: Task, index: int) -> tuple[str, int]:
    """The picture, as an address, and the class."""
    return data_url(task.picture("test", index)), int(task.sample("test", index)[1])


def gallery(cards: Sequence[MistakeCard], note: str) -> Block:
    """Mistakes as cards, with a line above them that says what they are."""
    return {"kind": "gallery", "note": note, "cards": [
        {"picture": card.picture, "target": card.target, "prediction": card.prediction, "probability": card.probability}
        for card in cards]}


def note(array: np.ndarray, noun: Noun, step: int, layer: str = "") -> str:
    """What `maps` shows of this array, in one line; of weights, `layer` says whose."""
    if array.ndim == 1:
        return texts.NUMBERS_AFTER(len(array), step=step)
    total, (height, width) = len(array) if array.ndim == 3 else 1, array.shape[-2:]
    every, first = AFTER[noun]
    return (first if total > MOST else every)(total, height=height, width=width, most=MOST, step=step, name=layer)
