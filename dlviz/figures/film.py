"""A run as a film: one picture a moment, as an animated GIF or a page of HTML that needs nothing else.

Pure functions from arrays to pictures and files. Knows no run, no store and no browser.
"""
from __future__ import annotations

import base64
import html
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from string import Template

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from dlviz.figures import tiles
from dlviz.figures.texts import texts

WIDTH, HEIGHT = 860, 560  # pixels of a frame
PAPER, INK, FAINT, BLUE, GREEN = "#FBFBF9", "#1F2430", "#DEDED6", "#3F5BD9", "#0E8A7A"
PAUSE, LAST = 140, 1_800  # ms that a frame stays, and the last one
CURVE = (40, 56, 820, 190)  # left, top, right, bottom of the loss curve
LEFT, TOP = 40, 236  # of the sample
SIDE = 112  # of the sample's picture
MAPS = (330, 236, 820, 530)  # the box of the maps


@dataclass(frozen=True)
class FilmFrame:
    """What one frame shows.

    Args:
        step: updates made.
        words: the line above: what is known of this moment.
        maps: a layer's output or its kernels, `(C, H, W)`, `(T, D)` or `(D,)`.
        probabilities: the answer to the sample, `(classes,)`; None where it is no distribution.
    """

    step: int
    words: str
    maps: np.ndarray
    probabilities: np.ndarray | None = None


@dataclass(frozen=True)
class Scene:
    """What stays the same in all frames.

    Args:
        title: what the run is called.
        steps, losses: the whole training curve.
        maps_title: what the maps are.
        classes: names of the answers.
        sample: the pinned picture, uint8 `(H, W)`; None where the sample is none.
    """

    title: str
    steps: np.ndarray
    losses: np.ndarray
    maps_title: str
    classes: tuple[str, ...] = ()
    sample: np.ndarray | None = None


def frame(scene: Scene, content: FilmFrame) -> Image.Image:
    """One picture, RGB, `WIDTH` x `HEIGHT`. About 10 ms."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    pen.text((40, 16), scene.title[:44], INK, _font(22))
    pen.text((820, 20), content.words, INK, _font(16), anchor="ra")
    _curve(pen, scene, content.step)
    if scene.sample is not None:
        image.paste(Image.fromarray(scene.sample).convert("RGB").resize((SIDE, SIDE), 0), (LEFT, TOP))
    if content.probabilities is not None and len(content.probabilities) == len(scene.classes):
        _bars(pen, scene.classes, content.probabilities)
    left, top, right, bottom = MAPS
    pen.text((left, top - 24), scene.maps_title, INK, _font(14))
    picture = tiles.thumbnail(content.maps, right - left, bottom - top, most=64)
    image.paste(Image.fromarray(picture), (left, top))
    return image


def _curve(pen: ImageDraw.ImageDraw, scene: Scene, step: int) -> None:
    """The loss on a logarithmic scale, clear up to this step and faint behind it."""
    left, top, right, bottom = CURVE
    pen.line((left, bottom, right, bottom), FAINT, 1)
    pen.text((left, bottom + 4), texts.LOSS_UP_TO.format(last=int(scene.steps[-1]) if len(scene.steps) else 0), INK,
             _font(12))
    values = np.asarray(scene.losses, float)
    good = np.isfinite(values) & (values > 0)
    if good.sum() < 2:
        return
    steps, logs = np.asarray(scene.steps)[good], np.log(values[good])
    at = np.linspace(0, len(logs) - 1, min(len(logs), right - left)).astype(int)
    x = left + (steps[at] / max(1, steps[-1])) * (right - left)
    low, high = logs.min(), logs.max()
    y = bottom - (logs[at] - low) / max(high - low, 1e-9) * (bottom - top)
    points, past = list(zip(x.tolist(), y.tolist())), int((steps[at] <= step).sum())
    pen.line(points, FAINT, 1)
    if past > 1:
        pen.line(points[:past], BLUE, 2)
    if past:
        here = points[past - 1]
        pen.line((here[0], top, here[0], bottom), INK, 1)
        pen.ellipse((here[0] - 4, here[1] - 4, here[0] + 4, here[1] + 4), BLUE)


def _bars(pen: ImageDraw.ImageDraw, classes: Sequence[str], probabilities: np.ndarray) -> None:
    """One bar a class, the longest in green."""
    tall = min(17.0, (HEIGHT - TOP - SIDE - 40) / max(1, len(classes)))
    best = int(np.argmax(probabilities)) if np.isfinite(probabilities).all() else -1
    for index, (name, probability) in enumerate(zip(classes, probabilities)):
        y = TOP + SIDE + 14 + index * tall
        pen.text((LEFT, y), name[:9], INK, _font(int(tall) - 3))
        start = LEFT + 70
        pen.rectangle((start, y + 2, start + 150, y + tall - 4), FAINT)
        if np.isfinite(probability) and probability > 0.004:
            pen.rectangle((start, y + 2, start + 150 * float(probability), y + tall - 4),
                          GREEN if index == best else BLUE)


def gif(frames: Sequence[Image.Image]) -> bytes:
    """An animated GIF that plays on and on. About 15 KB a frame."""
    file = io.BytesIO()
    small = [picture.quantize(128, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE) for picture in frames]
    small[0].save(file, "GIF", save_all=True, append_images=small[1:], loop=0, optimize=False,
                  duration=[PAUSE] * (len(small) - 1) + [LAST])
    return file.getvalue()


def page(frames: Sequence[Image.Image], steps: Sequence[int], title: str) -> bytes:
    """One HTML file with all frames, a slider and a play button; it needs no network. About 25 KB a frame."""
    pictures = ["data:image/png;base64," + base64.b64encode(tiles.png(np.asarray(picture))).decode()
                for picture in frames]
    text = _PAGE.substitute(title=html.escape(title), last=len(frames) - 1, pause=PAUSE, width=WIDTH,
                            frames=json.dumps(pictures), steps=json.dumps([int(step) for step in steps]))
    return text.encode()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(max(8, size))


_PAGE = Template("""\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>$title</title>
<style>
  body { margin: 2rem auto; max-width: ${width}px; font: 15px system-ui, sans-serif; color: #1F2430;
         background: #FBFBF9; }
  img { width: 100%; }
  form { display: flex; gap: 1rem; align-items: center; }
  input { flex: 1; }
  output { min-width: 9em; }
</style>
<img id="picture" alt="The network at the chosen moment">
<form>
  <button type="button" id="play">Play</button>
  <input type="range" id="at" min="0" max="$last" value="0" aria-label="Moment of the training">
  <output id="words"></output>
</form>
<script>
  const frames = $frames, steps = $steps, at = document.getElementById("at");
  const play = document.getElementById("play");
  let timer = null;
  function show() {
    document.getElementById("picture").src = frames[at.value];
    document.getElementById("words").textContent = "after step " + steps[at.value];
  }
  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
  }
  at.oninput = () => { stop(); show(); };
  play.onclick = () => {
    if (timer) { stop(); return; }
    if (Number(at.value) === frames.length - 1) at.value = 0;
    play.textContent = "Pause";
    timer = setInterval(() => {
      if (Number(at.value) === frames.length - 1) { stop(); return; }
      at.value = Number(at.value) + 1;
      show();
    }, $pause);
  };
  show();
</script>
</html>
""")
