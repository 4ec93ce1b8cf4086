"""Reads IDX files, the format of MNIST. Every byte is checked before it is believed."""
from __future__ import annotations

import gzip
import hashlib
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlviz.errors import TaskError


@dataclass(frozen=True)
class IdxFile:
    """A gzipped IDX file and what it must be: digest as `algorithm:hex` of the packed file, shape of the array."""

    name: str
    digest: str
    shape: tuple[int, ...]


def read(folder: Path, file: IdxFile) -> np.ndarray:
    """The uint8 array of the file. TaskError names a file that is missing or damaged."""
    path = folder / file.name
    try:
        packed = path.read_bytes()
    except OSError as error:
        raise TaskError(f"The data file {path}", "is part of dlviz", f"it cannot be read ({error.strerror})",
                        "Put the file back, or install dlviz again.") from error
    algorithm, digest = file.digest.split(":")
    if hashlib.new(algorithm, packed).hexdigest() != digest:
        raise _damaged(path, f"its {algorithm.upper()} differs")
    try:
        plain = gzip.decompress(packed)
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(path, "it cannot be unpacked") from error
    axes = len(file.shape)
    header = 4 + 4 * axes
    if struct.unpack_from(f">HBB{axes}I", plain) != (0, 8, axes, *file.shape):
        raise _damaged(path, "its header does not fit")
    return np.frombuffer(plain, np.uint8, offset=header).reshape(file.shape)


def _damaged(path: Path, came: str) -> TaskError:
    return TaskError(f"The data file {path}", "is whole and unchanged", f"it is damaged: {came}",
                     "Delete it and fetch it again (MNIST: from the dlviz repository).")
