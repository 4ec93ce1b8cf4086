"""How fast `train()` is with its live streams on, against the same model trained by others, in one process.

    python -m benchmarks.training            # all contenders; needs benchmarks/requirements.txt
    python -m benchmarks.training textbook   # only those named

Each round trains the same number of images with every contender in turn; what counts is the ratio within a round,
so that a machine that slows down slows all alike. Reported: the median over the rounds.
"""
from __future__ import annotations

import logging
import math
import os
import pickle
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from benchmarks import report
from dlviz import network as net
from dlviz import presets, tasks
from dlviz.optimizers import Adam
from dlviz.spec import Experiment, TrainingSpec
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training import health_schedule, packing
from dlviz.training.loop import train

BATCH, ROUNDS = 64, 3
IMAGES = {"mlp": 165_000, "cnn": 55_000}  # three epochs of all images; one of them
EPOCHS = {"mlp": 3, "cnn": 1}
TASK = tasks.get("mnist")


def _model(key: str) -> nn.Module:
    return net.build(presets.get(key).experiment.network, TASK.signature(), seed=1)


def _data(images: int) -> TensorDataset:
    split = TASK.data().train.first(images)
    return TensorDataset(split.inputs[0], split.targets)


def dlviz(key: str, images: int, streams: bool = True, health: bool = True) -> float:
    """Images a second from the first batch to the last, evaluations within the epochs included.

    With streams somebody looks at every layer, two layers' weights and all layers' health, and moments are kept.
    """
    with tempfile.TemporaryDirectory() as folder, unhealthy(not health):
        return _dlviz(key, images, Path(folder) / "weights" if streams else None, health)


@contextmanager
def unhealthy(off: bool) -> Iterator[None]:
    """No layer's health is looked at within, not even now and then."""
    credit = health_schedule.CREDIT
    health_schedule.CREDIT = -math.inf if off else credit
    try:
        yield
    finally:
        health_schedule.CREDIT = credit


def _dlviz(key: str, images: int, checkpoint: Path | None, health: bool) -> float:
    streams = checkpoint is not None
    training = TrainingSpec(optimizer=Adam(), batch_size=BATCH, epochs=EPOCHS[key],
                            train_fraction=images / EPOCHS[key] / 55_000)
    experiment = Experiment(network=presets.get(key).experiment.network, training=training)
    control = ctl.Control()
    if streams:
        names = experiment.network.names()
        control.post(ctl.Watch(sample=3, outputs=names, weights=names[:2], health=health))
    started = finished = sent = 0.0
    waiting: list[ev.Event] = []
    for event in train(experiment, control, checkpoint=checkpoint):
        now = time.perf_counter()
        started = started or now
        if isinstance(event, ev.Step):
            finished = now
        if streams:  # what a worker does with them
            waiting.append(event)
            if now - sent >= 0.1:
                pickle.dumps(packing.pack(waiting))
                waiting, sent = [], now
    return images / (finished - started)


def dlviz_silent(key: str, images: int) -> float:
    """Nobody looks, nothing is kept."""
    return dlviz(key, images, streams=False, health=False)


def dlviz_without_health(key: str, images: int) -> float:
    return dlviz(key, images, health=False)


def textbook(key: str, images: int) -> float:
    """The loop of every tutorial: DataLoader, Adam, `loss.item()` each step."""
    model = _model(key)
    optimizer = torch.optim.Adam(model.parameters())
    loader = DataLoader(_data(images // EPOCHS[key]), batch_size=BATCH, shuffle=True)
    losses = []
    started = time.perf_counter()
    for _ in range(EPOCHS[key]):
        for x, y in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return images / (time.perf_counter() - started)


def lightning(key: str, images: int) -> float:
    import lightning as L

    class Module(L.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.model = _model(key)

        def training_step(self, batch, index):
            x, y = batch
            return F.cross_entropy(self.model(x), y)

        def configure_optimizers(self):
            return torch.optim.Adam(self.parameters())

        def on_train_start(self):
            self.started = time.perf_counter()

        def on_train_end(self):
            self.finished = time.perf_counter()

    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    module = Module()
    trainer = L.Trainer(max_epochs=EPOCHS[key], accelerator="cpu", logger=False, enable_checkpointing=False,
                        enable_progress_bar=False, enable_model_summary=False)
    trainer.fit(module, DataLoader(_data(images // EPOCHS[key]), batch_size=BATCH, shuffle=True))
    return images / (module.finished - module.started)


def skorch(key: str, images: int) -> float:
    from skorch import NeuralNetClassifier

    torch.manual_seed(1)
    net_ = NeuralNetClassifier(_model(key), criterion=nn.CrossEntropyLoss, optimizer=torch.optim.Adam, lr=1e-3,
                               batch_size=BATCH, max_epochs=EPOCHS[key], train_split=None, verbose=0,
                               iterator_train__shuffle=True)
    net_.initialize()
    data = _data(images // EPOCHS[key])
    started = time.perf_counter()
    net_.partial_fit(data, None)
    return images / (time.perf_counter() - started)


def keras(key: str, images: int) -> float:
    import keras as K

    layers = {"mlp": [K.layers.Flatten(), K.layers.Dense(128, "relu"), K.layers.Dense(64, "relu"), K.layers.Dense(10)],
              "cnn": [K.layers.Conv2D(16, 3, activation="relu"), K.layers.MaxPooling2D(),
                      K.layers.Conv2D(32, 3, activation="relu"), K.layers.MaxPooling2D(), K.layers.Flatten(),
                      K.layers.Dense(128, "relu"), K.layers.Dense(10)]}[key]
    model = K.Sequential([K.Input((28, 28, 1)), *layers])
    model.compile(K.optimizers.Adam(1e-3), K.losses.SparseCategoricalCrossentropy(from_logits=True))
    x, y = _data(images // EPOCHS[key]).tensors
    x = x.permute(0, 2, 3, 1).contiguous().numpy()
    model.fit(x[:BATCH], y[:BATCH].numpy(), batch_size=BATCH, verbose=0)  # builds what it builds once
    started = time.perf_counter()
    model.fit(x, y.numpy(), batch_size=BATCH, epochs=EPOCHS[key], verbose=0)
    return images / (time.perf_counter() - started)


CONTENDERS: dict[str, Callable[[str, int], float]] = {
    "dlviz": dlviz, "dlviz_without_health": dlviz_without_health, "dlviz_silent": dlviz_silent,
    "textbook": textbook, "lightning": lightning, "skorch": skorch, "keras": keras}


def measure(key: str, names: list[str]) -> dict[str, object]:
    rounds: list[dict[str, float]] = []
    for number in range(ROUNDS + 1):
        speeds = {name: CONTENDERS[name](key, IMAGES[key]) for name in names}
        if number:  # the first round warms up
            rounds.append(speeds)
        print(key, number, {name: round(speed) for name, speed in speeds.items()}, file=sys.stderr, flush=True)
    median = {name: round(statistics.median(r[name] for r in rounds)) for name in names}
    ratios = {f"dlviz / {name}": round(statistics.median(r["dlviz"] / r[name] for r in rounds), 3)
              for name in names if name != "dlviz"}
    return {"images_a_second": median, "ratios": ratios, "threads": torch.get_num_threads()}


def main() -> None:
    warnings.filterwarnings("ignore")
    names = ["dlviz", *[n for n in (sys.argv[1:] or CONTENDERS) if n != "dlviz"]]
    TASK.data()
    report.write("training", {key: measure(key, names) for key in IMAGES})


if __name__ == "__main__":
    main()
