"""What training takes of memory beside what the check foretold, for a hundred designs invented over the catalogue.

    nice python -m benchmarks.memory [--designs 100] [--seed 31]     # ten minutes; writes results/memory.json

A design is a walk: kinds and fields are drawn from the catalogue, so that a new layer is drawn too. Each is trained
for three updates, judged and saved in a process of its own, forked after a warm-up; measured is its highest resident
size (VmHWM) less the one before the network was built. What is written is kept up to date from design to design.
The estimate was fitted to the designs of the seeds in TUNED; SEED is none of them and was not looked at before.
"""
from __future__ import annotations

import argparse
import ctypes
import gc
import json
import math
import os
import random
import sys
import tempfile
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from benchmarks import report
from dlviz import layers, tasks
from dlviz import network as net
from dlviz.errors import SpecError
from dlviz.network import repairs
from dlviz.optimizers import OPTIMIZERS
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, TaskSpec, TrainingSpec
from dlviz.training import checkpoint, loop, metrics
from dlviz.training.learner import Learner

DESIGNS, SEED, TUNED = 100, 31, (11, 21, 22)
OFTEN = 10  # designs after which what is known is written
SHARE, ROOM = 0.30, 40e6  # how far off an estimate may be: this share, or these bytes
LARGEST, LEAST = 1.5e9, 20e6  # bytes of the designs that are measured, most of them
WORK = 1.5e10  # multiply-adds of one update, so that a design takes seconds
TASKS = ("mnist", "reverse", "dates", "adding", "rows", "facts", "addition")
UPDATES, JUDGED = 3, 500


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--designs", type=int, default=DESIGNS)
    parser.add_argument("--seed", type=int, default=SEED)
    wishes = parser.parse_args()
    torch.set_num_threads(1)
    loop.warm()
    rows: list[dict] = []
    for count, experiment in enumerate(_invented(wishes.designs, wishes.seed), start=1):
        rows.append(_row(experiment))
        if count % OFTEN == 0 or count == wishes.designs:
            report.write("memory", {"seed": wishes.seed, "tuned_on": TUNED} | _summary(rows))


