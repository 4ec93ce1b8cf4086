"""The window that makes an image or a sequence smaller, to a target size. Plain arithmetic; knows no layer."""
from __future__ import annotations

import math
from collections.abc import Sequence


def window(sizes: Sequence[int], targets: Sequence[int]) -> tuple[int, int]:
    """Kernel size and stride, without padding, that bring each of `sizes` to its target.

    A kernel of one where that can be; else the smallest. Where none does, a kernel of one that misses.
    """
    pairs = list(zip(sizes, targets))
    size, target = pairs[0]
    strides = (math.ceil(size / max(1, target)), max(1, size // max(1, target)))
    options = [(1, strides[0]), *((max(1, size - stride * target + 1), stride) for stride in strides)]
    fitting = (option for option in options if all(_gives(each, *option) == into for each, into in pairs))
    return next(fitting, options[0])


def _gives(size: int, kernel: int, stride: int) -> int:
    return (size - kernel) // stride + 1
