"""Reads IDX files, the format of MNIST. Every byte is checked before it is believed."""
from __future__ import annotations

import gzip
import hashlib
import math
import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from dlviz.errors import TaskError
from dlviz.translation import Words, _


@dataclass(frozen=True)
class IdxFile:
    """A gzipped IDX file and what it must be: `algorithm:hex` of the packed file, shape of the array."""

    name: str
    digest: str
    shape: tuple[int, ...]


def read(folder: Path, file: IdxFile, advice: Words) -> np.ndarray:
    """The uint8 array of the file. TaskError names one that is missing or damaged and ends with `advice`."""
    path = folder / file.name
    try:
        packed = path.read_bytes()
    except OSError as error:
        raise TaskError(_("The data file {path}", path=path), _("must be readable"),
                        _("it cannot be read ({reason})", reason=error.strerror),
                        advice) from error
    if not _fits(packed, file.digest):
        raise _damaged(path, f"its {file.digest.split(':')[0].upper()} differs", advice)
    try:
        plain = gzip.decompress(packed)
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(path, "it cannot be unpacked", advice) from error
    axes = len(file.shape)
    header = 4 + 4 * axes
    if plain[:header] != struct.pack(f">HBB{axes}I", 0, 8, axes, *file.shape):
        raise _damaged(path, "its header does not fit", advice)
    if len(plain) != header + math.prod(file.shape):
        raise _damaged(path, "its length does not fit", advice)
    return np.frombuffer(plain, np.uint8, offset=header).reshape(file.shape)


def intact(folder: Path, file: IdxFile) -> bool:
    """Whether the file is there and unchanged. 2 ms for each MB the first time, then nothing."""
    path = folder / file.name
    try:
        found = path.stat()
        return _intact(path, file.digest, found.st_mtime_ns, found.st_size)
    except OSError:
        return False


@lru_cache(maxsize=64)
def _intact(path: Path, digest: str, changed: int, size: int) -> bool:
    return _fits(path.read_bytes(), digest)


def _fits(packed: bytes, digest: str) -> bool:
    algorithm, expected = digest.split(":")
    return hashlib.new(algorithm, packed, usedforsecurity=False).hexdigest() == expected


def _damaged(path: Path, came: Words, advice: Words) -> TaskError:
    return TaskError(_("The data file {path}", path=path), _("must be whole and unchanged"),
                     _("it is damaged: {came}", came=came), advice)
