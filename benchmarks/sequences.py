"""What the ready networks for sequences reach, in how many seconds of CPU, and what is then to be seen.

    python -m benchmarks.sequences              # all of them, three seeds
    python -m benchmarks.sequences reverse dates

One thread. The clock is the process's own CPU time and starts with the first weights; data are made before.
"""
from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks import report
from dlviz import presets, tasks
from dlviz.layers.attention import Attention
from dlviz.network import Network
from dlviz.spec import Experiment
from dlviz.tasks import SequenceTask
from dlviz.tasks.forecast import forecast
from dlviz.training import checkpoint
from dlviz.training import events as ev
from dlviz.training.loop import train

SEEDS = (1, 2, 3)
WITHIN = 60.0  # seconds of CPU for a whole training
GOALS = {  # validation accuracy to be reached; for language models the validation loss, in nats a letter
    "reverse": 0.99, "sort": 0.99, "addition": 0.99, "facts": 0.98, "dates": 0.99, "dates_transformer": 0.99,
    "keep": 0.99,
    "names": 2.35, "names_transformer": 2.35, "brackets_rnn": 0.99, "brackets_gru": 0.99,
    "brackets_lstm": 0.99,
    "order_lstm": 0.99, "order_gru": 0.99, "adding_lstm": 0.98, "adding_gru": 0.98, "rows": 0.97, "sine": 0.9,
    "airline": 0.83, "airline_linear": 0.95, "speech_gru": 0.97, "speech_conv": 0.97}
LESSONS = {"reverse_lost": 0.05, "order_rnn": 0.9, "adding_rnn": 0.9}  # accuracy that these must not reach
BY_LOSS = {"names", "names_transformer"}


def reached(key: str, event: ev.Evaluated) -> bool:
    return event.val_loss <= GOALS[key] if key in BY_LOSS else event.val_accuracy >= (GOALS | LESSONS)[key]


def measure(key: str, seed: int) -> dict[str, Any]:
    experiment = presets.get(key).experiment.model_copy(update={"seed": seed})
    task = tasks.get(experiment.task.name, experiment.task.fields)
    task.data()
    row: dict[str, Any] = {"seed": seed, "cpu_seconds_to_goal": None}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "weights.safetensors"
        started = time.process_time()
        for event in train(experiment, checkpoint=path, device="cpu"):
            spent = round(time.process_time() - started, 2)
            if isinstance(event, ev.Evaluated):
                row |= {"val_loss": round(event.val_loss, 4), "cpu_seconds": spent}
                if row["cpu_seconds_to_goal"] is None and reached(key, event):
                    row["cpu_seconds_to_goal"] = spent
            elif isinstance(event, ev.Ended):
                row["test_accuracy"] = round(event.test_accuracy, 4)
        row |= insight(key, experiment, task, path)
    print(key, row, flush=True)
    return row


# What the sentences of the presets promise, as numbers

def insight(key: str, experiment: Experiment, task: SequenceTask, path: Path) -> dict[str, Any]:
    look = LOOKS.get(experiment.task.name)
    if look is None or key in LESSONS:
        return {}
    network, _ = checkpoint.load_network(experiment, path)
    return {name: round(float(value), 3) for name, value in look(network, task).items()}


@torch.no_grad()
def scores(network: Network, inputs: tuple[np.ndarray, ...]) -> np.ndarray:
    """Scores of one sample without batch axis."""
    return network(*(torch.from_numpy(x)[None] for x in inputs))[0].numpy()


@torch.no_grad()
def attention(network: Network, task: SequenceTask, name: str) -> torch.Tensor:
    """Weights of the layer over the test split, the mean over its heads: `(N, T, S)`."""
    module = next(m for m in network.module_of(name).modules() if isinstance(m, Attention))
    module.watching = True
    network(*task.data().test.inputs)
    module.watching = False
    return module.published.mean(1)


def mirror(network: Network, task: SequenceTask) -> dict[str, float]:
    weights = attention(network, task, "block1").flip(-1).diagonal(dim1=1, dim2=2)
    return {"attention_on_mirror_place": weights.mean()}


def asked(network: Network, task: SequenceTask) -> dict[str, float]:
    facts, question = task.data().test.inputs
    weights = attention(network, task, "look")[:, 0]
    return {"attention_on_fact_asked_for": (weights * (facts // 8 == question)).sum(1).mean()}


def staircase(network: Network, task: SequenceTask) -> dict[str, float]:
    """How much of the attention lies on the word that is written next, and how often most of it does."""
    source, targets = task.data().test.inputs[0], task.data().test.targets
    places = (source < len(task.classes)).nonzero()[:, 1].view(targets.shape)
    weights = attention(network, task, "look")
    return {"attention_on_next_word": weights.gather(2, places[:, :, None]).mean(),
            "next_word_has_most": (weights.argmax(2) == places).float().mean()}


@torch.no_grad()
def depth_unit(network: Network, task: SequenceTask) -> dict[str, float]:
    states: list[torch.Tensor] = []
    hook = network.module_of("memory").register_forward_hook(lambda module, given, out: states.append(out))
    network(*task.data().test.inputs)
    hook.remove()
    together = torch.cat([states[0].flatten(0, 1), task.data().test.targets.flatten()[:, None].float()],
                         dim=1)
    return {"best_unit_correlation": torch.corrcoef(together.T)[-1, :-1].abs().max()}


def ahead(network: Network, task: SequenceTask) -> dict[str, float]:
    """Two seasons from the network's own answers, against the truth."""
    steps = 24
    target = task.target("test", 0, steps)
    forecasts = forecast(task, task.past("test", 0), lambda inputs: scores(network, inputs), steps)
    off = np.abs(forecasts - target)
    return {"mean_error_24_ahead": off.mean(),
            "in_percent": 100 * (off / target).mean()} if task.name == "airline" else {
        "mean_error_24_ahead": off.mean()}


LOOKS: dict[str, Callable[[Network, SequenceTask], dict[str, float]]] = {
    "reverse": mirror, "facts": asked, "keep": staircase, "brackets": depth_unit, "sine": ahead,
    "airline": ahead}


def main(chosen: list[str]) -> None:
    torch.set_num_threads(1)
    result = {}
    for key in chosen or [*GOALS, *LESSONS]:
        runs = [measure(key, seed) for seed in SEEDS]
        goal = {"goal": GOALS[key]} if key in GOALS else {"must_stay_below": LESSONS[key]}
        result[key] = goal | {"median_cpu_seconds": statistics.median(run["cpu_seconds"] for run in runs),
                              "runs": runs}
    report.write("sequences", result)


if __name__ == "__main__":
    main(sys.argv[1:])
