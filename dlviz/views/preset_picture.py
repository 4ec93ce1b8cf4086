"""The picture of a preset: what it learns from at the left, and its layers at the right, as an SVG.

Drawn in colours that can be read on light and on dark pages. Must not know what a page or a run is.
"""
from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape

import numpy as np

from dlviz import layers
from dlviz.figures import tiles
from dlviz.layers.families import FAMILIES
from dlviz.network import NetworkReport
from dlviz.tasks import GameTask, Modality, Task

WIDTH, HEIGHT, EDGE, GAP = 240, 80, 8, 3
INK, CLASSES = "#8A93A0", ("#5B8DEF", "#E0823D", "#3FA796", "#B267C9", "#C9A227")
POINTS, LETTERS = 90, 13  # that are drawn of a plane and of a row of words
MOST_LAYERS = 24  # each with a bar of its own


def picture(task: Task, report: NetworkReport, sample: bool = True) -> str:
    """An SVG of `WIDTH` x `HEIGHT`; without `sample` the layers alone, where the data is not there."""
    left = HEIGHT if sample else EDGE
    parts = [*(_sample(task) if sample else ()), *_layers(report, left + 12)]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
            f'height="{HEIGHT}">{"".join(parts)}</svg>')


def _layers(report: NetworkReport, left: float) -> Iterator[str]:
    """A bar for each layer, the higher the more numbers it gives, in the colour of its family."""
    shown = report.layers[:MOST_LAYERS]
    room = WIDTH - EDGE - left
    wide = min(16.0, room / len(shown) - GAP)
    sizes = [math.log2(1 + (layer.out_shape.numel if layer.out_shape else 1)) for layer in shown]
    for number, (layer, size) in enumerate(zip(shown, sizes)):
        high = max(5.0, (HEIGHT - 2 * EDGE) * size / max(sizes))
        color = FAMILIES[layers.get(layer.kind).family].light
        yield (f'<rect x="{left + number * (wide + GAP):.1f}" y="{(HEIGHT - high) / 2:.1f}" width="{wide:.1f}" '
               f'height="{high:.1f}" rx="2" fill="{color}"/>')


def _sample(task: Task) -> Iterator[str]:
    if task.plane:
        yield from _plane(task)
    elif task.game:
        yield from _game(task.game)
    elif task.modality is Modality.IMAGE:
        yield _image(task.picture("test", task.pinned))
    elif task.modality is Modality.TOKENS:
        yield from _words(task)
    else:
        yield from _series(task.sample("test", task.pinned)[0][0])


def _game(task: GameTask) -> Iterator[str]:
    """The board of a game on its way, or the cart with its pole."""
    made = task.play(1)
    made.reset(seed=task.pinned)
    for _ in range(4):
        made.step(made.guide())
    frame = made.frame()
    if frame.ndim == 1:
        yield (f'<path d="M {EDGE} 62 H {HEIGHT - EDGE} M 40 56 L 46 {EDGE}" stroke="{INK}" stroke-width="3"/>'
               f'<rect x="28" y="50" width="24" height="12" fill="{CLASSES[0]}"/>')
        return
    side = (HEIGHT - 2 * EDGE) / max(frame.shape)
    for (row, column), code in np.ndenumerate(frame):
        color = CLASSES[int(code) - 1] if code else INK
        yield (f'<rect x="{EDGE + column * side:.1f}" y="{EDGE + row * side:.1f}" width="{side - 1:.1f}" '
               f'height="{side - 1:.1f}" fill="{color}" opacity="{1 if code else 0.2}"/>')


def _image(pixels: np.ndarray) -> str:
    """A picture uint8 `(H, W)` as large as there is room."""
    address = tiles.data_url(np.repeat(pixels[:, :, None], 3, axis=2))
    side = HEIGHT - 2 * EDGE
    return (f'<image x="{EDGE}" y="{EDGE}" width="{side}" height="{side}" preserveAspectRatio="none" '
            f'style="image-rendering:pixelated" href="{address}"/>')


def _plane(task: Task) -> Iterator[str]:
    assert task.plane is not None
    drawn = task.plane.points("train")
    middle, scale = HEIGHT / 2, (HEIGHT / 2 - EDGE) / max(1.0, float(np.abs(drawn.points).max()))
    for (x, y), target in list(zip(drawn.points, drawn.targets))[:POINTS]:
        value = float(np.ravel(target)[0])
        color = CLASSES[int(value) % len(CLASSES)] if task.classes else CLASSES[int(value > 0)]
        yield f'<circle cx="{middle + scale * x:.1f}" cy="{middle - scale * y:.1f}" r="2" fill="{color}"/>'


def _words(task: Task) -> Iterator[str]:
    """The first words that go in, and below them those that come out."""
    inputs, target = task.sample("test", task.pinned)
    shown = task.view(inputs, target)
    for place, words in ((34, shown.inputs[0]), (58, shown.target)):
        apart = " " if max(map(len, words), default=1) > 2 else ""
        text = apart.join(words)[:LETTERS]
        size = min(14.0, (HEIGHT - EDGE) / max(1, len(text)) / 0.6)
        yield (f'<text x="{EDGE}" y="{place}" font-family="monospace" font-size="{size:.1f}" '
               f'fill="{INK if place < 50 else CLASSES[0]}">{escape(text)}</text>')


def _series(values: np.ndarray) -> Iterator[str]:
    """Steps `(T, D)`: a line where a step is one number or two, else a picture."""
    if values.shape[1] > 2:
        low, high = float(values.min()), float(values.max())
        yield _image(np.rint((values.T[::-1] - low) / (high - low or 1) * 255).astype(np.uint8))
        return
    line = values[:, 0]
    low, high = float(line.min()), float(line.max())
    places = " ".join(f"{EDGE + (HEIGHT - 2 * EDGE) * step / (len(line) - 1):.1f},"
                      f"{HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (value - low) / (high - low or 1):.1f}"
                      for step, value in enumerate(line.tolist()))
    yield f'<polyline points="{places}" fill="none" stroke="{CLASSES[0]}" stroke-width="2"/>'
