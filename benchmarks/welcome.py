"""Writes static/welcome/frames.js, the preset Spiral as it trains, from a real run: `python -m benchmarks.welcome`."""
from __future__ import annotations

import base64
import json
import tempfile
import time
from pathlib import Path

import numpy as np

from dlviz import presets, tasks
from dlviz.runs.service import RunService
from dlviz.runs.storage.store import Store
from dlviz.training.control import Watch

PRESET = "spiral"
FRAMES = 40
FILE = Path(__file__).parents[1] / "static" / "welcome" / "frames.js"


def recorded() -> tuple[list[int], np.ndarray]:
    """Steps, and uint8 `(frames, 25, 25)`: the probability of the first class over the plane, the top row first."""
    with tempfile.TemporaryDirectory() as home:
        service = RunService(store=Store(Path(home)))
        run = service.create(presets.get(PRESET).experiment, "welcome")
        while not service.get(run).over:
            time.sleep(0.1)
        keyframes = service.scrubber.keyframes(run)
        steps = [keyframes[at] for at in np.unique(np.linspace(0, len(keyframes) - 1, FRAMES).round().astype(int))]
        maps = [service.scrubber.capture(run, step, Watch(plane=True)).plane for step in steps]
        service.close()
    return steps, np.stack([halved(one.output[0]) for one in maps if one is not None])


def halved(picture: np.ndarray) -> np.ndarray:
    side = len(picture) // 2
    return picture.reshape(side, 2, side, 2).mean((1, 3)).round().astype(np.uint8)


def main() -> None:
    steps, frames = recorded()
    experiment = presets.get(PRESET).experiment
    plane = tasks.get(experiment.task.name, experiment.task.fields).plane
    assert plane is not None
    points = plane.points("train")
    shown = [[round(float(x), 2), round(float(y), 2), int(of)]
             for (x, y), of in zip(points.points[:120], points.targets)]
    FILE.write_text(
        "// Made by `python -m benchmarks.welcome`: a real run of the preset Spiral, frame by frame.\n"
        f"export const SIDE = {frames.shape[1]};\nexport const STEPS = {json.dumps(steps)};\n"
        f"export const POINTS = {json.dumps(shown, separators=(',', ':'))};\n"
        f"export const LEVELS = \"{base64.b64encode(frames.tobytes()).decode()}\";\n")
    print(f"{len(frames)} frames, {FILE.stat().st_size / 1000:.0f} KB")


if __name__ == "__main__":
    main()
