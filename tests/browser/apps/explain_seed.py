"""Trains what the explain page's browser test asks: a small convolution that has learned a little."""
from __future__ import annotations

import json
import sys
import time

from dlviz import presets
from dlviz.runs.service import RunService
from dlviz.spec import Experiment, LayerSpec, NetworkSpec

ODD = "<img src=x onerror=alert(1)>"  # a layer's name like any other


def experiment() -> Experiment:
    layers = (LayerSpec(name="conv", kind="Conv2d", fields={"out_channels": 12, "kernel_size": 5, "stride": 2}),
              LayerSpec(name=ODD, kind="ReLU"),
              LayerSpec(name="flatten", kind="Flatten"),
              LayerSpec(name="out", kind="Linear", fields={"out_features": 10}))
    base = presets.get("mlp").experiment
    training = base.training.model_copy(update={"epochs": 1, "share": 0.1})
    return base.model_copy(update={"name": "Learned", "network": NetworkSpec(layers=layers), "training": training})


def main(owner: str) -> None:
    service = RunService()
    run = service.create(experiment(), owner)
    until = time.monotonic() + 240
    while service.get(run).state != "done":
        assert time.monotonic() < until, service.get(run)
        time.sleep(0.1)
    service.close()
    print(json.dumps({"run": run}))


if __name__ == "__main__":  # the workers' nursery imports this file
    main(sys.argv[1])
