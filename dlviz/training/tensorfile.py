"""Tensors to a safetensors file, with the disk's refusal as an OSError. Knows no network."""
from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, cast

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file  # pyright: ignore[reportUnknownVariableType] - its PathLike is of nothing said

from dlviz import files

DTYPES = {torch.float64: "F64", torch.float32: "F32", torch.int64: "I64", torch.int32: "I32", torch.uint8: "U8",
          torch.bool: "BOOL"}  # the kinds of numbers in a training's state, by safetensors' names


class TensorReader(Protocol):
    """What `safe_open` gives: tensors are read when they are asked for, each of its own shape, on the CPU."""

    def keys(self) -> Sequence[str]: ...

    def metadata(self) -> dict[str, str] | None: ...

    def get_tensor(self, name: str, /) -> torch.Tensor: ...


def opened(path: Path) -> AbstractContextManager[TensorReader]:
    """The file for reading; no writer takes its room meanwhile. OSError or SafetensorError for a damaged one."""
    return files.held(path, lambda: cast(AbstractContextManager[TensorReader], safe_open(path, "pt")))


def write(tensors: Mapping[str, torch.Tensor], path: Path, metadata: Mapping[str, str] | None = None) -> None:
    """Write the tensors (on the CPU, contiguous) to a new file. OSError with its number when the disk refuses."""
    try:
        save_file(dict(tensors), path, dict(metadata or {}))
    except SafetensorError as error:
        number = re.search(r"\(os error (\d+)\)", str(error))
        if number is None:
            raise
        raise OSError(int(number[1]), os.strerror(int(number[1])), str(path)) from error


def write_over(tensors: Mapping[str, torch.Tensor], path: Path, metadata: Mapping[str, str]) -> bool:
    """Write the tensors in the room of a file that nobody needs: of what a new one costs, five sixths are the room.

    False, and the file is as it was, where it has another name or a reader, or where that cannot be told.
    OSError when the disk refuses.
    """
    with path.open("r+b") as file:
        if os.fstat(file.fileno()).st_nlink > 1 or not files.lock(file, shared=False):
            return False
        ordered = sorted(tensors.items(), key=lambda item: -item[1].element_size())
        file.write(_head(ordered, metadata))
        for _, tensor in ordered:
            file.write(tensor.numpy().reshape(-1).view(np.uint8).data)
        file.truncate()
    return True


def _head(tensors: Sequence[tuple[str, torch.Tensor]], metadata: Mapping[str, str]) -> bytes:
    """What a safetensors file begins with: the length of a JSON text, and that text, filled up with spaces."""
    entries: dict[str, object] = {"__metadata__": dict(metadata)}
    at = 0
    for name, tensor in tensors:
        end = at + tensor.numel() * tensor.element_size()
        entries[name] = {"dtype": DTYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [at, end]}
        at = end
    text = json.dumps(entries).encode()
    text += b" " * (-(len(text) + 8) % 64)
    return len(text).to_bytes(8, "little") + text
