"""Workers killed in the middle of a training (SIGKILL): how much of it is lost, and whether the curve is the same.

    python -m benchmarks.kills

Ten kills of the classic MLP and five of an MLP of 19 million parameters, each at another moment. What is lost is the
time between the moment of the kill and the one at which the step was taken from which training went on. Linux only.
"""
from __future__ import annotations

import os
import random
import signal
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks import report
from dlviz import presets
from dlviz.runs.service import RunService
from dlviz.spec import Experiment, LayerSpec

OWNER = "a benchmark"
SETTLED = 6.0  # seconds of training before the first kill
BETWEEN = (2.0, 4.0)  # seconds between going on and the next kill
LOOK = 0.01  # seconds between two looks at the step


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        os.environ["DLVIZ_HOME"] = home
        service = RunService()
        try:
            report.write("kills", {"mlp": series(service, small(), 10), "mlp_19m": series(service, large(), 5)})
        finally:
            service.close()


def small() -> Experiment:
    return _long(presets.get("mlp").experiment)


def large() -> Experiment:
    """19 million parameters: 784-4096-3840-10."""
    experiment = _long(presets.get("mlp").experiment)
    widths = {"hidden1": 4096, "hidden2": 3840}
    layers = tuple(_wider(layer, widths) for layer in experiment.network.layers)
    return experiment.model_copy(update={"network": experiment.network.model_copy(update={"layers": layers})})


def _wider(layer: LayerSpec, widths: dict[str, int]) -> LayerSpec:
    return layer.model_copy(update={"fields": {"out_features": widths[layer.name]}}) if layer.name in widths else layer


def _long(experiment: Experiment) -> Experiment:
    training = experiment.training.model_copy(update={"epochs": 200})
    return experiment.model_copy(update={"training": training})


def series(service: RunService, experiment: Experiment, kills: int) -> dict[str, Any]:
    """One run, killed again and again."""
    run, moments = service.create(experiment, OWNER), random.Random(0)
    _until(lambda: service.snapshot(run).step > 0)
    _pass(SETTLED, run, service)
    rows = [kill(service, run, moments.uniform(*BETWEEN)) for _ in range(kills)]
    service.delete(run, OWNER)
    lost = [row["lost_seconds"] for row in rows]
    return {"kills": rows, "lost_seconds_worst": max(lost), "lost_seconds_median": float(np.median(lost)),
            "largest_difference_of_the_curve": max(row["difference"] for row in rows)}


def kill(service: RunService, run: str, after: float) -> dict[str, float]:
    """Kill the worker `after` some seconds; what it cost, and how far the curve before the kill has changed since."""
    steps = _pass(after, run, service)
    before = service.snapshot(run)
    os.kill(service._engine._busy[run].pid, signal.SIGKILL)
    at = time.monotonic()
    _until(lambda: service.snapshot(run).started != before.started)
    gone_on = service.snapshot(run).started
    assert gone_on is not None
    _until(lambda: service.snapshot(run).step > before.step)
    assert steps[0][1] <= gone_on.step, f"more than {after:.1f} s were lost: from step {before.step} to {gone_on.step}"
    reached = next(moment for moment, step in steps if step >= gone_on.step)
    return {"killed_at": before.step, "went_on_from": gone_on.step, "lost_seconds": max(0.0, at - reached),
            "difference": _difference(before.train, service.snapshot(run).train)}


def _difference(before: Any, after: Any) -> float:
    """The largest difference of a loss at the steps that both curves have."""
    common, here, there = np.intersect1d(before["step"], after["step"], return_indices=True)
    assert len(common) > 10
    return float(np.abs(np.asarray(before["loss"])[here] - np.asarray(after["loss"])[there]).max())


def _pass(seconds: float, run: str, service: RunService) -> list[tuple[float, int]]:
    """Let it train; the step at each moment."""
    moments, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        moments.append((time.monotonic(), service.get(run).step))
        time.sleep(LOOK)
    return moments


def _until(true: Callable[[], Any]) -> None:
    while not true():
        time.sleep(LOOK)


if __name__ == "__main__":
    main()
