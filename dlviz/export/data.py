"""The data that dlviz makes itself, as one NumPy file, and the source that reads it. Knows no task."""
from __future__ import annotations

import io
from string import Template
from typing import Any, ClassVar, Protocol

import numpy as np
import torch

from dlviz import network as net
from dlviz.shapes import Signature

PARTS = ("train", "val", "test")
CLAIMED = {"model", "optimizer", "schedule", "order", "device", "loss", "losses", "outputs", "correct", "train",
           "val", "test", "part"}  # what else exported code calls so

SOURCE = Template('''\
import numpy as np
import torch


def load_data(folder):
    """Training, validation and test data, each as ($names).

    The folder holds $file, which dlviz made: it comes with this script.
    """
    path = folder / "$file"
    if not path.exists():
        raise SystemExit(f"{path} is missing; dlviz hands it out beside this script.")
    names = $quoted
    with np.load(path) as file:
        return [[torch.from_numpy(file[f"{part}_{name}"]) for name in names]
                for part in ("train", "val", "test")]
''')


class TensorSplit(Protocol):
    """One part of the data, as tensors."""

    inputs: tuple[torch.Tensor, ...]
    targets: torch.Tensor
    clean: tuple[torch.Tensor, ...]


class GeneratedTask(Protocol):
    """What is needed of a task whose data dlviz makes: `data()` has a Split for each of PARTS."""

    name: ClassVar[str]

    def signature(self) -> Signature: ...

    def data(self) -> object: ...


def tensor_names(signature: Signature) -> tuple[str, ...]:
    """What a script calls the tensors of one part: the inputs, in order, then the targets."""
    targets = "labels" if signature.loss == "cross_entropy" and signature.out_shape.kind == "vector" else "targets"
    stems = net.attributes(tuple(name for name, _ in signature.inputs)).values()
    inputs = [f"{stem}s" if shape.kind == "image" else stem
              for stem, (_, shape) in zip(stems, signature.inputs)]
    return *(f"{name}_in" if name in CLAIMED | {targets} else name for name in inputs), targets


def file_name(task: GeneratedTask) -> str:
    """What the file of `data_file` is called, beside the script."""
    return f"{task.name}.npz"


def data_source(task: GeneratedTask) -> str:
    """`load_data` for the file that `data_file` makes."""
    names = tensor_names(task.signature())
    quoted = ", ".join(f'"{name}"' for name in names)
    return SOURCE.substitute(file=file_name(task), names=", ".join(names), quoted=quoted)


def _tensors(split: TensorSplit, learning: bool) -> tuple[torch.Tensor, ...]:
    """Inputs and targets; to learn from, what samples are made of in place of those that were made of it."""
    clean = split.clean if learning else ()
    return (*clean, *split.inputs[len(clean):], split.targets)


def data_file(task: GeneratedTask) -> bytes:
    """All samples of the task as a packed NumPy file, to lie beside the script under `file_name`."""
    names = tensor_names(task.signature())
    data = task.data()
    arrays: dict[str, Any] = {f"{part}_{name}": tensor.numpy() for part in PARTS
                              for name, tensor in zip(names, _tensors(getattr(data, part), part == "train"))}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()
