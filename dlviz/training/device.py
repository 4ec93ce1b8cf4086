"""Where to train: the accelerator that is there, else the CPU."""
from __future__ import annotations

import torch


def pick() -> torch.device:
    """CUDA, then Apple's MPS, then the CPU. Touches CUDA, so never call it before a fork."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")
