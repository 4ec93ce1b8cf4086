"""What the gallery of presets shows: how long each trains, measured, and its picture.

    python -m benchmarks.gallery                  # seconds of those that have none yet, all pictures
    python -m benchmarks.gallery mlp names        # seconds of these, anew
    python -m benchmarks.gallery --pictures       # pictures only

What `benchmarks.accuracy`, `.sequences`, `.applications` and `.games` have measured is taken over, the median of runs.
Seconds are of one processor core (the process's own CPU time) for the complete training, data made before; they go into
`dlviz/presets/seconds.json`, pictures into `static/presets`.
"""
from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

import torch

from benchmarks import report
from dlviz import network as net
from dlviz import presets, tasks
from dlviz.presets.base import Preset
from dlviz.presets.gallery import SECONDS
from dlviz.training.loop import train
from dlviz.views import preset_picture

PICTURES = Path(__file__).parent.parent / "static" / "presets"


def measure(preset: Preset) -> float:
    """Seconds that it trains."""
    task = tasks.get(preset.experiment.task.name, preset.experiment.task.fields)
    task.data()
    started = time.process_time()
    for _ in train(preset.experiment, device="cpu"):
        pass
    return round(time.process_time() - started, 1)


def picture(preset: Preset) -> str:
    """What stands in its file."""
    experiment = preset.experiment
    task = tasks.get(experiment.task.name, experiment.task.fields)
    report = net.check(experiment.network, task.signature(), experiment.training.batch_size)
    return preset_picture.picture(task, report) + "\n"


def measured_before() -> dict[str, float]:
    """Seconds by preset, from the results of other benchmarks."""
    found: dict[str, float] = {}
    for name, field in (("accuracy", "seconds"), ("sequences", "cpu_seconds"), ("applications", "cpu_seconds"),
                        ("games", "cpu_seconds")):
        found |= {key: round(statistics.median(run[field] for run in one["runs"]), 1)
                  for key, one in report.earlier(name).items()}
    return found


def main(chosen: list[str]) -> None:
    torch.set_num_threads(1)
    for preset in presets.PRESETS.values():
        (PICTURES / f"{preset.key}.svg").write_text(picture(preset))
    found = (json.loads(SECONDS.read_text()) if SECONDS.exists() else {}) | measured_before()
    write(found)
    keys = [key for key in chosen if key in presets.PRESETS] or [key for key in presets.PRESETS if key not in found]
    for key in [] if "--pictures" in chosen else keys:
        found[key] = measure(presets.get(key))
        print(key, found[key], flush=True)
        write(found)


def write(found: dict[str, float]) -> None:
    ordered = {name: found[name] for name in presets.PRESETS if name in found}
    SECONDS.write_text(json.dumps(ordered, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
