"""What the ready networks for language, pictures and patterns reach, in how many seconds of CPU.

    python -m benchmarks.applications                 # all of them, three seeds
    python -m benchmarks.applications pairs --seeds 1

Games have a benchmark of their own (`benchmarks.games`).

One thread. The clock is the process's own CPU time and starts with the first weights; data are made before. What is
measured takes the place of what was measured of the same preset before; the rest of the results stays.
"""
from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import torch

from benchmarks import report
from dlviz import presets, tasks
from dlviz.figures import anomalies
from dlviz.network import Network
from dlviz.tasks import Task
from dlviz.training import checkpoint
from dlviz.training import events as ev
from dlviz.training.loop import train
from dlviz.training.metrics import predict

SEEDS = (1, 2, 3)
Measure = Callable[[Network, Task, ev.Ended], float]


def test_loss(network: Network, task: Task, end: ev.Ended) -> float:
    return float(end.test_loss or 0)


def test_accuracy(network: Network, task: Task, end: ev.Ended) -> float:
    return float(end.test_accuracy or 0)


def nats_below_the_n_gram(network: Network, task: Task, end: ev.Ended) -> float:
    """By how much its test loss is below that of the n-gram that is best on the validation part."""
    baseline = task.baseline()
    return (baseline.test_loss if baseline else 0.0) - float(end.test_loss or 0)


def variance_explained(network: Network, task: Task, end: ev.Ended) -> float:
    return float(end.test_accuracy or 0)


def overlap(network: Network, task: Task, end: ev.Ended) -> float:
    """Intersection over union, the mean over the test scenes."""
    return float(end.test_accuracy or 0)


def area_under_roc(network: Network, task: Task, end: ev.Ended) -> float:
    """Of the errors of all test digits, against which of them are of the kind that was left out."""
    samples = task.split("test")
    off = (predict(network, samples, torch.device("cpu")) - samples.targets).square().flatten(1).mean(1).numpy()
    return anomalies.area(*anomalies.roc_curve(off, task.group_labels("test") == task.unusual))


@cache
def classifier() -> torch.nn.Module:
    """A small network of its own that names clean pictures of 14 x 14, 94 % of the test digits."""
    images, named = tasks.get("diffusion").data().train.clean
    with torch.random.fork_rng(), torch.enable_grad():  # who asks may draw without gradients
        torch.manual_seed(0)
        model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(196, 128), torch.nn.ReLU(),
                                    torch.nn.Linear(128, 10))
        optimizer = torch.optim.Adam(model.parameters(), 2e-3)
        for batch in (*torch.randperm(len(images)).split(128), *torch.randperm(len(images)).split(128)):
            loss = torch.nn.functional.cross_entropy(model(images[batch]), named[batch].argmax(1))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return model


@torch.no_grad()
def drawn_as_asked(network: Network, task: Task, end: ev.Ended) -> float:
    """The fraction of 200 drawn digits that a classifier, which knows only real ones, names as was asked for."""
    asked = [digit for digit in range(10) for _ in range(20)]
    assert task.diffusion is not None
    drawn = task.diffusion.draw(network.eval(), asked, seed=0)[-1]
    return (classifier()(drawn).argmax(1) == torch.tensor(asked)).float().mean().item()


# What is measured at the end, what it must reach, and whether that is the least or the most; one entry a preset.
GOALS: dict[str, tuple[Measure, str, float]] = {
    "autoencoder": (test_loss, "at most", 0.044),
    "vae": (variance_explained, "at least", 0.5),
    "anomalies": (area_under_roc, "at least", 0.9),
    "half_digits": (variance_explained, "at least", 0.7),
    "noisy_digits": (variance_explained, "at least", 0.8),
    "scene": (overlap, "at least", 0.8),
    "diffusion": (drawn_as_asked, "at least", 0.95),
    "diffusion_noise": (drawn_as_asked, "at most", 0.3),
    "induction": (test_accuracy, "at least", 0.98),
    "recall_learned": (test_accuracy, "at most", 0.85),  # test rows are longer than those it learns from
    "recall_sinusoidal": (test_accuracy, "at most", 0.87),
    "recall_rotary": (test_accuracy, "at least", 0.95),
    "recall_alibi": (test_accuracy, "at least", 0.87),
    "masked": (test_accuracy, "at least", 0.5),
    "pairs": (test_accuracy, "at least", 0.99),
    "book_words": (nats_below_the_n_gram, "at least", 0.2),
    "book_words_gru": (nats_below_the_n_gram, "at least", 0.2),
    "book_pieces": (nats_below_the_n_gram, "at least", 0.0),
    "new_words": (nats_below_the_n_gram, "at least", -0.3),  # the 6-gram is better: endings of words are soon counted
}


def measure(key: str, seed: int) -> dict[str, Any]:
    """One training to its end, and what it reached."""
    experiment = presets.get(key).experiment.model_copy(update={"seed": seed})
    task = tasks.get(experiment.task.name, experiment.task.fields)
    task.data()
    value, _, _ = GOALS[key]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "weights.safetensors"
        started = time.process_time()
        *_, end = train(experiment, checkpoint=path, device="cpu")
        spent = time.process_time() - started
        assert isinstance(end, ev.Ended)
        network, _ = checkpoint.load_network(experiment, path)
    row = {"seed": seed, "cpu_seconds": round(spent, 1), "reached": round(value(network, task, end), 4)}
    print(key, row, flush=True)
    return row


def met(key: str, rows: list[dict[str, Any]]) -> bool:
    _, side, goal = GOALS[key]
    return all(row["reached"] <= goal if side == "at most" else row["reached"] >= goal for row in rows)


def main(chosen: list[str]) -> None:
    torch.set_num_threads(1)
    seeds = [int(seed) for seed in chosen[chosen.index("--seeds") + 1:]] if "--seeds" in chosen else [*SEEDS]
    for key in [key for key in chosen if key in GOALS] or [*GOALS]:
        rows = [measure(key, seed) for seed in seeds]
        value, side, goal = GOALS[key]
        row = {"measure": value.__name__, side: goal, "met": met(key, rows), "runs": rows}
        report.write("applications", report.earlier("applications") | {key: row})


if __name__ == "__main__":
    main(sys.argv[1:])