def _summary(rows: list[dict]) -> dict:
    measured = [row for row in rows if row["measured_mb"] is not None]
    errors = sorted(abs(row["estimate_mb"] - row["measured_mb"]) / max(0.1, row["measured_mb"]) for row in measured)
    return {"designs": len(rows), "met": sum(row["met"] for row in rows), "broke_off": len(rows) - len(measured),
            "families": sorted({family for row in rows for family in row["families"]}),
            "kinds": len({kind for row in rows for kind in row["kinds"]}), "of_kinds": len(layers.CATALOGUE),
            "median_error": round(errors[len(errors) // 2], 3), "worst": [row for row in rows if not row["met"]],
            "each": [[row["estimate_mb"], row["measured_mb"]] for row in rows]}


# designs

def _invented(count: int, seed: int) -> Iterator[Experiment]:
    """Seeded designs that pass the check; each kind of the catalogue in turn must be in one."""
    chance, made, turn = random.Random(seed), 0, 0
    kinds = sorted(layers.CATALOGUE)
    while made < count:
        experiment = _Walk(chance, kinds[turn % len(kinds)]).experiment()
        turn += 1
        if experiment is not None:
            made += 1
            yield experiment


@dataclass
class _Walk:
    """One design: layers after layers, each drawn until it fits where it stands."""

    chance: random.Random
    required: str

    def experiment(self) -> Experiment | None:
        task = tasks.get(self.chance.choice(TASKS), {})
        batch = round(2 ** self.chance.uniform(4, 12))
        kind = self.chance.choice(sorted(OPTIMIZERS))
        training = TrainingSpec(batch_size=batch, optimizer=OPTIMIZERS[kind]())
        network = self._network(task.signature())
        if network is None:
            return None
        checked = net.check(network, task.signature(), batch, training.optimizer.moments)
        small = checked.step_bytes < LEAST and self.chance.random() < 0.9
        if not checked.ok or small or checked.step_bytes > LARGEST or 3 * batch * checked.multiply_adds > WORK:
            return None
        return Experiment(network=network, training=training, task=TaskSpec(name=task.name), seed=1)

    def _network(self, signature: net.Signature) -> NetworkSpec | None:
        network, length, tries = NetworkSpec(), self.chance.randint(1, 10), 0
        while len(network.layers) < length and tries < 60:
            tries += 1
            longer = self._longer(network, signature)
            if not any(layer.error for layer in net.check(longer, signature).layers[:-1]) \
                    and net.check(longer, signature).layers[-1].out_shape is not None:
                network = longer
        return _ended(network, signature) if self.required in {layer.kind for layer in network.layers} else None

    def _longer(self, network: NetworkSpec, signature: net.Signature) -> NetworkSpec:
        first = not any(layer.kind == self.required for layer in network.layers) and self.chance.random() < 0.7
        kind = self.required if first else self.chance.choice(sorted(layers.CATALOGUE))
        low, _ = layers.CATALOGUE[kind].arity
        names = [*(name for name, _ in signature.inputs), *network.names()]
        sources = tuple(dict.fromkeys([names[-1], *self.chance.choices(names, k=low - 1)])) if low > 1 else None
        spec = LayerSpec(name=f"l{len(network.layers)}", kind=kind, fields=self._fields(kind), inputs=sources)
        return NetworkSpec(layers=(*network.layers, spec))

    def _fields(self, kind: str) -> dict:
        """Values for some of its fields, each within its bounds."""
        fields = layers.CATALOGUE[kind].model_fields
        return {name: self._value(field) for name, field in fields.items() if self.chance.random() < 0.5}

    def _value(self, field: typing.Any) -> typing.Any:
        choices = typing.get_args(field.annotation)
        if choices:
            return self.chance.choice(choices)
        if field.annotation is bool:
            return self.chance.random() < 0.5
        low, high = (next((getattr(bound, side) for bound in field.metadata if hasattr(bound, side)), None)
                     for side in ("ge", "le"))
        if field.annotation is int and low > 0:
            return round(math.exp(self.chance.uniform(math.log(low), math.log(high))))
        return self.chance.randint(low, high) if field.annotation is int else self.chance.uniform(low, high)


def _ended(network: NetworkSpec, signature: net.Signature) -> NetworkSpec | None:
    """The design with what its end and its loose ends need, by the same repairs that a page offers."""
    for _ in range(6):
        checked = net.check(network, signature)
        if checked.ok:
            return network
        card = next((layer.name for layer in checked.layers if layer.error), None)
        mend = repairs.repair(network, checked, card) if card else None
        if mend is None:
            return None
        network = mend.network
    return None


# measuring

def _row(experiment: Experiment) -> dict:
    """What was foretold and what was taken, in megabytes; nothing taken, and not met, where it broke off."""
    task = tasks.get(experiment.task.name, experiment.task.fields)
    training = experiment.training
    checked = net.check(experiment.network, task.signature(), training.batch_size, training.optimizer.moments)
    measured = _apart(experiment)
    kinds = [layer.kind for layer in experiment.network.layers]
    row = {"kinds": kinds, "families": [layers.get(kind).family for kind in kinds], "batch": training.batch_size,
           "optimizer": training.optimizer.kind, "task": task.name, "parameters": checked.parameters,
           "estimate_mb": round(checked.step_bytes / 1e6, 1),
           "measured_mb": None if measured is None else round(measured / 1e6, 1),
           "met": measured is not None and abs(checked.step_bytes - measured) <= max(SHARE * measured, ROOM)}
    print(json.dumps(row), file=sys.stderr, flush=True)
    return row


def _apart(experiment: Experiment) -> int | None:
    """Bytes that training rises above what was there before, in a fork; None when it breaks off."""
    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.write(writer, str(_rise(experiment)).encode())
        except SpecError as error:
            print(error.sentence, file=sys.stderr)
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return int(text) if text else None


def _rise(experiment: Experiment) -> int:
    """Of an earlier, tiny training of the same design only the code stays, which all processes share."""
    batch = experiment.training.batch_size
    _train(experiment, 2, 2)
    gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    before = _status("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the highest resident size counts from here
    _train(experiment, batch, JUDGED)
    return _status("VmHWM") - before


def _train(experiment: Experiment, batch: int, judged: int) -> None:
    learner = Learner(experiment, "cpu")
    for _ in range(UPDATES):
        learner.update(torch.randint(len(learner.train), (batch,)))
    metrics.evaluate(learner.network, learner.val.first(judged), torch.device("cpu"), UPDATES, details=True)
    with tempfile.TemporaryDirectory() as folder:
        checkpoint.save(Path(folder) / "weights.safetensors", learner.network, learner.optimizer, UPDATES)


def _status(key: str) -> int:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(key))
    return 1024 * int(line.split()[1])


if __name__ == "__main__":
    main()
