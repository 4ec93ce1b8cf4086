"""Tensors to a safetensors file, with the disk's refusal as an OSError. Knows no network."""
from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file  # pyright: ignore[reportUnknownVariableType] - its PathLike is of nothing said


class TensorReader(Protocol):
    """What `safe_open` gives: tensors are read when they are asked for, each of its own shape, on the CPU."""

    def keys(self) -> Sequence[str]: ...

    def metadata(self) -> dict[str, str] | None: ...

    def get_tensor(self, name: str, /) -> torch.Tensor: ...


def opened(path: Path) -> AbstractContextManager[TensorReader]:
    """The file for reading. OSError or SafetensorError for one that is missing or damaged."""
    return safe_open(path, "pt")


def write(tensors: Mapping[str, torch.Tensor], path: Path, metadata: Mapping[str, str] | None = None) -> None:
    """Write the tensors (on the CPU, contiguous) to a new file. OSError with its number when the disk refuses."""
    try:
        save_file(dict(tensors), path, dict(metadata or {}))
    except SafetensorError as error:
        number = re.search(r"\(os error (\d+)\)", str(error))
        if number is None:
            raise
        raise OSError(int(number[1]), os.strerror(int(number[1])), str(path)) from error
