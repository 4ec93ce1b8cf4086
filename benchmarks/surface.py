"""How long the landscape around the default network takes, from the click to the picture's numbers.

    python -m benchmarks.surface     # a minute, most of it a training; writes benchmarks/results/surface.json

31 x 31 points on 1,024 samples through the weights that a run has kept, in a process that gives way to all others.
"""
from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from benchmarks import report
from dlviz import presets
from dlviz.landscape.survey import SurveyRequest
from dlviz.landscape.surveys import Surveys
from dlviz.runs import trajectory
from dlviz.training import keyframes, loop

LIMIT = 20.0  # seconds that it may take


def main() -> None:
    experiment = presets.get(presets.DEFAULT).experiment
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("DLVIZ_HOME", home)
        checkpoint = Path(home) / "weights.safetensors"
        list(loop.train(experiment, checkpoint=checkpoint, device="cpu"))
        request = SurveyRequest(experiment.to_json(None), "measured",
                    trajectory.files(checkpoint.parent / keyframes.FOLDER, checkpoint))
        surveys = Surveys(Path(home) / "surfaces")
        begun, parts, last = time.monotonic(), {}, ""
        surveys.start(request)
        while (progress := surveys.progress(request)) is not None and not progress.error:
            if progress.doing != last:
                last = progress.doing
                parts[last] = round(time.monotonic() - begun, 1)
            time.sleep(0.05)
        found, seconds = surveys.find(request), time.monotonic() - begun
        surveys.close()
    assert found is not None, progress
    report.write("surface", {"seconds": round(seconds, 1), "limit": LIMIT, "points": found.loss.size,
                             "samples": found.samples, "steps": request.step, "moments": len(found.steps),
                             "began_after_seconds": parts})


if __name__ == "__main__":
    main()
