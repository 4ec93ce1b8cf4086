"""What networks reach with the rate that the search suggests, beside what they reach with the presets' own rates.

    nice python -m benchmarks.rates [presets]     # an hour of one core for all; writes benchmarks/results/rates.json

Each preset is written as soon as it is measured; what earlier calls measured of other presets stays in the file.
"""
from __future__ import annotations

import json
import sys
import time

import torch

from benchmarks import report
from dlviz import presets
from dlviz.spec import Experiment
from dlviz.training import finder
from dlviz.training.events import Ended, RateFound
from dlviz.training.learner import Learner
from dlviz.training.loop import train

PRESETS = ("reverse", "order_lstm", "adding_lstm", "facts", "brackets_gru", "keep", "mlp", "rows", "cnn")
FRACTIONS = {"cnn": 0.25}  # of the data, for both rates; all of it elsewhere
BELOW = 0.02  # by how much the accuracy with the suggestion may be lower


def main() -> None:
    torch.set_num_threads(1)
    for key in sys.argv[1:] or PRESETS:
        row = _compared(_shortened(key))
        rows = _earlier() | {key: row}
        report.write("rates", {"met": sum(row["met"] for row in rows.values()), "of": len(rows), "presets": rows,
                               "fractions": FRACTIONS, "may_be_lower_by": BELOW})


def _earlier() -> dict:
    """What was measured before."""
    path = report.RESULTS / "rates.json"
    return json.loads(path.read_text())["result"]["presets"] if path.exists() else {}


def _shortened(key: str) -> Experiment:
    experiment = presets.get(key).experiment
    fraction = FRACTIONS.get(key, experiment.training.train_fraction)
    training = experiment.training.model_copy(update={"train_fraction": fraction})
    return experiment.model_copy(update={"training": training})


def _compared(experiment: Experiment) -> dict:
    begun = time.process_time()
    seen = next(event for event in finder.search(Learner(experiment, "cpu")) if isinstance(event, RateFound))
    seconds = time.process_time() - begun
    own = experiment.training.optimizer.learning_rate
    reached, with_own = (None if rate is None else _reached(experiment, rate) for rate in (seen.suggestion, own))
    return {"own_rate": own, "suggested": seen.suggestion, "own": with_own, "reached": reached,
            "search_seconds": round(seconds, 1), "all": {way.title: way.rate for way in seen.suggestions},
            "met": reached is not None and reached >= with_own - BELOW}


def _reached(experiment: Experiment, rate: float) -> float:
    """Accuracy on the test split, 0 where training diverged."""
    optimizer = experiment.training.optimizer.model_copy(update={"learning_rate": rate})
    training = experiment.training.model_copy(update={"optimizer": optimizer})
    end = next(event for event in train(experiment.model_copy(update={"training": training}), device="cpu")
               if isinstance(event, Ended))
    return round(end.test_accuracy or 0.0, 4)


if __name__ == "__main__":
    main()
