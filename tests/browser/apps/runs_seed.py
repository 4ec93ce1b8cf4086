"""Trains what the tests of all pages look at: three short runs and one that goes on."""
from __future__ import annotations

import json
import sys
import time

from dlviz import presets
from dlviz.runs.service import RunService
from dlviz.spec import Experiment


def experiment(key: str, epochs: int = 1, train_fraction: float = 0.03) -> Experiment:
    base = presets.get(key).experiment
    training = base.training.model_copy(update={"epochs": epochs, "train_fraction": train_fraction})
    return base.model_copy(update={"training": training})


def live_design() -> Experiment:
    """What the run that goes on trains."""
    return experiment("mlp", epochs=1000, train_fraction=1.0)


def main(owner: str) -> None:
    service = RunService()
    runs = {key: service.create(experiment(key), owner) for key in ("cnn", "reverse", "catch")}
    live = service.create(live_design(), owner)
    until = time.monotonic() + 240
    while any(service.get(run).state != "done" for run in runs.values()) or service.get(live).step < 20:
        assert time.monotonic() < until, [service.get(run) for run in (*runs.values(), live)]
        time.sleep(0.1)
    service.close()
    print(json.dumps({**runs, "live": live}))


if __name__ == "__main__":  # the workers' fork server imports this file
    main(sys.argv[1])
