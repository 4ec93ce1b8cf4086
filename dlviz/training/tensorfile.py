"""Tensors to a safetensors file, with the disk's refusal as an OSError. Knows no network."""
from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import save_file


def write(tensors: Mapping[str, torch.Tensor], path: Path, metadata: Mapping[str, str] | None = None) -> None:
    """Write the tensors (on the CPU, contiguous) to a new file. OSError with its number when the disk refuses."""
    try:
        save_file(dict(tensors), path, dict(metadata or {}))
    except SafetensorError as error:
        number = re.search(r"\(os error (\d+)\)", str(error))
        if number is None:
            raise
        raise OSError(int(number[1]), os.strerror(int(number[1])), str(path)) from error
