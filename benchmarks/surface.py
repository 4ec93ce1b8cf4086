"""How long the landscape around the default network takes, from the click to the picture's numbers.

    python -m benchmarks.surface     # half a minute; writes benchmarks/results/surface.json

Its whole training once more, 31 x 31 points on 1,024 samples, in a process that gives way to all others.
"""
from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from benchmarks import report
from dlviz import presets
from dlviz.runs.survey import Wish
from dlviz.runs.surveys import Surveys

LIMIT = 20.0  # seconds that it may take


def main() -> None:
    experiment = presets.get(presets.DEFAULT).experiment
    steps = -(-55_000 // experiment.training.batch_size) * experiment.training.epochs
    wish = Wish(experiment.to_json(None), steps)
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("DLVIZ_HOME", home)
        surveys = Surveys(Path(home))
        begun, parts, last = time.monotonic(), {}, ""
        surveys.ask(wish)
        while (progress := surveys.progress(wish)) is not None and not progress.error:
            if progress.doing != last:
                last = progress.doing
                parts[last] = round(time.monotonic() - begun, 1)
            time.sleep(0.05)
        found, seconds = surveys.find(wish), time.monotonic() - begun
        surveys.close()
    assert found is not None, progress
    report.write("surface", {"seconds": round(seconds, 1), "limit": LIMIT, "points": found.loss.size,
                             "samples": found.samples, "steps": steps, "moments": len(found.steps),
                             "began_after_seconds": parts})


if __name__ == "__main__":
    main()
