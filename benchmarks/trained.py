"""Train the presets that come trained, and write their weights (16 bits) and curves into dlviz/data/trained.

    python -m benchmarks.trained            all of them
    python -m benchmarks.trained spiral     some
"""
from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from dlviz import presets
from dlviz.runs.trained import FOLDER, describe
from dlviz.training import checkpoint as ckpt
from dlviz.training.control import Control
from dlviz.training.history import History
from dlviz.training.loop import train

SHIPPED = ("mlp", "spiral", "reverse", "facts", "brackets_lstm", "names")


def write(preset: str) -> None:
    experiment, history = presets.get(preset).experiment, History()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "checkpoint.safetensors"
        for event in train(experiment, Control(), checkpoint=path):
            history.apply(event)
        tensors, step = ckpt.read_weights(path, experiment)
    FOLDER.mkdir(exist_ok=True)
    half = {name: value.half() if value.is_floating_point() else value for name, value in tensors.items()}
    ckpt.write_weights(FOLDER / f"{preset}.safetensors", half, step)
    record = json.dumps(describe(experiment, history))
    (FOLDER / f"{preset}.json").write_text(record + "\n", encoding="utf-8")
    last = history.evaluations[-1]
    size = sum(path.stat().st_size for path in FOLDER.glob(f"{preset}.*"))
    print(f"{preset}: {last.val_accuracy:.2%} in validation, {size / 1000:.0f} KB")


if __name__ == "__main__":
    for name in sys.argv[1:] or SHIPPED:
        write(name)
