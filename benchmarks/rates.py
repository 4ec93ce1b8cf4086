"""What networks reach with the rate that the search suggests, beside what they reach with the presets' own rates.

    nice python -m benchmarks.rates [--seeds 11 12] [presets]     # a quarter of an hour of one core for two seeds

Writes benchmarks/results/rates.json as soon as each training is measured; what earlier calls measured of other presets
and seeds stays in the file. The rule of the search was chosen while looking at the presets' own seeds (1 and 3), so
other seeds are drawn here; the presets are the same.
"""
from __future__ import annotations

import argparse
import json
import time

import torch

from benchmarks import report
from dlviz import presets
from dlviz.spec import Experiment
from dlviz.training import finder
from dlviz.training.events import Ended, RateFound
from dlviz.training.learner import Learner
from dlviz.training.loop import train

PRESETS = ("reverse", "facts", "brackets_gru", "keep", "order_lstm", "mlp", "rows", "adding_lstm", "cnn")
SEEDS = (11, 12)
FRACTIONS = {"cnn": 0.25}  # of the data, for both rates; all of it elsewhere
BELOW = 0.02  # by how much the accuracy with the suggestion may be lower


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("presets", nargs="*", default=PRESETS)
    parser.add_argument("--seeds", nargs="*", type=int, default=SEEDS)
    wishes = parser.parse_args()
    torch.set_num_threads(1)
    for key in wishes.presets:
        for seed in wishes.seeds:
            _keep(key, seed, _compared(_shortened(key).model_copy(update={"seed": seed})))


def _keep(key: str, seed: int, row: dict) -> None:
    """Beside what was measured before."""
    path = report.RESULTS / "rates.json"
    rows = json.loads(path.read_text())["result"]["presets"] if path.exists() else {}
    rows.setdefault(key, {})[str(seed)] = row
    each = [row for seeds in rows.values() for row in seeds.values()]
    report.write("rates", {"met": sum(row["met"] for row in each), "of": len(each), "presets": rows,
                           "fractions": FRACTIONS, "may_be_lower_by": BELOW})


def _shortened(key: str) -> Experiment:
    experiment = presets.get(key).experiment
    fraction = FRACTIONS.get(key, experiment.training.train_fraction)
    training = experiment.training.model_copy(update={"train_fraction": fraction})
    return experiment.model_copy(update={"training": training})


def _compared(experiment: Experiment) -> dict:
    begun = time.process_time()
    rate_found = next(event for event in finder.search(Learner(experiment, "cpu")) if isinstance(event, RateFound))
    searched = time.process_time() - begun
    own = experiment.training.optimizer.learning_rate
    reached, with_own = (None if rate is None else _reached(experiment, rate) for rate in (rate_found.suggestion, own))
    return {"own_rate": own, "suggested": rate_found.suggestion, "own": with_own, "reached": reached,
            "search_cpu_seconds": round(searched, 1),
            "cpu_seconds": round(time.process_time() - begun, 1),
            "all": {way.title: way.rate for way in rate_found.suggestions},
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
