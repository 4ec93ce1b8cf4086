"""Trains what the draw page's browser test asks: a finished run, and one that the server goes on with."""
from __future__ import annotations

import json
import sys
import time

from dlviz import presets
from dlviz.runs.service import RunService
from dlviz.spec import Experiment, LayerSpec, NetworkSpec

ODD = "<img src=x onerror=alert(1)>"  # a layer's name like any other


def experiment(name: str, epochs: int, train_fraction: float) -> Experiment:
    forty = {"out_channels": 40, "kernel_size": 3, "stride": 2}
    layers = (LayerSpec(name="conv", kind="Conv2d", fields=forty),
              LayerSpec(name="flatten", kind="Flatten"),
              LayerSpec(name=ODD, kind="Linear", fields={"out_features": 64}),
              LayerSpec(name="relu", kind="ReLU"),
              LayerSpec(name="out", kind="Linear", fields={"out_features": 10}))
    base = presets.get("mlp").experiment
    training = base.training.model_copy(update={"epochs": epochs, "train_fraction": train_fraction})
    return base.model_copy(update={"name": name, "network": NetworkSpec(layers=layers), "training": training})


def main(owner: str) -> None:
    service = RunService()
    done = service.create(experiment("Finished", 1, 0.1), owner)
    live = service.create(experiment("Learning", 1000, 1.0), owner)
    until = time.monotonic() + 240
    while service.get(done).state != "done" or service.get(live).step < 20:
        assert time.monotonic() < until, (service.get(done), service.get(live))
        time.sleep(0.1)
    service.close()
    print(json.dumps({"done": done, "live": live}))


if __name__ == "__main__":  # the workers' fork server imports this file
    main(sys.argv[1])
