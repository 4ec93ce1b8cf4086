"""How fast sequences train with live streams on, against the textbook loop, in one process.

    python -m benchmarks.sequence_speed                # all networks
    python -m benchmarks.sequence_speed transformer

Each round trains the same number of samples with every contender in turn; what counts is the ratio within a
round, so that a machine that slows down slows all alike. Reported: the median over the rounds. The textbook
loop is a DataLoader, Adam and `loss.item()` each step; its model is torch's own (`nn.TransformerEncoderLayer`,
`nn.LSTM`), and in `textbook_same_model` the very module that dlviz trains.
"""
from __future__ import annotations

import pickle
import statistics
import sys
import time
from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from benchmarks import report
from dlviz import network as net
from dlviz import presets, tasks
from dlviz.layers.attention import Attention
from dlviz.layers.sequence import PositionTable
from dlviz.spec import Experiment
from dlviz.tasks import SequenceTask
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training import packing
from dlviz.training.loop import train

ROUNDS = 5
PRESETS = {"transformer": "reverse", "lstm": "order_lstm"}
EVERY = 0.5  # seconds between two looks, as the Look page takes them


def experiment(key: str) -> Experiment:
    """The preset, for one epoch."""
    ready = presets.get(PRESETS[key]).experiment
    return ready.model_copy(update={"training": ready.training.model_copy(update={"epochs": 1})})


def task_of(key: str) -> SequenceTask:
    task = experiment(key).task
    return tasks.get(task.name, task.fields)


def samples(key: str) -> int:
    return len(task_of(key).data().train)


def dlviz(key: str, looked: bool = False, streams: bool = True) -> float:
    """Samples a second from the first batch to the last, evaluations within the epoch included."""
    control, waiting = ctl.Control(), []
    started = finished = sent = 0.0
    for event in train(experiment(key), control, device="cpu"):
        now = time.perf_counter()
        started = started or now
        if isinstance(event, ev.Step):
            finished = now
        if not streams:
            continue
        waiting.append(event)  # what a worker does with them
        if looked and now - sent >= EVERY:
            control.post(question(key))
        if now - sent >= (EVERY if looked else 0.1):
            pickle.dumps(packing.pack(waiting))
            waiting, sent = [], now
    return samples(key) / (finished - started)


def question(key: str) -> ctl.Query:
    """What the Look page asks: the pinned sample, with all attention and all states."""
    names = experiment(key).network.names()
    return ctl.Query("look", task_of(key).sample("test", 0)[0], attention=names, states=names)


def dlviz_silent(key: str) -> float:
    return dlviz(key, streams=False)


def dlviz_looked(key: str) -> float:
    return dlviz(key, looked=True)


class Transformer(nn.Module):
    """The reverse preset in torch's own modules."""

    def __init__(self, vocabulary: int, width: int, length: int, heads: int):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, width)
        self.register_buffer("position", PositionTable.waves(length, width))
        self.block = nn.TransformerEncoderLayer(width, heads, 2 * width, dropout=0.0, batch_first=True)
        self.output = nn.Linear(width, vocabulary)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.output(self.block(self.embed(x) + self.position))


class Memory(nn.Module):
    """The X..Y preset in torch's own modules."""

    def __init__(self, vocabulary: int, embedding: int, units: int, classes: int):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, embedding)
        self.memory = nn.LSTM(embedding, units, batch_first=True)
        self.output = nn.Linear(units, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.output(self.memory(self.embed(x))[1][0][-1])


MODELS: dict[str, Callable[[], nn.Module]] = {"transformer": lambda: Transformer(10, 32, 10, 1),
                                              "lstm": lambda: Memory(6, 6, 16, 4)}


def textbook(key: str) -> float:
    torch.manual_seed(1)
    return loop(key, MODELS[key]())


def textbook_same_model(key: str) -> float:
    return loop(key, net.build(experiment(key).network, task_of(key).signature(), seed=1))


def loop(key: str, model: nn.Module) -> float:
    """The loop of every tutorial."""
    training, split = experiment(key).training, task_of(key).data().train
    optimizer = torch.optim.Adam(model.parameters(), lr=training.optimizer.learning_rate)
    loader = DataLoader(TensorDataset(*split.inputs, split.targets), batch_size=training.batch_size,
                        shuffle=True)
    losses = []
    started = time.perf_counter()
    for *x, y in loader:
        optimizer.zero_grad()
        scores = model(*x)
        loss = F.cross_entropy(scores.flatten(0, -2), y.flatten())
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return samples(key) / (time.perf_counter() - started)


CONTENDERS: dict[str, Callable[[str], float]] = {
    "dlviz": dlviz, "dlviz_silent": dlviz_silent, "dlviz_looked": dlviz_looked, "textbook": textbook,
    "textbook_same_model": textbook_same_model}


def check(key: str) -> None:
    """Both models must be of one size, else the comparison is none."""
    own = net.build(experiment(key).network, task_of(key).signature(), seed=1)
    sizes = [sum(p.numel() for p in model.parameters()) for model in (own, MODELS[key]())]
    assert sizes[0] == sizes[1], f"{key}: {sizes[0]} parameters in dlviz, {sizes[1]} in torch's own model"
    assert key != "transformer" or not any(m.watching for m in own.modules() if isinstance(m, Attention))


def measure(key: str) -> dict[str, object]:
    check(key)
    rounds: list[dict[str, float]] = []
    for number in range(ROUNDS + 1):
        speeds = {name: contender(key) for name, contender in CONTENDERS.items()}
        if number:  # the first round warms up
            rounds.append(speeds)
        print(key, number, {name: round(speed) for name, speed in speeds.items()}, file=sys.stderr, flush=True)
    median = {name: round(statistics.median(r[name] for r in rounds)) for name in CONTENDERS}
    ratios = {f"dlviz / {name}": round(statistics.median(r["dlviz"] / r[name] for r in rounds), 3)
              for name in CONTENDERS if name != "dlviz"}
    return {"preset": PRESETS[key], "samples_a_second": median, "ratios": ratios,
            "threads": torch.get_num_threads()}


def main(chosen: list[str]) -> None:
    report.write("sequence_speed", {key: measure(key) for key in chosen or PRESETS})


if __name__ == "__main__":
    main(sys.argv[1:])
